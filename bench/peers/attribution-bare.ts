// The ceiling of attribution: every touch in time order, the last click and view of each person in two typed arrays. Who is
// one person is known, the windows are two numbers, and nothing is loaded or stored.
import { type Check, CLICK, CLICK_MS, checkOf, readData, VIEW_MS } from '../attribution-data.ts';
import { median } from '../result.ts';

const [folder = '', repeats = '1'] = process.argv.slice(2);
const { touchAt, touchVisitor, touchKind, touch, conversionAt, conversionVisitor, person } = readData(folder);
const touchPerson = touchVisitor.map((visitor) => person[visitor] as number);
const conversionPerson = conversionVisitor.map((visitor) => person[visitor] as number);
const earned = new Int32Array(conversionAt.length);

function pass(): void {
  const [clicks, views] = [new Int32Array(person.length).fill(-1), new Int32Array(person.length).fill(-1)];
  let read = 0;
  for (let n = 0; n < conversionAt.length; n++) {
    const at = conversionAt[n] as number;
    for (; read < touchAt.length && (touchAt[read] as number) <= at; read++)
      (touchKind[read] === CLICK ? clicks : views)[touchPerson[read] as number] = read;
    const click = clicks[conversionPerson[n] as number] as number;
    const view = views[conversionPerson[n] as number] as number;
    if (click >= 0 && at - (touchAt[click] as number) <= CLICK_MS) earned[n] = click;
    else earned[n] = view >= 0 && at - (touchAt[view] as number) <= VIEW_MS ? view : -1;
  }
}

pass();
const seconds = Array.from({ length: Number(repeats) }, () => {
  const from = performance.now();
  pass();
  return (performance.now() - from) / 1000;
});
const check: Check = checkOf(
  (n) => ((earned[n] as number) < 0 ? 0 : (touch[earned[n] as number] as number)),
  earned.length,
);
console.log(JSON.stringify({ seconds: median(seconds), check, peakBytes: process.resourceUsage().maxRSS * 1024 }));
