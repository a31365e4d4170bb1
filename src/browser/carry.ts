import type { CarryReceipt } from '../api/wire.ts';
import { within } from './client.ts';
import { isOpen } from './drawer.ts';
import { type Ids, ids, siteOf } from './head.ts';
import { request } from './queue.ts';
import { act } from './turn.ts';

const PARAMETER = '_assay';
const WAIT_MS = 2000;

/** Takes the ids that another domain of the site sent along, before anything is told. */
export function pickUp(): void {
  const url = new URL(location.href);
  const token = url.searchParams.get(PARAMETER);
  if (!token) return;
  url.searchParams.delete(PARAMETER);
  history.replaceState(history.state, '', url);
  void act(async () => {
    // One that is none may name another path: a page may ask the collector for any, and no other answer has ids.
    ids(await within(WAIT_MS, request<Ids>(`carry/${token}`)));
  });
}

/** Puts a token on a link, or on the form that is filled in, to another domain of the site. Nobody waits for it. */
export function carry(pressed: HTMLAnchorElement & HTMLFormElement): void {
  const address = pressed.href ? 'href' : 'action';
  const url = new URL(pressed[address]);
  const site = siteOf(url.hostname);
  if (!isOpen || !site || site === siteOf()) return;
  void request<CarryReceipt>('carry', ids()).then((answer) => {
    if (!answer?.token) return;
    url.searchParams.set(PARAMETER, answer.token);
    pressed[address] = url.href;
  });
}
