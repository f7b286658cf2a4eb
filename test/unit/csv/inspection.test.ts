import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { type CsvFindings, Inspection } from '../../../src/csv/inspection.ts';
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

function inspect(content: string | Uint8Array, hasHeader?: boolean): CsvFindings {
  const inspection = new Inspection(hasHeader);
  inspection.push(typeof content === 'string' ? bytesOf(content) : content);
  return inspection.end();
}

const readSample = (path: string): Uint8Array => readFileSync(new URL(`../../../${path}`, import.meta.url));

/** `failure: message` of a file that can't be used. */
function failureOf(content: string | Uint8Array): string {
  try {
    inspect(content);
  } catch (error) {
    if (error instanceof UnusableCsv) return `${error.defect}: ${error.message}`;
    throw error;
  }
  throw new assert.AssertionError({ message: 'nothing failed' });
}

describe('Inspection of the sample files', () => {
  it('reads the Boston housing data and guesses medv', () => {
    const findings = inspect(readSample('media/samples/boston-housing.csv'));
    assert.equal(findings.rows, 506);
    assert.equal(findings.columns.length, 14);
    assert.equal(findings.delimiter, ',');
    assert.equal(findings.encoding, 'UTF-8');
    assert.equal(findings.hasHeader, true);
    assert.equal(findings.headerReason, 'The first row has names where the rows below have numbers.');
    assert.deepEqual(findings.labelGuess, { column: 13, reason: 'last column, named like a target' });
    assert.equal(findings.preview.length, 50);
    assert.equal(
      findings.preview[0]?.join(),
      '0.00632,18.0,2.31,0,0.538,6.575,65.2,4.09,1,296,15.3,396.9,4.98,24.0',
    );
    // numpy: np.unique, min and max of the columns.
    const facts = findings.columns.map(
      (c) => `${c.name} ${c.kind} ${c.distinctCount} ${c.minimum} ${c.maximum}`,
    );
    assert.equal(
      facts.join('\n'),
      `crim decimal 504 0.00632 88.9762
zn decimal 26 0 100
indus decimal 76 0.46 27.74
chas integer 2 0 1
nox decimal 81 0.385 0.871
rm decimal 446 3.561 8.78
age decimal 356 2.9 100
dis decimal 412 1.1296 12.1265
rad integer 9 1 24
tax integer 66 187 711
ptratio decimal 46 12.6 22
black decimal 357 0.32 396.9
lstat decimal 455 1.73 37.97
medv decimal 229 5 50`,
    );
  });

  it('guesses the class of the wine data and the last column of the cancer data', () => {
    assert.deepEqual(inspect(readSample('test/data/wine.csv')).labelGuess, {
      column: 13,
      reason: 'last column, named like a target',
    });
    assert.equal(inspect(readSample('test/data/breast-cancer.csv')).labelGuess?.column, 30);
  });

  it('counts the missing values of the Boston data with holes', () => {
    const findings = inspect(readSample('test/data/boston-missing.csv'));
    assert.deepEqual(
      findings.columns.map((column) => column.emptyCount),
      [43, 45, 50, 48, 46, 45, 52, 55, 40, 56, 42, 58, 46, 0],
    );
    assert.equal(findings.columns[9]?.kind, 'integer', 'tax is written as 296.0 there');
  });
});

