/** A map with its keys in the order of S3, which is that of their UTF-8 bytes. */
export class ObjectIndex<T> {
  readonly #values = new Map<string, T>();
  #keys: string[] = [];

  get size(): number {
    return this.#values.size;
  }

  get(key: string): T | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: T): void {
    if (!this.#values.has(key)) this.#keys.splice(this.#firstNotBefore(key), 0, key);
    this.#values.set(key, value);
  }

  delete(key: string): void {
    if (this.#values.delete(key)) this.#keys.splice(this.#firstNotBefore(key), 1);
  }

  /** Adds many at once: sorting at the end is much faster than keeping the order all the way. */
  load(entries: Iterable<readonly [string, T]>): void {
    for (const [key, value] of entries) this.#values.set(key, value);
    this.#keys = [...this.#values.keys()].sort(compareUtf8);
  }

  /** The values whose keys have the prefix, in order. */
  *scan(prefix: string): Generator<T> {
    for (let i = this.#firstNotBefore(prefix); this.#keys[i]?.startsWith(prefix); i++) {
      yield this.#values.get(this.#keys[i]!)!;
    }
  }

  /** The first value at or after a key. */
  firstAt(key: string): T | undefined {
    return this.#at(this.#firstNotBefore(key));
  }

  /** The first value after a key. */
  firstAfter(key: string): T | undefined {
    return this.#at(this.#search((other) => compareUtf8(other, key) <= 0));
  }

  /** The first value after all those whose keys have the prefix. */
  firstBeyond(prefix: string): T | undefined {
    return this.#at(this.#search((other) => other.startsWith(prefix) || compareUtf8(other, prefix) < 0));
  }

  #at(position: number): T | undefined {
    const key = this.#keys[position];
    return key === undefined ? undefined : this.#values.get(key);
  }

  #firstNotBefore(key: string): number {
    return this.#search((other) => compareUtf8(other, key) < 0);
  }

  /** Position of the first key that isn't before; `isBefore` holds for a beginning of the keys and not for the rest. */
  #search(isBefore: (key: string) => boolean): number {
    let [low, high] = [0, this.#keys.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore(this.#keys[middle]!)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * Compares texts by their UTF-8 bytes. JavaScript's own order differs where a character outside the basic plane,
 * written as two surrogates (U+D800 to U+DFFF), meets one from U+E000 to U+FFFF.
 */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [left, right] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (left === right) continue;
    const [leftIsHigh, rightIsHigh] = [isSurrogate(left), isSurrogate(right)];
    return leftIsHigh === rightIsHigh ? left - right : leftIsHigh ? 1 : -1;
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
