import assert from 'node:assert/strict';
import { webviewDocument } from '../../src/host/webviewDocument.ts';

const options = {
  cspSource: 'https://webview.test',
  script: 'https://webview.test/dist/page.js',
  styles: ['https://webview.test/media/page.css'],
  title: 'Train: data.csv',
  language: 'en',
};

describe('webviewDocument', () => {
  it('allows its own script by a nonce, its own styles and fonts, and nothing else', () => {
    const document = webviewDocument(options);
    const nonce = /<script type="module" nonce="([\w-]{20,})"/.exec(document)?.[1];
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(document)?.[1];
    assert.equal(
      policy?.replaceAll('&#39;', "'"),
      `default-src 'none'; script-src 'nonce-${nonce}'; style-src https://webview.test; font-src https://webview.test`,
    );
  });

  it('takes a new nonce for every document', () => {
    assert.notEqual(webviewDocument(options), webviewDocument(options));
  });

  it('shows markup in a file name as text', () => {
    const document = webviewDocument({ ...options, title: 'Train: </title><script>"x"&.csv' });
    assert.match(document, /<title>Train: &lt;\/title&gt;&lt;script&gt;&quot;x&quot;&amp;\.csv<\/title>/);
  });
});
