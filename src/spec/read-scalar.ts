import type { TSchema } from 'typebox';
import { isMap, isScalar, isSeq } from 'yaml';
import type { Keywords } from './fields.ts';
import { KINDS, type KindName, quoted } from './kinds.ts';
import { nearest } from './nearest.ts';
import { hint, hintOf } from './stand-in.ts';

type Read = { ok: true; value: unknown } | { ok: false; code: string; what: string; fix: string };

/** Reads one value; `name` is the key that it stands behind, for the advice. */
export function readScalar(node: unknown, schema: TSchema, name: string | undefined): Read {
  const words = schema as Keywords;
  if (!isScalar(node))
    return fault('value_wanted', `is ${kindOf(node)} where one value is wanted`, `Write ${hint(schema)}.`);
  const { value } = node;
  const written = quoted(String(value));
  const kind = words['x-kind'];
  if (kind !== undefined && kind !== 'json') return readKind(kind, value, node.source ?? String(value), name);
  if (words.enum)
    return typeof value === 'string' && words.enum.includes(value)
      ? { ok: true, value }
      : fault('choice_unknown', `is ${written}, which is no choice here`, choiceFix(String(value), words.enum));
  if (words.const !== undefined)
    return value === words.const
      ? { ok: true, value }
      : fault('version_unknown', `is ${written}, and this program reads ${words.const}`, `Write ${words.const}.`);
  if (words.type === 'boolean')
    return typeof value === 'boolean'
      ? { ok: true, value }
      : fault('boolean_wanted', `is ${written}`, 'Write true or false, without quotes.');
  const { minimum = -Infinity, maximum = Infinity } = words;
  const whole = words.type === 'integer';
  return typeof value === 'number' && value >= minimum && value <= maximum && (!whole || Number.isInteger(value))
    ? { ok: true, value }
    : fault('number_wanted', `is ${written}`, `Write a ${whole ? 'whole ' : ''}number from ${minimum} to ${maximum}.`);
}

function readKind(kind: KindName, value: unknown, source: string, name: string | undefined): Read {
  const share = kind === 'share' && typeof value === 'number';
  const wrong = KINDS[kind].check(source);
  if (typeof value === 'string' || share) {
    const reason = typeof value === 'string' ? KINDS[kind].check(value) : wrong;
    return reason ? fault(`${kind}_form`, reason.what, reason.fix) : { ok: true, value };
  }
  if (wrong && kind === 'token') return fault('token_form', wrong.what, wrong.fix);
  if (wrong) return fault(`${kind}_form`, `is ${source} where a text is wanted`, `Write ${hintOf(kind)}.`);
  // Without quotes, YAML reads a long id as a number and rounds it: 7300000000000000001 becomes 7300000000000000000.
  const what =
    typeof value === 'number' ? 'is a number without quotes, which can lose digits' : 'is no text without quotes';
  return fault('quotes_missing', what, `Put it in quotes: ${name === undefined ? '' : `${name}: `}"${source}".`);
}

function choiceFix(value: string, choices: string[]): string {
  const near = nearest(value, choices);
  return near === undefined
    ? `Choose one of ${choices.join(', ')}.`
    : `Did you mean ${near}? The choices are ${choices.join(', ')}.`;
}

function fault(code: string, what: string, fix: string): Read {
  return { ok: false, code, what, fix };
}

/** What kind of thing stands in the file, in a word. */
export function kindOf(node: unknown): string {
  return isMap(node) ? 'a section' : isSeq(node) ? 'a list' : 'a single value';
}
