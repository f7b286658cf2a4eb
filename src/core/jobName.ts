/** The longest name that SageMaker takes for a training job. */
export const maxJobNameLength = 63;

// https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html
const jobNamePattern = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;
const timestampPattern = /^(.+?)-\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d(?:-\d{1,3})?$/;

/** Makes `<base>-YYYY-MM-DD-HH-MM-SS-mmm` (UTC), as the SageMaker SDK does; a long base is cut to fit. */
export function nameFromBase(base: string, date: Date): string {
  const timestamp = date.toISOString().slice(0, -1).replace(/[T:.]/g, '-');
  return withSuffix(base, `-${timestamp}`);
}

/** The part of a file's name that can stand in a job's name: `Boston Housing (1).csv` gives `Boston-Housing-1`. */
export function baseFromFileName(fileName: string): string {
  const stem = fileName.replace(/^.*[\\/]/, '').replace(/(?<=.)\.[^.]*$/, '');
  // Letters lose their accents rather than being lost: NFKD splits them off as combining marks.
  const plain = stem.normalize('NFKD').replace(/\p{Mark}/gu, '');
  const base = plain.replace(/[^a-zA-Z0-9]+/g, '-').replace(/^-|-$/g, '');
  return base === '' ? 'training' : base;
}

/** The name as lists, tabs and notifications show it: without a timestamp, which stands beside it. */
export function displayName(name: string): string {
  return timestampPattern.exec(name)?.[1] ?? name;
}

/** What is wrong with a job name and what to do about it; `undefined` when SageMaker takes it. */
export function checkJobName(name: string): string | undefined {
  if (name === '') return 'A job needs a name: letters, digits and hyphens.';
  if (name.length > maxJobNameLength) {
    const excess = name.length - maxJobNameLength;
    return `At most ${maxJobNameLength} characters: shorten the name by ${excess}.`;
  }
  const bad = /[^a-zA-Z0-9-]/u.exec(name)?.[0];
  if (bad !== undefined) {
    const what = bad === ' ' ? 'A space' : `"${bad}"`;
    return `${what} is not allowed in a job name. Use letters, digits and hyphens.`;
  }
  if (!jobNamePattern.test(name)) {
    const place = name.startsWith('-') ? 'beginning' : 'end';
    return `A job name begins and ends with a letter or a digit: remove the hyphen at the ${place}.`;
  }
  return undefined;
}

/** The name itself when it is free, else the next one: `boston`, `boston-2`, `boston-3`. Case makes no difference. */
export function nextFreeName(name: string, taken: Iterable<string>): string {
  const used = new Set(Array.from(taken, (each) => each.toLowerCase()));
  if (!used.has(name.toLowerCase())) return name;
  // The number at the end of a timestamp is no counter.
  const counted = timestampPattern.test(name) ? null : /^(.*[^-])-(\d{1,4})$/.exec(name);
  const base = counted?.[1] ?? name;
  for (let number = Number(counted?.[2] ?? 1) + 1; ; number += 1) {
    const candidate = withSuffix(base, `-${number}`);
    if (!used.has(candidate.toLowerCase())) return candidate;
  }
}

function withSuffix(base: string, suffix: string): string {
  return base.slice(0, maxJobNameLength - suffix.length).replace(/-+$/, '') + suffix;
}
