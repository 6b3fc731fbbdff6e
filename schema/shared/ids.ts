/** The primary key within an ID of the graph; undefined for what can be nobody's id. */
export function idOf(text: string): number | undefined {
  const id = Number(text);
  return /^\d{1,10}$/.test(text) && id > 0 && id < 2 ** 31 ? id : undefined;
}

/** The same of an id that the application handed out, such as that of a posting: these have more digits. */
export function assignedIdOf(text: string): number | undefined {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
}
