import assert from 'node:assert/strict';
import fc from 'fast-check';
import { partSizes } from '../../../src/core/split.ts';
import type { SplitDraft } from '../../../src/core/trainingDraft.ts';
import { Preparation, type PreparationPlan, type SpoolSizes } from '../../../src/csv/preparation.ts';
import { MemoryBlocks } from '../../../src/csv/rowSpool.ts';
import { UnusableCsv } from '../../../src/csv/unusableCsv.ts';
import {
  anyChunkLengths,
  anyDialect,
  anyNumberText,
  bytesOf,
  chunksOf,
  seeded,
  writeCsv,
} from './csvText.ts';

const aSplit = (changes: Partial<SplitDraft> = {}): SplitDraft => ({
  trainPercent: 70,
  validationPercent: 15,
  testPercent: 15,
  order: 'shuffled',
  seed: 42,
  ...changes,
});

const aPlan = (changes: Partial<PreparationPlan> = {}): PreparationPlan => ({
  delimiter: ',',
  hasHeader: true,
  labelColumn: 0,
  droppedColumns: [],
  textAsMissingColumns: [],
  split: aSplit(),
  sizeBytes: 0,
  ...changes,
});

/** Sizes that make many buckets and cut rows into several blocks, also for a file of a hundred bytes. */
const tinySizes: SpoolSizes = { bucketBytes: 40, blockBytes: 16, mostBuckets: 64 };

interface Parts {
  train: string;
  validation: string;
  test: string;
  testLabels: string;
}

function prepare(chunks: readonly Uint8Array[], plan: PreparationPlan, sizes?: SpoolSizes): Parts {
  const sizeBytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const preparation = new Preparation({ ...plan, sizeBytes }, new MemoryBlocks(), sizes);
  for (const chunk of chunks) preparation.push(chunk);
  const parts: Parts = { train: '', validation: '', test: '', testLabels: '' };
  const decoder = new TextDecoder();
  const counts: number[] = [];
  for (const rows of preparation.write(preparation.end(), (part, bytes) => {
    parts[part] += decoder.decode(bytes);
  }))
    counts.push(rows);
  assert.equal(counts.at(-1), preparation.rows, 'all rows are written');
  return parts;
}

const prepareText = (text: string, plan: Partial<PreparationPlan> = {}): Parts =>
  prepare([bytesOf(text)], aPlan(plan));

const inFileOrder = (trainPercent: number, validationPercent: number, testPercent: number): SplitDraft =>
  aSplit({ order: 'file', trainPercent, validationPercent, testPercent });

const linesOf = (text: string): string[] => text.split('\n').slice(0, -1);

function failureOf(text: string, plan: Partial<PreparationPlan> = {}): string {
  try {
    prepareText(text, plan);
  } catch (error) {
    if (error instanceof UnusableCsv) return `${error.defect}: ${error.message}`;
    throw error;
  }
  throw new assert.AssertionError({ message: 'nothing failed' });
}

/** Tables whose first column numbers the rows, so that each row can be told from the others. */
const anyTable = fc
  .array(fc.tuple(anyNumberText, fc.oneof(anyNumberText, fc.constantFrom('', 'nan')), anyNumberText), {
    minLength: 1,
    maxLength: 60,
  })
  .map((rows) => rows.map((row, index) => [String(index + 1), ...row]));

const anySplit = fc
  .record({
    train: fc.integer({ min: 1, max: 100 }),
    validation: fc.integer({ min: 0, max: 100 }),
    order: fc.constantFrom<SplitDraft['order']>('shuffled', 'file'),
    seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  })
  .map(({ train, validation, order, seed }) => {
    const validationPercent = Math.min(validation, 100 - train);
    return aSplit({
      trainPercent: train,
      validationPercent,
      testPercent: 100 - train - validationPercent,
      order,
      seed,
    });
  });

