import { randomBytes } from 'node:crypto';

export interface WebviewDocumentOptions {
  /** `webview.cspSource`: where styles and fonts may come from. */
  readonly cspSource: string;
  /** Address of the page's script, an ES module, as the webview sees it. */
  readonly script: string;
  /** Addresses of the style sheets, in order. */
  readonly styles: readonly string[];
  /** What a screen reader calls the page. */
  readonly title: string;
  /** `vscode.env.language`, which the page formats numbers and times in. */
  readonly language: string;
}

/** The document of a webview: it may run its own script, use its own styles and fonts, and nothing else at all. */
export function webviewDocument(options: WebviewDocumentOptions): string {
  const nonce = randomBytes(16).toString('base64url');
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${options.cspSource}`,
    `font-src ${options.cspSource}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escapeHtml(options.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(options.title)}</title>
${options.styles.map((style) => `<link rel="stylesheet" href="${escapeHtml(style)}">`).join('\n')}
</head>
<body>
<script type="module" nonce="${nonce}" src="${escapeHtml(options.script)}"></script>
</body>
</html>
`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
