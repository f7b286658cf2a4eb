/**
 * What XGBoost's CSV reader makes of a cell, found byte by byte while the cell is being split off.
 *
 * A number is an optional sign, digits with at most one point, and an optional exponent. An empty cell and `nan` (in
 * any case) are missing values. Blanks around either don't matter. All else is text: also `inf`, `1,000` and `12%`.
 */
export const cellKind = { empty: 0, number: 1, nan: 2, text: 3 } as const;

/** What a byte is to a number. */
export const byteClass = {
  other: 0,
  digit: 1,
  sign: 2,
  point: 3,
  exponent: 4,
  n: 5,
  a: 6,
  blank: 7,
} as const;

/** Bytes by class, for a cell in which no byte has a meaning to CSV. */
export function byteClasses(): Uint8Array {
  const classes = new Uint8Array(256);
  const put = (characters: string, value: number): void => {
    for (const character of characters) classes[character.charCodeAt(0)] = value;
  };
  put('0123456789', byteClass.digit);
  put('+-', byteClass.sign);
  put('.', byteClass.point);
  put('eE', byteClass.exponent);
  put('nN', byteClass.n);
  put('aA', byteClass.a);
  put(' \t', byteClass.blank);
  return classes;
}

/**
 * The states of reading a cell, as rows of a table: its name, what is known if the cell ends here, and the state after
 * a byte of each class in the order of `byteClass`. `-` is the state `text`, which nothing leaves.
 */
const table = `
  empty      empty   -  whole  sign  point  -  n  -   empty
  sign       text    -  whole  -     point  -  n  -   -
  whole      number  -  whole  -     part   e  -  -   numberEnd
  point      text    -  part   -     -      -  -  -   -
  part       number  -  part   -     -      e  -  -   numberEnd
  e          text    -  power  eSign -      -  -  -   -
  eSign      text    -  power  -     -      -  -  -   -
  power      number  -  power  -     -      -  -  -   numberEnd
  n          text    -  -      -     -      -  -  na  -
  na         text    -  -      -     -      -  nan -  -
  nan        nan     -  -      -     -      -  -  -   nanEnd
  numberEnd  number  -  -      -     -      -  -  -   numberEnd
  nanEnd     nan     -  -      -     -      -  -  -   nanEnd
  text       text    -  -      -     -      -  -  -   -`
  .trim()
  .split('\n')
  .map((row) => row.trim().split(/\s+/));

const classCount = 8;
const stateOf = (name: string): number =>
  classCount * table.findIndex((row) => row[0] === (name === '-' ? 'text' : name));

/** States are row offsets into `nextState`: the state after a byte is `nextState[state + class]`. */
export const emptyState = stateOf('empty');
export const textState = stateOf('text');
export const signState = stateOf('sign');
export const wholeState = stateOf('whole');
export const pointState = stateOf('point');
export const partState = stateOf('part');

export const nextState = Uint8Array.from(table.flatMap((row) => row.slice(2).map(stateOf)));

/** The kind of a cell that ends in a state, by state. */
export const kindAt = new Uint8Array(table.length * classCount);
table.forEach((row, index) => {
  kindAt[index * classCount] = cellKind[row[1] as keyof typeof cellKind];
});

/** Powers of ten that a double holds exactly. */
const powersOfTen = Array.from({ length: 23 }, (_, power) => 10 ** power);

/** The value of a cell of the kind `number`, correctly rounded. */
export function parseNumber(bytes: Uint8Array, start: number, end: number): number {
  // Whole numbers below 2^53 and powers of ten up to 10^22 are exact, so one division rounds once (Clinger 1990).
  let digits = 0;
  let decimals = 0;
  let inDecimals = 0;
  let negative = false;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte >= 0x30 && byte <= 0x39) {
      digits = digits * 10 + (byte - 0x30);
      decimals += inDecimals;
    } else if (byte === 0x2e) inDecimals = 1;
    else if (byte === 0x2d) negative = true;
    else if (byte === 0x65 || byte === 0x45) return Number(asciiText(bytes, start, end));
  }
  if (digits > Number.MAX_SAFE_INTEGER || decimals > 22) return Number(asciiText(bytes, start, end));
  const value = digits / powersOfTen[decimals]!;
  return negative ? -value : value;
}

function asciiText(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}
