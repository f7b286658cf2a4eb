import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { abortError, isAbortError, throwIfAborted } from '../core/cancellation.ts';
import type { Clock } from '../core/clock.ts';
import { columnsJson } from '../core/columnsJson.ts';
import type { CsvProfile } from '../core/csvProfile.ts';
import type { Format } from '../core/format.ts';
import { xgboostImage } from '../core/images.ts';
import { displayName } from '../core/jobName.ts';
import { isProblem, messageOf, Problem } from '../core/problem.ts';
import { formatS3Uri, parseS3Uri, type S3Location } from '../core/s3Uri.ts';
import type { TrainingDraft } from '../core/trainingDraft.ts';
import type { PartSizes } from '../core/split.ts';
import { toTrainingRequest } from '../core/trainingRequest.ts';
import type { PreparedData, PreparedFile } from '../protocol/csvWorker.ts';
import type { CsvClient } from '../worker/csvClient.ts';
import type { Connection, Session } from './connection.ts';

export interface Launch {
  readonly draft: TrainingDraft;
  /** The file as it was inspected; it must not have changed since. */
  readonly profile: CsvProfile;
  readonly connection: Connection;
  readonly csv: CsvClient;
  readonly clock: Clock;
  readonly format: Format;
}

/** What a cancelled launch leaves: nothing, or a job that had been created before the cancel arrived. */
export type LaunchEnd =
  | { readonly kind: 'created'; readonly arn: string; readonly foundAfterLostAnswer: boolean }
  | { readonly kind: 'cancelled'; readonly removedFiles: number; readonly jobExisted: boolean };

/** What a launch has put, or begun to put, into the bucket. */
interface Uploads {
  /** Each file from before its upload begins: one that is cut may still be stored. */
  readonly begun: S3Location[];
  /** How many are known to be stored. */
  stored: number;
}

/**
 * Prepares the data, uploads it and creates the training job; tells each step through `report`.
 * Cancelled or failed before the job exists, everything that was written or uploaded is removed again; cancelled
 * after that, the job is stopped.
 */
