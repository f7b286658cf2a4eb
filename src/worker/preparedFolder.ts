import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { mkdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { BlockStore } from '../csv/rowSpool.ts';
import { FileTrouble } from './fileTrouble.ts';

/**
 * A folder that files are written into and that can be put back as it was. Files that were there before are never
 * touched. Writing is synchronous: this runs in a worker, where it is faster and holds nobody up.
 */
export class PreparedFolder {
  readonly #path: string;
  readonly #files = new Map<
    string,
    { readonly path: string; readonly descriptor: number; sizeBytes: number }
  >();
  /** What undoing must remove, in the order it was made. */
  readonly #created: { readonly path: string; readonly isFolder: boolean }[] = [];

  private constructor(path: string) {
    this.#path = path;
  }

  /** Opens the folder, and makes it when it is not there. Throws `FileTrouble`. */
  static async open(path: string): Promise<PreparedFolder> {
    const folder = new PreparedFolder(resolve(path));
    await folder.#makeFolder(folder.#path);
    return folder;
  }

  /** Makes a new file, given by the parts of its path in the folder. */
  async create(...names: readonly [string, ...string[]]): Promise<void> {
    const path = join(this.#path, ...names);
    if (names.length > 1) await this.#makeFolder(join(this.#path, ...names.slice(0, -1)));
    const descriptor = written(() => openSync(path, 'wx+'));
    this.#created.push({ path, isFolder: false });
    this.#files.set(names.join('/'), { path, descriptor, sizeBytes: 0 });
  }

  /** Appends to a file that was created, named with `/`. */
  append(name: string, bytes: Uint8Array): void {
    const file = this.#file(name);
    for (let from = 0; from < bytes.length;)
      from += written(() =>
        writeSync(file.descriptor, bytes, from, bytes.length - from, file.sizeBytes + from),
      );
    file.sizeBytes += bytes.length;
  }

  /** Reads from a file that was created, until `into` is full. */
  read(name: string, position: number, into: Uint8Array): void {
    const { descriptor } = this.#file(name);
    for (let at = 0; at < into.length;) {
      const count = readSync(descriptor, into, at, into.length - at, position + at);
      if (count === 0) throw new RangeError(`${name} ends before ${position + into.length}.`);
      at += count;
    }
  }

  /** Closes a file that was created and tells what it became. */
  close(name: string): { readonly path: string; readonly sizeBytes: number } {
    const { path, descriptor, sizeBytes } = this.#file(name);
    this.#files.delete(name);
    written(() => closeSync(descriptor));
    return { path, sizeBytes };
  }

  /** Closes a file that was created and removes it. */
  discard(name: string): void {
    const { path } = this.close(name);
    unlinkSync(path);
    this.#created.splice(
      this.#created.findIndex((made) => made.path === path),
      1,
    );
  }

  /** Removes everything that was made here. */
  async undo(): Promise<void> {
    for (const { descriptor } of this.#files.values()) closeSync(descriptor);
    this.#files.clear();
    for (const { path, isFolder } of this.#created.splice(0).reverse())
      // `rmdir` leaves a folder in which someone else has put something meanwhile.
      await (isFolder ? rmdir(path).catch(unlessNotEmpty) : rm(path, { force: true }));
  }

  async #makeFolder(path: string): Promise<void> {
    try {
      const first = await mkdir(path, { recursive: true });
      if (first !== undefined) this.#created.push(...foldersFrom(first, path).map(asFolder));
    } catch (error) {
      throw unwritable(error);
    }
  }

  #file(name: string): { readonly path: string; readonly descriptor: number; sizeBytes: number } {
    const file = this.#files.get(name);
    if (!file) throw new Error(`${name} is not open.`);
    return file;
  }
}

/** Keeps blocks in a file of the folder. */
export class FileBlocks implements BlockStore {
  readonly #folder: PreparedFolder;
  readonly #name: string;

  constructor(folder: PreparedFolder, name: string) {
    this.#folder = folder;
    this.#name = name;
  }

  append(block: Uint8Array): void {
    this.#folder.append(this.#name, block);
  }

  read(index: number, into: Uint8Array): void {
    this.#folder.read(this.#name, index * into.length, into);
  }
}

/** `/a`, `/a/b/c` → `/a`, `/a/b`, `/a/b/c`. */
function foldersFrom(first: string, last: string): string[] {
  const above = dirname(last);
  return last === first || above === last ? [last] : [...foldersFrom(first, above), last];
}

function asFolder(path: string): { path: string; isFolder: true } {
  return { path, isFolder: true };
}

function written<T>(write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw unwritable(error);
  }
}

function unwritable(error: unknown): FileTrouble {
  return new FileTrouble({ failure: 'unwritable', message: writeMessage(error) }, error);
}

function writeMessage(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'the folder for the prepared files can’t be written to';
    case 'EEXIST':
      return 'the folder for the prepared files has such files already';
    default:
      return `the prepared files can’t be written (${String(error)})`;
  }
}

function unlessNotEmpty(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST' && error.code !== 'ENOENT') throw error;
}
