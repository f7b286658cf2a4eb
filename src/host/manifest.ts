/** The ids that package.json contributes, typed once; a test compares them with the manifest. */
export const commandIds = [
  'sagemakerJobs.trainOnCsv',
  'sagemakerJobs.createTrainingJob',
  'sagemakerJobs.openJob',
  'sagemakerJobs.showLogs',
  'sagemakerJobs.stopJob',
  'sagemakerJobs.deleteJob',
  'sagemakerJobs.copyArn',
  'sagemakerJobs.copyName',
  'sagemakerJobs.refresh',
  'sagemakerJobs.loadMoreJobs',
  'sagemakerJobs.resetLocal',
  'sagemakerJobs.openSample',
  'sagemakerJobs.showOutput',
] as const;

export type CommandId = (typeof commandIds)[number];

/**
 * What a click on a row runs; not contributed. VS Code forgets the arguments of a row's command when the row is drawn
 * anew, which a running job's is every second, so a click in that moment would find no command: this one has none.
 */
export const openSelectedJob = 'sagemakerJobs.openSelectedJob';

export const trainingJobsView = 'sagemakerJobs.trainingJobs';

/** Which welcome text the view shows; `rows` shows none. */
export const listStateContext = 'sagemakerJobs.trainingJobs.state';

export const trainingFormViewType = 'sagemakerJobs.trainingForm';

export const jobPageViewType = 'sagemakerJobs.jobPage';

/** Scheme of the read-only documents that show a job as the service describes it. */
export const jobDocumentScheme = 'sagemaker-job';

export const logLanguageId = 'sagemaker-log';

/** Keys of what is remembered between windows and restarts. */
export const stateKeys = {
  /** Whether a connection was ever used: the status-bar item and the list's first-use text depend on it. */
  used: 'used',
  /** The jobs whose end this workspace waits for. */
  watches: 'watches',
  /** Drafts of the training form by the file's path. */
  drafts: 'trainingDrafts',
  /** The metric that stands for a finished job, by the job's ARN and time of creation. */
  metrics: 'standingMetrics',
} as const;
