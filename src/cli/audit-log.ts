import { AssayError } from '../event/error.ts';
import { type Audit, openAudit } from './audit-log/audit.ts';
import { piecesOf } from './audit-log/pieces.ts';
import { answerOf, auditText } from './audit-log/report.ts';
import type { Io } from './io.ts';
import { textOf } from './text-of.ts';

const PROGRESS_MS = 200;

/**
 * Reads other senders' logs of the Events API and says which events they call delivered that TikTok did not take.
 * 0: TikTok took all, 1: it did not, or a part could not be read, 2: a file can't be read, or has no such request.
 */
export async function auditLog(files: readonly string[], options: { json?: boolean }, io: Io): Promise<number> {
  const audit = openAudit();
  const show = io.interactive && !options.json;
  const progress = progressOn(audit, io);
  let missing = 0;
  for (const file of files) {
    const name = file === '-' ? 'standard input' : file;
    try {
      for await (const piece of piecesOf(textOf(io.openBytes(file)))) {
        audit.take(name, piece);
        if (show) progress(name);
      }
    } catch (error) {
      if (error instanceof AssayError && error.code === 'gzip_broken') audit.cut(name, error.message);
      else if (isUnreadable(error)) {
        missing++;
        io.stderr(`${name} can’t be read. Check the name and the folder.\n`);
      } else throw error;
    }
  }
  audit.finish();
  if (show) io.stderr('\r\x1b[K');
  if (missing === files.length) return 2;
  const answer = answerOf([...files], audit);
  io.stdout(options.json ? `${JSON.stringify(answer)}\n` : auditText(answer));
  if (missing > 0 || answer.requests === 0) return 2;
  return answer.refused + answer.mayHave + answer.unreadable > 0 ? 1 : 0;
}

function progressOn({ counts }: Audit, io: Io): (file: string) => void {
  let shownAt = 0;
  return (file) => {
    const now = io.now();
    if (now - shownAt < PROGRESS_MS) return;
    shownAt = now;
    const [events, refused] = [counts.events, counts.refused + counts.mayHave].map((n) => n.toLocaleString('en-US'));
    io.stderr(`\r\x1b[K${file}: ${events} events, ${refused} refused or doubtful`);
  };
}

function isUnreadable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['ENOENT', 'EACCES', 'EISDIR'].includes(String(error.code));
}
