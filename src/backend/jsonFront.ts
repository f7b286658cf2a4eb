import { createHash } from 'node:crypto';
import type { Front } from './front.ts';
import { type SignatureError, type SigningKeys, verifySignature } from './signature.ts';
import {
  type JsonObject,
  type Operation,
  type WireReply,
  type WireRequest,
  ServiceError,
  readBody,
} from './wire.ts';

/** The operations of each JSON service, by the prefix of `X-Amz-Target`. */
export type JsonServices = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

/** The longest request accepted; a CreateTrainingJob with everything at its limit is well below. */
const maxRequestBytes = 4 * 1024 * 1024;

/** Names of the services in signatures, by the prefix of `X-Amz-Target`. */
const signingNames: Readonly<Record<string, string>> = { SageMaker: 'sagemaker', Logs_20140328: 'logs' };

/**
 * AWS JSON 1.1: `POST /` with the operation in `X-Amz-Target`.
 * https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export class JsonFront implements Front {
  readonly name = 'json';

  constructor(
    private readonly services: JsonServices,
    private readonly keys: SigningKeys,
    private readonly region: string,
  ) {}

  async answer(request: WireRequest): Promise<WireReply> {
    const target = request.headers.get('x-amz-target') ?? '';
    const dot = target.indexOf('.');
    const [prefix, operationName] = [target.slice(0, dot), target.slice(dot + 1)];
    const body = await readBody(request.body(), maxRequestBytes);
    const bodySha256 = createHash('sha256').update(body).digest('hex');
    verifySignature(
      { ...request, bodySha256 },
      this.keys,
      { service: own(signingNames, prefix), region: this.region },
      Date.now(),
    );
    const operation = own(own(this.services, prefix) ?? {}, operationName);
    if (operation === undefined || request.method !== 'POST') {
      throw new ServiceError('UnknownOperationException', `The operation ${target} is not supported here.`);
    }
    return reply(200, await operation(parseInput(body)));
  }

  /** https://docs.aws.amazon.com/sagemaker/latest/APIReference/CommonErrors.html */
  signatureError({ fault, message }: SignatureError): ServiceError {
    switch (fault) {
      case 'missing':
        return new ServiceError('MissingAuthenticationToken', message, 403);
      case 'incomplete':
        return new ServiceError('IncompleteSignature', message, 403);
      case 'unknownKey':
        return new ServiceError('UnrecognizedClientException', message, 403);
      case 'wrongRegion':
        return new ServiceError(
          'InvalidSignatureException',
          'Credential should be scoped to a valid region.',
          403,
        );
      case 'skewed':
        return new ServiceError('InvalidSignatureException', `Signature expired: ${message}`, 403);
      case 'wrongService':
      case 'expired':
      case 'mismatch':
        return new ServiceError('InvalidSignatureException', message, 403);
    }
  }

  refuse(_request: WireRequest, error: ServiceError): WireReply {
    // SageMaker's modelled errors have `Message`, those of CloudWatch Logs `message`: SDKs take either.
    return reply(error.httpStatus, { __type: error.code, message: error.message, Message: error.message });
  }
}

function reply(status: number, body: JsonObject): WireReply {
  return { status, headers: { 'Content-Type': 'application/x-amz-json-1.1' }, body: JSON.stringify(body) };
}

function parseInput(body: Buffer): JsonObject {
  const input = body.length === 0 ? {} : parseJson(body.toString('utf8'));
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new ServiceError('SerializationException', 'The request must be a JSON object.');
  }
  return input as JsonObject;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What exactly is wrong with the text is of no interest to an SDK, and the parser's words would quote it.
    throw new ServiceError('SerializationException', 'The request is not valid JSON.');
  }
}

/** A member of a table, never one of `Object.prototype`: names come from outside. */
function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
