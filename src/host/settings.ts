import * as vscode from 'vscode';

/** The extension's settings, read at the time of the call; names and defaults are package.json's. */
export interface Settings {
  readonly connection: 'local' | 'aws';
  readonly profile: string;
  readonly region: string;
  readonly endpoints: Readonly<Record<string, string>>;
  readonly roleArn: string;
  readonly bucket: string;
  readonly keyPrefix: string;
  readonly instanceType: string;
  readonly instanceCount: number;
  readonly volumeSizeInGB: number;
  readonly maxRuntimeInSeconds: number;
  readonly refreshIntervalSeconds: number;
  readonly suppressPrompts: Readonly<Record<string, boolean>>;
}

export function readSettings(scope?: vscode.Uri): Settings {
  const settings = vscode.workspace.getConfiguration('sagemakerJobs', scope);
  const get = <T>(key: string, fallback: T): T => settings.get<T>(key) ?? fallback;
  return {
    connection: get<string>('connection', 'local') === 'aws' ? 'aws' : 'local',
    profile: get('aws.profile', ''),
    region: get('aws.region', ''),
    endpoints: get<Record<string, string>>('aws.endpoints', {}),
    roleArn: get('roleArn', ''),
    bucket: get('bucket', ''),
    keyPrefix: trimSlashes(get('keyPrefix', 'sagemaker-jobs')),
    instanceType: get('training.instanceType', 'ml.m5.xlarge'),
    instanceCount: get('training.instanceCount', 1),
    volumeSizeInGB: get('training.volumeSizeInGB', 5),
    maxRuntimeInSeconds: get('training.maxRuntimeInSeconds', 86400),
    refreshIntervalSeconds: get('refreshInterval', 30),
    suppressPrompts: get<Record<string, boolean>>('suppressPrompts', {}),
  };
}

/** The settings that decide where jobs run; when one of them changes, the connection is opened anew. */
export const connectionSettings = [
  'connection',
  'aws.profile',
  'aws.region',
  'aws.endpoints',
  'roleArn',
  'bucket',
] as const;

export function changesConnection(event: vscode.ConfigurationChangeEvent): boolean {
  return connectionSettings.some((key) => event.affectsConfiguration(`sagemakerJobs.${key}`));
}

/** Remembers that a prompt is not wanted any more. */
export async function suppressPrompt(id: 'jobFinished'): Promise<void> {
  const settings = vscode.workspace.getConfiguration('sagemakerJobs');
  const before = settings.get<Record<string, boolean>>('suppressPrompts') ?? {};
  await settings.update('suppressPrompts', { ...before, [id]: true }, vscode.ConfigurationTarget.Global);
}

function trimSlashes(prefix: string): string {
  return prefix.replace(/^\/+|\/+$/g, '');
}
