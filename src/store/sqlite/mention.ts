import type { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';

/**
 * An index from ids to events that random ids do not slow down: hashes are sorted only within a bucket of neighbouring
 * events, so that a commit touches the few pages of the newest one. A look-up asks every bucket, newest first.
 * Hashes collide: whoever looks up compares the ids of the events found.
 */
const BUCKET_EVENTS = 4096;

export function mentioner(db: DatabaseSync): (event: number, id: string) => void {
  const insert = db.prepare('INSERT OR IGNORE INTO mention (bucket, hash, event) VALUES (?, ?, ?)');
  return (event, id) => {
    insert.run(bucketOf(event), crc32(id), event);
  };
}

/** Events that may bear an id, newest first. */
export function mentions(db: DatabaseSync): (id: string) => Generator<number> {
  const last = db.prepare('SELECT coalesce(max(bucket), -1) AS bucket FROM mention');
  const select = db.prepare('SELECT event FROM mention WHERE bucket = ? AND hash = ? ORDER BY event DESC');
  return function* (id) {
    const hash = crc32(id);
    for (let bucket = Number(last.get()?.['bucket']); bucket >= 0; bucket--)
      for (const row of select.all(bucket, hash)) yield Number(row['event']);
  };
}

function bucketOf(event: number): number {
  return Math.floor(event / BUCKET_EVENTS);
}
