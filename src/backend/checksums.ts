import { createHash } from 'node:crypto';
import * as zlib from 'node:zlib';

/** The checksums that S3 knows by these names in headers and XML, except CRC64NVME. */
export const checksumAlgorithms = ['CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const;
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];

/** What can be computed while bytes pass by. */
export type DigestName = ChecksumAlgorithm | 'MD5';

/** Takes bytes and gives, once, their digest. */
export interface Digest {
  update(bytes: Uint8Array): void;
  digest(): Buffer;
}

export function createDigest(name: DigestName): Digest {
  switch (name) {
    case 'MD5':
    case 'SHA1':
    case 'SHA256': {
      const hash = createHash(name);
      return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
    }
    case 'CRC32':
      return nativeCrc32 === undefined ? new TableCrc(crc32Polynomial) : new NativeCrc32(nativeCrc32);
    case 'CRC32C':
      return new TableCrc(crc32cPolynomial);
  }
}

/** The digest of bytes at hand. */
export function digestOf(name: DigestName, bytes: Uint8Array): Buffer {
  const digest = createDigest(name);
  digest.update(bytes);
  return digest.digest();
}

/** Length of a digest in bytes, to tell a malformed value from a wrong one. */
export const digestBytes: Readonly<Record<DigestName, number>> = {
  MD5: 16,
  CRC32: 4,
  CRC32C: 4,
  SHA1: 20,
  SHA256: 32,
};

/** Node has CRC-32 from 20.15 on, several times as fast as the tables. It never had CRC-32C. */
const nativeCrc32 = (zlib as { crc32?: (bytes: Uint8Array, value: number) => number }).crc32;

class NativeCrc32 implements Digest {
  #value = 0;

  constructor(private readonly crc32: (bytes: Uint8Array, value: number) => number) {}

  update(bytes: Uint8Array): void {
    this.#value = this.crc32(bytes, this.#value);
  }

  digest(): Buffer {
    return bigEndian(this.#value);
  }
}

/** The reflected polynomial of ISO 3309, as in zlib and gzip. */
export const crc32Polynomial = 0xedb88320;
/** The reflected polynomial of Castagnoli, as in RFC 3720. */
const crc32cPolynomial = 0x82f63b78;

const tablesByPolynomial = new Map<number, Uint32Array>();

function tablesOf(polynomial: number): Uint32Array {
  const tables = tablesByPolynomial.get(polynomial) ?? createTables(polynomial);
  tablesByPolynomial.set(polynomial, tables);
  return tables;
}

/**
 * Eight tables of 256 entries, one after the other: entry `n` of table `k` is the remainder of byte `n` followed by
 * `k` zero bytes. With them eight bytes are taken at once ("slicing-by-8").
 */
function createTables(polynomial: number): Uint32Array {
  const tables = new Uint32Array(8 * 256);
  for (let n = 0; n < 256; n++) {
    let remainder = n;
    for (let bit = 0; bit < 8; bit++) {
      remainder = remainder & 1 ? (remainder >>> 1) ^ polynomial : remainder >>> 1;
    }
    tables[n] = remainder;
  }
  for (let i = 256; i < tables.length; i++) {
    const previous = tables[i - 256]!;
    tables[i] = (previous >>> 8) ^ tables[previous & 0xff]!;
  }
  return tables;
}

/** A CRC of 32 bits, reflected, beginning and ending with all bits turned over. */
export class TableCrc implements Digest {
  readonly #tables: Uint32Array;
  #remainder = 0xffffffff;

  constructor(polynomial: number) {
    this.#tables = tablesOf(polynomial);
  }

  update(bytes: Uint8Array): void {
    const t = this.#tables;
    let c = this.#remainder;
    let i = 0;
    for (const end = bytes.length - 7; i < end; i += 8) {
      const low = c ^ (bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24));
      c =
        t[1792 + (low & 0xff)]! ^
        t[1536 + ((low >>> 8) & 0xff)]! ^
        t[1280 + ((low >>> 16) & 0xff)]! ^
        t[1024 + (low >>> 24)]! ^
        t[768 + bytes[i + 4]!]! ^
        t[512 + bytes[i + 5]!]! ^
        t[256 + bytes[i + 6]!]! ^
        t[bytes[i + 7]!]!;
    }
    for (; i < bytes.length; i++) c = (c >>> 8) ^ t[(c ^ bytes[i]!) & 0xff]!;
    this.#remainder = c;
  }

  digest(): Buffer {
    return bigEndian(~this.#remainder >>> 0);
  }
}

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
