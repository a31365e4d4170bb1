import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { credit } from '../../attribution/credit.ts';
import { Chain } from '../../attribution/paths/markov.ts';
import { MODELS, type Model, type Policy } from '../../attribution/policy.ts';
import type { ChannelWeights } from '../../attribution/shares.ts';
import { AssayError } from '../../event/error.ts';
import { TOUCH_KINDS, type TouchKind } from '../../event/fact.ts';
import type { Problem } from '../../event/problem.ts';
import { durationText, parseDuration } from '../../event/time.ts';
import { isTimeZone } from '../../spec/kinds.ts';
import type { Io } from '../io.ts';
import { problemsText } from '../problems-text.ts';
import { countText, figuresText } from '../text-table.ts';
import { attributePaths } from './attribute-paths.ts';
import { type EarnedRow, earnedRows } from './earned.ts';
import { CONVERSION_FIELDS, readMap, TOUCH_FIELDS } from './fields.ts';
import { journeys, type PersonJourney } from './journeys.ts';
import { type Loaded, loadFiles } from './load.ts';
import { openOutFile, outFormat } from './out-file.ts';
import { type Measure, Sums } from './sums.ts';
import { openTables } from './table.ts';

export interface AttributeOptions {
  touches?: string;
  conversions?: string;
  paths?: string;
  model: string;
  order: string;
  click: string;
  engagedView: string;
  view: string;
  precedence: string;
  count: string;
  halfLife: string;
  by: string;
  basis: string;
  timezone: string;
  map: string[];
  out?: string;
  memory: string;
  json?: boolean;
}

