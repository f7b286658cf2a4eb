import * as vscode from 'vscode';
import { Problem } from '../core/problem.ts';
import type { Connection } from './connection.ts';
import { jobDocumentScheme } from './manifest.ts';

/** Read-only documents `sagemaker-job:/<name>.json`: a job as DescribeTrainingJob answers, asked at each opening. */
export class JobDocuments implements vscode.TextDocumentContentProvider {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;

  constructor(private readonly connection: () => Connection) {}

  static uriOf(jobName: string): vscode.Uri {
    return vscode.Uri.from({ scheme: jobDocumentScheme, path: `/${jobName}.json` });
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const name = uri.path.replace(/^\//, '').replace(/\.json$/, '');
    const job = await this.connection().use(({ jobs }) => jobs.describe(name));
    if (!job) throw new Problem('notFound', `There is no training job "${name}" any more.`);
    return `${JSON.stringify(job.response, undefined, 2)}\n`;
  }

  /** Reads the document of a job again when it is open. */
  refresh(jobName: string): void {
    this.#changed.fire(JobDocuments.uriOf(jobName));
  }

  async open(jobName: string): Promise<void> {
    const uri = JobDocuments.uriOf(jobName);
    this.#changed.fire(uri);
    await vscode.window.showTextDocument(uri, { preview: true });
  }
}
