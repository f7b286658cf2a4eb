import { messageOf } from '../../core/problem.ts';
import {
  applyChange,
  type DataDraft,
  type DraftChange,
  type DraftField,
  type TrainingDraft,
} from '../../core/trainingDraft.ts';
import { validateDraft } from '../../core/validateDraft.ts';
import type { FormState, TrainingFormHost } from '../../protocol/trainingForm.ts';
import type { WebviewHost } from '../vscodeApi.ts';
import type { Announcer } from '../announcer.ts';
import { focusField, focusFirstProblem } from './focus.ts';
import {
  afterReadingAgain,
  errorsOf,
  type Folds,
  type NumberKey,
  type Page,
  pageOf,
  type ReadyPage,
  type RuntimeUnit,
  type SavedPage,
  savedFrom,
} from './page.ts';
import { withHyperparameter } from './setHyperparameter.ts';
import { countOf } from '../words.ts';

/** A pause in typing after which the draft is checked and kept. */
const pauseMs = 300;

/** The training form's behaviour: holds the page, changes it on what the user does, and talks with the host. */
export class TrainingForm {
  readonly #host: WebviewHost<TrainingFormHost>;
  readonly #draw: (page: Page) => void;
  readonly #announce: Announcer;
  #page: Page = { kind: 'loading' };
  #pause: number | undefined;
  /** Counts the drafts sent, so that an answer about an older one is dropped. */
  #sent = 0;

  constructor(host: WebviewHost<TrainingFormHost>, draw: (page: Page) => void, announce: Announcer) {
    this.#host = host;
    this.#draw = draw;
    this.#announce = announce;
  }

  /** Draws the page as it is before anything is known. */
  start(): void {
    this.#draw(this.#page);
  }

  /** Asks the host for the file's state and lays a kept draft over it. */
  async load(): Promise<void> {
    const state = await this.#host.call('load', undefined);
    this.#show(pageOf(state, this.#host.savedState() as SavedPage | undefined));
  }

  /** Takes a state that the host pushes; it stands for everything shown so far. */
  replace(state: FormState): void {
    this.#show(pageOf(state, undefined));
  }

  fileChanged(atMs: number): void {
    this.#update({ fileChangedAtMs: atMs });
  }

  /** Lets the host forget the draft that was brought back, and shows a new one. */
  async startOver(): Promise<void> {
    try {
      this.replace(await this.#host.call('startOver', undefined));
      this.#save();
    } catch (error) {
      this.#fail('Could not start over', error);
    }
  }

  changePlace(): void {
    this.#tell(this.#host.call('changePlace', undefined));
  }

  /** An edit in the middle of typing: drawn at once, checked after a pause. */
  edit(change: (draft: TrainingDraft) => TrainingDraft): void {
    const page = this.#ready();
    if (!page) return;
    this.#update({ draft: change(page.draft) });
    window.clearTimeout(this.#pause);
    this.#pause = window.setTimeout(() => this.settle(), pauseMs);
  }

  /** A choice: checked at once. */
  choose(change: (draft: TrainingDraft) => TrainingDraft): void {
    this.edit(change);
    this.settle();
  }

  apply(change: DraftChange): void {
    const page = this.#ready();
    // A repair of the split or the name replaces what was typed there.
    if (page && change.kind === 'setSplit') this.#update({ typed: withoutKeys(page.typed, 'data.split.') });
    if (change.kind === 'setJobName') this.#update({ nameIsSuggested: false });
    this.choose((draft) => applyChange(draft, change, page?.profile));
  }

  /** Takes what stands in a number field; text that is no whole number is a problem and leaves the draft alone. */
  typeNumber(
    key: NumberKey,
    text: string,
    change: (draft: TrainingDraft, value: number) => TrainingDraft,
  ): void {
    const page = this.#ready();
    if (!page) return;
    const value = /^\s*\d{1,15}\s*$/.test(text) ? Number(text) : undefined;
    const others = withoutKeys(page.typed, key);
    this.#update({ typed: value === undefined ? { ...others, [key]: text } : others });
    this.edit((draft) => (value === undefined ? draft : change(draft, value)));
  }

  typeJobName(jobName: string): void {
    const page = this.#ready();
    if (!page) return;
    // The host's word was about another name.
    const hostProblems = page.hostProblems.filter(({ field }) => field !== 'jobName');
    this.#update({ nameIsSuggested: false, hostProblems });
    this.edit((draft) => ({ ...draft, jobName }));
  }

  setRuntimeUnit(runtimeUnit: RuntimeUnit): void {
    this.#update({ runtimeUnit });
    this.#save();
  }

  setFold(name: keyof Folds, open: boolean): void {
    const page = this.#ready();
    if (!page || page.folds[name] === open) return;
    this.#update({ folds: { ...page.folds, [name]: open } });
    this.#save();
  }

  setSearch(search: string): void {
    this.#update({ search });
  }

  showAllPreview(showAllPreview: boolean): void {
    this.#update({ showAllPreview });
  }

  /** Checks and keeps what was typed, without waiting for the pause to end. */
  settle(): void {
    if (this.#pause === undefined) return;
    window.clearTimeout(this.#pause);
    this.#pause = undefined;
    this.#check();
    this.#save();
    this.#edited().catch((error: unknown) =>
      this.#fail('Could not check the form with the extension', error),
    );
  }

  /** Reads the file again, with the first row as names or as data. */
  async readAgain(hasHeader: boolean): Promise<void> {
    this.settle();
    try {
      const state = await this.#host.call('inspectAgain', { hasHeader });
      const page = this.#ready();
      this.#show(page ? afterReadingAgain(page, state) : pageOf(state, undefined));
      // The host's draft is from before; it shall keep the one that stands here.
      await this.#edited();
    } catch (error) {
      this.#fail('Could not read the file again', error);
    }
  }

  /** Launches, or leads to the first error. */
  async launch(): Promise<void> {
    this.settle();
    const page = this.#ready();
    if (!page || page.launch.kind === 'running') return;
    if (errorsOf(page).length > 0) return this.goToFirstProblem();
    this.#update({ launch: { kind: 'running' } });
    this.#announce('Launching');
    try {
      const answer = await this.#host.call('launch', { draft: page.draft });
      if (answer.launched) {
        const { jobName, atMs, nextJobName } = answer;
        this.#update(
          { launch: { kind: 'done', jobName, atMs }, nameIsSuggested: true, hostProblems: [] },
          'failure',
          'continuedFromMs',
        );
        this.choose((draft) => ({ ...draft, jobName: nextJobName }));
        this.#announce('Launched');
        return;
      }
      this.#update({ launch: { kind: 'idle' }, hostProblems: answer.problems });
      if (answer.reason !== undefined) this.#update({ failure: answer.reason });
      if (answer.problems.some(({ severity }) => severity === 'error')) this.goToFirstProblem();
      else if (answer.reason !== undefined) this.#announce(answer.reason);
    } catch (error) {
      this.#update({ launch: { kind: 'idle' } });
      this.#fail('Could not launch', error);
    }
  }

  /** Opens what hides the first error, focuses it and says how many there are. */
  goToFirstProblem(): void {
    const page = this.#ready();
    if (!page) return;
    const errors = errorsOf(page);
    this.#update({ search: '' });
    focusFirstProblem(errors, (fold) => this.setFold(fold, true));
    this.#announce(countOf(errors.length, 'problem'));
  }

  chooseAnotherFile(): void {
    this.#tell(this.#host.call('chooseAnotherFile', undefined));
  }

  openJob(name: string): void {
    this.#tell(this.#host.call('openJob', { name }));
  }

  showLogs(name: string): void {
    this.#tell(this.#host.call('showLogs', { name }));
  }

  openSource(line: number): void {
    this.#tell(this.#host.call('openSource', { line }));
  }

  copy(text: string): void {
    this.#tell(navigator.clipboard.writeText(text));
  }

  /** Moves to the control of a field that stands elsewhere on the page. */
  goTo(field: DraftField): void {
    focusField(field, (fold) => this.setFold(fold, true));
  }

  setHyperparameter(name: string, text: string, when: 'typing' | 'done'): void {
    const change = (draft: TrainingDraft): TrainingDraft => withHyperparameter(draft, name, text);
    if (when === 'done') this.choose(change);
    else this.edit(change);
  }

  #ready(): ReadyPage | undefined {
    return this.#page.kind === 'ready' ? this.#page : undefined;
  }

  #show(page: Page): void {
    window.clearTimeout(this.#pause);
    this.#pause = undefined;
    this.#page = page;
    if (page.kind !== 'ready') return this.#draw(page);
    this.#check();
    this.#edited().catch((error: unknown) =>
      this.#fail('Could not check the form with the extension', error),
    );
  }

