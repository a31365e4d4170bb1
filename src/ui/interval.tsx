import { intervalText, shareText } from './share.ts';

/** A share with its 95 % interval: in words, and drawn on a line from nothing to `top`. */
export function Interval({ share, low, high, top = 1 }: { share: number; low: number; high: number; top?: number }) {
  const at = (value: number) => `${100 * Math.min(1, Math.max(0, value))}%`;
  const scale = top > 0 ? top : 1;
  return (
    <span class="interval">
      <span>
        <b>{shareText(share)}</b> <span class="quiet">{intervalText(low, high)}</span>
      </span>
      <span class="interval-line" aria-hidden="true">
        <span class="interval-range" style={{ left: at(low / scale), width: at((high - low) / scale) }} />
        <span class="interval-mark" style={{ left: at(share / scale) }} />
      </span>
    </span>
  );
}
