import { ListMultipartUploadsCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { paginateListTrainingJobs } from '@aws-sdk/client-sagemaker';
import { type BackendEndpoint, callBackend } from '../../src/backend/backendClient.ts';
import { createClients, destroyClients } from '../support/backend.ts';

/** Everything that a launch may leave behind at a service, as the service itself tells it over HTTP. */
export interface Inventory {
  /** By name. */
  readonly jobs: Readonly<Record<string, string>>;
  /** Keys of the default bucket. */
  readonly objects: readonly string[];
  /** Keys of multipart uploads that were begun and neither completed nor aborted. */
  readonly uploads: readonly string[];
  /** Threads that train. */
  readonly workers: number;
}

export async function takeInventory(backend: BackendEndpoint): Promise<Inventory> {
  const clients = createClients(backend);
  try {
    const jobs: Record<string, string> = {};
    for await (const page of paginateListTrainingJobs({ client: clients.sagemaker }, {}))
      for (const { TrainingJobName = '', TrainingJobStatus = '' } of page.TrainingJobSummaries ?? [])
        jobs[TrainingJobName] = TrainingJobStatus;
    const objects: string[] = [];
    for await (const page of paginateListObjectsV2({ client: clients.s3 }, { Bucket: backend.bucket }))
      objects.push(...(page.Contents ?? []).map(({ Key = '' }) => Key));
    const { Uploads = [] } = await clients.s3.send(
      new ListMultipartUploadsCommand({ Bucket: backend.bucket }),
    );
    const { workers } = await callBackend(backend, 'SageMakerJobsLocal.Usage');
    return { jobs, objects, uploads: Uploads.map(({ Key = '' }) => Key), workers: Number(workers) };
  } finally {
    destroyClients(clients);
  }
}
