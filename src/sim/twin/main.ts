import { parseArgs } from 'node:util';
import { listen } from './server.ts';

/** Runs the twin as a process of its own and says on stdout, in one line of JSON, where it listens. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      data: { type: 'string' },
      'watch-parent': { type: 'boolean', default: false },
    },
  });
  const { url, port, stop } = await listen(Number(values.port), values.data, { now: Date.now, random: Math.random });
  let isEnding = false;
  const end = () => {
    if (isEnding) return;
    isEnding = true;
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', end);
  if (values['watch-parent']) {
    // An interrupt from the terminal reaches every process at once; the parent decides when this one ends.
    process.on('SIGINT', () => undefined);
    process.stdin.resume().once('close', end);
  } else process.once('SIGINT', end);
  process.stdout.write(`${JSON.stringify({ ready: true, url, port })}\n`);
}

await main();
