import assert from 'node:assert/strict';
import {
  ListObjectsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  S3Client,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { errorOf } from '../support/rejects.ts';
import { type TestServer, startTestServer } from '../support/server.ts';
import { sendSigned } from '../support/signedRequest.ts';

const Bucket = 'listing-test';
const keys = [
  'a.csv',
  'dir/',
  'dir/1.csv',
  'dir/2.csv',
  'dir/sub/3.csv',
  'dir2/4.csv',
  'other/5.csv',
  'z &<>.csv',
  // By UTF-8 bytes U+FF5E comes before U+1F600; by JavaScript's own order it would come after.
  '～.csv',
  '😀.csv',
];

describe('listing objects', () => {
  let server: TestServer;
  let s3: S3Client;

  before(async () => {
    server = await startTestServer();
    s3 = new S3Client(server.clientConfig);
    for (const key of [...keys].reverse()) await server.objects.putFile(Bucket, key, Buffer.from(key));
  });

  after(async () => {
    s3.destroy();
    await server.dispose();
  });

  const list = (more: Partial<ListObjectsV2CommandInput> = {}) =>
    s3.send(new ListObjectsV2Command({ Bucket, ...more }));
  const shown = (page: {
    Contents?: { Key?: string | undefined }[] | undefined;
    CommonPrefixes?: { Prefix?: string | undefined }[] | undefined;
  }): string[] => [
    ...(page.Contents ?? []).map(({ Key }) => Key ?? ''),
    ...(page.CommonPrefixes ?? []).map(({ Prefix }) => `${Prefix}*`),
  ];

  it('is in the order of UTF-8 bytes, with size, time and ETag', async () => {
    const page = await list();
    assert.deepEqual(shown(page), keys);
    assert.equal(page.KeyCount, keys.length);
    assert.equal(page.IsTruncated, false);
    const [first] = page.Contents ?? [];
    assert.equal(first?.Size, 5);
    assert.match(first?.ETag ?? '', /^"[0-9a-f]{32}"$/);
    assert.ok(first?.LastModified instanceof Date);
  });

  it('keeps to a prefix, and shows what is below a delimiter once', async () => {
    assert.deepEqual(shown(await list({ Prefix: 'dir/' })), [
      'dir/',
      'dir/1.csv',
      'dir/2.csv',
      'dir/sub/3.csv',
    ]);
    assert.deepEqual(shown(await list({ Prefix: 'dir/', Delimiter: '/' })), [
      'dir/',
      'dir/1.csv',
      'dir/2.csv',
      'dir/sub/*',
    ]);
    assert.deepEqual(shown(await list({ Delimiter: '/' })), [
      'a.csv',
      'z &<>.csv',
      '～.csv',
      '😀.csv',
      'dir/*',
      'dir2/*',
      'other/*',
    ]);
    assert.deepEqual(shown(await list({ Prefix: 'none' })), []);
  });

  it('gives every key and prefix once, whatever the page size', async () => {
    for (const Delimiter of [undefined, '/', '.csv']) {
      const whole = shown(await list({ Delimiter })).sort();
      for (let pageSize = 1; pageSize <= 4; pageSize++) {
        const found: string[] = [];
        for await (const page of paginateListObjectsV2({ client: s3, pageSize }, { Bucket, Delimiter })) {
          assert.ok(shown(page).length <= pageSize);
          found.push(...shown(page));
        }
        assert.deepEqual(found.sort(), whole);
      }
    }
  });

  it('starts after a key', async () => {
    assert.deepEqual(shown(await list({ StartAfter: 'other/5.csv' })), keys.slice(7));
    assert.deepEqual(shown(await list({ StartAfter: 'a', Prefix: 'dir2/' })), ['dir2/4.csv']);
    assert.deepEqual(shown(await list({ StartAfter: 'zzz', Prefix: 'dir2/' })), []);
  });

  it('gives nothing for no keys, and refuses counts and tokens that are none', async () => {
    const none = await list({ MaxKeys: 0 });
    assert.deepEqual([none.KeyCount, none.IsTruncated], [0, false]);
    assert.equal(await errorOf(list({ MaxKeys: -1 })), 'InvalidArgument 400');
    assert.equal(await errorOf(list({ ContinuationToken: 'invented' })), 'InvalidArgument 400');
    const text = await sendSigned(server.url, { path: `/${Bucket}?list-type=2&max-keys=many` });
    assert.match(text.body, /<Code>InvalidArgument<\/Code>/);
    assert.equal(await errorOf(list({ EncodingType: 'base64' as 'url' })), 'InvalidArgument 400');
  });

  it('encodes keys for a client that asks for it', async () => {
    const page = await list({ EncodingType: 'url', Prefix: 'z &' });
    assert.equal(page.EncodingType, 'url');
    assert.equal(page.Prefix, 'z%20%26');
    assert.deepEqual(shown(page), ['z%20%26%3C%3E.csv']);
  });

  it('pages the older way too', async () => {
    const found: string[] = [];
    let Marker: string | undefined;
    do {
      const page = await s3.send(new ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 2, Marker }));
      found.push(...shown(page));
      Marker = page.IsTruncated ? page.NextMarker : undefined;
    } while (Marker !== undefined);
    assert.deepEqual(found.sort(), shown(await list({ Delimiter: '/' })).sort());
    const afterFolder = await s3.send(
      new ListObjectsCommand({ Bucket, Delimiter: '/', Prefix: 'dir/', Marker: 'dir/' }),
    );
    assert.deepEqual(shown(afterFolder), ['dir/1.csv', 'dir/2.csv', 'dir/sub/*']);
  });

  it('is what the store itself lists', async () => {
    const objects = await server.objects.listObjects(Bucket, 'dir/');
    assert.deepEqual(
      objects.map(({ key, sizeBytes }) => [key, sizeBytes]),
      [
        ['dir/', 4],
        ['dir/1.csv', 9],
        ['dir/2.csv', 9],
        ['dir/sub/3.csv', 13],
      ],
    );
    assert.deepEqual(await server.objects.listObjects('not-there', ''), []);
    const bytes = keys.reduce((sum, key) => sum + Buffer.byteLength(key), 0);
    assert.deepEqual(await server.objects.usage(), { objects: keys.length, bytes });
  });
});
