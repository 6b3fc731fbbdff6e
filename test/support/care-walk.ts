import { randomUUID } from 'node:crypto';
import { setElderContacts } from '../../src/elders/elder-contacts.js';
import { keepDoor } from '../../src/elders/elder-door.js';
import type { Database } from '../../src/shared/database.js';
import { cipherOf } from '../../src/shared/database-cipher.js';
import { measurementName, noteName } from '../../src/visits/sealed-care.js';
import { noon, today } from './town.js';
import type { Side } from './walk-sides.js';

const instant = '"2026-03-10T12:00:00+08:00"';
const requestId = () => `requestId: "${randomUUID()}"`;

/** How queries about carrying visits out are asked about a place. */
export const careQueries: Record<string, (side: Side) => string> = {
  evidenceForReview: ({ facilityId }) => `(within: ${facilityId})`,
  visitEvidence: ({ visitId }) => `(visitId: ${visitId})`,
  visitTerms: ({ facilityId }) => `(facilityId: ${facilityId})`,
  visitDuties: ({ facilityId }) => `(facilityId: ${facilityId})`,
  visitCareTerms: ({ facilityId }) => `(facilityId: ${facilityId})`,
  doorTags: ({ elderId }) => `(elderId: ${elderId})`,
  visitAlerts: ({ facilityId }) => `(within: ${facilityId})`,
  careAlerts: ({ facilityId }) => `(within: ${facilityId})`,
  objectionsForReview: ({ facilityId }) => `(within: ${facilityId})`,
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
  setVisitTerms: ({ facilityId }) =>
    `(input: { facilityId: ${facilityId}, fromDay: "${today}", leadMinutes: 30 })`,
  setVisitDuty: ({ facilityId }) =>
    `(input: { facilityId: ${facilityId}, category: DESTITUTE, abilityFrom: 0, fromDay: "${today}", isDuty: true })`,
  setVisitCareTerms: ({ facilityId }) =>
    `(input: { facilityId: ${facilityId}, fromDay: "${today}", nearMetres: 50 })`,
  issueDoorTag: ({ elderId }) => `(elderId: ${elderId})`,
  revokeDoorTag: () => '(id: 1)',
  recordCare: ({ visitId }) => `(input: { visitId: ${visitId}, ${requestId()}, note: "well" })`,
  setCareLimit: ({ elderId }) => `(input: { elderId: ${elderId}, kind: SUGAR, low: 4.0, high: 10.0 })`,
  answerVisitAlert: () => '(id: 1)',
  answerCareAlert: () => '(id: 1)',
  objectToCancellation: ({ visitId }) => `(visitId: ${visitId}, reason: "theirs")`,
  decideObjection: ({ visitId }) => `(visitId: ${visitId}, isUpheld: true, note: "seen")`,
  rateVisit: ({ visitId }) => `(visitId: ${visitId}, stars: 5)`,
  recordFamilyPayment: ({ visitId }) => `(visitId: ${visitId}, ${requestId()}, fen: 100, means: CASH)`,
  reverseFamilyPayment: () => `(paymentId: 1, ${requestId()}, reason: "mistake")`,
  setServiceItems: () => '(serviceCode: "WALKING", items: [])',
  setElderContacts: ({ elderId }) =>
    `(elderId: ${elderId}, contacts: [{ name: "王芳", relation: "女儿", phone: "13900000000" }])`,
};

/** A note, a measurement, a contact and a door of the elder of a place, so that every field of them is come to. */
export async function describeSide(
  database: Database,
  { elderId, accountId: byId }: Side,
  { visitId, caregiverId }: { visitId: number; caregiverId: number },
): Promise<void> {
  await database.write(async (manager) => {
    const cipher = cipherOf(manager);
    const own = [randomUUID(), visitId, elderId, caregiverId];
    const columns = 'requestId, visitId, elderId, caregiverId';
    await manager.query(
      `INSERT INTO care_note (${columns}, textSealed, writtenAt) VALUES (?, ?, ?, ?, ?, ?)`,
      [...own, cipher.encrypt(noteName, '好'), noon.getTime()],
    );
    await manager.query(
      `INSERT INTO care_measurement (${columns}, kind, valueSealed, measuredAt) VALUES (?, ?, ?, ?, 'PULSE', ?, ?)`,
      [...own, cipher.encrypt(measurementName, '700'), noon.getTime()],
    );
    const contacts = [{ name: '王芳', relation: '女儿', phone: '13900000000' }];
    await setElderContacts(manager, { elderId, contacts, byId, now: noon }, 'everywhere');
    const position = { latitudeMicro: 33_000_000, longitudeMicro: 112_500_000 };
    await keepDoor(manager, elderId, { position, note: '三楼' }, { byId, now: noon });
  });
}
