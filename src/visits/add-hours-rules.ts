import type { EntityManager } from 'typeorm';
import { facilityByCode } from '../network/find-facilities.js';
import { isRefusal, type Refusal, refuse } from '../shared/refusal.js';
import type { HoursFile } from './hours-file.rules.js';
import {
  type HoursRuleRefusalCode,
  type ProposedHoursRules,
  proposeHoursRules,
} from './propose-hours-rules.js';

export interface HoursRulesToAdd {
  ruleSets: HoursFile['ruleSets'];
  /** The sets count at the stations beneath this facility. */
  facilityCode: string;
  /** False where a second person has yet to approve them. */
  approved: boolean;
}

/**
 * Brings rules of hours in by whoever may run commands on the machine, whose funders are there already. Approved at
 * once they may begin in the past, as when a city is set up with the rules that it has had for years.
 */
export async function addHoursRules(
  manager: EntityManager,
  { ruleSets, facilityCode, approved }: HoursRulesToAdd,
  now: Date,
): Promise<{ versions: ProposedHoursRules[] } | Refusal<HoursRuleRefusalCode>> {
  const facility = await facilityByCode(manager, facilityCode);
  if (!facility) {
    const text = { zh: '没有此编码的机构', en: 'No facility has this code' };
    return refuse('FACILITY_UNKNOWN', text, ['facility']);
  }
  const versions: ProposedHoursRules[] = [];
  for (const { code, versions: wanted } of ruleSets) {
    for (const version of wanted) {
      const proposal = { ...version, code, facilityId: facility.id, byId: null, now };
      const proposed = await proposeHoursRules(manager, proposal, { scope: 'everywhere', approved });
      if (isRefusal(proposed)) return proposed;
      versions.push(proposed);
    }
  }
  return { versions };
}
