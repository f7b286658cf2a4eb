import assert from 'node:assert/strict';
import { GetRoleCommand, IAMClient, ListRolesCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { errorOf, rejection } from '../support/rejects.ts';
import { type TestServer, startTestServer, testAccountId, testRoleArn } from '../support/server.ts';
import { sendSigned } from '../support/signedRequest.ts';

describe('identity services', () => {
  let server: TestServer;
  let iam: IAMClient;
  let sts: STSClient;

  before(async () => {
    server = await startTestServer();
    iam = new IAMClient(server.clientConfig);
    sts = new STSClient(server.clientConfig);
  });

  after(async () => {
    iam.destroy();
    sts.destroy();
    await server.dispose();
  });

  it('says whose account it is', async () => {
    const identity = await sts.send(new GetCallerIdentityCommand());
    assert.equal(identity.Account, testAccountId);
    assert.match(identity.Arn ?? '', /^arn:aws:iam::123456789012:/);
    assert.ok(identity.UserId);
  });

  it('takes signatures for any region, as global services do', async () => {
    const client = new STSClient({ ...server.clientConfig, region: 'us-east-1' });
    assert.equal((await client.send(new GetCallerIdentityCommand())).Account, testAccountId);
  });

  it('lists the execution role with a trust policy for SageMaker', async () => {
    const { Roles, IsTruncated } = await iam.send(new ListRolesCommand({ MaxItems: 10 }));
    assert.equal(IsTruncated, false);
    assert.deepEqual(
      Roles?.map(({ Arn, Path, RoleName }) => ({ Arn, Path, RoleName })),
      [{ Arn: testRoleArn, Path: '/service-role/', RoleName: 'LocalExecutionRole' }],
    );
    const document = Roles?.[0]?.AssumeRolePolicyDocument ?? '';
    assert.match(document, /^%7B/);
    assert.deepEqual(JSON.parse(decodeURIComponent(document)), {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    });
    assert.ok(Roles?.[0]?.CreateDate instanceof Date);
  });

  it('lists only roles below the path', async () => {
    const below = await iam.send(new ListRolesCommand({ PathPrefix: '/service-role/' }));
    assert.equal(below.Roles?.length, 1);
    const elsewhere = await iam.send(new ListRolesCommand({ PathPrefix: '/other/' }));
    assert.deepEqual(elsewhere.Roles, []);
  });

  it('gets the role by name', async () => {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'LocalExecutionRole' }));
    assert.equal(Role?.Arn, testRoleArn);
  });

  it('refuses what the services refuse, in their words', async () => {
    assert.equal(
      await errorOf(iam.send(new GetRoleCommand({ RoleName: 'Nobody' }))),
      'NoSuchEntityException 404',
    );
    const missing = await rejection(iam.send(new GetRoleCommand({ RoleName: 'Nobody' })));
    assert.equal(missing.message, 'The role with name Nobody cannot be found.');
    assert.equal(
      await errorOf(iam.send(new GetRoleCommand({ RoleName: 'no spaces' }))),
      'ValidationError 400',
    );
    assert.equal(await errorOf(iam.send(new ListRolesCommand({ MaxItems: 1001 }))), 'ValidationError 400');
    assert.equal(await errorOf(iam.send(new ListRolesCommand({ PathPrefix: 'x' }))), 'ValidationError 400');
    assert.equal(
      await errorOf(iam.send(new ListRolesCommand({ Marker: 'invented' }))),
      'ValidationError 400',
    );
  });

  it('answers an action that is not there with InvalidAction', async () => {
    assert.equal(await errorOf(iam.send(new ListUsersCommand())), 'InvalidAction 400');
    assert.equal(await errorOf(sts.send(new GetSessionTokenCommand())), 'InvalidAction 400');
    const post = (body: string): ReturnType<typeof sendSigned> =>
      sendSigned(server.url, {
        method: 'POST',
        service: 'iam',
        headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
        body,
      });
    assert.match((await post('Action=toString&Version=2010-05-08')).body, /<Code>InvalidAction</);
    assert.match((await post('Action=ListRoles&Version=1999-01-01')).body, /<Code>InvalidAction</);
    assert.match((await post('Version=2010-05-08')).body, /<Code>MissingAction</);
  });
});
