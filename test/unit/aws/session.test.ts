import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openAwsSession, regionOf } from '../../../src/aws/session.ts';
import { eventually } from '../../support/eventually.ts';

const variables = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_CONFIG_FILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_PROFILE',
];

const before = new Map(variables.map((name) => [name, process.env[name]]));

function restoreVariables(): void {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

describe('regionOf', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'aws-config-'));
    for (const name of variables) delete process.env[name];
    process.env['AWS_CONFIG_FILE'] = path.join(folder, 'config');
    process.env['AWS_SHARED_CREDENTIALS_FILE'] = path.join(folder, 'credentials');
    await writeFile(
      path.join(folder, 'config'),
      '[default]\nregion = us-west-2\n\n[profile research]\nregion = eu-west-1\n\n[profile none]\noutput = json\n',
    );
  });

  afterEach(async () => {
    restoreVariables();
    await rm(folder, { recursive: true, force: true });
  });

  it("is the chosen profile's, whatever the environment says", async () => {
    process.env['AWS_REGION'] = 'ap-south-1';
    assert.equal(await regionOf('research'), 'eu-west-1');
  });

  it("is the environment's without a chosen profile, and the default profile's without either", async () => {
    assert.equal(await regionOf(undefined), 'us-west-2');
    assert.equal(await regionOf(''), 'us-west-2');
    process.env['AWS_REGION'] = 'ap-south-1';
    assert.equal(await regionOf(undefined), 'ap-south-1');
  });

  it('is undefined when nothing names one', async () => {
    assert.equal(await regionOf('none'), undefined);
    assert.equal(await regionOf('unknown'), undefined);
    await rm(path.join(folder, 'config'));
    assert.equal(await regionOf(undefined), undefined);
  });
});

describe('openAwsSession', () => {
  afterEach(restoreVariables);

  it('holds no more connections however often expired keys are refused', async () => {
    const server = createServer((request, response) => {
      request.resume();
      response.writeHead(400, { 'Content-Type': 'application/x-amz-json-1.1' });
      response.end('{"__type":"ExpiredTokenException","message":"The security token is expired"}');
    });
    let connections = 0;
    server.on('connection', (socket) => {
      connections++;
      socket.on('close', () => connections--);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = (server.address() as AddressInfo).port;
    // Without keys of its own the session asks the SDK's chain each time, which finds these.
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' });
    const session = openAwsSession({
      region: 'us-east-1',
      endpoints: { default: `http://127.0.0.1:${port}` },
      unlimited: true,
    });
    try {
      for (let i = 0; i < 5; i++) await assert.rejects(session.jobs.listPage({}), { code: 'expired' });
      await eventually(() => connections <= 1 || undefined, 'the end of the older connections', 2000);
    } finally {
      session.dispose();
      server.closeAllConnections();
      server.close();
    }
  });

  it('says that it is offline, to whom and why, when nobody listens at an endpoint', async () => {
    const session = openAwsSession({
      region: 'us-east-1',
      // Nobody listens on these ports, which only an administrator may open.
      endpoints: { default: 'http://127.0.0.1:9', sts: 'http://127.0.0.1:1' },
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    await assert.rejects(session.identity.caller(), {
      name: 'Problem',
      code: 'offline',
      message: "Can't tell who is signed in: the connection was refused (127.0.0.1:1).",
    });
    session.dispose();
  });
});
