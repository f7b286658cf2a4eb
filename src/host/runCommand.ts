import * as vscode from 'vscode';
import { isAbortError } from '../core/cancellation.ts';
import { isProblem, messageOf, type Problem } from '../core/problem.ts';

/** The edge of every user action: nothing that an action throws gets past it unseen. */
export class ActionRunner {
  constructor(private readonly log: vscode.LogOutputChannel) {}

  /** Runs an action; shows what the user should read, logs the rest with its stack. */
  async run(what: string, action: () => unknown): Promise<void> {
    try {
      await action();
    } catch (error) {
      await this.report(what, error);
    }
  }

  /** Tells the user of a failure, unless it only says that they cancelled. */
  async report(what: string, error: unknown): Promise<void> {
    if (isAbortError(error)) return;
    if (isProblem(error)) return this.#showProblem(what, error);
    this.log.error(what, error instanceof Error ? (error.stack ?? error.message) : messageOf(error));
    const choice = await vscode.window.showErrorMessage(
      `${what} failed because of an error in the extension: ${messageOf(error)}`,
      'Show Extension Log',
    );
    if (choice) this.log.show(true);
  }

  async #showProblem(what: string, problem: Problem): Promise<void> {
    this.log.warn(`${what}: ${problem.message}${problem.details ? ` (${problem.details})` : ''}`);
    const message = problem.hint ? `${problem.message} ${problem.hint}` : problem.message;
    const choice = await vscode.window.showErrorMessage(message, ...(problem.details ? ['Details'] : []));
    if (choice && problem.details) {
      await vscode.window.showErrorMessage(problem.message, { modal: true, detail: problem.details });
    }
  }
}
