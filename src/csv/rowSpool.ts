/** Where blocks of a fixed size are kept until they are read once. */
export interface BlockStore {
  /** Keeps a copy of the block; the first one is number 0. */
  append(block: Uint8Array): void;
  /** Reads a block back. */
  read(index: number, into: Uint8Array): void;
}

/** For files that are small enough. */
export class MemoryBlocks implements BlockStore {
  readonly #blocks: Uint8Array[] = [];

  append(block: Uint8Array): void {
    this.#blocks.push(block.slice());
  }

  read(index: number, into: Uint8Array): void {
    const block = this.#blocks[index];
    if (!block) throw new RangeError(`There is no block ${index}.`);
    into.set(block);
  }
}

/** One of the streams of a `RowSpool`. Whoever fits bytes into the rest of its block moves `filled` on. */
export interface Bucket {
  readonly block: Uint8Array;
  /** How much of the block is used; less than all of it. */
  filled: number;
  /** Numbers of its full blocks in the store. */
  readonly stored: number[];
}

/**
 * Byte streams ("buckets") that are written side by side and read one after another, in one store: each holds one block
 * in memory until it is full, so memory is `buckets × blockBytes` whatever the size of the data.
 */
export class RowSpool {
  readonly #store: BlockStore;
  readonly #buckets: readonly Bucket[];
  readonly #blockBytes: number;
  #storedBlocks = 0;

  constructor(store: BlockStore, buckets: number, blockBytes: number) {
    this.#store = store;
    this.#blockBytes = blockBytes;
    this.#buckets = Array.from({ length: buckets }, () => ({
      block: new Uint8Array(blockBytes),
      filled: 0,
      stored: [],
    }));
  }

  bucket(index: number): Bucket {
    return this.#buckets[index]!;
  }

  /** Appends the first `length` of the bytes to a bucket. */
  append(to: Bucket, bytes: Uint8Array, length: number): void {
    for (let from = 0; from < length;) {
      const part = Math.min(length - from, this.#blockBytes - to.filled);
      to.block.set(bytes.subarray(from, from + part), to.filled);
      to.filled += part;
      from += part;
      if (to.filled === this.#blockBytes) {
        this.#store.append(to.block);
        to.stored.push(this.#storedBlocks++);
        to.filled = 0;
      }
    }
  }

  /** How many bytes a bucket has. */
  size(bucket: number): number {
    const { stored, filled } = this.#buckets[bucket]!;
    return stored.length * this.#blockBytes + filled;
  }

  /** Reads a whole bucket into the start of `into`. */
  read(bucket: number, into: Uint8Array): void {
    const { block, filled, stored } = this.#buckets[bucket]!;
    let to = 0;
    for (const index of stored) {
      this.#store.read(index, into.subarray(to, to + this.#blockBytes));
      to += this.#blockBytes;
    }
    into.set(block.subarray(0, filled), to);
  }
}
