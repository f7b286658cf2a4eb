import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompletedPart,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  ListPartsCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { digestOf } from '../../src/backend/checksums.ts';
import { errorOf } from '../support/rejects.ts';
import { type TestServer, startTestServer } from '../support/server.ts';
import { sendSigned } from '../support/signedRequest.ts';

const Bucket = 'uploads-test';
const smallestPart = 5 * 1024 * 1024;
const big = Buffer.alloc(smallestPart, 'first part ');
const last = Buffer.from('the end');

describe('multipart uploads', () => {
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

  const begin = async (
    Key: string,
    more: Partial<CreateMultipartUploadCommandInput> = {},
  ): Promise<string> => {
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }));
    assert.ok(UploadId);
    return UploadId;
  };
  const sendPart = async (
    Key: string,
    UploadId: string,
    PartNumber: number,
    Body: Buffer,
  ): Promise<CompletedPart> => {
    const { ETag } = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
    assert.equal(ETag, `"${createHash('md5').update(Body).digest('hex')}"`);
    return { ETag, PartNumber };
  };
  const complete = (Key: string, UploadId: string, Parts: CompletedPart[], more: object = {}) =>
    s3.send(
      new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...more }),
    );

  it('joins parts that came in any order, and forgets the upload', async () => {
    const id = await begin('joined', { ContentType: 'text/plain', Metadata: { a: '1' } });
    const second = await sendPart('joined', id, 7, last);
    const first = await sendPart('joined', id, 2, big);
    assert.equal(await errorOf(s3.send(new GetObjectCommand({ Bucket, Key: 'joined' }))), 'NoSuchKey 404');

    const { ETag } = await complete('joined', id, [first, second]);
    // The MD5 of the MD5s of the parts.
    const md5s = [big, last].map((part) => createHash('md5').update(part).digest());
    assert.equal(ETag, `"${createHash('md5').update(Buffer.concat(md5s)).digest('hex')}-2"`);
    const object = await s3.send(new GetObjectCommand({ Bucket, Key: 'joined' }));
    const bytes = Buffer.from((await object.Body?.transformToByteArray()) ?? []);
    assert.ok(bytes.equals(Buffer.concat([big, last])));
    assert.deepEqual([object.ContentType, object.Metadata, object.ETag], ['text/plain', { a: '1' }, ETag]);
    assert.equal(server.objects.uploadCount(), 0);
    assert.deepEqual(readdirSync(path.join(server.folder, 'objects', 'uploads')), []);
  });

  it('takes the last of the parts that had the same number', async () => {
    const id = await begin('twice');
    await sendPart('twice', id, 1, Buffer.from('old'));
    const part = await sendPart('twice', id, 1, Buffer.from('new'));
    await complete('twice', id, [part]);
    const object = await s3.send(new GetObjectCommand({ Bucket, Key: 'twice' }));
    assert.equal(await object.Body?.transformToString(), 'new');
  });

  it('leaves nothing when aborted', async () => {
    const id = await begin('aborted');
    await sendPart('aborted', id, 1, last);
    const folder = path.join(server.folder, 'objects', 'uploads', id);
    assert.ok(existsSync(folder));
    const abort = (): Promise<unknown> =>
      s3.send(new AbortMultipartUploadCommand({ Bucket, Key: 'aborted', UploadId: id }));
    await abort();
    assert.ok(!existsSync(folder));
    assert.equal(await errorOf(abort()), 'NoSuchUpload 404');
    const late = new UploadPartCommand({ Bucket, Key: 'aborted', UploadId: id, PartNumber: 2, Body: last });
    assert.equal(await errorOf(s3.send(late)), 'NoSuchUpload 404');
  });

  it('refuses parts that are out of order, missing, altered or too small', async () => {
    const id = await begin('refused');
    const [one, two, three] = [
      await sendPart('refused', id, 1, last),
      await sendPart('refused', id, 2, last),
      { ETag: '"0123"', PartNumber: 3 },
    ];
    assert.equal(await errorOf(complete('refused', id, [two, one])), 'InvalidPartOrder 400');
    assert.equal(await errorOf(complete('refused', id, [one, one])), 'InvalidPartOrder 400');
    assert.equal(await errorOf(complete('refused', id, [one, three])), 'InvalidPart 400');
    assert.equal(await errorOf(complete('refused', id, [{ ...one, ETag: '"0123"' }])), 'InvalidPart 400');
    assert.equal(await errorOf(complete('refused', id, [one, two])), 'EntityTooSmall 400');
    assert.equal(await errorOf(complete('refused', id, [])), 'MalformedXML 400');
    assert.equal(await errorOf(complete('refused', id, [one], { MpuObjectSize: 8 })), 'InvalidRequest 400');
    assert.equal(await errorOf(complete('refused', id, [one], { IfMatch: '"x"' })), 'NoSuchKey 404');
    // After all that the upload is still there.
    await complete('refused', id, [one], { MpuObjectSize: 7 });
  });

  it('refuses numbers and uploads that there are not', async () => {
    const id = await begin('numbers');
    for (const number of ['0', '10001', 'x', '']) {
      const path = `/${Bucket}/numbers?partNumber=${number}&uploadId=${id}`;
      const response = await sendSigned(server.url, { method: 'PUT', path, body: 'x' });
      assert.match(response.body, /<Code>InvalidArgument<\/Code>/);
    }
    const part = { PartNumber: 1, Body: 'x' };
    const other = (more: { Key: string; UploadId: string }): Promise<string> =>
      errorOf(s3.send(new UploadPartCommand({ Bucket, ...part, ...more })));
    assert.equal(await other({ Key: 'numbers', UploadId: '../numbers' }), 'NoSuchUpload 404');
    assert.equal(await other({ Key: 'another key', UploadId: id }), 'NoSuchUpload 404');
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key: 'numbers', UploadId: id }));
  });

  it('completes once when asked at the same time', async () => {
    const id = await begin('raced');
    const parts = [await sendPart('raced', id, 1, big), await sendPart('raced', id, 2, last)];
    const results = await Promise.allSettled([complete('raced', id, parts), complete('raced', id, parts)]);
    assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    const refused = results.find((result) => result.status === 'rejected');
    assert.equal((refused?.reason as Error).name, 'NoSuchUpload');
    assert.deepEqual(readdirSync(path.join(server.folder, 'objects', 'incoming')), []);
  });

  it('lists parts in pages, by number', async () => {
    const id = await begin('listed');
    for (const number of [30, 10, 20]) await sendPart('listed', id, number, Buffer.alloc(number));
    const list = (more: object = {}) =>
      s3.send(new ListPartsCommand({ Bucket, Key: 'listed', UploadId: id, ...more }));
    const first = await list({ MaxParts: 2 });
    assert.deepEqual(
      first.Parts?.map(({ PartNumber, Size }) => [PartNumber, Size]),
      [
        [10, 10],
        [20, 20],
      ],
    );
    assert.deepEqual([first.IsTruncated, first.NextPartNumberMarker], [true, '20']);
    const second = await list({ MaxParts: 2, PartNumberMarker: first.NextPartNumberMarker });
    assert.deepEqual(
      second.Parts?.map(({ PartNumber, ETag }) => [PartNumber, ETag]),
      [[30, `"${createHash('md5').update(Buffer.alloc(30)).digest('hex')}"`]],
    );
    assert.equal(second.IsTruncated, false);
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key: 'listed', UploadId: id }));
  });

  it('lists uploads in pages, by key and then by time', async () => {
    const begun: string[] = [];
    for (const key of ['b/2', 'a', 'b/1', 'c', 'a']) begun.push(`${key} ${await begin(key)}`);
    const expected = [begun[1], begun[4], begun[2], begun[0], begun[3]];
    for (let MaxUploads = 1; MaxUploads <= 6; MaxUploads++) {
      const found: string[] = [];
      let markers: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } | undefined = {};
      while (markers !== undefined) {
        const command: ListMultipartUploadsCommand = new ListMultipartUploadsCommand({
          Bucket,
          MaxUploads,
          ...markers,
        });
        const page: ListMultipartUploadsCommandOutput = await s3.send(command);
        found.push(...(page.Uploads ?? []).map(({ Key, UploadId }) => `${Key} ${UploadId}`));
        markers = page.IsTruncated
          ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker }
          : undefined;
      }
      assert.deepEqual([...found].sort(), [...begun].sort());
      // Two uploads to one key that began in the same millisecond have no order in time.
      assert.deepEqual(
        found.map((text) => text.split(' ')[0]),
        expected.map((text) => text?.split(' ')[0]),
      );
    }
    const grouped = await s3.send(new ListMultipartUploadsCommand({ Bucket, Delimiter: '/' }));
    assert.deepEqual(grouped.CommonPrefixes, [{ Prefix: 'b/' }]);
    const below = await s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'b/' }));
    assert.deepEqual(
      below.Uploads?.map(({ Key }) => Key),
      ['b/1', 'b/2'],
    );
    assert.equal(server.objects.uploadCount(), 5);
    for (const text of begun) {
      const [Key, UploadId] = text.split(' ');
      await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    }
    assert.equal(server.objects.uploadCount(), 0);
  });

  it('copies a part out of another object', async () => {
    await server.objects.putFile(Bucket, 'origin', Buffer.from('0123456789'));
    const id = await begin('from-origin');
    const part = { Bucket, Key: 'from-origin', UploadId: id, PartNumber: 1, CopySource: `${Bucket}/origin` };
    const { CopyPartResult } = await s3.send(
      new UploadPartCopyCommand({ ...part, CopySourceRange: 'bytes=2-5' }),
    );
    await complete('from-origin', id, [{ PartNumber: 1, ETag: CopyPartResult?.ETag }]);
    const object = await s3.send(new GetObjectCommand({ Bucket, Key: 'from-origin' }));
    assert.equal(await object.Body?.transformToString(), '2345');
  });

  it('gives the checksum of checksums, or that of the whole', async () => {
    const crc = (bytes: Buffer): Buffer => digestOf('CRC32', bytes);
    const head = async (Key: string): Promise<[string | undefined, string | undefined]> => {
      const { ChecksumCRC32, ChecksumType } = await s3.send(
        new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }),
      );
      return [ChecksumCRC32, ChecksumType];
    };
    for (const ChecksumType of ['COMPOSITE', 'FULL_OBJECT'] as const) {
      const id = await begin(ChecksumType, { ChecksumAlgorithm: 'CRC32', ChecksumType });
      const parts = [await sendPart(ChecksumType, id, 1, big), await sendPart(ChecksumType, id, 2, last)];
      const wrong = { ChecksumCRC32: 'AAAAAA==', ChecksumType };
      assert.equal(await errorOf(complete(ChecksumType, id, parts, wrong)), 'BadDigest 400');
      const wrongPart = [{ ...parts[0], ChecksumCRC32: 'AAAAAA==' }, parts[1]!];
      assert.equal(await errorOf(complete(ChecksumType, id, wrongPart)), 'InvalidPart 400');
      await complete(ChecksumType, id, parts);
    }
    const composite = crc(Buffer.concat([crc(big), crc(last)])).toString('base64');
    assert.deepEqual(await head('COMPOSITE'), [`${composite}-2`, 'COMPOSITE']);
    const whole = crc(Buffer.concat([big, last])).toString('base64');
    assert.deepEqual(await head('FULL_OBJECT'), [whole, 'FULL_OBJECT']);
    const impossible = begin('k', { ChecksumAlgorithm: 'SHA256', ChecksumType: 'FULL_OBJECT' });
    assert.equal(await errorOf(impossible), 'InvalidRequest 400');
  });
});
