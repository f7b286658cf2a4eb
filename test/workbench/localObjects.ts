import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { BackendAddress } from '../../src/backend/rendezvous.ts';
import { clientConfig } from './localBackend.ts';

/** The objects under a prefix of the default bucket, text by key without the prefix, asked of the service itself. */
export async function readObjects(
  backend: BackendAddress,
  prefix: string,
): Promise<Readonly<Record<string, string>>> {
  const client = new S3Client({ ...clientConfig(backend), forcePathStyle: true });
  try {
    const { Contents } = await client.send(
      new ListObjectsV2Command({ Bucket: backend.bucket, Prefix: prefix }),
    );
    const texts: [string, string][] = [];
    for (const { Key = '' } of Contents ?? []) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: backend.bucket, Key }));
      texts.push([Key.slice(prefix.length), (await Body?.transformToString()) ?? '']);
    }
    return Object.fromEntries(texts);
  } finally {
    client.destroy();
  }
}
