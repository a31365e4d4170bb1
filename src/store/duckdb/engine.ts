import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { AssayError } from '../../event/error.ts';
import { lock } from '../sqlite/lock.ts';
import { setAside, WAREHOUSE_FILE, WAREHOUSE_FOLDER } from './files.ts';
import { martSql } from './marts.ts';
import { SCHEMA_VERSION, schemaSql, stageSql } from './schema.ts';

const INTERRUPT_MS = 50;
const FORGOTTEN_MS = 5000;

export interface EngineLimits {
  /** bytes that queries may hold; what is larger goes to the folder for a while */
  memoryBytes: number;
  threads: number;
}

export const ENGINE_LIMITS: EngineLimits = { memoryBytes: 2 ** 30, threads: 2 };

/** An open file of columns. Writes wait for each other, and reads for none of them. */
export interface Engine {
  /** Runs in a transaction of its own; what fails leaves nothing, and rejects with `warehouse_unwritable`. */
  write<T>(work: (db: DuckDBConnection) => Promise<T>): Promise<T>;
  /** The connection for short questions: it sees what is committed. */
  reader(): Promise<DuckDBConnection>;
  /** One more, to be closed by who asked for it. */
  connect(): Promise<DuckDBConnection>;
  close(): Promise<void>;
}

/**
 * Opens the warehouse of a folder as its only process. What an older program made, or what can't be read, is set aside, and
 * an empty one stands in its place: all but what retention has emptied since follows from the ledger. What a newer program
 * made is refused.
 */
export async function openEngine(folder: string, limits: EngineLimits = ENGINE_LIMITS): Promise<Engine> {
  mkdirSync(join(folder, WAREHOUSE_FOLDER), { recursive: true, mode: 0o700 });
  // The engine's own lock keeps out other processes alone.
  const unlock = lock(lockIn(folder));
  let open: Open | undefined = await openCurrent(folder, limits).catch((error: unknown) => {
    unlock();
    throw error;
  });
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;
  let shutting: Promise<void> = Promise.resolve();

  /** After an error that ends the engine itself it is opened again: the disk may have room by now. */
  async function current(): Promise<Open> {
    if (closed) throw isClosed();
    await shutting;
    open ??= await openFile(folder, limits);
    return open;
  }

  async function attempt<T>(work: (db: DuckDBConnection) => Promise<T>): Promise<T> {
    let at: Open | undefined;
    try {
      at = await current();
      await at.writer.run('BEGIN TRANSACTION');
      const result = await work(at.writer);
      await at.writer.run('COMMIT');
      return result;
    } catch (cause) {
      if (at && !(await rolledBack(at.writer))) {
        if (open === at) open = undefined;
        shutting = shut(at);
        await shutting;
      }
      if (cause instanceof AssayError) throw cause;
      throw new AssayError('warehouse_unwritable', `the warehouse cannot be written: ${firstLine(cause)}`, { cause });
    }
  }

  return {
    write(work) {
      const done = last.then(() => attempt(work));
      last = done.catch(() => undefined);
      return done;
    },
    async reader() {
      return (await current()).reader;
    },
    async connect() {
      const at = await current();
      return lend(at, () => closed || open !== at);
    },
    async close() {
      await last;
      closed = true;
      if (open) await shut(open);
      open = undefined;
      unlock();
    },
  };
}

/** Opens a warehouse to be looked at, without a change to it; a newer program’s is refused. */
export async function readEngine(folder: string): Promise<{ db: DuckDBConnection; version: number; close(): void }> {
  const unlock = lock(lockIn(folder));
  let instance: DuckDBInstance | undefined;
  try {
    instance = await instanceIn(folder, ENGINE_LIMITS, { access_mode: 'READ_ONLY' });
    const opened = instance;
    const db = await instance.connect();
    const version = await versionIn(db);
    if (version > SCHEMA_VERSION) throw newer(folder, version);
    return {
      db,
      version,
      close() {
        db.closeSync();
        opened.closeSync();
        unlock();
      },
    };
  } catch (error) {
    instance?.closeSync();
    unlock();
    throw error instanceof AssayError ? error : unreadable(folder, error);
  }
}

interface Open {
  instance: DuckDBInstance;
  writer: DuckDBConnection;
  reader: DuckDBConnection;
  /** what `connect` gave and nobody has closed yet, with what resolves then */
  lent: Map<DuckDBConnection, Promise<void>>;
}

/** Is the connection good for another transaction? */
async function rolledBack(db: DuckDBConnection): Promise<boolean> {
  try {
    await db.run('ROLLBACK');
  } catch (error) {
    // Without a transaction there is nothing to take back; anything else has ended the engine.
    if (!/no transaction is active/i.test(String(error))) return false;
  }
  try {
    await db.run('SELECT version FROM meta');
    return true;
  } catch {
    return false;
  }
}

async function openCurrent(folder: string, limits: EngineLimits): Promise<Open> {
  const found = await versionOf(folder, limits);
  if (found !== undefined && found > SCHEMA_VERSION) throw newer(folder, found);
  if (found !== SCHEMA_VERSION) setAside(folder);
  return openFile(folder, limits);
}

/** What the machine says when the file may be whole, and can't be opened now. */
const NOT_NOW =
  /no space left|disk quota|read-only file system|permission denied|too many open files|out of memory|cannot allocate|input\/output error/i;

