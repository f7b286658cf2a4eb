import { Alarm } from './alarm.ts';
import { throwIfAborted } from './cancellation.ts';
import type { Clock } from './clock.ts';
import { Interruption, type InterruptionNotice } from './interruption.ts';
import { isFinal, type StatusTransition } from './trainingJob.ts';

/** What following needs to know of a job; training and transform jobs both have it. */
export interface FollowedJob {
  readonly status: string;
  readonly secondaryStatus?: string;
  readonly transitions?: readonly StatusTransition[];
}

export interface JobFollowerOptions<Job extends FollowedJob> {
  /** Asks the service; `undefined` when there is no such job. */
  readonly describe: (signal: AbortSignal) => Promise<Job | undefined>;
  readonly clock: Clock;
  /** Called with the first state, and with each one that differs from the one before. */
  readonly onChange: (job: Job) => void;
  readonly onNotice?: (notice: InterruptionNotice) => void;
  /** Milliseconds between two questions for the job in view, and for the others. */
  readonly pollMs?: { readonly inView: number; readonly background: number };
  readonly random?: () => number;
}

/**
 * Follows one job until its status is final. Neither a throttle, a broken connection nor expired credentials end
 * it: it waits, says so, and goes on. There is never more than one question under way.
 */
export class JobFollower<Job extends FollowedJob> {
  readonly #options: JobFollowerOptions<Job>;
  readonly #alarm: Alarm;
  #inView = false;
  #latest: Job | undefined;

  constructor(options: JobFollowerOptions<Job>) {
    this.#options = options;
    this.#alarm = new Alarm(options.clock);
  }

  /** The last state heard of. */
  get latest(): Job | undefined {
    return this.#latest;
  }

  /** Whether someone is looking at this very job, which makes it asked for every second. */
  set inView(value: boolean) {
    if (value && !this.#inView) this.#alarm.ring();
    this.#inView = value;
  }

  /** Asks again without waiting: after a stop, a sign-in, or a click on Refresh. */
  refresh(): void {
    this.#alarm.ring();
  }

  /** Resolves with the final state, or with `undefined` when the job does not exist (any more). */
  async run(signal: AbortSignal): Promise<Job | undefined> {
    const { clock, describe, onNotice, random } = this.#options;
    const interruption = new Interruption(clock, (notice) => onNotice?.(notice), random);
    for (;;) {
      throwIfAborted(signal);
      let waitMs: number;
      try {
        const job = await describe(signal);
        interruption.succeeded();
        if (job === undefined) return undefined;
        this.#publish(job);
        if (isFinal(job)) return job;
        waitMs = this.#pollMs();
      } catch (error) {
        waitMs = interruption.failed(error);
      }
      await this.#alarm.wait(waitMs, signal);
    }
  }

  #publish(job: Job): void {
    const changed = this.#latest === undefined || fingerprint(job) !== fingerprint(this.#latest);
    this.#latest = job;
    if (changed) this.#options.onChange(job);
  }

  #pollMs(): number {
    const { inView, background } = this.#options.pollMs ?? { inView: 1000, background: 5000 };
    return this.#inView ? inView : background;
  }
}

/** Messages change within one transition, so they count too; a new time of modification alone is no news. */
function fingerprint({ status, secondaryStatus, transitions }: FollowedJob): string {
  return JSON.stringify([status, secondaryStatus, transitions]);
}