  /** Changes members of a ready page, drops optional ones by their names, and draws it. */
  #update(
    members: Partial<ReadyPage>,
    ...without: readonly ('failure' | 'freeName' | 'continuedFromMs')[]
  ): void {
    if (this.#page.kind !== 'ready') return;
    const page = { ...this.#page, ...members };
    for (const name of without) delete page[name];
    this.#page = page;
    this.#draw(page);
  }

  #check(): void {
    const page = this.#ready();
    if (!page) return;
    const before = errorsOf(page).length;
    this.#update({ ownProblems: validateDraft(page.draft, page.profile, page.limits) });
    this.#announceCount(before);
  }

  #announceCount(before: number): void {
    const page = this.#ready();
    const now = page ? errorsOf(page).length : 0;
    if (now !== before) this.#announce(now === 0 ? 'No problems' : countOf(now, 'problem'));
  }

  #save(): void {
    const page = this.#ready();
    if (page) this.#host.saveState(savedFrom(page));
  }

  async #edited(): Promise<void> {
    const page = this.#ready();
    if (!page) return;
    const turn = ++this.#sent;
    const { problems } = await this.#host.call('edited', { draft: page.draft });
    const now = this.#ready();
    if (turn !== this.#sent || !now) return;
    const before = errorsOf(now).length;
    const taken = problems.some(({ field }) => field === 'jobName');
    if (taken) this.#update({ hostProblems: problems }, 'freeName');
    else this.#update({ hostProblems: problems, freeName: page.draft.jobName });
    this.#announceCount(before);
  }

  #tell(answer: Promise<unknown>): void {
    answer.catch((error: unknown) => this.#fail('That did not work', error));
  }

  #fail(what: string, error: unknown): void {
    const failure = `${what}: ${messageOf(error)}`;
    this.#update({ failure });
    this.#announce(failure);
  }
}

function withoutKeys(typed: ReadyPage['typed'], prefix: string): ReadyPage['typed'] {
  return Object.fromEntries(Object.entries(typed).filter(([key]) => !key.startsWith(prefix)));
}

/** Changes members of the data part of a draft. */
export function withData(draft: TrainingDraft, members: Partial<DataDraft>): TrainingDraft {
  return { ...draft, data: { ...draft.data, ...members } };
}
