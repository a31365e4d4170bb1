import type { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';

/**
 * An index from ids to events that random ids do not slow down. Each commit adds one sorted run of (hash, event);
 * runs of like size are merged once there are many. A row for each id in a tree cost five times as much.
 * Hashes collide: whoever looks up compares the ids of the events found.
 */
export const MENTION_SCHEMA = `
  CREATE TABLE mention_run (run INTEGER PRIMARY KEY, entries INTEGER NOT NULL) STRICT;
  CREATE TABLE mention (
    run INTEGER NOT NULL, hash INTEGER NOT NULL, part INTEGER NOT NULL, entries BLOB NOT NULL,
    PRIMARY KEY (run, hash, part)
  ) STRICT, WITHOUT ROWID`;

/** An entry is 64 bits: 28 of the id's hash, then 36 of the event's sequence; low word first, as processors have it. */
const EVENT_HIGH_BITS = 4;
const HASH_MAX = 2 ** 28;
/** Entries in a row of the table: 16 KB. */
const PART_ENTRIES = 2048;
const MERGED_RUNS = 16;
/** A larger run is left as it is: merging it would hold up commits. */
const MERGED_ENTRIES_MAX = 2 ** 18;

interface Run {
  run: number;
  entries: number;
}

/** Collects mentions until they are written as one run. `forget` after a commit that failed. */
export function mentioner(db: DatabaseSync): {
  add(event: number, id: string): void;
  write(): void;
  forget(): void;
} {
  const insertRun = db.prepare('INSERT INTO mention_run (run, entries) VALUES (?, ?)');
  const insertPart = db.prepare('INSERT INTO mention (run, hash, part, entries) VALUES (?, ?, ?, ?)');
  const parts = db.prepare('SELECT entries FROM mention WHERE run = ? ORDER BY hash, part');
  const deleteRun = db.prepare('DELETE FROM mention_run WHERE run = ?');
  const deleteParts = db.prepare('DELETE FROM mention WHERE run = ?');
  const list = db.prepare('SELECT run, entries FROM mention_run ORDER BY run');
  let words = new Uint32Array(4096);
  let count = 0;
  let known: Run[] | undefined;

  function put(run: number, sorted: BigUint64Array): void {
    insertRun.run(run, sorted.length);
    for (let from = 0; from < sorted.length; from += PART_ENTRIES) {
      const part = sorted.slice(from, from + PART_ENTRIES);
      insertPart.run(run, hashAt(wordsOf(part), 0), from, bytesOf(part));
    }
  }

  /** Runs of one size class become one, as long as there are enough of them. */
  function merge(runs: Run[]): void {
    for (let like = mergeable(runs); like.length > 0; like = mergeable(runs)) {
      const blobs = like.flatMap(({ run }) => parts.all(run).map((row) => entriesOf(row['entries'] as Uint8Array)));
      const merged = unique(joined(blobs).sort());
      for (const old of like) {
        deleteParts.run(old.run);
        deleteRun.run(old.run);
        runs.splice(runs.indexOf(old), 1);
      }
      const { run } = like[0] as Run;
      put(run, merged);
      runs.push({ run, entries: merged.length });
    }
  }

  return {
    add(event, id) {
      if (2 * count === words.length) {
        const larger = new Uint32Array(2 * words.length);
        larger.set(words);
        words = larger;
      }
      words[2 * count] = event;
      words[2 * count + 1] = (hashOf(id) << EVENT_HIGH_BITS) | Math.floor(event / 2 ** 32);
      count++;
    },
    write() {
      if (count === 0) return;
      const sorted = unique(new BigUint64Array(words.buffer, 0, count).slice().sort());
      count = 0;
      known ??= list.all() as unknown as Run[];
      const run = known.reduce((last, other) => Math.max(last, other.run), 0) + 1;
      put(run, sorted);
      known.push({ run, entries: sorted.length });
      merge(known);
    },
    forget() {
      count = 0;
      known = undefined;
    },
  };
}

/** Events that may bear an id, newest first. */
export function mentions(db: DatabaseSync): (id: string) => number[] {
  const runs = db.prepare('SELECT run FROM mention_run');
  const parts = db.prepare(
    'SELECT hash, entries FROM mention WHERE run = ? AND hash <= ? ORDER BY hash DESC, part DESC',
  );
  return (id) => {
    const hash = hashOf(id);
    const events = new Set<number>();
    for (const { run } of runs.all() as { run: number }[])
      for (const row of parts.iterate(run, hash) as Iterable<{ hash: number; entries: Uint8Array }>) {
        collect(wordsOf(entriesOf(row.entries)), hash, events);
        // Entries of one hash may begin in the part before.
        if (row.hash < hash) break;
      }
    return [...events].sort((a, b) => b - a);
  };
}

/** Every mention once, in order: what the index says, however it is cut into runs. */
export function allMentions(db: DatabaseSync): BigUint64Array {
  const parts = db.prepare('SELECT entries FROM mention').all();
  return unique(joined(parts.map((row) => entriesOf(row['entries'] as Uint8Array))).sort());
}

/** The entry of an event under an id, as `allMentions` has it. */
export function mentionOf(event: number, id: string): bigint {
  return (BigInt(hashOf(id)) << 36n) | BigInt(event);
}

function collect(words: Uint32Array, hash: number, events: Set<number>): void {
  let [low, high] = [0, words.length / 2];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (hashAt(words, middle) < hash) low = middle + 1;
    else high = middle;
  }
  for (let at = low; at < words.length / 2 && hashAt(words, at) === hash; at++)
    events.add((words[2 * at] ?? 0) + ((words[2 * at + 1] ?? 0) & (2 ** EVENT_HIGH_BITS - 1)) * 2 ** 32);
}

/** The oldest runs of the smallest size class that has enough of them. */
function mergeable(runs: readonly Run[]): Run[] {
  const classes = new Map<number, Run[]>();
  for (const row of runs) {
    if (row.entries * MERGED_RUNS > MERGED_ENTRIES_MAX) continue;
    const size = Math.floor(Math.log2(row.entries) / Math.log2(MERGED_RUNS));
    const like = classes.get(size) ?? [];
    like.push(row);
    classes.set(size, like);
    if (like.length === MERGED_RUNS) return like;
  }
  return [];
}

function hashOf(id: string): number {
  return crc32(id) % HASH_MAX;
}

function hashAt(words: Uint32Array, at: number): number {
  return (words[2 * at + 1] ?? 0) >>> EVENT_HIGH_BITS;
}

function unique(sorted: BigUint64Array): BigUint64Array {
  let kept = 0;
  const [from, to] = [wordsOf(sorted), wordsOf(sorted)];
  for (let at = 0; at < sorted.length; at++) {
    const same = at > 0 && from[2 * at] === to[2 * kept - 2] && from[2 * at + 1] === to[2 * kept - 1];
    if (same) continue;
    to[2 * kept] = from[2 * at] ?? 0;
    to[2 * kept + 1] = from[2 * at + 1] ?? 0;
    kept++;
  }
  return sorted.subarray(0, kept);
}

function joined(parts: readonly BigUint64Array[]): BigUint64Array {
  const all = new BigUint64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function entriesOf(bytes: Uint8Array): BigUint64Array {
  // The bytes may lie anywhere; words of 64 bits must not.
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  return new BigUint64Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 8);
}

function wordsOf(entries: BigUint64Array): Uint32Array {
  return new Uint32Array(entries.buffer, entries.byteOffset, entries.length * 2);
}

function bytesOf(entries: BigUint64Array): Uint8Array {
  return new Uint8Array(entries.buffer, entries.byteOffset, entries.byteLength);
}
