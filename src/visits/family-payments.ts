import type { EntityManager } from 'typeorm';
import type { PaymentMeans } from '../../entities/visits/family-payment.entity.js';
import type { AuditedState } from '../audit-log/write-on-record.js';
import { dayOf } from '../shared/china-time.js';
import { cipherOf } from '../shared/database-cipher.js';
import { insertRows } from '../shared/statements.js';
import { isUuid } from '../shared/uuid.js';
import { type CareRefusal, refuseCare } from './care-refusals.js';
import { type CareVisit, lockCareVisits, reachedVisits } from './care-visits.js';
import { type FamilyPaymentFound, paidOfVisits, paymentsOfVisits } from './find-payments.js';
import { noteTextOf, shortTextMax } from './note-text.rules.js';
import { paymentReasonName } from './sealed-care.js';
import type { VisitReach } from './visit-reach.js';

export interface PaymentGiven {
  /** A UUID. */
  requestId: string;
  visitId: number;
  fen: number;
  means: PaymentMeans;
  /** The caregiver of the visit to whom it was paid; the caller itself without one. */
  caregiverId: number | null;
  byId: number;
  now: Date;
}

interface Posting {
  requestId: string;
  visit: Pick<CareVisit, 'id' | 'elderId' | 'stationId'>;
  fen: number;
  means: PaymentMeans;
  takenById: number;
  reversesId: number | null;
  reason: string | null;
  byId: number;
  now: Date;
}

/**
 * Writes down that a family paid its part of a visit, or some of it: by the caregiver who took it at the door, or by the
 * station. Never more than is owed: of a visit that is under way what was agreed, of one that was brought what the ledger
 * of hours says.
 */
export async function recordFamilyPayment(
  manager: EntityManager,
  given: PaymentGiven,
  reach: VisitReach,
): Promise<FamilyPaymentFound | CareRefusal> {
  const { visitId, fen, means, caregiverId, byId, now } = given;
  if (!isUuid(given.requestId)) return refuseCare('REQUEST_ID_MALFORMED', ['requestId']);
  const requestId = given.requestId.toLowerCase();
  const reached = await reachedVisits(manager, [visitId], reach, dayOf(now));
  const visit = (await lockCareVisits(manager, reached)).get(visitId);
  if (!visit) return refuseCare('VISIT_UNKNOWN', ['visitId']);
  const part = visit.parts.find((each) => each.caregiverId === caregiverId);
  const takenById = caregiverId === null ? byId : part?.accountId;
  if (takenById === undefined) {
    const text = { zh: '不是此次服务的护理员', en: 'is no caregiver of this visit' };
    return refuseCare('VALUE_OUT_OF_RANGE', ['caregiverId'], text);
  }
  const posting = { visit, requestId, fen, means, takenById, reversesId: null, reason: null, byId, now };
  const earlier = await earlierPayment(manager, posting);
  if (earlier) return earlier;
  const { status } = visit;
  if (status !== 'IN_PROGRESS' && status !== 'COMPLETED') {
    const text = {
      zh: `服务状态为 ${status}，签到之后才能收款`,
      en: `${status}: it is paid once somebody has checked in`,
    };
    return refuseCare('WRONG_STATE', ['visitId'], text);
  }
  const owed = await owedOf(manager, visit);
  if (!Number.isInteger(fen) || fen <= 0 || fen > owed) {
    const text = { zh: `须为 1 至 ${owed} 分`, en: `must be 1 to ${owed} fen, which is what is still owed` };
    return refuseCare('VALUE_OUT_OF_RANGE', ['fen'], text);
  }
  return post(manager, posting);
}

/** Takes a payment back by an opposite one, once: money that was given back, or that was written down by mistake. */
export async function reverseFamilyPayment(
  manager: EntityManager,
  given: { requestId: string; paymentId: number; reason: string; byId: number; now: Date },
  reach: VisitReach,
): Promise<FamilyPaymentFound | CareRefusal> {
  const { paymentId, byId, now } = given;
  if (!isUuid(given.requestId)) return refuseCare('REQUEST_ID_MALFORMED', ['requestId']);
  const requestId = given.requestId.toLowerCase();
  const reason = noteTextOf(given.reason, shortTextMax);
  if (!reason) return refuseCare('NOTE_INVALID', ['reason']);
  const visitId = await visitOfPayment(manager, paymentId);
  const reached = await reachedVisits(manager, [visitId], reach, dayOf(now));
  const visit = (await lockCareVisits(manager, reached)).get(visitId);
  const paid = (await paymentsOfVisits(manager, [visitId])).get(visitId) ?? [];
  const payment = visit && paid.find(({ id }) => id === paymentId);
  if (!visit || !payment) return refuseCare('PAYMENT_UNKNOWN', ['paymentId']);
  const { means, takenById } = payment;
  const posting = { visit, requestId, fen: -payment.fen, means, takenById, reversesId: paymentId, reason };
  const earlier = await earlierPayment(manager, posting);
  if (earlier) return earlier;
  if (payment.reversesId !== null || paid.some(({ reversesId }) => reversesId === paymentId)) {
    return refuseCare('WRONG_STATE', ['paymentId']);
  }
  return post(manager, { ...posting, byId, now });
}

