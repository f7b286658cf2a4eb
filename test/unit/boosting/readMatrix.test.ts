import assert from 'node:assert/strict';
import { abortError } from '../../../src/core/cancellation.ts';
import {
  MatrixError,
  type MatrixProblem,
  MatrixReader,
  readMatrix,
} from '../../../src/boosting/readMatrix.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function read(text: string, options?: ConstructorParameters<typeof MatrixReader>[0]) {
  const reader = new MatrixReader(options);
  reader.push(bytes(text));
  const { columns, labels, rowCount } = reader.finish();
  return { rowCount, labels: [...labels], columns: columns.map((column) => [...column]) };
}

function problemOf(text: string): MatrixProblem | undefined {
  try {
    read(text);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof MatrixError);
    return error.problem;
  }
}

describe('MatrixReader', () => {
  it('takes the first column as the label and the others as features', () => {
    assert.deepEqual(read('1,2,3\n4,5,6\n'), {
      rowCount: 2,
      labels: [1, 4],
      columns: [
        [2, 5],
        [3, 6],
      ],
    });
  });

  it('reads every column as a feature when there is no label', () => {
    assert.deepEqual(read('2,3\n5,6', { hasLabel: false }).columns, [
      [2, 5],
      [3, 6],
    ]);
  });

  it('reads empty cells and nan as missing, and zero as a value', () => {
    assert.deepEqual(read('1,,nan,0\n2, ,NaN,\n').columns, [
      [NaN, NaN],
      [NaN, NaN],
      [0, NaN],
    ]);
  });

  it('takes other delimiters, Windows line ends, spaces, a byte order mark and empty lines', () => {
    assert.deepEqual(read('\uFEFF1;2 ; 3\r\n\r\n4;5;6', { delimiter: ';' }).columns, [
      [2, 5],
      [3, 6],
    ]);
    assert.deepEqual(read('1\t\t3\n', { delimiter: '\t' }).columns, [[NaN], [3]]);
  });

  it('reads the same from chunks of any size', () => {
    const text = Array.from({ length: 50 }, (_, row) => `${row},${row / 7},,${-row}e-3\r\n`).join('');
    const whole = read(text);
    for (const size of [1, 2, 7, 64]) {
      const reader = new MatrixReader();
      for (let begin = 0; begin < text.length; begin += size)
        reader.push(bytes(text.slice(begin, begin + size)));
      const { columns, labels, rowCount } = reader.finish();
      const found = { rowCount, labels: [...labels], columns: columns.map((column) => [...column]) };
      assert.deepEqual(found, whole, `chunks of ${size}`);
    }
  });

  it('grows beyond its first rows', () => {
    const rows = 5000;
    const { labels, columns } = read(
      Array.from({ length: rows }, (_, row) => `${row},${row + 0.5}`).join('\n'),
    );
    assert.equal(labels.length, rows);
    assert.equal(columns[0]![rows - 1], rows - 0.5);
  });

  it('says where a cell is no number', () => {
    assert.deepEqual(problemOf('1,2\n3,high\n'), { kind: 'text', line: 2, column: 2, text: 'high' });
    assert.deepEqual(problemOf('crim,zn\n'), { kind: 'text', line: 1, column: 1, text: 'crim' });
    assert.deepEqual(problemOf('1,12 kg\n'), { kind: 'text', line: 1, column: 2, text: '12 kg' });
    assert.deepEqual(problemOf('1,"2"\n'), { kind: 'text', line: 1, column: 2, text: '"2"' });
  });

  it('says which row is longer or shorter than the first', () => {
    assert.deepEqual(problemOf('1,2,3\n1,2\n'), { kind: 'ragged', line: 2, expected: 3, found: 2 });
    assert.deepEqual(problemOf('1,2\n1,2,3\n'), { kind: 'ragged', line: 2, expected: 2, found: 3 });
  });

  it('refuses a row without a label and a file without features', () => {
    assert.deepEqual(problemOf('1,2\n,3\n'), { kind: 'noLabel', line: 2 });
    assert.deepEqual(problemOf('1;2\n'.replace(';', '')), { kind: 'noFeatures', line: 1 });
  });

  it('reads nothing as an empty matrix', () => {
    assert.deepEqual(read(''), { rowCount: 0, labels: [], columns: [] });
  });
});

describe('readMatrix', () => {
  it('reads a stream of chunks', async () => {
    const { rowCount } = await readMatrix([bytes('1,2\n3'), bytes(',4\n')]);
    assert.equal(rowCount, 2);
  });

  it('ends between chunks when it is cancelled', async () => {
    let checks = 0;
    const reading = readMatrix([bytes('1,2\n'), bytes('3,4\n')], {}, () => {
      if (++checks === 2) throw abortError();
    });
    await assert.rejects(reading, { name: 'AbortError' });
  });
});
