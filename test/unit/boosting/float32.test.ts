import assert from 'node:assert/strict';
import { expf, f32, sigmoid } from '../../../src/boosting/float32.ts';

const bitsOf = (value: number): string =>
  new Uint32Array(Float32Array.of(value).buffer)[0]!.toString(16).padStart(8, '0');

describe('expf', () => {
  it('knows the exact cases', () => {
    assert.equal(expf(0), 1);
    assert.equal(expf(-0), 1);
  });

  it('has the bits of glibc', () => {
    // expf of glibc 2.36, called through Python's ctypes.
    const known = [
      [1, '402df854'],
      [-1, '3ebc5ab2'],
      [0.5, '3fd3094c'],
      [-0.5, '3f1b4598'],
      [10, '46ac14ee'],
      [-20.25, '30dc9ef1'],
      [88, '7ef882b7'],
      [-86.5, '0113bc74'],
    ] as const;
    for (const [x, bits] of known) assert.equal(bitsOf(expf(f32(x))), bits, `expf(${x})`);
  });

  it('has them where rounding the double result would give another', () => {
    const known = [
      [-3.392015218734741, '3d09caf4', '3d09caf3'],
      [4.102372169494629, '4271ef34', '4271ef33'],
      [-7.5241498947143555, '3a0d873c', '3a0d873b'],
      [1.529887318611145, '4093c3d8', '4093c3d7'],
    ] as const;
    for (const [x, bits, rounded] of known) {
      assert.equal(bitsOf(expf(x)), bits, `expf(${x})`);
      assert.equal(bitsOf(Math.exp(x)), rounded, `exp(${x})`);
    }
  });

  it('leaves the range of float32 for infinity and zero', () => {
    assert.equal(expf(89), Infinity);
    assert.equal(expf(-104), 0);
    assert.ok(Number.isNaN(expf(NaN)));
  });
});

describe('sigmoid', () => {
  it('is a half at zero and stays within (0, 1]', () => {
    assert.equal(sigmoid(0), 0.5);
    assert.equal(sigmoid(40), 1);
    assert.ok(sigmoid(-200) > 0);
  });
});
