import type { StoredLine } from './localBackend.ts';

/** The time before each line that a job wrote. Lines of the extension itself have none, or a bullet behind it. */
export const jobLine = /^(\d\d:\d\d:\d\d)\.\d{3} (?!● )(.*)$/;

/** A line of the Output panel that the job wrote, not the extension. */
export function isOfJob(line: string): boolean {
  return jobLine.test(line);
}

/** A line with the metrics of a round. */
export function isOfRound(line: string): boolean {
  return /^\S+ \[\d+\]\t/.test(line);
}

/** A line of the panel with its time in seconds, as `asShown` gives it. */
export function withoutMilliseconds(line: string): string {
  const [, time, message] = jobLine.exec(line) ?? [];
  return `${time} ${message}`;
}

/** A stored line as the panel shows it: in local time, and with SageMaker's `#011` as the tab that it stands for. */
export function asShown({ timestampMs, message }: StoredLine): string {
  const time = new Date(timestampMs).toLocaleTimeString('en-GB');
  return `${time} ${message.replaceAll('#011', '\t')}`;
}
