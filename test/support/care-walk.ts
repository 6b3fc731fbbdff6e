import { randomUUID } from 'node:crypto';
import { today } from './town.js';
import type { Side } from './walk-arguments.js';

const instant = '"2026-03-10T12:00:00+08:00"';
const requestId = () => `requestId: "${randomUUID()}"`;

/** How queries about carrying visits out are asked about a place. */
export const careQueries: Record<string, (side: Side) => string> = {
  evidenceForReview: ({ facilityId }) => `(within: ${facilityId})`,
  visitEvidence: ({ visitId }) => `(visitId: ${visitId})`,
  visitCareTerms: ({ facilityId }) => `(facilityId: ${facilityId})`,
  doorTags: ({ elderId }) => `(elderId: ${elderId})`,
  visitAlerts: ({ facilityId }) => `(within: ${facilityId})`,
  careAlerts: ({ facilityId }) => `(within: ${facilityId})`,
  caregiverRatings: ({ facilityId }) => `(within: ${facilityId})`,
};

/** How mutations about carrying visits out are asked about a place. */
export const careMutations: Record<string, (side: Side) => string> = {
  checkIn: ({ visitId }) => `(visitId: ${visitId}, at: ${instant}, latitude: 33.0, longitude: 112.5)`,
  checkOut: ({ visitId }) => `(visitId: ${visitId}, at: ${instant}, latitude: 33.0, longitude: 112.5)`,
  recordVisitChecks: ({ visitId }) =>
    `(input: [{ ${requestId()}, visitId: ${visitId}, kind: IN, at: ${instant} }])`,
  endVisit: ({ visitId }) => `(visitId: ${visitId}, at: ${instant}, reason: "forgot")`,
  decideVisitEvidence: ({ visitId }) => `(visitId: ${visitId}, verdict: PAY, note: "seen")`,
  setVisitCareTerms: ({ facilityId }) =>
    `(input: { facilityId: ${facilityId}, fromDay: "${today}", nearMetres: 50 })`,
  issueDoorTag: ({ elderId }) => `(elderId: ${elderId})`,
  revokeDoorTag: () => '(id: 1)',
  recordCare: ({ visitId }) => `(input: { visitId: ${visitId}, ${requestId()}, note: "well" })`,
  setCareLimit: ({ elderId }) => `(input: { elderId: ${elderId}, kind: SUGAR, low: 4.0, high: 10.0 })`,
  answerVisitAlert: () => '(id: 1)',
  answerCareAlert: () => '(id: 1)',
  rateVisit: ({ visitId }) => `(visitId: ${visitId}, stars: 5)`,
  setServiceItems: () => '(serviceCode: "WALKING", items: [])',
  setElderContacts: ({ elderId }) =>
    `(elderId: ${elderId}, contacts: [{ name: "王芳", relation: "女儿", phone: "13900000000" }])`,
};
