import type { StoredObject } from './objectStore.ts';
import { type WireHeaders, ServiceError } from './wire.ts';

/**
 * Tells whether a read may go on; `notModified` means that the client has the object already. Throws
 * PreconditionFailed. With a prefix, the headers of a copy's source are looked at.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-reads.html
 */
export function checkReadConditions(
  headers: WireHeaders,
  object: StoredObject,
  prefix: '' | 'x-amz-copy-source-' = '',
): 'proceed' | 'notModified' {
  const [ifMatch, ifNoneMatch] = [headers.get(`${prefix}if-match`), headers.get(`${prefix}if-none-match`)];
  const unmodifiedSince = timeOf(headers.get(`${prefix}if-unmodified-since`));
  const modifiedSince = timeOf(headers.get(`${prefix}if-modified-since`));
  const changedMs = Math.floor(object.lastModifiedMs / 1000) * 1000;

  if (ifMatch !== undefined) {
    if (!matches(ifMatch, object.etag)) throw preconditionFailed('If-Match');
  } else if (unmodifiedSince !== undefined && changedMs > unmodifiedSince) {
    throw preconditionFailed('If-Unmodified-Since');
  }
  const isKnown =
    ifNoneMatch !== undefined
      ? matches(ifNoneMatch, object.etag)
      : modifiedSince !== undefined && changedMs <= modifiedSince;
  return isKnown ? 'notModified' : 'proceed';
}

/**
 * Checks whether an object may be written over what is there; throws PreconditionFailed.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function checkWriteConditions(
  headers: WireHeaders,
  existing: StoredObject | undefined,
  key: string,
): void {
  const [ifMatch, ifNoneMatch] = [headers.get('if-match'), headers.get('if-none-match')];
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch !== '*')
      throw new ServiceError('NotImplemented', 'If-None-Match of a write must be *.', 501);
    if (existing !== undefined) throw preconditionFailed('If-None-Match');
  }
  if (ifMatch !== undefined) {
    if (existing === undefined) {
      throw new ServiceError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });
    }
    if (!matches(ifMatch, existing.etag)) throw preconditionFailed('If-Match');
  }
}

export function preconditionFailed(condition: string): ServiceError {
  return new ServiceError(
    'PreconditionFailed',
    'At least one of the pre-conditions you specified did not hold',
    412,
    {
      Condition: condition,
    },
  );
}

function matches(condition: string, etag: string): boolean {
  return condition.split(',').some((part) => {
    const wanted = part
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1');
    return wanted === '*' || wanted === etag;
  });
}

function timeOf(httpDate: string | undefined): number | undefined {
  const milliseconds = Date.parse(httpDate ?? '');
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

export interface ByteRange {
  readonly start: number;
  readonly length: number;
}

/**
 * Parses a Range header against an object's size. `undefined` means the whole object: no header, or one that S3
 * ignores (several ranges, another unit, nonsense). Throws InvalidRange when nothing of the object lies in it.
 * https://www.rfc-editor.org/rfc/rfc9110#section-14.1.2
 */
export function parseRange(header: string | undefined, sizeBytes: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec((header ?? '').trim());
  if (header === undefined || match === null) return undefined;
  const [first, last] = [match[1]!, match[2]!];
  if (first === '' && last === '') return undefined;
  if (first !== '' && last !== '' && Number(first) > Number(last)) return undefined;
  const start = first === '' ? Math.max(0, sizeBytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? sizeBytes : Math.min(sizeBytes, Number(last) + 1);
  if (start >= end) {
    throw new ServiceError('InvalidRange', 'The requested range is not satisfiable', 416, {
      RangeRequested: header,
      ActualObjectSize: String(sizeBytes),
    });
  }
  return { start, length: end - start };
}
