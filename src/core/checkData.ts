import type { CsvColumn, CsvProfile } from './csvProfile.ts';
import { counted, fieldError, textFound } from './fieldProblem.ts';
import { partSizes } from './split.ts';
import type { DataDraft, DraftFix, FieldProblem, SplitDraft } from './trainingDraft.ts';

/** What a user should know about the features and the split of a draft. */
export function checkData(data: DataDraft, profile: CsvProfile): FieldProblem[] {
  return [...columnProblems(data, profile), ...splitProblems(data.split, profile.rows)];
}

function columnProblems(data: DataDraft, { columns, rows }: CsvProfile): readonly FieldProblem[] {
  const features = [...columns.entries()].filter(
    ([index]) => index !== data.labelColumn && !data.droppedColumns.includes(index),
  );
  const problems = features.flatMap(([index, column]) =>
    featureProblems(index, column, data.textAsMissingColumns.includes(index), rows),
  );
  // Without a label the one column that will be the label still counts as a feature.
  const least = data.labelColumn === undefined ? 2 : 1;
  if (features.length >= least) return problems;
  const message = 'No column is left to learn from. Keep at least one besides the label.';
  return [...problems, fieldError('data.path', message)];
}

function featureProblems(
  index: number,
  column: CsvColumn,
  textAsMissing: boolean,
  rows: number,
): readonly FieldProblem[] {
  const field = `data.columns.${index}` as const;
  const drop: DraftFix = { label: 'Drop Column', change: { kind: 'dropColumn', column: index } };
  const missing: DraftFix = { label: 'Treat as Missing', change: { kind: 'textAsMissing', column: index } };
  const { name, textCount, emptyCount } = column;
  if (column.kind === 'empty') {
    return [{ field, severity: 'warning', message: `"${name}" is empty in every row.`, fixes: [drop] }];
  }
  if (textCount > 0 && !textAsMissing) {
    // Of a column of nothing but text nothing would be left.
    const fixes = textCount + emptyCount === rows ? [drop] : [missing, drop];
    return [fieldError(field, `${textFound(column)} XGBoost reads numbers only.`, ...fixes)];
  }
  if (column.isRowNumber) {
    const message = `"${name}" counts up by 1, so it looks like a row number; as a feature it misleads the model.`;
    return [{ field, severity: 'warning', message, fixes: [drop] }];
  }
  if (column.distinctCount === 1 && emptyCount === 0) {
    const message = `"${name}" is the same in every row, so it tells the model nothing.`;
    return [{ field, severity: 'hint', message, fixes: [drop] }];
  }
  return [];
}

const largestSeed = 2 ** 32 - 1;

function splitProblems(split: SplitDraft, rows: number): readonly FieldProblem[] {
  const field = 'data.split';
  const { trainPercent, validationPercent, testPercent } = split;
  const percents = [trainPercent, validationPercent, testPercent];
  if (!percents.every((percent) => Number.isInteger(percent) && percent >= 0 && percent <= 100)) {
    return [fieldError(field, 'Train, Validation and Test must be whole per cents from 0 to 100.')];
  }
  const sum = trainPercent + validationPercent + testPercent;
  if (sum !== 100) {
    const rest = 100 - validationPercent - testPercent;
    const message = `Train, Validation and Test add up to ${sum} %, not to 100 %.`;
    return [
      fieldError(
        field,
        message,
        ...(rest > 0 ? [setSplit(`Train on ${rest} %`, { trainPercent: rest })] : []),
      ),
    ];
  }
  const problems = [...sizeProblems(split, rows)];
  if (!Number.isInteger(split.seed) || split.seed < 0 || split.seed > largestSeed) {
    problems.push(
      fieldError(
        field,
        `The seed must be a whole number from 0 to ${largestSeed}.`,
        setSplit('Use 42', { seed: 42 }),
      ),
    );
  }
  if (split.order === 'file' && trainPercent < 100) {
    const message =
      'The parts are taken in the order of the file. If its rows are sorted, the parts are not alike.';
    problems.push({
      field,
      severity: 'warning',
      message,
      fixes: [setSplit('Shuffle', { order: 'shuffled' })],
    });
  }
  return problems;
}

function sizeProblems(split: SplitDraft, rows: number): readonly FieldProblem[] {
  const { train, validation, test } = partSizes(rows, split);
  const sizes = `The file has ${counted(rows, 'row')}: ${train} to train, ${validation} to validate, ${test} to test`;
  if (train < 2) return [fieldError('data.split', `${sizes}. Training needs at least 2 rows.`)];
  const empty =
    split.validationPercent > 0 && validation === 0
      ? 'Validation'
      : split.testPercent > 0 && test === 0
        ? 'Test'
        : undefined;
  if (empty === undefined) return [];
  return [fieldError('data.split', `${sizes}. Set ${empty} to 0 %, or use a file with more rows.`)];
}

function setSplit(label: string, split: Partial<SplitDraft>): DraftFix {
  return { label, change: { kind: 'setSplit', split } };
}
