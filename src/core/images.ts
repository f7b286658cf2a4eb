import { imageTable } from './images.generated.ts';
import { defaultXgboostVersion } from './trainingDraft.ts';
import type { AlgorithmImages, ImageVersion, Partition } from './imageTable.ts';

/** Why there is no image, with what there is instead. */
export interface NoImage {
  readonly message: string;
  /** The versions, regions or kinds of instance that could be chosen. */
  readonly choices: readonly string[];
}

/** Versions of the XGBoost image to choose from, newest first: without the tags that only name an older one anew. */
export function imageVersions(): readonly string[] {
  const numbered = /^\d+\.\d+-\d+$/;
  return Object.keys(xgboost().versions)
    .filter((version) => numbered.test(version))
    .reverse();
}

/** Regions in which a version of the XGBoost image lies, in alphabetical order. */
export function regions(version: string = defaultXgboostVersion): readonly string[] {
  const found = findVersion(version);
  return found ? Object.keys(imageTable.registries[found.registryGroup] ?? {}) : [];
}

/** The partition of a region. Regions that are not known yet are taken for commercial ones. */
export function partition(region: string): Partition {
  const found = imageTable.partitions.find(({ regionPrefix }) => region.startsWith(regionPrefix));
  if (!found) throw new Error('The last partition fits every region.');
  return found;
}

/**
 * The URI of the XGBoost image that trains in a region, by the rules of the SageMaker SDK. `1` and `latest` are the
 * image from before 0.90. An instance type is only needed to tell what an image can't run on.
 */
export function xgboostImage(region: string, version: string, instanceType?: string): string | NoImage {
  const image = findVersion(version);
  if (!image) {
    const choices = imageVersions();
    return {
      message: `There is no XGBoost image "${version}". Choose one of ${choices.join(', ')}.`,
      choices,
    };
  }
  const accounts = imageTable.registries[image.registryGroup] ?? {};
  const account = Object.hasOwn(accounts, region) ? accounts[region] : undefined;
  if (account === undefined) {
    const choices = regions(version);
    const message = `The XGBoost image ${version} is not in ${region}. It is in ${choices.join(', ')}.`;
    return { message, choices };
  }
  const suffix = tagSuffix(version, image, instanceType);
  if (typeof suffix !== 'string') return suffix;
  // An alias is a tag of its own; only its place is that of the version it stands for.
  const tag = Object.hasOwn(xgboost().aliases, version) ? version : image.tag;
  return `${account}.dkr.ecr.${region}.${partition(region).dnsSuffix}/${image.repository}:${tag}${suffix}`;
}

const gravitonFamily = /^ml\.(?:[cm]6gd?|c6gn|c7g|r6gd?)\./;

/** ARM processors have images of their own; old images refuse graphics processors. */
function tagSuffix(version: string, image: ImageVersion, instanceType = ''): string | NoImage {
  if (gravitonFamily.test(instanceType)) {
    const choices = xgboost().gravitonVersions;
    if (choices.includes(version)) return '-arm64';
    const message = `The XGBoost image ${version} does not run on ${instanceType}. ${choices.join(' and ')} do.`;
    return { message, choices };
  }
  const processor = /^ml\.[gp]/.test(instanceType) ? 'gpu' : 'cpu';
  if (instanceType === '' || !image.processors || image.processors.includes(processor)) return '';
  const message = `The XGBoost image ${version} has no use for the GPU of ${instanceType}. Choose a CPU instance.`;
  return { message, choices: image.processors };
}

function xgboost(): AlgorithmImages {
  const images = imageTable.algorithms['xgboost'];
  if (!images) throw new Error('The image table has no XGBoost.');
  return images;
}

function findVersion(version: string): ImageVersion | undefined {
  const { versions, aliases } = xgboost();
  const name = Object.hasOwn(aliases, version) ? aliases[version] : version;
  return name !== undefined && Object.hasOwn(versions, name) ? versions[name] : undefined;
}

/** The parts of a container image's URI. */
export interface ImageUri {
  /** `811284229777.dkr.ecr.us-east-1.amazonaws.com`; absent for an image without a registry. */
  readonly registry?: string;
  /** Set for registries of ECR only. */
  readonly account?: string;
  readonly region?: string;
  /** `sagemaker-xgboost` */
  readonly repository: string;
  /** `latest` when neither a tag nor a digest is given, as for every image. */
  readonly tag: string;
  readonly digest?: string;
  /** Set when it is an image of a built-in algorithm: `xgboost`. */
  readonly algorithm?: 'xgboost';
  /** The algorithm's version, such as `1.7-1`, also where the tag says more. */
  readonly version?: string;
}

/** Takes an image's URI apart; `undefined` when it is none. */
export function parseImageUri(uri: string): ImageUri | undefined {
  const match =
    /^(?:([^/\s]+[.:][^/\s]*)\/)?([a-z0-9][a-z0-9._/-]*)(?::([\w][\w.-]*))?(?:@(sha256:[0-9a-f]+))?$/.exec(
      uri,
    );
  const [, registry, repository, tag, digest] = match ?? [];
  if (repository === undefined) return undefined;
  const ecr = registry === undefined ? null : /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\./.exec(registry);
  const isXgboost = /(?:^|\/)(?:sagemaker-)?xgboost$/.test(repository);
  const version = tag ?? 'latest';
  return {
    ...(registry !== undefined && { registry }),
    ...(ecr?.[1] !== undefined && ecr[2] !== undefined && { account: ecr[1], region: ecr[2] }),
    repository,
    tag: version,
    ...(digest !== undefined && { digest }),
    ...(isXgboost && { algorithm: 'xgboost', version: version.replace(/-(?:cpu|gpu)-py\d+$|-arm64$/, '') }),
  };
}
