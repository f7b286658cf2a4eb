import { messageOf } from '../core/problem.ts';

/** A map of the functions that one side of a message channel offers. */
export type Api = Record<string, (params: never) => unknown>;
export type Params<A extends Api, K extends keyof A> = Parameters<A[K]>[0];
export type Result<A extends Api, K extends keyof A> = Awaited<ReturnType<A[K]>>;
export type Handlers<A extends Api> = {
  readonly [K in keyof A]: (params: Params<A, K>) => Result<A, K> | Promise<Result<A, K>>;
};

type Frame =
  | { readonly call: number; readonly kind: string; readonly params: unknown }
  | { readonly reply: number; readonly result: unknown }
  | { readonly reply: number; readonly error: string };

interface Pending {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/**
 * One end of a channel of structured-clone messages (a webview or a worker): typed calls in both directions.
 * A handler that throws rejects the caller with its message; a kind that nobody handles rejects too.
 */
export class Peer<Local extends Api, Remote extends Api> {
  readonly #post: (frame: unknown) => unknown;
  readonly #handlers: Handlers<Local>;
  readonly #pending = new Map<number, Pending>();
  #nextCall = 1;
  #disposed = false;

  constructor(post: (frame: unknown) => unknown, handlers: Handlers<Local>) {
    this.#post = post;
    this.#handlers = handlers;
  }

  /** Calls the other side; rejects when its handler throws, and when this end is disposed of. */
  call<K extends keyof Remote & string>(kind: K, params: Params<Remote, K>): Promise<Result<Remote, K>> {
    if (this.#disposed) return Promise.reject(new Error('The channel is closed.'));
    const call = this.#nextCall++;
    return new Promise((resolve, reject) => {
      this.#pending.set(call, { resolve, reject });
      this.#post({ call, kind, params } satisfies Frame);
    });
  }

  /** Takes a message that arrived from the other side. */
  async receive(message: unknown): Promise<void> {
    const frame = message as Frame;
    if ('reply' in frame) {
      const pending = this.#pending.get(frame.reply);
      this.#pending.delete(frame.reply);
      if ('error' in frame) pending?.reject(new Error(frame.error));
      else pending?.resolve(frame.result as never);
      return;
    }
    try {
      const handler = Object.hasOwn(this.#handlers, frame.kind) ? this.#handlers[frame.kind] : undefined;
      if (!handler) throw new Error(`Nobody answers "${frame.kind}" here.`);
      const result = await handler(frame.params as never);
      this.#send({ reply: frame.call, result });
    } catch (error) {
      this.#send({ reply: frame.call, error: messageOf(error) });
    }
  }

  /** Rejects what is pending; a late answer is dropped. */
  dispose(): void {
    this.#disposed = true;
    for (const { reject } of this.#pending.values()) reject(new Error('The channel is closed.'));
    this.#pending.clear();
  }

  #send(frame: Frame): void {
    if (!this.#disposed) this.#post(frame);
  }
}
