import type { JsonObject } from '../event/event.ts';
import { leadEvent } from './config.ts';
import { observe } from './observe.ts';
import { randomId } from './random-id.ts';

/** Tells of a new lead and gives its id, which goes along with the form as the hidden field `lead_id`. */
export function tellLead(properties: JsonObject, form?: HTMLFormElement): string {
  // A form that is sent again tells of the same lead.
  const field =
    (form?.elements as { lead_id?: HTMLInputElement } | undefined)?.lead_id ??
    Object.assign(document.createElement('input'), { type: 'hidden', name: 'lead_id' });
  if (!field.form) form?.append(field);
  field.value ||= (properties['lead_id'] as string) || randomId();
  observe(leadEvent, { ...properties, lead_id: field.value }, `${field.value}-new`);
  return field.value;
}
