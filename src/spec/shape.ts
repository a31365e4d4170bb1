import { type Static, type TSchema, Type } from 'typebox';
import { ROUNDING_MODES } from '../event/decimal.ts';
import { choice, count, isMandatory, list, map, nullable, section, share, text } from './fields.ts';
import { EVENT, EVENTS_DEFAULT } from './shape-event.ts';

/** The tracking spec as people write it, every default filled in. */
export type TrackingFile = Static<typeof TRACKING_FILE>;

const DESTINATION = section(
  {
    id: text('id', 'Your name for it.'),
    pixel: text('pixel', 'Pixel code from Events Manager.'),
    token: text(
      'token',
      'The environment variable with the access token, as env:NAME. The token itself never stands in this file.',
    ),
    eventNames: choice(
      ['current', 'legacy'],
      "Today's event names (Purchase), or those from before 2025 (CompletePayment).",
      'current',
    ),
    crmEventSet: nullable(text('digits', 'CRM event set id, in quotes.'), 'Where lead statuses go.'),
    offlineEventSet: nullable(text('digits', 'Offline event set id, in quotes.'), 'Where sales in a store go.'),
    appId: nullable(text('digits', 'TikTok App ID, in quotes.'), 'Where app events go.'),
    testCode: nullable(
      text('testCode', 'Code from Test Events.'),
      'Marks everything sent as a test. Remove it before you go live.',
    ),
  },
  'A TikTok pixel and the event sets that belong to it.',
);

const FREEZE = section(
  {
    until: text('date', 'The first day on which changes are allowed again.'),
    because: text('text', 'Why, for whoever wants to change something.'),
    what: list(
      text('section', 'A section or field.'),
      'What must not change, such as attribution or leads.ladder.',
      undefined,
      { minItems: 1 },
    ),
  },
  'A time in which parts of this file must not change.',
);

const CRM_STATUSES = map(
  'crmStatus',
  text('status', 'One of your statuses.'),
  'What the words of the CRM mean, such as salesqualifiedlead: qualified.',
  {},
);

const CRM = section(
  {
    hubspot: section(
      {
        property: text('crmProperty', 'The property whose values are the words below.', 'lifecyclestage'),
        statuses: CRM_STATUSES,
      },
      'HubSpot.',
    ),
    pipedrive: section({ statuses: CRM_STATUSES }, 'Pipedrive.'),
  },
  'What a lead’s status in a CRM is called here.',
);

const JSON_VALUE = Type.Unknown({ 'x-kind': 'json' });

