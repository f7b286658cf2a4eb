import * as vscode from 'vscode';
import { webviewDocument } from './webviewDocument.ts';

export interface WebviewHtmlOptions {
  readonly title: string;
  /** File name of the page's script in `dist/webview`. */
  readonly script: string;
  /** File names in `media` of the style sheets that come after the shared ones. */
  readonly styles: readonly string[];
}

/** The HTML of a webview, with every address as that webview sees it. `dist` and `media` must be its resource roots. */
export function webviewHtml(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  { title, script, styles }: WebviewHtmlOptions,
): string {
  const address = (...segments: readonly string[]): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, ...segments)).toString();
  return webviewDocument({
    title,
    language: vscode.env.language,
    cspSource: webview.cspSource,
    script: address('dist', 'webview', script),
    styles: [
      address('dist', 'webview', 'codicon.css'),
      ...['webview.css', ...styles].map((style) => address('media', style)),
    ],
  });
}
