import { createHash, createHmac } from 'node:crypto';
import { request } from 'node:http';

/** Everything that a client needs to use a backend. The same keys serve every service at the one URL. */
export interface BackendEndpoint {
  readonly url: string;
  readonly region: string;
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The default bucket, `sagemaker-<region>-<account>`; it is always there. */
  readonly bucket: string;
  readonly roleArn: string;
}

/** What a call needs to know of the backend it is for. */
export type CallAddress = Pick<BackendEndpoint, 'url' | 'region' | 'accessKeyId' | 'secretAccessKey'>;

const service = 'sagemaker';
/** Longer than any operation takes: emptying the backend waits for its workers to end. */
const timeoutMs = 30_000;

/**
 * Calls an operation by its full target, such as `SageMakerJobsLocal.Usage`. This small client lets the extension find
 * its backend, and ask for what AWS has no word for, without loading any AWS code.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function callBackend(
  address: CallAddress,
  target: string,
  input: Readonly<Record<string, unknown>> = {},
  signal?: AbortSignal,
): Promise<Readonly<Record<string, unknown>>> {
  const body = JSON.stringify(input);
  const headers = signedHeaders(address, target, body);
  return new Promise((resolve, reject) => {
    const call = request(
      address.url,
      { method: 'POST', headers, agent: false, timeout: timeoutMs, signal },
      (reply) => {
        const chunks: Buffer[] = [];
        reply.on('data', (chunk: Buffer) => chunks.push(chunk));
        reply.on('error', reject);
        reply.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (reply.statusCode !== 200) {
            reject(new Error(`${target} was refused: ${text.slice(0, 200)}`));
            return;
          }
          try {
            resolve(JSON.parse(text) as Readonly<Record<string, unknown>>);
          } catch (cause) {
            // Another program has the port. Nobody else would catch what is thrown in an event.
            reject(new Error(`${target} was answered with something else than JSON.`, { cause }));
          }
        });
      },
    );
    call.on('timeout', () => call.destroy(new Error(`${target} was not answered within ${timeoutMs} ms.`)));
    call.on('error', reject);
    call.end(body);
  });
}

function signedHeaders(address: CallAddress, target: string, body: string): Record<string, string> {
  const dateTime = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = [dateTime.slice(0, 8), address.region, service, 'aws4_request'];
  const signed: Record<string, string> = {
    'content-type': 'application/x-amz-json-1.1',
    host: new URL(address.url).host,
    'x-amz-date': dateTime,
    'x-amz-target': target,
  };
  const names = Object.keys(signed);
  const canonicalHeaders = names.map((name) => `${name}:${signed[name]}`);
  const canonicalRequest = ['POST', '/', '', ...canonicalHeaders, '', names.join(';'), sha256(body)].join(
    '\n',
  );
  const stringToSign = ['AWS4-HMAC-SHA256', dateTime, scope.join('/'), sha256(canonicalRequest)].join('\n');
  const key = scope.reduce<Buffer>(
    (parent, part) => hmac(parent, part),
    Buffer.from(`AWS4${address.secretAccessKey}`),
  );
  const credential = `${address.accessKeyId}/${scope.join('/')}`;
  const signature = hmac(key, stringToSign).toString('hex');
  return {
    ...signed,
    'content-length': String(Buffer.byteLength(body)),
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** The answer to a challenge that only a holder of the secret key can give. */
export function proofOf(secretAccessKey: string, challenge: string): string {
  return createHmac('sha256', secretAccessKey).update(`SageMakerJobsLocal.Hello ${challenge}`).digest('hex');
}
