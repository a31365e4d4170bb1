import { type Static, Type } from 'typebox';
import { choice, list, section, text } from './fields.ts';

export type WrittenEvent = Static<typeof EVENT>;

export const EVENT = section(
  {
    legs: choice(
      ['hybrid', 'pixel', 'api'],
      'How TikTok hears of it: from the page and from our server, or from one of them.',
      'hybrid',
    ),
    require: list(
      text('property', 'A parameter.'),
      'Parameters that must be there. Without them the event is quarantined, not sent.',
      [],
    ),
    optional: list(
      text('property', 'A parameter.'),
      'Parameters worth having. Their absence is reported, nothing more.',
      [],
    ),
    guarded: Type.Optional(
      Type.Boolean({
        description:
          'The page may fire its pixel only after TikTok has our copy. On for Purchase, Lead, CompleteRegistration and Subscribe unless you say otherwise.',
      }),
    ),
    oncePer: list(
      text('property', 'session, visitor or a parameter.'),
      'What makes two of these the same: a repeat within the time below is not counted.',
      [],
    ),
    within: text('duration', 'How long a repeat counts as the same.', '30m'),
    zeroValue: choice(['allow', 'quarantine'], 'What happens to an event worth nothing.', 'allow'),
    confirm: choice(
      ['none', 'server', 'webhook'],
      'Who must confirm the order before TikTok hears of it: nobody, your server, or the payment provider.',
      'none',
    ),
    confirmAt: choice(
      ['paidInFull', 'firstPayment'],
      'How much must be paid for the order to be confirmed.',
      'paidInFull',
    ),
    confirmWithin: text(
      'duration',
      'How long we wait for the confirmation. Then the order is reported and not sent.',
      '14d',
    ),
    delay: text('duration', 'How long we wait after the confirmation before sending.', '0s'),
    timeOf: choice(
      ['act', 'confirmed'],
      'The time TikTok is told: when the visitor acted, or when the order was confirmed.',
      'act',
    ),
    precedence: list(
      choice(['webhook', 'server', 'browser'], 'A source.'),
      'Whom our books believe when the sources disagree, the most trusted first.',
      ['webhook', 'server', 'browser'],
      { minItems: 1 },
    ),
    orphans: choice(
      ['book', 'send'],
      'Payments without an order, such as a sale by phone: keep them in the books, or also send them.',
      'book',
    ),
    renewals: choice(
      ['book', 'send'],
      'Events that no visitor caused, such as the renewal of a subscription: keep them in the books, or also send them.',
      'send',
    ),
    refunds: choice(
      ['book', 'send'],
      'Refunds of a Purchase: keep them in the books, or also tell TikTok of each as a custom event Refund. TikTok has no refunds: its Purchase stays as it is.',
      'book',
    ),
  },
  'The rules of one event.',
);

/** Required parameters of the events that most shops have; a file overrides them by name and field. */
export const EVENTS_DEFAULT = {
  ViewContent: { require: ['content_id', 'content_type', 'page_category'], oncePer: ['session', 'content_id'] },
  AddToCart: { require: ['content_id', 'quantity', 'value', 'currency'], zeroValue: 'quarantine' },
  InitiateCheckout: {
    require: ['num_items', 'value', 'currency', 'step'],
    optional: ['coupon'],
    oncePer: ['session', 'step'],
  },
  Purchase: {
    require: ['order_id', 'value', 'currency', 'contents'],
    confirm: 'webhook',
    delay: '5s',
    renewals: 'book',
  },
};
