import type { JsonObject } from '../event/event.ts';

/** A copy as JSON without contacts: those go through `identify`, which hashes them. */
export function cleanProperties(properties: unknown = {}): JsonObject {
  return JSON.parse(
    JSON.stringify(properties, (name, value) =>
      /mail|phone/i.test(name) || /@.+\./.test(value as string) ? undefined : (value as unknown),
    ),
  ) as JsonObject;
}

/** The address without its fragment, without e-mail addresses, and without query values that look like phone numbers. */
export function cleanUrl(href: string): string {
  // Nine digits and more, with what people write between them. Ad ids go, too: the batch has them by themselves.
  return href.replace(/#.*|[^/?&=#]*(@|%40)[^/?&=#]*|=[\dB%+().-]{9,24}(?![^&#])/g, '');
}
