/**
 * What the XGBoost container says, in its own words.
 * https://github.com/aws/sagemaker-xgboost-container
 */
import { maximizedMetrics, minimizedMetrics } from '../core/metrics.generated.ts';
import type { Refusal } from '../core/xgboostChannels.ts';
import { failureReasonOf } from '../core/xgboostContainer.ts';

/** A verdict of the container that ends the job. */
export class ContainerError extends Error {
  override readonly name = 'ContainerError';

  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }

  /** What SageMaker shows as FailureReason. */
  get failureReason(): string {
    return failureReasonOf(this.refusal);
  }

  /** The last lines of the container's log. */
  get logLines(): readonly string[] {
    return ['Reporting training FAILURE', ...this.failureReason.replace(/^AlgorithmError: /, '').split('\n')];
  }
}

/** What the container's own checks throw. */
export function userError(message: string): ContainerError {
  return new ContainerError({ errorClass: 'UserError', message });
}

/** A line as the container's logger prints it: `[2025-06-22:07:11:20:INFO] text`, in UTC. */
export function infoLine(text: string, date: Date): string {
  return `[${date.toISOString().slice(0, 19).replace('T', ':')}:INFO] ${text}`;
}

/** The line of a round: `[12]<tab>train-rmse:1.50000<tab>validation-rmse:2.00000`. */
export function roundLine(
  round: number,
  readings: readonly { readonly channel: string; readonly metric: string; readonly value: number }[],
): string {
  const values = readings.map(
    ({ channel, metric, value }) => `\t${channel}-${metric}:${formatMetric(value)}`,
  );
  return `[${round}]${values.join('')}`;
}

/** A number as C's `%.5f` prints it. */
export function formatMetric(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const magnitude = Math.abs(value);
  // C rounds a tie to the even digit, toFixed up. Only a number with few decimals can be one: an error rate of 1/64.
  const digits = magnitude.toFixed(40);
  const cut = digits.length - 35;
  const isTie = /^50*$/.test(digits.slice(cut)) && Number(digits[cut - 1]) % 2 === 0;
  return sign + (isTie ? digits.slice(0, cut) : magnitude.toFixed(5));
}

/** An XGBoost image of SageMaker's own. */
export interface XgboostImage {
  /** As the job names it, without the registry: `sagemaker-xgboost:1.7-1`. */
  readonly label: string;
  /** The image's version, such as `1.7-1`. */
  readonly version: string;
  /** The library in it, such as `1.7.4`; `undefined` for a tag that is not known. */
  readonly xgboostVersion: string | undefined;
}

const xgboostVersions: Readonly<Record<string, string>> = {
  '1': '0.72',
  latest: '0.72',
  '0.90-1': '0.90',
  '0.90-2': '0.90',
  '1.0-1': '1.0.0',
  '1.2-1': '1.2.0',
  '1.2-2': '1.2.0',
  '1.3-1': '1.3.3',
  '1.5-1': '1.5.2',
  '1.7-1': '1.7.4',
  '3.0-5': '3.0.5',
  '3.2-0': '3.2.0',
};

/** Reads an image's address; `undefined` when it is not one of XGBoost. */
export function parseXgboostImage(image: string): XgboostImage | undefined {
  const label = image.slice(image.lastIndexOf('/') + 1);
  const match = /^(xgboost|sagemaker-xgboost)(?::([^@]+))?(?:@.+)?$/.exec(label);
  if (!match) return undefined;
  const version = (match[2] ?? 'latest').replace(/-(?:cpu|gpu)-py\d+$/, '');
  return {
    label,
    version,
    xgboostVersion: Object.hasOwn(xgboostVersions, version) ? xgboostVersions[version] : undefined,
  };
}

const metricNames = [...maximizedMetrics, ...minimizedMetrics].sort();

/** The MetricDefinitions that SageMaker fills in for XGBoost's images and returns with the job. */
export function metricDefinitions(): readonly { readonly Name: string; readonly Regex: string }[] {
  return ['train', 'validation'].flatMap((channel) =>
    metricNames.map((metric) => ({
      Name: `${channel}:${metric}`,
      Regex: `.*\\[[0-9]+\\].*#011${channel}-${metric}:([-+]?[0-9]*\\.?[0-9]+(?:[eE][-+]?[0-9]+)?).*`,
    })),
  );
}
