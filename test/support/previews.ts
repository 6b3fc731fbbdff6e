import type { InstitutionStays } from '../../src/elders/institution-stays.js';
import { noStays } from '../../src/elders/institution-stays.js';
import { previewRuleChange } from '../../src/meals/rules/preview-rule-change.js';
import type { RuleImpact } from '../../src/meals/rules/rule-impact.js';
import type { RuleDocument } from '../../src/meals/rules/rule-language.rules.js';
import { subsidyRules } from '../../src/meals/rules/subsidy-rules.js';
import type { SwipeCommand } from '../../src/meals/swipe.rules.js';
import type { SwipeAnswer } from '../../src/meals/swipe-receipt.js';
import { SwipeRecorder } from '../../src/meals/swipe-recorder.js';
import { type TrialBalanceLine, trialBalance } from '../../src/meals/trial-balance.js';
import { versionsOf } from '../../src/rule-versions/list-versions.js';
import { proposeVersion } from '../../src/rule-versions/propose-version.js';
import type { Day } from '../../src/shared/china-time.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { intakeOf, limits, tap } from './taps.js';
import { noon, type Town } from './town.js';

/** A version of a set at a place, in force from a day of the past on unless it is only proposed. */
export async function addRules(
  { database }: Pick<Town, 'database'>,
  rules: { code: string; facilityId: number; document: RuleDocument; fromDay?: Day; approved?: boolean },
): Promise<number> {
  const { approved = true, fromDay = '2026-03-01', ...set } = rules;
  const proposal = { ...set, fromDay, toDay: null, byId: null, now: noon };
  const result = await database.write((manager) =>
    proposeVersion(manager, subsidyRules, proposal, { scope: 'everywhere', approved }),
  );
  if (isRefusal(result)) throw new Error(`${result.refused} ${result.field}`);
  return result.ruleSetId;
}

/** March, of which the last version of the set is tried unless another is named. */
export async function previewed(
  { database }: Pick<Town, 'database'>,
  code: string,
  { version, stays = noStays }: { version?: number; stays?: InstitutionStays } = {},
): Promise<RuleImpact> {
  return database.read(async (manager) => {
    const versions = await versionsOf(manager, subsidyRules, code);
    const rules = version === undefined ? versions.at(-1) : versions.find((each) => each.version === version);
    if (!rules) throw new Error(`there is no version of ${code}`);
    return previewRuleChange(manager, rules, { fromDay: '2026-03-01', toDay: '2026-04-01' }, { stays });
  });
}

/** What meals left with whom by the trial balance of the town's canteens, beside the same of a preview. */
export async function booked({ database, canteenIds }: Town): Promise<Pick<RuleImpact, 'actual'> & Borne> {
  return database.read(async (manager) => {
    const asked = { from: '2026-01-01', to: '2027-01-01' };
    const linesBy = async (by: 'FUNDER' | 'CANTEEN') =>
      (await trialBalance(manager, { ...asked, by }, canteenIds, '2026-12-31')) as TrialBalanceLine[];
    const names: { id: number; name: string }[] = await manager.query('SELECT id, name FROM funder');
    const nameOf = new Map(names.map(({ id, name }) => [String(id), name]));
    const borneBy = (await linesBy('FUNDER')).flatMap(({ key, funderFen, donorFen }): [string, number][] =>
      key === null ? [] : [[nameOf.get(key) ?? '', 0 - funderFen - donorFen]],
    );
    const lines = await linesBy('CANTEEN');
    const sum = (fenOf: (line: TrialBalanceLine) => number) =>
      lines.reduce((fen, line) => fen - fenOf(line), 0);
    const actual = {
      subsidyFen: sum(({ funderFen }) => funderFen),
      discountFen: sum(({ donorFen, discountFen }) => donorFen + discountFen),
      selfPaidFen: sum(({ elderFen }) => elderFen),
    };
    return { actual, borneBy: inOrder(borneBy) };
  });
}

/** By the names of funders, without those that bear nothing. */
interface Borne {
  borneBy: [funder: string, fen: number][];
}

/** The same of a preview of all days. */
export function borneIn({ actual, funding }: RuleImpact): Pick<RuleImpact, 'actual'> & Borne {
  return { actual, borneBy: inOrder(funding.map(({ funder, actualFen }) => [funder, actualFen])) };
}

function inOrder(borneBy: [string, number][]): [string, number][] {
  return borneBy.filter(([, fen]) => fen !== 0).sort(([one], [other]) => (one < other ? -1 : 1));
}

/** The answer to a tap of 12 yuan at an instant, as an upload of a week later at the latest. */
export function eaten(
  town: Town,
  cardUid: string,
  text: string,
  {
    canteen = 0,
    now,
    stays = noStays,
    ...command
  }: Partial<SwipeCommand> & { canteen?: 0 | 1; now?: Date; stays?: InstitutionStays } = {},
): Promise<SwipeAnswer> {
  const swipedAt = new Date(`${text}+08:00`);
  const { database, ids } = town;
  const recorder = new SwipeRecorder({ database, ids, limits, stays, termsAgeMsMax: 0 });
  const clock = { now: () => now ?? swipedAt };
  const request = tap(town, { cardUid, swipedAt, offline: true, ...command }, { canteen });
  return intakeOf(town, { recorder, clock }).record(request);
}
