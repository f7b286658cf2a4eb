import assert from 'node:assert/strict';
import { type Handlers, Peer } from '../../../src/protocol/rpc.ts';

type Host = {
  double(params: { readonly value: number }): number;
  fail(params: undefined): void;
  wait(params: undefined): string;
};
type Page = { shout(params: { readonly text: string }): string };

interface Ends {
  readonly page: Peer<Page, Host>;
  readonly host: Peer<Host, Page>;
}

/** Two ends of one channel; messages are copied as a worker or a webview would. */
function connect(handlers: Partial<Handlers<Host>> = {}): Ends {
  const ends: Ends = {
    page: new Peer<Page, Host>((frame) => void ends.host.receive(structuredClone(frame)), {
      shout: ({ text }) => text.toUpperCase(),
    }),
    host: new Peer<Host, Page>((frame) => void ends.page.receive(structuredClone(frame)), {
      double: ({ value }) => 2 * value,
      fail: () => {
        throw new Error('The handler failed.');
      },
      wait: () => new Promise(() => undefined),
      ...handlers,
    }),
  };
  return ends;
}

describe('Peer', () => {
  it('answers calls in both directions', async () => {
    const { page, host } = connect();
    assert.equal(await page.call('double', { value: 21 }), 42);
    assert.equal(await host.call('shout', { text: 'done' }), 'DONE');
  });

  it('gives each caller its own answer, in whatever order they come', async () => {
    const finish: ((text: string) => void)[] = [];
    const { page } = connect({ wait: () => new Promise((resolve) => finish.push(resolve)) });
    const calls = [page.call('wait', undefined), page.call('wait', undefined)];
    finish[1]?.('second');
    finish[0]?.('first');
    assert.deepEqual(await Promise.all(calls), ['first', 'second']);
  });

  it('rejects when the handler throws, or rejects', async () => {
    const { page } = connect({ wait: () => Promise.reject(new Error('Too late.')) });
    await assert.rejects(page.call('fail', undefined), /^Error: The handler failed\.$/);
    await assert.rejects(page.call('wait', undefined), /^Error: Too late\.$/);
  });

  it('rejects a call that nobody handles, also one with the name of an inherited member', async () => {
    const { page } = connect();
    const anyCall = page as unknown as Peer<Page, Record<string, (params: undefined) => void>>;
    await assert.rejects(anyCall.call('unknown', undefined), /Nobody answers "unknown" here/);
    await assert.rejects(anyCall.call('toString', undefined), /Nobody answers "toString" here/);
  });

  it('rejects what is pending, and what comes later, when it is disposed of', async () => {
    const { page } = connect();
    const pending = page.call('wait', undefined);
    page.dispose();
    await assert.rejects(pending, /The channel is closed/);
    await assert.rejects(page.call('double', { value: 1 }), /The channel is closed/);
  });

  it('drops an answer that comes after it was disposed of', async () => {
    const posted: unknown[] = [];
    const page = new Peer<Page, Host>((frame) => posted.push(frame), { shout: ({ text }) => text });
    const pending = page.call('double', { value: 1 });
    page.dispose();
    await assert.rejects(pending, /The channel is closed/);
    await page.receive({ reply: 1, result: 2 });
    assert.equal(posted.length, 1);
  });

  it('posts no answer to a call that it finished after it was disposed of', async () => {
    const posted: unknown[] = [];
    let finish: (text: string) => void = assert.fail;
    const host = new Peer<Pick<Host, 'wait'>, Page>((frame) => posted.push(frame), {
      wait: () => new Promise((resolve) => (finish = resolve)),
    });
    const handled = host.receive({ call: 1, kind: 'wait', params: undefined });
    host.dispose();
    finish('too late');
    await handled;
    assert.deepEqual(posted, []);
  });

  it('rejects a call whose parameters the channel can’t carry', async () => {
    const page = new Peer<Page, Host>((frame) => structuredClone(frame), { shout: ({ text }) => text });
    const value = (() => 1) as unknown as number;
    await assert.rejects(page.call('double', { value }), { name: 'DataCloneError' });
  });

  it('tells the caller when the channel can’t carry the answer', async () => {
    const answer = (() => 1) as unknown as number;
    const { page } = connect({ double: () => answer });
    await assert.rejects(page.call('double', { value: 1 }), /could not be cloned/);
  });
});
