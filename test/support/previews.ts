import type { InstitutionStays } from '../../src/elders/institution-stays.js';
import { noStays } from '../../src/elders/institution-stays.js';
import { previewRuleChange } from '../../src/meals/rules/preview-rule-change.js';
import type { RuleImpact } from '../../src/meals/rules/rule-impact.js';
import type { RuleDocument } from '../../src/meals/rules/rule-language.rules.js';
import { subsidyRules } from '../../src/meals/rules/subsidy-rules.js';
import type { SwipeCommand } from '../../src/meals/swipe.rules.js';
import type { SwipeAnswer } from '../../src/meals/swipe-receipt.js';
import { SwipeRecorder } from '../../src/meals/swipe-recorder.js';
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
