import assert from 'node:assert/strict';
import {
  parsePythonFloat,
  parsePythonInt,
  parsePythonLiteral,
  PythonFloat,
  pythonRepr,
  PythonSyntaxError,
} from '../../../src/core/pythonLiteral.ts';

describe('parsePythonInt', () => {
  it('takes what int() takes', () => {
    assert.deepEqual([' 7 ', '+7', '-7', '007', '1_000'].map(parsePythonInt), [7, 7, -7, 7, 1000]);
  });

  it('refuses what int() refuses', () => {
    for (const text of ['', '10.0', '1e3', '1__0', '_1', '1_', '0x1', 'ten']) {
      assert.equal(parsePythonInt(text), undefined, text);
    }
  });
});

describe('parsePythonFloat', () => {
  it('takes what float() takes', () => {
    const texts = ['1', '1.', '.5', '1_0.5', '1e-3', ' -2.5E+2 ', 'nan', '-inf', 'Infinity'];
    assert.deepEqual(texts.map(parsePythonFloat), [1, 1, 0.5, 10.5, 0.001, -250, NaN, -Infinity, Infinity]);
  });

  it('refuses what float() refuses', () => {
    for (const text of ['', '.', '1,5', '0x1', '1e', '1_.5', 'half']) {
      assert.equal(parsePythonFloat(text), undefined, text);
    }
  });
});

describe('pythonRepr', () => {
  it('prints numbers as Python does', () => {
    const values = [1, 0.1, -0, 1e16, 1.5e-7, 0.0001, 123456789012345680, NaN, -Infinity];
    assert.deepEqual(
      values.map((value) => pythonRepr(new PythonFloat(value))),
      ['1.0', '0.1', '-0.0', '1e+16', '1.5e-07', '0.0001', '1.2345678901234568e+17', 'nan', '-inf'],
    );
  });

  it('prints what parsePythonLiteral reads', () => {
    const texts = ['1', '(1)', '(1,)', '1, -1', '[[1, 2], [3]]', '()', '(1.5, [2])'];
    assert.deepEqual(
      texts.map((text) => pythonRepr(parsePythonLiteral(text))),
      ['1', '1', '(1,)', '(1, -1)', '[[1, 2], [3]]', '()', '(1.5, [2])'],
    );
  });

  it('quotes strings with the quote that they do not hold', () => {
    assert.deepEqual([`a`, `it's`, `"it's"`, 'a\\b\n'].map(pythonRepr), [
      `'a'`,
      `"it's"`,
      `'"it\\'s"'`,
      `'a\\\\b\\n'`,
    ]);
  });
});

describe('parsePythonLiteral', () => {
  it('refuses everything else', () => {
    for (const text of ['', '(1', '1)', '[1 2]', '1 +', 'abc', '__import__("os")']) {
      assert.throws(() => parsePythonLiteral(text), PythonSyntaxError, text);
    }
  });
});
