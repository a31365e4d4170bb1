import type { JsonObject } from '../event/event.ts';
import { cleanProperties } from './clean.ts';

/** The properties that an element's `data-assay-*` attributes hold. One without a value is none. */
export function attributesOf(element?: { dataset: DOMStringMap } | null): JsonObject {
  const properties: JsonObject = {};
  for (const name in element?.dataset) {
    const value = element.dataset[name];
    // `data-assay-content_id` is `assayContent_id` here.
    const key = name.split('assay')[1]?.toLowerCase();
    // Anything but these stays text, as ids must.
    if (key && value) properties[key] = (/^(value|price|quantity|num_items)$/.test(key) && +value) || value;
  }
  return cleanProperties(properties);
}
