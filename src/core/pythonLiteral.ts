/**
 * Values as Python reads and prints them. The XGBoost container is written in Python, so what it takes for a number,
 * and the words in which it refuses one, follow Python's rules.
 * https://docs.python.org/3/reference/lexical_analysis.html#numeric-literals
 */

/** A value that can stand in a hyperparameter's text, or in the settings of a channel. */
export type PythonValue = number | string | PythonFloat | PythonList | PythonTuple | PythonDict;
export type PythonList = readonly PythonValue[];

/** A number that prints with a point or an exponent, whatever its value. */
export class PythonFloat {
  constructor(readonly value: number) {}
}

export class PythonTuple {
  constructor(readonly items: readonly PythonValue[]) {}
}

export class PythonDict {
  constructor(readonly entries: Readonly<Record<string, PythonValue>>) {}
}

/** What `int(text)` gives; `undefined` where it raises ValueError. Exact up to 2^53. */
export function parsePythonInt(text: string): number | undefined {
  const digits = text.trim();
  return /^[-+]?\d+(_\d+)*$/.test(digits) ? Number(digits.replaceAll('_', '')) : undefined;
}

/** What `float(text)` gives; `undefined` where it raises ValueError. */
export function parsePythonFloat(text: string): number | undefined {
  const digits = text.trim();
  const word = /^([-+]?)(?:(inf|infinity)|nan)$/i.exec(digits);
  if (word) return word[2] === undefined ? Number.NaN : word[1] === '-' ? -Infinity : Infinity;
  const number = /^[-+]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[-+]?\d+(_\d+)*)?$/i;
  return number.test(digits) ? Number(digits.replaceAll('_', '')) : undefined;
}

/** A text that is no literal of numbers, tuples and lists. */
export class PythonSyntaxError extends Error {
  override readonly name = 'PythonSyntaxError';

  constructor(
    message: string,
    /** The text has a name where a literal must be: `eval` raises NameError, `literal_eval` ValueError. */
    readonly unknownName?: string,
  ) {
    super(message);
  }
}

/** What `ast.literal_eval(text)` gives for numbers, tuples and lists; throws a `PythonSyntaxError` for the rest. */
export function parsePythonLiteral(text: string): PythonValue {
  const tokens = text.match(/[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:e[-+]?\d+)?|[A-Za-z_]\w*|\S/gi) ?? [];
  let next = 0;
  const value = items(undefined);
  return value.length === 1 && !value.trailingComma && value.first !== undefined
    ? value.first
    : new PythonTuple(value.items);

  /** Reads values between commas up to the closing bracket, or to the end of the text. */
  function items(close: string | undefined): {
    readonly items: PythonValue[];
    readonly length: number;
    readonly first: PythonValue | undefined;
    readonly trailingComma: boolean;
  } {
    const read: PythonValue[] = [];
    let trailingComma = false;
    while (next < tokens.length && tokens[next] !== close) {
      read.push(item());
      trailingComma = tokens[next] === ',';
      if (trailingComma) next += 1;
      else break;
    }
    if (tokens[next] !== close || (close === undefined && read.length === 0))
      throw new PythonSyntaxError('invalid syntax');
    next += 1;
    return { items: read, length: read.length, first: read[0], trailingComma };
  }

  function item(): PythonValue {
    const token = tokens[next++] ?? '';
    if (token === '[') return items(']').items;
    if (token === '(') {
      const inside = items(')');
      // Brackets around one value only group it; the comma makes the tuple.
      return inside.first !== undefined && inside.length === 1 && !inside.trailingComma
        ? inside.first
        : new PythonTuple(inside.items);
    }
    const integer = parsePythonInt(token);
    if (integer !== undefined) return integer;
    if (/^[A-Za-z_]/.test(token)) throw new PythonSyntaxError(`name '${token}' is not defined`, token);
    const float = parsePythonFloat(token);
    if (float !== undefined) return new PythonFloat(float);
    throw new PythonSyntaxError('invalid syntax');
  }
}

/** What `repr(value)` gives. */
export function pythonRepr(value: PythonValue): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return stringRepr(value);
  if (value instanceof PythonFloat) return floatRepr(value.value);
  if (value instanceof PythonTuple) {
    return `(${value.items.map(pythonRepr).join(', ')}${value.items.length === 1 ? ',' : ''})`;
  }
  if (value instanceof PythonDict) {
    const entries = Object.entries(value.entries).map(
      ([key, each]) => `${stringRepr(key)}: ${pythonRepr(each)}`,
    );
    return `{${entries.join(', ')}}`;
  }
  return `[${value.map(pythonRepr).join(', ')}]`;
}

/** What `str(value)` gives: a string stands as it is. */
export function pythonStr(value: PythonValue): string {
  return typeof value === 'string' ? value : pythonRepr(value);
}

function stringRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll(quote, `\\${quote}`)
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
  return quote + escaped + quote;
}

/** The shortest digits are the same as in JavaScript; only the exponent is written earlier and with two digits. */
function floatRepr(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    return value.toExponential().replace(/e([-+])(\d)$/, 'e$10$2');
  }
  if (Object.is(value, -0)) return '-0.0';
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
