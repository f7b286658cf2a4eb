import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../core/disposables.ts';
import { Emitter } from '../core/emitter.ts';
import { AwsConnection } from './awsConnection.ts';
import type { Connection } from './connection.ts';
import type { LocalBackend } from './localBackend.ts';
import { LocalConnection } from './localConnection.ts';
import { changesConnection, readSettings } from './settings.ts';

/** The connection that the settings choose; a new one each time they choose another. */
export class ChosenConnection implements Disposable {
  readonly #disposables = new Disposables();
  readonly #changed = this.#disposables.add(new Emitter<Connection>());
  /** Fires the new connection; the old one is disposed of afterwards. */
  readonly onDidChange = this.#changed.event;
  #connection: Connection;

  constructor(
    private readonly backend: LocalBackend,
    private readonly version: string,
    private readonly onError: (error: unknown) => void,
  ) {
    this.#connection = this.#open();
    this.#disposables.add(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (changesConnection(event)) this.#replace().catch(this.onError);
      }),
    );
  }

  get current(): Connection {
    return this.#connection;
  }

  async dispose(): Promise<void> {
    await this.#disposables.dispose();
    await this.#connection.dispose();
  }

  #open(): Connection {
    const settings = readSettings();
    return settings.connection === 'aws'
      ? new AwsConnection(settings, this.version)
      : new LocalConnection(settings, this.version, (signal) => this.backend.connect(signal));
  }

  async #replace(): Promise<void> {
    const before = this.#connection;
    this.#connection = this.#open();
    this.#changed.fire(this.#connection);
    await before.dispose();
  }
}
