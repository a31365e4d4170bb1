import { AssayError } from '../event/error.ts';
import { terminal } from './io.ts';
import { program } from './program.ts';

const io = terminal();
try {
  await program(io).parseAsync();
} catch (error) {
  io.stderr(
    error instanceof AssayError
      ? `${error.message}\n`
      : `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  io.exit(1);
}