describe('Inspection', () => {
  it('finds the same whatever the delimiter, the quoting, the line ends and the borders of chunks', () => {
    const table = fc.array(fc.tuple(anyNumberText, anyNumberText, anyNumberText), {
      minLength: 3,
      maxLength: 30,
    });
    fc.assert(
      fc.property(table, anyDialect, anyChunkLengths, (rows, dialect, lengths) => {
        const plain = inspect(
          writeCsv([['a', 'b', 'c'], ...rows], { delimiter: ',', lineEnd: '\n', quoteAll: false }),
        );
        const bytes = bytesOf(writeCsv([['a', 'b', 'c'], ...rows], dialect));
        const inspection = new Inspection();
        for (const chunk of chunksOf(bytes, lengths)) inspection.push(chunk);
        const { delimiter, ...findings } = inspection.end();
        assert.equal(delimiter, dialect.delimiter);
        assert.deepEqual({ ...findings, delimiter: ',' }, plain);
        const values = rows.map((row) => Number(row[0]));
        const column = findings.columns[0];
        assert.equal(column?.minimum, Math.min(...values));
        assert.equal(column?.maximum, Math.max(...values));
        assert.equal(column?.distinctCount, new Set(values).size);
      }),
      { ...seeded, numRuns: 100 },
    );
  });

  it('tells what the cells of a column are', () => {
    const findings = inspect(
      [
        'whole,part,mixed,flag,day,word,none',
        '1,1.5,3,true,2026-11-22,red,',
        '2.0,2,n/a,No,2026-11-23 10:15,green,nan',
        '-3,,7,yes,2026-12-01T00:00:00Z,5,',
        '4,1e-3,8,F,2027-01-01,blue,NaN',
      ].join('\n'),
    );
    assert.deepEqual(
      findings.columns.map(({ name, kind, emptyCount, textCount }) => [name, kind, emptyCount, textCount]),
      [
        ['whole', 'integer', 0, 0],
        ['part', 'decimal', 1, 0],
        ['mixed', 'integer', 0, 1],
        ['flag', 'boolean', 0, 4],
        ['day', 'date', 0, 4],
        ['word', 'text', 0, 3],
        ['none', 'empty', 4, 0],
      ],
    );
    assert.deepEqual(findings.columns[2]?.textExamples, [{ line: 3, text: 'n/a' }]);
    assert.deepEqual(findings.columns[5]?.distinctExamples, ['red', 'green', '5', 'blue']);
    assert.equal('minimum' in findings.columns[3]!, false);
  });

  it('counts distinct values up to the bound only', () => {
    const rows = Array.from({ length: 1500 }, (_, row) => `${row % 1000},${row % 1001},name${row}`);
    const findings = inspect(`a,b,c\n${rows.join('\n')}\n`);
    assert.deepEqual(
      findings.columns.map((column) => column.distinctCount),
      [1000, 1001, 1001],
    );
  });

  it('knows a column that counts rows', () => {
    const rows = [5, 6, 7, 8].map((index) => `${index},${index * 2},${index === 8 ? '' : index},${index}`);
    const findings = inspect(`,b,c,target\n${rows.join('\n')}\n`);
    assert.deepEqual(
      findings.columns.map((column) => [column.name, column.isRowNumber]),
      [
        ['column 1', true],
        ['b', false],
        ['c', false],
        ['target', true],
      ],
    );
    assert.equal(findings.labelGuess, undefined, 'a row number is no label, whatever its name');
  });

  it('takes the semicolon where the comma is in the numbers', () => {
    assert.equal(inspect('1,5;2,5;3\n2,5;3,5;4\n3,5;4,5;5\n').delimiter, ';');
    assert.equal(inspect('a,b\n1,"x;y"\n2,"z;w"\n3,"u;v"\n').delimiter, ',');
    assert.equal(inspect('a|b\n1|2\n3|4\n5|6\n').delimiter, '|');
  });

  it('sees a byte-order mark, and Latin-1', () => {
    const text = 'größe,y\n1,2\n3,4\n5,7\n';
    assert.equal(inspect(`\uFEFF${text}`).encoding, 'UTF-8 with BOM');
    assert.equal(inspect(`\uFEFF${text}`).columns[0]?.name, 'größe');
    const latin = inspect(Uint8Array.from(Buffer.from(text, 'latin1')));
    assert.equal(latin.encoding, 'Latin-1');
    assert.equal(latin.columns[0]?.name, 'größe');
  });

  it('works on a file whose first line is longer than the sample', () => {
    const names = Array.from({ length: 60000 }, (_, index) => `feature${index}`);
    const row = names.map((_, index) => index % 10).join(',');
    const findings = inspect(`${names.join(',')}\n${row}\n${row}\n${row}\n`);
    assert.equal(findings.columns.length, 60000);
    assert.equal(findings.hasHeader, true);
  }).timeout(20000);
});

