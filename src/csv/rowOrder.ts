/**
 * The order that a seed gives to the rows of a file: row `i` (from 0) gets a key, and rows are taken by rising keys.
 * A key depends on the seed and `i` alone, so a file can be shuffled while its length is not yet known, and whole-number
 * arithmetic makes it the same on every machine.
 *
 * The keys are a SplitMix sequence in 32 bits (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
 * 2014): a Weyl sequence with an odd step, mixed by the finalizer of MurmurHash3. Both steps are one-to-one, so no two
 * rows of a file of fewer than 2^32 rows have the same key.
 */
export function shuffleKey(seed: number, row: number): number {
  return mixed(mixed(seed) + Math.imul(row + 1, 0x9e3779b9));
}

/** MurmurHash3's finalizer, 32 bits to 32 bits, one-to-one. */
function mixed(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
