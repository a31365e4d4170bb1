import { attempt } from './client.ts';

type Cell = [value: unknown, until: number];
type Cells = Record<string, Cell>;
const KEY = 'assay';

let memory: Cells = {};
/** May values outlive the page? Only then may anything be sent. */
export let isOpen = false;

/** The value of this name, if its life is not over. */
export function read<T>(name: string): T | undefined {
  return load()[name]?.[0] as T | undefined;
}

/** Keeps a value in memory, and once the drawer is open in the storage, where that is not blocked. Returns it. */
export function write<T>(name: string, value: T, lifeMs: number): T {
  memory = load();
  memory[name] = [value, Date.now() + lifeMs];
  attempt(() => isOpen && localStorage.setItem(KEY, JSON.stringify(memory)));
  return value;
}

function load(): Cells {
  const stored = attempt(() => isOpen && (JSON.parse(localStorage.getItem(KEY) as string) as Cells));
  const cells: Cells = { ...memory, ...stored };
  for (const name in cells) if ((cells[name] as Cell)[1] < Date.now()) delete cells[name];
  return cells;
}

/** Opens it, or forgets everything and keeps values in memory from now on. */
export function setOpen(open: boolean): void {
  isOpen = open;
  if (open) return;
  memory = {};
  attempt(() => localStorage.removeItem(KEY));
}
