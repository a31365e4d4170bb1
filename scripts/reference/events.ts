import { GUARDED_EVENTS } from '../../src/spec/names.ts';
import {
  APP_EVENTS,
  DROPPED,
  LEGACY,
  PAGEVIEW,
  PIXEL_RENAMED,
  RENAMED,
  STANDARD_EVENTS,
} from '../../src/tiktok/names.ts';
import { CONTENT_KINDS, KINDS } from '../../src/tiktok/parameters.ts';
import { code, page, table } from './markdown.ts';

const KIND_WORDS = {
  id: 'id: text without hidden characters',
  ids: 'list of ids',
  text: 'text',
  number: 'number',
  whole: 'whole number',
  count: 'whole number from 1',
  texts: 'list of texts',
  numbers: 'list of numbers',
  mileage: 'object of value and unit',
};

/** Where a thing happened, which standard events there are, and which other names pass. */
const SOURCES = [
  ['web', 'a page', 'the list below', 'a custom name'],
  ['app', 'an app', 'the app list', 'a custom name'],
  ['offline', 'a store', 'the list below', 'none: only standard events'],
  ['crm', 'a lead’s life', 'the list below', 'any text: Events Manager maps a stage by its name'],
];

export function eventsPage(): string {
  const guarded = new Set(GUARDED_EVENTS);
  return page('Events', 'src/tiktok/names.ts and src/tiktok/parameters.ts', [
    '## Sources',
    table(
      ['source', 'happened in', 'standard events', 'other names'],
      SOURCES.map(([source = '', ...words]) => [code(source), ...words]),
    ),
    `Names are case sensitive. A custom name has at most 50 letters, digits, \`_\` and \`-\`, starts with a letter and ends with a letter or digit. \`${PAGEVIEW}\` is sent by the page’s pixel alone.`,
    '## Standard events: web, offline, CRM',
    table(
      ['event', 'guarded unless the spec says otherwise'],
      STANDARD_EVENTS.map((name) => [code(name), guarded.has(name) ? 'yes' : '']),
    ),
    'The page fires the pixel for a guarded event only after TikTok has our copy.',
    '## Standard events: app',
    APP_EVENTS.map(code).join(', '),
    '## Old names',
    'An old name that is received becomes today’s, with the note `legacy_name` where a destination gets another name than was told. App events were never renamed.',
    table(
      ['received', 'becomes'],
      Object.entries(RENAMED).map(([old, name]) => [code(old), code(name)]),
    ),
    'Names that TikTok’s script of 2024 turned into standard ones become those on web:',
    table(
      ['received', 'becomes'],
      Object.entries(PIXEL_RENAMED).map(([old, name]) => [code(old), code(name)]),
    ),
    `${DROPPED.map(code).join(' and ')} have no successor and keep their names.`,
    'A destination with `eventNames: legacy` gets the old name, by both legs:',
    table(
      ['event', 'is sent as'],
      Object.entries(LEGACY).map(([name, old]) => [code(name), code(old)]),
    ),
    '## Parameters',
    'Parameters that TikTok knows are brought to its form: ids as text, amounts as numbers, blanks left out. Others go along as they are, up to 1,000 characters each; those whose names end in `_id` as ids.',
    parameters(KINDS),
    'A product in `contents`:',
    parameters(CONTENT_KINDS),
    '`value` and `currency` go together. The value is in major units: 59.90 for euros, 5990 for yen.',
  ]);
}

function parameters(kinds: typeof KINDS): string {
  const byKind = Map.groupBy(Object.entries(kinds), ([, kind]) =>
    typeof kind === 'string' ? KIND_WORDS[kind] : `one of ${kind.map(code).join(', ')}`,
  );
  return table(
    ['form', 'parameters'],
    [...byKind].map(([words, entries]) => [
      words,
      entries
        .map(([name]) => code(name))
        .sort()
        .join(', '),
    ]),
  );
}
