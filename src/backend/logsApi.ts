/**
 * CloudWatch Logs, as far as reading the logs of jobs needs it.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_Operations.html
 */
import { eventId, mergedEvents, parseFilterPattern, streamIdOf } from './logFilter.ts';
import { type LogEvent, type LogStore, type TimeRange, maxPageEvents } from './logStore.ts';
import { type JsonObject, type Operation, ServiceError } from './wire.ts';

export interface LogsApiOptions {
  readonly logs: LogStore;
  readonly region: string;
  readonly accountId: string;
}

/** The operations, by name. */
export function createLogsApi({
  logs,
  region,
  accountId,
}: LogsApiOptions): Readonly<Record<string, Operation>> {
  const groupArn = (group: string): string => `arn:aws:logs:${region}:${accountId}:log-group:${group}`;

  function groupOf(input: JsonObject): string {
    const identifier = optionalText(input, 'logGroupIdentifier');
    const name = optionalText(input, 'logGroupName');
    if (identifier !== undefined && name !== undefined) {
      throw invalid('LogGroup name and LogGroup ARN are mutually exclusive parameters.');
    }
    const group =
      name ?? identifier?.replace(/^arn:aws[a-z-]*:logs:[^:]*:\d*:log-group:/, '').replace(/:\*$/, '');
    if (group === undefined) throw nullMember('logGroupName');
    if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(group)) {
      throw invalid(
        `1 validation error detected: Value '${group}' at 'logGroupName' failed to satisfy constraint: ` +
          'Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+',
      );
    }
    return group;
  }

  function streamsOf(group: string): readonly string[] {
    const streams = logs.streams(group);
    if (!streams)
      throw new ServiceError('ResourceNotFoundException', 'The specified log group does not exist.');
    return streams;
  }

  function describeLogGroups(input: JsonObject): JsonObject {
    const limit = integer(input, 'limit', 1, 50) ?? 50;
    const prefix = optionalText(input, 'logGroupNamePrefix');
    const pattern = optionalText(input, 'logGroupNamePattern');
    if (prefix !== undefined && pattern !== undefined) {
      throw invalid('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');
    }
    const after = pageToken(input);
    const names = logs
      .groups()
      .filter((name) => name.startsWith(prefix ?? '') && name.includes(pattern ?? ''))
      .filter((name) => after === undefined || name > after);
    const page = names.slice(0, limit);
    return {
      logGroups: page.map((name) => {
        const streams = (logs.streams(name) ?? []).map((stream) => logs.describe(name, stream));
        const created = Math.min(...streams.map((stream) => stream?.firstMs ?? Date.now()));
        return {
          logGroupName: name,
          creationTime: created,
          metricFilterCount: 0,
          arn: `${groupArn(name)}:*`,
          logGroupArn: groupArn(name),
          storedBytes: streams.reduce((sum, stream) => sum + (stream?.sizeBytes ?? 0), 0),
          logGroupClass: 'STANDARD',
        };
      }),
      ...nextToken(names.length > limit ? page.at(-1) : undefined),
    };
  }

  function describeLogStreams(input: JsonObject): JsonObject {
    const group = groupOf(input);
    const limit = integer(input, 'limit', 1, 50) ?? 50;
    const prefix = optionalText(input, 'logStreamNamePrefix');
    const orderBy = optionalText(input, 'orderBy') ?? 'LogStreamName';
    if (orderBy !== 'LogStreamName' && orderBy !== 'LastEventTime') {
      throw invalid(
        `1 validation error detected: Value '${orderBy}' at 'orderBy' failed to satisfy constraint: ` +
          'Member must satisfy enum value set: [LogStreamName, LastEventTime]',
      );
    }
    if (orderBy === 'LastEventTime' && prefix !== undefined) {
      throw invalid('Cannot order by LastEventTime with a logStreamNamePrefix.');
    }
    const after = pageToken(input);
    const byTime = (name: string): string =>
      `${String(logs.describe(group, name)?.lastMs ?? 0).padStart(15, '0')} ${name}`;
    const descending = input.descending === true;
    const streams = streamsOf(group)
      .filter((name) => name.startsWith(prefix ?? ''))
      .map((name) => ({ name, key: orderBy === 'LogStreamName' ? name : byTime(name) }))
      .filter(({ key }) => after === undefined || (descending ? key < after : key > after))
      .sort((a, b) => (a.key < b.key === descending ? 1 : -1));
    const page = streams.slice(0, limit);
    return {
      logStreams: page.map(({ name }) => {
        const info = logs.describe(group, name);
        return {
          logStreamName: name,
          creationTime: info?.firstMs,
          firstEventTimestamp: info?.firstMs,
          lastEventTimestamp: info?.lastMs,
          lastIngestionTime: info?.lastMs,
          arn: `${groupArn(group)}:log-stream:${name}`,
          // The real service has reported 0 since 2019.
          storedBytes: 0,
        };
      }),
      ...nextToken(streams.length > limit ? page.at(-1)?.key : undefined),
    };
  }

  function getLogEvents(input: JsonObject): JsonObject {
    const group = groupOf(input);
    const name = optionalText(input, 'logStreamName');
    if (name === undefined) throw nullMember('logStreamName');
    const limit = integer(input, 'limit', 1, maxPageEvents) ?? maxPageEvents;
    const range: TimeRange = {
      fromMs: integer(input, 'startTime', 0),
      untilMs: integer(input, 'endTime', 0),
    };
    if (!streamsOf(group).includes(name)) {
      throw new ServiceError('ResourceNotFoundException', 'The specified log stream does not exist.');
    }
    const cursor = parseCursor(optionalText(input, 'nextToken'));
    if (cursor && !logs.isBoundary(group, name, cursor.offset)) throw invalidToken();
    const forward = cursor ? cursor.direction === 'f' : input.startFromHead === true;
    const page = forward
      ? logs.readForward(group, name, cursor?.offset ?? 0, limit, range)
      : logs.readBackward(group, name, cursor?.offset, limit, range);
    return {
      events: page.events.map(({ timestampMs, message }) => ({
        timestamp: timestampMs,
        message,
        ingestionTime: timestampMs,
      })),
      nextForwardToken: formatCursor('f', page.end),
      nextBackwardToken: formatCursor('b', page.start),
    };
  }

  function filterLogEvents(input: JsonObject): JsonObject {
    const group = groupOf(input);
    const limit = integer(input, 'limit', 1, maxPageEvents) ?? maxPageEvents;
    const fromMs = integer(input, 'startTime', 0) ?? 0;
    const untilMs = (integer(input, 'endTime', 0) ?? Number.MAX_SAFE_INTEGER - 1) + 1;
    const matches = parseFilterPattern(optionalText(input, 'filterPattern') ?? '');
    const names = chosenStreams(input, streamsOf(group));
    const resume = parseFilterToken(optionalText(input, 'nextToken'));
    const begin = Math.max(fromMs, resume?.timestampMs ?? 0);

    const events: (LogEvent & { readonly stream: string })[] = [];
    let bytes = 0;
    let scanned = 0;
    let position = { timestampMs: begin, count: 0 };
    let finished = true;
    for (const event of mergedEvents(logs, group, names, { fromMs: begin, untilMs })) {
      if (event.timestampMs !== position.timestampMs) position = { timestampMs: event.timestampMs, count: 0 };
      const alreadySeen = resume?.timestampMs === event.timestampMs && position.count < resume.count;
      if (!alreadySeen) {
        const size = Buffer.byteLength(event.message);
        if (events.length === limit || bytes + size > maxFilterBytes || scanned === maxFilterScan) {
          finished = false;
          break;
        }
        scanned++;
        if (matches(event.message)) {
          events.push(event);
          bytes += size;
        }
      }
      position.count++;
    }
    const streamIds = new Map(names.map((name) => [name, streamIdOf(name)]));
    return {
      events: events.map(({ stream, timestampMs, message, offset }) => ({
        logStreamName: stream,
        timestamp: timestampMs,
        message,
        ingestionTime: timestampMs,
        eventId: eventId(streamIds.get(stream) ?? '', timestampMs, offset),
      })),
      searchedLogStreams: [],
      ...(finished ? {} : { nextToken: formatFilterToken(position) }),
    };
  }

  return {
    DescribeLogGroups: describeLogGroups,
    DescribeLogStreams: describeLogStreams,
    GetLogEvents: getLogEvents,
    FilterLogEvents: filterLogEvents,
  };
}

