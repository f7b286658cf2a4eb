import { type ObjectIndex, compareUtf8 } from './objectIndex.ts';
import type { StoredObject } from './objectStore.ts';

/** What to list, and where to begin. */
export interface ListingQuery {
  readonly prefix: string;
  /** Keys that go on after the prefix up to a delimiter are put together; `''` for none. */
  readonly delimiter: string;
  readonly maxKeys: number;
  readonly position: ListingPosition;
}

/** After a key, or after all keys that have a common prefix. */
export type ListingPosition =
  { readonly kind: 'start' } | { readonly kind: 'afterKey' | 'afterPrefix'; readonly text: string };

export interface ListingPage {
  readonly objects: readonly StoredObject[];
  readonly commonPrefixes: readonly string[];
  /** Where the next page begins; `undefined` at the end. */
  readonly next: Exclude<ListingPosition, { kind: 'start' }> | undefined;
}

/**
 * One page of keys and common prefixes, both counted against `maxKeys`. The work is in proportion to what the page
 * holds, not to the bucket: a common prefix is left by one search, however many keys it stands for.
 */
export function listPage(index: ObjectIndex<StoredObject>, query: ListingQuery): ListingPage {
  const { prefix, delimiter, maxKeys } = query;
  const objects: StoredObject[] = [];
  const commonPrefixes: string[] = [];
  let next: ListingPage['next'];
  if (maxKeys === 0) return { objects, commonPrefixes, next };

  for (let object = firstOf(index, query); object?.key.startsWith(prefix);) {
    if (objects.length + commonPrefixes.length === maxKeys) return { objects, commonPrefixes, next };
    const end = delimiter === '' ? -1 : object.key.indexOf(delimiter, prefix.length);
    if (end < 0) {
      objects.push(object);
      next = { kind: 'afterKey', text: object.key };
      object = index.firstAfter(object.key);
    } else {
      const common = object.key.slice(0, end + delimiter.length);
      commonPrefixes.push(common);
      next = { kind: 'afterPrefix', text: common };
      object = index.firstBeyond(common);
    }
  }
  return { objects, commonPrefixes, next: undefined };
}

function firstOf(
  index: ObjectIndex<StoredObject>,
  { prefix, position }: ListingQuery,
): StoredObject | undefined {
  const first = index.firstAt(prefix);
  if (position.kind === 'start') return first;
  const after =
    position.kind === 'afterKey' ? index.firstAfter(position.text) : index.firstBeyond(position.text);
  // A position before the prefix says nothing: the listing begins at the prefix then.
  return first !== undefined && after !== undefined && compareUtf8(after.key, first.key) < 0 ? first : after;
}

/** A position as an opaque text for the client to hand back. */
export function formatToken(position: Exclude<ListingPosition, { kind: 'start' }>): string {
  return Buffer.from(JSON.stringify([position.kind, position.text])).toString('base64url');
}

/** The position of a token; `undefined` for a text that never was one. */
export function parseToken(token: string): ListingPosition | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    const [kind, text] = Array.isArray(parsed) ? (parsed as unknown[]) : [];
    const isPosition = (kind === 'afterKey' || kind === 'afterPrefix') && typeof text === 'string';
    return isPosition ? { kind, text } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
