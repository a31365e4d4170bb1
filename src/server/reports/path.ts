import type { ConversionPathAnswer } from '../../api/attribution.ts';
import type { MoneyAnswer } from '../../api/books.ts';
import { type Credited, credit } from '../../attribution/credit.ts';
import type { Journey, Touch } from '../../attribution/journey.ts';
import { MODELS, type Policy } from '../../attribution/policy.ts';
import type { IdentifierKind, LinkFact, TouchFact } from '../../event/fact.ts';
import type { Statement } from '../../store/warehouse.ts';
import type { PersonPath } from '../../store/warehouse-reports.ts';
import { moneyAnswer } from './money.ts';
import { conversionSays, touchSays } from './path-says.ts';
import { standOf, statementAnswer } from './statement.ts';

/** Shares of one conversion that differ by less are the same: sums of floats. */
const SAME_SHARE = 1e-9;
/** A hash is evidence by its beginning; whole it would be a contact that others can look up. */
const VALUE_CHARS = 8;

/**
 * A conversion's touches and why each earned what it did, computed again from the facts by the one rule that defines
 * credit. Shares and money are those that the statement keeps; where facts have changed since, the answer says so. What is worth no money is worth
 * nothing in `currency`.
 */
export function pathAnswer(path: PersonPath, statement: Statement, currency: string): ConversionPathAnswer {
  const { conversion } = path;
  const policy: Policy = { ...statement, windows: statement.windows };
  const credited = again(path, statement, policy);
  const kept = new Map(path.credits.filter(({ kind }) => kind !== null).map((row) => [row.touch, row]));
  const money = (minor: bigint): MoneyAnswer => moneyAnswer(minor, conversion.currency || currency);
  return {
    ...standOf(statement),
    statement: statementAnswer(statement),
    conversion: {
      ...{ conversion: conversion.conversion, name: conversion.name, at: conversion.occurredAt },
      ...{ order_id: conversion.orderId, lead_id: conversion.leadId, confirmed: conversion.confirmed },
      ...{ value: money(conversion.minor), net: money(conversion.net) },
    },
    says: conversion.confirmed
      ? conversionSays(credited, policy)
      : 'not counted: what confirms it, such as its payment, has not come',
    touches: path.touches.map((fact) => {
      const touch = touchOf(fact);
      const share = kept.get(fact.touch);
      return {
        ...{ touch: fact.touch, at: fact.occurredAt, kind: fact.kind, source: fact.source, channel: fact.channel },
        ...{
          campaign: fact.campaign ?? fact.campaignId,
          adgroup: fact.adgroup ?? fact.adgroupId,
          ad: fact.ad ?? fact.adId,
        },
        ...{ age: conversion.occurredAt - fact.occurredAt, visitor: fact.visitor },
        share: share?.share ?? 0,
        value: share ? money(share.minor) : null,
        says: touchSays(touch, credited, policy, statement.model),
      };
    }),
    differs: conversion.confirmed && differs(credited, path),
    ties: tiesOf(path.ties),
  };
}

function again(path: PersonPath, { model }: Statement, policy: Policy): Credited {
  const journey: Journey = {
    touches: path.touches.map(touchOf),
    conversions: path.conversions.map((row) => ({ id: idOf(row.conversion), at: row.occurredAt, name: row.name })),
  };
  const known = MODELS.find((one) => one === model) ?? 'last';
  // What channels weigh follows from everybody's journeys; the shares that the statement keeps say it for this one.
  const weights = known === 'markov' ? keptWeights(path) : undefined;
  const all = credit(journey, policy, known, weights);
  const id = idOf(path.conversion.conversion);
  return all.find(({ conversion }) => conversion.id === id) as Credited;
}

function keptWeights({ credits, touches }: PersonPath): Map<string, number> {
  const channels = new Map(touches.map(({ touch, channel }) => [touch, channel]));
  return new Map(credits.map(({ touch, share }) => [channels.get(touch) ?? '', share]));
}

function touchOf({ touch, occurredAt, kind, channel }: TouchFact): Touch {
  return { id: idOf(touch), at: occurredAt, kind, channel };
}

/** Numbers as texts of one length, which are in the numbers' order. */
function idOf(number: number): string {
  return String(number).padStart(16, '0');
}

function differs(credited: Credited, { credits }: PersonPath): boolean {
  const now = new Map(
    credited.kind === null ? [] : credited.shares.map(({ touch, share }) => [Number(touch.id), share] as const),
  );
  const kept = credits.filter(({ kind }) => kind !== null);
  return (
    kept.length !== now.size || kept.some(({ touch, share }) => Math.abs((now.get(touch) ?? 0) - share) > SAME_SHARE)
  );
}

function tiesOf(links: readonly LinkFact[]): ConversionPathAnswer['ties'] {
  return [...Map.groupBy(links, ({ kind, value }) => `${kind}\n${value}`).values()].map((group) => {
    const [{ kind, value }] = group as [LinkFact];
    return {
      kind,
      value: identifierShown(kind, value),
      visitors: group.map(({ visitor, firstAt, seq }) => ({ visitor, at: firstAt, seq })),
    };
  });
}

/** Orders and leads as they are called; a hash in full is nobody’s business. */
export function identifierShown(kind: IdentifierKind, value: string): string {
  if (kind === 'order' || kind === 'lead') return value;
  return value.length > VALUE_CHARS ? `${value.slice(0, VALUE_CHARS)}…` : value;
}
