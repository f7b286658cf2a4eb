import assert from 'node:assert/strict';
import { jobPage, type JobPageSource } from '../../../src/core/jobPage.ts';
import { aJob, createdMs, rounds, transitions } from '../../support/jobs.ts';

const threeRounds = rounds(['9.5', '9.9'], ['1.09120', '9.00052'], ['0.9', '9.4']);

function source(members: Partial<JobPageSource> = {}): JobPageSource {
  return {
    rounds: threeRounds,
    lastLines: [],
    log: 'complete',
    localTrainer: true,
    billed: false,
    ...members,
  };
}

const running = {
  status: 'InProgress',
  secondaryStatus: 'Training',
  transitions: transitions(['Starting', 0.4], ['Training', undefined, 'Training in progress']),
} as const;

describe('jobPage', () => {
  it('shows a completed job by its short name, with its word, its times and what can be done', () => {
    const { title, name, status, endedMs, actions, failure, message } = jobPage(aJob(), source());
    assert.equal(title, 'boston-housing');
    assert.equal(name, aJob().name);
    assert.equal(status.word, 'Completed');
    assert.equal(endedMs, createdMs + 7000);
    assert.deepEqual(actions, ['showLogs', 'deleteJob']);
    assert.equal(failure, undefined);
    assert.equal(message, undefined);
  });

  it('offers to stop a running job first, and not again while it stops', () => {
    assert.deepEqual(jobPage(aJob(running), source()).actions, ['stopJob', 'showLogs']);
    assert.deepEqual(jobPage(aJob({ ...running, status: 'Stopping' }), source()).actions, ['showLogs']);
  });

  it('lays out the steps of a job with their beginnings and ends, the end itself without time', () => {
    const { timeline } = jobPage(aJob(), source());
    assert.equal(
      timeline
        .map(({ word, icon, startMs, endMs = NaN, isEnd }) =>
          isEnd ? `${word} (${icon})` : `${word} (${icon}) ${endMs - startMs} ms`,
        )
        .join('\n'),
      [
        'Starting (circle-filled) 400 ms',
        'Downloading (circle-filled) 300 ms',
        'Training (circle-filled) 5900 ms',
        'Uploading (circle-filled) 400 ms',
        'Completed (pass)',
      ].join('\n'),
    );
  });

  it('leaves the step open that a running job is in, with what the service says of it', () => {
    const { timeline, message, endedMs } = jobPage(aJob(running), source());
    assert.deepEqual(timeline.at(-1), {
      word: 'Training',
      icon: 'loading~spin',
      color: 'charts.blue',
      startMs: createdMs + 400,
      isEnd: false,
    });
    assert.equal(message, 'Training in progress');
    assert.equal(endedMs, undefined);
  });

  it('ends a step whose end the service did not tell where the next one begins', () => {
    const { timeline } = jobPage(
      aJob({
        ...running,
        transitions: [
          { status: 'Starting', startMs: 1000 },
          { status: 'Training', startMs: 3000 },
        ],
      }),
      source(),
    );
    assert.equal(timeline[0]?.endMs, 3000);
  });

  it('names the limit that stopped a job, in the head and in the timeline', () => {
    const { status, timeline } = jobPage(
      aJob({
        status: 'Stopped',
        secondaryStatus: 'MaxRuntimeExceeded',
        transitions: transitions(['Training', 60], ['Stopping', 1], ['MaxRuntimeExceeded', 0]),
      }),
      source(),
    );
    assert.equal(status.word, 'Hit maximum run time');
    assert.deepEqual(
      timeline.map(({ word }) => word),
      ['Training', 'Stopping', 'Hit maximum run time'],
    );
  });

  it('takes the last step for the end of a job whose training never ended', () => {
    const { endedMs } = jobPage(
      aJob({ status: 'Failed', transitions: transitions(['Starting', 2], ['Failed', 0]) }),
      source(),
    );
    assert.equal(endedMs, createdMs + 2000);
  });

  describe('of the metrics', () => {
    const metricsOf = (...args: Parameters<typeof jobPage>): string => {
      const { values, progress, missing } = jobPage(...args).metrics;
      return [...values.map(({ name, text, note }) => `${name} ${text} (${note})`), progress, missing]
        .filter((line) => line !== undefined)
        .join('\n');
    };

    it('shows those of the saved model as they were logged, and says which round', () => {
      assert.equal(
        metricsOf(aJob(), source()),
        'validation:rmse 9.00052 (best, round 1)\ntrain:rmse 1.09120 (at that round)',
      );
    });

    it('takes the last round without early stopping', () => {
      const job = aJob({ hyperparameters: { num_round: '3', eval_metric: 'rmse' } });
      assert.equal(
        metricsOf(job, source()),
        'validation:rmse 9.4 (final, round 2)\ntrain:rmse 0.9 (at that round)',
      );
    });

    it('never calls a metric final or best while the job runs, and says how far it is', () => {
      assert.equal(
        metricsOf(aJob(running), source()),
        'validation:rmse 9.00052 (best so far, round 1)\ntrain:rmse 1.09120 (at that round)\n3 of 200 rounds',
      );
    });

    it('claims no model for a job that was stopped', () => {
      assert.match(metricsOf(aJob({ status: 'Stopped' }), source()), /\(best logged, round 1\)/);
    });

    it('tells values that may come from those that will not', () => {
      const nothing = { rounds: [] };
      assert.equal(metricsOf(aJob(running), source(nothing)), 'notYet');
      assert.equal(metricsOf(aJob(), source({ ...nothing, log: 'reading' })), 'reading');
      assert.equal(metricsOf(aJob(), source({ ...nothing, log: 'unreadable' })), 'unreadable');
      assert.equal(metricsOf(aJob(), source(nothing)), 'none');
    });

    it('shows a training metric once when there is no validation channel', () => {
      const [channel] = aJob().channels;
      const train = threeRounds.map(({ round, metrics }) => ({ round, metrics: metrics.slice(0, 1) }));
      assert.equal(
        metricsOf(aJob({ channels: channel ? [channel] : [] }), source({ rounds: train })),
        'train:rmse 0.9 (final, round 2)',
      );
    });
  });

  describe('of a failure', () => {
    const failed = (failureReason?: string) =>
      jobPage(
        aJob({ status: 'Failed', ...(failureReason !== undefined && { failureReason }) }),
        source({ lastLines: ['14:02:33.004 Traceback'] }),
      ).failure;

    it('says the cause in a sentence, beside the words of the service and the end of the log', () => {
      const reason = 'AlgorithmError: train data, line 1, column 2: "crim" is not a number';
      assert.deepEqual(failed(reason), {
        cause: 'Header row in the data.',
        reason,
        lastLines: ['14:02:33.004 Traceback'],
      });
    });

    it('keeps the case of a name at the beginning of the sentence', () => {
      const reason = 'ClientError: Hyperparameter eta: could not parse "fast"';
      assert.equal(failed(reason)?.cause, "eta can't be read.");
    });

    it('leaves a cause that it does not know to the words of the service', () => {
      assert.deepEqual(failed('InternalServerError: it broke'), {
        reason: 'InternalServerError: it broke',
        lastLines: ['14:02:33.004 Traceback'],
      });
      assert.equal(failed()?.reason, '');
    });
  });

  describe('of the hyperparameters', () => {
    it('lists those that are set in the order of the table, with the default where it was changed', () => {
      const { hyperparameters } = jobPage(
        aJob({
          hyperparameters: { zeta: '1', eta: '0.30', max_depth: '5', learning_rate: '0.1', num_round: '9' },
        }),
        source(),
      );
      assert.deepEqual(hyperparameters, [
        { name: 'num_round', value: '9' },
        { name: 'eta', value: '0.30' },
        { name: 'learning_rate', value: '0.1', defaultValue: '0.3' },
        { name: 'max_depth', value: '5', defaultValue: '6' },
        { name: 'zeta', value: '1' },
      ]);
    });

    it('knows no defaults of another algorithm', () => {
      const job = aJob({ image: '111122223333.dkr.ecr.us-east-1.amazonaws.com/mine:1' });
      assert.ok(jobPage(job, source()).hyperparameters.every((each) => !('defaultValue' in each)));
    });
  });

  it('shows where data and model lie, and the output location while there is no model', () => {
    const { channels, artifacts } = jobPage(aJob(), source());
    assert.deepEqual(
      channels.map(({ name, value }) => `${name} ${value.slice(-12)}`),
      ['train 1-120/train/', 'validation /validation/'],
    );
    assert.deepEqual(artifacts, [{ name: 'Model', value: aJob().modelS3Uri }]);
    assert.deepEqual(jobPage(aJob(running), source()).artifacts, [
      { name: 'Output location', value: aJob().outputS3Uri },
    ]);
  });

  it('says of instances that the local trainer does not use them', () => {
    assert.equal(jobPage(aJob(), source()).compute.instancesUnused, true);
    const { compute } = jobPage(aJob(), source({ localTrainer: false }));
    assert.equal(compute.instancesUnused, false);
    assert.equal(compute.maxRuntimeInSeconds, 86_400);
    assert.deepEqual(compute.facts.slice(0, 2), [
      { name: 'Instances', value: '1 × ml.m5.xlarge' },
      { name: 'Volume size', value: '5 GB' },
    ]);
  });

  it('tells billable seconds only where jobs are billed', () => {
    const job = aJob({ billableTimeInSeconds: 252 });
    assert.equal(jobPage(job, source()).billableSeconds, undefined);
    assert.equal(jobPage(job, source({ billed: true })).billableSeconds, 252);
  });

  it('leaves out what the service does not tell', () => {
    const { name, arn, status, createdMs: created } = aJob();
    const page = jobPage(
      {
        name,
        arn,
        status,
        createdMs: created,
        transitions: [],
        hyperparameters: {},
        channels: [],
        response: {},
      },
      source({ rounds: [] }),
    );
    assert.deepEqual(
      [page.timeline, page.channels, page.artifacts, page.compute.facts, page.endedMs],
      [[], [], [], [], created],
    );
  });
});
