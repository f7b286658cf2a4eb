import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { generateImages } from '../../../scripts/generateImages.ts';
import { imageVersions, parseImageUri, partition, regions, xgboostImage } from '../../../src/core/images.ts';

interface Vector {
  readonly region: string;
  readonly version: string | null;
  readonly instance_type?: string;
  readonly py_version?: string;
  readonly uri?: string;
  readonly error?: string;
}

const { vectors } = JSON.parse(
  readFileSync(new URL('../../vectors/image-uris.json', import.meta.url), 'utf8'),
) as { readonly vectors: readonly Vector[] };

/** Python 2 is a question that only the SDK asks: no image that we name has it. */
const askable = vectors.filter(({ py_version }) => py_version !== 'py2');

describe('the table of images', () => {
  it('is what its script makes of its data', async () => {
    const file = new URL('../../../src/core/images.generated.ts', import.meta.url);
    assert.equal(readFileSync(file, 'utf8'), await generateImages(), 'run npx tsx scripts/generateImages.ts');
  });
});

describe('xgboostImage', () => {
  for (const { region, version, instance_type, uri } of askable) {
    const where = [version ?? 'no version', region, instance_type]
      .filter((part) => part !== undefined)
      .join(', ');
    it(`answers as the SageMaker SDK does for ${where}`, () => {
      const image = xgboostImage(region, version ?? '', instance_type);
      if (uri === undefined) assert.equal(typeof image, 'object');
      else assert.equal(image, uri);
    });
  }

  it('is tested with all vectors but the one about Python 2', () => {
    assert.equal(vectors.length - askable.length, 1);
    assert.ok(askable.length >= 25);
  });

  it('names the versions there are', () => {
    assert.deepEqual(xgboostImage('us-east-1', '1.7'), {
      message:
        'There is no XGBoost image "1.7". Choose one of 3.2-0, 3.0-5, 1.7-1, 1.5-1, 1.3-1, 1.2-2, 1.2-1, 1.0-1, 0.90-2, 0.90-1.',
      choices: ['3.2-0', '3.0-5', '1.7-1', '1.5-1', '1.3-1', '1.2-2', '1.2-1', '1.0-1', '0.90-2', '0.90-1'],
    });
  });

  it('names the regions there are', () => {
    const image = xgboostImage('mx-central-1', '1.7-1');
    assert.ok(typeof image !== 'string');
    assert.match(image.message, /^The XGBoost image 1\.7-1 is not in mx-central-1\. It is in af-south-1, /);
    assert.deepEqual(image.choices, regions('1.7-1'));
  });

  it('is not confused by names that every object has', () => {
    assert.equal(typeof xgboostImage('us-east-1', 'constructor'), 'object');
    assert.equal(typeof xgboostImage('constructor', '1.7-1'), 'object');
  });
});

describe('imageVersions', () => {
  it('begins with the newest and leaves out the tags from before 0.90', () => {
    assert.deepEqual(imageVersions().slice(0, 3), ['3.2-0', '3.0-5', '1.7-1']);
    assert.equal(imageVersions().includes('latest') || imageVersions().includes('1'), false);
  });
});

describe('partition', () => {
  it('follows from the region', () => {
    const found = [
      'us-east-1',
      'cn-north-1',
      'us-gov-west-1',
      'us-isob-east-1',
      'us-iso-east-1',
      'xx-new-1',
    ].map((region) => `${partition(region).id} ${partition(region).dnsSuffix}`);
    assert.deepEqual(found, [
      'aws amazonaws.com',
      'aws-cn amazonaws.com.cn',
      'aws-us-gov amazonaws.com',
      'aws-iso-b sc2s.sgov.gov',
      'aws-iso c2s.ic.gov',
      'aws amazonaws.com',
    ]);
  });
});

describe('parseImageUri', () => {
  it('takes apart every image of the table', () => {
    for (const { uri, region, version } of askable) {
      if (uri === undefined || version === null) continue;
      const parsed = parseImageUri(uri);
      assert.deepEqual(
        [parsed?.algorithm, parsed?.version, parsed?.region],
        ['xgboost', version, region],
        uri,
      );
    }
  });

  it('knows digests, other registries and other images', () => {
    assert.deepEqual(parseImageUri('localhost:5000/team/model:v2@sha256:0a1b'), {
      registry: 'localhost:5000',
      repository: 'team/model',
      tag: 'v2',
      digest: 'sha256:0a1b',
    });
    assert.deepEqual(parseImageUri('xgboost'), {
      repository: 'xgboost',
      tag: 'latest',
      algorithm: 'xgboost',
      version: 'latest',
    });
    assert.equal(parseImageUri('not an image'), undefined);
  });
});
