import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type TestServer, startTestServer, testAccountId, testKeys, testRegion } from '../support/server.ts';

const run = promisify(execFile);
const versions = {
  python: await versionOf('python3', ['-c', 'import boto3; print(boto3.__version__)']),
  aws: await versionOf('aws', ['--version']),
};

/** What a program says of its version; `undefined` where it isn't installed, or doesn't work. */
async function versionOf(program: string, parameters: string[]): Promise<string | undefined> {
  try {
    return (await run(program, parameters)).stdout.trim();
  } catch {
    // Not there or broken: either way there is nothing to test with.
    return undefined;
  }
}

/** Buckets, keys and contents, paging, parts and errors, as a program of boto3 that prints what it found. */
const botoProgram = `
import boto3, json, sys, io, datetime
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError
endpoint, region, big = sys.argv[1:4]
config = Config(retries={'total_max_attempts': 1})
client = lambda name: boto3.client(name, endpoint_url=endpoint, region_name=region, config=config)
s3 = client('s3')
found = {}
def code(call, **parameters):
    try:
        call(**parameters)
    except ClientError as error:
        return '%s %d' % (error.response['Error']['Code'], error.response['ResponseMetadata']['HTTPStatusCode'])
    return 'no error'
s3.create_bucket(Bucket='boto-bucket', CreateBucketConfiguration={'LocationConstraint': region})
s3.put_object(Bucket='boto-bucket', Key='dir/a b+c \\u00fc.csv', Body=b'1,2\\n', Metadata={'Rows': '1'})
got = s3.get_object(Bucket='boto-bucket', Key='dir/a b+c \\u00fc.csv')
found['body'] = got['Body'].read().decode()
found['metadata'] = got['Metadata']
found['range'] = s3.get_object(Bucket='boto-bucket', Key='dir/a b+c \\u00fc.csv', Range='bytes=1-')['Body'].read().decode()
s3.put_object(Bucket='boto-bucket', Key='stream', Body=io.BytesIO(b'streamed'), ChecksumAlgorithm='SHA256')
s3.upload_file(big, 'boto-bucket', 'big', Config=TransferConfig(multipart_threshold=5242880, multipart_chunksize=5242880))
head = s3.head_object(Bucket='boto-bucket', Key='big')
found['big'] = [head['ContentLength'], head['ETag'][-3:]]
s3.download_file('boto-bucket', 'big', big + '.copy')
s3.copy({'Bucket': 'boto-bucket', 'Key': 'stream'}, 'boto-bucket', 'copied')
pages = s3.get_paginator('list_objects_v2').paginate(Bucket='boto-bucket', PaginationConfig={'PageSize': 1})
found['keys'] = [entry['Key'] for page in pages for entry in page.get('Contents', [])]
found['resource'] = [entry.key for entry in boto3.resource('s3', endpoint_url=endpoint, region_name=region).Bucket('boto-bucket').objects.filter(Prefix='dir/')]
url = s3.generate_presigned_url('get_object', Params={'Bucket': 'boto-bucket', 'Key': 'stream'})
found['errors'] = [
    code(s3.head_bucket, Bucket='not-there'),
    code(s3.get_object, Bucket='boto-bucket', Key='nothing'),
    code(s3.delete_bucket, Bucket='boto-bucket'),
    code(s3.create_bucket, Bucket='boto-bucket', CreateBucketConfiguration={'LocationConstraint': region}),
    code(s3.get_object, Bucket='boto-bucket', Key='stream', Range='bytes=100-'),
    code(client('iam').get_role, RoleName='Nobody'),
    code(client('sagemaker').list_models),
]
found['deleted'] = len(s3.delete_objects(Bucket='boto-bucket', Delete={'Objects': [{'Key': key} for key in found['keys']]})['Deleted'])
s3.delete_bucket(Bucket='boto-bucket')
found['account'] = client('sts').get_caller_identity()['Account']
found['trusted'] = client('iam').list_roles()['Roles'][0]['AssumeRolePolicyDocument']['Statement'][0]['Principal']['Service']
print(json.dumps(found))
`;

