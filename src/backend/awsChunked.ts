/**
 * Unwraps bodies with `Content-Encoding: aws-chunked`: chunks with sizes and perhaps signatures, then trailers.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
import { type Hash, createHash, createHmac } from 'node:crypto';
import { type ChunkSeed, equalInConstantTime } from './signature.ts';
import { ServiceError } from './wire.ts';

export interface ChunkedOptions {
  /** Given when the chunks are signed. */
  readonly seed?: ChunkSeed | undefined;
  /** The length of what is inside, as the request declared it. */
  readonly decodedLength: number;
}

/** The content of an aws-chunked body. Reading it throws when it is malformed, cut or wrongly signed. */
export class AwsChunkedBody implements AsyncIterable<Uint8Array> {
  /** Trailing headers by lower-case name; filled in once all was read. */
  readonly trailers = new Map<string, string>();

  readonly #reader: ByteReader;
  readonly #options: ChunkedOptions;
  #previousSignature: string | undefined;

  constructor(source: AsyncIterable<Uint8Array>, options: ChunkedOptions) {
    this.#reader = new ByteReader(source);
    this.#options = options;
    this.#previousSignature = options.seed?.signature;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    let length = 0;
    for (;;) {
      const { size, signature } = parseChunkHeader(await this.#reader.line());
      length += size;
      if (length > this.#options.decodedLength) throw wrongLength();
      // Bytes are handed on before their signature was checked; whoever takes them drops them when this throws.
      const hash = this.#options.seed === undefined ? undefined : createHash('sha256');
      for await (const bytes of this.#reader.take(size)) {
        hash?.update(bytes);
        yield bytes;
      }
      if (hash !== undefined)
        this.#checkSignature('AWS4-HMAC-SHA256-PAYLOAD', [emptySha256, hex(hash)], signature);
      if (size === 0) break;
      if ((await this.#reader.line()) !== '') throw malformed();
    }
    if (length !== this.#options.decodedLength) throw wrongLength();
    await this.#readTrailers();
  }

  async #readTrailers(): Promise<void> {
    const signed = createHash('sha256');
    for (let line = await this.#reader.line(); line !== ''; line = await this.#reader.line()) {
      const colon = line.indexOf(':');
      if (colon <= 0) throw malformed();
      const [name, value] = [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
      if (name === 'x-amz-trailer-signature') {
        this.#checkSignature('AWS4-HMAC-SHA256-TRAILER', [hex(signed)], value);
        return;
      }
      this.trailers.set(name, value);
      signed.update(`${name}:${value}\n`);
    }
    if (this.#options.seed !== undefined && this.trailers.size > 0) throw wrongSignature();
  }

  #checkSignature(algorithm: string, digests: readonly string[], signature: string | undefined): void {
    const { seed } = this.#options;
    if (seed === undefined) return;
    const stringToSign = [algorithm, seed.dateTime, seed.scope, this.#previousSignature, ...digests].join(
      '\n',
    );
    const expected = createHmac('sha256', seed.signingKey).update(stringToSign).digest('hex');
    if (signature === undefined || !equalInConstantTime(expected, signature)) throw wrongSignature();
    this.#previousSignature = expected;
  }
}

const emptySha256 = hex(createHash('sha256'));

function hex(hash: Hash): string {
  return hash.digest('hex');
}

/** Parses `1f` or `1f;chunk-signature=…`. */
function parseChunkHeader(line: string): { size: number; signature: string | undefined } {
  const match = /^([0-9a-f]{1,12})(?:;chunk-signature=([0-9a-f]+))?$/i.exec(line);
  if (match?.[1] === undefined) throw malformed();
  return { size: parseInt(match[1], 16), signature: match[2] };
}

function malformed(): ServiceError {
  return new ServiceError(
    'MalformedTrailerError',
    'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  );
}

function wrongLength(): ServiceError {
  return new ServiceError(
    'IncompleteBody',
    'You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header.',
  );
}

function wrongSignature(): ServiceError {
  return new ServiceError(
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided.',
    403,
  );
}

/** No line of the format is longer: a chunk header with a signature, or a trailer. */
const maxLineBytes = 8192;

/** Reads lines and counted bytes from a stream of pieces. */
class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The text up to the next line end, without it. */
  async line(): Promise<string> {
    let bytes = Buffer.from(this.#rest.buffer, this.#rest.byteOffset, this.#rest.length);
    let end = bytes.indexOf('\r\n');
    while (end < 0) {
      if (bytes.length > maxLineBytes) throw malformed();
      bytes = Buffer.concat([bytes, await this.#more()]);
      end = bytes.indexOf('\r\n');
    }
    this.#rest = bytes.subarray(end + 2);
    return bytes.toString('latin1', 0, end);
  }

  /** The next bytes, in pieces as they come. */
  async *take(count: number): AsyncGenerator<Uint8Array> {
    for (let left = count; left > 0;) {
      if (this.#rest.length === 0) this.#rest = await this.#more();
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  async #more(): Promise<Uint8Array> {
    const next = await this.#source.next();
    if (next.done === true) throw wrongLength();
    return next.value;
  }
}
