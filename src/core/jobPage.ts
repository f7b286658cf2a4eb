import { failureCause } from './failureCause.ts';
import { findHyperparameter } from './hyperparameters.ts';
import { hyperparameters as knownHyperparameters } from './hyperparameters.generated.ts';
import { parseImageUri } from './images.ts';
import { displayName } from './jobName.ts';
import { type MetricRound, savedModelContext, standingMetric } from './metricLog.ts';
import { statusText, type StatusText } from './statusText.ts';
import { isFinal, type TrainingJob } from './trainingJob.ts';

/** What the page of a job shows, as data that can be sent to it. Times are milliseconds since the epoch. */
export interface JobPage {
  /** The name without a timestamp. */
  readonly title: string;
  readonly name: string;
  readonly arn: string;
  readonly status: StatusText;
  readonly createdMs: number;
  /** Absent while the job runs. */
  readonly endedMs?: number;
  readonly actions: readonly JobAction[];
  readonly failure?: JobFailure;
  readonly timeline: readonly TimelineStep[];
  /** What the service says of the present step; absent once the job has ended. */
  readonly message?: string;
  readonly metrics: JobMetrics;
  readonly hyperparameters: readonly SetHyperparameter[];
  readonly channels: readonly JobFact[];
  readonly artifacts: readonly JobFact[];
  readonly compute: JobCompute;
  /** Seconds that are paid for; absent where nothing is billed and before the service has told it. */
  readonly billableSeconds?: number;
}

/** What can be done about a job; the first one of a page is its primary button. */
export type JobAction = 'stopJob' | 'showLogs' | 'deleteJob';

export interface JobFailure {
  /** A sentence; absent when the cause is none of those that are known. */
  readonly cause?: string;
  /** The service's own words; empty when it gave none. */
  readonly reason: string;
  readonly lastLines: readonly string[];
}

export interface TimelineStep {
  readonly word: string;
  /** Name of a codicon. */
  readonly icon: string;
  readonly color: string;
  readonly startMs: number;
  /** Absent for the step that a running job is in. */
  readonly endMs?: number;
  /** The job's end, which takes no time. */
  readonly isEnd: boolean;
}

export interface JobMetrics {
  readonly values: readonly JobMetric[];
  /** `31 of 200 rounds`, while the job trains. */
  readonly progress?: string;
  /** Why there are no values: the job has none yet, or its log is being read, holds none, or can't be read. */
  readonly missing?: 'notYet' | 'reading' | 'none' | 'unreadable';
}

export interface JobMetric {
  /** `validation:rmse` */
  readonly name: string;
  /** As it was logged. */
  readonly text: string;
  /** `best, round 32` */
  readonly note: string;
}

export interface SetHyperparameter {
  readonly name: string;
  readonly value: string;
  /** XGBoost's default, where the value is another one. */
  readonly defaultValue?: string;
}

export interface JobFact {
  readonly name: string;
  readonly value: string;
}

export interface JobCompute {
  readonly facts: readonly JobFact[];
  /** The instances are only written down: the job runs on this computer. */
  readonly instancesUnused: boolean;
  readonly maxRuntimeInSeconds?: number;
}

/** What is known of a job beside the service's answer. */
export interface JobPageSource {
  readonly rounds: readonly MetricRound[];
  readonly lastLines: readonly string[];
  /** How far the log has been read: it goes on, is complete, or can't be read (to its end). */
  readonly log: 'reading' | 'complete' | 'unreadable';
  /** Whether jobs are trained by the embedded trainer. */
  readonly localTrainer: boolean;
  readonly billed: boolean;
}

/** Puts together what the page of a job shows. */
export function jobPage(job: TrainingJob, source: JobPageSource): JobPage {
  const message = isFinal(job) ? undefined : job.transitions.at(-1)?.message;
  const endedMs = isFinal(job) ? endOf(job) : undefined;
  const { billableTimeInSeconds } = job;
  return {
    title: displayName(job.name),
    name: job.name,
    arn: job.arn,
    status: statusText(job),
    createdMs: job.createdMs,
    ...(endedMs !== undefined && { endedMs }),
    actions: actionsFor(job),
    ...(job.status === 'Failed' && { failure: failureOf(job, source.lastLines) }),
    timeline: timelineOf(job),
    ...(message !== undefined && message !== '' && { message }),
    metrics: metricsOf(job, source),
    hyperparameters: setHyperparameters(job),
    channels: job.channels.map(({ name, s3Uri }) => ({ name, value: s3Uri })),
    artifacts: facts({
      Model: job.modelS3Uri,
      'Output location': job.modelS3Uri === undefined ? job.outputS3Uri : undefined,
    }),
    compute: computeOf(job, source.localTrainer),
    ...(source.billed && billableTimeInSeconds !== undefined && { billableSeconds: billableTimeInSeconds }),
  };
}

/** A job that failed before its training began has no end of training; its last step tells when it was. */
function endOf({ endedMs, modifiedMs, transitions, createdMs }: TrainingJob): number {
  const last = transitions.at(-1);
  return endedMs ?? last?.endMs ?? last?.startMs ?? modifiedMs ?? createdMs;
}

function actionsFor(job: TrainingJob): readonly JobAction[] {
  if (isFinal(job)) return ['showLogs', 'deleteJob'];
  const isEnding = job.status === 'Stopping' || job.status === 'Deleting';
  return isEnding ? ['showLogs'] : ['stopJob', 'showLogs'];
}

