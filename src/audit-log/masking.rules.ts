/** Longer than this, details are cut off: a record is a line, not a copy of the data. */
const detailsLengthMax = 4000;
const listLengthMax = 20;
const depthMax = 4;

/** What stands for a text that might be somebody's. */
const hidden = '***';

/**
 * Names under which a number or a word is a secret, or points at a person outside the platform; and those of free
 * text, in which a name in capital letters would pass for a word of an enumeration, and a card for an id.
 */
const secretNames =
  /uid|idnumber|phone|password|token|secret|code|otp|key|latitude|longitude|ability|name|search|address|note|reason|consentversion/i;

/** What tells of somebody's health, if only by a yes or a no. */
const healthNames = /^(scores?|is_?in_?coma|has_?dementia|risk_?events|illness)$/i;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const day = /^\d{4}-\d{2}-\d{2}$/;
const id = /^\d{1,9}$/;
const word = /^[A-Z][A-Z_]{1,31}$/;

/**
 * What a caller sent, as it may stand in the log. Ids, days, instants, numbers, flags and words of an
 * enumeration are kept; any other text is hidden, because a name, an address or an ID number may be written into any
 * field, and what is not known to be harmless is not.
 */
export function maskedInput(value: unknown, name = '', depth = 0): unknown {
  if (value === null || value === undefined) return null;
  if (healthNames.test(name)) return hidden;
  if (typeof value === 'boolean') return value;
  if (secretNames.test(name) || depth > depthMax) return hidden;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : hidden;
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'string') {
    return [uuid, day, id, word].some((shape) => shape.test(value)) ? value : hidden;
  }
  if (Array.isArray(value)) {
    const shown = value.slice(0, listLengthMax).map((item) => maskedInput(item, name, depth + 1));
    return value.length > listLengthMax ? [...shown, `${value.length - listLengthMax} more`] : shown;
  }
  if (typeof value !== 'object') return hidden;
  const entries = Object.entries(value).slice(0, listLengthMax);
  return Object.fromEntries(entries.map(([key, item]) => [key, maskedInput(item, key, depth + 1)]));
}

/** Numbers of persons and cards are long; no id of ours has as many digits. */
const longNumber = /(?<![\w-])\d{10,}[\dXx]*(?![\w-])/g;

/** Details as JSON, cut to what a record may hold, without any long number that slipped in with a text. */
export function boundedDetails(details: Readonly<Record<string, unknown>>): string {
  const given = Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined));
  const text = JSON.stringify(given, (_key, value) =>
    typeof value === 'string' ? value.replace(longNumber, hidden) : value,
  );
  if (text.length <= detailsLengthMax) return text;
  return JSON.stringify({ cutFrom: text.length, beginning: text.slice(0, detailsLengthMax / 2) });
}
