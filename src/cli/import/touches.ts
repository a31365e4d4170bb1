import type { WireTouch } from '../../api/imports.ts';
import { IMPORTED_AD_NAMES } from '../../collection/import-touches.ts';
import type { Problem } from '../../event/problem.ts';
import { isTimeZone } from '../../spec/kinds.ts';
import { type Field, placeFields, readMap, TOUCH_FIELDS } from '../attribute/fields.ts';
import type { Io } from '../io.ts';
import { type BringOptions, type Brought, bringFile, type CellOf, notThere } from './bring.ts';
import { openTimes } from './times.ts';

export interface TouchOptions extends BringOptions {
  /** of times that name none */
  zone: string;
}

/** Brings contact with ads that was seen elsewhere. 0: all of it is in, 1: a part of it, 2: nothing could be sent. */
export function importTouches(file: string, options: TouchOptions, io: Io): Promise<number> {
  return bringFile(file, touchFile(options), options, io);
}

const sameAs = (name: string): readonly string[] => TOUCH_FIELDS.find((field) => field.name === name)?.aliases ?? [];

const WHO: readonly Field[] = [
  { name: 'visitor', aliases: ['visitor_id', 'user', 'user_id', 'person'] },
  { name: 'session', aliases: ['session_id'] },
  { name: 'external_id', aliases: ['customer_id'] },
  { name: 'email', aliases: ['e_mail', 'sha256_email'] },
  { name: 'phone', aliases: ['phone_number', 'sha256_phone_number'] },
  { name: 'ttclid', aliases: ['click_id'] },
];

const AD_ALIASES: Readonly<Record<string, readonly string[]>> = {
  campaign_name: ['campaign'],
  adgroup_id: ['ad_group_id'],
  adgroup_name: ['ad_group_name', 'adgroup', 'ad_group'],
  ad_name: ['ad'],
};

const IMPORTED_TOUCH_FIELDS: readonly Field[] = [
  { name: 'time', aliases: [...sameAs('time'), 'click_time'], needed: true },
  { name: 'type', aliases: sameAs('type') },
  ...WHO,
  ...IMPORTED_AD_NAMES.map((name) => ({ name, aliases: AD_ALIASES[name] ?? [] })),
];

/** How its rows are read. */
export function touchFile({ map, zone }: Pick<TouchOptions, 'map' | 'zone'>): Brought {
  return {
    ...{ list: 'touches', path: '/v1/imports/touches' },
    begin(headers) {
      const { mapped, problems } = readMap(map, IMPORTED_TOUCH_FIELDS);
      if (!isTimeZone(zone)) problems.push(ZONE_WRONG);
      const placed = placeFields(headers, mapped, IMPORTED_TOUCH_FIELDS);
      problems.push(...notThere(mapped, headers), ...placed.problems);
      if (problems.length === 0 && !WHO.some(({ name }) => placed.places.has(name)))
        problems.push({
          ...{ code: 'column', where: 'header', what: 'has no column that says who it was' },
          fix: `name one ${WHO.map(({ name }) => name).join(', ')}, or say which it is with --map`,
        });
      if (problems.length > 0) return { ok: false, problems };
      const times = openTimes(zone);
      return {
        ok: true,
        value: {
          places: placed.places,
          read(cell) {
            const found: Problem[] = [];
            const type = kindOf(cell('type'), found);
            const at = times.read(cell('time'), 'time', found);
            if (at === undefined || type === undefined) return { ok: false, problems: found };
            return { ok: true, value: wireOf(type, at, cell) };
          },
        },
      };
    },
  };
}

function kindOf(cell: string, problems: Problem[]): WireTouch['type'] | undefined {
  switch (cell.toLowerCase().replace(/[-_ ]/g, '')) {
    case '':
    case 'click':
      return 'click';
    case 'engagedview':
      return 'engaged_view';
    case 'view':
      return 'view';
    default:
      problems.push({
        ...{ code: 'type', where: 'type', what: 'is no kind of contact' },
        fix: 'write click, engaged_view or view',
      });
      return undefined;
  }
}

function wireOf(type: WireTouch['type'], at: number, cell: CellOf): WireTouch {
  const filled = (names: readonly string[]): Record<string, string> =>
    Object.fromEntries(names.map((name) => [name, cell(name)] as const).filter(([, text]) => text !== ''));
  return {
    ...{ type, time: new Date(at).toISOString() },
    ...filled(['visitor', 'session']),
    user: filled(['external_id', 'email', 'phone', 'ttclid']),
    ad: filled(IMPORTED_AD_NAMES),
  };
}

export const ZONE_WRONG: Problem = {
  ...{ code: 'option', where: '--zone', what: 'is no time zone', fix: 'write one such as Europe/Berlin' },
};
