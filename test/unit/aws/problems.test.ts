import assert from 'node:assert/strict';
import { toThrown } from '../../../src/aws/problems.ts';
import { isAbortError } from '../../../src/core/cancellation.ts';
import { Problem, type ProblemCode } from '../../../src/core/problem.ts';

const context = { what: 'create training job', subject: 'boston', region: 'us-east-1', profile: 'research' };

describe('toThrown', () => {
  const denied = 'User: arn:aws:sts::111122223333:assumed-role/Dev/ana is not authorized to perform: ';
  const cases: readonly {
    readonly name: string;
    readonly message: string;
    readonly status?: number;
    readonly code: ProblemCode;
    readonly says: string;
  }[] = [
    {
      name: 'AccessDeniedException',
      message: `${denied}sagemaker:CreateTrainingJob on resource: arn:aws:sagemaker:us-east-1:111122223333:training-job/boston because no identity-based policy allows the sagemaker:CreateTrainingJob action`,
      code: 'accessDenied',
      says: 'Can\'t create training job "boston": ana may not sagemaker:CreateTrainingJob on arn:aws:sagemaker:us-east-1:111122223333:training-job/boston.',
    },
    {
      name: 'AccessDeniedException',
      message: `${denied}iam:PassRole on resource: arn:aws:iam::111122223333:role/service-role/SageMakerRole`,
      code: 'accessDenied',
      says: 'ana may not pass role SageMakerRole to SageMaker (iam:PassRole).',
    },
    {
      name: 'ResourceInUse',
      message: 'Training job names must be unique within an AWS account and region',
      code: 'conflict',
      says: 'The name "boston" is already used in us-east-1.',
    },
    {
      name: 'ResourceLimitExceeded',
      message:
        "The account-level service limit 'ml.m4.xlarge for training job usage' is 0 Instances, with current utilization of 0 Instances and a request delta of 1 Instances.",
      code: 'quota',
      says: 'Your account may run 0 × ml.m4.xlarge for training at once.',
    },
    {
      name: 'ExpiredTokenException',
      message: 'The token has expired',
      code: 'expired',
      says: 'Your sign-in for "research" expired.',
    },
    {
      name: 'CredentialsProviderError',
      message:
        'The SSO session associated with this profile has expired. To refresh this SSO session run aws sso login.',
      code: 'expired',
      says: 'Your sign-in for "research" expired.',
    },
    {
      name: 'CredentialsProviderError',
      message: 'Could not load credentials from any providers',
      code: 'notSignedIn',
      says: 'Can\'t create training job "boston": profile "research" gives no credentials.',
    },
    {
      name: 'UnrecognizedClientException',
      message: 'The security token included in the request is invalid.',
      code: 'notSignedIn',
      says: 'Can\'t create training job "boston": the service does not accept these credentials.',
    },
    {
      name: 'ThrottlingException',
      message: 'Rate exceeded',
      code: 'throttled',
      says: 'Can\'t create training job "boston": the service asks to slow down.',
    },
    {
      name: 'ValidationException',
      message: 'No S3 objects found under S3 URL "s3://b/train" given in input data source.',
      code: 'invalidInput',
      says: 'Can\'t create training job "boston": No S3 objects found under S3 URL "s3://b/train" given in input data source.',
    },
    {
      name: 'InternalFailure',
      message: '',
      status: 500,
      code: 'serviceFault',
      says: 'Can\'t create training job "boston": the service has a fault.',
    },
    {
      name: 'SyntaxError',
      message: 'Unexpected token <',
      status: 502,
      code: 'serviceFault',
      says: 'Can\'t create training job "boston": the service has a fault.',
    },
    {
      name: 'PermanentRedirect',
      message: 'The bucket you are attempting to access must be addressed using the specified endpoint.',
      status: 301,
      code: 'wrongRegion',
      says: 'Can\'t create training job "boston": the bucket is in another region, the connection in us-east-1.',
    },
    {
      name: '403',
      message: 'UnknownError',
      status: 403,
      code: 'accessDenied',
      says: 'Can\'t create training job "boston": access is denied.',
    },
  ];
  for (const { name, message, status = 400, code, says } of cases) {
    it(`makes of ${name} (HTTP ${status}) the problem ${code}: ${says.slice(0, 70)}`, () => {
      const problem = toThrown(sdkError(name, message, status), context);
      assert.ok(problem instanceof Problem);
      assert.equal(problem.code, code);
      assert.equal(problem.message, says);
    });
  }

  for (const [code, cause] of [
    ['ECONNREFUSED', 'the connection was refused'],
    ['ENOTFOUND', 'the name is not known'],
    ['ECONNRESET', 'the connection broke'],
    ['ETIMEDOUT', 'there was no answer in time'],
  ] as const) {
    it(`takes ${code} for a connection that is lost, and names the cause and the host`, () => {
      const error = Object.assign(new Error(code), { code, address: '10.0.0.1', port: 443 });
      const problem = toThrown(error, context);
      assert.ok(problem instanceof Problem);
      assert.equal(problem.code, 'offline');
      assert.equal(problem.message, `Can't create training job "boston": ${cause} (10.0.0.1:443).`);
    });
  }

  it('keeps a cancelled call an AbortError, whatever the SDK makes of it', () => {
    const signal = AbortSignal.abort();
    assert.ok(isAbortError(toThrown(new Error('socket hang up'), context, signal)));
    assert.ok(isAbortError(toThrown(sdkError('AbortError', 'Request aborted', 0), context)));
  });

  it('leaves a bug of ours as it is', () => {
    const bug = new TypeError('undefined is not a function');
    assert.equal(toThrown(bug, context), bug);
  });

  it('keeps the signed request out of the details', () => {
    const message = 'The Canonical String for this request should have been: AKIDEXAMPLE secret';
    const problem = toThrown(sdkError('SignatureDoesNotMatch', message, 403), context);
    assert.ok(problem instanceof Problem);
    assert.equal(problem.details, 'SignatureDoesNotMatch (HTTP 403)');
    assert.doesNotMatch(problem.message, /AKIDEXAMPLE/);
  });
});

function sdkError(name: string, message: string, httpStatusCode: number): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}
