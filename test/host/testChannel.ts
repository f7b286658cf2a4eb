import { connect, createServer, type Server } from 'node:net';
import { Writable } from 'node:stream';
import { format } from 'node:util';

/** What the suite in the extension host tells the process that started the run. */
export type TestMessage =
  | { readonly kind: 'output'; readonly text: string }
  /** Only a suite that says `ended` has passed: an extension host that crashed reports exit code 0 to its page. */
  | { readonly kind: 'ended'; readonly passed: boolean };

/** Name of the environment variable with the channel's socket. Absent in a desktop VS Code, whose output is a real one. */
export const channelVariable = 'SAGEMAKER_JOBS_TEST_CHANNEL';

/** Listens for the messages of one suite. The caller closes it. */
export async function listenToTests(
  socket: string,
  onMessage: (message: TestMessage) => void,
): Promise<Server> {
  const server = createServer((connection) => {
    let pending = '';
    connection.setEncoding('utf8').on('data', (data: string) => {
      const lines = (pending + data).split('\n');
      pending = lines.pop() ?? '';
      for (const line of lines) onMessage(JSON.parse(line) as TestMessage);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
  return server;
}

/**
 * Runs `suite` with everything that it prints sent over the channel, in order, and its end reported. Without a channel
 * it just runs.
 */
export async function reportTests(suite: () => Promise<void>): Promise<void> {
  const socket = process.env[channelVariable];
  if (socket === undefined) return suite();
  const connection = connect(socket);
  await new Promise<void>((resolve, reject) => {
    connection.once('connect', resolve);
    connection.once('error', reject);
  });
  const send = (message: TestMessage) => connection.write(`${JSON.stringify(message)}\n`);
  redirectOutput((text) => send({ kind: 'output', text }));
  let passed = false;
  try {
    await suite();
    passed = true;
  } catch (error) {
    send({ kind: 'output', text: `${error instanceof Error ? error.stack : String(error)}\n` });
    throw error;
  } finally {
    send({ kind: 'ended', passed });
    await new Promise<void>((resolve) => connection.end(resolve));
  }
}

function redirectOutput(write: (text: string) => void): void {
  // The extension host's console has getters with empty setters: a plain assignment would be lost.
  for (const name of ['log', 'info', 'debug', 'warn', 'error'] as const)
    Object.defineProperty(console, name, { value: (...args: unknown[]) => write(`${format(...args)}\n`) });
  for (const name of ['stdout', 'stderr'] as const) {
    const stream = new Writable({
      decodeStrings: false,
      write(chunk: string | Buffer, _encoding, done) {
        write(chunk.toString());
        done();
      },
    });
    Object.defineProperty(process, name, { value: stream });
  }
}
