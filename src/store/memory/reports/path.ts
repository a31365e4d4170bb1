import { TOUCH_KINDS, type TouchFact } from '../../../event/fact.ts';
import { NO_CREDIT } from '../../warehouse.ts';
import { PATH_TOUCHES_AFTER_MAX, PATH_TOUCHES_MAX, type PersonPath } from '../../warehouse-reports.ts';
import type { WarehouseRows } from '../warehouse-rows.ts';

/** All that is known of the person behind a conversion. */
export function personPath(rows: WarehouseRows, number: number, statement: number): PersonPath | undefined {
  const conversion = rows.conversions.get({ conversion: number });
  if (!conversion) return undefined;
  const person = rows.people.get(conversion)?.person ?? conversion.visitor;
  const others = rows.people.all().filter((row) => row.person === person);
  const visitors = [person, ...others.map(({ visitor }) => visitor)].sort();
  const isTheirs = ({ visitor }: { visitor: string }): boolean => visitors.includes(visitor);
  const touches = rows.touches.all().filter(isTheirs).sort(inTime);
  const before = touches.filter(({ occurredAt }) => occurredAt <= conversion.occurredAt);
  const shared = new Set(rows.shared.map(({ kind, value }) => `${kind}\n${value}`));
  const links = Map.groupBy(rows.links.all().filter(isTheirs), ({ kind, value }) => `${kind}\n${value}`);
  return {
    ...{ conversion: { ...conversion }, person, visitors },
    touches: [
      ...before.slice(-PATH_TOUCHES_MAX),
      ...touches.slice(before.length, before.length + PATH_TOUCHES_AFTER_MAX),
    ].map((touch) => ({ ...touch })),
    conversions: rows.conversions
      .all()
      .filter((one) => isTheirs(one) && (one.confirmed || one.conversion === number))
      .sort((a, b) => a.occurredAt - b.occurredAt || a.conversion - b.conversion)
      .slice(-PATH_TOUCHES_MAX)
      .map((one) => ({ conversion: one.conversion, name: one.name, occurredAt: one.occurredAt })),
    ties: [...links]
      .filter(([text, all]) => !shared.has(text) && new Set(all.map(({ visitor }) => visitor)).size > 1)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([, all]) => all.sort((a, b) => a.firstAt - b.firstAt || (a.visitor < b.visitor ? -1 : 1)))
      .map((link) => ({ ...link })),
    credits: (rows.credits.get(statement)?.get(number) ?? []).map(({ touch, kind, why, share, minor, net }) => ({
      ...{ touch, kind: TOUCH_KINDS[kind] ?? null, why: NO_CREDIT[why] ?? null, share, minor, net },
    })),
  };
}

function inTime(a: TouchFact, b: TouchFact): number {
  return a.occurredAt - b.occurredAt || a.touch - b.touch;
}
