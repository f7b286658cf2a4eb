import { readFileSync } from 'node:fs';
import { messageOf } from '../core/problem.ts';

/**
 * Reads a file that was written as JSON. One that can't be read, after a crash of the computer say, must cost only what
 * it tells of: the answer is `undefined`, and `log` is told.
 */
export function readStoredJson(file: string, log: (line: string) => void): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    log(`${file} can't be read: ${messageOf(error)}`);
    return undefined;
  }
}
