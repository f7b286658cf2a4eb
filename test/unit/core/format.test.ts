import assert from 'node:assert/strict';
import { Format, formatMetric } from '../../../src/core/format.ts';

const format = new Format('en', 'UTC');

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

describe('Format: duration', () => {
  it('has two units at most', () => {
    const written = [
      0,
      800,
      7 * second,
      5.94 * second,
      9.96 * second,
      12.9 * second,
      59.999 * second,
      60 * second,
      4 * minute + 5 * second,
      hour,
      2 * hour + 10 * minute,
      2 * hour + 5 * minute + 59 * second,
      24 * hour,
      27 * hour,
      48 * hour,
    ].map((ms) => format.duration(ms));
    assert.deepEqual(written, [
      '0 s',
      '0.8 s',
      '7 s',
      '5.9 s',
      '9.9 s',
      '12 s',
      '59 s',
      '1 min',
      '4 min 05 s',
      '1 h',
      '2 h 10 min',
      '2 h 05 min',
      '24 h',
      '1 d 3 h',
      '2 d',
    ]);
  });

  it('is not negative when two clocks disagree', () => {
    assert.equal(format.duration(-300), '0 s');
  });
});

describe('Format: listTime', () => {
  it('names the day only as far as a reader needs it', () => {
    const now = Date.UTC(2026, 10, 22, 15, 0);
    const times = [
      Date.UTC(2026, 10, 22, 14, 2),
      Date.UTC(2026, 10, 22, 0, 5),
      Date.UTC(2026, 10, 21, 14, 2),
      Date.UTC(2026, 10, 20, 14, 2),
      Date.UTC(2025, 10, 20, 14, 2),
    ].map((ms) => format.listTime(ms, now));
    assert.deepEqual(times, ['14:02', '00:05', 'Yesterday 14:02', '20 Nov 14:02', '20 Nov 2025']);
  });

  it('shows the seconds where they are asked for', () => {
    const now = Date.UTC(2026, 10, 22, 15, 0);
    const [today, yesterday] = [Date.UTC(2026, 10, 22, 14, 2, 31), Date.UTC(2026, 10, 21, 14, 2, 31)];
    assert.equal(format.listTime(today, now, 'seconds'), '14:02:31');
    assert.equal(format.listTime(yesterday, now, 'seconds'), 'Yesterday 14:02:31');
  });

  it('takes the day from the time zone of the reader', () => {
    const now = Date.UTC(2026, 10, 22, 16, 0);
    assert.equal(
      new Format('en', 'Asia/Tokyo').listTime(Date.UTC(2026, 10, 22, 14, 2), now),
      'Yesterday 23:02',
    );
  });

  it('is written in the language of the reader', () => {
    const now = Date.UTC(2026, 10, 22, 15, 0);
    assert.equal(new Format('de', 'UTC').listTime(Date.UTC(2026, 10, 21, 14, 2), now), 'Gestern 14:02');
  });
});

describe('Format: clockTime and exactTime', () => {
  it('tell the time of day, and everything about a time', () => {
    const ms = Date.UTC(2026, 10, 22, 14, 2, 31, 120);
    assert.equal(format.clockTime(ms), '14:02');
    assert.equal(format.exactTime(ms), '22 Nov 2026, 14:02:31 UTC (2026-11-22T14:02:31.120Z)');
  });
});

describe('Format: size', () => {
  it('has three digits', () => {
    const written = [0, 812, 1000, 36_137, 1023 * 1024, 25_900_000, 1_331_439_862].map((bytes) =>
      format.size(bytes),
    );
    assert.deepEqual(written, ['0 B', '812 B', '0.98 KB', '35.3 KB', '1 MB', '24.7 MB', '1.24 GB']);
    assert.equal(new Format('de').size(36_137), '35,3 KB');
  });
});

describe('Format: sizeProgress', () => {
  it('is written in the unit of the whole', () => {
    assert.equal(format.sizeProgress(13_002_342, 25_900_000), '12.4 of 24.7 MB');
    assert.equal(format.sizeProgress(0, 25_900_000), '0 of 24.7 MB');
    assert.equal(format.sizeProgress(0, 0), '0 of 0 B');
  });
});

describe('Format: number, count and place', () => {
  it('group numbers for reading', () => {
    assert.equal(format.number(1_000_000), '1,000,000');
    assert.equal(new Format('de').number(1_000_000), '1.000.000');
    assert.equal(format.count(1_000_000, 'row'), '1,000,000 rows');
    assert.equal(format.count(1, 'row'), '1 row');
    assert.equal(format.count(2, 'category', 'categories'), '2 categories');
    assert.equal(format.place(430, 431), 'row 430 (line 431)');
  });
});

describe('formatMetric', () => {
  it('keeps four significant digits and says nan and inf as XGBoost does', () => {
    const written = [9.00052, 0.00053, 0.5, 12345.678, -0.123456, 1e-7, NaN, Infinity, -Infinity].map(
      formatMetric,
    );
    assert.deepEqual(written, ['9.001', '0.00053', '0.5', '12346', '-0.1235', '1e-7', 'nan', 'inf', '-inf']);
  });
});
