import os from 'node:os';
import path from 'node:path';

/** Where downloads are kept between runs: outside the clone, so that every clone of this user shares them. */
export const cacheFolder = path.join(
  process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'),
  'sagemaker-jobs',
);
