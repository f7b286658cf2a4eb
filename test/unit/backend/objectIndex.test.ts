import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ObjectIndex, compareUtf8 } from '../../../src/backend/objectIndex.ts';

describe('compareUtf8', () => {
  it('orders as the UTF-8 bytes do', () => {
    const text = fc.string({ unit: 'binary', maxLength: 5 });
    const property = fc.property(text, text, (a, b) => {
      assert.equal(Math.sign(compareUtf8(a, b)), Buffer.compare(Buffer.from(a), Buffer.from(b)));
    });
    fc.assert(property, {
      seed: 1,
      numRuns: 1000,
      examples: [
        ['\uff5e', '\u{1f600}'],
        ['a', 'ab'],
      ],
    });
  });
});

describe('ObjectIndex', () => {
  const key = fc.string({ unit: fc.constantFrom('a', 'b', '/', '\uff5e', '😀'), maxLength: 4 });
  const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

  it('finds what a sorted list would, through any sets and deletes', () => {
    const property = fc.property(
      fc.array(key),
      fc.array(key),
      fc.array(key),
      key,
      (loaded, set, deleted, probe) => {
        const index = new ObjectIndex<string>();
        index.load(loaded.map((text) => [text, text]));
        for (const text of set) index.set(text, text);
        for (const text of deleted) index.delete(text);
        const expected = [...new Set([...loaded, ...set])]
          .filter((text) => !deleted.includes(text))
          .sort(byBytes);

        assert.equal(index.size, expected.length);
        assert.deepEqual(
          [...index.scan(probe)],
          expected.filter((text) => text.startsWith(probe)),
        );
        assert.equal(
          index.firstAt(probe),
          expected.find((text) => byBytes(text, probe) >= 0),
        );
        assert.equal(
          index.firstAfter(probe),
          expected.find((text) => byBytes(text, probe) > 0),
        );
        assert.equal(
          index.firstBeyond(probe),
          expected.find((text) => byBytes(text, probe) > 0 && !text.startsWith(probe)),
        );
      },
    );
    fc.assert(property, { seed: 1, numRuns: 500 });
  });
});
