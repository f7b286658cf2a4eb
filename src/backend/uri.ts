import { ServiceError } from './wire.ts';

export interface QueryPair {
  readonly name: string;
  readonly value: string;
}

/** Names and values of a query, decoded, in their order. A name without `=` has an empty value. */
export function parseQuery(query: string): readonly QueryPair[] {
  return query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=');
      const [name, value] = equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
      return { name: decodePercent(name), value: decodePercent(value) };
    });
}

/** Decodes percent-encoded UTF-8; throws InvalidURI when it is not that. */
export function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) {
      throw new ServiceError('InvalidURI', "Couldn't parse the specified URI.", 400, { URI: text });
    }
    throw error;
  }
}

/** Percent-encodes everything but the unreserved characters of RFC 3986. */
export function encodePercent(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
