import { type Browser, chromium } from 'playwright-core';
import { findChromium } from '../../scripts/chromium.mjs';

/** Starts the installed Chromium, without a window unless `headless` is false. The caller closes it. */
export function launchBrowser({ headless = true } = {}): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined)
    throw new Error('No Chromium or Chrome found; install one or set CHROME_PATH.');
  return chromium.launch({
    executablePath,
    headless,
    // The process that started the run ends the browser, after it has read what it needs from it.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
      // The same colours in screenshots of every machine.
      '--force-color-profile=srgb',
    ],
  });
}
