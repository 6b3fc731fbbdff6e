import type { Side } from './walk-sides.js';

export interface Answered {
  data: Record<string, unknown> | null;
  errors?: {
    message: string;
    path?: (string | number)[];
    extensions: { code?: string; requestId?: string };
  }[];
}

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

/** What an answer tells, without the ids that the question itself brought and those of the request. */
export function told({ data, errors }: Answered, side: Side): string {
  const codes = (errors ?? []).map(({ message, extensions }) => [message, extensions.code]);
  let text = JSON.stringify([data, codes]);
  const { facilityCode: _code, ...ids } = side;
  for (const value of Object.values(ids)) {
    text = text.replaceAll(new RegExp(`(?<!-)\\b${value}\\b(?!-)`, 'gi'), '#');
  }
  return text;
}

/** True when the answer holds the last field of a path, whatever its value. */
export function reaches(data: unknown, steps: readonly string[]): boolean {
  const [step, ...rest] = steps;
  if (step === undefined) return true;
  if (Array.isArray(data)) return data.some((each) => reaches(each, steps));
  if (typeof data !== 'object' || data === null) return false;
  const name = step.split('.').at(-1) ?? step;
  return name in data && reaches((data as Record<string, unknown>)[name], rest);
}
