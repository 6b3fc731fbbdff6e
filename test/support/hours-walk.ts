import type { Database } from '../../src/shared/database.js';
import { addAbsence, proposedHours } from './hours.js';
import { hoursRules } from './hours-cases.js';
import { today } from './town.js';
import { addCaregiver } from './visits.js';
import type { Side } from './walk-sides.js';

/** What hangs on a place of a caregiver and of hours. */
export interface HoursSide {
  hoursRuleId: number;
  caregiverId: number;
  absenceId: number;
}

export const hoursNowhere: HoursSide = { hoursRuleId: 999_999, caregiverId: 999_999, absenceId: 999_999 };

export async function hoursSide(database: Database, facilityId: number): Promise<HoursSide> {
  const caregiverId = await addCaregiver(database, { stationId: facilityId });
  const hoursRuleId = await proposedHours(database, facilityId);
  return { hoursRuleId, caregiverId, absenceId: await addAbsence(database, caregiverId) };
}

const day = `"${today}"`;
const documentText = JSON.stringify(JSON.stringify(hoursRules([{}])));
const terms = 'nameZh: "服务", nameEn: "Service", minutes: 60';

/** How queries about the catalogue, government hours and rosters are asked about a place. */
export const hoursQueries: Record<string, (side: Side) => string> = {
  serviceCatalog: ({ facilityId }) => `(facilityId: ${facilityId})`,
  hoursRuleSets: ({ facilityId }) => `(facilityId: ${facilityId})`,
  hoursOf: ({ elderId }) => `(elderId: ${elderId}, month: "2026-03")`,
  explainHours: ({ elderId, facilityId }) =>
    `(elderId: ${elderId}, serviceCode: "WALKING", stationId: ${facilityId}, day: ${day})`,
  caregivers: ({ facilityId }) => `(stationId: ${facilityId})`,
  roster: ({ facilityId }) => `(stationId: ${facilityId}, from: ${day}, to: ${day})`,
  myRoster: () => `(from: ${day}, to: ${day})`,
};

/** How mutations about them are asked about a place. */
export const hoursMutations: Record<string, (side: Side) => string> = {
  addService: ({ facilityId }) =>
    `(input: { code: "NEW-${facilityId}", group: HEALTH, ${terms}, fromDay: ${day}, priceFen: 1000 })`,
  changeService: () => `(serviceCode: "WALKING", input: { ${terms} })`,
  setServicePrice: () => `(serviceCode: "WALKING", fromDay: "2026-05-01", priceFen: 1000)`,
  setServiceOffer: ({ facilityId }) =>
    `(facilityId: ${facilityId}, serviceCode: "WALKING", fromDay: ${day}, isOffered: true)`,
  proposeHoursRuleSet: ({ facilityId }) =>
    `(input: { code: "WALK-${facilityId}", facilityId: ${facilityId}, fromDay: "2026-05-01", document: ${documentText} })`,
  approveHoursRuleSet: ({ hoursRuleId }) => `(id: ${hoursRuleId})`,
  rejectHoursRuleSet: ({ hoursRuleId }) => `(id: ${hoursRuleId}, note: "no")`,
  withdrawHoursRuleSet: ({ hoursRuleId }) => `(id: ${hoursRuleId})`,
  addCaregiver: ({ facilityId, accountId }) =>
    `(input: { accountId: ${accountId}, stationId: ${facilityId}, gender: FEMALE, activeFrom: ${day} })`,
  changeCaregiver: ({ caregiverId }) => `(caregiverId: ${caregiverId}, gender: MALE)`,
  endCaregiver: ({ caregiverId }) => `(caregiverId: ${caregiverId}, on: "2026-05-01")`,
  keepSkill: ({ caregiverId }) => `(caregiverId: ${caregiverId}, skill: "DRIVING")`,
  withdrawSkill: ({ caregiverId }) => `(caregiverId: ${caregiverId}, skill: "COOKING")`,
  setWorkingHours: ({ caregiverId }) =>
    `(caregiverId: ${caregiverId}, fromDay: ${day}, hours: [{ weekday: 1, fromMinute: 480, toMinute: 720 }])`,
  recordAbsence: ({ caregiverId }) =>
    `(caregiverId: ${caregiverId}, kind: DAY_OFF, startsAt: "2026-03-11T00:00:00+08:00", endsAt: "2026-03-12T00:00:00+08:00")`,
  withdrawAbsence: ({ absenceId }) => `(absenceId: ${absenceId})`,
};
