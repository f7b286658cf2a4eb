import { PythonDict, pythonRepr } from './pythonLiteral.ts';

/** A channel as the container finds it in `inputdataconfig.json`. */
export interface ContainerChannel {
  readonly TrainingInputMode: string;
  readonly S3DistributionType: string;
  readonly RecordWrapperType?: string;
  readonly ContentType?: string;
}

/** The formats of data that the container reads. */
export type FileType = 'csv' | 'libsvm' | 'parquet' | 'recordio-protobuf';

/** Why the container refuses a job, in its own words. */
export interface Refusal {
  /** `UserError`, `AlgorithmError`, or `Uncaught:` and the name of a Python exception. */
  readonly errorClass: string;
  readonly message: string;
  /** The hyperparameter or channel at fault. */
  readonly field?: string;
}

/** What the container takes a channel's content for when its ContentType is missing. */
const defaultContentType = 'text/libsvm';

const fileTypes: Readonly<Record<string, FileType>> = {
  csv: 'csv',
  'text/csv': 'csv',
  libsvm: 'libsvm',
  'text/libsvm': 'libsvm',
  'text/x-libsvm': 'libsvm',
  parquet: 'parquet',
  'application/x-parquet': 'parquet',
  'recordio-protobuf': 'recordio-protobuf',
  'application/x-recordio-protobuf': 'recordio-protobuf',
};

/** Checks channels in the order of the container; the first error only. */
export function channelRefusal(channels: Readonly<Record<string, ContainerChannel>>): Refusal | undefined {
  if (!Object.hasOwn(channels, 'train')) {
    return { errorClass: 'UserError', message: 'Missing required channel: train', field: 'train' };
  }
  for (const [name, channel] of Object.entries(channels)) {
    if (!['train', 'validation', 'code'].includes(name)) {
      return { errorClass: 'UserError', message: `Extraneous channel found: ${name}`, field: name };
    }
    const withType = { ...channel, ContentType: channel.ContentType ?? defaultContentType };
    if (!isSupported(name, withType)) {
      const settings = pythonRepr(new PythonDict(withType));
      const message = `Channel configuration for '${name}' channel is not supported: ${settings}`;
      return { errorClass: 'UserError', message, field: name };
    }
  }
  return undefined;
}

function isSupported(name: string, channel: ContainerChannel & { readonly ContentType: string }): boolean {
  const { TrainingInputMode: mode, S3DistributionType: distribution, ContentType: contentType } = channel;
  if (name === 'code') {
    return contentType === 'text/python' && mode === 'File' && distribution === 'FullyReplicated';
  }
  const fileType = fileTypes[contentType];
  if (fileType === undefined || !['FullyReplicated', 'ShardedByS3Key'].includes(distribution)) return false;
  return mode === 'File' || (mode === 'Pipe' && fileType !== 'libsvm');
}

/** The format of the training channel, which is taken for the validation channel's too. */
export function fileTypeOf(channels: Readonly<Record<string, ContainerChannel>>): FileType {
  return fileTypes[channels['train']?.ContentType ?? defaultContentType] ?? 'libsvm';
}
