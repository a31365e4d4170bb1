import { useEffect, useState } from 'preact/hooks';
import type { LiveCounts, LiveNotices, ReasonAnswer } from '../../api/answers.ts';
import { ask, type Failure } from '../fetch.ts';
import type { Connection } from './connection.ts';
import { follow } from './feed.ts';
import { EMPTY_LIST, take } from './list.ts';

/** The stream of Live as the page's state, for as long as the page is shown. */
export function useLive() {
  const [list, setList] = useState(EMPTY_LIST);
  const [counts, setCounts] = useState<LiveCounts | undefined>(undefined);
  const [notices, setNotices] = useState<LiveNotices>({ findings: [], differences: [] });
  const [connection, setConnection] = useState<Connection>({ is: 'connecting' });
  const [failure, setFailure] = useState<Failure | undefined>(undefined);

  useEffect(
    () =>
      follow(
        {
          open: () => new EventSource('/v1/live'),
          diagnose: async () => {
            const answer = await ask<ReasonAnswer[]>('/v1/reasons', fetch);
            return answer.ok ? undefined : answer.failure;
          },
          now: Date.now,
        },
        {
          rows: (rows) => setList((now) => take(now, rows)),
          counts: setCounts,
          notices: setNotices,
          connection: (next) => {
            setConnection((now) => (now.is === 'live' && next.is === 'live' ? now : next));
            if (next.is === 'live') setFailure(undefined);
          },
          failed: setFailure,
        },
      ),
    [],
  );

  return { list, setList, counts, notices, connection, failure };
}
