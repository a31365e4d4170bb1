import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cliPage } from './cli.ts';
import { configPage } from './config.ts';
import { eventsPage } from './events.ts';
import { httpPage } from './http.ts';
import { martsPage } from './marts.ts';
import { reasonsPage } from './reasons.ts';
import { tiktokCodesPage } from './tiktok-codes.ts';
import { trackingSchema, trackingSpecPage } from './tracking-spec.ts';
import { webhooksPage } from './webhooks.ts';

/** Every generated file: its name and what must stand in it. */
export function referenceFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['cli.md', cliPage()],
    ['config.md', configPage()],
    ['events.md', eventsPage()],
    ['http.md', httpPage()],
    ['marts.md', martsPage()],
    ['reasons.md', reasonsPage()],
    ['tiktok-codes.md', tiktokCodesPage()],
    ['tracking-spec.md', trackingSpecPage()],
    ['tracking.schema.json', trackingSchema()],
    ['webhooks.md', webhooksPage()],
  ]);
}

/** Names of files in the folder that are missing, differ, or should not be there. */
export function outdated(files: ReadonlyMap<string, string>, folder: string): string[] {
  const present = existsSync(folder) ? readdirSync(folder) : [];
  const differing = [...files].filter(
    ([name, text]) => !present.includes(name) || readFileSync(join(folder, name), 'utf8') !== text,
  );
  return [...differing.map(([name]) => name), ...present.filter((name) => !files.has(name))].sort();
}
