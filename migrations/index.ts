export { NetworkEldersMealsAccess1763800000000 } from './1763800000000-network-elders-meals-access.js';
export { StaffSessions1764000100000 } from './1764000100000-staff-sessions.js';
export { ElderPrivacy1764000200000 } from './1764000200000-elder-privacy.js';
export { AuditLog1764000300000 } from './1764000300000-audit-log.js';
export { Readers1764000400000 } from './1764000400000-readers.js';
export { Statements1764100600000 } from './1764100600000-statements.js';
