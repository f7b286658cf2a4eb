import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  baseFromFileName,
  checkJobName,
  displayName,
  maxJobNameLength,
  nameFromBase,
  nextFreeName,
} from '../../../src/core/jobName.ts';

const date = new Date(Date.UTC(2026, 10, 22, 14, 2, 31, 120));

describe('nameFromBase', () => {
  it('adds the UTC time with milliseconds', () => {
    assert.equal(nameFromBase('boston-housing', date), 'boston-housing-2026-11-22-14-02-31-120');
  });

  it('cuts a long base so that the name fits, without doubling hyphens', () => {
    const name = nameFromBase(`${'a'.repeat(38)}-${'b'.repeat(40)}`, date);
    assert.equal(name, `${'a'.repeat(38)}-2026-11-22-14-02-31-120`);
  });
});

describe('baseFromFileName', () => {
  it('keeps what a job name may hold', () => {
    const bases = [
      'boston-housing.csv',
      '/data/My Data (1).final.CSV',
      'C:\\data\\Häuser_Zürich.tsv',
      '--x--.csv',
      '.csv',
      '数据.csv',
    ].map(baseFromFileName);
    assert.deepEqual(bases, ['boston-housing', 'My-Data-1-final', 'Hauser-Zurich', 'x', 'csv', 'training']);
  });

  it('makes a valid name of any file name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (fileName) => {
        assert.equal(checkJobName(nameFromBase(baseFromFileName(fileName), date)), undefined);
      }),
    );
  });
});

describe('displayName', () => {
  it('leaves out a timestamp and nothing else', () => {
    assert.equal(displayName('boston-2026-11-22-14-02-31-120'), 'boston');
    assert.equal(displayName('boston-2026-11-22-14-02-31'), 'boston');
    assert.equal(displayName('boston-2026-11-22'), 'boston-2026-11-22');
    assert.equal(displayName('2026-11-22-14-02-31-120'), '2026-11-22-14-02-31-120');
  });
});

describe('checkJobName', () => {
  it('takes what SageMaker takes', () => {
    for (const name of ['a', '7', 'a--b', 'a'.repeat(63)]) assert.equal(checkJobName(name), undefined, name);
  });

  it('says what to do about each wrong name', () => {
    const messages = ['', 'a'.repeat(70), 'my_job', 'my job', '-job', 'job-'].map(checkJobName);
    assert.deepEqual(messages, [
      'A job needs a name: letters, digits and hyphens.',
      'At most 63 characters: shorten the name by 7.',
      '"_" is not allowed in a job name. Use letters, digits and hyphens.',
      'A space is not allowed in a job name. Use letters, digits and hyphens.',
      'A job name begins and ends with a letter or a digit: remove the hyphen at the beginning.',
      'A job name begins and ends with a letter or a digit: remove the hyphen at the end.',
    ]);
  });
});

describe('nextFreeName', () => {
  it('keeps a free name and counts on from a taken one', () => {
    assert.equal(nextFreeName('boston', []), 'boston');
    assert.equal(nextFreeName('boston', ['boston']), 'boston-2');
    assert.equal(nextFreeName('boston', ['boston', 'boston-2']), 'boston-3');
    assert.equal(nextFreeName('boston-2', ['boston-2']), 'boston-3');
  });

  it('takes names that differ in case only for the same', () => {
    assert.equal(nextFreeName('Boston', ['boston']), 'Boston-2');
  });

  it('does not count on in a timestamp', () => {
    const name = 'boston-2026-11-22-14-02-31-120';
    assert.equal(nextFreeName(name, [name]), `${name}-2`);
  });

  it('stays within the longest name', () => {
    const name = 'a'.repeat(maxJobNameLength);
    assert.equal(nextFreeName(name, [name]), `${'a'.repeat(61)}-2`);
  });
});
