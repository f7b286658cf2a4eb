import * as vscode from 'vscode';

const sampleName = 'boston-housing.csv';

/**
 * Puts the sample file where the user can right-click it, and opens it: into the open folder, or without one into
 * the extension's own storage. A file of that name that is already there is opened, never overwritten.
 */
export async function openSample(context: vscode.ExtensionContext): Promise<vscode.Uri> {
  const source = vscode.Uri.joinPath(context.extensionUri, 'media', 'samples', sampleName);
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? context.globalStorageUri;
  await vscode.workspace.fs.createDirectory(folder);
  const target = vscode.Uri.joinPath(folder, sampleName);
  try {
    await vscode.workspace.fs.copy(source, target, { overwrite: false });
  } catch (error) {
    if (!(error instanceof vscode.FileSystemError) || error.code !== 'FileExists') throw error;
  }
  await vscode.window.showTextDocument(target, { preview: false });
  return target;
}
