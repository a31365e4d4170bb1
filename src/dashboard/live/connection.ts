import { clockText } from '../../ui/clock.ts';

/** How the page stands with the server. `lastAt` is when data came last. */
export type Connection = { is: 'connecting' } | { is: 'live' } | { is: 'reconnecting'; lastAt?: number };

/** One line about the connection, with the tone of its dot. */
export function connectionSays(
  connection: Connection,
  zone: string,
  now: number,
): { tone: 'good' | 'busy'; says: string } {
  switch (connection.is) {
    case 'connecting':
      return { tone: 'busy', says: 'Connecting' };
    case 'live':
      return { tone: 'good', says: 'Live' };
    case 'reconnecting': {
      const last = connection.lastAt;
      return {
        tone: 'busy',
        says: `Reconnecting${last === undefined ? '' : `, last data ${clockText(last, zone, now)}`}`,
      };
    }
  }
}