/** May what stopped a warehouse from being opened or read be over later? */
export function mayPass(error: Error): boolean {
  return NOT_NOW.test(`${error.message} ${String(error.cause)}`);
}

/** The version of a folder's warehouse; nothing where there is none, or none that can be read. */
async function versionOf(folder: string, limits: EngineLimits): Promise<number | undefined> {
  if (!existsSync(join(folder, WAREHOUSE_FOLDER, WAREHOUSE_FILE))) return undefined;
  let instance: DuckDBInstance | undefined;
  try {
    instance = await instanceIn(folder, limits);
    const db = await instance.connect();
    const version = await versionIn(db);
    db.closeSync();
    return version;
  } catch (error) {
    if (NOT_NOW.test(String(error))) throw unreadable(folder, error);
    return undefined;
  } finally {
    instance?.closeSync();
  }
}

async function openFile(folder: string, limits: EngineLimits): Promise<Open> {
  const isNew = !existsSync(join(folder, WAREHOUSE_FOLDER, WAREHOUSE_FILE));
  const instance = await instanceIn(folder, limits);
  try {
    const writer = await instance.connect();
    if (isNew) for (const sql of ['BEGIN TRANSACTION', ...schemaSql(), 'COMMIT']) await writer.run(sql);
    for (const sql of [...martSql(), ...stageSql()]) await writer.run(sql);
    return { instance, writer, reader: await instance.connect(), lent: new Map() };
  } catch (error) {
    instance.closeSync();
    throw unreadable(folder, error);
  }
}

async function instanceIn(
  folder: string,
  limits: EngineLimits,
  more: Record<string, string> = {},
): Promise<DuckDBInstance> {
  const own = join(folder, WAREHOUSE_FOLDER);
  const path = join(own, WAREHOUSE_FILE);
  const instance = await DuckDBInstance.create(path, {
    ...more,
    memory_limit: `${Math.ceil(limits.memoryBytes / 2 ** 20)}MiB`,
    threads: String(limits.threads),
    temp_directory: join(own, 'tmp'),
    checkpoint_threshold: '64MiB',
    // Nobody who may ask for SQL reads or writes files by it, and nothing is fetched from elsewhere. The order of these counts.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    enable_external_access: 'false',
    lock_configuration: 'true',
  });
  chmodSync(path, 0o600);
  return instance;
}

async function versionIn(db: DuckDBConnection): Promise<number> {
  return Number((await db.runAndReadAll('SELECT version FROM meta')).getRows()[0]?.[0]);
}

function lockIn(folder: string): string {
  return join(folder, WAREHOUSE_FOLDER, 'warehouse.lock');
}

function newer(folder: string, version: number): AssayError {
  return new AssayError(
    'store_newer',
    `${WAREHOUSE_FILE} has version ${version}, made by a newer program; this one knows ${SCHEMA_VERSION}. Run the newer program again, or remove the folder ${join(folder, WAREHOUSE_FOLDER)}: it is made anew from the ledger.`,
  );
}

function unreadable(folder: string, cause: unknown): AssayError {
  return new AssayError(
    'warehouse_unreadable',
    `the warehouse in ${join(folder, WAREHOUSE_FOLDER)} cannot be opened: ${firstLine(cause)}`,
    { cause },
  );
}

/** A connection for one who closes it. The engine breaks down where it is closed under a question. */
async function lend(at: Open, isGone: () => boolean): Promise<DuckDBConnection> {
  const one = await at.instance.connect();
  const close = one.closeSync.bind(one);
  if (isGone()) {
    close();
    throw isClosed();
  }
  const released = Promise.withResolvers<void>();
  at.lent.set(one, released.promise);
  one.closeSync = () => {
    close();
    at.lent.delete(one);
    released.resolve();
  };
  return one;
}

/** Ends what is asked at the moment: a file that a connection still reads would be open twice when it is opened again. */
async function shut({ instance, writer, reader, lent }: Open): Promise<void> {
  // Who has not closed it by then has forgotten it.
  for (const until = performance.now() + FORGOTTEN_MS; lent.size > 0 && performance.now() < until; ) {
    for (const connection of lent.keys()) connection.interrupt();
    await Promise.race([Promise.all(lent.values()), sleep(INTERRUPT_MS)]);
  }
  for (const connection of [writer, reader, ...lent.keys()]) {
    await ended(connection);
    connection.closeSync();
  }
  instance.closeSync();
}

/** Resolves when nothing runs on the connection any more: closed before that, it would go on to the end. */
async function ended(connection: DuckDBConnection): Promise<void> {
  // A question that has not begun yet does not hear the first word.
  const again = setInterval(() => connection.interrupt(), INTERRUPT_MS);
  try {
    connection.interrupt();
    await connection.run('SELECT 1');
  } catch {
    // Closed already, or the engine has ended: nothing runs.
  } finally {
    clearInterval(again);
  }
}

function isClosed(): AssayError {
  return new AssayError('warehouse_closed', 'the warehouse is closed');
}

/** The first line of what an engine says: the rest quotes statements. */
function firstLine(cause: unknown): string {
  return String(cause instanceof Error ? cause.message : cause).split('\n')[0] as string;
}
