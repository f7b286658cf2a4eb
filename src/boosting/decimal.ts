import { f32 } from './float32.ts';

/** Digits after the point that count. */
const maxFractionDigits = 19;
const maxExponent = 38;
const maxSignificand = f32(3.402823466);
const minSignificand = f32(1.175494351);

const digitZero = 48;
const minus = 45;
const plus = 43;
const point = 46;
/** Sets the bit that makes an ASCII letter small. */
const lowerCase = 32;
const letterE = 101;

const powersOfTen = Float64Array.from({ length: maxFractionDigits + 1 }, (_, i) => Number(`1e${i}`));

/**
 * Reads decimals as XGBoost's text parsers do (dmlc-core, include/dmlc/strtonum.h): fast, and not correctly rounded.
 * The digits before the point become a float32, those after it a float32 of their own, then the two are added, then
 * scaled by the exponent in float32. One in twelve decimals differs by an ulp from the nearest float32, which is enough
 * to move a split.
 */
export class DecimalReader {
  /** Just after the last number read. */
  end = 0;

  /**
   * Reads the number that begins at `begin` and ends before `limit`; `end` says where it stopped, which is `begin`
   * when there is none.
   */
  read(bytes: Uint8Array, begin: number, limit: number): number {
    let at = begin;
    let sign = 1;
    if (at < limit && (bytes[at] === minus || bytes[at] === plus)) {
      if (bytes[at] === minus) sign = -1;
      at++;
    }
    if (at < limit && bytes[at]! >= 65) return sign * this.#readWord(bytes, at, limit, begin);

    // Up to 15 digits fit into a double; from there on two 32-bit halves carry the number, modulo 2^64 as in C++.
    const wholeBegin = at;
    let whole = 0;
    let digit: number;
    while (at < limit && (digit = bytes[at]! - digitZero) >= 0 && digit <= 9) {
      if (at - wholeBegin >= 15) break;
      whole = whole * 10 + digit;
      at++;
    }
    let value: number;
    if (at - wholeBegin >= 15) {
      const halves = new LongInteger(whole);
      while (at < limit && (digit = bytes[at]! - digitZero) >= 0 && digit <= 9) {
        halves.append(digit);
        at++;
      }
      value = halves.toFloat32();
    } else {
      value = f32(whole);
    }
    let digits = at - wholeBegin;

    if (at < limit && bytes[at] === point) {
      at++;
      const fractionBegin = at;
      let fraction = 0;
      while (at < limit && (digit = bytes[at]! - digitZero) >= 0 && digit <= 9) {
        if (at - fractionBegin >= 15) break;
        fraction = fraction * 10 + digit;
        at++;
      }
      let used = at - fractionBegin;
      if (used >= 15) {
        const halves = new LongInteger(fraction);
        while (at < limit && (digit = bytes[at]! - digitZero) >= 0 && digit <= 9) {
          if (used < maxFractionDigits) {
            halves.append(digit);
            used++;
          }
          at++;
        }
        fraction = halves.toDouble();
      }
      digits += at - fractionBegin;
      value = f32(value + f32(fraction / powersOfTen[used]!));
    }
    if (digits === 0) {
      this.end = begin;
      return NaN;
    }
    if (at < limit && (bytes[at]! | lowerCase) === letterE) {
      const scaled = scale(value, bytes, at + 1, limit);
      if (scaled !== undefined) {
        this.end = scaled.end;
        return sign * scaled.value;
      }
    }
    this.end = at;
    return sign * value;
  }

  /** `nan`, `inf` or `infinity` in any case. */
  #readWord(bytes: Uint8Array, at: number, limit: number, begin: number): number {
    const word = String.fromCharCode(...bytes.subarray(at, Math.min(limit, at + 8))).toLowerCase();
    for (const [name, value] of [
      ['infinity', Infinity],
      ['inf', Infinity],
      ['nan', NaN],
    ] as const) {
      if (!word.startsWith(name)) continue;
      this.end = at + name.length;
      return value;
    }
    this.end = begin;
    return NaN;
  }
}

/** Multiplies by a power of ten read from `at`, in steps of float32; nothing when there are no digits. */
function scale(
  significand: number,
  bytes: Uint8Array,
  begin: number,
  limit: number,
): { value: number; end: number } | undefined {
  let at = begin;
  let isNegative = false;
  if (at < limit && (bytes[at] === minus || bytes[at] === plus)) {
    isNegative = bytes[at] === minus;
    at++;
  }
  const digitsBegin = at;
  let exponent = 0;
  for (; at < limit; at++) {
    const digit = bytes[at]! - digitZero;
    if (digit < 0 || digit > 9) break;
    exponent = Math.min(maxExponent + 1, exponent * 10 + digit);
  }
  if (at === digitsBegin) return undefined;
  exponent = Math.min(maxExponent, exponent);
  let value = significand;
  if (exponent === maxExponent) {
    if (!isNegative && value > maxSignificand) value = maxSignificand;
    if (isNegative && value < minSignificand) value = minSignificand;
  }
  let factor = 1;
  for (; exponent >= 8; exponent -= 8) factor = f32(factor * 1e8);
  for (; exponent > 0; exponent--) factor = f32(factor * 10);
  return { value: f32(isNegative ? value / factor : value * factor), end: at };
}

/** An unsigned 64-bit integer that digits are appended to; overflow wraps. */
class LongInteger {
  #high: number;
  #low: number;

  constructor(value: number) {
    this.#high = Math.floor(value / 2 ** 32);
    this.#low = value % 2 ** 32;
  }

  append(digit: number): void {
    const low = this.#low * 10 + digit;
    this.#low = low % 2 ** 32;
    this.#high = (this.#high * 10 + Math.floor(low / 2 ** 32)) % 2 ** 32;
  }

  /** The nearest double: the high half is exact, so there is one rounding. */
  toDouble(): number {
    return this.#high * 2 ** 32 + this.#low;
  }

  /** The nearest float32, without rounding to double first: low bits a double cannot hold are folded into one. */
  toFloat32(): number {
    const lost = this.#low % 2 ** 11;
    const folded =
      lost === 0 ? this.#low : this.#low - lost + 2 ** 11 * Number((this.#low & (1 << 11)) === 0);
    return f32(this.#high >= 2 ** 21 ? this.#high * 2 ** 32 + folded : this.toDouble());
  }
}

const encoder = new TextEncoder();

/** The float32 that XGBoost reads from a text; NaN when it is not a number. */
export function parseDecimal(text: string): number {
  const bytes = encoder.encode(text);
  const reader = new DecimalReader();
  const value = reader.read(bytes, 0, bytes.length);
  return reader.end === bytes.length ? value : NaN;
}
