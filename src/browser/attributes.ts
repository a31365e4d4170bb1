import type { JsonObject } from '../event/event.ts';
import { cleanProperties } from './clean.ts';

/** Numbers of an event; anything else stays text, as ids must. */
const NUMBER = /^(value|price|quantity|num_items)$/;

/** The properties that an element's `data-assay-*` attributes hold. One without a value is none. */
export function attributesOf(element?: { dataset: DOMStringMap } | null): JsonObject {
  const properties: JsonObject = {};
  const { dataset } = element ?? {};
  for (const name in dataset) {
    // `data-assay-content_id` is `assayContent_id` here.
    const key = name.split('assay')[1]?.toLowerCase();
    const value = dataset[name];
    if (key && value) properties[key] = (NUMBER.test(key) && +value) || value;
  }
  return cleanProperties(properties);
}
