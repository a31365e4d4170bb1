import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { clockText, dayText, fullText, listText, preciseText, utcText } from './clock.ts';

/** The time zone that all times below are shown in. */
export const Zone = createContext('UTC');

const texts = {
  clock: (at: number, zone: string) => clockText(at, zone, Date.now()),
  list: (at: number, zone: string) => listText(at, zone, Date.now()),
  day: dayText,
  full: fullText,
  precise: preciseText,
};

/** A moment in the business's time zone, with UTC on hover. */
export function TimeText({ at, as = 'clock' }: { at: number; as?: keyof typeof texts }) {
  const zone = useContext(Zone);
  return (
    <time dateTime={new Date(at).toISOString()} title={utcText(at)}>
      {texts[as](at, zone)}
    </time>
  );
}
