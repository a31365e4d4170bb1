/** Days since 1970-01-01 on a zone's calendar, by the one question that Intl answers without any thinking. */
export function dayIn(timezone: string, at: number): number {
  const date = new Intl.DateTimeFormat('en-CA', { timeZone: timezone, dateStyle: 'short' }).format(at);
  return Date.parse(`${date}T00:00:00Z`) / 86_400_000;
}
