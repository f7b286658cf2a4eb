import path from 'node:path';
import * as vscode from 'vscode';
import type { Format } from '../core/format.ts';

/** CSV files that are listed at most; more are reached by Browse. */
const listed = 200;

const filters = { 'CSV files': ['csv', 'CSV', 'tsv', 'TSV'], 'All files': ['*'] };

/** Asks which CSV file to train on: those of the workspace, newest first, or one from anywhere. */
export async function chooseCsv(format: Format): Promise<vscode.Uri | undefined> {
  const uris = await vscode.workspace.findFiles('**/*.{csv,tsv,CSV,TSV}', '**/node_modules/**', listed);
  const items = await Promise.all(uris.map((uri) => describe(uri, format)));
  items.sort((a, b) => b.changedMs - a.changedMs);
  if (items.length === 0) return browse();
  const browseItem = { label: '$(folder-opened) Browse…', uri: undefined, changedMs: 0 };
  const choice = await vscode.window.showQuickPick([...items, browseItem], {
    title: 'Train on CSV',
    placeHolder: 'Which CSV file?',
    matchOnDescription: true,
  });
  if (!choice) return undefined;
  return choice.uri ?? browse();
}

async function browse(): Promise<vscode.Uri | undefined> {
  const chosen = await vscode.window.showOpenDialog({ title: 'Train on CSV', openLabel: 'Train', filters });
  return chosen?.[0];
}

async function describe(
  uri: vscode.Uri,
  format: Format,
): Promise<vscode.QuickPickItem & { uri: vscode.Uri; changedMs: number }> {
  const stat = await vscode.workspace.fs.stat(uri);
  return {
    label: path.basename(uri.path),
    description: folderOf(uri),
    detail: `${format.size(stat.size)} · changed ${format.listTime(stat.mtime, Date.now())}`,
    uri,
    changedMs: stat.mtime,
  };
}

/** The folder of a file as the workspace names it; empty at the top of the only folder. */
function folderOf(uri: vscode.Uri): string {
  const folder = path.posix.dirname(vscode.workspace.asRelativePath(uri));
  return folder === '.' ? '' : folder;
}

/**
 * Makes sure that the file on disk is the one that the user means: unsaved changes are saved, or left out knowingly.
 * Answers `false` when the user gave up.
 */
export async function settleUnsavedChanges(uri: vscode.Uri): Promise<boolean> {
  const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
  if (!document?.isDirty) return true;
  const save = 'Save and Train';
  const saved = 'Train on the Saved File';
  const choice = await vscode.window.showWarningMessage(
    `Save ${path.basename(uri.path)} before training?`,
    { modal: true, detail: 'It has unsaved changes, and training reads the file on disk.' },
    save,
    saved,
  );
  if (choice === save) return document.save();
  return choice === saved;
}
