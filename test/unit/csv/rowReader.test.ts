import assert from 'node:assert/strict';
import fc from 'fast-check';
import { UnusableCsv } from '../../../src/csv/unusableCsv.ts';
import { anyChunkLengths, anyDialect, bytesOf, chunksOf, readAll, seeded, writeCsv } from './csvText.ts';

const cellsOf = (text: string): string[][] => readAll([bytesOf(text)]).map((row) => row.cells);
const linesOf = (text: string): number[] => readAll([bytesOf(text)]).map((row) => row.line);

function failureOf(task: () => unknown): { defect: string; message: string } {
  try {
    task();
  } catch (error) {
    if (error instanceof UnusableCsv) return { defect: error.defect, message: error.message };
    throw error;
  }
  throw new assert.AssertionError({ message: 'nothing failed' });
}

describe('RowReader', () => {
  it('reads back any table, whatever the delimiter, the quoting, the line ends and the borders of chunks', () => {
    // A first cell that is never empty keeps rows from being blank lines.
    const cell = fc.string({
      unit: fc.constantFrom('a', '1', '.', ' ', '"', ',', ';', '\n', '\r', 'é', '|', '\t'),
    });
    const table = fc.integer({ min: 1, max: 5 }).chain((columns) =>
      fc.array(fc.tuple(fc.constant('x'), ...Array.from({ length: columns }, () => cell)), {
        minLength: 1,
      }),
    );
    // Quoted blanks around a cell are kept; a cell that starts or ends with a quote has been quoted by `writeCsv`.
    fc.assert(
      fc.property(table, anyDialect, anyChunkLengths, fc.boolean(), (rows, dialect, lengths, withMark) => {
        const bytes = bytesOf((withMark ? '\uFEFF' : '') + writeCsv(rows, dialect));
        const read = readAll(chunksOf(bytes, lengths), dialect.delimiter);
        assert.deepEqual(
          read.map((row) => row.cells),
          rows,
        );
      }),
      seeded,
    );
  });

  it('reads a last row without a line end', () => {
    assert.deepEqual(cellsOf('a,b\n1,2'), [
      ['a', 'b'],
      ['1', '2'],
    ]);
    assert.deepEqual(cellsOf('a,b\n1,'), [
      ['a', 'b'],
      ['1', ''],
    ]);
    assert.deepEqual(cellsOf('a,b\n1,"2"'), [
      ['a', 'b'],
      ['1', '2'],
    ]);
  });

  it('skips blank lines, and counts them as lines of the file', () => {
    assert.deepEqual(linesOf('a,b\n\n1,2\r\n  \r\n3,4\r\r5,6\n\n\n'), [1, 3, 5, 7]);
  });

  it('counts the line ends within quotes', () => {
    assert.deepEqual(linesOf('a,"b\nc\r\nd\re"\n1,2\n'), [1, 5]);
  });

  it('takes text after a closing quote into the cell, and leaves quotes inside a cell alone', () => {
    assert.deepEqual(cellsOf('"a"b,c"d"e\n"f" ,"g""h"i\n'), [
      ['ab', 'c"d"e'],
      ['f', 'g"hi'],
    ]);
  });

  it('refuses a row with another number of cells, and says where', () => {
    assert.deepEqual(
      failureOf(() => cellsOf('a,b,c\n1,2,3\n\n1,2\n')),
      {
        defect: 'ragged',
        message: 'line 4 has 2 cells where the first has 3',
      },
    );
    assert.equal(failureOf(() => cellsOf('a,b\n1\n')).message, 'line 2 has 1 cell where the first has 2');
  });

  it('refuses a quote that is never closed, and says where it opens', () => {
    assert.deepEqual(
      failureOf(() => cellsOf('a,b\n"x\ny",2\n1,"2\n3,4\n')),
      {
        defect: 'badQuoting',
        message: 'a quote opens in line 4 and is never closed',
      },
    );
  });

  it('gives up on an open quote after 16 MB instead of holding the whole file', () => {
    const chunk = bytesOf('1,2\n'.repeat(2 ** 20));
    const chunks = [bytesOf('a,b\n1,"2\n'), chunk, chunk, chunk, chunk, chunk, chunk];
    assert.equal(failureOf(() => readAll(chunks)).message, 'a quote opens in line 2 and is never closed');
  });

  it('refuses bytes that no text has', () => {
    const utf16 = Uint8Array.from(Buffer.from('a,b\n1,2\n', 'utf16le'));
    assert.equal(failureOf(() => readAll([utf16])).defect, 'notText');
    assert.equal(failureOf(() => cellsOf('a,b\n1,"2\0"\n')).defect, 'notText');
    assert.equal(failureOf(() => cellsOf('a,b\n1,"2"\0\n')).defect, 'notText');
  });

  it('finds nothing in an empty file', () => {
    assert.deepEqual(readAll([]), []);
    assert.deepEqual(readAll([bytesOf('\uFEFF')]), []);
  });
});
