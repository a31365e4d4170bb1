/** Answers to the questions of the last while, the newest of `most`; those of another version are forgotten. */
export function remembering<T>(
  most: number,
): (version: string, question: string, answer: () => Promise<T>) => Promise<T> {
  const answers = new Map<string, T>();
  let known = '';
  return async (version, question, answer) => {
    if (version !== known) answers.clear();
    known = version;
    const found = answers.get(question) ?? (await answer());
    // The order of a map is that in which its keys came.
    answers.delete(question);
    if (known === version) answers.set(question, found);
    for (const oldest of answers.keys()) {
      if (answers.size <= most) break;
      answers.delete(oldest);
    }
    return found;
  };
}
