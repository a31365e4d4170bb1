import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { Command, Option } from 'commander';
import { AD_BASES, AD_LEVELS } from '../event/ad-report.ts';
import { AssayError } from '../event/error.ts';
import { MOVES_MONEY } from '../event/order.ts';
import type { Io } from './io.ts';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const START = 'To begin:';
const UNDERSTAND = 'To understand:';
const RUN = 'To run:';
const CARE = 'To care for the store:';

const EXAMPLES = `
Examples:
  $ assay demo             a shop, a payment page, TikTok’s twin and visitors, on this machine
  $ assay init             tracking.yaml and settings for your own shop
  $ assay trace 10045      where order 10045 is, and why

Every command has --help with an example, and --json for programs.
Exit codes: 0 done, 1 the answer is no, 2 the input can’t be read.
`;

/** Every command: a thin entry that loads its own file, so that none pays for another's libraries. */
export function program(terminal: Io): Command {
  let io = terminal;
  const assay = new Command('assay')
    .description(
      'Conversion tracking for TikTok Ads: which conversions are real, sent exactly once, and where each one is.',
    )
    .version(manifest.version)
    // Not --env-file: Node takes that for itself, wherever it stands.
    .option('--settings <file>', 'read settings from this file too; the environment wins')
    .showHelpAfterError('(assay --help lists the commands)')
    .addHelpCommand(
      new Command('help').argument('[command]').helpGroup(UNDERSTAND).description('say more about a command'),
    )
    .addHelpText('after', EXAMPLES)
    .hook('preAction', () => {
      const { settings } = assay.opts<{ settings?: string }>();
      if (settings !== undefined) io = { ...io, env: { ...settingsOf(settings, io), ...io.env } };
    });

  assay
    .command('demo')
    .helpGroup(START)
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
    .command('init')
    .helpGroup(START)
    .description('write tracking.yaml and settings with fresh keys for your own shop')
    .option('--name <name>', 'your business')
    .option('--id <id>', 'short id; begins every order’s event id')
    .option('--country <code>', 'home country, such as DE')
    .option('--currency <code>', 'currency of your books, such as EUR')
    .option('--timezone <zone>', 'where your days begin, such as Europe/Berlin')
    .option('--origin <address>', 'your site, such as https://shop.example')
    .option('--pixel <code>', 'pixel code from Events Manager')
    .option('--consent <mode>', 'required, or none where you need not ask')
    .option('--confirm <who>', 'who confirms an order: webhook, server or none')
    .option('--collector <address>', 'where pages reach the collector (default: https://collect.<your site>)')
    .option('--dir <folder>', 'where to write', '.')
    .option('--env <file>', 'name of the settings file', '.env')
    .option('--yes', 'take what is usual for everything not said')
    .option('--force', 'write over what is there, with new keys')
    .option('--json', 'print what was written as JSON, without the keys')
    .addHelpText('after', '\nExample:\n  $ assay init --name "Nugget & Co" --origin https://shop.example --yes\n')
    .action(async (options) => io.exit(await (await import('./init.ts')).init(options, io)));

  assay
    .command('serve')
    .helpGroup(RUN)
    .description('run the collector with the settings of the environment')
    .option('--json', 'print one line of JSON with the addresses')
    .addHelpText(
      'after',
      '\nExample:\n  $ ASSAY_SECRET_KEY=… ASSAY_WEBHOOK_SECRET=whsec_… TIKTOK_TOKEN=… assay serve\n',
    )
    .action(async (options) => io.exit(await (await import('./serve.ts')).serve(options, io)));

  assay
    .command('doctor')
    .helpGroup(RUN)
    .description('check settings, spec, store, ports and the way to TikTok')
    .option('--json', 'print the checks as JSON')
    .addHelpText('after', '\nExample:\n  $ assay doctor\n')
    .action(async (options) => io.exit(await (await import('./doctor.ts')).doctor(options, io)));

  const spec = assay
    .command('spec')
    .helpGroup(UNDERSTAND)
    .description('check the tracking spec, and make it the active one');
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
  spec
    .command('activate')
    .description('make a tracking spec the active one, as the next start of the server would')
    .argument('[file]', 'the spec', 'tracking.yaml')
    .option('--override <reason>', 'change what is frozen all the same: why, in a sentence that the reports show')
    .option('--data <folder>', 'the store (default: ASSAY_DATA, else .assay)')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  $ assay spec activate --override "the old prices were wrong"\n')
    .action(async (file: string, options) =>
      io.exit(await (await import('./spec-activate.ts')).specActivate({ file, ...options }, io)),
    );

  const stored = (command: Command): Command =>
    command
      .option('--data <folder>', 'the store (default: ASSAY_DATA, else .assay)')
      .option('--json', 'print the answer as JSON');
  stored(assay.command('verify').helpGroup(CARE))
    .description('read the whole store and say what is not sound; also while the server runs')
    .addHelpText('after', '\nExample:\n  $ assay verify --data /var/lib/assay\n')
    .action(async (options) => io.exit(await (await import('./care/verify.ts')).verifyCommand(options, io)));
  stored(assay.command('rebuild').helpGroup(CARE))
    .description('derive the ledger anew from the journal, compare, and put it in the old one’s place')
    .option('--check', 'only compare; also while the server runs')
    .option('--into <folder>', 'leave the new ledger in this folder, and the store as it is')
    .option('--warehouse', 'only make the warehouse anew from the ledger, and compare; while no server runs')
    .addHelpText('after', '\nExamples:\n  $ assay rebuild --check\n  $ assay rebuild --warehouse\n')
    .action(async (options) => io.exit(await (await import('./care/rebuild.ts')).rebuildCommand(options, io)));
  stored(assay.command('backup').helpGroup(CARE))
    .description('copy the store into a new folder and verify the copy; also while the server runs')
    .argument('<folder>', 'where to; it must be empty or not exist')
    .addHelpText('after', '\nExample:\n  $ assay backup /backups/assay-2026-11-23\n')
    .action(async (to: string, options) =>
      io.exit(await (await import('./care/backup.ts')).backupCommand(to, options, manifest.version, io)),
    );
  stored(assay.command('restore').helpGroup(CARE))
    .description('put a backup in the store’s place; what was on its way then is not sent again by itself')
    .argument('<folder>', 'what assay backup wrote')
    .option('--force', 'also where there is a store; that is kept beside it')
    .addHelpText('after', '\nExample:\n  $ assay restore /backups/assay-2026-11-23 --data /var/lib/assay\n')
    .action(async (from: string, options) =>
      io.exit(await (await import('./care/restore.ts')).restoreCommand(from, options, io)),
    );

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
      io.exit(await (await import('./explain-command.ts')).explainCommand(file, options, io)),
    );

  assay
    .command('trace')
    .helpGroup(UNDERSTAND)
    .description('follow one order or event from door to TikTok’s answer')
    .argument('<id>', 'order id, event id, sequence, visitor, session, ttclid or request id')
    .option('--data <folder>', 'the store (default: ASSAY_DATA, else .assay)')
    .option('--json', 'print the answer as JSON')
    .addHelpText('after', '\nExample:\n  $ assay trace 10045 --data .assay/demo\n')
    .action(async (id: string, options) => io.exit(await (await import('./trace.ts')).traceCommand(id, options, io)));

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
      io.exit(await (await import('./clocks.ts')).clocks(id, options, io)),
    );

  assay
    .command('audit-log')
    .helpGroup(UNDERSTAND)
    .description('read another sender’s log of the Events API: which events it calls delivered and TikTok refused')
    .argument('<files...>', 'HAR exports, or JSON lines with request and response; gzip too; - for standard input')
    .option('--json', 'print the findings as JSON')
    .addHelpText('after', '\nExample:\n  $ assay audit-log requests.jsonl.gz events.har\n')
    .action(async (files: string[], options) =>
      io.exit(await (await import('./audit-log.ts')).auditLog(files, options, io)),
    );

  stored(assay.command('sql').helpGroup(UNDERSTAND))
    .description('ask the warehouse in SQL, which can only read; without a statement, in a conversation')
    .argument('[statement]', 'SELECT, WITH, DESCRIBE, SHOW or EXPLAIN; standard input when absent and no terminal')
    .option('--csv', 'print the answer as CSV')
    .option('--rows <count>', 'rows at most, up to 10000', '1000')
    .addHelpText(
      'after',
      '\nExample:\n  $ assay sql "SELECT channel, sum(value) FROM mart_conversions GROUP BY channel"\n',
    )
    .action(async (statement: string | undefined, options) =>
      io.exit(await (await import('./sql.ts')).sqlCommand(statement, options, io)),
    );
  stored(assay.command('export').helpGroup(UNDERSTAND))
    .description('write a mart as Parquet or CSV, one file for each day')
    .requiredOption('--mart <name>', 'conversions, touches or marketing')
    .requiredOption('--to <folder>', 'where to; each day’s file is day=2026-11-22/part-0.parquet')
    .addOption(new Option('--format <format>', 'of the files').choices(['parquet', 'csv']).default('parquet'))
    .option('--from <day>', 'from this day on, such as 2026-11-01')
    .option('--until <day>', 'up to this day')
    .addHelpText(
      'after',
      '\nExample:\n  $ assay export --mart conversions --from 2026-11-01 --to exports/conversions\n',
    )
    .action(async (options) => io.exit(await (await import('./export.ts')).exportCommand(options, io)));

  assay
    .command('attribute')
    .helpGroup(UNDERSTAND)
    .description('which touch earned which conversion, for any files, without a server')
    .option('--touches <file>', 'CSV or Parquet with user, time, and as far as known type, channel, id')
    .option('--conversions <file>', 'CSV or Parquet with user, time, and as far as known id, name, value, currency')
    .option('--paths <file>', 'instead of both: CSV with path, total_conversions, total_conversion_value, total_null')
    .addOption(
      new Option('--model <model>', 'how touches share a conversion')
        .choices(['last', 'first', 'linear', 'position', 'decay', 'markov', 'shapley'])
        .default('last'),
    )
    .addOption(new Option('--order <touches>', 'memory of the Markov model').choices(['1', '2', '3']).default('1'))
    .option('--click <window>', 'how long a click may earn, such as 7d, or off', '7d')
    .option('--engaged-view <window>', 'how long an engaged view may earn', '1d')
    .option('--view <window>', 'how long a view may earn', '1d')
    .option('--precedence <kinds>', 'which kind earns first', 'click,engagedView,view')
    .addOption(new Option('--count <count>', 'conversions of one touch').choices(['every', 'once']).default('every'))
    .option('--half-life <time>', 'in which a touch’s weight halves, in the model decay', '7d')
    .addOption(new Option('--by <what>', 'what is summed up').choices(['channel', 'kind', 'day']).default('channel'))
    .addOption(new Option('--basis <date>', 'whose day it is').choices(['touch', 'conversion']).default('conversion'))
    .option('--timezone <zone>', 'of the days, and of times that name no zone', 'UTC')
    .option('--map <column=field>', 'which column is which field; as often as needed', collected, [])
    .option('--out <file>', 'write each credit to a .csv, .parquet or .jsonl')
    .option('--memory <megabytes>', 'what does not fit goes to disk', '1000')
    .option('--json', 'print the sums as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ assay attribute --touches t.csv --conversions c.csv --click 7d --view 1d --model last\n  $ assay attribute --paths p.csv.gz --model markov --json\n',
    )
    .action(async (options) => io.exit(await (await import('./attribute/attribute.ts')).attribute(options, io)));

  const bring = assay.command('import').helpGroup(RUN).description('bring in what happened elsewhere');
  const rows = (command: Command): Command =>
    command
      .argument('<file>', 'CSV with a header, or JSON lines (.jsonl); - for standard input')
      .option('--dry-run', 'say what would become of each row; nothing is written')
      .option('--map <column=place>', 'where a column goes, - to leave it out; as often as needed', collected, [])
      .option('--url <address>', 'the collector (default: ASSAY_PUBLIC_URL, else http://127.0.0.1:8787)')
      .option('--key-env <variable>', 'the variable that holds the secret key', 'ASSAY_SECRET_KEY')
      .option('--errors <file>', 'write the rows with problems here, as CSV, contacts hashed')
      .addOption(new Option('--format <format>', 'when the name does not say it').choices(['csv', 'jsonl']))
      .option('--json', 'print the counts and problems as JSON');
  rows(bring.command('events'))
    .description('bring the rows of a file to a running collector; a repeat changes nothing')
    .option('--event <name>', 'the event of rows that name none')
    .addOption(
      new Option('--source <source>', 'where rows happened that do not say')
        .choices(['offline', 'web', 'app', 'crm'])
        .default('offline'),
    )
    .addOption(
      new Option('--consent <consent>', 'the consent of rows that do not say').choices([
        'granted',
        'denied',
        'unknown',
      ]),
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ assay import events sales.csv --event Purchase --map "Order number=order_id" --dry-run\n',
    )
    .action(async (file: string, options) =>
      io.exit(await (await import('./import/events.ts')).importEvents(file, options, io)),
    );
  rows(bring.command('facts'))
    .description(
      'bring what became of orders: payments, refunds, fees, cancellations, disputes; a repeat changes nothing',
    )
    .addOption(
      new Option('--fact <fact>', 'what rows tell that do not say; else a payment').choices(Object.keys(MOVES_MONEY)),
    )
    .addHelpText('after', '\nExample:\n  $ assay import facts refunds.csv --fact refund --dry-run\n')
    .action(async (file: string, options) =>
      io.exit(await (await import('./import/facts.ts')).importFacts(file, options, io)),
    );
  rows(bring.command('leads'))
    .description('bring what became of leads, one step a row; a repeat changes nothing')
    .option('--status <status>', 'the status of rows that name none (default: new)')
    .option('--provider <crm>', 'the CRM whose own words the statuses are, as leads.crm of the spec has them')
    .addOption(
      new Option('--source <source>', 'crm for leads of TikTok’s Instant Forms, where rows do not say').choices([
        'web',
        'crm',
      ]),
    )
    .addOption(
      new Option('--consent <consent>', 'the consent of rows that do not say').choices([
        'granted',
        'denied',
        'unknown',
      ]),
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ assay import leads crm.csv --map "Deal=lead_id" --map "Stage=status" --dry-run\n',
    )
    .action(async (file: string, options) =>
      io.exit(await (await import('./import/leads.ts')).importLeads(file, options, io)),
    );
  const brought = (command: Command): Command =>
    stored(command)
      .argument('<file>', 'CSV with a header')
      .option('--map <column=field>', 'which column is which field; as often as needed', collected, [])
      .option('--dry-run', 'check all rows; nothing is written');
  brought(bring.command('touches'))
    .description('bring clicks and views of ads that were seen elsewhere; a repeat changes nothing')
    .option('--zone <zone>', 'of times that name no zone', 'UTC')
    .addHelpText(
      'after',
      '\nExample:\n  $ assay import touches clicks.csv --map "Clicked at=time" --zone Europe/Berlin\n',
    )
    .action(async (file: string, options) =>
      io.exit(await (await import('./import/touches.ts')).importTouches(file, options, io)),
    );
  brought(bring.command('ads'))
    .description('bring rows of Ads Manager’s reports: days of campaigns, ad groups or ads; later figures count')
    .addOption(
      new Option('--level <level>', 'what a row is about (default: the finest id there is)').choices(AD_LEVELS),
    )
    .addOption(
      new Option('--basis <date>', 'the date of its conversions: that of the ad’s contact, or their own').choices(
        AD_BASES,
      ),
    )
    .addOption(
      new Option('--counts <what>', 'which columns are the conversions')
        .choices(['conversion', 'purchase'])
        .default('conversion'),
    )
    .option('--currency <code>', 'of the ad account, where no column says it')
    .option('--zone <zone>', 'of the ad account (default: a column timezone, else the spec’s)')
    .option('--pulled-at <time>', 'when Ads Manager gave the figures (default: the file’s own time)')
    .addHelpText('after', '\nExample:\n  $ assay import ads report.csv --currency EUR --zone Europe/Berlin\n')
    .action(async (file: string, options) =>
      io.exit(await (await import('./import/ads.ts')).importAds(file, options, io)),
    );

  const dead = assay
    .command('dead')
    .helpGroup(RUN)
    .description('dead letters: events that were given up, and records in quarantine');
  const narrowed = (command: Command): Command =>
    stored(command)
      .addOption(
        new Option('--kind <kind>', 'given up, may have arrived, or quarantined').choices([
          'dead',
          'unknown',
          'record',
        ]),
      )
      .option('--destination <id>', 'those for one destination')
      .option('--why <reason>', 'those of one reason code')
      .option('--code <code>', 'those with one return code of TikTok’s')
      .option('--event <name>', 'those of one event')
      .option('--money', 'money events alone')
      .option('--since <time>', 'given up since 24h, 2026-11-22 or 2026-11-22T09:00:00Z')
      .option('--until <time>', 'given up until then, a day included');
  narrowed(dead.command('list'))
    .description('list dead letters, newest first, with what a replay would do')
    .option('--limit <number>', 'at most so many', '50')
    .addHelpText('after', '\nExample:\n  $ assay dead list --money --since 7d\n')
    .action(async (options) => io.exit(await (await import('./dead.ts')).deadList(options, io)));
  stored(dead.command('show'))
    .description('show one whole: reason, first and last answer, what was told')
    .argument('<id>', 'id of the letter, from dead list')
    .addHelpText('after', '\nExample:\n  $ assay dead show leg:4711/main\n')
    .action(async (id: string, options) => io.exit(await (await import('./dead.ts')).deadShow(id, options, io)));
  narrowed(dead.command('replay'))
    .description('try letters again under their old ids, as far as TikTok could not count them twice')
    .argument('[ids...]', 'ids of letters, from dead list')
    .option('--all', 'all that match the filters')
    .option('--dry-run', 'say what would become of each; nothing is changed')
    .option('--yes', 'do not ask before --all')
    .addHelpText(
      'after',
      '\nExamples:\n  $ assay dead replay leg:4711/main\n  $ assay dead replay --all --code 40105 --dry-run\n',
    )
    .action(async (ids: string[], options) => io.exit(await (await import('./dead.ts')).deadReplay(ids, options, io)));
  narrowed(dead.command('export'))
    .description('write letters whole, without anything personal: JSON lines, or CSV')
    .argument('[file]', 'where to; .csv for CSV; standard output when absent')
    .addOption(new Option('--format <format>', 'when the name does not say it').choices(['ndjson', 'csv']))
    .addHelpText('after', '\nExample:\n  $ assay dead export letters.csv --destination main\n')
    .action(async (file: string | undefined, options) =>
      io.exit(await (await import('./dead.ts')).deadExport(file, options, io)),
    );

  const keys = assay.command('keys').helpGroup(RUN).description('the keys that open the doors');
  stored(keys.command('list'))
    .description('list all keys, ended ones too')
    .addHelpText('after', '\nExample:\n  $ assay keys list\n')
    .action(async (options) => io.exit(await (await import('./keys.ts')).keysList(options, io)));
  stored(keys.command('create'))
    .description('make a key and show its text, once')
    .addOption(
      new Option('--role <role>', 'which doors it opens')
        .choices(['browser', 'server', 'import'])
        .makeOptionMandatory(),
    )
    .requiredOption('--name <name>', 'what you call it')
    .option('--draft', 'what it tells are drafts')
    .addHelpText('after', '\nExample:\n  $ assay keys create --role server --name shop\n')
    .action(async (options) => io.exit(await (await import('./keys.ts')).keysCreate(options, io)));
  stored(keys.command('end'))
    .description('end a key, at once or after a grace')
    .argument('<id>', 'id of the key, from keys list')
    .option('--grace <time>', 'how long it lives on, such as 24h', '0s')
    .addHelpText('after', '\nExample:\n  $ assay keys end key-0f3a6d9c2b71 --grace 24h\n')
    .action(async (id: string, options) => io.exit(await (await import('./keys.ts')).keysEnd(id, options, io)));
  stored(keys.command('rotate'))
    .description('make a key like this one, which ends after a grace')
    .argument('<id>', 'id of the key, from keys list')
    .option('--grace <time>', 'how long the old key lives on', '24h')
    .addHelpText('after', '\nExample:\n  $ assay keys rotate key-0f3a6d9c2b71 --grace 7d\n')
    .action(async (id: string, options) => io.exit(await (await import('./keys.ts')).keysRotate(id, options, io)));

  return assay;
}

/** A repeated option's values so far. */
function collected(value: string, before: string[]): string[] {
  return [...before, value];
}

function settingsOf(file: string, io: Io): Io['env'] {
  try {
    return parseEnv(io.readFile(file));
  } catch (cause) {
    throw new AssayError('settings_unreadable', `${file} can’t be read: name a file of settings with --settings`, {
      cause,
    });
  }
}
