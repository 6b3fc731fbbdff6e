import type { Cap, Rule, RuleDocument } from '../../src/meals/rules/rule-language.rules.js';
import { subsidyRules } from '../../src/meals/rules/subsidy-rules.js';
import { proposeVersion } from '../../src/rule-versions/propose-version.js';
import type { Database } from '../../src/shared/database.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { noon } from './town.js';

const words = (text: string) => ({ zh: text, en: text });

/** A document with one rule of one group. */
export function oneRule(
  rule: Partial<Rule> & Pick<Rule, 'gives'>,
  { alongside = 'BEST', caps }: { alongside?: RuleDocument['alongside']; caps?: Cap[] } = {},
): RuleDocument {
  return {
    format: 1,
    name: words('rules'),
    alongside,
    groups: [
      {
        code: 'G',
        name: words('group'),
        pick: 'ONE',
        ...(caps ? { caps } : {}),
        rules: [{ code: 'R', name: words('rule'), borneBy: [{ funder: 'BUREAU', rest: true }], ...rule }],
      },
    ],
  };
}

export function amount(fen: number): Rule['gives'] {
  return { kind: 'AMOUNT', fen, ifBillIsLess: 'PAY_THE_BILL' };
}

/** So much towards the dinner of everybody of 70 and over. */
export function dinner(fen = 250, funder = 'BUREAU'): RuleDocument {
  return oneRule({
    who: { ageFrom: 70 },
    when: { meals: ['DINNER'] },
    gives: amount(fen),
    borneBy: [{ funder, rest: true }],
  });
}

/** A document of nearly 60,000 bytes, in which so much is written as the amount of each of 1480 caps. */
export function manyCaps(fen: string): string {
  const caps = Array.from({ length: 8 }, () => ({ per: 'DAY', fen: 'FEN' }));
  const name = words('字');
  const gives = { kind: 'FREE' };
  const borneBy = [{ funder: 'BUREAU', rest: true }];
  const groups = [0, 1, 2, 3, 4].map((index) => ({
    code: `G${index}`,
    name,
    pick: 'BEST',
    rules: Array.from({ length: 37 }, (_, at) => ({ code: `${index}-${at}`, name, gives, borneBy, caps })),
  }));
  const document = { format: 1, name, alongside: 'BEST', groups };
  return JSON.stringify(document).replaceAll('"FEN"', fen);
}

let sets = 0;

/** A version that the command line brought in for a facility, waiting for somebody to approve it. */
export async function proposedRules(database: Database, facilityId: number): Promise<number> {
  sets += 1;
  const days = { fromDay: '2026-05-01', toDay: null };
  const proposal = { ...days, code: `SET-${sets}`, facilityId, document: dinner(), byId: null, now: noon };
  const proposed = await database.write((manager) =>
    proposeVersion(manager, subsidyRules, proposal, { scope: 'everywhere' }),
  );
  if (isRefusal(proposed)) throw new Error(proposed.refused);
  return proposed.ruleSetId;
}