function failureOf({ failureReason: reason = '' }: TrainingJob, lastLines: readonly string[]): JobFailure {
  const { phrase, recognised } = failureCause(reason);
  return { ...(recognised && { cause: sentence(phrase) }), reason, lastLines: [...lastLines] };
}

/** A name keeps its own case, also at the beginning. */
function sentence(phrase: string): string {
  const [word = ''] = phrase.split(' ');
  const isName = word.includes('_') || findHyperparameter(word) !== undefined;
  return isName ? `${phrase}.` : `${word.charAt(0).toUpperCase()}${phrase.slice(1)}.`;
}

/** Steps in which a job ends; the service has a transition for them, which takes no time. */
const ends: ReadonlySet<string> = new Set([
  'Completed',
  'Failed',
  'Stopped',
  'MaxRuntimeExceeded',
  'MaxWaitTimeExceeded',
]);

function timelineOf(job: TrainingJob): readonly TimelineStep[] {
  const { transitions } = job;
  return transitions.map(({ status, startMs, endMs }, index) => {
    const next = transitions[index + 1];
    const isOver = isFinal(job) || next !== undefined;
    const isEnd = ends.has(status);
    const { word, icon, color } = stepText(status);
    return {
      word,
      ...(isOver && !isEnd ? { icon: 'circle-filled', color: 'foreground' } : { icon, color }),
      startMs,
      ...(isOver && { endMs: endMs ?? next?.startMs ?? startMs }),
      isEnd,
    };
  });
}

/** A transition's status is a secondary one, but for the words that say that the job is ending. */
function stepText(status: string): StatusText {
  if (status === 'Stopping' || status === 'Deleting') return statusText({ status });
  if (status.startsWith('Max')) return statusText({ status: 'Stopped', secondaryStatus: status });
  return ends.has(status)
    ? statusText({ status })
    : statusText({ status: 'InProgress', secondaryStatus: status });
}

function metricsOf(job: TrainingJob, { rounds, log }: JobPageSource): JobMetrics {
  const standing = standingMetric(rounds, savedModelContext(job));
  if (!standing) {
    if (!isFinal(job)) return { values: [], missing: 'notYet' };
    return { values: [], missing: log === 'complete' ? 'none' : log };
  }
  const { channel, metric, text, round, kind } = standing;
  const values: JobMetric[] = [
    { name: `${channel}:${metric}`, text, note: `${standingWord(job, kind)}, round ${round}` },
  ];
  const train = rounds
    .find((each) => each.round === round)
    ?.metrics.find((each) => each.channel === 'train' && each.metric === metric);
  if (train && channel !== 'train') {
    values.push({ name: `train:${metric}`, text: train.text, note: 'at that round' });
  }
  const progress = isFinal(job) ? undefined : progressOf(job, rounds);
  return { values, ...(progress !== undefined && { progress }) };
}

/** Only a completed job is sure to have a model that the metric is of; else it is but what was logged. */
function standingWord(job: TrainingJob, kind: 'best' | 'final'): string {
  if (job.status === 'Completed') return kind;
  if (isFinal(job)) return kind === 'best' ? 'best logged' : 'last logged';
  return kind === 'best' ? 'best so far' : 'latest';
}

function progressOf(job: TrainingJob, rounds: readonly MetricRound[]): string | undefined {
  const last = rounds.at(-1);
  if (!last) return undefined;
  const of = job.hyperparameters['num_round'];
  return of === undefined ? `${last.round + 1} rounds` : `${last.round + 1} of ${of} rounds`;
}

const tableOrder: ReadonlyMap<string, number> = new Map(
  knownHyperparameters.map(({ name }, index) => [name, index]),
);

/** In the order of the container's table; what it does not have comes last. */
function setHyperparameters({ hyperparameters, image }: TrainingJob): readonly SetHyperparameter[] {
  const isXgboost = image !== undefined && parseImageUri(image)?.algorithm === 'xgboost';
  const position = (name: string): number =>
    tableOrder.get(findHyperparameter(name)?.name ?? name) ?? tableOrder.size;
  return Object.entries(hyperparameters)
    .map(([name, value]) => {
      const defaultValue = isXgboost ? findHyperparameter(name)?.defaultValue : undefined;
      const isChanged = defaultValue !== undefined && !isSameValue(value, defaultValue);
      return { name, value, ...(isChanged && { defaultValue }) };
    })
    .sort((a, b) => position(a.name) - position(b.name) || a.name.localeCompare(b.name));
}

function isSameValue(a: string, b: string): boolean {
  return a === b || (a.trim() !== '' && b.trim() !== '' && Number(a) === Number(b));
}

function computeOf(job: TrainingJob, localTrainer: boolean): JobCompute {
  const { instanceCount, instanceType, volumeSizeInGB, maxRuntimeInSeconds } = job;
  return {
    facts: facts({
      Instances: instanceType === undefined ? undefined : `${instanceCount ?? 1} × ${instanceType}`,
      'Volume size': volumeSizeInGB === undefined ? undefined : `${volumeSizeInGB} GB`,
      Image: job.image,
      'Execution role': job.roleArn,
    }),
    instancesUnused: localTrainer,
    ...(maxRuntimeInSeconds !== undefined && { maxRuntimeInSeconds }),
  };
}

/** The facts that are known, in order. */
function facts(values: Readonly<Record<string, string | undefined>>): readonly JobFact[] {
  return Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}
