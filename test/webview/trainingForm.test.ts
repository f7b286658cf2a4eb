import assert from 'node:assert/strict';
import type { FieldProblem, TrainingDraft } from '../../src/core/trainingDraft.ts';
import type { Handlers } from '../../src/protocol/rpc.ts';
import type { LaunchAnswer, TrainingFormHost } from '../../src/protocol/trainingForm.ts';
import { aDraft, aMessyState, aProfile, aState } from './fixtures.ts';
import { type FormHarness, type OpenForm, type OpenOptions, startFormHarness, until } from './formHarness.ts';
import { type ThemeName, themes } from './themes.ts';

const eta = '#field-algorithm-hyperparameters-eta';
const rounds = '#field-algorithm-hyperparameters-num_round';
const earlyStopping = '#field-algorithm-hyperparameters-early_stopping_rounds';
const metric = '#field-algorithm-hyperparameters-eval_metric';
const label = '#field-data-labelColumn';
const jobName = '#field-jobName';

describe('the training form', () => {
  let harness: FormHarness;
  let form: OpenForm | undefined;

  before(async () => {
    harness = await startFormHarness();
  });
  after(() => harness.stop());
  afterEach(async () => {
    await form?.close();
    form = undefined;
  });

  /** Opens a form and waits until it is drawn and checked. */
  async function open(options: OpenOptions = {}): Promise<OpenForm> {
    form = await harness.open(options);
    await form.page.waitForSelector('footer');
    await form.waitForCall('edited');
    return form;
  }

  const loading = (load: Handlers<TrainingFormHost>['load']): OpenOptions => ({ host: { load } });

  /** The draft as the host knows it last. */
  function draftOf(opened: OpenForm): TrainingDraft {
    return (opened.called('edited').at(-1) as { readonly draft: TrainingDraft }).draft;
  }

  async function untilSent(opened: OpenForm, test: (draft: TrainingDraft) => boolean): Promise<void> {
    await until(() => test(draftOf(opened)), 'the host to get the edited draft');
  }

  const noteOf = (opened: OpenForm, field: string): Promise<string> =>
    opened.page.locator(`${field}-note`).innerText();

  describe('drawn', () => {
    for (const theme of Object.keys(themes) as ThemeName[]) {
      for (const width of [1280, 400]) {
        it(`has no accessibility findings in ${theme} at ${width} px, unfolded and with problems`, async () => {
          const opened = await open({ theme, width, host: { load: () => aMessyState() } });
          for (const fold of ['compute', 'output', 'allHyperparameters'])
            await opened.page.click(`[data-fold=${fold}] > summary`);
          await opened.page.waitForSelector('.search');
          await opened.page.fill(eta, '7');
          await opened.page.waitForSelector(`${eta}[aria-invalid=true]`);
          assert.deepEqual(await opened.axe(), []);
          assert.ok((await opened.sidewaysScroll()) <= 0, 'the page scrolls sideways');
        });
      }
    }

    it('scrolls sideways at no width', async () => {
      const opened = await open();
      await opened.page.click('[data-fold=compute] > summary');
      await opened.page.click('[data-fold=output] > summary');
      for (let width = 400; width <= 1280; width += 20) {
        await opened.page.setViewportSize({ width, height: 900 });
        assert.ok((await opened.sidewaysScroll()) <= 0, `the page scrolls sideways at ${width} px`);
      }
    });

    it('breaks no rule of its content security policy and logs no error', async () => {
      const opened = await open();
      assert.deepEqual(opened.complaints, []);
    });

    it('has controls of at least 24 px', async () => {
      const opened = await open(loading(() => aMessyState()));
      const small = await opened.page.$$eval(
        'button, input:not([type=radio]), select, summary, label.radio',
        (all) =>
          all
            .filter((control) => control.checkVisibility())
            .filter((control) => {
              const { width, height } = control.getBoundingClientRect();
              return width < 24 || height < 24;
            })
            .map((control) => control.outerHTML.slice(0, 80)),
      );
      assert.deepEqual(small, []);
    });

    it('shows a skeleton while the host still reads the file', async () => {
      let answer: (() => void) | undefined;
      const asked = new Promise<void>((resolve) => (answer = resolve));
      form = await harness.open(loading(async () => asked.then(() => aState())));
      await form.page.waitForSelector('.bone');
      assert.equal(await form.page.locator('footer').count(), 0);
      answer?.();
      await form.page.waitForSelector('footer');
      assert.equal(await form.page.locator('.bone').count(), 0);
    });

    it('says file, facts, place and what a launch takes', async () => {
      const opened = await open();
      assert.equal(await opened.page.locator('h1').innerText(), 'Train on boston-housing.csv');
      assert.equal(
        await opened.page.locator('header .facts').innerText(),
        '506 rows · 14 columns · 35.3 KB · comma · UTF-8',
      );
      assert.match(await opened.page.locator('.place').innerText(), /Local, on this computer/);
      assert.equal(
        await opened.page.locator('footer .facts').innerText(),
        '354/76/76 rows · about 35.3 KB to upload · no cost',
      );
      assert.equal(await opened.page.locator('#launch').innerText(), 'Launch Locally');
    });

    it('leads to where the place of jobs is chosen', async () => {
      const opened = await open();
      await opened.page.getByRole('button', { name: 'Change where jobs run' }).click();
      await opened.waitForCall('changePlace');
    });

    it('takes the state that the host pushes', async () => {
      const opened = await open();
      await opened.tell('replace', aState({ place: { ...aState().place, label: 'research · us-east-1' } }));
      await opened.page.waitForSelector('.place >> text=research · us-east-1');
    });

    it('says what a launch on AWS costs at most', async () => {
      const place = { ...aState().place, billed: true, launchLabel: 'Launch on AWS' };
      const opened = await open(loading(() => aState({ place })));
      assert.match(
        await opened.page.locator('footer .facts').innerText(),
        /at most 1 × ml\.m5\.xlarge × 24 h · billed by AWS per second of training$/,
      );
    });

    it('shows names and cells of a file as text, whatever they look like', async () => {
      const opened = await open(loading(() => aMessyState()));
      assert.equal(await opened.page.locator('h1').innerText(), 'Train on <b>messy</b>.csv');
      assert.equal(
        await opened.page.locator('#column-1 .column-name').innerText(),
        '<img src=x onerror="document.title=1">',
      );
      assert.equal(
        await opened.page.locator('tbody tr:first-child td:nth-child(3)').innerText(),
        '<script>document.title=2</script>',
      );
      assert.equal(await opened.page.locator('main img, main script').count(), 0);
      assert.equal(await opened.page.title(), 'Train: boston-housing.csv');
    });
  });

  describe('of a file that cannot be read', () => {
    it('says why and offers another file', async () => {
      form = await harness.open(
        loading(() => ({ kind: 'unreadable', fileName: 'notes.csv', reason: 'the file is empty' })),
      );
      const text = await form.page.locator('.centred h1').innerText();
      assert.equal(text, "Can't train on notes.csv: the file is empty.");
      assert.deepEqual(await form.axe(), []);
      await form.page.getByRole('button', { name: 'Choose Another File…' }).click();
      await form.waitForCall('chooseAnotherFile');
    });

    it('says what went wrong when the host has no answer at all', async () => {
      form = await harness.open(
        loading(() => {
          throw new Error('The CSV worker has ended.');
        }),
      );
      assert.match(await form.page.locator('.centred h1').innerText(), /The CSV worker has ended\./);
    });
  });

  describe('while editing', () => {
    it('shows what is wrong with a value under its field, and the help again once it is right', async () => {
      const opened = await open();
      const help = await noteOf(opened, eta);
      await opened.page.fill(eta, '1.5');
      await opened.page.waitForSelector(`${eta}[aria-invalid=true]`);
      assert.match(await noteOf(opened, eta), /at most 1/);
      const describedBy = await opened.page.getAttribute(eta, 'aria-describedby');
      assert.equal(`#${describedBy}`, `${eta}-note`);
      await opened.page.fill(eta, '0.2');
      await opened.page.waitForSelector(`${eta}:not([aria-invalid])`);
      assert.equal(await noteOf(opened, eta), help);
    });

    it('does not speak up before a pause in typing, but does when the field is left', async () => {
      const opened = await open();
      await opened.page.evaluate(() => {
        // Holds the page's clock still, so that only leaving the field can end the pause.
        window.setTimeout = (() => 1) as unknown as typeof window.setTimeout;
      });
      await opened.page.fill(eta, '9');
      assert.equal(await opened.page.getAttribute(eta, 'aria-invalid'), null);
      await opened.page.focus(rounds);
      await opened.page.waitForSelector(`${eta}[aria-invalid=true]`);
    });

    it('sends what was set and nothing for an empty field', async () => {
      const opened = await open();
      await opened.page.fill(eta, '0.20');
      await untilSent(opened, (draft) => draft.algorithm.hyperparameters['eta'] === '0.20');
      assert.equal(await opened.page.getAttribute(eta, 'placeholder'), '0.3 (default)');
      await opened.page.fill(eta, '');
      await untilSent(opened, (draft) => !('eta' in draft.algorithm.hyperparameters));
    });

    it('marks a changed hyperparameter and resets it', async () => {
      const opened = await open();
      const field = opened.page.locator('.field', { has: opened.page.locator(eta) });
      assert.equal(await field.locator('.dot').count(), 0);
      await opened.page.fill(eta, '0.2');
      await field.locator('.dot').waitFor();
      await opened.page.getByRole('button', { name: 'Reset Learning rate' }).click();
      assert.equal(await opened.page.inputValue(eta), '');
      assert.equal(await field.locator('.dot').count(), 0);
      await untilSent(opened, (draft) => !('eta' in draft.algorithm.hyperparameters));
    });

    it('keeps text that is no number in its field, refuses it, and leaves the draft alone', async () => {
      const opened = await open();
      await opened.page.fill('#split-train', '7O');
      await opened.page.waitForSelector('#split-train[aria-invalid=true]');
      assert.match(await opened.page.locator('#split-note').innerText(), /Must be a whole number\./);
      assert.equal(await opened.page.inputValue('#split-train'), '7O');
      assert.equal(draftOf(opened).data.split.trainPercent, 70);
    });

    it('counts the rows of each part anew while the split is typed', async () => {
      const opened = await open();
      await opened.page.fill('#split-train', '80');
      await opened.page.fill('#split-validation', '20');
      await opened.page.fill('#split-test', '0');
      assert.deepEqual(
        await opened.page.$$eval('.split .narrow .help', (all) =>
          all.slice(0, 3).map((help) => help.textContent?.trim()),
        ),
        ['= 405 rows', '= 101 rows', '= 0 rows'],
      );
    });

    it('refuses parts that do not add up to 100 %', async () => {
      const opened = await open();
      await opened.page.fill('#split-train', '80');
      await opened.page.waitForSelector('#split-train[aria-invalid=true]');
      assert.match(await opened.page.locator('#split-note').innerText(), /100/);
    });

    it("sends the objective's own metric when early stopping is turned on, and warns when it is not sent", async () => {
      const opened = await open();
      await opened.page.fill(earlyStopping, '10');
      assert.equal(await opened.page.inputValue(metric), 'rmse');
      await opened.page.selectOption(metric, '');
      await opened.page.waitForSelector(`${earlyStopping}-note .warning`);
      assert.match(
        await noteOf(opened, earlyStopping),
        /Without eval_metric the container ignores early stopping/,
      );
      await opened.page.fill(earlyStopping, '20');
      assert.equal(await opened.page.inputValue(metric), '');
      assert.equal(await opened.page.getAttribute('#launch', 'disabled'), null);
    });

    it('asks for the number of classes only where the objective has several', async () => {
      const opened = await open();
      const classes = '#field-algorithm-hyperparameters-num_class';
      assert.equal(await opened.page.locator(classes).count(), 0);
      await opened.page.selectOption('#field-algorithm-hyperparameters-objective', 'multi:softmax');
      await opened.page.waitForSelector(`${classes}[aria-invalid=true]`);
    });

    it('converts the maximum run time from its unit', async () => {
      const opened = await open();
      await opened.page.click('[data-fold=compute] > summary');
      assert.equal(await opened.page.inputValue('#field-compute-maxRuntimeInSeconds'), '24');
      await opened.page.selectOption('[aria-label="Unit of the maximum run time"]', 'minutes');
      assert.equal(await opened.page.inputValue('#field-compute-maxRuntimeInSeconds'), '1440');
      await opened.page.fill('#field-compute-maxRuntimeInSeconds', '90');
      await untilSent(opened, (draft) => draft.compute.maxRuntimeInSeconds === 5400);
      await opened.page.click('[data-fold=compute] > summary');
      await opened.page.waitForSelector('text=1 × ml.m5.xlarge · 5 GB · stops after 1 h 30 min');
    });

    it('says that the job name is free, or what the host says of it', async () => {
      const opened = await open({
        host: {
          edited: ({ draft }) => ({ problems: draft.jobName === 'boston' ? [taken] : [] }),
        },
      });
      await opened.page.waitForSelector('.free');
      await opened.page.fill(jobName, 'boston');
      await opened.page.waitForSelector(`${jobName}[aria-invalid=true]`);
      assert.equal(await opened.page.locator('.free').count(), 0);
      await opened.page.getByRole('button', { name: 'Use boston-2' }).click();
      assert.equal(await opened.page.inputValue(jobName), 'boston-2');
      await opened.page.waitForSelector('.free');
    });

    it('finds any hyperparameter by its name, also those that stand above', async () => {
      const opened = await open();
      await opened.page.click('[data-fold=allHyperparameters] > summary');
      await opened.page.fill('.search input', 'max_');
      await opened.page.waitForSelector('#field-algorithm-hyperparameters-max_leaves');
      assert.equal(await opened.page.locator('#field-algorithm-hyperparameters-grow_policy').count(), 0);
      await opened.page.click('.above >> text=max_depth');
      assert.equal(await focused(opened), 'field-algorithm-hyperparameters-max_depth');
    });
  });

  describe('about columns', () => {
    it('wants the label chosen when nothing speaks for a column', async () => {
      const opened = await open(loading(() => aMessyState()));
      await opened.page.waitForSelector(`${label}[aria-invalid=true]`);
      await opened.page.click('#launch');
      assert.equal(await focused(opened), 'field-data-labelColumn');
      assert.deepEqual(opened.called('launch'), []);
      await opened.page.selectOption(label, '1');
      await opened.page.waitForSelector(`${label}:not([aria-invalid])`);
      assert.equal(draftOf(opened).data.labelColumn, 1);
    });

    it('says why it guesses a label, until another one is chosen', async () => {
      const opened = await open();
      assert.equal(await noteOf(opened, label), 'Guess: Last column, named like a target.');
      await opened.page.selectOption(label, '0');
      assert.doesNotMatch(await noteOf(opened, label), /Guess/);
      assert.match(await opened.page.locator('#column-0').innerText(), /LABEL/);
    });

    it('drops a column from its menu by keyboard alone and takes it back from the findings', async () => {
      const opened = await open();
      await opened.page.focus('#column-0');
      await opened.page.keyboard.press('ArrowRight');
      assert.equal(await focused(opened), 'column-1');
      await opened.page.keyboard.press('Shift+F10');
      assert.deepEqual(await opened.page.locator('[role=menuitem]').allInnerTexts(), [
        'Use as Label',
        'Drop',
        'Copy Name',
      ]);
      assert.deepEqual(await opened.axe(), []);
      await opened.page.keyboard.press('ArrowDown');
      await opened.page.keyboard.press('Enter');
      assert.equal(await focused(opened), 'column-1');
      assert.match(await opened.page.locator('#column-1').innerText(), /DROPPED/);
      await untilSent(opened, (draft) => draft.data.droppedColumns.includes(1));
      await opened.page.getByRole('button', { name: 'Undo: zn dropped' }).click();
      await untilSent(opened, (draft) => draft.data.droppedColumns.length === 0);
    });

    it('closes a menu with Escape and gives the focus back', async () => {
      const opened = await open();
      await opened.page.focus('#column-0');
      await opened.page.keyboard.press('Enter');
      await opened.page.waitForSelector('.menu');
      await opened.page.keyboard.press('Escape');
      await opened.page.waitForSelector('.menu', { state: 'detached' });
      assert.equal(await focused(opened), 'column-0');
    });

    it('copies the name of a column', async () => {
      const opened = await open();
      await opened.page.click('#column-2');
      await opened.page.click('text=Copy Name');
      await until(
        async () => (await opened.page.evaluate(() => navigator.clipboard.readText())) === 'indus',
        'the clipboard',
      );
    });

    it('repairs text in a numeric column with one click, and leads to its lines', async () => {
      const opened = await open(loading(() => aMessyState()));
      const finding = opened.page.locator('.finding.error', { hasText: 'price' });
      await finding.getByRole('button', { name: 'line 203' }).click();
      assert.deepEqual(await opened.waitForCall('openSource'), { line: 203 });
      await finding.getByRole('button', { name: /Missing/ }).click();
      await untilSent(opened, (draft) => draft.data.textAsMissingColumns.includes(2));
      await opened.page.waitForSelector('.finding.done >> text=price text → missing');
      assert.equal(await finding.count(), 0);
    });

    it('shows the column of a finding in the preview', async () => {
      const opened = await open(loading(() => aMessyState()));
      await opened.page.locator('.column-chip', { hasText: 'colour' }).first().click();
      assert.equal(await focused(opened), 'column-3');
    });

    it('shows more rows on demand', async () => {
      const opened = await open();
      assert.equal(await opened.page.locator('tbody tr').count(), 5);
      await opened.page.click('text=Show 50');
      assert.equal(await opened.page.locator('tbody tr').count(), 50);
      await opened.page.click('text=Show 5');
      assert.equal(await opened.page.locator('tbody tr').count(), 5);
    });

    it('reads the file again when the first row is said to be data, and keeps the rest of the draft', async () => {
      const opened = await open({
        host: {
          inspectAgain: ({ hasHeader }) => {
            const profile = aProfile({ hasHeader, rows: 507, headerReason: 'you said so' });
            return aState({ profile, draft: aDraft({ data: { ...aDraft().data, hasHeader } }) });
          },
        },
      });
      await opened.page.fill(eta, '0.2');
      await opened.page.getByLabel('data', { exact: true }).click();
      assert.deepEqual(await opened.waitForCall('inspectAgain'), { hasHeader: false });
      await opened.page.waitForSelector('text=507 rows · 14 columns');
      assert.equal(await opened.page.inputValue(eta), '0.2');
      await untilSent(
        opened,
        ({ data, algorithm }) => !data.hasHeader && algorithm.hyperparameters['eta'] === '0.2',
      );
    });

    it('offers to read a file again that changed on disk', async () => {
      const opened = await open();
      await opened.tell('fileChanged', { atMs: Date.now() });
      await opened.page.waitForSelector('#file-changed');
      await opened.page.getByRole('button', { name: 'Read again' }).click();
      assert.deepEqual(await opened.waitForCall('inspectAgain'), { hasHeader: true });
      await opened.page.waitForSelector('#file-changed', { state: 'detached' });
    });
  });

  describe('launching', () => {
    it('goes from the first field to Launch by keyboard alone', async () => {
      const opened = await open();
      await opened.page.focus(label);
      const passed = new Set<string>();
      for (let presses = 0; presses < 120 && (await focused(opened)) !== 'launch'; presses++) {
        passed.add(await focused(opened));
        assert.ok(
          await opened.page.evaluate(focusIsSeen),
          `the focus is not seen on ${await focused(opened)}`,
        );
        await opened.page.keyboard.press('Tab');
      }
      assert.equal(await focused(opened), 'launch');
      for (const id of [label, '#split-train', eta, rounds, jobName]) assert.ok(passed.has(id.slice(1)), id);
      await opened.page.keyboard.press('Enter');
      await opened.waitForCall('launch');
    });

    it('launches with Ctrl+Enter what was typed last', async () => {
      const opened = await open();
      await opened.page.fill(eta, '0.25');
      await opened.page.keyboard.press('Control+Enter');
      const { draft } = (await opened.waitForCall('launch')) as { readonly draft: TrainingDraft };
      assert.equal(draft.algorithm.hyperparameters['eta'], '0.25');
    });

    it('stays after a launch, with ways to the job and a new name, and the focus on Launch', async () => {
      const opened = await open();
      await opened.page.click('#launch');
      await opened.page.waitForSelector('#launched');
      const text = (await opened.page.locator('#launched').innerText()).replace(/\s+/g, ' ');
      assert.match(
        text,
        /^boston-housing launched at \d\d:\d\d\. Open Job · Show Logs\. Change something and launch again\.$/,
      );
      assert.equal(await opened.page.inputValue(jobName), 'boston-housing-next');
      assert.equal(await focused(opened), 'launch');
      assert.equal(await announced(opened), 'Launched');
      await opened.page.click('text=Open Job');
      assert.deepEqual(await opened.waitForCall('openJob'), { name: aDraft().jobName });
      await opened.page.click('text=Show Logs');
      assert.deepEqual(await opened.waitForCall('showLogs'), { name: aDraft().jobName });
    });

    it('asks once, however often Launch is pressed meanwhile', async () => {
      let answer: ((value: LaunchAnswer) => void) | undefined;
      const opened = await open({
        host: { launch: () => new Promise<LaunchAnswer>((resolve) => (answer = resolve)) },
      });
      await opened.page.dblclick('#launch');
      await opened.page.keyboard.press('Control+Enter');
      await opened.waitForCall('launch');
      answer?.({ launched: false, problems: [], reason: 'Launch cancelled, nothing was created.' });
      await opened.page.waitForSelector('.bar.error >> text=Launch cancelled');
      assert.equal(opened.called('launch').length, 1);
    });

    it('goes to the first error instead of launching, unfolds it and says how many there are', async () => {
      const opened = await open();
      await opened.page.click('[data-fold=algorithm] > summary');
      await opened.page.click('[data-fold=compute] > summary');
      await opened.page.fill('#field-compute-instanceCount', '');
      await opened.page.click('[data-fold=compute] > summary');
      await opened.page.fill(jobName, 'not a name');
      await opened.page.waitForSelector(`${jobName}[aria-invalid=true]`);
      await opened.page.waitForSelector('[data-fold=compute] .error-count');
      await opened.page.click('#launch');
      assert.equal(await focused(opened), 'field-compute-instanceCount');
      assert.equal(await announced(opened), '2 problems');
      assert.deepEqual(opened.called('launch'), []);
      assert.equal(await opened.page.locator('.problems-link').innerText(), '2 problems: go to the first');
    });

    it('shows the problems that only the host found', async () => {
      const opened = await open({ host: { launch: () => ({ launched: false, problems: [taken] }) } });
      await opened.page.click('#launch');
      await opened.page.waitForSelector(`${jobName}[aria-invalid=true]`);
      assert.equal(await focused(opened), jobName.slice(1));
    });

    it('says why a launch failed and can be pressed again', async () => {
      let times = 0;
      const opened = await open({
        host: {
          launch: ({ draft }) => {
            if (++times === 1) throw new Error('The connection broke.');
            return { launched: true, jobName: draft.jobName, atMs: Date.now(), nextJobName: 'next' };
          },
        },
      });
      await opened.page.click('#launch');
      await opened.page.waitForSelector('.bar.error >> text=Could not launch: The connection broke.');
      await opened.page.click('#launch');
      await opened.page.waitForSelector('#launched');
      assert.equal(await opened.page.locator('.bar.error').count(), 0);
    });
  });

  describe('shown again', () => {
    it('keeps the draft, what was typed and the folds over a reload', async () => {
      const opened = await open();
      await opened.page.click('[data-fold=output] > summary');
      await opened.page.fill(eta, '0.2');
      await opened.page.fill('#split-seed', 'x');
      await opened.page.focus(eta);
      await opened.page.waitForSelector('#split-seed[aria-invalid=true]');
      await opened.page.reload();
      await opened.page.waitForSelector('footer');
      assert.equal(await opened.page.inputValue(eta), '0.2');
      assert.equal(await opened.page.inputValue('#split-seed'), 'x');
      assert.equal(await opened.page.locator('[data-fold=output]').getAttribute('open'), '');
      assert.equal(await opened.page.locator('#continued').count(), 0);
    });

    it('takes a newer suggested name, but keeps one that was typed', async () => {
      let name = 'first';
      const opened = await open(loading(() => aState({ draft: aDraft({ jobName: name }) })));
      await opened.page.fill(eta, '0.2');
      await untilSent(opened, (draft) => draft.algorithm.hyperparameters['eta'] === '0.2');
      name = 'second';
      await opened.page.reload();
      await opened.page.waitForSelector('footer');
      assert.equal(await opened.page.inputValue(jobName), 'second');
      await opened.page.fill(jobName, 'mine');
      await untilSent(opened, (draft) => draft.jobName === 'mine');
      name = 'third';
      await opened.page.reload();
      await opened.page.waitForSelector('footer');
      assert.equal(await opened.page.inputValue(jobName), 'mine');
    });

    it('says since when a draft of an earlier tab goes on, and can start over', async () => {
      const continued = aDraft({
        algorithm: { name: 'xgboost', version: '1.7-1', hyperparameters: { num_round: '7' } },
      });
      const opened = await open({
        host: {
          load: () => aState({ draft: continued, continuedFromMs: Date.now() }),
          startOver: () => aState(),
        },
      });
      assert.equal(await opened.page.inputValue(rounds), '7');
      assert.match(
        await opened.page.locator('#continued').innerText(),
        /^Continued from \d\d:\d\d\.\s+Start over$/,
      );
      await opened.page.click('text=Start over');
      await opened.page.waitForSelector('#continued', { state: 'detached' });
      assert.equal(await opened.page.inputValue(rounds), '100');
    });

    it('no longer speaks of an earlier draft once it was launched', async () => {
      const opened = await open(loading(() => aState({ continuedFromMs: Date.now() })));
      await opened.page.waitForSelector('#continued');
      await opened.page.click('#launch');
      await opened.page.waitForSelector('#launched');
      assert.equal(await opened.page.locator('#continued').count(), 0);
    });

    it('leaves a draft of another file alone', async () => {
      let path = '/data/one.csv';
      const opened = await open(
        loading(() => aState({ draft: aDraft({ data: { ...aDraft().data, path } }) })),
      );
      await opened.page.fill(eta, '0.2');
      await untilSent(opened, (draft) => draft.algorithm.hyperparameters['eta'] === '0.2');
      path = '/data/two.csv';
      await opened.page.reload();
      await opened.page.waitForSelector('footer');
      assert.equal(await opened.page.inputValue(eta), '');
    });
  });

  it('draws what is typed within 50 ms (p95) with all hyperparameters unfolded', async () => {
    const opened = await open();
    await opened.page.click('[data-fold=allHyperparameters] > summary');
    await opened.page.waitForSelector('.search');
    // The best of three, because a machine that does other things too makes single frames late.
    let p95 = Infinity;
    for (let turn = 0; turn < 3 && p95 > 50; turn++) {
      const times = await opened.page.evaluate(typeManyTimes, eta);
      times.sort((left, right) => left - right);
      p95 = times[Math.floor(times.length * 0.95)] ?? Infinity;
    }
    console.log(`        typed to painted: p95 ${p95.toFixed(1)} ms`);
    assert.ok(p95 <= 50, `p95 is ${p95} ms`);
  });
});

