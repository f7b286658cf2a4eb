/**
 * The checks that every SageMaker operation makes of its request's shape, with the service's own words:
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/CommonErrors.html (ValidationException)
 */

/** Shapes of requests, as data. The table of the real service is `constraints.generated.ts`. */
export interface ConstraintTable {
  /** Operation → name of its input shape. */
  readonly operations: Readonly<Record<string, string>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

/** A shape refers to others by name; a name that is a JSON type (`boolean`, `timestamp`, …) means any such value. */
export type Shape =
  | {
      readonly type: 'structure';
      readonly members: Readonly<Record<string, string>>;
      readonly required?: readonly string[];
    }
  | { readonly type: 'list'; readonly item: string; readonly min?: number; readonly max?: number }
  | {
      readonly type: 'map';
      readonly key: string;
      readonly value: string;
      readonly min?: number;
      readonly max?: number;
    }
  | {
      readonly type: 'string';
      readonly pattern?: string;
      readonly enum?: readonly string[];
      readonly min?: number;
      readonly max?: number;
    }
  | { readonly type: 'integer' | 'long'; readonly min?: number; readonly max?: number };

/** One constraint that a request breaks. */
export interface Violation {
  /** The member as the service prints it: `resourceConfig.instanceType`, `tags.1.member.key`. Empty for the request. */
  readonly path: string;
  readonly kind: 'type' | 'required' | 'length' | 'range' | 'pattern' | 'enum' | 'entry';
  /** The service's words: `Member must not be null`; for the kind `type`, those of a SerializationException. */
  readonly constraint: string;
  readonly value: unknown;
}

/** Checks the members of a request; the order of the result is that of the shapes. An unknown operation is a bug. */
export function checkConstraints(
  table: ConstraintTable,
  operation: string,
  request: Readonly<Record<string, unknown>>,
): readonly Violation[] {
  const input = table.operations[operation];
  if (input === undefined) throw new Error(`No constraints are known of ${operation}.`);
  const violations: Violation[] = [];
  checkShape(table, input, request, '', violations);
  return violations;
}

/** The text of the ValidationException (or SerializationException) that the service answers with. */
export function describeViolations(violations: readonly Violation[]): string {
  const wrongType = violations.find(({ kind }) => kind === 'type');
  if (wrongType) return wrongType.constraint;
  const count = violations.length;
  const sentences = violations.map(
    ({ path, constraint, value }) =>
      `Value ${printValue(value)} at '${path}' failed to satisfy constraint: ${constraint}`,
  );
  return `${count} validation error${count === 1 ? '' : 's'} detected: ${sentences.join('; ')}`;
}

function checkShape(
  table: ConstraintTable,
  name: string,
  value: unknown,
  path: string,
  violations: Violation[],
): void {
  const shape = table.shapes[name];
  const expected = shape?.type ?? name;
  const wrongType = typeProblem(expected, value);
  if (wrongType !== undefined) {
    violations.push({ path, kind: 'type', constraint: wrongType, value });
    return;
  }
  if (!shape) return;
  const add = (kind: Violation['kind'], constraint: string): void => {
    violations.push({ path, kind, constraint, value });
  };
  switch (shape.type) {
    case 'structure': {
      const members = value as Readonly<Record<string, unknown>>;
      for (const [member, memberShape] of Object.entries(shape.members)) {
        const memberPath = join(path, lowerFirst(member));
        // A null member is an absent one, as JSON clients that send every field do.
        const memberValue = members[member] ?? undefined;
        if (memberValue !== undefined) checkShape(table, memberShape, memberValue, memberPath, violations);
        else if (shape.required?.includes(member)) {
          const constraint = 'Member must not be null';
          violations.push({ path: memberPath, kind: 'required', constraint, value: undefined });
        }
      }
      return;
    }
    case 'list': {
      const items = value as readonly unknown[];
      for (const constraint of lengthProblems(shape, items.length)) add('length', constraint);
      items.forEach((item, index) => {
        checkShape(table, shape.item, item, join(path, `${index + 1}.member`), violations);
      });
      return;
    }
    case 'map': {
      const entries = Object.entries(value as Readonly<Record<string, unknown>>);
      for (const constraint of lengthProblems(shape, entries.length)) add('length', constraint);
      for (const [key, entryValue] of entries) {
        checkEntry(table, shape.key, key, 'Map keys', add, violations, path);
        checkEntry(table, shape.value, entryValue, 'Map value', add, violations, path);
      }
      return;
    }
    case 'string': {
      const text = value as string;
      // Characters as Unicode counts them, not UTF-16 units.
      const length = [...text].length;
      for (const constraint of lengthProblems(shape, length)) add('length', constraint);
      if (shape.pattern !== undefined && !matchesWhole(shape.pattern, text)) {
        add('pattern', `Member must satisfy regular expression pattern: ${shape.pattern}`);
      }
      if (shape.enum && !shape.enum.includes(text)) {
        add('enum', `Member must satisfy enum value set: [${shape.enum.join(', ')}]`);
      }
      return;
    }
    case 'integer':
    case 'long': {
      const number = value as number;
      if (shape.max !== undefined && number > shape.max) {
        add('range', `Member must have value less than or equal to ${shape.max}`);
      }
      if (shape.min !== undefined && number < shape.min) {
        add('range', `Member must have value greater than or equal to ${shape.min}`);
      }
      return;
    }
    default:
      shape satisfies never;
  }
}

/** The service names the map, not the entry, and lists every constraint of its keys or values at once. */
function checkEntry(
  table: ConstraintTable,
  name: string,
  value: unknown,
  what: 'Map keys' | 'Map value',
  add: (kind: Violation['kind'], constraint: string) => void,
  violations: Violation[],
  path: string,
): void {
  const found: Violation[] = [];
  checkShape(table, name, value, path, found);
  const wrongType = found.find(({ kind }) => kind === 'type');
  if (wrongType) violations.push(wrongType);
  else if (found.length > 0) {
    add('entry', `${what} must satisfy constraint: [${allConstraints(table.shapes[name]).join(', ')}]`);
  }
}

function allConstraints(shape: Shape | undefined): readonly string[] {
  if (shape?.type !== 'string') return [];
  return [
    ...(shape.max === undefined ? [] : [`Member must have length less than or equal to ${shape.max}`]),
    ...(shape.min === undefined ? [] : [`Member must have length greater than or equal to ${shape.min}`]),
    ...(shape.pattern === undefined
      ? []
      : [`Member must satisfy regular expression pattern: ${shape.pattern}`]),
  ];
}

function lengthProblems(
  shape: { readonly min?: number; readonly max?: number },
  length: number,
): readonly string[] {
  if (shape.max !== undefined && length > shape.max) {
    return [`Member must have length less than or equal to ${shape.max}`];
  }
  if (shape.min !== undefined && length < shape.min) {
    return [`Member must have length greater than or equal to ${shape.min}`];
  }
  return [];
}

/** The words of a SerializationException when the JSON value has another type; `undefined` when it fits. */
function typeProblem(expected: string, value: unknown): string | undefined {
  const wanted = jsonTypes[expected] ?? { kind: 'structure', word: 'Object' };
  const kind = kindOf(value);
  if (kind === wanted.kind) {
    const whole = expected === 'integer' || expected === 'long';
    return whole && !Number.isSafeInteger(value)
      ? `DECIMAL_VALUE can not be converted to ${wanted.word}`
      : undefined;
  }
  // The service takes instants as numbers; clients that send them as text are understood too.
  if (expected === 'timestamp' && kind === 'string') return undefined;
  return `${tokenNames[kind]} can not be converted to ${wanted.word}`;
}

type JsonKind = 'structure' | 'list' | 'string' | 'number' | 'boolean' | 'null';

const jsonTypes: Readonly<Record<string, { readonly kind: JsonKind; readonly word: string }>> = {
  structure: { kind: 'structure', word: 'Object' },
  map: { kind: 'structure', word: 'Object' },
  list: { kind: 'list', word: 'a List' },
  string: { kind: 'string', word: 'a String' },
  integer: { kind: 'number', word: 'an Integer' },
  long: { kind: 'number', word: 'a Long' },
  timestamp: { kind: 'number', word: 'a Timestamp' },
  boolean: { kind: 'boolean', word: 'a Boolean' },
};

const tokenNames: Readonly<Record<JsonKind, string>> = {
  structure: 'START_OBJECT',
  list: 'START_ARRAY',
  string: 'STRING_VALUE',
  number: 'NUMBER_VALUE',
  boolean: 'TRUE_VALUE',
  null: 'NULL_VALUE',
};

function kindOf(value: unknown): JsonKind {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number') return 'number';
  return typeof value === 'boolean' ? 'boolean' : 'structure';
}

const patterns = new Map<string, RegExp>();

/** The service's patterns are Java's and must match the whole text; `\p{Alnum}` is the only word JavaScript lacks. */
function matchesWhole(pattern: string, text: string): boolean {
  let expression = patterns.get(pattern);
  if (!expression) {
    expression = new RegExp(`^(?:${toUnicodePattern(pattern)})$`, 'u');
    patterns.set(pattern, expression);
  }
  return expression.test(text);
}

function toUnicodePattern(pattern: string): string {
  // Unicode mode refuses needless escapes outside of classes (`\-` in a class is fine).
  return pattern.replaceAll('\\p{Alnum}', 'a-zA-Z0-9').replaceAll('\\/', '/').replaceAll('/', '\\/');
}

function printValue(value: unknown): string {
  if (value === undefined || value === null) return 'null';
  return `'${typeof value === 'string' ? value : JSON.stringify(value)}'`;
}

function join(path: string, segment: string): string {
  return path === '' ? segment : `${path}.${segment}`;
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
