import type { JobPageHost, JobPageState } from '../../protocol/jobPage.ts';
import { messageOf } from '../../core/problem.ts';
import type { Announcer } from '../announcer.ts';
import type { WebviewHost } from '../vscodeApi.ts';
import type { Page, SavedPage } from './page.ts';

/** What a button asks of the host. */
export type HostAction = Exclude<keyof JobPageHost, 'load' | 'copy'>;

/** For how long a copy button says that it has copied. */
const copiedMs = 1500;

/** The page's behaviour: holds what is drawn, takes what the host tells, and passes on what the user asks for. */
export class JobPageController {
  readonly #host: WebviewHost<JobPageHost>;
  readonly #draw: (page: Page) => void;
  readonly #announce: Announcer;
  #page: Page;
  #copiedTimer: number | undefined;

  constructor(host: WebviewHost<JobPageHost>, draw: (page: Page) => void, announce: Announcer) {
    this.#host = host;
    this.#draw = draw;
    this.#announce = announce;
    const saved = host.savedState() as SavedPage | undefined;
    this.#page = { state: undefined, folds: saved?.folds ?? {}, nowMs: Date.now() };
  }

  /** Draws the page as it is before anything is known, and asks for what is. */
  async load(): Promise<void> {
    this.#draw(this.#page);
    try {
      this.replace(await this.#host.call('load', undefined));
    } catch (error) {
      this.#change({ failure: messageOf(error) });
    }
  }

  /** Takes a state that the host tells; it takes the place of the one before. */
  replace(state: JobPageState): void {
    const before = this.#page.state;
    const focus = document.activeElement?.closest('.actions');
    this.#change({ state });
    // A button goes with the state that it was for; the focus stays where the user acts.
    if (focus && document.activeElement === document.body) focus.querySelector('button')?.focus();
    const word = before && spokenOf(state);
    if (word && word !== spokenOf(before)) this.#announce(word);
    this.#save();
  }

  /** Lets the durations of a running job go on. */
  tick(): void {
    const { state } = this.#page;
    if (state?.kind === 'ready' && state.job.endedMs === undefined) this.#change({});
  }

  ask(action: HostAction): void {
    this.#host.call(action, undefined).catch((error: unknown) => this.#announce(messageOf(error)));
  }

  async copy(text: string): Promise<void> {
    await this.#host.call('copy', { text });
    this.#change({ copied: text });
    this.#announce('Copied.');
    window.clearTimeout(this.#copiedTimer);
    this.#copiedTimer = window.setTimeout(() => {
      this.#change({ copied: undefined });
    }, copiedMs);
  }

  setFold(name: string, open: boolean): void {
    this.#change({ folds: { ...this.#page.folds, [name]: open } });
    this.#save();
  }

  #change(change: Partial<Page>): void {
    this.#page = { ...this.#page, nowMs: Date.now(), ...change };
    this.#draw(this.#page);
  }

  #save(): void {
    const { state, folds } = this.#page;
    if (state) this.#host.saveState({ id: state.id, folds } satisfies SavedPage);
  }
}

/** What a change of the state is told by: never rounds or times. */
function spokenOf(state: JobPageState): string | undefined {
  if (state.kind === 'loading') return undefined;
  if (state.kind === 'unknown') return state.notice.text;
  const { job, notice } = state;
  return notice ? notice.text : `${job.title}: ${job.status.word}`;
}