const taken: FieldProblem = {
  field: 'jobName',
  severity: 'error',
  message: 'The name "boston" is already used by a job in us-east-1.',
  fixes: [{ label: 'Use boston-2', change: { kind: 'setJobName', name: 'boston-2' } }],
};

const focused = ({ page }: OpenForm): Promise<string> =>
  page.evaluate(() => document.activeElement?.id ?? '');
const announced = async ({ page }: OpenForm): Promise<string> =>
  (await page.locator('[role=status]').innerText()).trim();

/** In the page: whether the focused element has an outline or another border, and lies in sight above the footer. */
function focusIsSeen(): boolean {
  const element = document.activeElement;
  if (!element) return false;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const { top, bottom } = element.getBoundingClientRect();
  const footerTop = document.querySelector('footer')?.getBoundingClientRect().top ?? window.innerHeight;
  const inFooter = element.closest('footer') !== null;
  return outlineStyle !== 'none' && outlineWidth !== '0px' && bottom > 0 && (inFooter || top < footerTop);
}

/** In the page: types into a field again and again; milliseconds from each input event to after the next paint. */
async function typeManyTimes(selector: string): Promise<number[]> {
  const input = document.querySelector<HTMLInputElement>(selector);
  if (!input) throw new Error(`${selector} is not there.`);
  const times: number[] = [];
  for (let turn = 0; turn < 100; turn++) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const start = performance.now();
    input.value = `0.${turn}`;
    input.dispatchEvent(new InputEvent('input', { bubbles: true }));
    await new Promise<void>((resolve) =>
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => resolve();
        channel.port2.postMessage(undefined);
      }),
    );
    times.push(performance.now() - start);
  }
  return times;
}
