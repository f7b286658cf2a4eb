import * as vscode from 'vscode';
import type { Disposable } from '../core/disposables.ts';
import { logLanguageId } from './manifest.ts';

/** Channels of finished jobs that are kept; the oldest goes when another one comes. */
const keptFinished = 10;

/** The output channels of jobs, made on first use: `SageMaker: <job name>`. */
export class LogChannels implements Disposable {
  readonly #channels = new Map<string, vscode.OutputChannel>();
  readonly #finished: string[] = [];

  /** The channel of a job; `undefined` when it has none yet. */
  find(key: string): vscode.OutputChannel | undefined {
    return this.#channels.get(key);
  }

  open(key: string, jobName: string): vscode.OutputChannel {
    const known = this.#channels.get(key);
    if (known) return known;
    const channel = vscode.window.createOutputChannel(`SageMaker: ${jobName}`, logLanguageId);
    this.#channels.set(key, channel);
    return channel;
  }

  /** Says that nothing more will be written, so that the channel may be closed some day and read again. */
  finished(key: string): void {
    this.#finished.push(key);
    while (this.#finished.length > keptFinished) this.close(this.#finished.shift());
  }

  close(key: string | undefined): void {
    if (key === undefined) return;
    this.#channels.get(key)?.dispose();
    this.#channels.delete(key);
  }

  dispose(): void {
    for (const channel of this.#channels.values()) channel.dispose();
    this.#channels.clear();
  }
}
