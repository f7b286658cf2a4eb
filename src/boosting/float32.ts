/**
 * Single precision arithmetic as C++ does it. XGBoost keeps gradients, gains and leaf values in float32, so each of its
 * operations is followed by a rounding here: a split moves when one last bit is different.
 */
export const f32 = Math.fround;

/** The smallest gain worth a split: XGBoost's `kRtEps`. */
export const rtEps = f32(1e-6);

/*
 * `expf` as glibc computes it, from Arm's optimized-routines (math/expf.c, Copyright (c) 2017-2018, Arm Limited, MIT):
 * x = (k/32 + r) ln 2 with a table of 2^(i/32) and a cubic for 2^r, all in double. Its results are within 0.502 ulp,
 * which is not correct rounding: f32(Math.exp(x)) differs from it in 0.06 % of the arguments.
 */
const tableSize = 32;
const powerTable = Float64Array.from({ length: tableSize }, (_, i) => Math.pow(2, i / tableSize));
const cubic = 0.05550361559341535 / tableSize ** 3;
const square = 0.2402284522445722 / tableSize ** 2;
const linear = 0.6931471806916203 / tableSize;
const stepsPerUnit = 1.4426950408889634 * tableSize;

/** Powers of two for the exponents that `expf` needs inside its range, so that no `Math.pow` runs per value. */
const lowestExponent = -130;
const wholePowers = Float64Array.from({ length: 261 }, (_, i) => Math.pow(2, i + lowestExponent));

/** e^x in float32 with the bits of glibc's `expf`; `x` is a float32. */
export function expf(x: number): number {
  // Near the ends of the range results are infinite, zero or denormal; there glibc rounds the double result as well.
  if (!(x > -87 && x < 88.5)) return f32(Math.exp(x));
  const scaled = stepsPerUnit * x;
  const k = Math.round(scaled);
  const r = scaled - k;
  const powerOfRest = (cubic * r + square) * (r * r) + (linear * r + 1);
  return f32(powerOfRest * (powerTable[k & 31]! * wholePowers[(k >> 5) - lowestExponent]!));
}

/** Natural logarithm in float32. */
export function logf(x: number): number {
  return f32(Math.log(x));
}

const sigmoidLimit = f32(88.7);

/** 1 / (1 + e^-x) in float32; the exponent is capped as XGBoost does, to stay finite. */
export function sigmoid(x: number): number {
  const exponent = Math.min(-x, sigmoidLimit);
  return f32(1 / f32(expf(f32(exponent)) + 1));
}
