import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import type { Io } from './io.ts';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Every command: a thin entry that loads its own file, so that none pays for another's libraries. */
export function program(io: Io): Command {
  const assay = new Command('assay')
    .description(
      'Conversion tracking for TikTok Ads: which conversions are real, sent exactly once, and where each one is.',
    )
    .version(manifest.version)
    .showHelpAfterError('(assay --help lists the commands)')
    .addHelpText(
      'after',
      '\nExample:\n  $ assay demo            a shop, a payment page, TikTok’s twin and visitors, on this machine\n',
    );

  assay
    .command('demo')
    .description('run a whole world on this machine: shop, payment page, collector, TikTok’s twin, visitors')
    .option('--fresh', 'empty the demo’s folder first')
    .option('--data <folder>', 'where the demo keeps its state', '.assay/demo')
    .option('--seed <number>', 'which visitors come', '7')
    .option('--no-visitors', 'nobody comes: click through the shop yourself')
    .option('--plain-hosts', 'use localhost and 127.0.0.1 where *.localhost names do not resolve')
    .option('--no-open', 'do not open a browser')
    .option('--json', 'print one line of JSON with the addresses')
    .addHelpText('after', '\nExample:\n  $ assay demo --fresh\n')
    .action(async (options) => io.exit(await (await import('./demo.ts')).demo(options, io)));

  assay
    .command('serve')
    .description('run the collector with the settings of the environment')
    .option('--json', 'print one line of JSON with the addresses')
    .addHelpText(
      'after',
      '\nExample:\n  $ ASSAY_SECRET_KEY=… ASSAY_WEBHOOK_SECRET=whsec_… TIKTOK_TOKEN=… assay serve\n',
    )
    .action(async (options) => io.exit(await (await import('./serve.ts')).serve(options, io)));

  assay
    .command('doctor')
    .description('check settings, spec, store, ports and the way to TikTok')
    .option('--json', 'print the checks as JSON')
    .addHelpText('after', '\nExample:\n  $ assay doctor\n')
    .action(async (options) => io.exit(await (await import('./doctor.ts')).doctor(options, io)));

  const spec = assay.command('spec').description('the tracking spec');
  spec
    .command('check')
    .description('read a tracking spec and list every problem with its line')
    .argument('[file]', 'the spec', 'tracking.yaml')
    .option('--json', 'print the result as JSON')
    .option('--schema', 'print the JSON Schema of the file instead')
    .addHelpText('after', '\nExample:\n  $ assay spec check examples/tracking.yaml\n')
    .action(async (file: string, options) =>
      io.exit((await import('./spec-check.ts')).specCheck({ file, ...options }, io)),
    );

  assay
    .command('explain')
    .description('show what would become of events, down to TikTok’s request; nothing is sent')
    .argument('[file]', 'JSON of one event or an array; standard input when absent')
    .option('--spec <file>', 'the tracking spec (default: tracking.yaml if it exists, else the built-in one)')
    .option('--now <time>', 'the time to judge at, ISO 8601 or Unix seconds')
    .option('--json', 'print {"results": […]} in input order')
    .addHelpText(
      'after',
      '\nExample:\n  $ echo \'{"event":"Contact","page":{"url":"https://shop.example/"}}\' | assay explain\n',
    )
    .action(async (file: string | undefined, options) =>
      io.exit(await (await import('./explain-command.ts')).explainCommand(file, options, io)),
    );

  assay
    .command('trace')
    .description('follow one order or event from door to TikTok’s answer')
    .argument('<id>', 'order id, event id, sequence, visitor, session, ttclid or request id')
    .option('--data <folder>', 'the store (default: ASSAY_DATA, else .assay)')
    .option('--json', 'print the answer as JSON')
    .addHelpText('after', '\nExample:\n  $ assay trace 10045 --data .assay/demo\n')
    .action(async (id: string, options) => io.exit(await (await import('./trace.ts')).traceCommand(id, options, io)));

  return assay;
}
