import { readConfig } from '../server/config.ts';
import { startServer } from '../server/start.ts';
import type { Io } from './io.ts';
import { problemsText } from './problems-text.ts';

/** Runs the collector until it is told to stop. 1 when a setting is wrong. */
export async function serve(options: { json?: boolean }, io: Io): Promise<number> {
  const config = readConfig(io.env);
  if (!config.ok) {
    io.stderr(problemsText('The environment', config.problems));
    return 1;
  }
  const ended = io.ended();
  const server = await startServer(config.value, {
    now: io.now,
    random: io.random,
    env: io.env,
    log: (line) => io.stderr(`${line}\n`),
  });
  const signIn = server.signInUrl();
  if (options.json)
    io.stdout(
      `${JSON.stringify({ ready: true, publicUrl: server.publicUrl, publicPort: server.publicPort, adminUrl: server.adminUrl, signInUrl: signIn, spec: server.specVersion, pid: process.pid })}\n`,
    );
  else
    io.stdout(
      `Collecting at ${server.publicUrl} (spec version ${server.specVersion})\nPages, sign in once with:\n  ${signIn}\nCtrl-C ends it; nothing is lost.\n`,
    );
  await ended;
  await server.stop();
  return 0;
}
