/** `46 %`, `4.2 %`, `under 0.1 %`. */
export function shareText(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return 'under 0.1 %';
  return `${percent >= 10 || percent === 0 ? Math.round(percent) : percent.toFixed(1)} %`;
}

/** `4.1 to 6.3 %`, `9.5 to 12 %`. */
export function intervalText(low: number, high: number): string {
  const end = (share: number) => (100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0);
  return `${end(low)} to ${end(high)} %`;
}
