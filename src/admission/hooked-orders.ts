import type { EventRow } from '../event/event.ts';
import type { JournalRecord } from '../store/journal.ts';
import type { Context } from './context.ts';
import type { Draft } from './normalise.ts';

/** Was the order told by a provider's webhook, which no visitor sent? */
export function isHooked({ kind, door }: Pick<JournalRecord, 'kind' | 'door'>): boolean {
  return kind === 'order' && door.startsWith('webhook:');
}

/**
 * An order that a webhook is the first to tell, with what the newest event of its visitor knows of them: identifiers,
 * page, consent, session and ad. The webhook's own context is a machine's. Of a visitor whom nobody knows it has none.
 */
export function withVisitor<T extends Draft>(draft: T, { working }: Context): T {
  const known = draft.visitor === undefined ? undefined : working.contextOf(draft.visitor);
  const said = draft.visitor !== undefined && working.isRefuser(draft.visitor) ? 'denied' : known?.consent;
  const { ad: _ad, app: _app, limitedDataUse: _limited, ...order } = draft;
  const session = draft.session ?? known?.session;
  return {
    ...(order as T),
    personal: known?.personal ?? null,
    consent: said ?? 'unknown',
    ...(session === undefined ? {} : { session }),
    ...(known?.ad === undefined ? {} : { ad: known.ad }),
    ...(known?.limitedDataUse === undefined ? {} : { limitedDataUse: known.limitedDataUse }),
  };
}

/**
 * A webhook's word of an order that somebody has told. Few providers tell all that the spec requires of a Purchase, and
 * what the order has already is not missing.
 */
export function asAddition<T extends Draft>(draft: T): T {
  return { ...draft, problems: draft.problems.filter(({ code }) => code !== 'parameter_missing') };
}

/** What a webhook may say of an order that a page or server told: its value, and its contents where nobody told any. */
export function wordOfHook(draft: Draft, known: EventRow): Draft {
  const { contents, order_id } = draft.properties;
  const isNews = contents !== undefined && known.properties['contents'] === undefined;
  const { visitor: _visitor, session: _session, ad: _ad, app: _app, limitedDataUse: _limited, ...order } = draft;
  return {
    ...order,
    personal: null,
    consent: 'unknown',
    properties: {
      ...(order_id === undefined ? {} : { order_id }),
      ...(isNews && known.properties['content_ids'] === undefined ? { contents } : {}),
    },
  };
}
