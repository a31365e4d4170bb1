/** A copy that shares nothing: what a document looks like after it was stored and read. */
export function copy<T>(document: T): T {
  return JSON.parse(JSON.stringify(document)) as T;
}
