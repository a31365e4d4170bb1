import { hash } from 'node:crypto';
import type { SettingsKey } from '../api/answers.ts';
import type { KeyRole, KeyRow } from '../event/key.ts';

/** The keys that open our doors: those of the environment, and those that operators made. */
export interface Keys {
  /** The living key with this text, if it opens this role's doors. A wrong, ended or foreign one is nothing. */
  find(text: string, role: KeyRole): FoundKey | undefined;
  /** Those of the environment first, then the oldest first. No texts, no hashes. */
  list(): SettingsKey[];
  /** Takes in what the ledger lists. */
  learn(rows: readonly KeyRow[]): void;
}

/** What a door needs to know of a key. */
export interface FoundKey {
  readonly id: string;
  /** everything told with it is a draft */
  readonly draft: boolean;
}

/** The doors that a key of a role opens. */
const OPENS: Record<KeyRole, readonly KeyRole[]> = {
  browser: ['browser'],
  server: ['server', 'import'],
  import: ['import'],
};

/** No key of ours is longer. */
const KEY_CHARS_MAX = 512;

interface Kept extends SettingsKey {
  hash: string;
}

export function openKeys(
  environment: { writeKeys: readonly string[]; secretKeys: readonly string[] },
  now: () => number,
): Keys {
  const fixed = [
    ...environment.writeKeys.map((text, n) => fromEnvironment(text, 'browser', 'ASSAY_WRITE_KEY', n)),
    ...environment.secretKeys.map((text, n) => fromEnvironment(text, 'server', 'ASSAY_SECRET_KEY', n)),
  ];
  let kept = new Map<string, Kept>(fixed.map((key) => [key.hash, key]));
  /** by their text, so that a key in use costs no hash; of known keys alone, which bounds it */
  const seen = new Map<string, Kept>();

  function look(text: string): Kept | undefined {
    if (text.length > KEY_CHARS_MAX) return undefined;
    // The look-up goes by the hash: how long it takes says nothing about the text of a key.
    const key = kept.get(hashOf(text));
    if (key) seen.set(text, key);
    return key;
  }

  return {
    find(text, role) {
      const key = seen.get(text) ?? look(text);
      if (key === undefined || !OPENS[key.role].includes(role)) return undefined;
      const at = now();
      if (key.endsAt !== undefined && key.endsAt <= at) return undefined;
      key.usedAt = at;
      return key;
    },
    list: () => [...kept.values()].map(({ hash: _, ...key }) => key),
    learn(rows) {
      const before = new Map([...kept.values()].map(({ id, usedAt }) => [id, usedAt]));
      kept = new Map(
        [...fixed, ...rows.map((row) => fromOperator(row, before.get(row.id)))].map((key) => [key.hash, key]),
      );
      seen.clear();
    },
  };
}

/** SHA-256 of a key's text, in hex: all of it that is kept. */
export function hashOf(text: string): string {
  return hash('sha256', text);
}

function fromEnvironment(text: string, role: KeyRole, name: string, n: number): Kept {
  // During a rotation there are two: the place tells them apart, and no part of a secret does.
  const id = n === 0 ? `env-${role}` : `env-${role}-${n + 1}`;
  return { id, role, name, draft: false, from: 'environment', hash: hashOf(text) };
}

function fromOperator({ hash, ...row }: KeyRow, usedAt: number | undefined): Kept {
  return { ...row, from: 'operator', hash, ...(usedAt === undefined ? {} : { usedAt }) };
}
