const form = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** True for the written form of a UUID of any version. */
export function isUuid(text: string): boolean {
  return form.test(text);
}
