import {
  type FilterLogEventsCommandInput,
  type FilterLogEventsCommandOutput,
  type GetLogEventsCommandInput,
  type GetLogEventsCommandOutput,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import assert from 'node:assert/strict';
import { type TestBackend, startBackend } from '../support/backend.ts';

const logGroupName = '/aws/sagemaker/TrainingJobs';
const begin = 1_767_225_600_000;

describe('CloudWatch Logs', () => {
  let backend: TestBackend;
  beforeEach(async () => {
    backend = await startBackend();
  });
  afterEach(() => backend.dispose());

  /** Writes events one millisecond apart, `text 0`, `text 1` and so on, from some millisecond after the beginning. */
  function write(stream: string, text: string, count: number, fromMs = 0): void {
    const writer = backend.backend.logs.create(logGroupName, stream);
    for (let i = 0; i < count; i++) writer.append(begin + fromMs + i, `${text} ${i}`);
    writer.close();
  }

  const get = (input: Partial<GetLogEventsCommandInput>): Promise<GetLogEventsCommandOutput> =>
    backend.logs.send(new GetLogEventsCommand({ logGroupName, logStreamName: 'job/algo-1-1', ...input }));
  const filter = (input: Partial<FilterLogEventsCommandInput>): Promise<FilterLogEventsCommandOutput> =>
    backend.logs.send(new FilterLogEventsCommand({ logGroupName, ...input }));
  const texts = ({ events }: { events?: { message?: string | undefined }[] | undefined }): unknown[] =>
    (events ?? []).map(({ message }) => message);

  it('has no group and no stream before the first line of the first job', async () => {
    const streams = backend.logs.send(new DescribeLogStreamsCommand({ logGroupName }));
    await assert.rejects(streams, {
      name: 'ResourceNotFoundException',
      message: 'The specified log group does not exist.',
    });
    write('other/algo-1-1', 'x', 1);
    await assert.rejects(get({}), {
      name: 'ResourceNotFoundException',
      message: 'The specified log stream does not exist.',
    });
  });

  it('reads a stream from its head, page by page, until a token comes back', async () => {
    write('job/algo-1-1', 'line', 25);
    const seen: unknown[] = [];
    let nextToken: string | undefined;
    let calls = 0;
    for (;;) {
      const page = await get({ startFromHead: true, limit: 10, nextToken });
      assert.match(page.nextForwardToken!, /^f\/\d{56}\/s$/);
      assert.match(page.nextBackwardToken!, /^b\/\d{56}\/s$/);
      seen.push(...texts(page));
      calls++;
      if (page.nextForwardToken === nextToken) break;
      nextToken = page.nextForwardToken;
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 25 }, (_, i) => `line ${i}`),
    );
    assert.equal(calls, 4);
  });

  it('gives newer events to a token that was at the end', async () => {
    const writer = backend.backend.logs.create(logGroupName, 'job/algo-1-1');
    writer.append(begin, 'first');
    const { nextForwardToken: end } = await get({ startFromHead: true });
    assert.deepEqual(texts(await get({ startFromHead: true, nextToken: end })), []);
    writer.append(begin + 1, 'second');
    assert.deepEqual(texts(await get({ startFromHead: true, nextToken: end })), ['second']);
    writer.close();
  });

  it('keeps its tokens over a restart', async () => {
    write('job/algo-1-1', 'line', 5);
    const { nextForwardToken: nextToken } = await get({ startFromHead: true, limit: 3 });
    backend = await backend.restart();
    assert.deepEqual(texts(await get({ startFromHead: true, nextToken })), ['line 3', 'line 4']);
  });

  it('reads the tail first unless asked otherwise, and backwards from there', async () => {
    write('job/algo-1-1', 'line', 10);
    const tail = await get({ limit: 4 });
    assert.deepEqual(texts(tail), ['line 6', 'line 7', 'line 8', 'line 9']);
    const before = await get({ limit: 4, nextToken: tail.nextBackwardToken });
    assert.deepEqual(texts(before), ['line 2', 'line 3', 'line 4', 'line 5']);
    const first = await get({ limit: 4, nextToken: before.nextBackwardToken });
    assert.deepEqual(texts(first), ['line 0', 'line 1']);
    const none = await get({ limit: 4, nextToken: first.nextBackwardToken });
    assert.deepEqual([texts(none), none.nextBackwardToken], [[], first.nextBackwardToken]);
    assert.deepEqual(texts(await get({ nextToken: first.nextForwardToken, limit: 1 })), ['line 2']);
  });

  it('takes a start that counts and an end that does not', async () => {
    write('job/algo-1-1', 'line', 10);
    const page = await get({ startFromHead: true, startTime: begin + 3, endTime: begin + 6 });
    assert.deepEqual(texts(page), ['line 3', 'line 4', 'line 5']);
    assert.deepEqual(
      page.events?.map(({ timestamp }) => timestamp),
      [begin + 3, begin + 4, begin + 5],
    );
    assert.deepEqual(texts(await get({ startTime: begin + 3, endTime: begin + 6, limit: 2 })), [
      'line 4',
      'line 5',
    ]);
  });

  it('ends a page at 10,000 events', async () => {
    write('job/algo-1-1', 'x', 10_050);
    const page = await get({ startFromHead: true });
    assert.equal(page.events?.length, 10_000);
    assert.equal((await get({ startFromHead: true, nextToken: page.nextForwardToken })).events?.length, 50);
  });

  it('refuses what it can not read', async () => {
    write('job/algo-1-1', 'line', 3);
    const invalid = { name: 'InvalidParameterException' };
    await assert.rejects(get({ limit: 10_001 }), {
      ...invalid,
      message:
        "1 validation error detected: Value '10001' at 'limit' failed to satisfy constraint: " +
        'Member must have value less than or equal to 10000',
    });
    await assert.rejects(get({ limit: 0 }), invalid);
    for (const nextToken of ['f/1/s', `f/${'9'.repeat(56)}/s`, `f/${'1'.padStart(56, '0')}/s`, 'nonsense']) {
      await assert.rejects(get({ nextToken }), {
        ...invalid,
        message: 'The specified nextToken is invalid.',
      });
    }
    await assert.rejects(get({ logGroupName: 'a b' }), invalid);
    await assert.rejects(get({ logGroupName: undefined }), invalid);
  });

  it('describes groups and streams by prefix, in pages', async () => {
    for (const name of ['job/algo-1-1', 'job/algo-2-1', 'job-2/algo-1-1']) write(name, 'x', 2);
    const { logGroups } = await backend.logs.send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: '/aws/sage' }),
    );
    assert.equal(logGroups?.[0]?.logGroupName, logGroupName);
    assert.equal(logGroups[0].arn, `arn:aws:logs:us-east-1:000000000000:log-group:${logGroupName}:*`);
    const none = await backend.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/aws/lambda' }));
    assert.deepEqual(none.logGroups, []);

    const describeStreams = (input: object): Promise<{ logStreams?: object[]; nextToken?: string }> =>
      backend.logs.send(new DescribeLogStreamsCommand({ logGroupName, ...input })) as never;
    const first = await describeStreams({ logStreamNamePrefix: 'job/', limit: 1 });
    assert.deepEqual(first.logStreams, [
      {
        logStreamName: 'job/algo-1-1',
        creationTime: begin,
        firstEventTimestamp: begin,
        lastEventTimestamp: begin + 1,
        lastIngestionTime: begin + 1,
        arn: `arn:aws:logs:us-east-1:000000000000:log-group:${logGroupName}:log-stream:job/algo-1-1`,
        storedBytes: 0,
      },
    ]);
    const second = await describeStreams({
      logStreamNamePrefix: 'job/',
      limit: 1,
      nextToken: first.nextToken,
    });
    assert.deepEqual(
      second.logStreams?.map((stream) => (stream as { logStreamName: string }).logStreamName),
      ['job/algo-2-1'],
    );
    assert.equal(second.nextToken, undefined);
    await assert.rejects(describeStreams({ limit: 51 }), { name: 'InvalidParameterException' });
  });

  it('orders streams by their last event when asked to, newest first if descending', async () => {
    write('b/algo-1-1', 'x', 1, 100);
    write('a/algo-1-1', 'x', 1, 300);
    write('c/algo-1-1', 'x', 1, 200);
    const input = { logGroupName, orderBy: 'LastEventTime', descending: true } as const;
    const { logStreams } = await backend.logs.send(new DescribeLogStreamsCommand(input));
    assert.deepEqual(
      logStreams?.map(({ logStreamName }) => logStreamName?.charAt(0)),
      ['a', 'c', 'b'],
    );
    await assert.rejects(
      backend.logs.send(new DescribeLogStreamsCommand({ ...input, logStreamNamePrefix: 'a' })),
      {
        name: 'InvalidParameterException',
      },
    );
  });

  it('merges streams by time, in pages that give each event once', async () => {
    write('job/algo-1-1', 'one', 30);
    write('job/algo-2-1', 'two', 30, 10);
    write('job-2/algo-1-1', 'other', 30);
    const seen: string[] = [];
    const ids = new Set<string>();
    let last = 0;
    let nextToken: string | undefined;
    do {
      const page: FilterLogEventsCommandOutput = await filter({
        logStreamNamePrefix: 'job/',
        limit: 7,
        nextToken,
      });
      for (const event of page.events!) {
        assert.ok(event.timestamp! >= last);
        last = event.timestamp!;
        ids.add(event.eventId!);
        seen.push(`${event.logStreamName} ${event.message}`);
      }
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    assert.equal(ids.size, 60);
    assert.equal(new Set(seen).size, 60);
    assert.equal(seen.length, 60);
    assert.equal(
      seen.some((line) => line.startsWith('job-2')),
      false,
    );
  });

  it('gives an event the same id every time', async () => {
    write('job/algo-1-1', 'line', 3);
    const ids = async (input: object): Promise<unknown> =>
      (await filter(input)).events?.map(({ eventId }) => eventId);
    const all = (await ids({})) as string[];
    assert.match(all[0]!, /^\d{56}$/);
    assert.deepEqual(await ids({ startTime: begin + 1 }), all.slice(1));
  });

  it('filters by streams and by a time whose both ends count', async () => {
    write('job/algo-1-1', 'one', 10);
    write('job/algo-2-1', 'two', 10);
    const input = { startTime: begin + 2, endTime: begin + 3 };
    assert.deepEqual(texts(await filter(input)), ['one 2', 'two 2', 'one 3', 'two 3']);
    assert.deepEqual(texts(await filter({ ...input, logStreamNames: ['job/algo-2-1'] })), ['two 2', 'two 3']);
    await assert.rejects(filter({ logStreamNames: ['job/algo-9-1'] }), { name: 'ResourceNotFoundException' });
    await assert.rejects(filter({ logStreamNames: ['job/algo-1-1'], logStreamNamePrefix: 'job/' }), {
      name: 'InvalidParameterException',
    });
  });

  it('finds terms, and refuses patterns that it does not know', async () => {
    const writer = backend.backend.logs.create(logGroupName, 'job/algo-1-1');
    const lines = ['ERROR disk full', 'WARN disk slow', 'INFO train-rmse:1', 'ERROR net down'];
    lines.forEach((line, i) => writer.append(begin + i, line));
    writer.close();
    const found = async (filterPattern: string): Promise<unknown[]> => texts(await filter({ filterPattern }));
    assert.deepEqual(await found('ERROR'), [lines[0], lines[3]]);
    assert.deepEqual(await found('ERROR disk'), [lines[0]]);
    assert.deepEqual(await found('"disk slow"'), [lines[1]]);
    assert.deepEqual(await found('disk -ERROR'), [lines[1]]);
    assert.deepEqual(await found('?slow ?down'), [lines[1], lines[3]]);
    assert.deepEqual(await found('"train-rmse"'), [lines[2]]);
    for (const pattern of ['{ $.level = "x" }', '[a, b]', '%regex%', '"open']) {
      await assert.rejects(
        filter({ filterPattern: pattern }),
        { name: 'InvalidParameterException' },
        pattern,
      );
    }
  });
});
