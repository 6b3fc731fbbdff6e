/** As many rows as a statement takes: few enough that the texts of the last parts, which all differ, stay small. */
const rowsAtOnce = 250;

/** Works through rows by parts, in order. */
export async function inParts<Row>(
  rows: readonly Row[],
  work: (part: Row[]) => Promise<unknown>,
): Promise<void> {
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    await work(rows.slice(start, start + rowsAtOnce));
  }
}
