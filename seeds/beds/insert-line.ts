import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { OfferPassedAs } from '../../entities/beds/bed-offer.entity.js';
import { declineReasonName } from '../../src/beds/answer-offer.js';
import { passReasonName } from '../../src/beds/next-in-line.js';
import { dayOf } from '../../src/shared/china-time.js';
import { cipherOf } from '../../src/shared/database-cipher.js';
import { insertRows } from '../../src/shared/statements.js';
import { seededRequestId } from './applicants.js';
import type { HomeToFill } from './fill-home.js';
import { enteredAt, type PlannedEntry, type PlannedHold } from './line-plan.js';
import { inParts } from './parts.js';

export interface LineIds {
  entryIds: ReadonlyMap<PlannedEntry, number>;
  holdIds: ReadonlyMap<PlannedHold, number>;
}

/** Who waits and waited, which beds were kept and offered, and who was passed over, as the steps would have left it. */
export async function insertLine(manager: EntityManager, home: HomeToFill, ids: LineIds): Promise<void> {
  await insertEntries(manager, home, ids);
  await insertHolds(manager, home, ids);
  await insertOffers(manager, home, ids);
  await insertPasses(manager, home, ids);
}

async function insertEntries(
  manager: EntityManager,
  { facilityId, byId, entries }: HomeToFill,
  { entryIds }: LineIds,
): Promise<void> {
  const types = [...new Set(entries.map(({ type }) => type))];
  if (types.length === 0) return;
  await insertRows(
    manager,
    'waitlist_line',
    ['facilityId', 'bedType'],
    types.map((type) => [facilityId, type]),
  );
  const columns = [
    ...['id', 'requestId', 'contentHash', 'elderId', 'openElderId', 'facilityId', 'bedType', 'joinedOn'],
    ...['joinedAt', 'joinedById', 'endedAt', 'endedById', 'endKind'],
  ];
  await inParts(entries, (part) =>
    insertRows(
      manager,
      'waitlist_entry',
      columns,
      part.map((entry) => {
        const { applicant, type, joinedAt, stay } = entry;
        const { elderId } = applicant;
        const contentHash = createHash('sha256').update(`${elderId} ${facilityId} ${type}`).digest('hex');
        const requestId = seededRequestId('waitlist', elderId, type);
        const end = stay ? [enteredAt(stay, true).getTime(), byId, 'ADMITTED'] : [null, null, null];
        return [
          ...[entryIds.get(entry), requestId, contentHash, elderId, stay ? null : elderId, facilityId, type],
          ...[dayOf(joinedAt), joinedAt.getTime(), byId, ...end],
        ];
      }),
    ),
  );
}

async function insertHolds(
  manager: EntityManager,
  { facilityId, bedIds, byId, holds }: HomeToFill,
  { holdIds }: LineIds,
): Promise<void> {
  const columns = [
    ...['id', 'bedId', 'facilityId', 'elderId', 'fromDay', 'expiresAt', 'expiresOn', 'heldAt', 'heldById'],
    ...['endedAt', 'endedOn', 'endKind'],
  ];
  await inParts(holds, (part) =>
    insertRows(
      manager,
      'bed_hold',
      columns,
      part.map((hold) => {
        const { bed, applicant, from, heldAt, expiresAt, end } = hold;
        const ended = end ? [end.at.getTime(), dayOf(end.at), end.kind] : [null, null, null];
        return [
          ...[holdIds.get(hold), bedIds[bed], facilityId, applicant.elderId, from, expiresAt.getTime()],
          ...[dayOf(expiresAt), heldAt.getTime(), byId, ...ended],
        ];
      }),
    ),
  );
}

async function insertOffers(
  manager: EntityManager,
  { bedIds, byId, holds, now }: HomeToFill,
  { entryIds, holdIds }: LineIds,
): Promise<void> {
  const cipher = cipherOf(manager);
  const offers = holds.filter(({ entry }) => entry !== null);
  const columns = [
    ...['id', 'entryId', 'elderId', 'bedId', 'offeredAt', 'offeredById'],
    ...['declinedAt', 'declinedOn', 'declinedById', 'reasonSealed', 'passOnAt', 'passedOnAs'],
  ];
  await inParts(offers, (part) =>
    insertRows(
      manager,
      'bed_offer',
      columns,
      part.map((hold) => {
        const { entry, applicant, bed, heldAt, declined, end } = hold;
        const said =
          declined !== null && end
            ? [end.at.getTime(), dayOf(end.at), byId, cipher.encrypt(declineReasonName, declined)]
            : [null, null, null, null];
        const whose = [entry && entryIds.get(entry), applicant.elderId, bedIds[bed]];
        return [holdIds.get(hold), ...whose, heldAt.getTime(), byId, ...said, ...passingOn(hold, now)];
      }),
    ),
  );
}

/** A bed that nobody took was left to the manager; one that is offered now passes on when its time is over. */
function passingOn(
  { end, expiresAt }: PlannedHold,
  now: Date,
): [at: number | null, as: OfferPassedAs | null] {
  if (end?.kind === 'ADMITTED') return [null, 'TAKEN'];
  return end === null && expiresAt > now ? [expiresAt.getTime(), null] : [null, 'WAITS'];
}

async function insertPasses(
  manager: EntityManager,
  { byId, holds }: HomeToFill,
  { entryIds, holdIds }: LineIds,
): Promise<void> {
  const cipher = cipherOf(manager);
  for (const hold of holds) {
    if (hold.skipReason === null) continue;
    const id = holdIds.get(hold);
    const sealed = cipher.encrypt(passReasonName, hold.skipReason);
    await insertRows(
      manager,
      'waitlist_pass',
      ['id', 'reasonSealed', 'passedAt', 'passedById'],
      [[id, sealed, hold.heldAt.getTime(), byId]],
    );
    await insertRows(
      manager,
      'waitlist_skip',
      ['passId', 'entryId'],
      hold.skipped.map((entry) => [id, entryIds.get(entry)]),
    );
  }
}
