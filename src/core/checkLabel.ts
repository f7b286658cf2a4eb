import type { CsvColumn, CsvProfile } from './csvProfile.ts';
import { counted, fieldError, textFound } from './fieldProblem.ts';
import { defaultObjective, isMulticlass } from './objectives.ts';
import type { DataDraft, DraftFix, FieldProblem } from './trainingDraft.ts';

/** What a user should know about the label column of a draft. */
export function checkLabel(
  { labelColumn, droppedColumns }: DataDraft,
  hyperparameters: Readonly<Record<string, string>>,
  { columns, rows }: CsvProfile,
): readonly FieldProblem[] {
  if (labelColumn === undefined) {
    return [
      fieldError('data.labelColumn', 'Choose the label column: the value that the model learns to predict.'),
    ];
  }
  const label = columns[labelColumn];
  if (!label) {
    const message = `The file has ${columns.length} columns, so there is no column ${labelColumn + 1}. Choose the label column again.`;
    return [fieldError('data.labelColumn', message)];
  }
  if (droppedColumns.includes(labelColumn)) {
    const keep: DraftFix = { label: 'Keep Column', change: { kind: 'keepColumn', column: labelColumn } };
    return [fieldError('data.labelColumn', `"${label.name}" is the label, so it can't be dropped.`, keep)];
  }
  const message = unusableLabel(label, rows);
  if (message !== undefined) return [fieldError('data.labelColumn', message)];
  return labelOfObjectiveProblems(label, hyperparameters);
}

/** Why no objective can learn a label. */
function unusableLabel(label: CsvColumn, rows: number): string | undefined {
  const { name, emptyCount, textCount, distinctCount, distinctExamples } = label;
  if (label.kind === 'empty') return `"${name}" is empty in every row. Choose another label column.`;
  if (textCount > 0) return textLabel(label, rows);
  if (emptyCount > 0) {
    return `"${name}" is empty in ${counted(emptyCount, 'row')}, and every row needs a label. Fill in or remove these rows.`;
  }
  if (distinctCount === 1) {
    const value = distinctExamples[0] === undefined ? 'the same' : distinctExamples[0];
    return `"${name}" is ${value} in every row, so there is nothing to learn. Choose another label column.`;
  }
  return undefined;
}

function textLabel(label: CsvColumn, rows: number): string {
  const { name, textCount, emptyCount, distinctCount, distinctExamples } = label;
  const areClasses = textCount + emptyCount === rows && distinctCount <= distinctExamples.length;
  if (!areClasses) return `${textFound(label)} Every label must be a number.`;
  const last = distinctCount - 1;
  const numbers = last <= 1 ? '0 or 1' : `from 0 to ${last}`;
  return `"${name}" is text: ${listed(distinctExamples)}. XGBoost needs each class as a number ${numbers}.`;
}

function labelOfObjectiveProblems(
  label: CsvColumn,
  hyperparameters: Readonly<Record<string, string>>,
): readonly FieldProblem[] {
  const objective = hyperparameters['objective'] ?? defaultObjective;
  const { name, kind, minimum, maximum } = label;
  if (minimum === undefined || maximum === undefined) return [];
  const found = `"${name}" goes from ${minimum} to ${maximum}`;
  const regression: DraftFix = {
    label: `Use ${defaultObjective}`,
    change: { kind: 'setHyperparameter', name: 'objective', value: defaultObjective },
  };
  if (isMulticlass(objective)) {
    const classCount = Number(hyperparameters['num_class'] ?? Number.NaN);
    const isWhole = kind !== 'decimal' && minimum >= 0;
    const last = Number.isNaN(classCount) ? 'the number of classes less one' : classCount - 1;
    const message = `${objective} needs whole labels from 0 to ${last}; ${found}.`;
    if (!isWhole) return [fieldError('data.labelColumn', message, regression)];
    if (maximum < classCount || Number.isNaN(classCount)) return [];
    const more: DraftFix = {
      label: `Use ${maximum + 1} classes`,
      change: { kind: 'setHyperparameter', name: 'num_class', value: String(maximum + 1) },
    };
    return [fieldError('data.labelColumn', message, more, regression)];
  }
  const needs = labelRange(objective);
  if (needs && !needs.fits(minimum, maximum)) {
    return [
      fieldError('data.labelColumn', `${objective} needs labels ${needs.words}; ${found}.`, regression),
    ];
  }
  const areTwoClasses = label.distinctCount === 2 && minimum === 0 && maximum === 1;
  if (!areTwoClasses || !/^reg:(?:squarederror|linear)$/.test(objective)) return [];
  const binary: DraftFix = {
    label: 'Use binary:logistic',
    change: { kind: 'setHyperparameter', name: 'objective', value: 'binary:logistic' },
  };
  const message = `"${name}" is only ever 0 or 1. To predict a class, use binary:logistic.`;
  return [{ field: 'data.labelColumn', severity: 'hint', message, fixes: [binary] }];
}

interface LabelRange {
  readonly words: string;
  readonly fits: (minimum: number, maximum: number) => boolean;
}

/** The labels that XGBoost takes for an objective; `undefined` for any number. */
function labelRange(objective: string): LabelRange | undefined {
  if (/^binary:hinge$/.test(objective)) {
    return { words: '0 and 1', fits: (minimum, maximum) => minimum === 0 && maximum === 1 };
  }
  if (/^(?:binary:|reg:logistic$)/.test(objective)) {
    return { words: 'from 0 to 1', fits: (minimum, maximum) => minimum >= 0 && maximum <= 1 };
  }
  if (objective === 'reg:gamma') return { words: 'above 0', fits: (minimum) => minimum > 0 };
  if (/^(?:count:poisson|reg:tweedie)$/.test(objective)) {
    return { words: 'of at least 0', fits: (minimum) => minimum >= 0 };
  }
  if (objective === 'reg:squaredlogerror') return { words: 'above -1', fits: (minimum) => minimum > -1 };
  return undefined;
}

/** `a, b and c` */
function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
