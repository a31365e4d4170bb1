import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openJournalReader } from '../src/store/sqlite/journal-reader.ts';
import { openLedgerReader } from '../src/store/sqlite/ledger.ts';
import { ready, start } from './children.ts';

/** A server under load. */
export interface Running {
  pid: number;
  port: number;
  path: string;
  key: string;
  close(signal?: NodeJS.Signals): Promise<void>;
}

/** Our own server, with a look at how far it is. */
export interface RunningAssay extends Running {
  /** the last durable sequence, and the one up to which verdicts are committed */
  progress(): Promise<{ journal: number; ledger: number }>;
  /** Waits until every verdict is committed; resolves with the time that took. */
  settle(): Promise<number>;
  /** the largest size so far, in bytes */
  wal(): { journal: number; ledger: number };
}

const SPEC = fileURLToPath(new URL('tracking.yaml', import.meta.url));
const SECRET_KEY = 'secret-key-of-the-benchmark';
const PATH = '/v1/server/events';
/** The port of the discard service: should anything ever want to leave, it ends here. */
const NOBODY = 'http://127.0.0.1:9';
const LOOK_MS = 10;
const STALL_MS_MAX = 30_000;
const WAL_LOOK_MS = 50;

/** The ceiling and the usual design, each a file in `peers/`. */
export async function startPeer(name: 'bare' | 'unique-index', file?: string): Promise<Running> {
  const child = start(`peers/${name}.ts`, { args: file === undefined ? [] : [file] });
  const { port } = await ready<{ port: number }>(child, name);
  return { pid: child.pid, port, path: PATH, key: SECRET_KEY, close: child.end };
}

/** The server that `assay serve` starts. Its destination has no token and an address nobody listens at. */
export async function startAssay(folder: string): Promise<RunningAssay> {
  const foreign = Object.entries(process.env).filter(([name]) => !/^(?:ASSAY|TIKTOK)_/.test(name));
  const env = {
    ...Object.fromEntries(foreign),
    ASSAY_DATA: folder,
    ASSAY_SPEC: SPEC,
    ASSAY_PORT: '0',
    ASSAY_ADMIN_PORT: '0',
    ASSAY_SECRET_KEY: SECRET_KEY,
    ASSAY_RATE_ADDRESS: 'off',
    ASSAY_RATE_KEY: 'off',
    ASSAY_TIKTOK_API: NOBODY,
  };
  const child = start('../bin/assay.js', { args: ['serve', '--json'], env });
  const { publicPort } = await ready<{ publicPort: number }>(child, 'assay serve');
  const journal = await openJournalReader(folder);
  const ledger = await openLedgerReader(folder);
  const largest = { journal: 0, ledger: 0 };
  const look = setInterval(() => {
    for (const name of ['journal', 'ledger'] as const)
      largest[name] = Math.max(
        largest[name],
        statSync(join(folder, `${name}.db-wal`), { throwIfNoEntry: false })?.size ?? 0,
      );
  }, WAL_LOOK_MS);
  const progress = async (): Promise<{ journal: number; ledger: number }> => ({
    journal: await journal.last(),
    ledger: await ledger.offset(),
  });
  return {
    pid: child.pid,
    port: publicPort,
    path: PATH,
    key: SECRET_KEY,
    progress,
    async settle() {
      const from = performance.now();
      let moved = { ledger: 0, at: from };
      for (let at = await progress(); at.ledger < at.journal; at = await progress()) {
        if (at.ledger > moved.ledger) moved = { ledger: at.ledger, at: performance.now() };
        if (performance.now() - moved.at > STALL_MS_MAX)
          throw new Error(`admission stands still at record ${at.ledger} of ${at.journal}`);
        await sleep(LOOK_MS);
      }
      return performance.now() - from;
    },
    wal: () => ({ ...largest }),
    async close(signal) {
      clearInterval(look);
      await journal.close();
      await ledger.close();
      await child.end(signal);
    },
  };
}

export function sleep(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
