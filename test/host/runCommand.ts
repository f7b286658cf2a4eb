import { spawn } from 'node:child_process';
import path from 'node:path';

/** Runs a program to its end; answers with its standard output, or throws with the last lines that it printed. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) return resolve(output);
      const tail = (errors || output).trim().split('\n').slice(-15).join('\n');
      reject(new Error(`${path.basename(command)} ${args.join(' ')} ended with ${code ?? signal}:\n${tail}`));
    });
  });
}
