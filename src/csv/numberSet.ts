/**
 * A set of numbers (not NaN) for the inner loop of profiling, several times faster than `Set<number>`: open addressing
 * with linear probing, at most half full.
 */
export class NumberSet {
  size = 0;
  #slots = emptySlots(64);
  readonly #value = new Float64Array(1);
  readonly #halves = new Uint32Array(this.#value.buffer);

  /** Tells whether the value is new. */
  add(value: number): boolean {
    const slot = this.#find(value);
    if (this.#slots[slot] === value) return false;
    this.#slots[slot] = value;
    this.size++;
    if (2 * this.size > this.#slots.length) this.#grow();
    return true;
  }

  /** The slot that holds the value, or the free one where it belongs. */
  #find(value: number): number {
    // -0 and 0 are one value with two bit patterns; adding 0 makes them one.
    this.#value[0] = value + 0;
    const mask = this.#slots.length - 1;
    let hash = Math.imul(this.#halves[0]! ^ Math.imul(this.#halves[1]!, 0x9e3779b1), 0x85ebca6b);
    hash ^= hash >>> 15;
    let slot = hash & mask;
    for (;;) {
      const held = this.#slots[slot]!;
      if (held === value || Number.isNaN(held)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = emptySlots(2 * old.length);
    for (const value of old) if (!Number.isNaN(value)) this.#slots[this.#find(value)] = value;
  }
}

/** NaN marks a free slot. */
function emptySlots(count: number): Float64Array {
  return new Float64Array(count).fill(NaN);
}
