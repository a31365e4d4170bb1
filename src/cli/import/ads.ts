import { statSync } from 'node:fs';
import type { WireAdRow } from '../../api/imports.ts';
import { AD_LEVELS, type AdBasis, type AdLevel } from '../../event/ad-report.ts';
import type { Problem } from '../../event/problem.ts';
import { isTimeZone } from '../../spec/kinds.ts';
import { placeFields, readMap } from '../attribute/fields.ts';
import type { Io } from '../io.ts';
import { readClock } from '../read-clock.ts';
import { adFields, basisOf } from './ad-fields.ts';
import { amountCell, countCell } from './ad-figures.ts';
import { type BringOptions, type Brought, bringFile, type CellOf, notThere } from './bring.ts';
import { plain } from './columns.ts';
import { ZONE_WRONG } from './touches.ts';

export interface AdOptions extends BringOptions {
  level?: AdLevel;
  basis?: AdBasis;
  counts: 'conversion' | 'purchase';
  currency?: string;
  /** of the ad account; that of the spec where it is absent */
  zone?: string;
  pulledAt?: string;
}

/** Brings rows of Ads Manager's reports. 0: all of them are in, 1: a part of them, 2: nothing could be sent. */
export function importAds(file: string, options: AdOptions, io: Io): Promise<number> {
  return bringFile(file, reportFile(file, options), options, io);
}

/** How its rows are read. */
export function reportFile(file: string, options: AdOptions): Brought {
  return {
    ...{ list: 'rows', path: '/v1/imports/ads' },
    begin(headers) {
      const names = [...headers.map(plain), ...options.map.map((text) => text.slice(text.lastIndexOf('=') + 1))];
      const level = options.level ?? [...AD_LEVELS].reverse().find((one) => hasId(names, one)) ?? 'ad';
      const basis = options.basis ?? basisOf(names, options.counts);
      const fields = adFields({ level, basis, counts: options.counts, needsCurrency: options.currency === undefined });
      const { mapped, problems } = readMap(options.map, fields);
      const pulledAt = options.pulledAt === undefined ? statSync(file).mtimeMs : readClock(options.pulledAt);
      if (pulledAt === undefined) problems.push(PULLED_WRONG);
      if (options.zone !== undefined && !isTimeZone(options.zone)) problems.push({ ...ZONE_WRONG });
      const placed = placeFields(headers, mapped, fields);
      problems.push(...notThere(mapped, headers), ...placed.problems);
      if (problems.length > 0 || pulledAt === undefined) return { ok: false, problems };
      const around = { ...options, level, basis, pulledAt: new Date(pulledAt).toISOString() };
      return {
        ok: true,
        value: {
          places: placed.places,
          read: (cell, first) => (isTotal(cell, first, level) ? { ok: true, value: null } : readRow(cell, around)),
        },
      };
    },
  };
}

interface Around extends Omit<AdOptions, 'pulledAt'> {
  level: AdLevel;
  basis: AdBasis;
  pulledAt: string;
}

function readRow(cell: CellOf, around: Around): { ok: true; value: WireAdRow } | { ok: false; problems: Problem[] } {
  const { level, basis, currency = cell('currency').toUpperCase(), counts, pulledAt } = around;
  const problems: Problem[] = [];
  const count = (name: string): number | undefined => countCell(cell(name), name, problems);
  const amount = (name: string): string | undefined => amountCell(cell(name), name, problems);
  const timezone = around.zone ?? cell('timezone');
  const conversions = count('conversions') ?? 0;
  const [view, engaged] = [count('view_conversions'), count('engaged_view_conversions')];
  const row: WireAdRow = {
    ...{ level, id: cell(ID[level]), day: cell('day').replace(/[ T]00:00(?::00)?$/, ''), basis, currency },
    ...{ spend: amount('spend') ?? '0', impressions: count('impressions') ?? 0, clicks: count('clicks') ?? 0 },
    ...{ conversions, pulled_at: pulledAt },
    ...said({
      ...{ name: cell(`${level}_name`), timezone },
      campaign_id: level === 'campaign' ? '' : cell('campaign_id'),
      adgroup_id: level === 'ad' ? cell('adgroup_id') : '',
    }),
    ...said({
      ...{ view_conversions: view, engaged_view_conversions: engaged },
      click_conversions: count('click_conversions') ?? clicksOf(counts, conversions, view, engaged),
      ...{ value: amount('value'), click_value: amount('click_value') },
      ...{ engaged_view_value: amount('engaged_view_value'), view_value: amount('view_value') },
    }),
  };
  for (const [where, text] of [
    [ID[level], row.id],
    ['campaign_id', row.campaign_id],
    ['adgroup_id', row.adgroup_id],
  ] as const)
    if (text !== undefined && !/^[\w-]{1,64}$/.test(text.replace(/^-$/, '')))
      problems.push({ code: 'id', where, what: 'is no id', fix: 'copy it from Ads Manager as text: digits alone' });
  if (!/^\d{4}-\d\d-\d\d$/.test(row.day))
    problems.push({ code: 'day', where: 'day', what: 'is no day', fix: 'write it such as 2026-08-01' });
  if (!/^[A-Z]{3}$/.test(currency))
    problems.push({ code: 'currency', where: 'currency', what: 'is none', fix: 'write its code, such as EUR' });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: row };
}

/** No metric of Ads Manager's counts the purchases after a click: they are what the other two leave. */
function clicksOf(
  counts: AdOptions['counts'],
  all: number,
  view: number | undefined,
  engaged: number | undefined,
): number | undefined {
  if (counts !== 'purchase' || view === undefined || engaged === undefined) return undefined;
  return Math.max(0, all - view - engaged);
}

const ID: Record<AdLevel, string> = { campaign: 'campaign_id', adgroup: 'adgroup_id', ad: 'ad_id' };

function hasId(names: readonly string[], level: AdLevel): boolean {
  return names.includes(ID[level]) || (level === 'adgroup' && names.includes('ad_group_id'));
}

/** Ads Manager ends its tables with a row of sums. */
function isTotal(cell: CellOf, first: string, level: AdLevel): boolean {
  return /^total\b/i.test(first) && /^-?$/.test(cell(ID[level]));
}

function said<T extends object>(fields: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined && value !== '' && value !== '-');
  return Object.fromEntries(known) as { [Name in keyof T]?: Exclude<T[Name], undefined> };
}

const PULLED_WRONG: Problem = {
  ...{ code: 'option', where: '--pulled-at', what: 'is no time', fix: 'write it such as 2026-11-22T09:00:00Z' },
};
