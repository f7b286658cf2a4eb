import { type Front } from './front.ts';
import { type ObjectStore } from './objectStore.ts';
import { type SignatureError, type SigningKeys, verifySignature } from './signature.ts';
import { type WireReply, type WireRequest, ServiceError } from './wire.ts';

/** S3 over REST and XML. */
export class ObjectFront implements Front {
  readonly name = 's3';

  constructor(
    private readonly store: ObjectStore,
    private readonly keys: SigningKeys,
    private readonly place: { readonly region: string; readonly accountId: string },
  ) {}

  async answer(request: WireRequest): Promise<WireReply> {
    verifySignature(request, this.keys, { service: 's3', region: this.place.region }, Date.now());
    void this.store;
    throw new ServiceError(
      'NotImplemented',
      'A header you provided implies functionality that is not implemented',
      501,
    );
  }

  signatureError({ message }: SignatureError): ServiceError {
    return new ServiceError('SignatureDoesNotMatch', message, 403);
  }

  refuse(_request: WireRequest, error: ServiceError): WireReply {
    return { status: error.httpStatus, headers: {}, body: '' };
  }
}
