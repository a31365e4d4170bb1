import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A person nobody is: each field that is tried has one of its own, so that a leak names the field. */
export interface Person {
  email: string;
  /** as people write it */
  phone: string;
}

export function person(n: number): Person {
  const own = String(n).padStart(4, '0');
  return { email: `leak.${own}@contact.example`, phone: `+49 1512 345${own}` };
}

/** The ways in which a text may give a person away. */
export function formsOf({ email, phone }: Person): string[] {
  const digits = phone.replace(/\D/g, '');
  const [local = '', domain = ''] = email.split('@');
  const base64 = (text: string): string => Buffer.from(text).toString('base64').replace(/=+$/, '');
  return [
    ...[email, `${local}%40${domain}`, `${local}%2540${domain}`, base64(email)],
    ...[`${local}${domain}`.replace(/[.]/g, ''), `${local}40${domain}`.replace(/[.]/g, '')],
    ...[
      phone,
      phone.replaceAll(' ', '%20'),
      encodeURIComponent(phone),
      phone.replaceAll(' ', '+'),
      digits,
      `0${digits.slice(2)}`,
      base64(phone),
    ],
  ].map((form) => form.toLowerCase());
}

/** Every form of these people that stands in a text. The text is read once, however many people there are. */
export function found(text: string, people: readonly Person[]): string[] {
  const forms = [...new Set(people.flatMap(formsOf))];
  const byHead = Map.groupBy(forms, (form) => form.slice(0, HEAD));
  const mayBegin = new Uint8Array(1 << 16);
  for (const head of byHead.keys()) mayBegin[mark(head, 0)] = 1;
  const low = text.toLowerCase();
  const there = new Set<string>();
  for (let place = 0; place < low.length; place++)
    if (mayBegin[mark(low, place)] === 1)
      for (const form of byHead.get(low.slice(place, place + HEAD)) ?? [])
        if (low.startsWith(form, place)) there.add(form);
  return forms.filter((form) => there.has(form));
}

const HEAD = 4;

/** 16 bits of the next four characters. */
function mark(text: string, place: number): number {
  let bits = 0;
  for (let n = place; n < place + HEAD; n++) bits = (Math.imul(bits, 31) + text.charCodeAt(n)) | 0;
  return (bits ^ (bits >>> 16)) & 0xffff;
}

/** Every byte of every file in a folder, as text that shows bytes one by one; a name and its content. */
export function filesOf(folder: string): [name: string, text: string][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name), 'latin1')]);
}
