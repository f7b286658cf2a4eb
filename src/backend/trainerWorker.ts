/** Entry of the worker thread that trains one job: it does what the XGBoost container does, and says what it says. */
import { createReadStream } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { UnsupportedByLocalTrainer, XgboostError } from '../boosting/errors.ts';
import type { DataMatrix } from '../boosting/matrix.ts';
import { parseParameters } from '../boosting/parameters.ts';
import { MatrixError, readMatrix } from '../boosting/readMatrix.ts';
import { type TrainingRun, resolveTreeMethod, train } from '../boosting/train.ts';
import { toXgboostJson } from '../boosting/xgboostJson.ts';
import { abortError, isAbortError } from '../core/cancellation.ts';
import type { ContainerChannel } from '../core/xgboostChannels.ts';
import { type ParsedHyperparameter, validateHyperparameters } from '../core/xgboostContainer.ts';
import {
  type TrainerChannel,
  type TrainerJob,
  type TrainerMessage,
  type TrainerOutcome,
  stopRequested,
} from '../protocol/trainer.ts';
import {
  ContainerError,
  type XgboostImage,
  infoLine,
  parseXgboostImage,
  roundLine,
  userError,
} from './container.ts';
import { differences, engineLine } from './localTrainerNotes.ts';
import { writeModelArchive } from './modelArchive.ts';

const job = workerData as TrainerJob;
const flag = new Int32Array(job.stopFlag);
const isStopped = (): boolean => Atomics.load(flag, 0) === stopRequested;
const throwIfStopped = (): void => {
  if (isStopped()) throw abortError();
};

function send(message: TrainerMessage): void {
  parentPort?.postMessage(message);
}

function say(...texts: readonly string[]): void {
  const now = new Date();
  send({ kind: 'log', lines: texts.map((text) => infoLine(text, now)) });
}

async function runJob(): Promise<TrainerOutcome> {
  if (job.image === undefined) {
    throw new UnsupportedByLocalTrainer(
      'AlgorithmName',
      `algorithms by name (${job.algorithmName}); it trains XGBoost`,
    );
  }
  const image = parseXgboostImage(job.image);
  if (!image)
    throw new UnsupportedByLocalTrainer('TrainingImage', `the image ${job.image}; it trains XGBoost`);
  const hyperparameters = forImage(job.hyperparameters, image);
  say(engineLine(hyperparameters), ...differences(job, image));
  say(
    'Imported framework sagemaker_xgboost_container.training',
    'No GPUs detected (normal if no gpus installed)',
  );
  say('Running XGBoost Sagemaker in algorithm mode');
  const settings = checkAsContainer(image);
  const parameters = parseParameters(hyperparameters);

  const [trainChannel, validationChannel] = ['train', 'validation'].map((name) =>
    job.channels.find((channel) => channel.name === name),
  );
  const matrix = await readChannel(trainChannel, 'training');
  if (!matrix) throw userError('No data in training channel path /opt/ml/input/data/train');
  const validation = validationChannel && (await readChannel(validationChannel, 'validation'));
  if (validationChannel && !validation) {
    throw userError('No data in validation channel path /opt/ml/input/data/validation');
  }
  resolveTreeMethod(parameters.treeMethod, matrix.rowCount);
  say(
    'Single node training.',
    `Train matrix has ${matrix.rowCount} rows and ${matrix.columns.length} columns`,
  );
  if (validation) say(`Validation matrix has ${validation.rowCount} rows`);

  const savesWhenStopped = settings.save_model_on_termination === 'true';
  const earlyStoppingRounds = settings.early_stopping_rounds;
  const metric = parameters.evalMetrics.at(-1);
  const run: TrainingRun = {
    train: matrix,
    validation,
    parameters,
    numRound: Number(settings.num_round),
    // As the container: without a validation channel or a metric the setting has no effect.
    earlyStopping:
      earlyStoppingRounds !== undefined && validation && metric !== undefined
        ? { rounds: Number(earlyStoppingRounds), metric, channel: 'validation', saveBest: true }
        : undefined,
    endsAfterRound: savesWhenStopped ? isStopped : undefined,
  };
  const rounds = train(run, savesWhenStopped ? {} : { isCancelled: isStopped });
  for (;;) {
    const next = await rounds.next();
    if (next.done) {
      await writeModelArchive(job.artifactPath, toXgboostJson(next.value));
      if (isStopped()) return { kind: 'stopped', hasModel: true };
      say('Reporting training SUCCESS');
      return { kind: 'completed', hasModel: true };
    }
    const { round, metrics } = next.value;
    send({
      kind: 'round',
      line: roundLine(round, metrics),
      metrics: metrics.map(({ channel, metric: name, value }) => ({ name: `${channel}:${name}`, value })),
    });
  }
}

/** From XGBoost 2.0 on `auto` means hist, so that is what a job with such an image gets. */
function forImage(
  hyperparameters: Readonly<Record<string, string>>,
  { xgboostVersion }: XgboostImage,
): Readonly<Record<string, string>> {
  const isNew = Number.parseInt(xgboostVersion ?? '1', 10) >= 2;
  const isAuto = (hyperparameters.tree_method ?? 'auto') === 'auto';
  return isNew && isAuto ? { ...hyperparameters, tree_method: 'hist' } : hyperparameters;
}

