/** What a failed job's FailureReason comes down to. */
export interface FailureCause {
  /** A few words that can follow "Failed · ": `header row in the data`. */
  readonly phrase: string;
  /** Whether the cause was recognised; else the phrase is the beginning of the service's own words. */
  readonly recognised: boolean;
}

type Phrase = string | ((match: RegExpExecArray) => string);

/** The more telling pattern first: a reason often holds several. */
const causes: readonly (readonly [pattern: RegExp, phrase: Phrase])[] = [
  [/local trainer does not support (?:the )?([^.\n]+)/i, (match) => `local trainer can't do ${match[1]}`],
  [/\bline 1\b[^\n]*is not a number|header row/i, 'header row in the data'],
  [/"([^"\n]{1,20})" is not a number/, (match) => `text in the data: ${match[1]}`],
  [/\bline \d+ has no label/, 'row without a label'],
  [/\bline \d+ has \d+ columns instead of/, 'rows of different length'],
  [/Failed to load csv data|Could not determine delimiter/, "data that can't be read"],
  [/label must be in \[0, ?1\]/i, 'labels not from 0 to 1'],
  [/label must be in \[0, ?num_class\)/i, 'label not below num_class'],
  [/label must be nonnegative/i, 'negative label'],
  [/Missing required channel: (\w+)/, (match) => `no ${match[1]} channel`],
  [/Extraneous channel found: ([\w-]+)/, (match) => `unknown channel ${match[1]}`],
  [/No data in (\w+) channel/i, (match) => `no data in the ${match[1]} channel`],
  [/Missing required hyperparameter: (\w+)/, (match) => `${match[1]} is missing`],
  [/Extraneous hyperparameter found: (\w+)/, (match) => `unknown hyperparameter ${match[1]}`],
  [/Hyperparameter (\w+): could not parse/, (match) => `${match[1]} can't be read`],
  [
    /Hyperparameter (\w+): (?:value )?(.{1,20}?) (?:is )?not in\b/,
    (match) => `${match[1]} can't be ${match[2]}`,
  ],
  [/Require input for parameter 'num_class'/, 'num_class is missing'],
  [/KeyError: 'objective'/, 'eval_metric without objective'],
  [/unable to assume the role|sts:AssumeRole/i, "role can't be used"],
  [/AccessDenied|Access Denied|not authorized|403 Forbidden/i, 'access denied'],
  [/NoSuchBucket|bucket does not exist/i, 'bucket not found'],
  [/CapacityError|Insufficient capacity/i, 'no capacity for the instance type'],
  [/OutOfMemory|out of memory|MemoryError/i, 'out of memory'],
];

const longestPhrase = 60;

/** Recognises the usual causes of a failure; others keep the first 60 characters of the reason. */
export function failureCause(reason: string): FailureCause {
  for (const [pattern, phrase] of causes) {
    const match = pattern.exec(reason);
    if (match) return { phrase: typeof phrase === 'string' ? phrase : phrase(match), recognised: true };
  }
  return { phrase: beginning(reason), recognised: false };
}

/** The first words that say something: behind the service's prefixes, and behind a Python traceback. */
function beginning(reason: string): string {
  const message = reason.replace(/^(?:\w+Error:\s*)?(?:framework error:\s*)?/, '');
  const exception = /^Traceback[^]*\n[\w.]+(?:Error|Exception): ([^]+)$/.exec(message)?.[1];
  const line = (exception ?? message).replace(/\s+/g, ' ').trim();
  return line.length <= longestPhrase ? line : `${line.slice(0, longestPhrase - 1).trimEnd()}…`;
}
