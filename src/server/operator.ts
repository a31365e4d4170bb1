import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a running server is found by commands on this machine, and what lets them in. */
export interface Operator {
  /** of the admin listener */
  url: string;
  /** as good as the sign-in cookie, for as long as the process lives */
  token: string;
  pid: number;
}

const FILE = 'operator.json';

/** 256 bits of chance. */
export function operatorToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Leaves word in the data folder, for the owner of the folder's files alone. `close` takes it away. */
export function writeOperator(folder: string, operator: Operator): { close(): void } {
  const path = join(folder, FILE);
  // A file that exists keeps its mode when it is written: so it is a new one each time, and never half of one.
  const fresh = `${path}.${operator.pid}`;
  rmSync(fresh, { force: true });
  writeFileSync(fresh, `${JSON.stringify(operator)}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(fresh, path);
  return { close: () => rmSync(path, { force: true }) };
}

/** The word that a server left, also one that was killed since. Throws when the file may not be read. */
export function readOperator(folder: string): Operator | undefined {
  const path = join(folder, FILE);
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, 'utf8');
  try {
    const { url, token, pid } = JSON.parse(text) as Partial<Operator>;
    const whole = typeof url === 'string' && URL.canParse(url) && typeof token === 'string' && typeof pid === 'number';
    return whole ? { url, token, pid } : undefined;
  } catch {
    return undefined;
  }
}
