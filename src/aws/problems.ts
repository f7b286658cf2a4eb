import { abortError, isAbortError } from '../core/cancellation.ts';
import { Problem, type ProblemCode } from '../core/problem.ts';

/** What was being done, for the sentence that says that it failed. */
export interface CallContext {
  /** Completes "Can't …": `list training jobs`. */
  readonly what: string;
  /** The job, bucket or file it was about. */
  readonly subject?: string;
  readonly region?: string;
  readonly profile?: string | undefined;
}

/** The members of an SDK error; told apart by name, since every client brings its own classes. */
interface SdkError extends Error {
  readonly code?: string;
  readonly Code?: string;
  readonly address?: string;
  readonly port?: number;
  readonly hostname?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

const codesByName: Readonly<Record<string, ProblemCode>> = {
  AccessDenied: 'accessDenied',
  AccessDeniedException: 'accessDenied',
  AuthorizationError: 'accessDenied',
  Forbidden: 'accessDenied',
  UnauthorizedOperation: 'accessDenied',
  BucketAlreadyExists: 'conflict',
  ConflictException: 'conflict',
  ResourceInUse: 'conflict',
  CapacityError: 'capacity',
  InsufficientCapacity: 'capacity',
  ExpiredToken: 'expired',
  ExpiredTokenException: 'expired',
  RequestExpired: 'expired',
  TokenRefreshRequired: 'expired',
  NoSuchBucket: 'notFound',
  NoSuchKey: 'notFound',
  NoSuchUpload: 'notFound',
  NotFound: 'notFound',
  ResourceNotFound: 'notFound',
  ResourceNotFoundException: 'notFound',
  IncompleteSignature: 'notSignedIn',
  InvalidAccessKeyId: 'notSignedIn',
  InvalidClientTokenId: 'notSignedIn',
  InvalidSignatureException: 'notSignedIn',
  MissingAuthenticationToken: 'notSignedIn',
  MissingAuthenticationTokenException: 'notSignedIn',
  SignatureDoesNotMatch: 'notSignedIn',
  UnrecognizedClientException: 'notSignedIn',
  LimitExceededException: 'quota',
  ResourceLimitExceeded: 'quota',
  BandwidthLimitExceeded: 'throttled',
  RequestLimitExceeded: 'throttled',
  RequestThrottled: 'throttled',
  RequestThrottledException: 'throttled',
  SlowDown: 'throttled',
  Throttling: 'throttled',
  ThrottlingException: 'throttled',
  TooManyRequestsException: 'throttled',
  AuthorizationHeaderMalformed: 'wrongRegion',
  IllegalLocationConstraintException: 'wrongRegion',
  PermanentRedirect: 'wrongRegion',
};

/** What Node says of connections that could not be made, or broke. */
const connectionTrouble: Readonly<Record<string, string>> = {
  EAI_AGAIN: 'the name could not be looked up',
  ECONNABORTED: 'the connection broke',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection broke',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETDOWN: 'the network is down',
  ENETUNREACH: 'the network cannot be reached',
  ENOTFOUND: 'the name is not known',
  EPIPE: 'the connection broke',
  ETIMEDOUT: 'there was no answer in time',
};

/**
 * The error to throw for one that a call failed with: an `AbortError` for a call that was cancelled, a `Problem` for
 * what a service or the network did, and the error itself where it is a bug of ours.
 */
export function toThrown(error: unknown, context: CallContext, signal?: AbortSignal): Error {
  if (signal?.aborted || isAbortError(error)) return abortError();
  if (error instanceof Problem) return error;
  if (!(error instanceof Error)) return new Error(String(error));
  const failure = error as SdkError;
  const code = codeOf(failure);
  if (code === undefined) return error;
  const { message, hint } = sentences(code, failure, context);
  return new Problem(code, message, { hint, details: details(failure), cause: error });
}

/** Whether an SDK error has one of these names. */
export function hasName(error: unknown, ...names: readonly string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}

/** How often the SDK sent the request before it gave up, or got this answer. */
export function attemptsOf(error: unknown): number {
  return (error as SdkError).$metadata?.attempts ?? 1;
}

/** The HTTP status of the answer; `undefined` without an answer. */
export function statusOf(error: unknown): number | undefined {
  return (error as SdkError).$metadata?.httpStatusCode;
}

/** The header of the answer that an error was made from; `undefined` without an answer. */
export function headerOf(error: unknown, name: string): string | undefined {
  return (error as SdkError).$response?.headers?.[name];
}

/** Describe and Stop say "no such job" as a ValidationException, against what their model declares. */
export function isMissing(error: unknown): boolean {
  if (hasName(error, 'ResourceNotFound', 'ResourceNotFoundException')) return true;
  return (
    hasName(error, 'ValidationException') && /requested resource not found/i.test((error as Error).message)
  );
}

function codeOf(error: SdkError): ProblemCode | undefined {
  const status = error.$metadata?.httpStatusCode;
  const named = codesByName[error.name] ?? codesByName[error.Code ?? ''];
  // The provider of a profile says in words only whether signing in again is all that is missing.
  if (/ProviderError$/.test(error.name))
    return /expired|refresh/i.test(error.message) ? 'expired' : 'notSignedIn';
  if (named !== undefined) return named;
  if (trouble(error) !== undefined) return 'offline';
  if (status === undefined) return undefined;
  if (status === 301 || status === 307) return 'wrongRegion';
  if (status === 401 || status === 403) return 'accessDenied';
  if (status === 404) return 'notFound';
  if (status === 429) return 'throttled';
  // A broken answer (a proxy's HTML, say) comes as a SyntaxError with the status it had.
  return status >= 500 || status < 400 ? 'serviceFault' : 'invalidInput';
}

function trouble(error: SdkError): string | undefined {
  const known = connectionTrouble[error.code ?? ''];
  if (known !== undefined) return known;
  if (error.name === 'TimeoutError') return connectionTrouble['ETIMEDOUT'];
  if (error.message === 'socket hang up' || error.message === 'aborted')
    return connectionTrouble['ECONNRESET'];
  return /certificate/i.test(error.message) ? 'its certificate is not trusted' : undefined;
}

interface Sentences {
  readonly message: string;
  readonly hint?: string;
}

function sentences(code: ProblemCode, error: SdkError, context: CallContext): Sentences {
  const cannot = `Can't ${context.what}${context.subject === undefined ? '' : ` "${context.subject}"`}`;
  const who = context.profile === undefined ? 'Your sign-in' : `Your sign-in for "${context.profile}"`;
  const said = error.message.replace(/\.$/, '');
  switch (code) {
    case 'accessDenied':
      return denied(cannot, error);
    case 'capacity':
      return {
        message: `${cannot}: AWS has no such instance free now.`,
        hint: 'Try another type, or later.',
      };
    case 'conflict':
      return context.subject === undefined || !context.what.startsWith('create')
        ? { message: `${cannot}: ${said}.` }
        : { message: `The name "${context.subject}" is already used in ${context.region ?? 'this region'}.` };
    case 'expired':
      return { message: `${who} expired.`, hint: 'Sign in again; it goes on by itself.' };
    case 'notFound':
      return { message: `${cannot}: it does not exist.` };
    case 'notSignedIn':
      return notSignedIn(cannot, error, context);
    case 'offline':
      return {
        message: `${cannot}: ${trouble(error) ?? 'no connection'}${at(error)}.`,
        hint: 'Check the connection.',
      };
    case 'quota':
      return quota(cannot, error);
    case 'throttled':
      return { message: `${cannot}: the service asks to slow down.`, hint: 'Try again in a moment.' };
    case 'wrongRegion':
      return wrongRegion(cannot, error, context);
    case 'serviceFault':
      return { message: `${cannot}: the service has a fault.`, hint: 'Try again in a moment.' };
    case 'backendUnavailable':
    case 'badCsv':
    case 'fileChanged':
    case 'invalidInput':
      return { message: `${cannot}: ${said}.` };
  }
}

/** Finds action and resource in the service's sentence, which has several forms. */
function denied(cannot: string, error: SdkError): Sentences {
  const match = /User: (\S+) is not authorized to perform: (\S+)(?: on resource: (\S+))?/.exec(error.message);
  const [, user, action, resource] = match ?? [];
  if (user === undefined || action === undefined) {
    return {
      message: `${cannot}: access is denied.`,
      hint: 'Ask for the permission, or use another sign-in.',
    };
  }
  const who = user.slice(user.lastIndexOf('/') + 1);
  const target = resource === undefined ? undefined : trimmed(resource);
  if (action === 'iam:PassRole' && target !== undefined) {
    const role = target.slice(target.lastIndexOf('/') + 1);
    return {
      message: `${who} may not pass role ${role} to SageMaker (iam:PassRole).`,
      hint: 'Choose another role, or ask for this permission.',
    };
  }
  const on = target === undefined ? '' : ` on ${target}`;
  return { message: `${cannot}: ${who} may not ${action}${on}.`, hint: 'Ask for this permission.' };
}

function notSignedIn(cannot: string, error: SdkError, { profile }: CallContext): Sentences {
  if (/ProviderError$/.test(error.name)) {
    const where =
      profile === undefined ? 'No AWS credentials were found' : `Profile "${profile}" gives no credentials`;
    return {
      message: `${cannot}: ${where.charAt(0).toLowerCase()}${where.slice(1)}.`,
      hint: 'Sign in, or choose another connection.',
    };
  }
  return {
    message: `${cannot}: the service does not accept these credentials.`,
    hint: 'Sign in, or check the keys and the clock of this computer.',
  };
}

/** `ml.m4.xlarge for training job usage` is the quota's name, with its value behind it. */
function quota(cannot: string, error: SdkError): Sentences {
  const match = /service limit '(\S+) for (.+?) usage' is (\d+)/.exec(error.message);
  const [, type, kind, limit] = match ?? [];
  if (type === undefined || kind === undefined || limit === undefined) {
    return { message: `${cannot}: a limit of the account is reached.`, hint: 'Request an increase.' };
  }
  return {
    message: `Your account may run ${limit} × ${type} for ${kind.replace(/ job$/, '')} at once.`,
    hint: 'Choose another type, or request an increase.',
  };
}

function wrongRegion(cannot: string, error: SdkError, { region }: CallContext): Sentences {
  const found = headerOf(error, 'x-amz-bucket-region') ?? /expecting '([a-z0-9-]+)'/.exec(error.message)?.[1];
  const where = found === undefined ? 'in another region' : `in ${found}`;
  const ours = region === undefined ? '' : `, the connection in ${region}`;
  return {
    message: `${cannot}: the bucket is ${where}${ours}.`,
    hint: 'Select a bucket of the same region.',
  };
}

function at({ address, port, hostname }: SdkError): string {
  const host = address ?? hostname;
  return host === undefined ? '' : ` (${host}${port === undefined ? '' : `:${port}`})`;
}

/** ARNs end a sentence in the service's words: with its full stop, or a comma. */
function trimmed(text: string): string {
  return text.replace(/[.,;]$/, '');
}

/** The service's own words. A signature problem quotes the signed request, which is nobody's to read. */
function details(error: SdkError): string | undefined {
  if (/Signature/.test(error.name)) return `${error.name} (HTTP ${error.$metadata?.httpStatusCode ?? '?'})`;
  return error.message === '' ? error.name : `${error.name}: ${error.message}`;
}
