import { attempt, now } from './client.ts';

/** The storage, once the drawer is open and where it is not blocked; memory until then. */
let shelf: Record<string, string> = {};
/** May values outlive the page? Only then may anything be sent. */
export let isOpen = false;

// One entry a value, so that tabs that write at the same time don't overwrite each other's.
/** The value of this name, which begins with `assay:`, if its life is not over. */
export function read<T>(name: string): T | undefined {
  return attempt(() => {
    const [value, until] = JSON.parse(shelf[name] as string) as [value: T, until: number];
    if (until > now()) return value;
    remove(name);
    return undefined;
  });
}

/** Keeps a value, and returns it. */
export function write<T>(name: string, value: T, lifeSeconds: number): T {
  const text = JSON.stringify([value, now() + lifeSeconds]);
  // A storage that is full takes nothing more: this page goes on in memory.
  if (!attempt(() => (shelf[name] = text))) shelf = { ...shelf, [name]: text };
  return value;
}

export function remove(name: string): void {
  delete shelf[name];
}

/** The names that begin so. */
export function names(start: string): string[] {
  return Object.keys(shelf).filter((name) => name.startsWith(start));
}

/** Opens it, or forgets everything and keeps values in memory from now on. */
export function setOpen(open: boolean): void {
  isOpen = open;
  if (open) attempt(() => (shelf = Object.assign(localStorage, shelf)));
  // Reading removes what is over.
  names('assay:').forEach(open ? read : remove);
  if (!open) shelf = {};
}
