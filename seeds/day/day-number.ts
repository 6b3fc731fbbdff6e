/** So that each day has its own lunch, and begins with other people. */
export function dayNumberOf(day: string): number {
  return Math.round((Date.parse(day) - Date.parse('2026-01-01')) / 86_400_000);
}
