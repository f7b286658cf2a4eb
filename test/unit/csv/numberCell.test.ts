import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cellKind, parseNumber } from '../../../src/csv/numberCell.ts';
import { kindMask, RowReader } from '../../../src/csv/rowReader.ts';
import { anyNumberText, bytesOf, seeded } from './csvText.ts';

/** The kind of a cell that stands alone between two others, without and with quotes. */
function kindOf(cell: string): string {
  const kinds = [cell, `"${cell}"`].map((written) => {
    const reader = new RowReader(',');
    reader.push(bytesOf(`a,${written},b\n`));
    assert.ok(reader.next());
    return reader.kinds[1]! & kindMask;
  });
  assert.equal(kinds[0], kinds[1], `${cell} is another kind in quotes`);
  return Object.entries(cellKind).find(([, value]) => value === kinds[0])?.[0] ?? '';
}

describe('the kind of a cell', () => {
  const cases = {
    number: ['0', '42', '-1', '+1', '1.5', '.5', '5.', '-.5', '1e5', '1E-10', '2.5e+3', ' 7 ', '\t7', '007'],
    nan: ['nan', 'NaN', 'NAN', ' nan '],
    empty: ['', ' ', '\t '],
    text: [
      'abc',
      '-',
      '.',
      '+.',
      'e5',
      '1e',
      '1e+',
      '1.2.3',
      '1 2',
      '--1',
      '1-',
      '12%',
      'inf',
      '-inf',
      'Infinity',
      'na',
    ],
  };
  for (const [kind, cells] of Object.entries(cases))
    it(`is ${kind} for ${cells.map((cell) => JSON.stringify(cell)).join(', ')}`, () => {
      for (const cell of cells) assert.equal(kindOf(cell), kind, cell);
    });
  it('is text for numbers with thousands separators or units, hexadecimal and dates', () => {
    for (const cell of ['1 000', '1_000', '$5', '0x1A', '2026-11-22', 'nano', 'nan1', '1nan', '½'])
      assert.equal(kindOf(cell), 'text', cell);
  });
});

describe('parseNumber', () => {
  it('equals Number for every number that a cell can hold', () => {
    const anyDouble = fc.double({ noNaN: true, noDefaultInfinity: true }).map(String);
    fc.assert(
      fc.property(fc.oneof(anyNumberText, anyDouble), (text) => {
        const bytes = bytesOf(`,${text},`);
        assert.equal(parseNumber(bytes, 1, bytes.length - 1), Number(text));
      }),
      { ...seeded, numRuns: 2000 },
    );
  });
});
