/** Unix seconds. */
export function now(): number {
  return Date.now() / 1000;
}

/** What comes of the promise, or nothing when it takes longer. */
export function within<T>(ms: number, promise?: Promise<T>): Promise<T | undefined> {
  return Promise.race([promise, new Promise<undefined>((done) => setTimeout(done, ms))]);
}

/** Has a method's calls heard after they were made. */
export function overhear(object: object, name: string, heard: (call: never) => void): void {
  const methods = object as Record<string, (...call: unknown[]) => unknown>;
  const method = methods[name];
  methods[name] = (...call) => {
    const answer = (method as typeof attempt).apply(object, call as never);
    attempt(() => heard(call as never));
    return answer;
  };
}

/** The function's value; undefined where it throws, as a page's storage may at every touch. */
export function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