/** The answer of the first time; a refusal where the id was used for something else. */
async function earlierPayment(
  manager: EntityManager,
  posting: Omit<Posting, 'byId' | 'now'>,
): Promise<FamilyPaymentFound | CareRefusal | undefined> {
  const [row]: { id: number; visitId: number }[] = await manager.query(
    'SELECT id, visitId FROM family_payment WHERE requestId = ?',
    [posting.requestId],
  );
  if (!row) return undefined;
  const found = (await paymentsOfVisits(manager, [row.visitId])).get(row.visitId) ?? [];
  const earlier = found.find(({ id }) => id === row.id) as FamilyPaymentFound;
  const isSame =
    row.visitId === posting.visit.id &&
    earlier.fen === posting.fen &&
    earlier.means === posting.means &&
    earlier.takenById === posting.takenById &&
    earlier.reversesId === posting.reversesId &&
    earlier.reason === posting.reason;
  return isSame ? earlier : refuseCare('REQUEST_ID_REUSED', ['requestId']);
}

/** What of the family's part is not paid yet, in fen. */
async function owedOf(
  manager: EntityManager,
  { id, status }: Pick<CareVisit, 'id' | 'status'>,
): Promise<number> {
  const [row]: { agreedFen: number | string; owedFen: number | string | null }[] = await manager.query(
    `SELECT visit.selfPaidFen AS agreedFen,
            (SELECT -SUM(entry.fen) FROM hours_posting posting
               JOIN hours_entry entry ON entry.postingId = posting.id AND entry.account = 'FAMILY'
              WHERE posting.visitId = visit.id) AS owedFen
       FROM visit WHERE visit.id = ?`,
    [id],
  );
  const owed = Number((status === 'COMPLETED' ? row?.owedFen : row?.agreedFen) ?? 0);
  return Math.max(0, owed - ((await paidOfVisits(manager, [id])).get(id) ?? 0));
}

async function post(manager: EntityManager, posting: Posting): Promise<FamilyPaymentFound> {
  const { visit, requestId, fen, means, takenById, reversesId, reason, byId, now } = posting;
  const row = {
    requestId,
    visitId: visit.id,
    elderId: visit.elderId,
    stationId: visit.stationId,
    fen,
    means,
    takenById,
    reversesId,
    reasonSealed: reason === null ? null : cipherOf(manager).encrypt(paymentReasonName, reason),
    bookedOn: dayOf(now),
    recordedAt: now.getTime(),
    recordedById: byId,
  };
  await insertRows(manager, 'family_payment', Object.keys(row), [Object.values(row)]);
  const [written]: { id: number }[] = await manager.query(
    'SELECT id FROM family_payment WHERE requestId = ?',
    [requestId],
  );
  const id = written?.id as number;
  await insertRows(
    manager,
    'family_payment_entry',
    ['paymentId', 'line', 'account', 'ownerId', 'fen'],
    [
      [id, 1, 'FAMILY', visit.elderId, fen],
      [id, 2, 'STATION_RECEIVABLE', visit.stationId, -fen],
    ],
  );
  const payments = (await paymentsOfVisits(manager, [visit.id])).get(visit.id) ?? [];
  return payments.find((payment) => payment.id === id) as FamilyPaymentFound;
}

/** 0 when there is no such payment: no visit has the id. */
export async function visitOfPayment(manager: EntityManager, paymentId: number): Promise<number> {
  const [row]: { visitId: number }[] = await manager.query(
    'SELECT visitId FROM family_payment WHERE id = ?',
    [paymentId],
  );
  return row?.visitId ?? 0;
}

/** What the log is told: how much is paid. Its elder and its caregivers stay locked from the first look on. */
export async function paymentState(
  manager: EntityManager,
  visitId: number,
): Promise<AuditedState | undefined> {
  const visit = (await lockCareVisits(manager, [visitId])).get(visitId);
  if (!visit) return undefined;
  const { elderId, stationId } = visit;
  return {
    about: { elderId, facilityId: stationId, subject: `visit:${visitId}` },
    values: { familyPaidFen: (await paidOfVisits(manager, [visitId])).get(visitId) ?? 0 },
  };
}
