import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { UNDERSTAND } from './groups.ts';

/** What became of an event, or would have: our own, or another sender's. */
export function eventCommands(assay: Command, io: () => Io): void {
  assay
    .command('explain')
    .helpGroup(UNDERSTAND)
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
      io().exit(await (await import('../explain-command.ts')).explainCommand(file, options, io())),
    );

  assay
    .command('trace')
    .helpGroup(UNDERSTAND)
    .description('follow one order or event from door to TikTok’s answer')
    .argument('<id>', 'order id, event id, sequence, visitor, session, ttclid or request id')
    .option('--data <folder>', 'the store (default: ASSAY_DATA, else .assay)')
    .option('--json', 'print the answer as JSON')
    .addHelpText('after', '\nExample:\n  $ assay trace 10045 --data .assay/demo\n')
    .action(async (id: string, options) =>
      io().exit(await (await import('../trace.ts')).traceCommand(id, options, io())),
    );

  assay
    .command('clocks')
    .helpGroup(UNDERSTAND)
    .description(
      'what TikTok would do with another copy of an event; or what if yesterday’s traffic had gone otherwise',
    )
    .argument('[id]', 'order id, event id or sequence; or suppose a copy with --first')
    .option('--first <time>', 'when a supposed first copy arrived: 2026-11-01T10:00:00Z, or earliest/latest')
    .option('--leg <leg>', 'the leg that brought the supposed copy: api or pixel')
    .option('--at <time>', 'the time to judge at (default: now)')
    .option('--spec <file>', 'the tracking spec of a supposed copy (default: tracking.yaml, else the built-in one)')
    .option('--delay <time>', 'what if: server copies leave so much later, such as 10m')
    .option('--ids <rule>', 'what if: random (an id of its own for each copy) or order (the order’s id)')
    .option('--pixel <choice>', 'what if: off, or first (it fires at once and waits for no server)')
    .option('--outage <time>', 'what if: TikTok can’t be reached by the server for so long, such as 2h')
    .option('--outage-at <time>', 'when the outage begins (default: the middle of the period)')
    .option(
      '--since <time>',
      'what if: traffic received from here on (default: yesterday, in the business’s time zone)',
    )
    .option('--until <time>', 'what if: traffic received before')
    .option('--data <folder>', 'the store (default: ASSAY_DATA, else .assay)')
    .option('--json', 'print the answer as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ assay clocks 10045\n  $ assay clocks --first 2026-11-01T10:00:00Z --leg api --at 2026-11-01T10:03:00Z\n  $ assay clocks --delay 10m --pixel off\n',
    )
    .action(async (id: string | undefined, options) =>
      io().exit(await (await import('../clocks.ts')).clocks(id, options, io())),
    );

  assay
    .command('audit-log')
    .helpGroup(UNDERSTAND)
    .description('read another sender’s log of the Events API: which events it calls delivered and TikTok refused')
    .argument('<files...>', 'HAR exports, or JSON lines with request and response; gzip too; - for standard input')
    .option('--json', 'print the findings as JSON')
    .addHelpText('after', '\nExample:\n  $ assay audit-log requests.jsonl.gz events.har\n')
    .action(async (files: string[], options) =>
      io().exit(await (await import('../audit-log.ts')).auditLog(files, options, io())),
    );
}
