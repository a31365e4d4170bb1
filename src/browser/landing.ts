/** What ads wrote into the address, then into that of the page before it on the same host: parameters as they stand. */
export function readLanding(address: { search: string; origin: string }, referrer: string): string[] | null {
  return (
    `${address.search}&${referrer.startsWith(`${address.origin}/`) ? referrer : ''}`
      // One that holds an e-mail address stays here.
      .match(/[?&](ttclid|utm|tt_)(?![^&]*(@|%40))[^&]*/g)
  );
}
