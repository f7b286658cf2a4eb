import { Format } from '../core/format.ts';

/** VS Code's display language; the host writes it into the page. */
const language = document.documentElement.lang || 'en';
const format = new Format(language);

/** A number grouped for reading: `1,000,000`. */
export function grouped(value: number): string {
  return format.number(value);
}

/** `1 problem`, `2 problems`. */
export function countOf(value: number, noun: string): string {
  return format.count(value, noun);
}

/** `35.3 KB`. */
export function sizeOf(bytes: number): string {
  return format.size(bytes);
}

/** `24 h`. */
export function durationOf(ms: number): string {
  return format.duration(ms);
}

/** `14:02` today, with the day before that. */
export function timeOf(ms: number): string {
  return format.listTime(ms, Date.now());
}

/** The exact time, for a tooltip. */
export function exactTimeOf(ms: number): string {
  return format.exactTime(ms);
}

/** Makes a sentence of a reason: a capital first and a full stop last. */
export function sentence(words: string): string {
  return words === ''
    ? ''
    : `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.!?]$/.test(words) ? '' : '.'}`;
}
