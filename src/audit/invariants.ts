import { accessChecks } from '../access/audit.js';
import { brokenPhones } from '../access/audit-phones.js';
import { sealedTotp } from '../access/totp-secrets.js';
import { bedChecks } from '../beds/audit.js';
import { waitlistChecks } from '../beds/audit-waitlist.js';
import { bedDayChecks } from '../beds/bed-days/audit-bed-days.js';
import { homeSettlement } from '../beds/bed-days/home-settlement.js';
import { eldersChecks } from '../elders/audit.js';
import { assessmentChecks } from '../elders/audit-assessments.js';
import { brokenIdentities } from '../elders/audit-identities.js';
import { sealedDoors } from '../elders/elder-door.js';
import { mealsChecks } from '../meals/audit.js';
import { canteenSettlement } from '../meals/canteen-settlement.js';
import { sealedHeirs } from '../meals/heirs.js';
import { statementChecks } from '../meals/statement-audit.js';
import { networkChecks } from '../network/audit.js';
import { digestChecks } from '../settlement/audit-digests.js';
import { eventChecks } from '../settlement/audit-events.js';
import type { AuditCheck, ReadCheck } from '../shared/audit-check.js';
import { type SealedTable, unreadableRows } from '../shared/rotate-keys.js';
import { visitsChecks } from '../visits/audit.js';
import { careChecks } from '../visits/audit-care.js';
import { stationStatementChecks } from '../visits/audit-station-statements.js';
import { planChecks } from '../visits/plans/audit-plans.js';
import { stationSettlement } from '../visits/station-settlement.js';

/** Everything that must be true of the whole database at any time. */
export const invariants: readonly AuditCheck[] = [
  ...networkChecks,
  ...eldersChecks,
  ...assessmentChecks,
  ...mealsChecks,
  ...accessChecks,
  ...visitsChecks,
  ...careChecks,
  ...planChecks,
  ...eventChecks,
  ...digestChecks([canteenSettlement, stationSettlement, homeSettlement]),
  ...statementChecks,
  ...stationStatementChecks,
  ...bedChecks,
  ...waitlistChecks,
  ...bedDayChecks,
];

/** What must be true of encrypted values, and needs the keys to be looked at. */
export const sealedInvariants: readonly ReadCheck[] = [
  readable("every secret of one-time codes can be read and is its account's own", sealedTotp),
  readable("every encrypted door can be read and is its elder's own", sealedDoors),
  readable('every encrypted value of an heir can be read', sealedHeirs),
  {
    name: "every encrypted phone of a relative can be read and is its account's own",
    offending: brokenPhones,
  },
  { name: "every encrypted value can be read and is its file's own", offending: brokenIdentities },
];

function readable(name: string, table: SealedTable): ReadCheck {
  return { name, offending: (manager) => unreadableRows(manager, table) };
}
