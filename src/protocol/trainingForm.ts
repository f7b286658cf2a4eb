import type { CsvProfile } from '../core/csvProfile.ts';
import type { FieldProblem, TrainingDraft } from '../core/trainingDraft.ts';

/** What the training form may ask of the host. */
export type TrainingFormHost = {
  /** Everything the page needs to draw itself; called once when it is ready. */
  load(params: undefined): FormState;
  /** The draft after an edit; the host keeps it and answers with the checks that need the service (a taken name). */
  edited(params: { readonly draft: TrainingDraft }): { readonly problems: readonly FieldProblem[] };
  /** Reads the file again, with the first row taken as the user says. */
  inspectAgain(params: { readonly hasHeader: boolean }): FormState;
  /** Forgets the draft that was kept and answers with a new one. */
  startOver(params: undefined): FormState;
  /** Checks everything once more and launches; `launched: false` comes with problems, or with the reason in words. */
  launch(params: { readonly draft: TrainingDraft }): LaunchAnswer;
  chooseAnotherFile(params: undefined): void;
  /** Shows where the place of jobs is chosen. */
  changePlace(params: undefined): void;
  openJob(params: { readonly name: string }): void;
  showLogs(params: { readonly name: string }): void;
  /** Opens the file in the editor at a line (from 1). */
  openSource(params: { readonly line?: number }): void;
};

/** What the host tells the form. */
export type TrainingFormPage = {
  /** The file changed on disk after it was read; the page offers to read it again. */
  fileChanged(params: { readonly atMs: number }): void;
  /** A new state after reading again, changing the connection, or loading. */
  replace(params: FormState): void;
};

export type LaunchAnswer =
  | { readonly launched: true; readonly jobName: string; readonly atMs: number; readonly nextJobName: string }
  | { readonly launched: false; readonly problems: readonly FieldProblem[]; readonly reason?: string };

/** Where jobs run, as the form shows it; supplied by the connection. */
export interface Place {
  /** `Local, on this computer` or `research · us-east-1`. */
  readonly label: string;
  /** `Local` or `research · us-east-1`: for the status bar and the view. */
  readonly shortLabel: string;
  /** A codicon. */
  readonly icon: string;
  /** `Launch Locally` or `Launch on AWS`. */
  readonly launchLabel: string;
  readonly billed: boolean;
  readonly region: string;
}

export type FormState =
  | {
      readonly kind: 'ready';
      readonly draft: TrainingDraft;
      readonly profile: CsvProfile;
      readonly place: Place;
      readonly fileName: string;
      readonly limits: FormLimits;
      /** When the draft was edited last, in an earlier tab or window; absent for a new one. */
      readonly continuedFromMs?: number;
    }
  /** The file can't be used: one sentence with the cause. */
  | { readonly kind: 'unreadable'; readonly fileName: string; readonly reason: string };

/** What the place can do, for choices and findings in the form. */
export interface FormLimits {
  readonly versions: readonly string[];
  readonly instanceTypes: readonly string[];
  /** Whether the job is trained by the embedded trainer, so that its limits become findings. */
  readonly localTrainer: boolean;
}
