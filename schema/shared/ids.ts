/** The primary key within an ID of the graph; undefined for what can be nobody's id. */
export function idOf(text: string): number | undefined {
  const id = Number(text);
  return /^\d{1,10}$/.test(text) && id > 0 && id < 2 ** 31 ? id : undefined;
}
