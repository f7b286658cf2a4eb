/** How a job's state is shown: a word, a codicon and a theme colour, never the colour alone. */
export interface StatusText {
  readonly word: string;
  /** Name of a codicon. */
  readonly icon: string;
  /** Id of a colour of the theme. */
  readonly color: string;
}

const running = { icon: 'loading~spin', color: 'charts.blue' } as const;
const ending = { icon: 'loading~spin', color: 'list.warningForeground' } as const;
const stopped = { icon: 'circle-slash', color: 'disabledForeground' } as const;
const overLimit = { icon: 'watch', color: 'list.warningForeground' } as const;

/** Secondary states of a job in progress. The last three are retired; jobs of long ago still have them. */
const progress: Readonly<Record<string, StatusText>> = {
  Starting: { word: 'Starting', ...running },
  Pending: { word: 'Waiting for capacity', icon: 'clock', color: 'list.warningForeground' },
  Downloading: { word: 'Downloading', ...running },
  Training: { word: 'Training', ...running },
  Interrupted: {
    word: 'Interrupted, will restart',
    icon: 'debug-pause',
    color: 'list.warningForeground',
  },
  Restarting: { word: 'Restarting', ...running },
  Updating: { word: 'Updating', ...running },
  Uploading: { word: 'Uploading', ...running },
  LaunchingMLInstances: { word: 'Starting', ...running },
  PreparingTrainingStack: { word: 'Starting', ...running },
  DownloadingTrainingImage: { word: 'Downloading', ...running },
};

const endings: Readonly<Record<string, StatusText>> = {
  Stopping: { word: 'Stopping', ...ending },
  Deleting: { word: 'Deleting', ...ending },
  Completed: { word: 'Completed', icon: 'pass', color: 'testing.iconPassed' },
  Failed: { word: 'Failed', icon: 'error', color: 'testing.iconFailed' },
  Stopped: { word: 'Stopped', ...stopped },
};

/** Why a job is Stopped, when no user has stopped it. */
const limits: Readonly<Record<string, StatusText>> = {
  MaxRuntimeExceeded: { word: 'Hit maximum run time', ...overLimit },
  MaxWaitTimeExceeded: { word: 'Hit maximum wait time', ...overLimit },
};

/**
 * The look of a job's state. A state that we don't know keeps the service's word.
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeTrainingJob.html (SecondaryStatus)
 */
export function statusText(job: { readonly status: string; readonly secondaryStatus?: string }): StatusText {
  const { status, secondaryStatus } = job;
  if (status === 'InProgress') {
    // The list of older services tells no secondary state.
    if (secondaryStatus === undefined) return { word: 'In progress', ...running };
    return own(progress, secondaryStatus) ?? unknown(secondaryStatus);
  }
  const limit =
    status === 'Stopped' && secondaryStatus !== undefined ? own(limits, secondaryStatus) : undefined;
  return limit ?? own(endings, status) ?? unknown(status);
}

function unknown(word: string): StatusText {
  return { word, icon: 'question', color: 'foreground' };
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
