import { accessChecks } from '../access/audit.js';
import { bedChecks } from '../beds/audit.js';
import { waitlistChecks } from '../beds/audit-waitlist.js';
import { bedDayChecks } from '../beds/bed-days/audit-bed-days.js';
import { eldersChecks } from '../elders/audit.js';
import { assessmentChecks } from '../elders/audit-assessments.js';
import { mealsChecks } from '../meals/audit.js';
import { statementChecks } from '../meals/statement-audit.js';
import { networkChecks } from '../network/audit.js';
import { eventChecks } from '../settlement/audit-events.js';
import type { AuditCheck } from '../shared/audit-check.js';
import { visitsChecks } from '../visits/audit.js';
import { careChecks } from '../visits/audit-care.js';
import { stationStatementChecks } from '../visits/audit-station-statements.js';
import { planChecks } from '../visits/plans/audit-plans.js';

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
  ...statementChecks,
  ...stationStatementChecks,
  ...bedChecks,
  ...waitlistChecks,
  ...bedDayChecks,
];