describe('other clients of the services', () => {
  let server: TestServer;
  let folder: string;
  let bigFile: string;
  const bigBytes = Buffer.alloc(11 * 1024 * 1024, 'not all of the same bytes, ');
  const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

  before(async () => {
    server = await startTestServer();
    folder = mkdtempSync(path.join(tmpdir(), 'clients-'));
    bigFile = path.join(folder, 'big.bin');
    writeFileSync(bigFile, bigBytes);
  });

  after(async () => {
    await server.dispose();
    rmSync(folder, { recursive: true, force: true });
    assert.deepEqual(server.logged, []);
  });

  const environment = (): NodeJS.ProcessEnv => ({
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    AWS_CONFIG_FILE: path.join(folder, 'no-config'),
    AWS_SHARED_CREDENTIALS_FILE: path.join(folder, 'no-credentials'),
    AWS_ACCESS_KEY_ID: testKeys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: testKeys.secretAccessKey,
    AWS_DEFAULT_REGION: testRegion,
    AWS_ENDPOINT_URL: server.url,
    AWS_EC2_METADATA_DISABLED: 'true',
  });

  if (versions.python === undefined) console.log('      boto3 is not installed: nothing is tested with it.');
  else {
    it(`serves boto3 ${versions.python}`, async () => {
      const parameters = ['-c', botoProgram, server.url, testRegion, bigFile];
      const { stdout } = await run('python3', parameters, { env: environment() });
      assert.deepEqual(JSON.parse(stdout), {
        body: '1,2\n',
        metadata: { rows: '1' },
        range: ',2\n',
        big: [bigBytes.length, '-3"'],
        keys: ['big', 'copied', 'dir/a b+c ü.csv', 'stream'],
        resource: ['dir/a b+c ü.csv'],
        errors: [
          '404 404',
          'NoSuchKey 404',
          'BucketNotEmpty 409',
          'BucketAlreadyOwnedByYou 409',
          'InvalidRange 416',
          'NoSuchEntity 404',
          'UnknownOperationException 400',
        ],
        deleted: 4,
        account: testAccountId,
        trusted: 'sagemaker.amazonaws.com',
      });
      assert.equal(sha256(`${bigFile}.copy`), sha256(bigFile));
    }).timeout(60_000);
  }

  if (versions.aws === undefined) console.log('      aws is not installed: nothing is tested with it.');
  else {
    it(`serves ${versions.aws.split(' ')[0]}`, async () => {
      const aws = async (...parameters: string[]): Promise<string> =>
        (await run('aws', parameters, { env: environment() })).stdout.trim();
      await aws('s3', 'mb', 's3://cli-bucket');
      await aws('s3', 'cp', '--quiet', bigFile, 's3://cli-bucket/dir/big copy.bin');
      await aws('s3', 'cp', '--quiet', 's3://cli-bucket/dir/big copy.bin', 's3://cli-bucket/again.bin');
      await aws('s3', 'cp', '--quiet', 's3://cli-bucket/again.bin', `${bigFile}.again`);
      assert.equal(sha256(`${bigFile}.again`), sha256(bigFile));
      const listed = await aws('s3', 'ls', '--recursive', 's3://cli-bucket');
      assert.match(
        listed,
        new RegExp(`${bigBytes.length} again.bin\\n.* ${bigBytes.length} dir/big copy.bin$`),
      );
      const arn = await aws('sts', 'get-caller-identity', '--query', 'Account', '--output', 'text');
      assert.equal(arn, testAccountId);
      await aws('s3', 'rb', '--force', 's3://cli-bucket');
      assert.deepEqual(server.objects.listBuckets(), []);
    }).timeout(90_000);
  }
});
