import type { ChecksumAlgorithm } from './checksums.ts';

/** What is kept with an object besides its bytes. */
export interface ObjectAttributes {
  readonly contentType?: string | undefined;
  /** Headers that are given back as they came (Cache-Control and the like), by lower-case name. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** User metadata, by lower-case name without `x-amz-meta-`. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly checksum?: StoredChecksum | undefined;
}

export interface StoredChecksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64; that of a composite checksum ends in `-` and the number of parts. */
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}