const maxFilterBytes = 1024 * 1024;

/** A page of FilterLogEvents ends after looking at so many events, with fewer or none found, as the real one's do. */
const maxFilterScan = 100_000;

function chosenStreams(input: JsonObject, all: readonly string[]): readonly string[] {
  const prefix = optionalText(input, 'logStreamNamePrefix');
  const names = input.logStreamNames;
  if (names !== undefined && names !== null) {
    if (prefix !== undefined) {
      throw invalid('LogStreamNamePrefix and LogStreamNames are mutually exclusive parameters.');
    }
    if (!Array.isArray(names) || names.length < 1 || names.length > 100) {
      throw invalid(
        `1 validation error detected: Value '${JSON.stringify(names)}' at 'logStreamNames' failed to satisfy ` +
          'constraint: Member must have length less than or equal to 100',
      );
    }
    const wanted = names as readonly string[];
    const missing = wanted.find((name) => !all.includes(name));
    if (missing !== undefined) {
      throw new ServiceError('ResourceNotFoundException', 'The specified log stream does not exist.');
    }
    return wanted;
  }
  return all.filter((name) => name.startsWith(prefix ?? ''));
}

/** Tokens of GetLogEvents have the real shape, and hold a byte offset: they never expire, not even by a restart. */
function formatCursor(direction: 'f' | 'b', offset: number): string {
  return `${direction}/${String(offset).padStart(56, '0')}/s`;
}

