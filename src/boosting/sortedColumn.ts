import { type CancellationCheck, rowsPerCheck } from './cancellationCheck.ts';

/** The present values of a feature in ascending order, equal values in row order. */
export interface SortedColumn {
  readonly values: Float32Array;
  /** Row of each value. */
  readonly rows: Int32Array;
}

const digitBits = 11;
const digitCount = 1 << digitBits;
const digitMask = digitCount - 1;

/** Sorts a column by three passes of counting over 11 bits each: stable, and for any number of rows. */
export function sortColumn(column: Float32Array, check: CancellationCheck = () => undefined): SortedColumn {
  const bits = new Uint32Array(column.buffer, column.byteOffset, column.length);
  let rows = new Int32Array(column.length);
  let keys = new Uint32Array(column.length);
  let count = 0;
  for (let row = 0; row < column.length; row++) {
    const value = column[row]!;
    if (Number.isNaN(value)) continue;
    rows[count] = row;
    keys[count] = orderedKey(value === 0 ? 0 : bits[row]!);
    count++;
  }
  rows = rows.subarray(0, count);
  keys = keys.subarray(0, count);
  let otherRows = new Int32Array(count);
  let otherKeys = new Uint32Array(count);
  for (let shift = 0; shift < 32; shift += digitBits) {
    const next = digitBegins(keys, shift);
    for (let begin = 0; begin < count; begin += rowsPerCheck) {
      check();
      const end = Math.min(count, begin + rowsPerCheck);
      for (let i = begin; i < end; i++) {
        const key = keys[i]!;
        const at = next[(key >>> shift) & digitMask]!++;
        otherKeys[at] = key;
        otherRows[at] = rows[i]!;
      }
    }
    [keys, otherKeys] = [otherKeys, keys];
    [rows, otherRows] = [otherRows, rows];
  }
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = column[rows[i]!]!;
  return { values, rows };
}

/**
 * Float32 bits as an unsigned integer in the order of the values: negative numbers are inverted, positive ones get the
 * top bit.
 */
function orderedKey(bits: number): number {
  return bits >>> 31 === 1 ? ~bits >>> 0 : (bits | 0x80000000) >>> 0;
}

function digitBegins(keys: Uint32Array, shift: number): Uint32Array {
  const begins = new Uint32Array(digitCount);
  for (let i = 0; i < keys.length; i++) begins[(keys[i]! >>> shift) & digitMask]!++;
  let begin = 0;
  for (let digit = 0; digit < digitCount; digit++) {
    const size = begins[digit]!;
    begins[digit] = begin;
    begin += size;
  }
  return begins;
}
