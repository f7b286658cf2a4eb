import { jobPage, type JobPageSource } from '../../src/core/jobPage.ts';
import type { TrainingJob } from '../../src/core/trainingJob.ts';
import type { JobPageState } from '../../src/protocol/jobPage.ts';
import { aJob, rounds, transitions } from '../support/jobs.ts';

export type ReadyState = Extract<JobPageState, { kind: 'ready' }>;

export const id = { jobName: aJob().name, scope: 'local', placeLabel: 'Local' };

const aSource: JobPageSource = {
  rounds: rounds(['9.5', '9.9'], ['1.09120', '9.00052'], ['0.9', '9.4']),
  lastLines: [],
  log: 'complete',
  localTrainer: true,
  billed: false,
};

/** What the host tells of a job. */
export function aState(
  members: Partial<TrainingJob> = {},
  source: Partial<JobPageSource> = {},
  notice?: ReadyState['notice'],
): ReadyState {
  return {
    id,
    kind: 'ready',
    job: jobPage(aJob(members), { ...aSource, ...source }),
    place: { shortLabel: 'Local', icon: 'device-desktop' },
    ...(notice && { notice }),
  };
}

/** A job that has begun now and trains. */
export function aRunningState(roundCount = 1): ReadyState {
  const startMs = Date.now() - 5000;
  const values = Array.from({ length: roundCount }, (_, round) => [`1.${round}`, `9.${round}`] as const);
  return aState(
    {
      status: 'InProgress',
      secondaryStatus: 'Training',
      createdMs: startMs,
      transitions: [
        { status: 'Starting', startMs, endMs: startMs + 400 },
        { status: 'Training', startMs: startMs + 400, message: 'Training in progress' },
      ],
    },
    { rounds: rounds(...values), log: 'reading' },
  );
}

/** A job that failed for a cause that is known, with words of the service and a log. */
export function aFailedState(): ReadyState {
  return aState(
    {
      status: 'Failed',
      secondaryStatus: 'Failed',
      transitions: transitions(['Starting', 0.4], ['Downloading', 0.3], ['Training', 200], ['Failed', 0]),
      failureReason:
        'AlgorithmError: framework error: \nUserError: Failed to load csv data with exception:\ntrain data, line 1, column 2: "crim" is not a number',
    },
    {
      rounds: [],
      lastLines: Array.from({ length: 20 }, (_, line) => `14:02:33.004 Traceback line ${line}`),
    },
  );
}
