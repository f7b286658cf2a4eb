import { checkData } from './checkData.ts';
import { checkHyperparameters, turnOffEarlyStopping } from './checkHyperparameters.ts';
import { checkLabel } from './checkLabel.ts';
import type { CsvProfile } from './csvProfile.ts';
import { fieldError } from './fieldProblem.ts';
import { checkJobName } from './jobName.ts';
import { classesOf } from './objectives.ts';
import { parseS3Uri } from './s3Uri.ts';
import type { ComputeDraft, FieldProblem, OutputDraft, SplitDraft, TrainingDraft } from './trainingDraft.ts';

/** What the place where jobs run can do. */
export interface DraftLimits {
  readonly versions: readonly string[];
  readonly instanceTypes: readonly string[];
  /** Whether the local trainer runs the job, so that its limits count. */
  readonly localTrainer: boolean;
}

/**
 * What a user should know about a draft before a launch, in the order of the form. The page calls it while the user
 * types and the host once more before anything is sent; whether a name is taken only the service knows.
 */
export function validateDraft(
  draft: TrainingDraft,
  profile: CsvProfile,
  limits: DraftLimits,
): FieldProblem[] {
  const { data, algorithm, compute, output, jobName } = draft;
  const label = data.labelColumn === undefined ? undefined : profile.columns[data.labelColumn];
  const classCount = label && classesOf(label);
  return [
    ...checkLabel(data, algorithm.hyperparameters, profile),
    ...checkData(data, profile),
    ...versionProblems(algorithm.version, limits),
    ...checkHyperparameters(algorithm.hyperparameters, {
      version: algorithm.version,
      hasValidation: data.split.validationPercent > 0,
      localTrainer: limits.localTrainer,
      ...(classCount !== undefined && classCount > 1 && { classCount }),
    }),
    ...validationProblems(data.split, algorithm.hyperparameters),
    ...computeProblems(compute, limits),
    ...outputProblems(output),
    ...nameProblems(jobName),
  ];
}

function versionProblems(version: string, { versions }: DraftLimits): readonly FieldProblem[] {
  if (versions.includes(version)) return [];
  return [
    fieldError(
      'algorithm.version',
      `There is no version ${version} here. Choose one of ${versions.join(', ')}.`,
    ),
  ];
}

const usualValidationPercent = 15;

/** Early stopping without validation rows is said at both fields, as either can be changed. */
function validationProblems(
  split: SplitDraft,
  hyperparameters: TrainingDraft['algorithm']['hyperparameters'],
): readonly FieldProblem[] {
  if (hyperparameters['early_stopping_rounds'] === undefined || split.validationPercent !== 0) return [];
  const from = split.trainPercent > usualValidationPercent ? 'trainPercent' : 'testPercent';
  const change = {
    [from]: Math.max(0, split[from] - usualValidationPercent),
    validationPercent: usualValidationPercent,
  };
  const message = 'Early stopping needs validation rows, and Validation is 0 %.';
  const fixes = [
    { label: `Use ${usualValidationPercent} %`, change: { kind: 'setSplit', split: change } },
    turnOffEarlyStopping,
  ] as const;
  return [
    fieldError('data.split', message, ...fixes),
    fieldError('algorithm.hyperparameters.early_stopping_rounds', message, ...fixes),
  ];
}

const longestRuntimeInDays = 28;
const largestVolumeInGB = 16_384;

function computeProblems(compute: ComputeDraft, { instanceTypes }: DraftLimits): readonly FieldProblem[] {
  const { instanceType, instanceCount, volumeSizeInGB, maxRuntimeInSeconds } = compute;
  const problems: FieldProblem[] = [];
  if (!instanceTypes.includes(instanceType)) {
    const what =
      instanceType === '' ? 'An instance type is needed' : `"${instanceType}" is no type to train on`;
    problems.push(
      fieldError('compute.instanceType', `${what}. Choose one from the list, such as ml.m5.xlarge.`),
    );
  }
  if (!isWhole(instanceCount, 1, Infinity)) {
    problems.push(fieldError('compute.instanceCount', 'Must be a whole number, at least 1.'));
  }
  if (!isWhole(volumeSizeInGB, 1, largestVolumeInGB)) {
    problems.push(
      fieldError('compute.volumeSizeInGB', `Must be a whole number of GB, from 1 to ${largestVolumeInGB}.`),
    );
  }
  if (!isWhole(maxRuntimeInSeconds, 1, longestRuntimeInDays * 86_400)) {
    const message = `Must be at least 1 second and at most ${longestRuntimeInDays} days.`;
    problems.push(fieldError('compute.maxRuntimeInSeconds', message));
  }
  return problems;
}

function isWhole(value: number, minimum: number, maximum: number): boolean {
  return Number.isInteger(value) && value >= minimum && value <= maximum;
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
const bucketPattern = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const longestUri = 1024;
// https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html
const rolePattern = /^arn:aws[a-z-]*:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/;
const longestRole = 2048;

function outputProblems({ s3Uri, roleArn }: OutputDraft): readonly FieldProblem[] {
  const uri = uriProblem(s3Uri);
  const role = roleProblem(roleArn);
  return [
    ...(uri === undefined ? [] : [fieldError('output.s3Uri', uri)]),
    ...(role === undefined ? [] : [fieldError('output.roleArn', role)]),
  ];
}

function uriProblem(s3Uri: string): string | undefined {
  if (s3Uri === '') return 'An output location is needed, such as s3://bucket/prefix.';
  const location = parseS3Uri(s3Uri);
  if (!location) return 'Must look like s3://bucket/prefix.';
  if (!bucketPattern.test(location.bucket)) {
    return `"${location.bucket}" can't be a bucket: a name has 3 to 63 small letters, digits, dots and hyphens.`;
  }
  return s3Uri.length > longestUri ? `At most ${longestUri} characters.` : undefined;
}

function roleProblem(roleArn: string): string | undefined {
  if (roleArn === '')
    return 'An execution role is needed: SageMaker reads the data and writes the model as this role.';
  if (rolePattern.test(roleArn) && roleArn.length <= longestRole) return undefined;
  return 'Must be the ARN of a role, such as arn:aws:iam::111122223333:role/SageMakerRole.';
}

function nameProblems(jobName: string): readonly FieldProblem[] {
  const message = checkJobName(jobName);
  return message === undefined ? [] : [fieldError('jobName', message)];
}
