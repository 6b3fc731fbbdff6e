/** 12.5 yuan is 12.50. */
export function yuanOf(fen: number): string {
  return (fen / 100).toFixed(2);
}
