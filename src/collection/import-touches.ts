import { createHash } from 'node:crypto';
import { Type } from 'typebox';
import type { TouchImport, WireTouch } from '../api/imports.ts';
import { hashContacts } from '../contacts/contacts.ts';
import { isContactId } from '../contacts/scrub.ts';
import type { JsonObject, MatchKeys } from '../event/event.ts';
import type { TouchKind } from '../event/fact.ts';
import type { Parsed, Problem } from '../event/problem.ts';
import type { ToldTouch } from '../event/told.ts';
import type { NewRecord } from '../store/journal.ts';
import { IMPORT_ROWS_MAX, importTime, rowsOf, TIME_TEXT } from './import-rows.ts';
import { parser } from './schemas.ts';
import { adText, MACRO } from './touches.ts';
import { isUsableId } from './usable.ts';

/** What an imported touch may say of its ad. */
export const IMPORTED_AD_NAMES = [
  ...['campaign_id', 'campaign_name', 'adgroup_id', 'adgroup_name', 'ad_id', 'ad_name', 'placement'],
  ...['utm_source', 'utm_medium', 'utm_campaign', 'utm_content', 'utm_term', 'utm_id'],
];

const id = Type.String({ maxLength: 512 });
const text = Type.Optional(Type.String({ maxLength: 4096 }));
const touch = Type.Object({
  type: Type.Union([Type.Literal('click'), Type.Literal('engaged_view'), Type.Literal('view')]),
  time: TIME_TEXT,
  visitor: Type.Optional(id),
  session: Type.Optional(id),
  user: Type.Optional(Type.Object({ external_id: text, email: text, phone: text, ttclid: text })),
  ad: Type.Optional(Type.Object(Object.fromEntries(IMPORTED_AD_NAMES.map((name) => [name, text])))),
});

const touchImport = Type.Object({
  touches: Type.Array(touch, { minItems: 1, maxItems: IMPORT_ROWS_MAX }),
});

const readTouches = parser(touchImport);

/** What the reading of a row needs beside it. */
export interface TouchAround {
  /** ISO 3166, of phone numbers without a country code */
  region: string;
  /** UTC ms */
  receivedAt: number;
}

export interface TouchRead {
  record: NewRecord;
  /** contacts that are none, and were left out */
  leftOut: number;
}

/** The records of imported touches; `where` of a problem is such as `touches.3.time`. */
export function touchRecords(input: unknown, around: TouchAround): Parsed<TouchRead[]> {
  const parsed = readTouches(input);
  if (!parsed.ok) return parsed;
  return rowsOf('touches', (parsed.value as TouchImport).touches, (row) => readTouch(row, around));
}

/** One imported touch. `where` of a problem is a field of the row. */
function readTouch(row: WireTouch, { region, receivedAt }: TouchAround): Parsed<TouchRead> {
  const problems: Problem[] = [];
  const time = importTime(row.time, receivedAt, 'time', problems);
  for (const name of ['visitor', 'session'] as const)
    if (row[name] !== undefined && !isUsableId(row[name]))
      problems.push({
        code: 'body_shape',
        where: name,
        what: 'is no id',
        fix: 'send an id of your own, nobody’s address',
      });
  const { user, problems: bad } = hashContacts(row.user, { region });
  if (user.ttclid !== undefined && (MACRO.test(user.ttclid) || isContactId(user.ttclid))) delete user.ttclid;
  const known = [row.visitor, ...Object.values(user)].some((one) => one !== undefined);
  if (!known)
    problems.push({
      ...{ code: 'body_shape', where: 'visitor', what: 'is missing, and nothing else says who it was' },
      fix: 'fill one of visitor, external_id, email, phone, ttclid',
    });
  if (problems.length > 0 || time === undefined) return { ok: false, problems };
  const ad = adOf(row.ad ?? {});
  const type = KINDS[row.type];
  const body: ToldTouch = {
    ...{ touch: touchId({ type, time, row, user, ad }), type, time },
    ...(row.visitor === undefined ? {} : { visitor: row.visitor }),
    ...(row.session === undefined ? {} : { session: row.session }),
    ...(Object.keys(ad).length > 0 ? { ad } : {}),
  };
  const record: NewRecord = {
    ...{ kind: 'touch', door: 'import', keyId: '', receivedAt },
    ...{ body: body as unknown as JsonObject, personal: Object.keys(user).length > 0 ? { user } : null },
  };
  return { ok: true, value: { record, leftOut: bad.length } };
}

const KINDS: Record<WireTouch['type'], TouchKind> = { click: 'click', engaged_view: 'engagedView', view: 'view' };

/** What makes two rows the same contact: names may be mended, who, when and which ad may not. */
function touchId(of: { type: TouchKind; time: number; row: WireTouch; user: MatchKeys; ad: JsonObject }): string {
  const { type, time, row, user, ad } = of;
  const who = [row.visitor, row.session, user.ttclid, user.external_id, user.email, user.phone];
  const what = [ad['campaign_id'], ad['adgroup_id'], ad['ad_id'], ad['utm_source'], ad['utm_campaign']];
  const digest = createHash('sha256').update(JSON.stringify([type, time, ...who, ...what]));
  // The time in front keeps what is imported together in one place of the ledger.
  return `import-${time.toString(36).padStart(9, '0')}-${digest.digest('hex').slice(0, 24)}`;
}

function adOf(told: Record<string, string>): JsonObject {
  const ad: JsonObject = {};
  for (const name of IMPORTED_AD_NAMES) {
    const kept = adText(name, told[name]?.trim() ?? '');
    if (kept !== undefined) ad[name] = kept;
  }
  return ad;
}
