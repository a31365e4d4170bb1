/** Says on stderr how far long work is: in one line on a terminal, else at the beginning of each kind of work. */
export type Progress = (what: string, done?: number, all?: number) => void;

const EVERY_MS = 200;

export function openProgress(stream: NodeJS.WriteStream, now: () => number): { say: Progress; clear(): void } {
  let [last, at] = ['', 0];
  return {
    say(what, done, all) {
      const isNew = what !== last;
      if (!isNew && (!stream.isTTY || now() - at < EVERY_MS)) return;
      [last, at] = [what, now()];
      const far = done === undefined ? '' : ` ${number(done)}${all === undefined ? '' : ` of ${number(all)}`}`;
      stream.write(stream.isTTY ? `\r\x1b[K${what}${far}` : `${what}\n`);
    },
    clear() {
      if (stream.isTTY) stream.write('\r\x1b[K');
    },
  };
}

function number(value: number): string {
  return value.toLocaleString('en-GB');
}
