import type { NewKeyAnswer, SettingsKey } from '../api/answers.ts';
import { AssayError } from '../event/error.ts';
import type { KeyRole } from '../event/key.ts';
import { readGrace } from '../server/acts.ts';
import { clockText } from '../server/says.ts';
import type { Io } from './io.ts';
import { type KeyDesk, openKeyDesk } from './keys-desk.ts';

export interface KeysOptions {
  data?: string;
  json?: boolean;
}

/** Lists all keys, ended ones too. 2 when there is no store. */
export function keysList(options: KeysOptions, io: Io): Promise<number> {
  return atDesk(options, io, async (desk, say) => {
    const keys = await desk.list();
    const words = keys.map((key) => keyLine(key, desk, io.now()));
    if (!desk.served) words.push('No server runs on this store: keys of its environment are not known.');
    say({ served: desk.served, keys }, words);
  });
}

/** Makes a key and shows its text, once. */
export function keysCreate(
  options: KeysOptions & { role: KeyRole; name: string; draft?: boolean },
  io: Io,
): Promise<number> {
  const { role, name, draft } = options;
  return atDesk(options, io, async (desk, say) => {
    const made = await desk.make({ role, name, ...(draft ? { draft } : {}) });
    say(made, madeWords(made));
  });
}

/** Ends a key, at once or after a grace. */
export function keysEnd(id: string, options: KeysOptions & { grace: string }, io: Io): Promise<number> {
  return atDesk(options, io, async (desk, say) => {
    const ended = await desk.end(id, options.grace);
    say(ended, [keyLine(ended, desk, io.now())]);
  });
}

/** Makes a key like the old one, which ends after the grace. */
export function keysRotate(id: string, options: KeysOptions & { grace: string }, io: Io): Promise<number> {
  return atDesk(options, io, async (desk, say) => {
    const old = (await desk.list()).find((key) => key.id === id);
    const wrong = whyNotRotated(old, options.grace, io.now());
    if (wrong !== undefined || !old) throw new AssayError('key_not_rotated', wrong ?? '');
    const { role, name, draft } = old;
    const made = await desk.make({ role, name, ...(draft ? { draft } : {}) });
    let ended: SettingsKey | null = null;
    try {
      ended = await desk.end(id, options.grace);
    } finally {
      // Whatever becomes of the old key: nobody can ask for the new one's text again.
      say({ made, ended }, [...madeWords(made), ...(ended ? [keyLine(ended, desk, io.now())] : [])]);
    }
  });
}

function whyNotRotated(old: SettingsKey | undefined, grace: string, now: number): string | undefined {
  if (!old) return 'No key has this id. assay keys list names them.';
  if (old.from === 'environment')
    return `This key is rotated in ${old.name}: set the new one and the old one there, separated by a comma, and restart.`;
  if (isOver(old, now)) return 'This key has ended. Make a new one with assay keys create.';
  return readGrace(grace) === undefined ? 'Write the grace as 90m, 24h or 7d; at most 30d.' : undefined;
}

type Say = (answer: object, words: readonly string[]) => void;

async function atDesk(options: KeysOptions, io: Io, work: (desk: KeyDesk, say: Say) => Promise<void>): Promise<number> {
  const folder = options.data ?? io.env['ASSAY_DATA'] ?? './.assay';
  const desk = await openKeyDesk(folder, io.now);
  if (!desk) {
    io.stderr(`There is no store in ${folder}. Name its folder with --data or ASSAY_DATA.\n`);
    return 2;
  }
  try {
    await work(desk, (answer, words) => io.stdout(`${options.json ? JSON.stringify(answer) : words.join('\n')}\n`));
    return 0;
  } finally {
    await desk.close();
  }
}

function madeWords(made: NewKeyAnswer): string[] {
  const draft = made.draft ? ' What it tells are drafts.' : '';
  return [`${made.id} opens the ${made.role} doors.${draft} This is its text, shown once:`, '', `  ${made.key}`, ''];
}

/** `key-0123…  server   shop        lives, used 22 Nov 2026, 12:03:05` */
function keyLine(key: SettingsKey, { timezone }: KeyDesk, now: number): string {
  const clock = (at: number): string => clockText(at, timezone);
  const states = [
    key.endsAt === undefined ? 'lives' : isOver(key, now) ? `ended ${clock(key.endsAt)}` : `ends ${clock(key.endsAt)}`,
    ...(key.draft ? ['draft'] : []),
    ...(key.usedAt === undefined ? [] : [`used ${clock(key.usedAt)}`]),
  ];
  return `${key.id.padEnd(17)} ${key.role.padEnd(7)} ${key.name.padEnd(16)} ${states.join(', ')}`;
}

function isOver({ endsAt }: SettingsKey, now: number): boolean {
  return endsAt !== undefined && endsAt <= now;
}
