import type { CarryReceipt } from '../api/wire.ts';
import { within } from './client.ts';
import { isOpen } from './drawer.ts';
import { type Ids, ids, siteOf } from './head.ts';
import { request } from './queue.ts';
import { act } from './turn.ts';

const PARAMETER = '_assay';
const WAIT_MS = 1000;

/** Takes the ids that another domain of the site sent along, before anything is told. */
export function pickUp(): void {
  const url = new URL(location.href);
  const token = url.searchParams.get(PARAMETER);
  if (!token) return;
  url.searchParams.delete(PARAMETER);
  history.replaceState(history.state, '', url);
  void act(async () => {
    // One that is none may name another path: a page may ask the collector for any, and no other answer has ids.
    const { visitor, session } = (await within(WAIT_MS, request<Ids>(`carry/${token}`))) as Partial<Ids>;
    ids(visitor, session);
  });
}

/** Puts a token on a link, or on a button's form, to another domain of the site. The click does not wait for it. */
export async function carry(pressed: HTMLAnchorElement | HTMLButtonElement): Promise<void> {
  const { form } = pressed as HTMLButtonElement;
  const url = new URL(form ? form.action : (pressed as HTMLAnchorElement).href);
  const site = siteOf(url.hostname);
  if (!isOpen || !site || site === siteOf()) return;
  const { token } = (await request<CarryReceipt>('carry', ids())) as Partial<CarryReceipt>;
  if (token) url.searchParams.set(PARAMETER, token);
  if (form) form.action = url.href;
  else (pressed as HTMLAnchorElement).href = url.href;
}
