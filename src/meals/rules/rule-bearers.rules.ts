import { fault, first } from '../../rule-versions/rule-document.rules.js';
import type { Fault } from './rule-fault.rules.js';
import type { Bearer, RuleDocument, Share } from './rule-language.rules.js';
import { type FunderFacts, hundredthsOf } from './rule-shares.rules.js';

/** Each share one bearer and one size, and the last the rest, so that nothing is left over. */
export function sharesFault(
  shares: readonly Share[],
  fen: number,
  path: (string | number)[],
): Fault | undefined {
  const found = first(shares, (share, index) => {
    const { fen: amount, percent, rest } = share;
    const sizes = [amount, percent, rest].filter((size) => size !== undefined).length;
    const isLast = index === shares.length - 1;
    const isWell = sizes === 1 && (rest === true) === isLast;
    const text = {
      zh: '每份须写 fen、percent 或 rest 之一，且只有最后一份是 rest',
      en: 'a share says one of fen, percent and rest, and the last one alone is the rest',
    };
    return isWell ? bearersFault(share, [...path, index]) : fault('SHARES_INVALID', [...path, index], text);
  });
  if (found) return found;
  const fixedFen = shares.reduce((sum, share) => sum + (share.fen ?? 0), 0);
  const hundredths = shares.reduce((sum, share) => sum + hundredthsOf(share.percent ?? 0), 0);
  if (fixedFen <= fen && hundredths <= 10_000) return undefined;
  const text = { zh: '各份之和多于补贴', en: 'the shares are more than what is given' };
  return fault('SHARES_INVALID', path, text);
}

function bearersFault(share: Share, path: (string | number)[]): Fault | undefined {
  return first(bearersOf(share), ({ bearer: { funder, level, of, canteen }, path: at }) => {
    const said = [funder, level, canteen].filter((each) => each !== undefined).length;
    if (said === 1 && (of === undefined || level !== undefined)) return undefined;
    const text = {
      zh: '须写 funder、level 或 canteen 之一，of 只与 level 同用',
      en: 'a bearer is one of funder, level and canteen; of goes with level alone',
    };
    return fault('SHARES_INVALID', [...path, ...at], text);
  });
}

/** Whom a share names: at home, and where the elder eats elsewhere. */
export function bearersOf(share: Share): { bearer: Bearer; path: string[] }[] {
  const elsewhere = Object.entries(share.elsewhere ?? {}).flatMap(([distance, fate]) =>
    typeof fate === 'object' ? [{ bearer: fate, path: ['elsewhere', distance] }] : [],
  );
  return [{ bearer: share, path: [] }, ...elsewhere];
}

/** A bearer that no funder is: an unknown code, or a level that no funder has. Undefined when all are known. */
export function unknownFunder(
  { groups, operators = [] }: RuleDocument,
  funders: readonly FunderFacts[],
): Fault | undefined {
  const all: [readonly Share[], (string | number)[]][] = [
    ...groups.flatMap(({ rules }, index) =>
      rules.map(({ borneBy }, at): [readonly Share[], (string | number)[]] => [
        borneBy,
        ['groups', index, 'rules', at, 'borneBy'],
      ]),
    ),
    ...operators.map(({ borneBy }, index): [readonly Share[], (string | number)[]] => [
      borneBy,
      ['operators', index, 'borneBy'],
    ]),
  ];
  const text = { zh: '没有这样的出资方', en: 'there is no such funder' };
  return first(all, ([shares, path]) =>
    first(shares, (share, index) =>
      first(bearersOf(share), ({ bearer: { funder, level }, path: at }) => {
        const isKnown = (facts: FunderFacts) =>
          funder === undefined ? facts.level === level : facts.code === funder;
        if ((funder === undefined && level === undefined) || funders.some(isKnown)) return undefined;
        return fault('FUNDER_UNKNOWN', [...path, index, ...at], text);
      }),
    ),
  );
}
