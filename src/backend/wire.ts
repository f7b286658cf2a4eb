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
  ) {
    super(message);
  }
}