export const TRACKING_FILE = section(
  {
    assay: Type.Literal(1, { description: 'Version of this file format.' }),
    business: section(
      {
        id: text('id', "Short name; the start of every order's event id. Never change it."),
        name: text('text', 'The name people read.'),
        country: text('country', 'Home country: how phone numbers without a country code are read.'),
        currency: text('currency', 'Currency of your books.'),
        timezone: text('timezone', 'Time zone in which your days begin.'),
      },
      'Whose conversions these are.',
    ),
    sites: section(
      {
        origins: list(
          text('origin', 'A web address without a path.'),
          'Where your pages are: only they may send events from a browser.',
        ),
        domains: Type.Optional(
          list(
            text('host', 'A host name.'),
            'All hosts of the visit, the payment page included. Without it, the hosts of the origins.',
          ),
        ),
        urlParameters: list(
          text('urlParameter', 'A parameter.'),
          'Parameters of a page address that are kept. All others are cut off, because they may hold personal data.',
          ['utm_*', 'ttclid', 'q'],
        ),
      },
      'Your web pages.',
    ),
    destinations: list(DESTINATION, 'Where conversions are sent.', undefined, { minItems: 1 }),
    consent: section(
      {
        mode: choice(['required', 'none'], 'Whether a visitor must agree before anything is sent for ads.', 'required'),
        ads: text('status', 'The consent category that covers ads in your banner.', 'marketing'),
      },
      'What visitors must agree to.',
    ),
    events: map(
      'eventName',
      EVENT,
      'Rules by event name. What you do not mention keeps its default.',
      EVENTS_DEFAULT,
      true,
    ),
    leads: section(
      {
        events: map('status', text('eventName', 'An event.'), 'Which event TikTok gets when a lead reaches a status.', {
          new: 'SubmitApplication',
          qualified: 'Lead',
          approved: 'ApplicationApproval',
        }),
        ladder: map(
          'status',
          nullable(text('money', 'An amount.'), 'An amount, or null for none.'),
          'What a lead is worth at each status.',
          {},
        ),
        values: choice(
          ['replace', 'add'],
          'Whether the value of a step replaces the earlier one in our books, or is added.',
          'replace',
        ),
        crm: CRM,
      },
      'From a form to a customer.',
    ),
    money: section(
      {
        rounding: choice(ROUNDING_MODES, 'How amounts are rounded to whole cents.', 'half-even'),
        unsupportedCurrency: choice(
          ['convert', 'drop', 'send'],
          'For a currency that TikTok does not take: convert to yours, send without a value, or send as it is.',
          'convert',
        ),
        rates: Type.Union(
          [
            text('rateFile', 'A file with the columns currency, rate, date.'),
            map('currency', text('rate', 'Rate and date.'), 'Rates by currency, such as UYU: "0.023 2026-11-01".'),
          ],
          { description: 'What one unit of another currency is worth in yours, and since when.', default: {} },
        ),
        contentsTolerance: share(
          'How far a value may be from the sum of its products before it is reported. Shipping, tax and vouchers explain small differences.',
          '1%',
        ),
      },
      'How amounts are read.',
    ),
    taxonomy: map(
      'property',
      list(text('text', 'A value.'), 'The values that this parameter may have. Any other is reported, nothing more.'),
      'Your own words for parameters such as page_category and step. A parameter that is not listed may have any value.',
      {},
    ),
    pairWithin: text(
      'duration',
      'How far apart the same act may arrive from page and server and still be one event.',
      '10m',
    ),
    attribution: section(
      {
        click: text('duration', 'How long after a click a conversion is credited to it.', '7d'),
        engagedView: text('duration', 'The same after an engaged view.', '1d'),
        view: text('duration', 'The same after a view.', '1d'),
        precedence: list(
          choice(['click', 'engagedView', 'view'], 'A kind of touch.'),
          'Which touch wins, the strongest first.',
          ['click', 'engagedView', 'view'],
          { minItems: 1 },
        ),
        match: list(
          choice(['ttclid', 'visitor', 'external_id', 'email', 'phone'], 'An identifier.'),
          'What joins a touch and a conversion, the surest first.',
          ['ttclid', 'visitor', 'external_id', 'email', 'phone'],
          { minItems: 1 },
        ),
        conversions: list(
          text('eventName', 'An event.'),
          'The events that are conversions: each is credited to the touches before it.',
          ['Purchase', 'Lead', 'CompleteRegistration', 'Subscribe', 'SubmitApplication', 'ApplicationApproval'],
          { minItems: 1 },
        ),
        model: choice(
          ['last', 'first', 'linear', 'position', 'decay', 'markov', 'shapley'],
          'How the touches of one conversion share it.',
          'last',
        ),
        count: choice(
          ['every', 'once'],
          'Whether a touch earns every conversion of one name, or only the first.',
          'every',
        ),
        halfLife: text('duration', 'With the model decay: in this time the weight of a touch halves.', '7d'),
        basis: choice(
          ['touch', 'conversion'],
          'The day under which a credited conversion is shown: that of the touch, or its own.',
          'conversion',
        ),
        timezone: nullable(
          text('timezone', 'An IANA name, such as Europe/Berlin.'),
          'The time zone of the ad account, in which its days are counted; that of the business where it is null.',
        ),
        sharedBy: count(
          'An identifier that more visitors than this came with, such as the address of a shop’s tablet, ties none of them.',
          10,
          1000,
        ),
      },
      'Which ad gets the credit.',
    ),
    viewThrough: section(
      {
        marketing: share('Share counted in the marketing book.', '100%'),
        finance: share('Share counted in the cash book.', '0%'),
      },
      'How much a conversion counts whose ad was only seen.',
    ),
    freeze: nullable(FREEZE, 'Keeps parts of this file as they are during a test.'),
    pages: list(
      section(
        { match: text('path', 'Path with * for any text.'), event: text('eventName', 'The event.') },
        'One kind of page.',
      ),
      'Events that a page view stands for.',
      [],
    ),
    delivery: section(
      {
        linger: text('duration', 'How long events gather before a request leaves.', '1s'),
        firstRetry: text('duration', 'Wait before the second attempt.', '1s'),
        factor: Type.Number({
          minimum: 1,
          maximum: 10,
          default: 2,
          description: 'How much longer each wait is than the one before.',
        }),
        ceiling: text('duration', 'The longest wait between two attempts.', '15m'),
        giveUp: text('duration', 'When we stop trying. Before TikTok could count a repeat as new.', '40h'),
        merge: text('duration', "How long we trust TikTok to merge the page's copy and ours.", '4m'),
        drop: text('duration', 'How long we trust TikTok to drop a repeat. It forgets after 48h.', '47h'),
        keep: text(
          'duration',
          'How long events that bring no money wait for a destination that is ill, while no copy of them is out.',
          '24h',
        ),
        warnAge: text('duration', 'Older events are reported.', '7d'),
        maxAge: text('duration', 'Older events are not sent: TikTok looks at 28 days.', '28d'),
        clockTolerance: text(
          'duration',
          "How wrong a sender's clock may be. Beyond that, its times are corrected by it.",
          '30s',
        ),
        freeKeys: Type.Boolean({
          default: true,
          description: 'Tell TikTok where an event came from, as source and origin.',
        }),
        batch: count('Events in one request, at most.', 1000, 1000),
        atOnce: count('Requests under way to one destination at once, at most.', 32, 256),
        rate: section(
          {
            start: count('What a destination begins with, until it has shown that it takes more.', 50, 100_000),
            max: count('What it never exceeds. TikTok publishes 1,000 for each developer app.', 900, 100_000),
          },
          'Requests per second to one destination. How many it takes between the two is learned from its answers.',
        ),
      },
      'How sending and repeating works.',
    ),
    health: section(
      {
        duplicates: section(
          {
            warn: share('Share of repeats that is worth a look.', '1%'),
            fail: share('Share of repeats that is a fault.', '3%'),
          },
          'Repeats among the events received.',
        ),
        sourceBalance: section(
          { min: share('Least share of events that page and server must both report.', '70%') },
          'Do page and server tell the same story?',
        ),
      },
      'When to worry.',
    ),
    retention: section(
      {
        personal: text('duration', 'How long hashes, addresses and page URLs are kept.', '30d'),
        journal: text('duration', 'How long the record of everything received is kept.', '400d'),
      },
      'How long things are kept. Order and lead numbers stay for ever.',
    ),
    scenarios: list(
      section(
        {
          name: text('text', 'What is tried.'),
          given: Type.Array(JSON_VALUE, { description: 'What happens, step by step.', maxItems: 200 }),
          expect: Type.Unknown({ 'x-kind': 'json', description: 'What TikTok should count.' }),
        },
        'One example.',
      ),
      'Examples that must come out as you expect.',
      [],
    ),
  },
  'Tracking spec of Assay: what is counted, how, and for whom.',
);

/** JSON Schema of the file, for editors: what has a default need not be written. */
export function jsonSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Assay tracking spec',
    ...forEditors(TRACKING_FILE),
  };
}

function forEditors(schema: unknown): object {
  if (Array.isArray(schema))
    return schema.map((part) => (typeof part === 'object' && part !== null ? forEditors(part) : part));
  const { properties } = schema as { properties?: Record<string, TSchema> };
  const parts = Object.entries(schema as object).map(([key, part]) => {
    if (key === 'required' && properties)
      return [key, Object.keys(properties).filter((name) => isMandatory(properties[name] as TSchema))];
    return [key, typeof part === 'object' && part !== null && key !== 'default' ? forEditors(part) : part];
  });
  return Object.fromEntries(parts) as object;
}
