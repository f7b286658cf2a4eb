import assert from 'node:assert/strict';
import { columnsJson } from '../../../src/core/columnsJson.ts';
import type { CsvColumn } from '../../../src/core/csvProfile.ts';
import type { DataDraft } from '../../../src/core/trainingDraft.ts';

const aColumn = (name: string, kind: CsvColumn['kind']): CsvColumn => ({
  name,
  kind,
  emptyCount: 0,
  textCount: 0,
  textExamples: [],
  distinctCount: 5,
  distinctExamples: [],
  isRowNumber: false,
});

const profile = {
  columns: [
    aColumn('id', 'integer'),
    aColumn('medv', 'decimal'),
    aColumn('rm', 'decimal'),
    aColumn('zn', 'integer'),
  ],
};

const withoutLabel: DataDraft = {
  path: '/home/ana/boston.csv',
  hasHeader: true,
  droppedColumns: [0],
  textAsMissingColumns: [0, 3],
  split: { trainPercent: 70, validationPercent: 15, testPercent: 15, order: 'shuffled', seed: 42 },
};
const data: DataDraft = { ...withoutLabel, labelColumn: 1 };
const rows = { train: 354, validation: 76, test: 76 };
const source = { fileName: 'boston.csv', sizeBytes: 36137, sha256: 'ab12' };

describe('columnsJson', () => {
  it('tells what the numbers in the written files mean, and where they came from', () => {
    assert.deepEqual(columnsJson(profile, data, rows, source), {
      version: 1,
      columns: [
        { name: 'id', role: 'dropped', kind: 'integer' },
        { name: 'medv', role: 'label', kind: 'decimal' },
        { name: 'rm', role: 'feature', kind: 'decimal' },
        { name: 'zn', role: 'feature', kind: 'integer' },
      ],
      label: 'medv',
      features: ['rm', 'zn'],
      split: { trainPercent: 70, validationPercent: 15, testPercent: 15, order: 'shuffled', rows },
      seed: 42,
      source,
      textAsMissing: ['zn'],
    });
  });

  it('does not hold the path of the file', () => {
    assert.doesNotMatch(JSON.stringify(columnsJson(profile, data, rows, source)), /ana/);
  });

  it('needs a label', () => {
    assert.throws(() => columnsJson(profile, withoutLabel, rows, source), /label column is not among/);
  });
});
