import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type BackendAddress, answersAt } from '../../../src/backend/rendezvous.ts';

describe('answersAt', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  /** Another program that got the port of a backend, under a process number that is in use. */
  async function another(status: number, body: string): Promise<BackendAddress> {
    server = createServer((_request, response) => void response.writeHead(status).end(body));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'us-east-1',
      accountId: '000000000000',
      accessKeyId: 'LOCAL0',
      secretAccessKey: 'secret',
      bucket: 'sagemaker-us-east-1-000000000000',
      roleArn: 'arn:aws:iam::000000000000:role/r',
      pid: process.pid,
      version: '1.0.0',
    };
  }

  for (const [what, status, body] of [
    ['answers with a page', 200, '<!doctype html>'],
    ['answers with JSON that is no object', 200, 'null'],
    ['answers with a proof of its own', 200, '{"proof":"0"}'],
    ['knows nothing of the call', 404, ''],
  ] as const) {
    it(`does not take a program for the backend that ${what}`, async () => {
      assert.equal(await answersAt(await another(status, body)), false);
    });
  }
});
