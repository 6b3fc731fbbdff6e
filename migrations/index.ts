export { NetworkEldersMealsAccess1763800000000 } from './1763800000000-network-elders-meals-access.js';
export { StaffSessions1764000100000 } from './1764000100000-staff-sessions.js';
