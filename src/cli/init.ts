import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSpec } from '../spec/parse.ts';
import { renderProblems } from '../spec/problems.ts';
import { collectorOf, envText, snippet, specText } from './init-files.ts';
import { type Answers, faultOf, QUESTIONS, type Question, usualAnswers } from './init-questions.ts';
import type { Io } from './io.ts';

export interface InitOptions extends Partial<Answers> {
  dir: string;
  env?: string;
  collector?: string;
  yes?: boolean;
  force?: boolean;
  json?: boolean;
}

/** Puts a question to a person; undefined when they leave. */
export type Ask = (question: Question, usual: string) => Promise<string | undefined>;

/** Writes a tracking spec and settings with fresh keys. 1: an answer is wrong or a file is in the way, 2: answers are missing. */
export async function init(options: InitOptions, io: Io, ask: Ask = askPerson): Promise<number> {
  const specFile = join(options.dir, 'tracking.yaml');
  const envFile = join(options.dir, options.env ?? '.env');
  const inTheWay = [specFile, envFile].filter((file) => existsSync(file));
  if (inTheWay.length > 0 && !options.force)
    return fault(
      io,
      1,
      `${inTheWay.join(' and ')} ${inTheWay.length > 1 ? 'exist' : 'exists'} already and nothing was written. --force writes anew, with new keys; --dir and --env name other places.`,
    );

  const answers = await collect(options, io, ask);
  if (typeof answers === 'number') return answers;
  const collector = (options.collector ?? collectorOf(answers.origin)).replace(/\/+$/, '');
  if (!URL.canParse(collector))
    return fault(io, 1, '--collector is not an address: write https://collect.shop.example.');
  const text = specText(answers);
  const parsed = parseSpec(text);
  if (!parsed.ok) return fault(io, 1, renderProblems(specFile, text, parsed.problems));

  mkdirSync(options.dir, { recursive: true });
  writeNew(specFile, text, 0o644);
  const secret = randomBytes(24).toString('base64url');
  const webhook = `whsec_${randomBytes(24).toString('base64')}`;
  writeNew(envFile, envText(answers, collector, { secret, webhook }), 0o600);

  const ignored = isIgnored(options);
  if (options.json)
    io.stdout(
      `${JSON.stringify({ specFile, envFile, hash: parsed.value.hash, ignored, answers, snippet: snippet(collector) })}\n`,
    );
  else io.stdout(words({ specFile, envFile, ignored, given: options, answers, collector }));
  return 0;
}

/** The flags' answers, and for the rest the person's or the usual ones; a number is the exit code. */
async function collect(options: InitOptions, io: Io, ask: Ask): Promise<Answers | number> {
  const given: Partial<Answers> = {};
  const faults: string[] = [];
  for (const question of QUESTIONS) {
    const told = options[question.of];
    if (told === undefined) continue;
    const wrong = faultOf(question, told);
    if (wrong === undefined) given[question.of] = told;
    else faults.push(`--${question.of} ${JSON.stringify(told)} can’t be used. ${wrong}`);
  }
  if (faults.length > 0) return fault(io, 1, faults.join('\n'));
  if (options.yes) return usualAnswers(given);
  const open = QUESTIONS.filter(({ of }) => given[of] === undefined);
  if (open.length > 0 && !io.interactive)
    return fault(
      io,
      2,
      `Nobody is here to answer. Say ${open.map(({ of }) => `--${of}`).join(', ')}, or --yes for what is usual.`,
    );
  for (const question of open) {
    const answer = await ask(question, question.usual(given));
    if (answer === undefined) return fault(io, 1, 'Nothing was written.');
    given[question.of] = answer;
  }
  return usualAnswers(given);
}

async function askPerson(question: Question, usual: string): Promise<string | undefined> {
  const { askInTerminal } = await import('./init-ask.ts');
  return askInTerminal(question, usual);
}

/** A file of its own, never one that somebody else put there meanwhile. */
function writeNew(file: string, text: string, mode: number): void {
  rmSync(file, { force: true });
  writeFileSync(file, text, { mode, flag: 'wx' });
}

/** Would git leave the settings out? Only the plain line is looked for. */
function isIgnored({ dir, env = '.env' }: InitOptions): boolean {
  const file = join(dir, '.gitignore');
  if (!existsSync(file)) return false;
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.trim());
  return lines.some((line) => [env, `/${env}`, '.env*', '*.env'].includes(line));
}

function words(wrote: {
  specFile: string;
  envFile: string;
  ignored: boolean;
  given: InitOptions;
  answers: Answers;
  collector: string;
}): string {
  const { specFile, envFile, ignored, answers, collector } = wrote;
  const { dir, env = '.env' } = wrote.given;
  const there = dir === '.' ? '' : `cd ${/^[\w./-]+$/.test(dir) ? dir : JSON.stringify(dir)}\n     `;
  const mine = wrote.given.pixel === undefined && wrote.given.yes;
  return `Wrote ${specFile}: what counts, and where it goes${mine ? '. Put your pixel code in' : ''}
Wrote ${envFile}: settings with fresh keys, readable by you alone${ignored ? '' : '. Add it to .gitignore'}

Next:
  1. Write TikTok's access token into ${envFile} (TIKTOK_TOKEN), then look at everything:
     ${there}assay doctor --settings ${env}
  2. Run the collector:
     assay serve --settings ${env}
  3. See what would become of an event:
     echo '{"event":"Contact","consent":"granted","page":{"url":"${answers.origin}/"}}' | assay explain

For the head of every page, where ${collector} is how your proxy reaches the collector:

${snippet(collector)}
`;
}

function fault(io: Io, code: number, what: string): number {
  io.stderr(`${what}\n`);
  return code;
}
