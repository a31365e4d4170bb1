import type { LiveStream } from '../../api/answers.ts';
import type { Failure } from '../fetch.ts';
import type { Connection } from './connection.ts';

const RETRY_MS = 3000;

export interface Feed {
  rows(rows: LiveStream['rows']): void;
  counts(counts: LiveStream['counts']): void;
  notices(notices: LiveStream['notices']): void;
  connection(connection: Connection): void;
  failed(failure: Failure): void;
}

export interface FeedSource {
  open(): EventSource;
  /** why the stream was refused; undefined when the server is well */
  diagnose(): Promise<Failure | undefined>;
  now(): number;
}

/** Keeps the stream open until the returned function is called. */
export function follow(source: FeedSource, feed: Feed): () => void {
  let stream: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastAt: number | undefined;
  let stopped = false;

  const heard = () => {
    lastAt = source.now();
    feed.connection({ is: 'live' });
  };
  const connect = () => {
    stream = source.open();
    stream.onopen = () => feed.connection({ is: 'live' });
    for (const name of ['rows', 'counts', 'notices'] as const)
      stream.addEventListener(name, (event) => {
        heard();
        feed[name](JSON.parse(event.data));
      });
    stream.onerror = lost;
  };
  // A broken line is tried again by the browser itself; after a refusal it gives up, and we ask why.
  const lost = async () => {
    feed.connection({ is: 'reconnecting', ...(lastAt !== undefined && { lastAt }) });
    if (stream.readyState !== 2) return;
    const failure = await source.diagnose();
    if (stopped) return;
    if (failure) feed.failed(failure);
    if (failure?.kind !== 'signedOut') timer = setTimeout(connect, RETRY_MS);
  };

  feed.connection({ is: 'connecting' });
  connect();
  return () => {
    stopped = true;
    clearTimeout(timer);
    stream.close();
  };
}
