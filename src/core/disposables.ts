/** Anything that must be let go of. VS Code's own `Disposable` fits. */
export interface Disposable {
  dispose(): unknown;
}

/** A list of things to dispose of together, last first. What is added after the end is disposed of at once. */
export class Disposables implements Disposable {
  readonly #items: Disposable[] = [];
  #disposed = false;

  add<T extends Disposable>(item: T): T {
    if (this.#disposed) item.dispose();
    else this.#items.push(item);
    return item;
  }

  /** Disposes of everything, awaits what answers with a promise, and reports all failures in one error. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    const failures: unknown[] = [];
    for (const item of this.#items.splice(0).reverse()) {
      try {
        await item.dispose();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'Some resources could not be disposed of.');
  }
}
