import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ObjectStore, isBucketName } from '../../../src/backend/objectStore.ts';
import { type TemporaryFolder, makeTemporaryFolder } from '../../support/temporaryFolder.ts';

describe('ObjectStore', () => {
  let folder: TemporaryFolder;
  let store: ObjectStore;

  beforeEach(async () => {
    folder = await makeTemporaryFolder();
    store = await ObjectStore.open(folder.path);
  });

  afterEach(() => folder.dispose());

  const filesOf = (bucket: string): string[] =>
    readdirSync(path.join(folder.path, 'buckets', `bucket-${bucket}`));

  it('stores a copy of a file or of bytes, and gives a plain file back', async () => {
    const source = path.join(folder.path, 'source');
    writeFileSync(source, 'from a file');
    const file = await store.putFile('bucket', 'k/1', source, { contentType: 'text/csv' });
    const bytes = await store.putFile('bucket', 'k/2', Buffer.from('from bytes'));
    assert.equal(readFileSync(file.filePath, 'utf8'), 'from a file');
    assert.equal(readFileSync(bytes.filePath, 'utf8'), 'from bytes');
    assert.equal(file.contentType, 'text/csv');
    assert.ok(existsSync(source));
  });

  it('finds buckets, objects and unfinished uploads again', async () => {
    store.ensureBucket('empty');
    await store.putFile('bucket', '../up', Buffer.from('text'), {
      contentType: 'text/plain',
      headers: { 'cache-control': 'no-cache' },
      metadata: { a: 'ü' },
      checksum: { algorithm: 'CRC32', value: 'VSFCMw==', type: 'FULL_OBJECT' },
    });
    await store.putFile('bucket', '../up', Buffer.from('text'));
    await store.putFile('bucket', 'gone', Buffer.from('text'));
    store.deleteObject('bucket', 'gone');
    const upload = store.uploads.begin('bucket', 'big', { contentType: 'text/csv' }, undefined);
    const content = await store.incoming.receive([Buffer.from('part')], ['MD5']);
    store.uploads.storePart(upload.id, 3, content, undefined);

    const reopened = await ObjectStore.open(folder.path);
    assert.deepEqual(reopened.listBuckets(), store.listBuckets());
    // What was written is JSON: there, a member that is undefined is no member.
    const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
    assert.deepEqual(
      plain(await reopened.listObjects('bucket', '')),
      plain(await store.listObjects('bucket', '')),
    );
    const found = reopened.uploads.find(upload.id, 'bucket', 'big');
    assert.deepEqual(plain([...found!.parts]), plain([...upload.parts]));
    assert.deepEqual(found?.attributes, { contentType: 'text/csv' });
    assert.equal(reopened.uploadCount(), 1);
    assert.deepEqual(await reopened.usage(), { objects: 1, bytes: 4 });
  });

  it('clears away what a process that died left half-done', async () => {
    const object = await store.putFile('bucket', 'k', Buffer.from('text'));
    const bucketFolder = path.dirname(object.filePath);
    writeFileSync(path.join(bucketFolder, 'content-without-metadata'), 'x');
    writeFileSync(path.join(folder.path, 'incoming', 'half'), 'x');
    const reopened = await ObjectStore.open(folder.path);
    assert.equal((await reopened.listObjects('bucket', '')).length, 1);
    assert.equal(filesOf('bucket').length, 3);
    assert.deepEqual(readdirSync(path.join(folder.path, 'incoming')), []);
  });

  it('loses only what is damaged, says so, and leaves what is not its own', async () => {
    const [good, bad] = await Promise.all(
      ['good', 'bad'].map((key) => store.putFile('bucket', key, Buffer.from(key))),
    );
    store.ensureBucket('broken');
    const upload = store.uploads.begin('bucket', 'big', {}, undefined);
    const uploadFolder = path.join(folder.path, 'uploads', upload.id);
    writeFileSync(bad!.filePath.replace(/\.[^.]+$/, '.json'), '');
    writeFileSync(path.join(folder.path, 'buckets', 'bucket-broken', 'bucket.json'), '{');
    writeFileSync(path.join(uploadFolder, 'upload.json'), '');
    // A file manager leaves such a file in every folder that it shows.
    for (const place of ['buckets', 'uploads', 'buckets/bucket-bucket'])
      writeFileSync(path.join(folder.path, place, '.DS_Store'), 'x');

    const said: string[] = [];
    const reopened = await ObjectStore.open(folder.path, (line) => said.push(line));
    assert.deepEqual(
      (await reopened.listObjects('bucket', '')).map(({ key }) => key),
      ['good'],
    );
    assert.equal(readFileSync(good!.filePath, 'utf8'), 'good');
    assert.deepEqual(
      reopened.listBuckets().map(({ name }) => name),
      ['bucket'],
    );
    assert.equal(reopened.uploadCount(), 0);
    assert.equal(said.length, 3, said.join('\n'));
    assert.ok(existsSync(path.join(folder.path, 'buckets', '.DS_Store')));
  });

  it('leaves no file of what was replaced or deleted', async () => {
    const old = await store.putFile('bucket', 'k', Buffer.from('old'));
    await store.putFile('bucket', 'k', Buffer.from('new'));
    assert.ok(!existsSync(old.filePath));
    assert.equal(filesOf('bucket').length, 3);
    store.deleteObject('bucket', 'k');
    assert.deepEqual(filesOf('bucket'), ['bucket.json']);
    store.deleteBucket('bucket');
    assert.deepEqual(readdirSync(path.join(folder.path, 'buckets')), []);
    assert.equal(store.hasBucket('bucket'), false);
  });

  it('leaves nothing of content whose source fails', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('some');
      throw new Error('cut');
    }
    await assert.rejects(store.incoming.receive(failing(), ['MD5']), /cut/);
    assert.deepEqual(readdirSync(path.join(folder.path, 'incoming')), []);
  });

  it('makes no folder of a name that is no bucket name', () => {
    for (const name of ['../outside', 'a/b', '..', '', 'UPPER']) {
      assert.equal(isBucketName(name), false);
      assert.throws(() => store.ensureBucket(name));
    }
  });
});
