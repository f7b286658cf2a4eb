import { createReadStream, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { seededRandom } from '../support/random.ts';
import { report } from './measuredProcess.ts';

/** A process that does with papaparse what `csvPrepare.ts` does: the same rows in each part, label first, shuffled. */
interface Papaparse {
  parse(
    stream: NodeJS.ReadableStream,
    options: {
      chunk(results: { readonly data: string[][] }): void;
      complete(): void;
      error(error: Error): void;
    },
  ): void;
  unparse(rows: readonly (readonly string[])[]): string;
}

const [, , path = '', folder = ''] = process.argv;
const papaparse = createRequire(import.meta.url)('papaparse') as Papaparse;

await report(async () => {
  const rows = await readRows();
  rows.shift();
  shuffle(rows);
  mkdirSync(folder);
  const [trainEnd, validationEnd] = [rows.length * 0.7, rows.length * 0.85].map(Math.round);
  writeRows('train', rows.slice(0, trainEnd));
  writeRows('validation', rows.slice(trainEnd, validationEnd));
  writeRows('test', rows.slice(validationEnd));
});

function readRows(): Promise<string[][]> {
  const rows: string[][] = [];
  return new Promise((resolve, reject) =>
    papaparse.parse(createReadStream(path), {
      chunk: ({ data }) => {
        for (const row of data) if (row.length > 1) rows.push(row);
      },
      complete: () => resolve(rows),
      error: reject,
    }),
  );
}

function shuffle(rows: string[][]): void {
  const random = seededRandom(42);
  for (let last = rows.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [rows[last], rows[other]] = [rows[other]!, rows[last]!];
  }
}

function writeRows(name: string, rows: readonly string[][]): void {
  const labelFirst = rows.map((row) => [row[13] ?? '', ...row.slice(0, 13)]);
  writeFileSync(join(folder, `${name}.csv`), papaparse.unparse(labelFirst));
}