export async function launchTraining(
  launch: Launch,
  report: (message: string) => void,
  signal: AbortSignal,
): Promise<LaunchEnd> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sagemaker-jobs-launch-'));
  const uploads: Uploads = { begun: [], stored: 0 };
  try {
    report('Preparing data');
    const prepared = await prepare(launch, folder, report, signal);
    return await launch.connection.use(async (session) => {
      const channels = await upload(launch, session, prepared, folder, uploads, report, signal);
      report('Creating the training job');
      throwIfAborted(signal);
      return create(launch, session, channels, uploads, report, signal);
    }, signal);
  } catch (error) {
    await removeUploads(launch.connection, uploads.begun, error);
    if (isAbortError(error)) return { kind: 'cancelled', removedFiles: uploads.stored, jobExisted: false };
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function prepare(
  { draft, profile, csv, format }: Launch,
  folder: string,
  report: (message: string) => void,
  signal: AbortSignal,
): Promise<PreparedData> {
  const { data } = draft;
  if (data.labelColumn === undefined) throw new Problem('invalidInput', 'Choose the label column first.');
  const result = await csv.prepare(
    {
      path: data.path,
      expected: { sizeBytes: profile.sizeBytes, modifiedMs: profile.modifiedMs },
      delimiter: profile.delimiter,
      hasHeader: data.hasHeader,
      labelColumn: data.labelColumn,
      droppedColumns: data.droppedColumns,
      textAsMissingColumns: data.textAsMissingColumns,
      split: data.split,
      folder,
    },
    {
      onProgress: ({ rows }) =>
        report(`Preparing data: ${format.number(rows)} of ${format.count(profile.rows, 'row')}`),
    },
    signal,
  );
  if (!('failure' in result)) return result;
  if (result.failure === 'cancelled') throw abortError();
  const file = path.basename(data.path);
  throw result.failure === 'changed'
    ? new Problem('fileChanged', `${file} changed while it was read, so nothing was uploaded.`, {
        hint: 'Read it again.',
      })
    : new Problem('badCsv', `Can't train on ${file}: ${result.message}.`);
}

interface Channels {
  readonly trainS3Uri: string;
  readonly validationS3Uri?: string;
}

/** Uploads all parts into the job's own folder below the output location, which must be unused. */
async function upload(
  { draft, profile, format }: Launch,
  { objects, region }: Session,
  prepared: PreparedData,
  folder: string,
  uploads: Uploads,
  report: (message: string) => void,
  signal: AbortSignal,
): Promise<Channels> {
  const place = parseS3Uri(draft.output.s3Uri);
  if (!place) throw new Problem('invalidInput', `"${draft.output.s3Uri}" is no location in S3.`);
  const target = place.bucket;
  await objects.ensureDefaultBucket(target, signal);
  await objects.checkBucketRegion(target, region, signal);
  const prefix = [...place.key.split('/'), draft.jobName].filter((part) => part !== '').join('/');
  // Files of our own are there when the place went away in mid-upload and this is the second try.
  if (
    uploads.begun.length === 0 &&
    !(await objects.prefixIsEmpty({ bucket: target, key: `${prefix}/` }, signal))
  ) {
    throw new Problem(
      'conflict',
      `${formatS3Uri({ bucket: target, key: `${prefix}/` })} already holds objects.`,
      {
        hint: 'Choose another job name, so that data of two jobs are never mixed.',
      },
    );
  }
  const about = path.join(folder, 'columns.json');
  const content = columnsJson(profile, draft.data, rowsOf(prepared), {
    fileName: path.basename(draft.data.path),
    sizeBytes: profile.sizeBytes,
    sha256: prepared.sourceSha256,
  });
  await writeFile(about, JSON.stringify(content, undefined, 2));
  const files = [
    { file: prepared.train, key: 'train/train.csv' },
    { file: prepared.validation, key: 'validation/validation.csv' },
    { file: prepared.test, key: 'test/test.csv' },
    { file: prepared.testLabels, key: 'about/test-labels.csv' },
    { file: { path: about, rows: 0, sizeBytes: 0 }, key: 'about/columns.json' },
  ].filter((entry): entry is { file: PreparedFile; key: string } => entry.file !== undefined);
  for (const [index, { file, key }] of files.entries()) {
    const location = { bucket: target, key: `${prefix}/${key}` };
    uploads.begun.push(location);
    await objects.uploadFile(file.path, location, {
      contentType: key.endsWith('.json') ? 'application/json' : 'text/csv',
      onProgress: (bytes) =>
        report(
          `Uploading ${path.basename(key)} (${index + 1} of ${files.length}), ${format.sizeProgress(bytes, file.sizeBytes)}`,
        ),
      signal,
    });
    uploads.stored += 1;
  }
  const uri = (part: string): string => formatS3Uri({ bucket: target, key: `${prefix}/${part}/` });
  return { trainS3Uri: uri('train'), ...(prepared.validation ? { validationS3Uri: uri('validation') } : {}) };
}

function rowsOf({ train, validation, test }: PreparedData): PartSizes {
  return { train: train.rows, validation: validation?.rows ?? 0, test: test?.rows ?? 0 };
}

/** When to ask whether a request that was cut has made a job after all: the service may be at it still. */
const askAfterMs = [0, 1000, 2000];

async function create(
  { draft, clock }: Launch,
  session: Session,
  channels: Channels,
  uploads: Uploads,
  report: (message: string) => void,
  signal: AbortSignal,
): Promise<LaunchEnd> {
  const image = xgboostImage(session.region, draft.algorithm.version);
  if (typeof image !== 'string') throw new Problem('invalidInput', image.message);
  const request = toTrainingRequest(draft, channels, image);
  const onLostAnswer = (): void => report('Waiting for the answer; checking whether the job was created');
  try {
    const created = await session.jobs.create(request, { onLostAnswer, signal });
    if (!signal.aborted) return { kind: 'created', ...created };
  } catch (error) {
    if (!isAbortError(error)) throw error;
    report('Checking whether the job was created');
    if (!(await wasCreated(draft.jobName, session, clock))) throw error;
  }
  // The job exists: it is stopped, and its data stay with it.
  await session.jobs.stop(draft.jobName);
  uploads.begun.length = 0;
  return { kind: 'cancelled', removedFiles: 0, jobExisted: true };
}

async function wasCreated(jobName: string, { jobs }: Session, clock: Clock): Promise<boolean> {
  for (const ms of askAfterMs) {
    await clock.delay(ms);
    if (await jobs.nameTaken(jobName)) return true;
  }
  return false;
}

/** Removes what was uploaded before the launch ended with `reason`; says what stays when that fails, too. */
async function removeUploads(
  connection: Connection,
  uploaded: readonly S3Location[],
  reason: unknown,
): Promise<void> {
  const [first] = uploaded;
  if (!first) return;
  try {
    await connection.use(({ objects }) => objects.deleteObjects(uploaded));
  } catch (error) {
    const what = isAbortError(reason) ? 'The launch was cancelled.' : messageOf(reason);
    const place = formatS3Uri({ bucket: first.bucket, key: first.key.replace(/[^/]+\/[^/]+$/, '') });
    throw new Problem(isProblem(reason) ? reason.code : 'serviceFault', what, {
      hint: `What was uploaded to ${place} could not be removed.`,
      details: messageOf(error),
      cause: reason,
    });
  }
}

/** What the status bar says of a cancelled launch. */
export function cancelledText(jobName: string, removedFiles: number, format: Format): string {
  const what = `Launch of ${displayName(jobName)} cancelled`;
  return removedFiles === 0
    ? `${what}, nothing was created`
    : `${what}, ${format.count(removedFiles, 'uploaded file')} removed`;
}