/** Attribution of any files, without a server. 0: done, 1: nobody earned anything, 2: the files or options can’t be read. */
export async function attribute(options: AttributeOptions, io: Io): Promise<number> {
  if (options.paths !== undefined) return attributePaths({ ...options, paths: options.paths }, io);
  const asked = readAsked(options);
  if ('problems' in asked) return fault(io, problemsText('The question', asked.problems));
  const folder = mkdtempSync(join(tmpdir(), 'assay-attribute-'));
  try {
    return await run(asked, folder, io);
  } catch (error) {
    if (error instanceof AssayError) return fault(io, `${error.message}\n`);
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Asked {
  touches: string;
  conversions: string;
  mapped: ReadonlyMap<string, string>;
  policy: Policy;
  model: Model;
  order: 1 | 2 | 3;
  by: 'channel' | 'kind' | 'day';
  basis: 'touch' | 'conversion';
  zone: string;
  out?: { file: string; format: string };
  memoryMegabytes: number;
  json: boolean;
}

async function run(asked: Asked, folder: string, io: Io): Promise<number> {
  const { db, close } = await openTables(folder, asked.memoryMegabytes);
  try {
    const show = progress(io, asked.json);
    show('reading the files');
    const loaded = await loadFiles(db, { ...asked });
    show('');
    if (loaded.problems.length > 0) return fault(io, problemsText('What was given', loaded.problems));
    const weights = asked.model === 'markov' ? await removalEffects(journeys(db, false), asked.order) : undefined;
    const windows = windowsText(asked.policy);
    const out = asked.out && (await openOutFile(db, { model: asked.model, windows, decimals: loaded.decimals }));
    const sums = new Sums(measureOf(asked));
    let done = 0;
    for await (const journey of journeys(db, true)) {
      for (const row of creditsOf(journey, asked, loaded, weights)) {
        sums.add(row);
        out?.add(row);
      }
      done += journey.conversions.length;
      if (done % 1000 < journey.conversions.length)
        show(`${countText(done)} of ${countText(loaded.conversions)} conversions`);
    }
    show('');
    if (out && asked.out) await out.write(asked.out.file, asked.out.format);
    return report(asked, loaded, sums, windows, io);
  } finally {
    close();
  }
}

function creditsOf(
  journey: PersonJourney,
  { policy, model }: Asked,
  { decimals }: Loaded,
  weights?: ChannelWeights,
): EarnedRow[] {
  return earnedRows(journey, credit(journey, policy, model, weights), decimals);
}

/** A journey is a path to each conversion, and what came after the last one led to none. */
async function removalEffects(all: AsyncIterable<PersonJourney>, order: 1 | 2 | 3): Promise<ChannelWeights> {
  const chain = new Chain(order);
  for await (const { touches, conversions } of all) {
    let next = 0;
    for (const { at } of conversions) {
      const from = next;
      while (next < touches.length && (touches[next]?.at ?? 0) <= at) next++;
      const channels = touches.slice(from, next).map(({ channel }) => channel);
      if (channels.length > 0) chain.add({ channels, conversions: 1, nulls: 0 });
    }
    const channels = touches.slice(next).map(({ channel }) => channel);
    if (channels.length > 0) chain.add({ channels, conversions: 0, nulls: 1 });
  }
  return chain.removalEffects();
}

function report(asked: Asked, loaded: Loaded, sums: Sums, windows: string, io: Io): number {
  const { earned, of } = sums.earned;
  const rows = sums.rows(loaded.decimals, loaded.hasValue);
  if (asked.json) {
    const named = rows.map(({ key, ...rest }) => ({ [asked.by]: key, ...rest }));
    io.stdout(`${JSON.stringify({ model: asked.model, windows, conversions: of, credited: earned, rows: named })}\n`);
  } else {
    const value = loaded.hasValue ? ['value'] : [];
    io.stdout(
      figuresText(
        [asked.by, 'conversions', ...value],
        rows.map((row) => [
          row.key,
          countText(row.conversions),
          ...(loaded.hasValue ? [`${row.value ?? ''} ${row.currency ?? ''}`.trim()] : []),
        ]),
      ),
    );
    io.stdout(
      `\n${countText(earned)} of ${countText(of)} conversions earned by a touch; model ${asked.model}, ${windows}.${asked.out ? ` Each credit stands in ${asked.out.file}.` : ''}\n`,
    );
  }
  return earned > 0 ? 0 : 1;
}

function windowsText({ windows, precedence }: Policy): string {
  return precedence.map((kind) => `${kind} ${windows[kind] === 0 ? 'off' : durationText(windows[kind])}`).join(', ');
}

function measureOf({ by, basis, zone }: Asked): Measure {
  switch (by) {
    case 'channel':
      return ({ channel }) => channel;
    case 'kind':
      return ({ kind }) => kind ?? '';
    case 'day': {
      const day = new Intl.DateTimeFormat('sv-SE', {
        timeZone: zone,
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
      });
      return ({ touchedAt, convertedAt }) => day.format(basis === 'touch' ? (touchedAt ?? convertedAt) : convertedAt);
    }
  }
}

function readAsked(options: AttributeOptions): Asked | { problems: Problem[] } {
  const { mapped, problems } = readMap(options.map, [...TOUCH_FIELDS, ...CONVERSION_FIELDS]);
  const complain = (where: string, what: string, fix: string): void =>
    void problems.push({ code: 'option', where, what, fix });
  for (const name of ['touches', 'conversions'] as const)
    if (options[name] === undefined)
      complain(`--${name}`, 'is not given', `name a CSV or Parquet file, or paths with --paths`);
  const window = (name: string, text: string): number => {
    const ms = text === 'off' ? 0 : parseDuration(text);
    if (ms === undefined) complain(name, `can’t be ${JSON.stringify(text)}`, 'write 7d, 12h or off');
    return ms ?? 0;
  };
  const policy: Policy = {
    windows: {
      click: window('--click', options.click),
      engagedView: window('--engaged-view', options.engagedView),
      view: window('--view', options.view),
    },
    precedence: kindsOf(options.precedence, complain),
    count: options.count === 'once' ? 'once' : 'every',
    halfLife: window('--half-life', options.halfLife),
  };
  if (policy.halfLife === 0) complain('--half-life', 'can’t be nothing', 'write 7d');
  if (!isTimeZone(options.timezone)) complain('--timezone', `is no time zone`, 'write one such as Europe/Berlin');
  const format = options.out === undefined ? undefined : outFormat(options.out);
  if (options.out !== undefined && format === undefined)
    complain('--out', 'has no format', 'end its name with .csv, .parquet or .jsonl');
  const memoryMegabytes = Number(options.memory);
  if (!Number.isInteger(memoryMegabytes) || memoryMegabytes < 100)
    complain('--memory', 'is too little or no number', 'write megabytes, 100 or more');
  const model = MODELS.find((one) => one === options.model);
  if (!model) complain('--model', 'is none of ours', `the models are ${MODELS.join(', ')}`);
  if (problems.length > 0 || !model || options.touches === undefined || options.conversions === undefined)
    return { problems };
  return {
    ...{ touches: options.touches, conversions: options.conversions, mapped, policy, model },
    order: Number(options.order) as 1 | 2 | 3,
    by: options.by as Asked['by'],
    basis: options.basis as Asked['basis'],
    zone: options.timezone,
    ...(options.out !== undefined && format !== undefined ? { out: { file: options.out, format } } : {}),
    memoryMegabytes,
    json: options.json === true,
  };
}

function kindsOf(told: string, complain: (where: string, what: string, fix: string) => void): TouchKind[] {
  const named = told.split(',').map((one) => one.trim());
  const kinds = named.flatMap((one) =>
    TOUCH_KINDS.filter((kind) => kind.toLowerCase() === one.toLowerCase().replace(/[-_ ]/g, '')),
  );
  if (kinds.length !== named.length || new Set(kinds).size !== kinds.length)
    complain('--precedence', 'names what is no kind of touch, or one twice', `the kinds are ${TOUCH_KINDS.join(',')}`);
  return kinds;
}

/** What is being done, on one line of a terminal that is written over. */
function progress(io: Io, json: boolean): (says: string) => void {
  let shownAt = 0;
  return (says) => {
    if (!io.interactive || json || (says !== '' && io.now() - shownAt < 200)) return;
    shownAt = says === '' ? 0 : io.now();
    io.stderr(`\r${says.padEnd(60)}${says === '' ? '\r' : ''}`);
  };
}

function fault(io: Io, text: string): number {
  io.stderr(text);
  return 2;
}
