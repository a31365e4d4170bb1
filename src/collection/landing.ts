/** What ads wrote into a visitor's addresses, under their own names; the click id is a match key. */
interface Landing {
  ttclid?: string;
  ad?: Record<string, unknown>;
}

/** The landing as a server names it, or as a page does: each parameter as an address had it, the newest first. */
export function landingOf(told: Record<string, unknown> | (string | null)[] | undefined): Landing {
  if (!told) return {};
  if (!Array.isArray(told)) return { ad: told };
  const found = new Map<string, string>();
  // A macro that was not expanded, because it was mistyped, arrives as its own name.
  for (const part of told)
    for (const [name, value] of new URLSearchParams(part?.slice(1)))
      if (/^(ttclid$|utm|tt_)/.test(name) && !/^(_[A-Z_]+_)?$/.test(value) && !found.has(name)) found.set(name, value);
  const { ttclid, ...ad } = Object.fromEntries(found);
  return { ...(ttclid === undefined ? {} : { ttclid }), ad };
}
