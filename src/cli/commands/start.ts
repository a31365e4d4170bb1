import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { START } from './groups.ts';

/** A first look, and a shop of one's own. */
export function startCommands(assay: Command, io: () => Io): void {
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
    .action(async (options) => io().exit(await (await import('../demo.ts')).demo(options, io())));

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
    .action(async (options) => io().exit(await (await import('../init.ts')).init(options, io())));
}
