/** JSON as it comes over the wire. */
export type JsonObject = Record<string, unknown>;

/** One operation of an AWS JSON 1.1 service: takes the request's members, answers with the response's. */
export type Operation = (input: JsonObject) => JsonObject | Promise<JsonObject>;

/** An error that is sent to the client with its AWS identity. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';

  constructor(
    /** `__type` of JSON services, `Code` of XML ones. */
    readonly code: string,
    message: string,
    readonly httpStatus = 400,
    /** Further elements of an XML error, such as `BucketName`; JSON services don't send them. */
    readonly details: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** A request whose headers have arrived, before anything was believed about it. */
export interface WireRequest {
  readonly id: string;
  readonly method: string;
  /** The path as sent: still percent-encoded, and nothing in it resolved (`..` and `//` are legal in S3 keys). */
  readonly path: string;
  /** The query as sent, without the question mark. */
  readonly query: string;
  readonly headers: WireHeaders;
  /**
   * The body's bytes. Asking for them tells a client that waits for `100 Continue` to send, so it should happen only
   * after everything that can be refused without the body.
   */
  body(): AsyncIterable<Uint8Array>;
}

/** Header values by lower-case name; repeated headers are joined by commas, as signatures want them. */
export type WireHeaders = ReadonlyMap<string, string>;

/** What is sent back. */
export interface WireReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | FileSlice;
}

/**
 * A piece of a file, sent without being held in memory. The file is open already, so that it can be replaced or
 * deleted meanwhile; whoever sends it closes it.
 */
export interface FileSlice {
  readonly descriptor: number;
  readonly start: number;
  readonly length: number;
}

/** Reads a body that is small by nature; throws an error with the given code when it is larger than `maxBytes`. */
export async function readBody(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
  tooLargeCode = 'RequestEntityTooLargeException',
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new ServiceError(tooLargeCode, `The request is larger than ${maxBytes} bytes.`, 413);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
