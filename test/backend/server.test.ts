import assert from 'node:assert/strict';
import { ListModelsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { HeadBucketCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type RequestInfo, startServer } from '../../src/backend/server.ts';
import { ServiceError } from '../../src/backend/wire.ts';
import { errorOf, rejection } from '../support/rejects.ts';
import {
  type TestServer,
  startTestServer,
  testAccountId,
  testKeys,
  testRegion,
  testRoleArn,
} from '../support/server.ts';
import { type RawRequest, sendRaw, sendSigned } from '../support/signedRequest.ts';

describe('server', () => {
  let server: TestServer;
  const requests: RequestInfo[] = [];

  before(async () => {
    server = await startTestServer({
      onRequest: (info) => requests.push(info),
      jsonServices: {
        SageMaker: {
          Echo: (input) => ({ input }),
          Refuse: () => {
            throw new ServiceError('ResourceInUse', 'The name is taken.');
          },
          Break: () => {
            throw new Error('secret detail in /some/path');
          },
        },
      },
    });
  });

  after(() => server.dispose());
  beforeEach(() => requests.splice(0));

  const call = (operation: string, request: Partial<RawRequest> = {}): ReturnType<typeof sendSigned> =>
    sendSigned(server.url, {
      method: 'POST',
      service: 'sagemaker',
      body: '{"Name":"x"}',
      ...request,
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `SageMaker.${operation}`,
        ...request.headers,
      },
    });
  const typeOf = (body: string): unknown => (JSON.parse(body) as { __type: unknown }).__type;

  it('hands the members of a JSON request to the operation and sends what it returns', async () => {
    const response = await call('Echo');
    assert.equal(response.status, 200);
    assert.equal(response.headers['content-type'], 'application/x-amz-json-1.1');
    assert.match(String(response.headers['x-amzn-requestid']), /^[0-9a-f-]{36}$/);
    assert.deepEqual(JSON.parse(response.body), { input: { Name: 'x' } });
  });

  it('sends a service error with its type, its message and status 400', async () => {
    const response = await call('Refuse');
    assert.equal(response.status, 400);
    assert.deepEqual(JSON.parse(response.body), {
      __type: 'ResourceInUse',
      message: 'The name is taken.',
      Message: 'The name is taken.',
    });
  });

  it('answers an operation that is not there as AWS does', async () => {
    for (const target of ['Nothing', 'constructor', '__proto__']) {
      const response = await call(target);
      assert.equal(response.status, 400);
      assert.equal(typeOf(response.body), 'UnknownOperationException');
    }
    const error = await rejection(new SageMakerClient(server.clientConfig).send(new ListModelsCommand()));
    assert.equal(error.name, 'UnknownOperationException');
    const foreign = await call('', { headers: { 'x-amz-target': 'DynamoDB_20120810.ListTables' } });
    assert.equal(typeOf(foreign.body), 'UnknownOperationException');
  });

  it('keeps the cause of a fault to itself, and logs it with its stack', async () => {
    const response = await call('Break');
    assert.equal(response.status, 500);
    assert.equal(typeOf(response.body), 'InternalFailure');
    assert.ok(!response.body.includes('secret detail') && !response.body.includes('/some/path'));
    assert.match(server.logged.join('\n'), /secret detail in \/some\/path\n\s+at /);
  });

  it('refuses what is not a JSON object', async () => {
    for (const body of ['{"a":', '[]', 'null', '7']) {
      const response = await call('Echo', { body });
      assert.equal(`${response.status} ${String(typeOf(response.body))}`, '400 SerializationException');
    }
  });

  it('refuses a JSON request of more than 4 MiB, and says so', async () => {
    const response = await call('Echo', { body: Buffer.alloc(4 * 1024 * 1024 + 1, 0x20) });
    assert.equal(`${response.status} ${String(typeOf(response.body))}`, '413 RequestEntityTooLargeException');
  });

  it('refuses every request that comes under another host name', async () => {
    for (const host of [
      'evil.example',
      `evil.example:${server.port}`,
      `127.0.0.1:${server.port + 1}`,
      '127.0.0.1',
    ]) {
      const response = await call('Echo', { headers: { host } });
      assert.equal(response.status, 403);
      assert.doesNotMatch(response.body, /__type|<Error>/);
    }
    assert.deepEqual(requests, []);
  });

  it('answers as localhost too', async () => {
    assert.equal((await call('Echo', { headers: { host: `localhost:${server.port}` } })).status, 200);
    assert.equal((await call('Echo', { headers: { host: `[::1]:${server.port}` } })).status, 200);
  });

  describe('believes nobody without its keys', () => {
    const wrongSecret = { ...testKeys, secretAccessKey: 'not the secret' };
    const wrongKey = { ...testKeys, accessKeyId: 'AKIASOMEBODYELSES000' };
    const now = Date.now();
    const cases: readonly { name: string; request: Partial<RawRequest>; expected: string }[] = [
      { name: 'another secret', request: { keys: wrongSecret }, expected: 'InvalidSignatureException' },
      { name: 'another access key', request: { keys: wrongKey }, expected: 'UnrecognizedClientException' },
      { name: 'another region', request: { region: 'us-west-2' }, expected: 'InvalidSignatureException' },
      { name: 'another service', request: { service: 'logs' }, expected: 'InvalidSignatureException' },
      {
        name: 'a request of 16 minutes ago',
        request: { date: new Date(now - 16 * 60_000) },
        expected: 'InvalidSignatureException',
      },
      {
        name: 'a request of 16 minutes from now',
        request: { date: new Date(now + 16 * 60_000) },
        expected: 'InvalidSignatureException',
      },
      {
        name: 'a header changed after signing',
        request: { tampered: { 'x-amz-target': 'SageMaker.Refuse' } },
        expected: 'InvalidSignatureException',
      },
      {
        name: 'a body that is not the signed one',
        request: { payloadHash: 'a'.repeat(64) },
        expected: 'InvalidSignatureException',
      },
      {
        name: 'a body that was not signed',
        request: { payloadHash: 'UNSIGNED-PAYLOAD' },
        expected: 'InvalidSignatureException',
      },
      {
        name: 'a session token, which our keys never have',
        request: { headers: { 'x-amz-security-token': 'token' } },
        expected: 'UnrecognizedClientException',
      },
      {
        name: 'half an authorization',
        request: { tampered: { authorization: 'AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request' } },
        expected: 'IncompleteSignature',
      },
      {
        name: 'another kind of authorization',
        request: { tampered: { authorization: 'Basic YTpi' } },
        expected: 'IncompleteSignature',
      },
    ];
    for (const { name, request, expected } of cases) {
      it(`refuses ${name} with ${expected}`, async () => {
        const response = await call('Echo', request);
        assert.equal(`${response.status} ${String(typeOf(response.body))}`, `403 ${expected}`);
        assert.deepEqual(requests, []);
      });
    }

    it('refuses a JSON request without a signature with MissingAuthenticationToken', async () => {
      const headers = { 'x-amz-target': 'SageMaker.Echo' };
      const response = await sendRaw(server.url, { method: 'POST', headers, body: '{}' });
      assert.equal(`${response.status} ${String(typeOf(response.body))}`, '403 MissingAuthenticationToken');
    });

    it('accepts a clock that is 14 minutes off', async () => {
      assert.equal((await call('Echo', { date: new Date(Date.now() - 14 * 60_000) })).status, 200);
    });

    it('words the same refusals as S3 and STS do', async () => {
      const s3 = (change: object): Promise<string> =>
        errorOf(new S3Client({ ...server.clientConfig, ...change }).send(new ListBucketsCommand()));
      const sts = (change: object): Promise<string> =>
        errorOf(new STSClient({ ...server.clientConfig, ...change }).send(new GetCallerIdentityCommand()));
      assert.equal(await s3({ credentials: wrongSecret }), 'SignatureDoesNotMatch 403');
      assert.equal(await s3({ credentials: wrongKey }), 'InvalidAccessKeyId 403');
      assert.equal(await s3({ region: 'us-west-2' }), 'AuthorizationHeaderMalformed 400');
      assert.equal(await s3({ systemClockOffset: -3_600_000 }), 'RequestTimeTooSkewed 403');
      assert.equal(await sts({ credentials: wrongSecret }), 'SignatureDoesNotMatch 403');
      assert.equal(await sts({ credentials: wrongKey }), 'InvalidClientTokenId 403');
      const anonymous = await sendRaw(server.url, { path: '/bucket/key' });
      assert.match(anonymous.body, /<Code>AccessDenied<\/Code>/);
      const form = { 'content-type': 'application/x-www-form-urlencoded' };
      const body = 'Action=GetCallerIdentity&Version=2011-06-15';
      const unsigned = await sendRaw(server.url, { method: 'POST', headers: form, body });
      assert.match(unsigned.body, /<Code>MissingAuthenticationToken<\/Code>/);
    });

    it('refuses a HEAD without a word', async () => {
      const client = new S3Client({ ...server.clientConfig, credentials: wrongSecret });
      const error = await rejection(client.send(new HeadBucketCommand({ Bucket: 'bucket' })));
      assert.equal(error.$metadata?.httpStatusCode, 403);
    });
  });

  it('tells of the requests that it believed, and of no others', async () => {
    await call('Echo');
    await call('Echo', { keys: { ...testKeys, secretAccessKey: 'wrong' } });
    await new S3Client(server.clientConfig).send(new ListBucketsCommand());
    assert.deepEqual(requests, [
      { protocol: 'json', method: 'POST', target: 'SageMaker.Echo', status: 200 },
      { protocol: 's3', method: 'GET', target: '/', status: 200 },
    ]);
  });

  it('rejects a port that is taken', async () => {
    const options = {
      region: testRegion,
      accountId: testAccountId,
      roleArn: testRoleArn,
      ...testKeys,
      jsonServices: {},
      objects: server.objects,
      port: server.port,
    };
    const error = await rejection(startServer(options));
    assert.equal((error as NodeJS.ErrnoException).code, 'EADDRINUSE');
  });

  it('listens no longer once closed, even with a client that keeps its connection', async () => {
    const other = await startTestServer();
    const client = new S3Client(other.clientConfig);
    await client.send(new ListBucketsCommand());
    await other.dispose();
    const error = await rejection(client.send(new ListBucketsCommand()));
    assert.match(String((error as NodeJS.ErrnoException).code), /ECONNREFUSED|ECONNRESET/);
    client.destroy();
  });
});
