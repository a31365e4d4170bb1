import { plainAmount } from '../../event/plain-amount.ts';
import type { Problem } from '../../event/problem.ts';

// Ads Manager writes a dash where it has nothing to say.
const NOTHING = new Set(['', '-']);

/** A count; undefined where there is none. What can't be read is a problem of the field. */
export function countCell(cell: string, where: string, problems: Problem[]): number | undefined {
  if (NOTHING.has(cell)) return undefined;
  const digits = /^(\d{1,15}|\d{1,3}(?:,\d{3}){1,4})(?:\.0{1,6})?$/.exec(cell)?.[1];
  if (digits !== undefined) return Number(digits.replaceAll(',', ''));
  problems.push({ code: 'count', where, what: 'is no count', fix: 'write whole digits, such as 1200' });
  return undefined;
}

/** An amount as digits with a point, likewise. A comma alone may mean two things, and is not taken. */
export function amountCell(cell: string, where: string, problems: Problem[]): string | undefined {
  if (NOTHING.has(cell)) return undefined;
  if (/^\d{1,15}(?:\.\d{1,10})?$/.test(cell)) return cell;
  if (/^\d{1,3}(?:,\d{3}){1,4}\.\d{1,10}$/.test(cell)) return cell.replaceAll(',', '');
  const meant = plainAmount(cell)?.amount;
  problems.push({
    ...{ code: 'amount', where, what: 'is no amount' },
    fix: `write digits with a point, without the currency, such as ${meant !== undefined && !meant.startsWith('-') ? meant : '1299.00'}`,
  });
  return undefined;
}
