/**
 * The text of a job's log channel. A line is the event's local time, the host when there are several, and the
 * message as it was stored, but for SageMaker's `#011`, which is a tab again.
 */

/** One stored log event as a line of the channel. */
export function logLine(
  event: { readonly timestampMs: number; readonly message: string },
  host?: string,
): string {
  const prefix = host === undefined ? '' : `${host} `;
  return `${clockTime(event.timestampMs)} ${prefix}${event.message.replaceAll('#011', '\t')}`;
}

/** A change of the job's state: `14:02:33.004 ● Training    Training in progress`. */
export function statusLine(timeMs: number, status: string, message: string | undefined): string {
  return `${clockTime(timeMs)} ● ${status.padEnd(11)}${message ? ` ${message}` : ''}`.trimEnd();
}

/** A word from the extension itself, not from the job. */
export function ownLine(text: string): string {
  return `▸ ${text}`;
}

/** `HH:mm:ss.SSS` in the local time zone. */
function clockTime(timeMs: number): string {
  const time = new Date(timeMs);
  const two = (n: number): string => String(n).padStart(2, '0');
  const ms = String(time.getMilliseconds()).padStart(3, '0');
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${ms}`;
}
