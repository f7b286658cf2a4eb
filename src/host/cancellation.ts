import type * as vscode from 'vscode';

/** The one bridge between VS Code's tokens and the `AbortSignal` that everything below the host takes. */
export function toAbortSignal(token: vscode.CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  else token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}
