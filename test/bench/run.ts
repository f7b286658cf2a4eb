// `npm run bench`: prints our figures beside those of the peers that are installed. Names choose some of the parts:
// npm run bench -- trainer
import { benchCsv } from './csv.ts';
import { benchJourney } from './journey.ts';
import { benchTrainer } from './trainer.ts';
import type { BenchRow } from './row.ts';

const parts: Readonly<Record<string, () => Promise<BenchRow[]>>> = {
  journey: benchJourney,
  trainer: benchTrainer,
  csv: benchCsv,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}.`);
  process.exit(1);
}

const rows: BenchRow[] = [];
for (const [name, bench] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.error(`Measuring: ${name}`);
  rows.push(...(await bench()));
}
printTable(rows);

/** One column for each member, as wide as its widest cell. */
function printTable(table: readonly BenchRow[]): void {
  const columns = ['what', 'ours', 'peer', 'goal'] as const;
  const widths = columns.map((name) => Math.max(name.length, ...table.map((row) => row[name].length)));
  const print = (cells: readonly string[]): void =>
    console.log(
      cells
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('   ')
        .trimEnd(),
    );
  print(columns);
  print(widths.map((width) => '-'.repeat(width)));
  for (const row of table) print(columns.map((name) => row[name]));
}
