import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GetObjectCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import type { AwsSession } from '../../src/aws/session.ts';
import { openTestSession } from '../support/awsSession.ts';
import { startBackend, type TestBackend } from '../support/backend.ts';
import { type FaultyProxy, startFaultyProxy } from '../support/faultyProxy.ts';
import { seededRandom } from '../support/random.ts';

const mebibyte = 2 ** 20;

describe('Objects on the local backend', () => {
  let backend: TestBackend;
  let proxy: FaultyProxy;
  let session: AwsSession;
  let folder: string;
  let small: string;
  let large: string;

  before(async () => {
    backend = await startBackend();
    proxy = await startFaultyProxy(backend);
    session = openTestSession(backend, proxy.url);
    folder = await mkdtemp(path.join(tmpdir(), 'aws-objects-'));
    small = await aFile('small.csv', 100_000);
    large = await aFile('large.csv', 41 * mebibyte + 12_345);
  });

  afterEach(() => {
    proxy.fault = () => undefined;
  });

  after(async () => {
    session.dispose();
    await proxy.dispose();
    await backend.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  it('uploads a small file in one piece', async () => {
    const progress: number[] = [];
    const from = proxy.requests.length;
    await session.objects.uploadFile(small, at('one/small.csv'), {
      contentType: 'text/csv',
      onProgress: (bytes) => progress.push(bytes),
    });
    assert.deepEqual(methodsSince(from), ['PUT']);
    assert.deepEqual(progress, [100_000]);
    const object = await stored('one/small.csv');
    assert.equal(object.contentType, 'text/csv');
    assert.equal(object.sha256, await sha256Of(small));
  });

  it('uploads a large file in parts and tells how far it is', async () => {
    const progress: number[] = [];
    await session.objects.uploadFile(large, at('two/large.csv'), {
      onProgress: (bytes) => progress.push(bytes),
    });
    assert.equal((await stored('two/large.csv')).sha256, await sha256Of(large));
    assert.equal(progress.length, 6);
    assert.equal(progress.at(-1), (await stat(large)).size);
    assert.ok(progress.every((bytes, index) => index === 0 || bytes > (progress[index - 1] ?? 0)));
    assert.deepEqual(await unfinished(), []);
  });

  it('leaves no object and no unfinished upload when it is cancelled half-way', async () => {
    const controller = new AbortController();
    const upload = session.objects.uploadFile(large, at('cancelled/large.csv'), {
      onProgress: () => controller.abort(),
      signal: controller.signal,
    });
    await assert.rejects(upload, { name: 'AbortError' });
    assert.equal(await session.objects.prefixIsEmpty(at('cancelled/')), true);
    assert.deepEqual(await unfinished(), []);
  });

  it('goes on with the missing parts when the connection was cut', async () => {
    const cutParts = new Set<string>();
    let parts = 0;
    proxy.fault = ({ method, url }) => {
      const part = /partNumber=(\d)/.exec(url)?.[1];
      if (method !== 'PUT' || part === undefined) return undefined;
      parts += 1;
      // Part 2 is lost with all its attempts; the answer about part 3 is lost, which the service then has.
      if (part === '2' && parts < 12) return 'cutBody';
      if (part === '3' && !cutParts.has(part)) {
        cutParts.add(part);
        return 'cutAfter';
      }
      return undefined;
    };
    const notices: string[] = [];
    await session.objects.uploadFile(large, at('cut/large.csv'), {
      onNotice: ({ kind, problem }) => notices.push(`${kind} ${problem.code}`),
    });
    assert.equal((await stored('cut/large.csv')).sha256, await sha256Of(large));
    assert.equal(notices[0], 'interrupted offline');
    assert.equal(notices.at(-1), 'resumed offline');
    assert.deepEqual(await unfinished(), []);
  });

  it('finds the object there when only the last answer was lost', async () => {
    let lost = 0;
    proxy.fault = ({ method, url }) =>
      method === 'POST' && url.includes('uploadId=') && lost++ === 0 ? 'cutAfter' : undefined;
    await session.objects.uploadFile(large, at('completed/large.csv'));
    assert.ok(lost >= 1);
    assert.equal((await stored('completed/large.csv')).sha256, await sha256Of(large));
  });

  it('does not upload a file that is not there', async () => {
    await assert.rejects(session.objects.uploadFile(path.join(folder, 'none.csv'), at('none.csv')), /ENOENT/);
  });

  it('lists, counts as empty and deletes what is below a prefix', async () => {
    for (const name of ['a', 'b', 'c']) await session.objects.uploadFile(small, at(`many/${name}.csv`));
    const keys: string[] = [];
    for await (const { key } of session.objects.list(at('many/'))) keys.push(key);
    assert.deepEqual(keys, ['many/a.csv', 'many/b.csv', 'many/c.csv']);
    assert.equal(await session.objects.prefixIsEmpty(at('many/')), false);
    await session.objects.deleteObjects([...keys, 'many/never-there.csv'].map(at));
    assert.equal(await session.objects.prefixIsEmpty(at('many/')), true);
  });

  it('downloads an object whole or not at all', async () => {
    await session.objects.uploadFile(small, at('down/small.csv'));
    const target = path.join(folder, 'downloaded.csv');
    await session.objects.downloadFile(at('down/small.csv'), target);
    assert.equal(await sha256Of(target), await sha256Of(small));
    const missing = path.join(folder, 'missing.csv');
    await assert.rejects(session.objects.downloadFile(at('down/none.csv'), missing), { code: 'notFound' });
    assert.deepEqual((await readdir(folder)).sort(), ['downloaded.csv', 'large.csv', 'small.csv']);
  });

  it('takes the default bucket that is there, and checks its region', async () => {
    assert.equal(await session.objects.defaultBucketName(), backend.bucket);
    assert.equal(await session.objects.ensureDefaultBucket(backend.bucket), false);
    await session.objects.checkBucketRegion(backend.bucket, 'us-east-1');
    await assert.rejects(session.objects.checkBucketRegion(backend.bucket, 'eu-west-1'), {
      code: 'wrongRegion',
      message: `Bucket "${backend.bucket}" is in us-east-1, the job in eu-west-1; SageMaker needs the same region.`,
    });
  });

  it('finds out why a bucket is refused, which the refusal of a HEAD does not say', async () => {
    const message = 'The provided token has expired.';
    proxy.fault = ({ method, target, url }) =>
      target !== '' || url === '/'
        ? undefined
        : method === 'HEAD'
          ? { status: 400, type: '', message: '' }
          : { status: 400, xml: `<Error><Code>ExpiredToken</Code><Message>${message}</Message></Error>` };
    await assert.rejects(session.objects.ensureDefaultBucket(backend.bucket), { code: 'expired' });
  });

  it('never makes a bucket other than the default one', async () => {
    await assert.rejects(session.objects.ensureDefaultBucket('my-own-data'), { code: 'notFound' });
  });

  function at(key: string) {
    return { bucket: backend.bucket, key };
  }

  function methodsSince(from: number): string[] {
    return proxy.requests.slice(from).map(({ method }) => method);
  }

  async function stored(key: string) {
    const answer = await backend.s3.send(new GetObjectCommand({ Bucket: backend.bucket, Key: key }));
    const bytes = await answer.Body?.transformToByteArray();
    assert.ok(bytes);
    return { contentType: answer.ContentType, sha256: sha256(bytes) };
  }

  async function unfinished() {
    return (await backend.s3.send(new ListMultipartUploadsCommand({ Bucket: backend.bucket }))).Uploads ?? [];
  }

  async function aFile(name: string, size: number): Promise<string> {
    const random = seededRandom(size);
    const content = Buffer.alloc(size);
    for (let at = 0; at + 4 <= size; at += 4) content.writeUInt32LE(Math.floor(random() * 2 ** 32), at);
    const file = path.join(folder, name);
    await writeFile(file, content);
    return file;
  }
});

async function sha256Of(file: string): Promise<string> {
  return sha256(await readFile(file));
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
