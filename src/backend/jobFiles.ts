import { copyFileSync, linkSync } from 'node:fs';
import path from 'node:path';
import { parseS3Uri } from '../core/s3Uri.ts';
import type { TrainerChannel } from '../protocol/trainer.ts';
import type { ObjectStore } from './objectStore.ts';
import type { TrainingRequest } from './trainingJobRequest.ts';

/** Something about the request that ends the job, in words for its owner. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
}

/** Throws a ClientError when the model would have no place to go. */
export function checkOutput(objects: ObjectStore, { OutputDataConfig: output }: TrainingRequest): void {
  if (output.CompressionType === 'NONE') {
    throw new ClientError('the local trainer does not support OutputDataConfig.CompressionType NONE');
  }
  const bucket = parseS3Uri(output.S3OutputPath)?.bucket ?? '';
  if (!objects.hasBucket(bucket)) {
    throw new ClientError(`Artifact upload failed: The specified bucket does not exist: ${bucket}`);
  }
}

/**
 * Brings the objects of each channel into a folder, which takes no time and no room: objects that are replaced or
 * deleted later stay what they were for the job.
 */
export async function downloadChannels(
  objects: ObjectStore,
  request: TrainingRequest,
  folder: string,
): Promise<readonly TrainerChannel[]> {
  const channels: TrainerChannel[] = [];
  for (const channel of request.InputDataConfig ?? []) {
    const source = channel.DataSource.S3DataSource;
    if (source?.S3DataType !== 'S3Prefix') {
      const what = source ? `the S3 data type ${source.S3DataType}` : 'data outside of S3';
      throw new ClientError(`the local trainer does not support ${what} (channel ${channel.ChannelName})`);
    }
    const location = parseS3Uri(source.S3Uri);
    const found = location ? await objects.listObjects(location.bucket, location.key) : [];
    if (found.length === 0) {
      throw new ClientError(`Data download failed: no S3 objects found under S3 URL "${source.S3Uri}"`);
    }
    channels.push({
      name: channel.ChannelName,
      contentType: channel.ContentType,
      inputMode: channel.InputMode ?? request.AlgorithmSpecification.TrainingInputMode,
      distribution: source.S3DataDistributionType ?? 'FullyReplicated',
      recordWrapper: channel.RecordWrapperType ?? 'None',
      compression: channel.CompressionType ?? 'None',
      files: found
        // Consoles make empty objects that stand for folders.
        .filter(({ key }) => !key.endsWith('/'))
        .map(({ key, filePath, sizeBytes }, index) => ({
          name: key.slice(key.lastIndexOf('/') + 1),
          path: linkOrCopy(filePath, path.join(folder, `${channels.length}-${index}`)),
          sizeBytes,
        })),
    });
  }
  return channels;
}

function linkOrCopy(source: string, target: string): string {
  try {
    linkSync(source, target);
  } catch {
    // Some file systems have no hard links. What else may be wrong, copying says as well.
    copyFileSync(source, target);
  }
  return target;
}
