import { Type } from 'typebox';
import type { AdImport, WireAdRow } from '../api/imports.ts';
import { looksLikeContact } from '../contacts/scrub.ts';
import { AD_BASES, AD_LEVELS } from '../event/ad-report.ts';
import type { JsonObject } from '../event/event.ts';
import { type MoneyText, money, moneyText } from '../event/money.ts';
import type { Parsed, Problem } from '../event/problem.ts';
import type { ToldAdReport } from '../event/told.ts';
import { isTimeZone } from '../spec/kinds.ts';
import type { NewRecord } from '../store/journal.ts';
import { IMPORT_ROWS_MAX, importTime, rowsOf, TIME_TEXT } from './import-rows.ts';
import { parser } from './schemas.ts';

const id = Type.String({ pattern: '^[\\w-]{1,64}$' });
const amount = Type.String({ pattern: '^\\d{1,15}(?:\\.\\d{1,10})?$' });
const count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const row = Type.Object({
  level: Type.Union(AD_LEVELS.map((level) => Type.Literal(level))),
  id,
  name: Type.Optional(Type.String({ maxLength: 600 })),
  campaign_id: Type.Optional(id),
  adgroup_id: Type.Optional(id),
  day: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$' }),
  basis: Type.Union(AD_BASES.map((basis) => Type.Literal(basis))),
  currency: Type.String({ pattern: '^[A-Z]{3}$' }),
  ...{ spend: amount, impressions: count, clicks: count, conversions: count },
  value: Type.Optional(amount),
  click_conversions: Type.Optional(count),
  engaged_view_conversions: Type.Optional(count),
  view_conversions: Type.Optional(count),
  click_value: Type.Optional(amount),
  engaged_view_value: Type.Optional(amount),
  view_value: Type.Optional(amount),
  timezone: Type.Optional(Type.String({ maxLength: 64 })),
  pulled_at: TIME_TEXT,
});

const adImport = Type.Object({ rows: Type.Array(row, { minItems: 1, maxItems: IMPORT_ROWS_MAX }) });

const readRows = parser(adImport);

/** What the reading of a row needs beside it. */
export interface AdAround {
  /** IANA name, of rows that name none */
  timezone: string;
  /** UTC ms */
  receivedAt: number;
}

/** The records of report rows; `where` of a problem is such as `rows.3.day`. */
export function adRecords(input: unknown, around: AdAround): Parsed<NewRecord[]> {
  const parsed = readRows(input);
  if (!parsed.ok) return parsed;
  return rowsOf('rows', (parsed.value as AdImport).rows, (one) => readAdRow(one, around));
}

/** One row of a report. `where` of a problem is a field of the row. */
function readAdRow(told: WireAdRow, { timezone, receivedAt }: AdAround): Parsed<NewRecord> {
  const problems: Problem[] = [];
  const complain = (where: string, what: string, fix: string): void =>
    void problems.push({ code: 'body_shape', where, what, fix });
  if (!isDay(told.day)) complain('day', 'is no day', 'write it such as 2026-08-01');
  if (told.timezone !== undefined && !isTimeZone(told.timezone))
    complain('timezone', 'is no time zone', 'write a name of the IANA list, such as Europe/Berlin');
  const pulledAt = importTime(told.pulled_at, receivedAt, 'pulled_at', problems) ?? 0;
  const amountOf = (major: string): MoneyText | undefined => {
    // Ads Manager counts in finer units than some currencies have.
    const read = money(major, told.currency, 'half-even');
    return read && moneyText(read);
  };
  const spend = amountOf(told.spend);
  if (spend === undefined) complain('currency', 'is none that ISO 4217 lists', 'write its code, such as EUR');
  if (problems.length > 0 || spend === undefined) return { ok: false, problems };
  const body: ToldAdReport = {
    ...{ level: told.level, id: told.id, day: told.day, basis: told.basis, timezone: told.timezone ?? timezone },
    ...{ spend, impressions: told.impressions, clicks: told.clicks, conversions: told.conversions, pulledAt },
    ...some({
      // What somebody wrote may be anything; an id stays, whatever its name was.
      name: told.name === undefined || looksLikeContact(told.name) ? undefined : told.name,
      campaignId: told.campaign_id,
      adgroupId: told.adgroup_id,
      clickConversions: told.click_conversions,
      engagedViewConversions: told.engaged_view_conversions,
      viewConversions: told.view_conversions,
    }),
    ...some({
      value: told.value && amountOf(told.value),
      clickValue: told.click_value && amountOf(told.click_value),
      engagedViewValue: told.engaged_view_value && amountOf(told.engaged_view_value),
      viewValue: told.view_value && amountOf(told.view_value),
    }),
  };
  return {
    ok: true,
    value: {
      ...{ kind: 'adReport', door: 'import', keyId: '', receivedAt },
      ...{ body: body as unknown as JsonObject, personal: null },
    },
  };
}

function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/** What is known of it. */
function some<T extends object>(fields: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== '')) as {
    [Name in keyof T]?: Exclude<T[Name], undefined>;
  };
}
