import { createHash } from 'node:crypto';
import type { Front } from './front.ts';
import { type SignatureError, type SigningKeys, verifySignature } from './signature.ts';
import { type WireReply, type WireRequest, ServiceError, readBody } from './wire.ts';
import { element, textElements, xmlDocument } from './xml.ts';

/** Who the caller is, and the one role there is. */
export interface Identity {
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly roleArn: string;
}

/** Parameters of an action, by name. */
type Parameters = URLSearchParams;

/** An action answers with the content of its `<ActionResult>` element. */
type Action = (parameters: Parameters, identity: Identity) => string;

interface QueryService {
  /** As in signatures. */
  readonly signingName: string;
  readonly namespace: string;
  readonly actions: Readonly<Record<string, Action>>;
}

/** Longer than any request of these services. */
const maxRequestBytes = 64 * 1024;

const sts: QueryService = {
  signingName: 'sts',
  namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  actions: { GetCallerIdentity: getCallerIdentity },
};

const iam: QueryService = {
  signingName: 'iam',
  namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  actions: { ListRoles: listRoles, GetRole: getRole },
};

/** Each service by its `Version` parameter, since they share the path and the port. */
const services: Readonly<Record<string, QueryService>> = { '2011-06-15': sts, '2010-05-08': iam };

/**
 * STS and IAM over the AWS query protocol: `POST /` with a form.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export class QueryFront implements Front {
  readonly name = 'query';

  constructor(
    private readonly identity: Identity,
    private readonly keys: SigningKeys,
  ) {}

  async answer(request: WireRequest): Promise<WireReply> {
    const body = await readBody(request.body(), maxRequestBytes);
    const bodySha256 = createHash('sha256').update(body).digest('hex');
    const parameters = new URLSearchParams(body.toString('utf8'));
    const service = services[parameters.get('Version') ?? ''];
    // STS and IAM are global or nearly so: clients sign for us-east-1 or for their own region.
    verifySignature({ ...request, bodySha256 }, this.keys, { service: service?.signingName }, Date.now());

    const name = parameters.get('Action');
    if (name === null) {
      throw new ServiceError('MissingAction', 'The request is missing an action or operation parameter.');
    }
    const action =
      service !== undefined && Object.hasOwn(service.actions, name) ? service.actions[name] : undefined;
    if (service === undefined || action === undefined) {
      const version = parameters.get('Version') ?? '';
      throw new ServiceError('InvalidAction', `Could not find operation ${name} for version ${version}`);
    }
    const result = element(`${name}Result`, action(parameters, this.identity));
    const metadata = element('ResponseMetadata', textElements({ RequestId: request.id }));
    return xmlReply(200, element(`${name}Response`, result + metadata, ` xmlns="${service.namespace}"`));
  }

  /** https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html */
  signatureError({ fault, message }: SignatureError): ServiceError {
    switch (fault) {
      case 'missing':
        return new ServiceError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
      case 'incomplete':
        return new ServiceError('IncompleteSignature', message, 400);
      case 'unknownKey':
        return new ServiceError('InvalidClientTokenId', message, 403);
      case 'skewed':
        return new ServiceError('SignatureDoesNotMatch', `Signature expired: ${message}`, 403);
      case 'wrongService':
      case 'wrongRegion':
      case 'expired':
      case 'mismatch':
        return new ServiceError('SignatureDoesNotMatch', message, 403);
    }
  }

  refuse(request: WireRequest, { code, message, httpStatus }: ServiceError): WireReply {
    const type = httpStatus >= 500 ? 'Receiver' : 'Sender';
    const error = element('Error', textElements({ Type: type, Code: code, Message: message }));
    return xmlReply(httpStatus, element('ErrorResponse', error + textElements({ RequestId: request.id })));
  }
}

function xmlReply(status: number, root: string): WireReply {
  return { status, headers: { 'Content-Type': 'text/xml' }, body: xmlDocument(root) };
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
function getCallerIdentity(_parameters: Parameters, { accountId }: Identity): string {
  return textElements({
    Arn: `arn:aws:iam::${accountId}:user/local`,
    UserId: 'AIDALOCALSAGEMAKERJOB',
    Account: accountId,
  });
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html */
function listRoles(parameters: Parameters, identity: Identity): string {
  const maxItems = parameters.get('MaxItems') ?? '100';
  if (!/^\d{1,4}$/.test(maxItems) || Number(maxItems) < 1 || Number(maxItems) > 1000) {
    throw validationError(maxItems, 'maxItems', 'Member must have value between 1 and 1000');
  }
  const pathPrefix = parameters.get('PathPrefix') ?? '/';
  if (!/^\/[!-~]*$/.test(pathPrefix)) {
    throw validationError(
      pathPrefix,
      'pathPrefix',
      'Member must satisfy regular expression pattern: \\u002F[\\u0021-\\u007F]*',
    );
  }
  const role = parseRole(identity.roleArn);
  // With one role there is never a second page, so no marker was ever given out.
  if (parameters.has('Marker')) throw new ServiceError('ValidationError', 'Invalid Marker.');
  const roles = role.path.startsWith(pathPrefix) ? element('member', roleXml(role)) : '';
  return textElements({ IsTruncated: false }) + element('Roles', roles);
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html */
function getRole(parameters: Parameters, identity: Identity): string {
  const name = parameters.get('RoleName') ?? '';
  if (!/^[\w+=,.@-]{1,64}$/.test(name)) {
    throw validationError(name, 'roleName', 'Member must satisfy regular expression pattern: [\\w+=,.@-]+');
  }
  const role = parseRole(identity.roleArn);
  if (name !== role.name) {
    throw new ServiceError('NoSuchEntity', `The role with name ${name} cannot be found.`, 404);
  }
  return element('Role', roleXml(role));
}

function validationError(value: string, member: string, constraint: string): ServiceError {
  return new ServiceError(
    'ValidationError',
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`,
  );
}

interface Role {
  readonly arn: string;
  readonly path: string;
  readonly name: string;
}

function parseRole(arn: string): Role {
  const match = /:role(\/(?:.*\/)?)([^/]+)$/.exec(arn);
  if (match?.[1] === undefined || match[2] === undefined) throw new Error('The role ARN is malformed.');
  return { arn, path: match[1], name: match[2] };
}

/** Lets SageMaker act as the role: https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html */
const trustPolicy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
});

function roleXml({ arn, path, name }: Role): string {
  return textElements({
    Path: path,
    RoleName: name,
    RoleId: 'AROALOCALSAGEMAKERJOB',
    Arn: arn,
    CreateDate: '2026-01-01T00:00:00Z',
    // IAM gives policies percent-encoded, as RFC 3986 has it.
    AssumeRolePolicyDocument: encodeURIComponent(trustPolicy),
    Description: 'The execution role of local jobs.',
    MaxSessionDuration: 3600,
  });
}
