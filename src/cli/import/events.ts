import type { WireEvent } from '../../api/wire.ts';
import type { Io } from '../io.ts';
import { PERSON, type Places } from './columns.ts';
import { type ImportOptions as Common, importRows, type Subject } from './run.ts';
import { type Defaults, eventOfCells, eventOfObject } from './told.ts';

export interface ImportOptions extends Common {
  source?: NonNullable<WireEvent['source']>;
  event?: string;
  consent?: 'granted' | 'denied' | 'unknown';
}

/** Brings the events of a file to the import door. 0: all fine, 1: some rows are bad, 2: nothing could be sent. */
export function importEvents(file: string, options: ImportOptions, io: Io): Promise<number> {
  const { source = 'offline', event, consent } = options;
  const defaults = { source, ...(event === undefined ? {} : { event }), ...(consent === undefined ? {} : { consent }) };
  return importRows(file, eventsWith(defaults), options, io);
}

function eventsWith(defaults: Defaults): Subject {
  return {
    list: 'events',
    places: EVENT_PLACES,
    ofCells: (cells, columns) => eventOfCells(cells, columns, defaults),
    ofObject: (object) => eventOfObject(object, defaults),
    idOf(told) {
      const { event_id, properties } = told as WireEvent;
      return String(event_id ?? properties?.['order_id'] ?? '');
    },
    preview(told, id) {
      const { event, time, user, properties = {} } = told as WireEvent;
      const amount = [properties['value'], properties['currency']].filter((part) => part !== undefined).join(' ');
      return [event, id, String(time ?? ''), amount, Object.keys(user ?? {}).join('+')];
    },
    named: [
      { header: 'event', path: ['event'] },
      { header: 'event_id', path: ['event_id'] },
      { header: 'time', path: ['time'] },
      { header: 'order_id', path: ['properties', 'order_id'] },
    ],
  };
}

const TOP = [
  ...['event', 'event_id', 'time', 'source', 'consent', 'visitor', 'session'],
  ...['limited_data_use', 'origin', 'draft'],
];
const PAGE = ['url', 'referrer'];
const PROPERTIES = [
  ...['value', 'currency', 'order_id', 'shop_id', 'coupon', 'status', 'delivery_category'],
  ...['content_id', 'content_ids', 'content_type', 'content_name', 'content_category', 'contents'],
  ...['quantity', 'price', 'num_items', 'brand', 'description', 'query', 'search_string', 'page_category', 'step'],
];
const LEAD = ['lead_id', 'lead_event_source'];

/** The columns of a file of events. */
export const EVENT_PLACES: Places = {
  of: 'an event',
  byName: new Map<string, readonly string[]>([
    ...TOP.map((name) => [name, [name]] as const),
    ...PERSON.map((name) => [name, ['user', name]] as const),
    ...PAGE.map((name) => [name, ['page', name]] as const),
    ...PROPERTIES.map((name) => [name, ['properties', name]] as const),
    ...LEAD.map((name) => [name, ['lead', name]] as const),
  ]),
  sections: ['user', 'page', 'properties', 'app', 'ad', 'lead'],
};
