const lineWidth = 110;

/** JSON as the formatter leaves it: what fits on a line stands on it. */
export function writtenJson(value: unknown): string {
  return `${written(value, 0, 0)}\n`;
}

function written(value: unknown, indent: number, before: number): string {
  const line = onOneLine(value);
  // A comma may follow.
  if (indent > 0 && indent + before + line.length < lineWidth) return line;
  const parts = partsOf(value);
  if (!parts) return line;
  const space = ' '.repeat(indent + 2);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const lines = parts.map(([name, part]) => space + name + written(part, indent + 2, name.length));
  return `${open}\n${lines.join(',\n')}\n${' '.repeat(indent)}${close}`;
}

function onOneLine(value: unknown): string {
  const parts = partsOf(value);
  if (!parts) return JSON.stringify(value);
  const text = parts.map(([name, part]) => name + onOneLine(part)).join(', ');
  return Array.isArray(value) ? `[${text}]` : `{ ${text} }`;
}

/** Undefined for what has no parts. */
function partsOf(value: unknown): [string, unknown][] | undefined {
  if (Array.isArray(value)) return value.length > 0 ? value.map((part) => ['', part]) : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = Object.entries(value).filter(([, part]) => part !== undefined);
  if (fields.length === 0) return undefined;
  return fields.map(([name, part]) => [`${JSON.stringify(name)}: `, part]);
}
