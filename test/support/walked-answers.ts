import type { Answered } from './walk-arguments.js';

/** What stands at the end of the path, each place where it does; nothing for what is refused or not there. */
export function valuesAt(data: unknown, steps: readonly string[]): unknown[] {
  const [step, ...rest] = steps;
  if (data === null || data === undefined) return [];
  if (Array.isArray(data)) return data.flatMap((each) => valuesAt(each, steps));
  if (step === undefined) return [data];
  const name = step.split('.').at(-1) ?? step;
  return valuesAt((data as Record<string, unknown>)[name], rest);
}

/**
 * True when an error took away more than its own field, beneath the operation: of what was asked beside that one the
 * answer then says nothing. So it does of everything when the query was not carried out at all.
 */
export function tookSiblings({ data, errors }: Answered): boolean {
  return (errors ?? []).some(({ path }) => {
    if (!path) return true;
    let at: unknown = data;
    for (const step of path.slice(0, -1)) {
      at = (at as Record<string | number, unknown> | null)?.[step];
      if (at === null || at === undefined) return true;
    }
    return false;
  });
}
