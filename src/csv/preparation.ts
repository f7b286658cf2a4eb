import { partSizes, type PartSizes } from '../core/split.ts';
import type { SplitDraft } from '../core/trainingDraft.ts';
import { CellText, textEncodingOf } from './cellText.ts';
import { columnNames } from './inspection.ts';
import { type ColumnChoice, RowEncoder } from './rowEncoder.ts';
import { shuffleKey } from './rowOrder.ts';
import { RowReader } from './rowReader.ts';
import { type BlockStore, RowSpool } from './rowSpool.ts';
import { UnusableCsv } from './unusableCsv.ts';

/** How a file is to be prepared. */
export interface PreparationPlan extends ColumnChoice {
  readonly hasHeader: boolean;
  readonly split: SplitDraft;
  /** Size of the source; it decides how many buckets there are. */
  readonly sizeBytes: number;
}

/** What is written; `testLabels` has the source row (from 1) and the label of each row of `test`. */
export type PreparedPart = 'train' | 'validation' | 'test' | 'testLabels';

/** Takes the bytes of a part; they are good during the call only. */
export type WritePart = (part: PreparedPart, bytes: Uint8Array) => void;

/** What a preparation may hold in memory; tests make it small. */
export interface SpoolSizes {
  /** About the size of a bucket, which is sorted in memory. */
  readonly bucketBytes: number;
  readonly blockBytes: number;
  /** Beyond this many (8 GB with the default sizes), buckets grow with the file instead. */
  readonly mostBuckets: number;
}

const defaultSizes: SpoolSizes = { bucketBytes: 2 ** 22, blockBytes: 2 ** 13, mostBuckets: 2048 };

/** Before each row in the spool: its number from 0, the length of its label, its length. Each 32 bits. */
const recordHeaderBytes = 12;
const writeBytes = 2 ** 18;
const keyRange = 2 ** 32;

/**
 * Splits a CSV file into parts in one pass over it and one over a spool, in bounded memory.
 *
 * Each row is encoded and put into one of the spool's buckets, by the first bits of its place in the final order. When
 * the number of rows is known, the buckets are taken in order, each is sorted in memory, and the rows fill the parts
 * one after another. A small file has one bucket; the result does not depend on how many there are.
 *
 * `push` and `end` throw `UnusableCsv`.
 */
export class Preparation {
  rows = 0;
  readonly #plan: PreparationPlan;
  readonly #spool: RowSpool;
  readonly #buckets: number;
  readonly #reader: RowReader;
  #encoder: RowEncoder | undefined;
  #text: CellText | undefined;
  #labelName = '';
  #scratch = new Uint8Array(0);
  #pushedBytes = 0;

  constructor(plan: PreparationPlan, store: BlockStore, sizes: SpoolSizes = defaultSizes) {
    this.#plan = plan;
    // A power of two, so that a key's bucket and its rest are exact in floating point.
    const wanted = 2 ** Math.ceil(Math.log2(Math.max(1, plan.sizeBytes / sizes.bucketBytes)));
    this.#buckets = Math.min(wanted, sizes.mostBuckets);
    this.#spool = new RowSpool(store, this.#buckets, sizes.blockBytes);
    this.#reader = new RowReader(plan.delimiter);
  }

  push(chunk: Uint8Array): void {
    this.#text ??= new CellText(textEncodingOf(chunk));
    this.#pushedBytes += chunk.length;
    this.#reader.push(chunk);
    this.#takeRows();
  }

