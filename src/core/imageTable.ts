/** Where the images of SageMaker's built-in algorithms lie, as data. */
export interface ImageTable {
  /** The most specific region prefix first; the last one fits every region. */
  readonly partitions: readonly Partition[];
  /** Group → region → account that owns the registry. */
  readonly registries: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly algorithms: Readonly<Record<string, AlgorithmImages>>;
}

/** A set of regions with accounts, ARNs and host names of its own. */
export interface Partition {
  /** As in an ARN: `aws`, `aws-cn`. */
  readonly id: string;
  readonly regionPrefix: string;
  readonly dnsSuffix: string;
}

export interface AlgorithmImages {
  /** Oldest first. */
  readonly versions: Readonly<Record<string, ImageVersion>>;
  /** Names that are tags of their own, but lie where another version does. */
  readonly aliases: Readonly<Record<string, string>>;
  /** The versions that also run on ARM processors. */
  readonly gravitonVersions: readonly string[];
}

export interface ImageVersion {
  readonly repository: string;
  readonly tag: string;
  readonly registryGroup: string;
  /** Kinds of processor it is limited to; absent when it runs on any. */
  readonly processors?: readonly string[];
}
