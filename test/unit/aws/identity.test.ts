import assert from 'node:assert/strict';
import { trustsSageMaker } from '../../../src/aws/identity.ts';

describe('trustsSageMaker', () => {
  const statement = (changes: object): string =>
    encodeURIComponent(
      JSON.stringify({
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Principal: { Service: 'sagemaker.amazonaws.com' },
          Action: 'sts:AssumeRole',
          ...changes,
        },
      }),
    );

  it('finds SageMaker as the only principal and among several', () => {
    assert.equal(trustsSageMaker(statement({})), true);
    const Service = ['ec2.amazonaws.com', 'sagemaker.amazonaws.com'];
    assert.equal(trustsSageMaker(statement({ Principal: { Service } })), true);
  });

  it('refuses roles of others, denials, other actions and what it cannot read', () => {
    assert.equal(trustsSageMaker(statement({ Principal: { Service: 'ec2.amazonaws.com' } })), false);
    assert.equal(trustsSageMaker(statement({ Principal: '*' })), false);
    assert.equal(trustsSageMaker(statement({ Effect: 'Deny' })), false);
    assert.equal(trustsSageMaker(statement({ Action: 'sts:TagSession' })), false);
    assert.equal(trustsSageMaker('%7Bnot json'), false);
  });
});
