import type { JobPage } from '../core/jobPage.ts';
import type { Place } from './trainingForm.ts';

/** What the page of a job may ask of the host. */
export type JobPageHost = {
  /** What is known of the job; the host tells of each change afterwards. */
  load(params: undefined): JobPageState;
  /** Asks the service again at once. */
  retry(params: undefined): void;
  showLogs(params: undefined): void;
  /** Asks the user first. */
  stopJob(params: undefined): void;
  /** Asks the user first. */
  deleteJob(params: undefined): void;
  /** Opens the job as the service describes it. */
  showJson(params: undefined): void;
  copy(params: { readonly text: string }): void;
  closePage(params: undefined): void;
};

/** What the host may tell the page of a job. */
export type JobPageWebview = {
  /** A new state, which takes the place of the one before. */
  replace(params: JobPageState): void;
};

/** Which job a page is about; what VS Code keeps of the page while the window is closed. */
export interface JobPageId {
  readonly jobName: string;
  /** `Connection.scope` of the place that has the job. */
  readonly scope: string;
  /** The short label of that place, for when it is no longer the chosen one. */
  readonly placeLabel: string;
}

export type JobPageState = {
  readonly id: JobPageId;
} & (
  | { readonly kind: 'loading' }
  /** Nothing is known of the job, and why. */
  | { readonly kind: 'unknown'; readonly notice: JobPageNotice }
  | {
      readonly kind: 'ready';
      readonly job: JobPage;
      readonly place: Pick<Place, 'shortLabel' | 'icon'>;
      readonly notice?: JobPageNotice;
    }
);

/** What keeps the page from being up to date. */
export interface JobPageNotice {
  /** `gone` and `elsewhere`: nothing can be done about the job from here. */
  readonly kind: 'gone' | 'elsewhere' | 'interrupted';
  /** A sentence or two. */
  readonly text: string;
  readonly sinceMs?: number;
}
