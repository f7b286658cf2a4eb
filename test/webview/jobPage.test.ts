import assert from 'node:assert/strict';
import type { JobPageHost, JobPageState, JobPageWebview } from '../../src/protocol/jobPage.ts';
import { aJob } from '../support/jobs.ts';
import { aFailedState, aRunningState, aState, id } from './jobPageFixtures.ts';
import { type ThemeName, themes } from './themes.ts';
import { type OpenPage, until, WebviewHarness } from './webviewHarness.ts';

const markup = '<img src=x onerror="document.title=1">';

describe('the job page', () => {
  let harness: WebviewHarness<JobPageHost, JobPageWebview>;
  let opened: OpenPage<JobPageHost, JobPageWebview> | undefined;

  before(async () => {
    harness = await WebviewHarness.start<JobPageHost, JobPageWebview>('jobPage', 'boston-housing', {
      load: () => aState(),
      retry: () => undefined,
      showLogs: () => undefined,
      stopJob: () => undefined,
      deleteJob: () => undefined,
      showJson: () => undefined,
      copy: () => undefined,
      closePage: () => undefined,
    });
  });
  after(() => harness.stop());
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });

  async function open(
    state: JobPageState = aState(),
    options: { readonly theme?: ThemeName; readonly width?: number } = {},
  ): Promise<OpenPage<JobPageHost, JobPageWebview>> {
    opened = await harness.open({ ...options, host: { load: () => state } });
    await opened.page.waitForSelector('main > *');
    await opened.waitForCall('load');
    if (state.kind !== 'loading') await opened.page.waitForSelector('h1:not(.visually-hidden)');
    return opened;
  }

  const text = async (selector: string): Promise<string> =>
    ((await opened?.page.locator(selector).first().innerText()) ?? '').replace(/\s+/g, ' ').trim();
  const texts = async (selector: string): Promise<string[]> =>
    ((await opened?.page.locator(selector).allInnerTexts()) ?? []).map((each) =>
      each.replace(/\s+/g, ' ').trim(),
    );
  const button = (name: string) => opened!.page.getByRole('button', { name, exact: true });
  const announced = () => opened!.page.locator('[role=status]').innerText();

  describe('drawn', () => {
    const states: Readonly<Record<string, () => JobPageState>> = {
      running: () => aRunningState(),
      completed: () => aState(),
      failed: aFailedState,
      unknown: () => ({
        id,
        kind: 'unknown',
        notice: { kind: 'interrupted', text: "Can't reach the service." },
      }),
    };
    for (const theme of Object.keys(themes) as ThemeName[]) {
      for (const width of [1280, 400]) {
        it(`has no accessibility findings in ${theme} at ${width} px`, async () => {
          for (const [name, state] of Object.entries(states)) {
            const { page } = await open(state(), { theme, width });
            for (const fold of ['reason', 'lastLines'])
              if (name === 'failed') await page.click(`[data-fold=${fold}] > summary`);
            const folder = process.env['SCREENSHOTS'];
            if (folder !== undefined)
              await page.screenshot({ path: `${folder}/job-${name}-${theme}-${width}.png`, fullPage: true });
            assert.deepEqual(await opened!.axe(), [], name);
            assert.ok((await opened!.sidewaysScroll()) <= 0, `${name} scrolls sideways`);
            await opened?.close();
          }
        });
      }
    }

    it('scrolls sideways at no width, whatever is long', async () => {
      const long = 'x'.repeat(300);
      const { page } = await open(
        aState({
          hyperparameters: { [long]: long },
          channels: [{ name: 'train', s3Uri: `s3://bucket/${long}` }],
        }),
      );
      for (let width = 400; width <= 1280; width += 40) {
        await page.setViewportSize({ width, height: 900 });
        assert.ok((await opened!.sidewaysScroll()) <= 0, `the page scrolls sideways at ${width} px`);
      }
    });

    it('breaks no rule of its content security policy and logs no error', async () => {
      const { complaints } = await open(aFailedState());
      assert.deepEqual(complaints, []);
    });

    it('has controls of at least 24 px', async () => {
      const { page } = await open(aFailedState());
      const small = await page.$$eval('button, summary', (all) =>
        all
          .filter((control) => {
            const { width, height } = control.getBoundingClientRect();
            return width < 24 || height < 24;
          })
          .map((control) => control.outerHTML.slice(0, 80)),
      );
      assert.deepEqual(small, []);
    });

    it('shows a skeleton until the first answer', async () => {
      const { page } = await open({ id, kind: 'loading' });
      assert.ok((await page.locator('.bone').count()) > 0);
      await opened?.tell('replace', aState());
      await page.waitForSelector('header');
      assert.equal(await page.locator('.bone').count(), 0);
    });

    it('shows whatever a job says as text', async () => {
      const { page } = await open(
        aState({
          status: 'Failed',
          secondaryStatus: markup,
          failureReason: markup,
          hyperparameters: { [markup]: markup },
          channels: [{ name: markup, s3Uri: markup }],
          instanceType: markup,
        }),
      );
      assert.deepEqual(await texts('[data-fold=hyperparameters] dt'), [markup]);
      assert.equal(await text('.failure pre'), markup);
      assert.equal(await page.locator('img').count(), 0);
      assert.equal(await page.title(), 'boston-housing');
    });
  });

  describe('of a completed job', () => {
    it('says which job it is, where it ran, and how it ended', async () => {
      const completed = aState();
      await open({
        ...completed,
        job: { ...completed.job, createdMs: Date.now() - 9000, endedMs: Date.now() - 2000 },
      });
      assert.equal(await text('h1'), 'boston-housing');
      assert.equal(await text('.full-name'), aJob().name);
      assert.match(await text('header .facts'), /^Local · Completed (Yesterday )?\d\d:\d\d in 7 s$/);
    });

    it('shows its steps with the time each took', async () => {
      await open();
      assert.deepEqual(await texts('.step'), [
        'Starting 0.4 s',
        'Downloading 0.3 s',
        'Training 5.9 s',
        'Uploading 0.4 s',
        'Completed',
      ]);
    });

    it('shows the metric of its model as it was logged, and the training metric at that round', async () => {
      await open();
      assert.deepEqual(await texts('.metrics .fact'), [
        'validation:rmse 9.00052 best, round 1',
        'train:rmse 1.09120 at that round',
      ]);
    });

    it('shows what was set, with the default where it was changed', async () => {
      await open();
      assert.match(await text('[data-fold=hyperparameters] summary'), /^HYPERPARAMETERS 6 set$/);
      const facts = await texts('[data-fold=hyperparameters] .fact');
      assert.match(facts.join('\n'), /^max_depth 5 \( ?default 6\)$/m);
      assert.ok(facts.includes('eta 0.30'), facts.join('\n'));
    });

    it('shows data, artifacts and compute, and that instances are not used locally', async () => {
      const { channels = [], modelS3Uri } = aJob();
      await open();
      assert.deepEqual(
        await texts('[data-fold=data] .fact'),
        channels.map(({ name, s3Uri }) => `${name} ${s3Uri}`),
      );
      assert.deepEqual(await texts('[data-fold=artifacts] .fact'), [`Model ${modelS3Uri}`]);
      assert.equal(await text('[data-fold=compute] .summary'), 'instances recorded, not used locally');
      assert.deepEqual((await texts('[data-fold=compute] .fact')).slice(0, 2), [
        'Instances 1 × ml.m5.xlarge',
        'Volume size 5 GB',
      ]);
      assert.match((await texts('[data-fold=compute] .fact')).at(-1) ?? '', /^Maximum run time 24 h$/);
    });

    it('tells what was billed where jobs are billed', async () => {
      await open(aState({ billableTimeInSeconds: 252 }, { billed: true, localTrainer: false }));
      assert.match(await text('header .facts'), /· Billable 4 min 12 s$/);
      assert.equal(await opened?.page.locator('[data-fold=compute] .summary').count(), 0);
    });

    it('leads to its log first, and to what else can be done', async () => {
      await open();
      assert.deepEqual(await texts('.actions button'), [
        'Show Logs',
        'Delete Job…',
        'Copy ARN',
        'Show as JSON',
      ]);
      assert.deepEqual(await texts('button.primary'), ['Show Logs']);
      await button('Show Logs').click();
      await opened?.waitForCall('showLogs');
      await button('Delete Job…').click();
      await opened?.waitForCall('deleteJob');
      await button('Show as JSON').click();
      await opened?.waitForCall('showJson');
      await button('Copy ARN').click();
      assert.deepEqual(await opened?.waitForCall('copy'), { text: aJob().arn });
    });

    it('copies a value by keyboard, with a button that the focus makes visible', async () => {
      const { page } = await open();
      const copy = button('Copy max_depth');
      const opacity = () => copy.evaluate((element) => getComputedStyle(element).opacity);
      assert.equal(await opacity(), '0');
      await button('Copy num_round').focus();
      for (let tabs = 0; tabs < 10 && (await opacity()) === '0'; tabs += 1) await page.keyboard.press('Tab');
      assert.equal(await opacity(), '1');
      await page.keyboard.press('Enter');
      assert.deepEqual(await opened?.waitForCall('copy'), { text: '5' });
      await until(async () => (await announced()) === 'Copied.', 'the word that it was copied');
    });

    it('lets values be selected', async () => {
      const { page } = await open();
      const selected = await page.locator('.full-name .value').evaluate((element) => {
        getSelection()?.selectAllChildren(element);
        return getSelection()?.toString();
      });
      assert.equal(selected, aJob().name);
    });
  });

  describe('of a running job', () => {
    it('offers to stop it first', async () => {
      await open(aRunningState());
      assert.deepEqual(await texts('button.primary'), ['Stop Job…']);
      await button('Stop Job…').click();
      await opened?.waitForCall('stopJob');
    });

    it('lets its durations go on by themselves', async () => {
      await open(aRunningState());
      assert.match(await text('header .facts'), /^Local · Training · started .+ · \d+(\.\d)? s$/);
      const before = await text('.step.current .took');
      await until(async () => (await text('.step.current .took')) !== before, 'the step to go on');
    });

    it('takes what is news in place, without moving the focus or announcing rounds', async () => {
      const { page } = await open(aRunningState(1));
      await button('Show Logs').focus();
      await page.evaluate(() => document.querySelector('h1')?.setAttribute('data-same', ''));
      await opened?.tell('replace', aRunningState(7));
      await until(async () => (await text('.metrics .help')) === '7 of 200 rounds', 'the seventh round');
      assert.equal(await page.locator('h1[data-same]').count(), 1);
      assert.equal(await page.evaluate(() => document.activeElement?.textContent?.trim()), 'Show Logs');
      assert.equal(await announced(), '');
    });

    it('announces its end, and keeps the focus among the buttons when its own one goes', async () => {
      const { page } = await open(aRunningState());
      await button('Stop Job…').focus();
      await opened?.tell('replace', aState());
      await until(async () => (await announced()) === 'boston-housing: Completed', 'the end to be announced');
      assert.ok(await page.evaluate(() => document.activeElement?.closest('.actions') !== null));
      assert.deepEqual(await texts('button.primary'), ['Show Logs']);
    });

    it('turns no icon when motion is to be reduced', async () => {
      const { page } = await open(aRunningState());
      const animation = () =>
        page
          .locator('.codicon-modifier-spin')
          .first()
          .evaluate((element) => getComputedStyle(element).animationName);
      assert.notEqual(await animation(), 'none');
      await page.evaluate(() => document.body.classList.add('vscode-reduce-motion'));
      assert.equal(await animation(), 'none');
    });
  });

  describe('of a failed job', () => {
    it('says the cause first, with the words of the service and the end of the log folded', async () => {
      const { page } = await open(aFailedState());
      assert.equal(await text('.failure p'), 'Header row in the data.');
      assert.deepEqual(await texts('.failure summary'), ["Service's words", 'Last 20 log lines']);
      assert.equal(await page.locator('.failure pre').first().isVisible(), false);
      await page.click('[data-fold=reason] > summary');
      assert.match(await text('[data-fold=reason] pre'), /line 1, column 2: "crim" is not a number$/);
      await page.click('[data-fold=lastLines] > summary');
      assert.match(await text('[data-fold=lastLines] pre'), /Traceback line 19$/);
    });

    it('shows the words of the service at once when it knows no cause', async () => {
      await open(aState({ status: 'Failed', failureReason: 'InternalServerError: it broke' }));
      assert.equal(await text('.failure p'), 'The job failed.');
      assert.equal(await text('.failure pre'), 'InternalServerError: it broke');
    });

    it('keeps what was unfolded over a reload', async () => {
      const { page } = await open(aFailedState());
      await page.click('[data-fold=lastLines] > summary');
      await page.click('[data-fold=compute] > summary');
      const saved = () => page.evaluate(() => sessionStorage.getItem('state') ?? '');
      await until(async () => /"compute":false/.test(await saved()), 'the folds to be kept');
      await page.reload();
      await page.waitForSelector('[data-fold=lastLines][open]');
      assert.equal(await page.locator('[data-fold=compute][open]').count(), 0);
    });
  });

  describe('out of reach', () => {
    it('keeps the last known state of a job that is gone, and offers nothing that needs the service', async () => {
      await open();
      const notice = { kind: 'gone', text: 'This job no longer exists.' } as const;
      await opened?.tell('replace', aState({}, {}, notice));
      const sentence = 'This job no longer exists. Its last known state is below.';
      await until(async () => (await texts('#notice')).includes(sentence), 'the sentence');
      assert.deepEqual(await texts('.actions button'), ['Copy ARN']);
      assert.deepEqual((await texts('.step')).at(-1), 'Completed');
      assert.equal(await announced(), notice.text);
    });

    it('says since when it is not up to date and can try again', async () => {
      const notice = {
        kind: 'interrupted',
        text: "Can't reach localhost.",
        sinceMs: Date.now() - 1000,
      } as const;
      await open({ ...aRunningState(), notice });
      assert.match(await text('#notice'), /^As of .+\. Can't reach localhost\. Try again$/);
      await button('Try again').click();
      await opened?.waitForCall('retry');
      assert.deepEqual(await texts('button.primary'), ['Stop Job…']);
    });

    it('is one sentence and one button when nothing is known', async () => {
      await open({
        id,
        kind: 'unknown',
        notice: { kind: 'interrupted', text: "Can't reach the service." },
      });
      assert.equal(await text('h1'), "Can't reach the service.");
      await button('Try Again').click();
      await opened?.waitForCall('retry');
      await opened?.tell('replace', {
        id,
        kind: 'unknown',
        notice: { kind: 'gone', text: 'This job no longer exists.' },
      });
      await button('Close').click();
      await opened?.waitForCall('closePage');
    });
  });
});
