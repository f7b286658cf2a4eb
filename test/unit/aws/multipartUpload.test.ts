import assert from 'node:assert/strict';
import { partSizeFor } from '../../../src/aws/multipartUpload.ts';

describe('partSizeFor', () => {
  const mebibyte = 2 ** 20;

  it('is 8 MiB for all files that fit into 10,000 such parts', () => {
    assert.equal(partSizeFor(16 * mebibyte), 8 * mebibyte);
    assert.equal(partSizeFor(80_000 * mebibyte), 8 * mebibyte);
  });

  it('grows so that no file needs more than 10,000 parts', () => {
    assert.equal(partSizeFor(80_000 * mebibyte + 1), 9 * mebibyte);
    const largest = 5 * 2 ** 40;
    assert.ok(Math.ceil(largest / partSizeFor(largest)) <= 10_000);
  });
});