/** Checks what the container checks before it looks at the data, then what only the local trainer refuses. */
function checkAsContainer({ version }: XgboostImage): Readonly<Record<string, ParsedHyperparameter>> {
  const channels = Object.fromEntries(
    job.channels.map((channel): [string, ContainerChannel] => [
      channel.name,
      {
        ...(channel.contentType === undefined ? {} : { ContentType: channel.contentType }),
        TrainingInputMode: channel.inputMode,
        S3DistributionType: channel.distribution,
        RecordWrapperType: channel.recordWrapper,
      },
    ]),
  );
  const verdict = validateHyperparameters(job.hyperparameters, { channels, version });
  if (verdict.outcome === 'rejected') throw new ContainerError(verdict);
  if (verdict.fileType !== 'csv') {
    const missing =
      channels.train?.ContentType === undefined ? ' (what a channel without ContentType means)' : '';
    throw new UnsupportedByLocalTrainer(
      'ContentType',
      `${verdict.fileType} data${missing}; use the content type text/csv`,
    );
  }
  for (const { name, inputMode, compression, recordWrapper } of job.channels) {
    const what =
      name === 'code'
        ? 'the channel code: it runs no scripts'
        : inputMode !== 'File'
          ? `the input mode ${inputMode}`
          : compression !== 'None'
            ? `the compression type ${compression}`
            : recordWrapper !== 'None'
              ? `the record wrapper ${recordWrapper}`
              : undefined;
    if (what !== undefined) throw new UnsupportedByLocalTrainer('InputDataConfig', what);
  }
  return verdict.parsed;
}

/** Reads all files of a channel as one matrix; `undefined` when there is nothing in them. */
async function readChannel(
  channel: TrainerChannel | undefined,
  what: string,
): Promise<DataMatrix | undefined> {
  const files = (channel?.files ?? []).filter(({ sizeBytes }) => sizeBytes > 0);
  const [first] = files;
  if (!channel || !first) return undefined;
  if (files.some(({ name }) => name.startsWith('.'))) throw userError('Hidden file found in the data path!');
  const delimiter = sniffDelimiter(await firstLine(first.path));
  say(
    `Determined delimiter of CSV input is '${delimiter}'`,
    `files path: /opt/ml/input/data/${channel.name}`,
  );
  try {
    const matrix = await readMatrix(chunksOf(files), { delimiter }, throwIfStopped);
    return matrix.rowCount === 0 ? undefined : matrix;
  } catch (error) {
    if (!(error instanceof MatrixError)) throw error;
    throw userError(`Failed to load csv data with exception:\n${what} data, ${error.message}`);
  }
}

async function* chunksOf(files: TrainerChannel['files']): AsyncGenerator<Uint8Array> {
  for (const { path } of files) {
    let last: number | undefined;
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
      const bytes = chunk as Buffer;
      yield bytes;
      last = bytes.at(-1);
    }
    // The last line of one file does not go on in the next.
    if (last !== newline) yield Uint8Array.of(newline);
  }
}

const newline = 10;

async function firstLine(path: string): Promise<string> {
  for await (const chunk of createReadStream(path, { encoding: 'utf8', end: 64 * 1024 })) {
    return /^[^\r\n]*/.exec(chunk as string)?.[0] ?? '';
  }
  return '';
}

/** Python's csv.Sniffer, for lines of numbers: it prefers these characters in this order. */
function sniffDelimiter(line: string): string {
  const found = [',', '\t', ';', ' ', ':', '|'].find((character) => line.includes(character));
  if (found !== undefined) return found;
  throw userError(
    `Could not determine delimiter on line ${line.slice(0, 50)}:\nCould not determine delimiter`,
  );
}

/** What an error means for the job; `undefined` for a fault of the trainer itself. */
function outcomeOf(error: unknown): TrainerOutcome | undefined {
  if (isAbortError(error)) return { kind: 'stopped', hasModel: false };
  if (error instanceof ContainerError) {
    send({ kind: 'log', lines: error.logLines });
    return { kind: 'failed', reason: error.failureReason };
  }
  if (error instanceof XgboostError) return outcomeOf(fromXgboost(error));
  if (error instanceof UnsupportedByLocalTrainer) {
    say(error.message);
    return { kind: 'failed', reason: `ClientError: ${error.message}` };
  }
  return undefined;
}

/** The container takes errors about labels for the user's, and all others for its own. */
function fromXgboost({ message }: XgboostError): ContainerError {
  if (/label must be in/.test(message)) return userError(message);
  const text = `XGB train call failed with exception:\n ${message}`;
  return new ContainerError({ errorClass: 'AlgorithmError', message: text });
}

try {
  send({ kind: 'ended', outcome: await runJob() });
} catch (error) {
  const outcome = outcomeOf(error);
  if (!outcome) throw error;
  send({ kind: 'ended', outcome });
}
