import { type Role, roles } from '../../entities/access/access-grant.entity.js';

/**
 * Who may ask: the holders of these roles; IDENTIFIED, whoever has a token that counts, whatever the grants;
 * or ANYONE, without a token too.
 */
export type Rule = readonly Role[] | 'IDENTIFIED' | 'ANYONE';

export const everyone = roles;
export const managers = ['ADMIN', 'MANAGER'] as const satisfies readonly Role[];
export const administrators = ['ADMIN'] as const satisfies readonly Role[];
/** Who writes the rules of subsidies; an administrator of the place lets them count. */
export const treasurers = ['ADMIN', 'FINANCE'] as const satisfies readonly Role[];
export const logReaders = ['ADMIN', 'AUDITOR'] as const satisfies readonly Role[];
export const readers = ['READER'] as const satisfies readonly Role[];
export const auditors = [...managers, 'AUDITOR'] as const satisfies readonly Role[];
export const accountants = [...auditors, 'FINANCE'] as const satisfies readonly Role[];
export const settlers = ['MANAGER', 'FINANCE'] as const satisfies readonly Role[];
export const frontDesk = [...managers, 'STAFF'] as const satisfies readonly Role[];
/** Who sees elders and their cards: relatives those of the elders that they were let in to. */
export const filesReadBy = [...frontDesk, 'AUDITOR', 'FAMILY'] as const satisfies readonly Role[];
export const auditorsAndDesk = [...frontDesk, 'AUDITOR'] as const satisfies readonly Role[];
/** Who books visits: relatives those of the elders for whom they were let in to it. */
export const bookers = [...managers, 'FAMILY'] as const satisfies readonly Role[];
export const frontDeskAndFamily = [...frontDesk, 'FAMILY'] as const satisfies readonly Role[];
export const caregivers = ['CAREGIVER'] as const satisfies readonly Role[];
/** Who sees visits and whom they lead to; a caregiver its own alone (src/visits/elder-windows.ts). */
export const visitsReadBy = [...frontDesk, 'AUDITOR', ...caregivers] as const satisfies readonly Role[];
/** Who brings meals. A courier has a part in its own alone (courier-scope.ts). */
export const couriers = ['COURIER'] as const satisfies readonly Role[];
export const bringers = [...frontDesk, ...couriers] as const satisfies readonly Role[];
export const visitsShownTo = [...visitsReadBy, 'FAMILY'] as const satisfies readonly Role[];
