import {
  CreateTrainingJobCommand,
  DescribeTrainingJobCommand,
  ListTrainingJobsCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import type { BackendAddress } from '../../src/backend/rendezvous.ts';
import { clientConfig } from './localBackend.ts';

/** Names of all training jobs, newest first, asked of the service itself. */
export async function listJobs(backend: BackendAddress): Promise<string[]> {
  return withClient(backend, async (client) => {
    const names: string[] = [];
    let NextToken: string | undefined;
    do {
      const page = await client.send(new ListTrainingJobsCommand({ MaxResults: 100, NextToken }));
      names.push(...(page.TrainingJobSummaries ?? []).map(({ TrainingJobName }) => TrainingJobName ?? ''));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return names;
  });
}

/** Creates jobs with the data and the settings of another one, with other hyperparameters on top. */
export async function createLike(
  backend: BackendAddress,
  model: string,
  names: readonly string[],
  hyperparameters: Readonly<Record<string, string>>,
): Promise<void> {
  await withClient(backend, async (client) => {
    const job = await client.send(new DescribeTrainingJobCommand({ TrainingJobName: model }));
    for (const TrainingJobName of names) {
      await client.send(
        new CreateTrainingJobCommand({
          TrainingJobName,
          AlgorithmSpecification: {
            TrainingImage: job.AlgorithmSpecification?.TrainingImage,
            TrainingInputMode: job.AlgorithmSpecification?.TrainingInputMode,
          },
          RoleArn: job.RoleArn,
          InputDataConfig: job.InputDataConfig,
          OutputDataConfig: job.OutputDataConfig,
          ResourceConfig: job.ResourceConfig,
          StoppingCondition: job.StoppingCondition,
          HyperParameters: { ...job.HyperParameters, ...hyperparameters },
        }),
      );
    }
  });
}

async function withClient<T>(
  backend: BackendAddress,
  action: (client: SageMakerClient) => Promise<T>,
): Promise<T> {
  const client = new SageMakerClient(clientConfig(backend));
  try {
    return await action(client);
  } finally {
    client.destroy();
  }
}