describe('the first row', () => {
  it('is data when it has numbers where the rows below have them', () => {
    const findings = inspect('1,2.5\n0,3.5\n1,4.5\n');
    assert.equal(findings.hasHeader, false);
    assert.equal(findings.headerReason, 'The first row has numbers like the rows below.');
    assert.equal(findings.rows, 3);
    assert.equal(findings.columns[1]?.name, 'column 2');
  });

  it('is data although one of its numbers is missing as a word', () => {
    assert.equal(inspect('1,n/a,3\n4,5,6\n7,8,9\n').hasHeader, false);
  });

  it('is names in a table of words that do not come again', () => {
    assert.equal(inspect('colour,shape\nred,round\nblue,flat\nred,flat\n').hasHeader, true);
    assert.equal(inspect('red,flat\nred,round\nblue,flat\nred,flat\n').hasHeader, false);
  });

  it('is what the caller says', () => {
    assert.equal(inspect('1,2\n3,4\n5,6\n7,8\n', true).rows, 3);
    const asData = inspect('a,b\n3,4\n5,6\n', false);
    assert.equal(asData.rows, 3);
    assert.equal(asData.headerReason, 'As you chose.');
    assert.equal(asData.columns[0]?.textCount, 1);
  });
});

describe('the label guess', () => {
  const guess = (header: string, ...rows: string[]): string | undefined => {
    const { labelGuess, columns } = inspect([header, ...rows].join('\n'));
    return labelGuess && `${columns[labelGuess.column]?.name}: ${labelGuess.reason}`;
  };

  it('goes by names that say target, and by place', () => {
    assert.equal(guess('a,SalePrice', '1,5', '2,6', '9,8'), 'SalePrice: last column, named like a target');
    assert.equal(guess('Target,a', '1,5', '2,6', '9,8'), 'Target: first column, named like a target');
    assert.equal(guess('a,churn,b', '1,5,1', '2,6,7', '9,8,3'), 'churn: named like a target');
    assert.equal(
      guess('survived,class,b', '1,5,1', '2,6,7', '9,8,3'),
      'survived: first column, named like a target',
    );
  });

  it('is left out without a good reason', () => {
    assert.equal(guess('a,b', '1,5', '2,6', '9,8'), undefined);
    assert.equal(guess('x,y,z', '1,5,1', '2,6,7', '9,8,3'), undefined);
    assert.equal(guess('a,target_id', '1,5', '2,6', '9,8'), undefined);
    assert.equal(guess('a,target', '1,5', '2,5', '9,5'), undefined, 'a constant');
  });

  it('follows SageMaker’s convention in a file without names whose first column looks like classes', () => {
    assert.equal(
      guess('0,2.5', '1,3.5', '0,4.5', '1,5.5'),
      'column 1: first column, as SageMaker has it, with 2 whole numbers',
    );
    assert.equal(guess('0.5,2.5', '1,3.5', '0,4.5'), undefined);
  });
});

describe('a file that can’t be used', () => {
  const cases: readonly [string, string | Uint8Array, string][] = [
    ['is empty', '', 'empty: the file is empty'],
    ['has blank lines only', '\n\n  \n', 'empty: the file is empty'],
    [
      'has names only',
      'a,b\n',
      'tooFewRows: the file has no row below the column names; at least 3 are needed to split it',
    ],
    ['has two rows', 'a,b\n1,2\n3,4\n', 'tooFewRows: the file has 2 rows; at least 3 are needed to split it'],
    [
      'has one column',
      'a\n1\n2\n3\n',
      'oneColumn: the file has one column; a label and at least one feature are needed',
    ],
    [
      'is UTF-16',
      Buffer.from('\uFEFFa,b\n1,2\n', 'utf16le'),
      'notText: the file is not UTF-8 text; UTF-16 and binary files can’t be read',
    ],
    ['is ragged', `${'1,2,3\n'.repeat(16)}1,2\n`, 'ragged: line 17 has 2 cells where the first has 3'],
    ['has an open quote', 'a,b\n1,2\n3,"4\n5,6\n', 'badQuoting: a quote opens in line 3 and is never closed'],
  ];
  for (const [what, content, failure] of cases)
    it(`says so when it ${what}`, () => {
      assert.equal(failureOf(content), failure);
    });
});
