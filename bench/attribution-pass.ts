// The pass of the product, over the same columns as the ceiling's.
import { lastTouches } from '../src/attribution/pass.ts';
import { type Check, CLICK_MS, checkOf, readData, ringOf, VIEW_MS } from './attribution-data.ts';
import { median } from './result.ts';

const [folder = '', repeats = '1'] = process.argv.slice(2);
const data = readData(folder);
const next = ringOf(data);
const touches = { at: data.touchAt, visitor: data.touchVisitor, kind: data.touchKind };
const conversions = { at: data.conversionAt, visitor: data.conversionVisitor };
const policy = {
  windows: { click: CLICK_MS, engagedView: 0, view: VIEW_MS },
  precedence: ['click', 'engagedView', 'view'] as const,
};

let earned = lastTouches(touches, conversions, next, policy);
const seconds = Array.from({ length: Number(repeats) }, () => {
  const from = performance.now();
  earned = lastTouches(touches, conversions, next, policy);
  return (performance.now() - from) / 1000;
});
const check: Check = checkOf((n) => {
  const place = earned[n] as number;
  return place < 0 ? 0 : (data.touch[place] as number);
}, earned.length);
console.log(JSON.stringify({ seconds: median(seconds), check, peakBytes: process.resourceUsage().maxRSS * 1024 }));
