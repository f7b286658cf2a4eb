import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketAclCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3';
import { errorOf, rejection } from '../support/rejects.ts';
import { type TestServer, startTestServer, testAccountId } from '../support/server.ts';
import { sendRaw, sendSigned } from '../support/signedRequest.ts';

const Bucket = 'objects-test';

describe('objects', () => {
  let server: TestServer;
  let s3: S3Client;

  before(async () => {
    server = await startTestServer();
    s3 = new S3Client(server.clientConfig);
    server.objects.ensureBucket(Bucket);
  });

  after(async () => {
    s3.destroy();
    await server.dispose();
    assert.deepEqual(server.logged, []);
  });

  const put = (Key: string, Body: string | Buffer | Readable, more: Partial<PutObjectCommandInput> = {}) =>
    s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  const get = (Key: string, more: Partial<GetObjectCommandInput> = {}) =>
    s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
  const textOf = async (
    Key: string,
    more: Partial<GetObjectCommandInput> = {},
  ): Promise<string | undefined> => (await get(Key, more)).Body?.transformToString();
  const incomingFiles = (): string[] => readdirSync(path.join(server.folder, 'objects', 'incoming'));

  describe('buckets', () => {
    const europe = { CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' as const } };

    it('creates, lists, finds and deletes one', async () => {
      const name = 'made.for-a-test';
      const { Location } = await s3.send(new CreateBucketCommand({ Bucket: name, ...europe }));
      assert.equal(Location, `/${name}`);
      const head = await s3.send(new HeadBucketCommand({ Bucket: name, ExpectedBucketOwner: testAccountId }));
      assert.equal(head.BucketRegion, 'eu-west-1');
      const { LocationConstraint } = await s3.send(new GetBucketLocationCommand({ Bucket: name }));
      assert.equal(LocationConstraint, 'eu-west-1');
      const { Buckets } = await s3.send(new ListBucketsCommand());
      assert.deepEqual(
        Buckets?.map((bucket) => bucket.Name),
        [name, Bucket],
      );
      await s3.send(new DeleteBucketCommand({ Bucket: name }));
      assert.equal(await errorOf(s3.send(new HeadBucketCommand({ Bucket: name }))), 'NotFound 404');
    });

    it('refuses names that are no bucket names', async () => {
      for (const name of [
        'ab',
        'Upper',
        'under_score',
        'two..dots',
        '-dash',
        '192.168.5.4',
        'a'.repeat(64),
      ]) {
        const error = await errorOf(s3.send(new CreateBucketCommand({ Bucket: name, ...europe })));
        assert.equal(error, 'InvalidBucketName 400', name);
      }
    });

    it('refuses one that is there already', async () => {
      const again = s3.send(new CreateBucketCommand({ Bucket, ...europe }));
      assert.equal(await errorOf(again), 'BucketAlreadyOwnedByYou 409');
    });

    it('refuses a place that is not its own', async () => {
      const CreateBucketConfiguration = { LocationConstraint: 'ap-northeast-1' } as const;
      const japan = s3.send(new CreateBucketCommand({ Bucket: 'elsewhere', CreateBucketConfiguration }));
      assert.equal(await errorOf(japan), 'InvalidLocationConstraint 400');
      // The SDK names the place by itself; without a name us-east-1 is meant.
      const unnamed = await sendSigned(server.url, { method: 'PUT', path: '/elsewhere' });
      assert.match(unnamed.body, /<Code>IllegalLocationConstraintException<\/Code>/);
    });

    it('makes buckets in us-east-1 without naming the place', async () => {
      const east = await startTestServer({ region: 'us-east-1' });
      const client = new S3Client(east.clientConfig);
      await client.send(new CreateBucketCommand({ Bucket: 'eastern' }));
      await client.send(new CreateBucketCommand({ Bucket: 'eastern' }));
      const { LocationConstraint } = await client.send(new GetBucketLocationCommand({ Bucket: 'eastern' }));
      assert.ok(!LocationConstraint);
      client.destroy();
      await east.dispose();
    });

    it('refuses to delete one that holds objects', async () => {
      await put('there', 'x');
      assert.equal(await errorOf(s3.send(new DeleteBucketCommand({ Bucket }))), 'BucketNotEmpty 409');
    });

    it('says which bucket is not there', async () => {
      const error = await rejection(s3.send(new ListObjectsV2Command({ Bucket: 'not-there' })));
      assert.equal(error.name, 'NoSuchBucket');
      assert.equal((error as Error & { BucketName?: string }).BucketName, 'not-there');
      const missing = { Bucket: 'not-there', Key: 'k' };
      assert.equal(await errorOf(s3.send(new GetObjectCommand(missing))), 'NoSuchBucket 404');
      assert.equal(
        await errorOf(s3.send(new PutObjectCommand({ ...missing, Body: 'x' }))),
        'NoSuchBucket 404',
      );
      assert.equal(await errorOf(s3.send(new DeleteObjectCommand(missing))), 'NoSuchBucket 404');
      assert.equal(
        await errorOf(s3.send(new GetBucketLocationCommand({ Bucket: 'not-there' }))),
        'NoSuchBucket 404',
      );
    });

    it('refuses a request that means the bucket of another account', async () => {
      const ExpectedBucketOwner = '999999999999';
      assert.equal(
        await errorOf(s3.send(new HeadBucketCommand({ Bucket, ExpectedBucketOwner }))),
        'Unknown 403',
      );
      assert.equal(await errorOf(put('k', 'x', { ExpectedBucketOwner })), 'AccessDenied 403');
    });

    it('takes bucket paths with and without a slash, and says what it does not have', async () => {
      assert.equal((await sendSigned(server.url, { path: `/${Bucket}?location` })).status, 200);
      assert.equal((await sendSigned(server.url, { path: `/${Bucket}/?location=` })).status, 200);
      assert.equal(await errorOf(s3.send(new GetBucketAclCommand({ Bucket }))), 'NotImplemented 501');
      const patch = await sendSigned(server.url, { method: 'PATCH', path: `/${Bucket}/k` });
      assert.match(patch.body, /<Code>MethodNotAllowed<\/Code>/);
    });
  });

  describe('content', () => {
    it('comes back as it was put, with its type, headers, metadata and ETag', async () => {
      const text = 'a,b\n1,2\n';
      const { ETag } = await put('dir/data.csv', text, {
        ContentType: 'text/csv',
        CacheControl: 'max-age=1',
        ContentDisposition: 'attachment; filename="data.csv"',
        Metadata: { source: 'test', 'Row-Count': '1' },
        Tagging: 'a=b',
      });
      assert.equal(ETag, `"${createHash('md5').update(text).digest('hex')}"`);
      const object = await get('dir/data.csv');
      assert.equal(await object.Body?.transformToString(), text);
      assert.equal(object.ContentLength, 8);
      assert.equal(object.ContentType, 'text/csv');
      assert.equal(object.CacheControl, 'max-age=1');
      assert.equal(object.ContentDisposition, 'attachment; filename="data.csv"');
      assert.equal(object.ContentEncoding, undefined);
      assert.deepEqual(object.Metadata, { source: 'test', 'row-count': '1' });
      assert.equal(object.ETag, ETag);
      const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'dir/data.csv' }));
      assert.equal(head.ContentLength, 8);
      assert.equal(head.ETag, ETag);
      assert.deepEqual(head.LastModified, object.LastModified);
      assert.ok(Math.abs(Date.now() - (head.LastModified?.getTime() ?? 0)) < 10_000);
    });

    it('is binary/octet-stream without a type, and may be empty', async () => {
      const response = await sendSigned(server.url, { method: 'PUT', path: `/${Bucket}/empty`, body: '' });
      assert.equal(response.status, 200);
      const object = await get('empty');
      assert.equal(object.ContentType, 'binary/octet-stream');
      assert.equal(object.ContentLength, 0);
      assert.equal(await object.Body?.transformToString(), '');
    });

    it('streams in as aws-chunked, of any size, and is stored without the wrapping', async () => {
      const block = Buffer.alloc(1 << 20, 'streamed ');
      const size = 24 * block.length;
      const body = Readable.from(
        (function* () {
          for (let i = 0; i < 24; i++) yield block;
        })(),
      );
      await put('streamed', body, { ContentLength: size, ContentEncoding: 'gzip' });
      const object = await get('streamed');
      assert.equal(object.ContentEncoding, 'gzip');
      const hash = createHash('sha256');
      for await (const chunk of object.Body as AsyncIterable<Uint8Array>) hash.update(chunk);
      const expected = createHash('sha256');
      for (let i = 0; i < 24; i++) expected.update(block);
      assert.equal(hash.digest('hex'), expected.digest('hex'));
    });

    it('has any key that S3 allows, and none of them is a path', async () => {
      const keys = [
        'with space+plus%percent&amp;.csv',
        'ünïcödé/日本/😀',
        '../../../escape',
        'a/../b',
        './dot',
        '/leading',
        'double//slash',
        'trailing/',
        'quotes\'"<>',
        'CASE',
        'case',
        'con',
        'k'.repeat(1024),
        'tab\tkey',
      ];
      const before = readdirSync(server.folder);
      for (const key of keys) await put(key, `content of ${key}`);
      for (const key of keys) assert.equal(await textOf(key), `content of ${key}`);
      assert.deepEqual(readdirSync(server.folder), before);
      const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket, EncodingType: 'url' }));
      const listed = new Set(Contents?.map((object) => decodeURIComponent(object.Key ?? '')));
      for (const key of keys) assert.ok(listed.has(key), key);
      await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: keys.map((Key) => ({ Key })) } }));
      for (const key of keys) assert.equal(await errorOf(get(key)), 'NoSuchKey 404');
    });

    it('refuses a key of more than 1024 bytes', async () => {
      assert.equal(await errorOf(put('k'.repeat(1025), 'x')), 'KeyTooLongError 400');
      assert.equal(await errorOf(put('ü'.repeat(513), 'x')), 'KeyTooLongError 400');
    });

    it('refuses a path that is not UTF-8, and metadata without end', async () => {
      const response = await sendSigned(server.url, { path: `/${Bucket}/%ff%fe` });
      assert.match(response.body, /<Code>InvalidURI<\/Code>/);
      const Metadata = { long: 'x'.repeat(2048) };
      assert.equal(await errorOf(put('k', 'x', { Metadata })), 'MetadataTooLarge 400');
    });

    it('can be read while it is replaced or deleted', async () => {
      const size = 8 << 20;
      await put('replaced', Buffer.alloc(size, 'old'));
      const reading = await get('replaced');
      await put('replaced', 'new');
      await s3.send(new DeleteObjectCommand({ Bucket, Key: 'replaced' }));
      const bytes = await reading.Body?.transformToByteArray();
      assert.ok(Buffer.alloc(size, 'old').equals(bytes ?? Buffer.alloc(0)));
    });

    it('may be left half-read, which is no fault', async () => {
      await put('half-read', Buffer.alloc(16 << 20));
      const reading = await get('half-read');
      assert.ok(reading.Body instanceof Readable);
      for await (const chunk of reading.Body) {
        assert.ok((chunk as Buffer).length > 0);
        break;
      }
      assert.ok(reading.Body.destroyed);
      await s3.send(new DeleteObjectCommand({ Bucket, Key: 'half-read' }));
      assert.deepEqual(server.logged, []);
    });

    it('is of one put or the other when many come at once', async () => {
      const bodies = Array.from({ length: 20 }, (_, i) => `${i}`.repeat(1000 + i));
      await Promise.all(bodies.map((body) => put('contended', body)));
      const text = await textOf('contended');
      assert.ok(bodies.includes(text ?? ''));
      const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'contended' }));
      assert.equal(
        head.ETag,
        `"${createHash('md5')
          .update(text ?? '')
          .digest('hex')}"`,
      );
      assert.deepEqual(incomingFiles(), []);
    });

    it('can be deleted twice', async () => {
      await put('gone', 'x');
      await s3.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }));
      await s3.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }));
      assert.equal(await errorOf(s3.send(new HeadObjectCommand({ Bucket, Key: 'gone' }))), 'NotFound 404');
    });
  });

  describe('ranges and conditions', () => {
    before(() => put('digits', '0123456789'));

    it('sends the part that was asked for', async () => {
      const cases: readonly [range: string, text: string, contentRange: string | undefined][] = [
        ['bytes=0-3', '0123', 'bytes 0-3/10'],
        ['bytes=7-', '789', 'bytes 7-9/10'],
        ['bytes=-2', '89', 'bytes 8-9/10'],
        ['bytes=-99', '0123456789', 'bytes 0-9/10'],
        ['bytes=8-99', '89', 'bytes 8-9/10'],
        ['bytes=3-2', '0123456789', undefined],
        ['bytes=0-1,3-4', '0123456789', undefined],
        ['lines=0-1', '0123456789', undefined],
      ];
      for (const [Range, text, contentRange] of cases) {
        const object = await get('digits', { Range });
        assert.equal(await object.Body?.transformToString(), text, Range);
        assert.equal(object.ContentRange, contentRange, Range);
        assert.equal(object.ContentLength, text.length);
        assert.equal(object.$metadata.httpStatusCode, contentRange === undefined ? 200 : 206);
      }
      const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'digits', Range: 'bytes=2-4' }));
      assert.equal(head.ContentLength, 3);
    });

    it('refuses a range beyond the end, and says how long the object is', async () => {
      for (const range of ['bytes=10-', 'bytes=10-20', 'bytes=-0']) {
        assert.equal(await errorOf(get('digits', { Range: range })), 'InvalidRange 416');
        const response = await sendSigned(server.url, { path: `/${Bucket}/digits`, headers: { range } });
        assert.equal(response.headers['content-range'], 'bytes */10');
        assert.match(response.body, /<ActualObjectSize>10<\/ActualObjectSize>/);
      }
    });

    it('answers 304 or 412 as the conditions say', async () => {
      const { ETag } = await get('digits');
      assert.equal(await errorOf(get('digits', { IfNoneMatch: ETag })), 'Unknown 304');
      assert.equal(await errorOf(get('digits', { IfMatch: '"other"' })), 'PreconditionFailed 412');
      assert.equal(await textOf('digits', { IfMatch: ETag, IfNoneMatch: '"other"' }), '0123456789');
      const future = new Date(Date.now() + 3_600_000);
      assert.equal(await errorOf(get('digits', { IfModifiedSince: future })), 'Unknown 304');
      assert.equal(
        await errorOf(get('digits', { IfUnmodifiedSince: new Date(0) })),
        'PreconditionFailed 412',
      );
    });

    it('creates with If-None-Match only what is not there, and once of many at the same time', async () => {
      const results = await Promise.allSettled(
        Array.from({ length: 8 }, (_, i) => put('once', `writer ${i}`, { IfNoneMatch: '*' })),
      );
      const failures = results.flatMap((result) =>
        result.status === 'rejected' ? [result.reason as Error] : [],
      );
      assert.equal(failures.length, 7);
      assert.ok(failures.every(({ name }) => name === 'PreconditionFailed'));
      const { ETag } = await get('once');
      assert.equal(await errorOf(put('once', 'x', { IfMatch: '"other"' })), 'PreconditionFailed 412');
      await put('once', 'replaced', { IfMatch: ETag });
      assert.equal(await textOf('once'), 'replaced');
      assert.deepEqual(incomingFiles(), []);
    });

    it('takes other headers for the answer from the query', async () => {
      const object = await get('digits', { ResponseContentType: 'text/plain' });
      const named = 'attachment; filename="年.csv"';
      assert.equal(
        await errorOf(get('digits', { ResponseContentDisposition: named })),
        'InvalidArgument 400',
      );
      assert.equal(object.ContentType, 'text/plain');
    });
  });

  describe('copies', () => {
    before(() => put('source key/ü+1', 'copied', { ContentType: 'text/csv', Metadata: { a: '1' } }));
    const CopySource = `${Bucket}/source%20key/%C3%BC%2B1`;

    it('copies content and metadata', async () => {
      const { CopyObjectResult } = await s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource }));
      const object = await get('copy');
      assert.equal(await object.Body?.transformToString(), 'copied');
      assert.equal(object.ContentType, 'text/csv');
      assert.deepEqual(object.Metadata, { a: '1' });
      assert.equal(CopyObjectResult?.ETag, object.ETag);
      assert.ok(CopyObjectResult?.LastModified instanceof Date);
    });

    it('replaces the metadata when asked to', async () => {
      const replace = {
        MetadataDirective: 'REPLACE',
        Metadata: { b: '2' },
        ContentType: 'text/plain',
      } as const;
      await s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource, ...replace }));
      const object = await get('copy');
      assert.deepEqual([object.Metadata, object.ContentType], [{ b: '2' }, 'text/plain']);
    });

    it('refuses a source that is missing, has changed, or is the object itself', async () => {
      const copy = (more: object): Promise<string> =>
        errorOf(s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource, ...more })));
      assert.equal(await copy({ CopySource: `${Bucket}/nothing` }), 'NoSuchKey 404');
      assert.equal(await copy({ CopySource: 'not-there/nothing' }), 'NoSuchBucket 404');
      assert.equal(await copy({ CopySource: 'nonsense' }), 'InvalidArgument 400');
      assert.equal(await copy({ CopySource: `${Bucket}/copy` }), 'InvalidRequest 400');
      assert.equal(await copy({ CopySourceIfMatch: '"other"' }), 'PreconditionFailed 412');
      assert.equal(await copy({ MetadataDirective: 'SOMETHING' }), 'InvalidArgument 400');
    });
  });

  describe('deleting many', () => {
    it('answers for each key, or for none when quiet', async () => {
      await put('many/1', 'x');
      const Objects = [{ Key: 'many/1' }, { Key: 'many/<never>&there' }];
      const { Deleted } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
      assert.deepEqual(
        Deleted?.map(({ Key }) => Key),
        ['many/1', 'many/<never>&there'],
      );
      const quiet = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
      assert.equal(quiet.Deleted, undefined);
      assert.equal(server.objects.getObject(Bucket, 'many/1'), undefined);
    });

    it('refuses XML that is none, has a document type, or says something else', async () => {
      const documents = [
        '<Delete><Object>',
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><Delete><Object><Key>&e;</Key></Object></Delete>',
        '<Delete/>',
        '<Delete><Object><Key></Key></Object></Delete>',
        '<Other><Object><Key>k</Key></Object></Other>',
        '',
      ];
      for (const body of documents) {
        const md5 = createHash('md5').update(body).digest('base64');
        const response = await sendSigned(server.url, {
          method: 'POST',
          path: `/${Bucket}?delete`,
          headers: { 'content-md5': md5 },
          body,
        });
        assert.equal(response.status, 400);
        assert.match(response.body, /<Code>MalformedXML<\/Code>/);
      }
    });

    it('insists on a checksum of the list', async () => {
      const body = '<Delete><Object><Key>k</Key></Object></Delete>';
      const response = await sendSigned(server.url, { method: 'POST', path: `/${Bucket}?delete`, body });
      assert.match(response.body, /<Code>InvalidRequest<\/Code>/);
    });
  });

  it('shows an anonymous reader nothing', async () => {
    await put('private', 'secret');
    const response = await sendRaw(server.url, { path: `/${Bucket}/private` });
    assert.equal(response.status, 403);
    assert.doesNotMatch(response.body, /secret/);
  });
});
