/** 5,000,000 */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
