import type { Delimiter } from '../core/csvProfile.ts';

/** Where two of them divide the lines evenly, the first one does; the other is inside the cells: `1,5;2,5`, `a, b|c, d`. */
const delimiters: readonly Delimiter[] = ['\t', ';', '|', ','];
const sampleLines = 100;

/**
 * Finds the delimiter of a file from its first bytes: the one that comes equally often in the most lines, quoted text
 * left aside. `undefined` when there is none: the file has one column.
 */
export function detectDelimiter(sample: Uint8Array): Delimiter | undefined {
  const counts = countPerLine(sample);
  let best: Delimiter | undefined;
  let bestShare = 0;
  delimiters.forEach((delimiter, index) => {
    const ofLines = counts.map((line) => line[index] ?? 0);
    const usual = mostCommon(ofLines.filter((count) => count > 0));
    const share =
      usual === undefined ? 0 : ofLines.filter((count) => count === usual).length / ofLines.length;
    if (share > bestShare) {
      best = delimiter;
      bestShare = share;
    }
  });
  return best;
}

/** For each complete line that is not blank (the only line may be cut off), how often each delimiter comes. */
function countPerLine(sample: Uint8Array): number[][] {
  const lines: number[][] = [];
  let line = delimiters.map(() => 0);
  let isBlank = true;
  let atCellStart = true;
  let inQuotes = false;
  for (const byte of sample) {
    const character = String.fromCharCode(byte);
    if (character === '"' && (inQuotes || atCellStart)) {
      // A pair of quotes closes and opens again, which comes to the same here.
      inQuotes = !inQuotes;
      atCellStart = !inQuotes;
      isBlank = false;
    } else if (inQuotes) continue;
    else if (character === '\n' || character === '\r') {
      if (!isBlank && lines.push(line) === sampleLines) return lines;
      line = delimiters.map(() => 0);
      isBlank = true;
      atCellStart = true;
    } else {
      const index = delimiters.indexOf(character as Delimiter);
      if (index >= 0) line[index]!++;
      atCellStart = index >= 0;
      isBlank = false;
    }
  }
  if (lines.length === 0 && !isBlank) lines.push(line);
  return lines;
}

function mostCommon(values: readonly number[]): number | undefined {
  const times = new Map<number, number>();
  for (const value of values) times.set(value, (times.get(value) ?? 0) + 1);
  return [...times].toSorted((a, b) => b[1] - a[1])[0]?.[0];
}
