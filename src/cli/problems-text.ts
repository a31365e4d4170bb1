import type { Problem } from '../event/problem.ts';

/** Problems for a terminal: each with where, what and how to mend it. */
export function problemsText(subject: string, problems: readonly Problem[]): string {
  const lines = problems.map((problem) => `  ${problem.where} ${problem.what}: ${problem.fix}`);
  return `${subject} has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${lines.join('\n')}\n`;
}
