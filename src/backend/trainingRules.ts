import type { Tag } from './jobStore.ts';
import type { TrainingRequest } from './trainingJobRequest.ts';
import { ServiceError } from './wire.ts';

/** The longest run, 28 days; its limit is a quota, so the API's model doesn't have it. */
const maxRuntimeLimitSeconds = 28 * 24 * 60 * 60;

/** What the service asks of tags beyond their shape. */
export function checkTags(tags: readonly Tag[]): void {
  const keys = new Set<string>();
  for (const { Key } of tags) {
    if (/^aws:/i.test(Key)) throw invalid('aws: prefixed tag key names are not allowed for external use.');
    if (keys.has(Key)) throw invalid(`Duplicate tag key: ${Key}`);
    keys.add(Key);
  }
}

/** What the service asks of a training job beyond the shape of the request. */
export function checkRules(request: TrainingRequest): void {
  const {
    AlgorithmSpecification: algorithm,
    ResourceConfig: resources,
    StoppingCondition: stopping,
  } = request;
  if ((algorithm.TrainingImage === undefined) === (algorithm.AlgorithmName === undefined)) {
    throw invalid(
      'You must specify exactly one of TrainingImage and AlgorithmName in AlgorithmSpecification.',
    );
  }
  if (!resources.InstanceGroups?.length) {
    requireMember(resources.InstanceType, 'resourceConfig.instanceType');
    requireMember(resources.InstanceCount, 'resourceConfig.instanceCount');
    requireAtLeastOne(resources.InstanceCount, 'resourceConfig.instanceCount');
  }
  requireMember(resources.VolumeSizeInGB, 'resourceConfig.volumeSizeInGB');
  requireAtLeastOne(resources.VolumeSizeInGB, 'resourceConfig.volumeSizeInGB');

  const maxRuntime = stopping.MaxRuntimeInSeconds ?? 0;
  if (maxRuntime > maxRuntimeLimitSeconds) {
    throw invalid(`Invalid MaxRuntimeInSeconds. It must be less than or equal to ${maxRuntimeLimitSeconds}.`);
  }
  if (request.EnableManagedSpotTraining && (stopping.MaxWaitTimeInSeconds ?? -1) < maxRuntime) {
    throw invalid(
      'Invalid MaxWaitTimeInSeconds. It must be present and be greater than or equal to MaxRuntimeInSeconds',
    );
  }
  if (!request.EnableManagedSpotTraining && stopping.MaxWaitTimeInSeconds !== undefined) {
    throw invalid('Invalid MaxWaitTimeInSeconds. It is only allowed when EnableManagedSpotTraining is true');
  }
  const names = (request.InputDataConfig ?? []).map(({ ChannelName }) => ChannelName);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalid(`Input channel names must be unique: ${twice}`);
  for (const { ChannelName, DataSource: source } of request.InputDataConfig ?? []) {
    if (!source.S3DataSource && !source.FileSystemDataSource) {
      throw invalid(`No data source is specified for the channel ${ChannelName}.`);
    }
  }
}

function requireMember(value: unknown, path: string): void {
  if (value !== undefined && value !== null) return;
  throw invalid(
    `1 validation error detected: Value null at '${path}' failed to satisfy constraint: Member must not be null`,
  );
}

function requireAtLeastOne(value: number | undefined, path: string): void {
  if (value !== undefined && value >= 1) return;
  throw invalid(
    `1 validation error detected: Value '${value}' at '${path}' failed to satisfy constraint: ` +
      'Member must have value greater than or equal to 1',
  );
}

/** The error that most refusals are. */
export function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}
