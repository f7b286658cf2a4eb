import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openAwsSession, regionOf } from '../../../src/aws/session.ts';

const variables = [
  'AWS_CONFIG_FILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_PROFILE',
];

describe('regionOf', () => {
  const before = new Map(variables.map((name) => [name, process.env[name]]));
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
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
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
