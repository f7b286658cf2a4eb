import type { StandingMetric } from './metricLog.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Writes durations, times, sizes, counts and places for reading, in the words and digits of one language. */
export class Format {
  readonly #language: string;
  readonly #timeZone: string | undefined;
  // Making a formatter takes longer than a whole row of a tree may take, so they are kept.
  readonly #numberFormats = new Map<number, Intl.NumberFormat>();
  readonly #dateFormats = new Map<DateForm, Intl.DateTimeFormat>();

  /** Takes a BCP 47 language, as VS Code tells it, and a time zone (the computer's own when it is left out). */
  constructor(language: string, timeZone?: string) {
    this.#language = language;
    this.#timeZone = timeZone;
  }

  /** Two units at most: `0.8 s`, `12 s`, `4 min 05 s`, `2 h 10 min`, `1 d 3 h`. */
  duration(ms: number): string {
    const elapsed = Math.max(0, ms);
    // Cut rather than rounded, so that a clock that ticks never runs ahead.
    if (elapsed < 10 * second) return `${this.#number(Math.floor(elapsed / 100) / 10, 1)} s`;
    if (elapsed < minute) return `${Math.floor(elapsed / second)} s`;
    if (elapsed < hour) return twoUnits(elapsed, [minute, 'min'], [second, 's'], 2);
    // A limit of a day is called 24 h, as in the field where it is set; days begin after that hour.
    if (elapsed < day + hour) return twoUnits(elapsed, [hour, 'h'], [minute, 'min'], 2);
    return twoUnits(elapsed, [day, 'd'], [hour, 'h'], 1);
  }

  /**
   * The time in a list: `14:02`, `Yesterday 14:02`, `20 Nov 14:02`, `20 Nov 2025`. With seconds, `14:02:31`, where
   * the minute is not enough to tell two things apart.
   */
  listTime(ms: number, nowMs: number, precision: 'minutes' | 'seconds' = 'minutes'): string {
    const time = this.#date(ms, precision === 'seconds' ? 'timeWithSeconds' : 'time');
    if (this.#date(ms, 'day') === this.#date(nowMs, 'day')) return time;
    if (this.#date(ms, 'day') === this.#date(nowMs - day, 'day')) return `${this.#yesterday()} ${time}`;
    if (this.#date(ms, 'year') === this.#date(nowMs, 'year')) return `${this.#date(ms, 'dayOfYear')} ${time}`;
    return this.#date(ms, 'day');
  }

  /** The time of day: `14:02`. */
  clockTime(ms: number): string {
    return this.#date(ms, 'time');
  }

  /** The exact time for a tooltip: local with its zone, then ISO 8601 in UTC. */
  exactTime(ms: number): string {
    return `${this.#date(ms, 'exact')} (${new Date(ms).toISOString()})`;
  }

  /** Three digits, 1024-based as in VS Code: `812 B`, `35.3 KB`, `1.24 GB`. */
  size(bytes: number): string {
    const { value, unit, fractionDigits } = scaled(bytes);
    return `${this.#number(value, fractionDigits)} ${unit}`;
  }

  /** Progress in the unit of the whole: `12.4 of 24.7 MB`. */
  sizeProgress(doneBytes: number, totalBytes: number): string {
    const { value, unit, fractionDigits } = scaled(totalBytes);
    const done = totalBytes === 0 ? 0 : (value * doneBytes) / totalBytes;
    return `${this.#number(done, fractionDigits)} of ${this.#number(value, fractionDigits)} ${unit}`;
  }

  /** A grouped whole number: `1,000,000`. */
  number(value: number): string {
    return this.#number(value, 0);
  }

  /** A grouped whole number with its noun: `1,000,000 rows`, `1 row`. */
  count(value: number, noun: string, plural = `${noun}s`): string {
    return `${this.number(value)} ${value === 1 ? noun : plural}`;
  }

  /** A place in a data file: `row 430 (line 431)`. Rows count data from 1, lines count the file from 1. */
  place(row: number, line: number): string {
    return `row ${this.number(row)} (line ${this.number(line)})`;
  }

  #number(value: number, maximumFractionDigits: number): string {
    let format = this.#numberFormats.get(maximumFractionDigits);
    if (!format) {
      format = new Intl.NumberFormat(this.#language, { maximumFractionDigits });
      this.#numberFormats.set(maximumFractionDigits, format);
    }
    return format.format(value);
  }

  #date(ms: number, form: DateForm): string {
    let format = this.#dateFormats.get(form);
    if (!format) {
      // Plain English is written with the day before the month on every computer.
      const locale = /^en(-us)?$/i.test(this.#language) ? 'en-GB' : this.#language;
      const zone = this.#timeZone === undefined ? {} : { timeZone: this.#timeZone };
      format = new Intl.DateTimeFormat(locale, { ...dateForms[form], ...zone });
      this.#dateFormats.set(form, format);
    }
    return format.format(ms);
  }

  #yesterday(): string {
    const word = new Intl.RelativeTimeFormat(this.#language, { numeric: 'auto' }).format(-1, 'day');
    return word.charAt(0).toLocaleUpperCase(this.#language) + word.slice(1);
  }
}

/**
 * A metric's value for a list, with four significant digits: `9.001`. It keeps the decimal point of the log in every
 * language, so that it can be found there; `nan` and `inf` are written as XGBoost prints them.
 */
export function formatMetric(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(4)));
}

/**
 * The metric that stands for a job. Short, for a row: `best validation:rmse 9.001`. Full, with the value as it was
 * logged: `best validation:rmse 9.00052 (round 32)`.
 */
export function formatStandingMetric(standing: StandingMetric, form: 'short' | 'full'): string {
  const { kind, channel, metric, value, text, round } = standing;
  const name = `${kind} ${channel}:${metric}`;
  return form === 'short' ? `${name} ${formatMetric(value)}` : `${name} ${text} (round ${round})`;
}

const dateForms = {
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  timeWithSeconds: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  day: { day: 'numeric', month: 'short', year: 'numeric' },
  dayOfYear: { day: 'numeric', month: 'short' },
  year: { year: 'numeric' },
  exact: {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  },
} satisfies Record<string, Intl.DateTimeFormatOptions>;
type DateForm = keyof typeof dateForms;

/** A unit of time: its milliseconds and its sign. */
type TimeUnit = readonly [ms: number, sign: string];

/** The smaller unit is padded to a width, and left out when there is none of it. */
function twoUnits(
  ms: number,
  [large, largeSign]: TimeUnit,
  [small, smallSign]: TimeUnit,
  width: number,
): string {
  const whole = `${Math.floor(ms / large)} ${largeSign}`;
  const rest = Math.floor((ms % large) / small);
  return rest === 0 ? whole : `${whole} ${String(rest).padStart(width, '0')} ${smallSign}`;
}

function scaled(bytes: number): { value: number; unit: string; fractionDigits: number } {
  let value = bytes;
  let unit = 'B';
  for (const larger of ['KB', 'MB', 'GB', 'TB', 'PB']) {
    // Four digits before the point would be one too many, so a unit ends at 999, not at 1023.
    if (value < 999.5) break;
    value /= 1024;
    unit = larger;
  }
  const fractionDigits = unit === 'B' || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return { value, unit, fractionDigits };
}
