import { appendFileSync, chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { SqlAnswer } from '../../api/attribution.ts';
import { AssayError } from '../../event/error.ts';
import type { Io } from '../io.ts';

/** Lines of somebody who asks, and what was asked before. */
export interface Talk {
  /** the lines; what is to be written before the next is said by `prompt` */
  lines: AsyncIterable<string>;
  prompt(text: string): void;
  keep(statement: string): void;
  close(): void;
}

const HISTORY_MAX = 1000;
const PROMPT = 'assay> ';
const MORE = '   ...> ';
const HELP = `A statement ends with a semicolon, and may take several lines.
  .tables          tables and views
  .schema <name>   the columns of one
  .quit            ends it
`;

/** Questions and answers until the end. An answer that is a refusal ends nothing. */
export async function talk(
  { lines, prompt, keep, close }: Talk,
  ask: (sql: string) => Promise<SqlAnswer>,
  print: (answer: SqlAnswer) => void,
  io: Pick<Io, 'stdout' | 'stderr'>,
): Promise<0> {
  io.stdout(
    'Questions in SQL; .help says more, .quit ends it. The marts are mart_conversions, mart_touches, mart_marketing.\n',
  );
  let statement = '';
  prompt(PROMPT);
  for await (const line of lines) {
    const word = line.trim();
    if (statement === '' && (word === '.quit' || word === '.exit')) break;
    if (statement === '' && word === '.help') io.stdout(HELP);
    else {
      statement += `${line}\n`;
      const whole = statement === `${line}\n` && word.startsWith('.') ? special(word) : ended(statement);
      if (whole !== undefined) {
        statement = '';
        if (whole !== '') {
          keep(word.startsWith('.') ? word : whole);
          await answered(whole);
        }
      }
    }
    prompt(statement === '' ? PROMPT : MORE);
  }
  close();
  return 0;

  async function answered(sql: string): Promise<void> {
    try {
      print(await ask(sql));
    } catch (error) {
      if (!(error instanceof AssayError)) throw error;
      io.stderr(`${error.message}\n`);
    }
  }
}

/** The statement, where its semicolon has come; empty where there is nothing to ask. */
function ended(text: string): string | undefined {
  if (text.trim() === '') return '';
  return text.trimEnd().endsWith(';') ? text.trim().replaceAll(/\s*\n\s*/g, '\n') : undefined;
}

function special(word: string): string {
  const [command, name] = word.split(/\s+/);
  if (command === '.tables')
    return "SELECT table_name AS name, table_type AS kind FROM information_schema.tables WHERE table_schema = 'main' AND table_name NOT LIKE 'stage_%' ORDER BY kind DESC, name";
  if (command === '.schema' && name !== undefined && /^\w+$/.test(name))
    return `SELECT column_name, data_type, is_nullable FROM information_schema.columns WHERE table_schema = 'main' AND table_name = '${name}' ORDER BY ordinal_position`;
  return `SELECT 'there is no ${command?.replaceAll("'", '')}: .help lists what there is' AS says`;
}

/** The terminal, with a history that only the owner of the folder may read: questions may name people. */
export function terminalTalk(folder: string): Talk {
  const path = join(folder, 'sql-history');
  const before = existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean).slice(-HISTORY_MAX) : [];
  const reader = createInterface({
    ...{ input: process.stdin, output: process.stdout, terminal: true, historySize: HISTORY_MAX },
    history: before.toReversed(),
  });
  return {
    lines: reader,
    prompt(text) {
      reader.setPrompt(text);
      reader.prompt();
    },
    keep: (statement) => remember(path, statement, before),
    close: () => reader.close(),
  };
}

/** One line each; the file is made anew when it has grown to twice what is kept. */
export function remember(path: string, statement: string, kept: string[]): void {
  const line = statement.replaceAll(/\s*\n\s*/g, ' ');
  kept.push(line);
  if (kept.length > 2 * HISTORY_MAX) {
    kept.splice(0, kept.length - HISTORY_MAX);
    writeFileSync(path, `${kept.join('\n')}\n`, { mode: 0o600 });
  } else appendFileSync(path, `${line}\n`, { mode: 0o600 });
  chmodSync(path, 0o600);
}
