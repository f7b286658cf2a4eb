import path from 'node:path';
import type { BackendAddress } from '../backend/rendezvous.ts';

/** What the local backend holds on this computer. */
export interface LocalUsage {
  readonly jobs: number;
  readonly runningJobs: number;
  readonly bytes: number;
}

/** The embedded backend as a whole: finding or starting its process, how much it holds, emptying it. */
export class LocalBackend {
  constructor(
    private readonly options: {
      /** Where jobs, objects and logs are kept; shared by all windows. */
      readonly folder: string;
      readonly extensionPath: string;
      readonly version: string;
    },
  ) {}

  /** Finds the running backend, or starts one. */
  async connect(signal?: AbortSignal): Promise<BackendAddress> {
    const { connectBackend } = await import('../backend/rendezvous.ts');
    const { folder, extensionPath, version } = this.options;
    return connectBackend({
      folder,
      entry: path.join(extensionPath, 'dist', 'backend.js'),
      version,
      execPath: process.execPath,
      ...(signal ? { signal } : {}),
    });
  }

  async usage(): Promise<LocalUsage> {
    return (await this.#call('Usage')) as LocalUsage;
  }

  /** Stops all jobs and deletes them, their logs and all objects. */
  async reset(): Promise<void> {
    await this.#call('Reset');
  }

  async #call(operation: string): Promise<unknown> {
    const { callBackend } = await import('../backend/rendezvous.ts');
    return callBackend(await this.connect(), `SageMakerJobsLocal.${operation}`);
  }
}
