import assert from 'node:assert/strict';

/** The error that an SDK call rejects with, as its name and HTTP status: `NoSuchKey 404`. */
export async function errorOf(call: Promise<unknown>): Promise<string> {
  const error = await rejection(call);
  return `${error.name} ${error.$metadata?.httpStatusCode ?? '-'}`;
}

export interface SdkError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** The error that a call rejects with; fails when it doesn't. */
export async function rejection(call: Promise<unknown>): Promise<SdkError> {
  try {
    await call;
  } catch (error) {
    assert.ok(error instanceof Error);
    return error;
  }
  assert.fail('The call succeeded.');
}
