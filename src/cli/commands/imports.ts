import { type Command, Option } from 'commander';
import { AD_BASES, AD_LEVELS } from '../../event/ad-report.ts';
import { MOVES_MONEY } from '../../event/order.ts';
import type { Io } from '../io.ts';
import { RUN } from './groups.ts';
import { collected, stored } from './options.ts';

/** What happened elsewhere: events, facts and leads through the doors of a collector, touches and ads into the store. */
export function importCommands(assay: Command, io: () => Io): void {
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
      io().exit(await (await import('../import/events.ts')).importEvents(file, options, io())),
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
      io().exit(await (await import('../import/facts.ts')).importFacts(file, options, io())),
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
      io().exit(await (await import('../import/leads.ts')).importLeads(file, options, io())),
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
      io().exit(await (await import('../import/touches.ts')).importTouches(file, options, io())),
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
      io().exit(await (await import('../import/ads.ts')).importAds(file, options, io())),
    );
}