function parseCursor(
  token: string | undefined,
): { readonly direction: string; readonly offset: number } | undefined {
  if (token === undefined) return undefined;
  const match = /^([fb])\/(\d{56})\/s$/.exec(token);
  if (!match?.[1] || !Number.isSafeInteger(Number(match[2]))) throw invalidToken();
  return { direction: match[1], offset: Number(match[2]) };
}

function formatFilterToken({ timestampMs, count }: { timestampMs: number; count: number }): string {
  return Buffer.from(`${timestampMs}:${count}`).toString('base64url');
}

function parseFilterToken(token: string | undefined): { timestampMs: number; count: number } | undefined {
  if (token === undefined) return undefined;
  const match = /^(\d+):(\d+)$/.exec(Buffer.from(token, 'base64url').toString('latin1'));
  if (!match) throw invalidToken();
  return { timestampMs: Number(match[1]), count: Number(match[2]) };
}

function nextToken(last: string | undefined): JsonObject {
  return last === undefined ? {} : { nextToken: Buffer.from(last).toString('base64url') };
}

function pageToken(input: JsonObject): string | undefined {
  const token = optionalText(input, 'nextToken');
  return token === undefined ? undefined : Buffer.from(token, 'base64url').toString();
}

function optionalText(input: JsonObject, name: string): string | undefined {
  const value = input[name] ?? undefined;
  if (value !== undefined && typeof value !== 'string') {
    throw new ServiceError('SerializationException', `${name} can not be converted to a String`);
  }
  return value;
}

function integer(input: JsonObject, name: string, minimum: number, maximum?: number): number | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    throw new ServiceError('SerializationException', `${name} can not be converted to an Integer`);
  }
  const constraint =
    value < minimum
      ? `greater than or equal to ${minimum}`
      : maximum !== undefined && value > maximum
        ? `less than or equal to ${maximum}`
        : undefined;
  if (constraint !== undefined) {
    throw invalid(
      `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: ` +
        `Member must have value ${constraint}`,
    );
  }
  return value;
}

function nullMember(name: string): ServiceError {
  return invalid(
    `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`,
  );
}

function invalidToken(): ServiceError {
  return invalid('The specified nextToken is invalid.');
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidParameterException', message);
}