  /** Says that the file is read; answers how many rows each part gets. */
  end(): PartSizes {
    this.#reader.end();
    this.#takeRows();
    const sizes = partSizes(this.rows, this.#plan.split);
    if (sizes.train === 0) throw new UnusableCsv('tooFewRows', 'no row is left for training');
    return sizes;
  }

  /** Writes the parts, after `end`; yields the rows written so far, bucket by bucket, so that it can be stopped. */
  *write(sizes: PartSizes, write: WritePart): Generator<number, void> {
    const parts = new PartWriter(sizes, this.#labelName, write);
    // Made once for the largest bucket: memory that is dropped for each would come back late.
    const bucketSizes = Array.from({ length: this.#buckets }, (_, bucket) => this.#spool.size(bucket));
    const bucketBytes = new Uint8Array(bucketSizes.reduce((most, size) => Math.max(most, size)));
    for (const [bucket, size] of bucketSizes.entries()) {
      this.#spool.read(bucket, bucketBytes);
      const records = new SpooledRows(bucketBytes, size);
      for (const start of this.#inOrder(records, bucket)) parts.take(records, start);
      yield parts.rows;
    }
    parts.flush();
  }

  #takeRows(): void {
    const reader = this.#reader;
    while (reader.next()) {
      if (!this.#encoder) {
        this.#encoder = this.#startEncoder();
        if (this.#plan.hasHeader) continue;
      }
      this.#spoolRow(this.#encoder);
      this.rows++;
    }
  }

  /** Encodes the reader's current row right into the block of its bucket, or on the side where it may not fit. */
  #spoolRow(encoder: RowEncoder): void {
    const bucket = this.#spool.bucket(this.#bucketOf(this.rows));
    const most = recordHeaderBytes + encoder.mostBytes(this.#reader);
    const fits = bucket.filled + most < bucket.block.length;
    if (!fits && most > this.#scratch.length) this.#scratch = new Uint8Array(2 * most);
    const bytes = fits ? bucket.block : this.#scratch;
    const start = fits ? bucket.filled : 0;
    const text = start + recordHeaderBytes;
    const end = encoder.encode(this.#reader, bytes, text);
    putUint32(bytes, start, this.rows);
    putUint32(bytes, start + 4, encoder.labelLength);
    putUint32(bytes, start + 8, end - text);
    if (fits) bucket.filled = end;
    else this.#spool.append(bucket, bytes, end);
  }

  #startEncoder(): RowEncoder {
    this.#text ??= new CellText('UTF-8');
    const header = this.#text.readAll(this.#reader);
    const names = columnNames(this.#plan.hasHeader ? header : header.map(() => ''));
    this.#labelName = names[this.#plan.labelColumn] ?? '';
    return new RowEncoder(this.#plan, names, this.#text);
  }

  #bucketOf(row: number): number {
    if (this.#plan.split.order === 'shuffled')
      return Math.floor(shuffleKey(this.#plan.split.seed, row) / (keyRange / this.#buckets));
    // In file order any cut will do that keeps the buckets about equal.
    const share = this.#pushedBytes / Math.max(1, this.#plan.sizeBytes);
    return Math.min(this.#buckets - 1, Math.floor(share * this.#buckets));
  }

  /** Where the rows of a bucket start in it, in their final order. */
  #inOrder(records: SpooledRows, bucket: number): Uint32Array {
    const starts = records.starts();
    if (this.#plan.split.order === 'file') return starts;
    // The key's rest and the index in one number: sorting plain numbers is many times faster than sorting by a function.
    // Below 2^53, as a bucket that spans all keys has no more than 2^21 rows, and more buckets span fewer keys each.
    const lowestKey = bucket * (keyRange / this.#buckets);
    const step = 2 ** Math.ceil(Math.log2(starts.length + 1));
    const sorted = new Float64Array(starts.length);
    for (let index = 0; index < starts.length; index++) {
      const key = shuffleKey(this.#plan.split.seed, records.row(starts[index]!));
      sorted[index] = (key - lowestKey) * step + index;
    }
    sorted.sort();
    const ordered = new Uint32Array(starts.length);
    for (let index = 0; index < starts.length; index++) {
      const value = sorted[index]!;
      ordered[index] = starts[value - Math.floor(value / step) * step]!;
    }
    return ordered;
  }
}

/** The records of one bucket. */
class SpooledRows {
  readonly bytes: Uint8Array;
  readonly #size: number;

  constructor(bytes: Uint8Array, size: number) {
    this.bytes = bytes;
    this.#size = size;
  }

  /** Where each record starts, in the order they came. */
  starts(): Uint32Array {
    let count = 0;
    for (let at = 0; at < this.#size; at = this.end(at)) count++;
    const starts = new Uint32Array(count);
    for (let at = 0, index = 0; at < this.#size; at = this.end(at)) starts[index++] = at;
    return starts;
  }

  /** The row of the source that a record has, from 0. */
  row(start: number): number {
    return getUint32(this.bytes, start);
  }

  /** Where the text of a record starts, where its label ends, and where the record ends. */
  text(start: number): number {
    return start + recordHeaderBytes;
  }

  labelEnd(start: number): number {
    return this.text(start) + getUint32(this.bytes, start + 4);
  }

  end(start: number): number {
    return this.text(start) + getUint32(this.bytes, start + 8);
  }
}

/** Deals rows that come in their final order to the parts. */
class PartWriter {
  rows = 0;
  readonly #validationStart: number;
  readonly #testStart: number;
  readonly #train: PartBuffer;
  readonly #validation: PartBuffer;
  readonly #test: PartBuffer;
  readonly #testLabels: PartBuffer;

  constructor(sizes: PartSizes, labelName: string, write: WritePart) {
    this.#validationStart = sizes.train;
    this.#testStart = sizes.train + sizes.validation;
    const buffer = (part: PreparedPart): PartBuffer => new PartBuffer((bytes) => write(part, bytes));
    this.#train = buffer('train');
    this.#validation = buffer('validation');
    this.#test = buffer('test');
    this.#testLabels = buffer('testLabels');
    if (sizes.test > 0) this.#testLabels.appendText(`row,${asCell(labelName)}\n`);
  }

  take(records: SpooledRows, start: number): void {
    const { bytes } = records;
    const text = records.text(start);
    const end = records.end(start);
    if (this.rows < this.#validationStart) this.#train.append(bytes, text, end);
    else if (this.rows < this.#testStart) this.#validation.append(bytes, text, end);
    else {
      const labelEnd = records.labelEnd(start);
      this.#test.append(bytes, labelEnd + 1, end);
      this.#testLabels.appendText(`${records.row(start) + 1},`);
      this.#testLabels.append(bytes, text, labelEnd);
      this.#testLabels.appendText('\n');
    }
    this.rows++;
  }

  flush(): void {
    for (const part of [this.#train, this.#validation, this.#test, this.#testLabels]) part.flush();
  }
}

/** Gathers small pieces into large writes. */
class PartBuffer {
  readonly #write: (bytes: Uint8Array) => void;
  readonly #buffer = new Uint8Array(writeBytes);
  readonly #encoder = new TextEncoder();
  #filled = 0;

  constructor(write: (bytes: Uint8Array) => void) {
    this.#write = write;
  }

  append(bytes: Uint8Array, start: number, end: number): void {
    if (this.#filled + end - start > this.#buffer.length) this.flush();
    const piece = bytes.subarray(start, end);
    if (piece.length > this.#buffer.length) this.#write(piece);
    else {
      this.#buffer.set(piece, this.#filled);
      this.#filled += piece.length;
    }
  }

  appendText(text: string): void {
    const bytes = this.#encoder.encode(text);
    this.append(bytes, 0, bytes.length);
  }

  flush(): void {
    if (this.#filled > 0) this.#write(this.#buffer.subarray(0, this.#filled));
    this.#filled = 0;
  }
}

/** A name as a CSV cell: in quotes where it needs them (RFC 4180). */
function asCell(name: string): string {
  return /[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}

function putUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

function getUint32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}
