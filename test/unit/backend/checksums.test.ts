import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  TableCrc,
  crc32Polynomial,
  createDigest,
  digestBytes,
  digestOf,
} from '../../../src/backend/checksums.ts';

describe('checksums', () => {
  it('gives the check values that the catalogues name for "123456789"', () => {
    const text = Buffer.from('123456789');
    // https://reveng.sourceforge.io/crc-catalogue/17plus.htm: CRC-32/ISO-HDLC and CRC-32/ISCSI.
    assert.equal(digestOf('CRC32', text).toString('hex'), 'cbf43926');
    assert.equal(digestOf('CRC32C', text).toString('hex'), 'e3069283');
    assert.equal(digestOf('MD5', text).toString('hex'), '25f9e794323b453885f5181f1b624d0b');
    assert.equal(digestOf('SHA1', text).toString('hex'), 'f7c3bc1d808e04732adf679965ccc34ca7ae3441');
  });

  it('gives the CRC-32C of RFC 3720, appendix B.4', () => {
    const cases: readonly [bytes: Buffer, crc: string][] = [
      [Buffer.alloc(32, 0x00), '8a9136aa'],
      [Buffer.alloc(32, 0xff), '62a8ab43'],
      [Buffer.from(Array.from({ length: 32 }, (_, i) => i)), '46dd794e'],
    ];
    for (const [bytes, crc] of cases) assert.equal(digestOf('CRC32C', bytes).toString('hex'), crc);
  });

  it('gives zero for nothing', () => {
    assert.equal(digestOf('CRC32', Buffer.alloc(0)).toString('base64'), 'AAAAAA==');
  });

  it('gives the same CRC-32 by the tables as by what Node brings', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const byTables = new TableCrc(crc32Polynomial);
      byTables.update(bytes);
      assert.deepEqual(byTables.digest(), digestOf('CRC32', bytes));
    });
    fc.assert(property, { seed: 1, examples: [[Buffer.from('123456789')]] });
  });

  it('does not depend on how the bytes are cut', () => {
    const cut = fc.tuple(fc.uint8Array({ maxLength: 100 }), fc.uint8Array({ maxLength: 100 }));
    const property = fc.property(cut, fc.constantFrom('CRC32', 'CRC32C'), ([first, second], name) => {
      const digest = createDigest(name);
      digest.update(first);
      digest.update(second);
      assert.deepEqual(digest.digest(), digestOf(name, Buffer.concat([first, second])));
    });
    fc.assert(property, { seed: 1 });
  });

  it('knows how long each digest is', () => {
    for (const name of ['MD5', 'CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const) {
      assert.equal(digestOf(name, Buffer.alloc(0)).length, digestBytes[name]);
    }
  });
});
