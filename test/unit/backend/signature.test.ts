import assert from 'node:assert/strict';
import { AwsChunkedBody } from '../../../src/backend/awsChunked.ts';
import { type SignedRequest, SignatureError, verifySignature } from '../../../src/backend/signature.ts';

// The worked examples of the service's own documentation:
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
const keys = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const scope = { service: 's3', region: 'us-east-1' };
const then = Date.parse('2013-05-24T00:00:00Z');
const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const credential = 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request';

const authorization = (signedHeaders: string, signature: string): string =>
  `AWS4-HMAC-SHA256 Credential=${credential},SignedHeaders=${signedHeaders},Signature=${signature}`;

function getObject(change: Partial<Record<string, string>> = {}): SignedRequest {
  const headers = {
    host: 'examplebucket.s3.amazonaws.com',
    range: 'bytes=0-9',
    'x-amz-content-sha256': emptyHash,
    'x-amz-date': '20130524T000000Z',
    authorization: authorization(
      'host;range;x-amz-content-sha256;x-amz-date',
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ),
    ...change,
  };
  return {
    method: 'GET',
    path: '/test.txt',
    query: '',
    headers: new Map(Object.entries(headers)),
  };
}

const faultOf = (request: SignedRequest, now = then, expected: object = scope): string => {
  try {
    verifySignature(request, keys, expected, now);
    return 'none';
  } catch (error) {
    if (error instanceof SignatureError) return error.fault;
    throw error;
  }
};

describe('verifySignature', () => {
  it('accepts the documented GET with a range', () => {
    assert.equal(verifySignature(getObject(), keys, scope, then).payloadHash, emptyHash);
  });

  it('accepts the documented listing, whatever the order of its parameters', () => {
    const headers = new Map([
      ['host', 'examplebucket.s3.amazonaws.com'],
      ['x-amz-content-sha256', emptyHash],
      ['x-amz-date', '20130524T000000Z'],
      [
        'authorization',
        authorization(
          'host;x-amz-content-sha256;x-amz-date',
          '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
        ),
      ],
    ]);
    for (const query of ['max-keys=2&prefix=J', 'prefix=J&max-keys=2']) {
      assert.equal(faultOf({ method: 'GET', path: '/', query, headers }), 'none');
    }
  });

  it('accepts the documented presigned URL until it expires', () => {
    const request = {
      method: 'GET',
      path: '/test.txt',
      query:
        `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${encodeURIComponent(credential)}` +
        '&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host' +
        '&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
      headers: new Map([['host', 'examplebucket.s3.amazonaws.com']]),
    };
    assert.equal(verifySignature(request, keys, scope, then).payloadHash, 'UNSIGNED-PAYLOAD');
    assert.equal(faultOf(request, then + 86_400_000), 'none');
    assert.equal(faultOf(request, then + 86_401_000), 'expired');
    assert.equal(faultOf(request, then - 901_000), 'skewed');
    assert.equal(faultOf({ ...request, path: '/other.txt' }), 'mismatch');
  });

  it('refuses the documented GET when anything signed is another', () => {
    assert.equal(faultOf({ ...getObject(), method: 'PUT' }), 'mismatch');
    assert.equal(faultOf({ ...getObject(), path: '/test.txt2' }), 'mismatch');
    assert.equal(faultOf({ ...getObject(), query: 'acl' }), 'mismatch');
    assert.equal(faultOf(getObject({ range: 'bytes=0-8' })), 'mismatch');
    assert.equal(faultOf(getObject({ 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' })), 'mismatch');
    assert.equal(faultOf({ ...getObject(), bodySha256: 'f'.repeat(64) }), 'mismatch');
  });

  it('says what is wrong with a claim', () => {
    assert.equal(faultOf({ ...getObject(), headers: new Map() }), 'missing');
    assert.equal(faultOf(getObject(), then + 901_000), 'skewed');
    assert.equal(faultOf(getObject(), then, { ...scope, region: 'eu-west-1' }), 'wrongRegion');
    assert.equal(faultOf(getObject(), then, { ...scope, service: 'sts' }), 'wrongService');
    assert.equal(faultOf(getObject({ 'x-amz-date': 'yesterday' })), 'incomplete');
    assert.equal(faultOf(getObject({ 'x-amz-date': '20130525T000000Z' }), then + 86_400_000), 'incomplete');
    assert.equal(faultOf(getObject({ authorization: authorization('range', 'a') })), 'incomplete');
    assert.equal(faultOf(getObject({ authorization: 'AWS4-HMAC-SHA256 Credential=a/b' })), 'incomplete');
  });
});

describe('AwsChunkedBody', () => {
  const chunk = (length: number, signature: string): string =>
    `${length.toString(16)};chunk-signature=${signature}\r\n${'a'.repeat(length)}\r\n`;
  const documented =
    chunk(65_536, 'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648') +
    chunk(1024, '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497') +
    chunk(0, 'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9');

  const headers = new Map([
    ['host', 's3.amazonaws.com'],
    ['x-amz-date', '20130524T000000Z'],
    ['x-amz-storage-class', 'REDUCED_REDUNDANCY'],
    ['x-amz-content-sha256', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'],
    ['content-encoding', 'aws-chunked'],
    ['x-amz-decoded-content-length', '66560'],
    ['content-length', '66824'],
    [
      'authorization',
      authorization(
        'content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;' +
          'x-amz-storage-class',
        '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
      ),
    ],
  ]);
  const request = { method: 'PUT', path: '/examplebucket/chunkObject.txt', query: '', headers };

  async function read(text: string, pieceLength: number): Promise<Buffer> {
    const { seed } = verifySignature(request, keys, scope, then);
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < text.length; i += pieceLength) yield Buffer.from(text.slice(i, i + pieceLength));
    }
    const content: Uint8Array[] = [];
    const body = new AwsChunkedBody(pieces(), { seed, decodedLength: 66_560 });
    for await (const bytes of body) content.push(bytes);
    return Buffer.concat(content);
  }

  it('reads the documented upload, however it is cut on its way', async () => {
    assert.equal(documented.length, 66_824);
    for (const pieceLength of [7, 1000, 65_536, 100_000]) {
      assert.ok((await read(documented, pieceLength)).equals(Buffer.alloc(66_560, 'a')));
    }
  });

  it('refuses it when a byte of a chunk or of a signature is another', async () => {
    for (const changed of [documented.replace('aaa\r', 'aab\r'), documented.replace('=b6c6', '=b6c7')]) {
      await assert.rejects(read(changed, 4096), { code: 'SignatureDoesNotMatch' });
    }
    await assert.rejects(read(documented.slice(0, 66_000), 4096), { code: 'IncompleteBody' });
    await assert.rejects(read(documented.replace(/;chunk-signature=\w+/, ''), 4096), {
      code: 'SignatureDoesNotMatch',
    });
  });
});