describe('Preparation', () => {
  it('loses, doubles and changes no row, whatever the dialect, the split and the borders of chunks', () => {
    fc.assert(
      fc.property(anyTable, anyDialect, anyChunkLengths, anySplit, (rows, dialect, lengths, split) => {
        const expected = partSizes(rows.length, split);
        fc.pre(expected.train > 0);
        const bytes = bytesOf(writeCsv([['row', 'a', 'b', 'y'], ...rows], dialect));
        const plan = aPlan({ delimiter: dialect.delimiter, labelColumn: 3, split });
        const parts = prepare(chunksOf(bytes, lengths), plan, tinySizes);
        const labels = linesOf(parts.testLabels);
        assert.equal(labels.shift(), expected.test > 0 ? 'row,y' : undefined);
        assert.deepEqual(
          [parts.train, parts.validation, parts.test].map((part) => linesOf(part).length),
          [expected.train, expected.validation, expected.test],
        );
        const written = [
          ...linesOf(parts.train + parts.validation),
          ...linesOf(parts.test).map((features, index) => {
            const [row, label] = labels[index]!.split(',');
            assert.equal(features.split(',')[0], row, 'the label belongs to the row');
            return `${label},${features}`;
          }),
        ].map((line) => line.split(','));
        if (split.order === 'shuffled') written.sort((one, other) => Number(one[1]) - Number(other[1]));
        assert.deepEqual(
          written,
          rows.map(([row, a, b, y]) => [y, row, a, b === 'nan' ? '' : b]),
        );
      }),
      seeded,
    );
  });

  it('gives the same with one bucket as with many', () => {
    fc.assert(
      fc.property(anyTable, anyChunkLengths, anySplit, (rows, lengths, split) => {
        const bytes = bytesOf(writeCsv(rows, { delimiter: ',', lineEnd: '\n', quoteAll: false }));
        const plan = aPlan({ hasHeader: false, split });
        fc.pre(partSizes(rows.length, split).train > 0);
        assert.deepEqual(prepare(chunksOf(bytes, lengths), plan, tinySizes), prepare([bytes], plan));
      }),
      seeded,
    );
  });

  it('shuffles by the seed: the same seed the same way, another seed another way', () => {
    const text = Array.from({ length: 100 }, (_, row) => `${row},1\n`).join('');
    const withSeed = (seed: number): Parts =>
      prepareText(text, { hasHeader: false, split: aSplit({ seed }) });
    assert.deepEqual(withSeed(7), withSeed(7));
    assert.notEqual(withSeed(7).train, withSeed(8).train);
    assert.notDeepEqual(linesOf(withSeed(7).train).toSorted(), linesOf(withSeed(8).train).toSorted());
  });

  it('writes the order that a seed has on every machine', () => {
    // Python: sorted(range(10), key=lambda row: mix(mix(42) + (row + 1) * 0x9e3779b9))
    const text = Array.from({ length: 10 }, (_, row) => `${row},1\n`).join('');
    const { train } = prepareText(text, {
      hasHeader: false,
      split: aSplit({ trainPercent: 100, validationPercent: 0, testPercent: 0 }),
    });
    assert.deepEqual(
      linesOf(train).map((line) => Number(line.split(',')[0])),
      [0, 4, 7, 3, 8, 2, 5, 6, 1, 9],
    );
  });

  it('puts the label first and leaves dropped columns out', () => {
    const parts = prepareText('a,b,c,d\n1,2,3,4\n5,6,7,8\n9,10,11,12\n', {
      labelColumn: 2,
      droppedColumns: [0],
      split: inFileOrder(34, 33, 33),
    });
    assert.deepEqual(parts, {
      train: '3,2,4\n',
      validation: '7,6,8\n',
      test: '10,12\n',
      testLabels: 'row,c\n3,11\n',
    });
  });

  it('keeps the digits, and takes quotes and blanks away', () => {
    const parts = prepareText('y,a,b,c\n1.50, 007 ,"2.5e+3",\n"-0", ,nan,"+.5" \n', {
      split: inFileOrder(100, 0, 0),
    });
    assert.equal(parts.train, '1.50,007,2.5e+3,\n-0,,,+.5\n');
  });

  it('writes text as missing where that was chosen', () => {
    const text = 'y,a,b\n1,n/a,2\n2,3,4\n';
    assert.equal(
      prepareText(text, { textAsMissingColumns: [1], split: inFileOrder(100, 0, 0) }).train,
      '1,,2\n2,3,4\n',
    );
    assert.equal(failureOf(text), 'textInNumbers: "a" has text in line 2: "n/a"');
  });

  it('lets text in dropped columns be', () => {
    const parts = prepareText('y,a,b\n1,"x, ""y""\n",2\n2,z,4\n', {
      droppedColumns: [1],
      split: inFileOrder(100, 0, 0),
    });
    assert.equal(parts.train, '1,2\n2,4\n');
  });

  it('refuses a label that is missing or text, even where text is taken as missing', () => {
    assert.equal(failureOf('y,a\n1,2\n,4\n'), 'textInNumbers: the label "y" is missing in line 3');
    assert.equal(failureOf('y,a\nnan,2\n'), 'textInNumbers: the label "y" is missing in line 2');
    assert.equal(
      failureOf('y,a\n1,2\nred,4\n', { textAsMissingColumns: [0] }),
      'textInNumbers: "y" has text in line 3: "red"',
    );
  });

  it('names columns by place in a file without names', () => {
    assert.equal(
      failureOf('1,2\n3,x\n', { hasHeader: false }),
      'textInNumbers: "column 2" has text in line 2: "x"',
    );
  });

  it('writes nan for the only feature, as readers would skip a line without a character', () => {
    const parts = prepareText('y,a\n1,\n2,\n3,5\n', { split: inFileOrder(34, 33, 33) });
    assert.deepEqual([parts.train, parts.validation, parts.test], ['1,nan\n', '2,nan\n', '5\n']);
    assert.equal(prepareText('y,a\n1,\n2,\n', { split: inFileOrder(50, 0, 50) }).test, 'nan\n');
  });

  it('quotes a label name that needs it in the labels of the test rows', () => {
    const parts = prepareText('"price, ""USD""",a\n1,2\n3,4\n', { split: inFileOrder(50, 0, 50) });
    assert.equal(parts.testLabels, 'row,"price, ""USD"""\n2,3\n');
  });

  it('refuses a split that leaves no row for training, and a file in which no feature is left', () => {
    assert.equal(
      failureOf('y,a\n1,2\n3,4\n', { split: aSplit({ trainPercent: 0, testPercent: 85 }) }),
      'tooFewRows: no row is left for training',
    );
    assert.equal(
      failureOf('y,a\n1,2\n', { droppedColumns: [1] }),
      'oneColumn: no column is left to learn from',
    );
  });
});
