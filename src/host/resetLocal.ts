import * as vscode from 'vscode';
import type { Format } from '../core/format.ts';
import type { LocalBackend } from './localBackend.ts';

const deleteAll = 'Delete All';

/** Deletes every local job with its data and log, after saying how much that is. Answers whether it was done. */
export async function resetLocal(backend: LocalBackend, format: Format): Promise<boolean> {
  const usage = await backend.usage();
  const what = [format.count(usage.jobs, 'job'), `${format.size(usage.bytes)} of data and logs`].join(
    ' and ',
  );
  const running =
    usage.runningJobs > 0 ? ` ${format.count(usage.runningJobs, 'job')} still running will be stopped.` : '';
  const choice = await vscode.window.showWarningMessage(
    'Delete all local jobs?',
    {
      modal: true,
      detail: `Removes ${what} from this computer.${running} Your CSV files and AWS are untouched. This can't be undone.`,
    },
    deleteAll,
  );
  if (choice !== deleteAll) return false;
  await backend.reset();
  return true;
}
