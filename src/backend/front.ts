import type { SignatureError } from './signature.ts';
import type { ServiceError, WireReply, WireRequest } from './wire.ts';

/** One of the protocols that share the port: it answers requests and words its errors as its services do. */
export interface Front {
  /** The services that it speaks for, for the log. */
  readonly name: string;
  /** Verifies and carries out a request. May throw `ServiceError` and `SignatureError`; all else is a fault. */
  answer(request: WireRequest): Promise<WireReply>;
  /** What a request that isn't believed is told. */
  signatureError(error: SignatureError): ServiceError;
  /** An error in the protocol's own form. */
  refuse(request: WireRequest, error: ServiceError): WireReply;
}
