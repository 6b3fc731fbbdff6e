/**
 * An SQL condition that one of `columns` contains `text`, letter case aside. What LIKE would take for a
 * wildcard is searched as it stands.
 */
export function containing(columns: readonly string[], text: string): { sql: string; parameters: string[] } {
  const pattern = `%${text.replace(/[!%_]/g, (character) => `!${character}`)}%`;
  return {
    sql: `(${columns.map((column) => `${column} LIKE ? ESCAPE '!'`).join(' OR ')})`,
    parameters: columns.map(() => pattern),
  };
}
