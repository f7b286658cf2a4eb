const stateSize = 624;
const shiftSize = 397;

/**
 * `std::mt19937` and the libstdc++ algorithms that XGBoost draws with. Standard C++ fixes the generator but not what
 * is made of its numbers; these are GCC's (11 and later), as in the wheels and in SageMaker's image.
 */
export class MersenneTwister {
  readonly #state = new Uint32Array(stateSize);
  #used = stateSize;

  /** Only the low 32 bits of the seed count, as in XGBoost. */
  constructor(seed: number) {
    const state = this.#state;
    state[0] = seed >>> 0;
    for (let i = 1; i < stateSize; i++) {
      const previous = state[i - 1]!;
      state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
  }

  /** The next 32 random bits. */
  next(): number {
    if (this.#used === stateSize) this.#refill();
    let bits = this.#state[this.#used++]!;
    bits ^= bits >>> 11;
    bits ^= (bits << 7) & 0x9d2c5680;
    bits ^= (bits << 15) & 0xefc60000;
    bits ^= bits >>> 18;
    return bits >>> 0;
  }

  /** `std::generate_canonical<double, 53>`: a number in [0, 1) from two draws, the low half first. */
  nextUnit(): number {
    const low = this.next();
    const high = this.next();
    // The sum may round up to 2^64; the largest double below one is what libstdc++ returns then.
    return Math.min((low + high * 2 ** 32) / 2 ** 64, 1 - 2 ** -53);
  }

  /** `std::uniform_int_distribution`: a whole number below `bound` (Lemire 2019), itself at most 2^32. */
  nextBelow(bound: number): number {
    const threshold = (2 ** 32 - bound) % bound;
    for (;;) {
      const product = BigInt(this.next()) * BigInt(bound);
      if (Number(product & 0xffffffffn) >= threshold) return Number(product >> 32n);
    }
  }

  /** `std::shuffle` in place. It takes two positions from one draw while their product fits into 32 bits. */
  shuffle(items: number[]): void {
    const count = items.length;
    if (count === 0) return;
    if (Math.floor(0xffffffff / count) < count) {
      for (let i = 1; i < count; i++) swap(items, i, this.nextBelow(i + 1));
      return;
    }
    let i = 1;
    if (count % 2 === 0) swap(items, i++, this.nextBelow(2));
    while (i < count) {
      const range = i + 1;
      const both = this.nextBelow(range * (range + 1));
      swap(items, i++, Math.floor(both / (range + 1)));
      swap(items, i++, both % (range + 1));
    }
  }

  #refill(): void {
    const state = this.#state;
    for (let i = 0; i < stateSize; i++) {
      const bits = (state[i]! & 0x80000000) | (state[(i + 1) % stateSize]! & 0x7fffffff);
      state[i] = state[(i + shiftSize) % stateSize]! ^ (bits >>> 1) ^ ((bits & 1) === 1 ? 0x9908b0df : 0);
    }
    this.#used = 0;
  }
}

function swap(items: number[], a: number, b: number): void {
  const kept = items[a]!;
  items[a] = items[b]!;
  items[b] = kept;
}
