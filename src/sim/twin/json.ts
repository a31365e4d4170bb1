import type { Json, JsonObject } from '../../event/event.ts';

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object at `key`, or an empty one. */
export function objectAt(value: JsonObject | undefined, key: string): JsonObject {
  const found = value?.[key];
  return isObject(found) ? found : {};
}

/** The text at `key`; undefined when it is missing, blank or no text. */
export function textAt(value: JsonObject, key: string): string | undefined {
  const found = value[key];
  return typeof found === 'string' && found.trim() !== '' ? found : undefined;
}

/** One text or a list of texts, always as a list. */
export function textsAt(value: JsonObject, key: string): string[] {
  const found = value[key];
  const list = Array.isArray(found) ? found : [found];
  return list.filter((entry) => typeof entry === 'string');
}

/** Parsed JSON; undefined when the text is none. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** The object without the keys whose value is undefined. */
export function defined(value: Record<string, Json | undefined>): JsonObject {
  const out: JsonObject = {};
  for (const [key, entry] of Object.entries(value)) if (entry !== undefined) out[key] = entry;
  return out;
}
