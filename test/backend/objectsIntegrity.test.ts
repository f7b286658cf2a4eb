import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { Readable } from 'node:stream';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { eventually } from '../support/eventually.ts';
import { errorOf } from '../support/rejects.ts';
import { type TestServer, startTestServer } from '../support/server.ts';
import {
  type RawRequest,
  type RawResponse,
  sendRaw,
  sendSigned,
  signHeaders,
} from '../support/signedRequest.ts';

const Bucket = 'integrity-test';

describe('integrity of uploads', () => {
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
  });

  const incomingFiles = (): string[] => readdirSync(path.join(server.folder, 'objects', 'incoming'));
  const put = (
    headers: Record<string, string>,
    body: string,
    more: Partial<RawRequest> = {},
  ): Promise<RawResponse> =>
    sendSigned(server.url, { method: 'PUT', path: `/${Bucket}/key`, headers, body, ...more });
  const codeOf = ({ status, body }: RawResponse): string =>
    `${status} ${/<Code>(.*)<\/Code>/.exec(body)?.[1] ?? 'stored'}`;

  it('verifies the checksum of each algorithm, keeps it and gives it back', async () => {
    for (const algorithm of ['CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const) {
      const Key = `checked-${algorithm}`;
      const put = new PutObjectCommand({ Bucket, Key, Body: 'content', ChecksumAlgorithm: algorithm });
      const stored = await s3.send(put);
      const name = `Checksum${algorithm}` as const;
      assert.ok(stored[name]);
      const head = await s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
      assert.equal(head[name], stored[name]);
      assert.equal(head.ChecksumType, 'FULL_OBJECT');
      // The SDK compares the checksum of what it reads.
      const object = await s3.send(new GetObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
      assert.equal(await object.Body?.transformToString(), 'content');
      const ranged = { Bucket, Key, ChecksumMode: 'ENABLED', Range: 'bytes=0-1' } as const;
      const part = await s3.send(new GetObjectCommand(ranged));
      assert.equal(part[name], undefined);
      assert.equal(await part.Body?.transformToString(), 'co');
    }
  });

  it('verifies the checksum in the trailer of a streamed body', async () => {
    for (const algorithm of ['CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const) {
      const Key = `streamed-${algorithm}`;
      const Body = Readable.from([Buffer.from('some '), Buffer.from('content')]);
      const command = { Bucket, Key, Body, ContentLength: 12, ChecksumAlgorithm: algorithm };
      const stored = await s3.send(new PutObjectCommand(command));
      assert.ok(stored[`Checksum${algorithm}`]);
    }
  });

  it('refuses content that does not match what was said of it, and leaves nothing', async () => {
    const md5 = createHash('md5').update('other').digest('base64');
    assert.equal(codeOf(await put({ 'content-md5': md5 }, 'content')), '400 BadDigest');
    assert.equal(codeOf(await put({ 'content-md5': 'nonsense' }, 'content')), '400 InvalidDigest');
    assert.equal(codeOf(await put({ 'x-amz-checksum-crc32': 'AAAAAA==' }, 'content')), '400 BadDigest');
    assert.equal(codeOf(await put({ 'x-amz-checksum-crc32c': 'AAAAAA==' }, 'content')), '400 BadDigest');
    assert.equal(
      codeOf(await put({ 'x-amz-checksum-sha1': Buffer.alloc(20).toString('base64') }, 'content')),
      '400 BadDigest',
    );
    assert.equal(
      codeOf(await put({ 'x-amz-checksum-sha256': Buffer.alloc(32).toString('base64') }, 'content')),
      '400 BadDigest',
    );
    assert.equal(codeOf(await put({ 'x-amz-checksum-crc32': 'AAAA' }, 'content')), '400 InvalidRequest');
    const two = { 'x-amz-checksum-crc32': 'AAAAAA==', 'x-amz-checksum-crc32c': 'AAAAAA==' };
    assert.equal(codeOf(await put(two, 'content')), '400 InvalidRequest');
    const tampered = await put({}, 'content', {
      payloadHash: createHash('sha256').update('other').digest('hex'),
    });
    assert.equal(codeOf(tampered), '400 XAmzContentSHA256Mismatch');
    assert.equal(codeOf(await put({}, 'content', { payloadHash: 'SOMETHING-ELSE' })), '400 InvalidArgument');
    assert.equal(server.objects.getObject(Bucket, 'key'), undefined);
    assert.deepEqual(incomingFiles(), []);
  });

  it('accepts an unsigned payload of a signed request', async () => {
    assert.equal(codeOf(await put({}, 'content', { payloadHash: 'UNSIGNED-PAYLOAD' })), '200 stored');
  });

  it('insists on a length, of at most 5 GiB', async () => {
    const chunked = await put({ 'transfer-encoding': 'chunked' }, 'content');
    assert.equal(codeOf(chunked), '411 MissingContentLength');
    const request = {
      method: 'PUT',
      path: `/${Bucket}/key`,
      headers: { 'x-amz-decoded-content-length': String(5 * 1024 ** 3 + 1) },
      payloadHash: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      body: '0\r\n\r\n',
    };
    assert.equal(codeOf(await sendSigned(server.url, request)), '400 EntityTooLarge');
  });

  describe('in chunks', () => {
    const chunked = (
      body: string,
      decodedLength: number,
      headers: Record<string, string> = {},
    ): Promise<RawResponse> =>
      put({ 'x-amz-decoded-content-length': String(decodedLength), ...headers }, body, {
        payloadHash: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      });
    const trailer = { 'x-amz-trailer': 'x-amz-checksum-crc32' };

    it('takes them apart, with a trailer or without', async () => {
      assert.equal(codeOf(await chunked('3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n', 5)), '200 stored');
      assert.equal(server.objects.getObject(Bucket, 'key')?.sizeBytes, 5);
      // VSFCMw== is the CRC-32 of these four bytes, as captured from the SDK.
      const body = '4\r\n1,2\n\r\n0\r\nx-amz-checksum-crc32:VSFCMw==\r\n\r\n';
      assert.equal(codeOf(await chunked(body, 4, trailer)), '200 stored');
    });

    it('refuses what is malformed, cut or of another length', async () => {
      const before = server.objects.getObject(Bucket, 'key');
      assert.equal(codeOf(await chunked('x\r\nabc\r\n0\r\n\r\n', 3)), '400 MalformedTrailerError');
      assert.equal(codeOf(await chunked('3\r\nabcd\r\n0\r\n\r\n', 3)), '400 MalformedTrailerError');
      assert.equal(codeOf(await chunked('3\r\nabc\r\n0\r\n\r\n', 4)), '400 IncompleteBody');
      assert.equal(codeOf(await chunked('3\r\nabc\r\n0\r\n\r\n', 2)), '400 IncompleteBody');
      assert.equal(codeOf(await chunked('3\r\nabc\r\n', 3)), '400 IncompleteBody');
      assert.equal(codeOf(await chunked('y'.repeat(9000), 3)), '400 MalformedTrailerError');
      const wrong = '4\r\n1,2\n\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n';
      assert.equal(codeOf(await chunked(wrong, 4, trailer)), '400 BadDigest');
      assert.equal(codeOf(await chunked('4\r\n1,2\n\r\n0\r\n\r\n', 4, trailer)), '400 MalformedTrailerError');
      assert.deepEqual(server.objects.getObject(Bucket, 'key'), before);
      assert.deepEqual(incomingFiles(), []);
    });

    it('verifies the signature of each', async () => {
      const send = (forge: (signature: string, chunk: number) => string): Promise<RawResponse> => {
        const pieces = ['first ', 'second', ''];
        const request = {
          method: 'PUT',
          path: `/${Bucket}/signed`,
          headers: { 'x-amz-decoded-content-length': '12', 'content-encoding': 'aws-chunked' },
          payloadHash: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
        };
        const { headers, key, scope, dateTime, signature } = signHeaders(server.url, request);
        const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
        let previous = signature;
        const body = pieces.map((piece, i) => {
          const parts = ['AWS4-HMAC-SHA256-PAYLOAD', dateTime, scope, previous, sha256(''), sha256(piece)];
          previous = createHmac('sha256', key).update(parts.join('\n')).digest('hex');
          return `${piece.length.toString(16)};chunk-signature=${forge(previous, i)}\r\n${piece}\r\n`;
        });
        return sendRaw(server.url, { ...request, headers, body: body.join('') });
      };
      assert.equal(codeOf(await send((signature) => signature)), '200 stored');
      assert.equal(server.objects.getObject(Bucket, 'signed')?.sizeBytes, 12);
      for (const chunk of [0, 1, 2]) {
        const forged = await send((signature, i) => (i === chunk ? 'a'.repeat(64) : signature));
        assert.equal(codeOf(forged), '403 SignatureDoesNotMatch');
      }
    });
  });

  it('leaves nothing of an upload that is cut', async () => {
    const request = { method: 'PUT', path: `/${Bucket}/cut`, headers: { 'content-length': '1000000' } };
    const { headers } = signHeaders(server.url, { ...request, payloadHash: 'UNSIGNED-PAYLOAD' });
    const socket = connect(server.port, '127.0.0.1');
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    socket.write(`PUT ${request.path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${'x'.repeat(100_000)}`);
    await eventually(() => incomingFiles()[0], 'the upload to begin');
    socket.destroy();
    await eventually(() => (incomingFiles().length === 0 ? true : undefined), 'the upload to be forgotten');
    assert.equal(server.objects.getObject(Bucket, 'cut'), undefined);
    assert.deepEqual(server.logged, []);
  });

  it('refuses a body before it is sent when the headers already say no', async () => {
    const request = {
      method: 'PUT',
      path: '/no-such-bucket/key',
      headers: { 'content-length': '1000000', expect: '100-continue' },
      payloadHash: 'UNSIGNED-PAYLOAD',
    };
    const { headers } = signHeaders(server.url, request);
    const socket = connect(server.port, '127.0.0.1');
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    socket.write(`PUT ${request.path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);
    assert.match(answer, /^HTTP\/1\.1 404 /);
    assert.match(answer, /NoSuchBucket/);
    assert.match(answer, /connection: close/i);
  });

  it('takes presigned URLs until they expire', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'presigned', Body: 'shared' }));
    const presigned = (expires: number, date = new Date()): Promise<RawResponse> => {
      const dateTime = date.toISOString().replace(/[-:]|\.\d+/g, '');
      const scope = `${dateTime.slice(0, 8)}/eu-west-1/s3/aws4_request`;
      const query = [
        'X-Amz-Algorithm=AWS4-HMAC-SHA256',
        `X-Amz-Credential=${encodeURIComponent(`${server.clientConfig.credentials.accessKeyId}/${scope}`)}`,
        `X-Amz-Date=${dateTime}`,
        `X-Amz-Expires=${expires}`,
        'X-Amz-SignedHeaders=host',
      ].join('&');
      const host = new URL(server.url).host;
      const canonical = [
        'GET',
        `/${Bucket}/presigned`,
        query,
        `host:${host}`,
        '',
        'host',
        'UNSIGNED-PAYLOAD',
      ];
      const key = scope
        .split('/')
        .reduce<Buffer | string>(
          (previous, step) => createHmac('sha256', previous).update(step).digest(),
          `AWS4${server.clientConfig.credentials.secretAccessKey}`,
        );
      const hash = createHash('sha256').update(canonical.join('\n')).digest('hex');
      const text = ['AWS4-HMAC-SHA256', dateTime, scope, hash].join('\n');
      const signature = createHmac('sha256', key).update(text).digest('hex');
      return sendRaw(server.url, { path: `/${Bucket}/presigned?${query}&X-Amz-Signature=${signature}` });
    };
    assert.equal((await presigned(60)).body, 'shared');
    const minuteAgo = new Date(Date.now() - 61_000);
    const expired = await presigned(60, minuteAgo);
    assert.equal(codeOf(expired), '403 AccessDenied');
    assert.match(expired.body, /Request has expired/);
    assert.equal((await presigned(120, minuteAgo)).body, 'shared');
    assert.equal(codeOf(await presigned(604_801)), '400 AuthorizationHeaderMalformed');
  });

  it('refuses the algorithms that it cannot verify', async () => {
    const command = new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', ContentMD5: 'bm90IG1kNQ==' });
    assert.equal(await errorOf(s3.send(command)), 'InvalidDigest 400');
    assert.equal(
      codeOf(await put({ 'x-amz-checksum-crc64nvme': 'AAAAAAAAAAA=' }, 'content')),
      '501 NotImplemented',
    );
  });
});
