import assert from 'node:assert/strict';
import { parseDecimal } from '../../../src/boosting/decimal.ts';
import { f32 } from '../../../src/boosting/float32.ts';

describe('parseDecimal', () => {
  it('reads what float32 holds exactly', () => {
    const exact = {
      '0': 0,
      '-0': -0,
      '1': 1,
      '+2.5': 2.5,
      '.5': 0.5,
      '5.': 5,
      '-3.25': -3.25,
      '1e3': 1000,
      '25E-2': 0.25,
    };
    for (const [text, value] of Object.entries(exact)) assert.equal(parseDecimal(text), value, text);
  });

  it('adds whole part and fraction as two float32, as XGBoost does, where correct rounding gives another value', () => {
    // The steps of float32 around 1 are 1.2e-7: 1 + 0.18000000715 lies nearer to the upper neighbour of 1.18.
    assert.equal(parseDecimal('1.18'), f32(1.1800000667572021));
    assert.notEqual(parseDecimal('1.18'), f32(1.18));
    assert.equal(parseDecimal('1.57'), f32(1.5699999332427979));
    assert.equal(parseDecimal('16777216.5'), 16777216);
  });

  it('scales in float32 steps of 1e8 and 10', () => {
    // 1.23e-5 is f32(1 + f32(0.23)) / 1e5 with one rounding each.
    assert.equal(parseDecimal('1.23e-5'), f32(f32(1 + f32(0.23)) / 1e5));
    // 1e10 is 1e8 * 10 * 10.
    assert.equal(parseDecimal('3e10'), f32(3 * 1e10));
  });

  it('counts nineteen digits after the point', () => {
    assert.equal(parseDecimal('0.00000000000000000009'), 0);
    assert.equal(parseDecimal('0.12345678901234567899999'), f32(Number('0.1234567890123456789')));
  });

  it('rounds whole numbers beyond 2^53 once', () => {
    // Just above the middle of two float32 (2^60 + 2^36 and its upper neighbour are 2^37 apart); going through a
    // double first would fall back onto the middle, and from there to the even neighbour below.
    assert.equal(parseDecimal(String(2n ** 60n + 2n ** 36n + 1n)), 2 ** 60 + 2 ** 37);
    assert.equal(parseDecimal(String(2n ** 60n + 2n ** 36n)), 2 ** 60);
  });

  it('clips exponents beyond float32', () => {
    // 1e8 four times and 10 six times, each product rounded, come out a little above 1e38.
    const scale = f32(1.0000000694406173e38);
    assert.equal(parseDecimal('1e40'), scale);
    assert.equal(parseDecimal('5e-50'), f32(5 / scale));
  });

  it('reads infinity and not a number, and refuses the rest', () => {
    assert.equal(parseDecimal('inf'), Infinity);
    assert.equal(parseDecimal('-Infinity'), -Infinity);
    for (const text of ['nan', 'NaN', '', 'abc', '1.2.3', '12abc', '-', '.', '1e']) {
      assert.ok(Number.isNaN(parseDecimal(text)), text);
    }
  });
});
