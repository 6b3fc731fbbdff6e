import type { EntityManager } from 'typeorm';
import { narrowed, type Scope } from '../network/scope.js';
import { withBeneath } from '../network/tree.js';
import { type Day, dayOf } from '../shared/china-time.js';
import { cipherOf } from '../shared/database-cipher.js';
import { insertRows, placeholders } from '../shared/statements.js';
import { type CareRefusal, refuseCare } from './care-refusals.js';
import { lockCareVisits, reachedVisits } from './care-visits.js';
import { longTextMax, noteTextOf } from './note-text.rules.js';
import { ratingCommentName } from './sealed-care.js';
import type { VisitReach } from './visit-reach.js';

/** For so long whoever gave a rating may change it. */
const changeableMs = 7 * 86_400_000;

export interface FoundRating {
  visitId: number;
  stars: number;
  comment: string | null;
  ratedAt: Date;
  changedAt: Date;
}

export interface GivenRating {
  visitId: number;
  /** 1 to 5. */
  stars: number;
  /** At most 500 characters. */
  comment: string | null;
  byId: number;
  now: Date;
}

/** Rates a visit that was brought, once for the family; whoever did so may change it for a week. */
export async function rateVisit(
  manager: EntityManager,
  { visitId, stars, comment, byId, now }: GivenRating,
  reach: VisitReach,
): Promise<FoundRating | CareRefusal> {
  const text = noteTextOf(comment, longTextMax);
  if (text === undefined) return refuseCare('NOTE_INVALID', ['comment']);
  const reached = await reachedVisits(manager, [visitId], reach, dayOf(now));
  const visit = (await lockCareVisits(manager, reached)).get(visitId);
  if (!visit) return refuseCare('VISIT_UNKNOWN', ['visitId']);
  if (!Number.isInteger(stars) || stars < 1 || stars > 5) {
    return refuseCare('VALUE_OUT_OF_RANGE', ['stars'], { zh: '须为 1 至 5', en: 'must be 1 to 5' });
  }
  if (visit.status !== 'COMPLETED') return refuseCare('WRONG_STATE', ['visitId']);
  const commentSealed = text === null ? null : cipherOf(manager).encrypt(ratingCommentName(visitId), text);
  const [earlier]: { ratedAt: number | string; ratedById: number }[] = await manager.query(
    'SELECT ratedAt, ratedById FROM visit_rating WHERE visitId = ?',
    [visitId],
  );
  if (earlier) {
    const isOver = now.getTime() - Number(earlier.ratedAt) > changeableMs;
    if (earlier.ratedById !== byId || isOver) return refuseCare('ALREADY_RATED', ['visitId']);
    await manager.query(
      'UPDATE visit_rating SET stars = ?, commentSealed = ?, changedAt = ? WHERE visitId = ?',
      [stars, commentSealed, now.getTime(), visitId],
    );
  } else {
    const columns = ['visitId', 'stars', 'commentSealed', 'ratedAt', 'changedAt', 'ratedById'];
    await insertRows(manager, 'visit_rating', columns, [
      [visitId, stars, commentSealed, now.getTime(), now.getTime(), byId],
    ]);
  }
  return (await ratingsOf(manager, [visitId])).get(visitId) as FoundRating;
}

/** The ratings of these visits. One statement. */
export async function ratingsOf(
  manager: EntityManager,
  visitIds: readonly number[],
): Promise<Map<number, FoundRating>> {
  if (visitIds.length === 0) return new Map();
  const rows: {
    visitId: number;
    stars: number;
    commentSealed: string | null;
    ratedAt: number | string;
    changedAt: number | string;
  }[] = await manager.query(
    `SELECT visitId, stars, commentSealed, ratedAt, changedAt FROM visit_rating
      WHERE visitId IN (${placeholders(visitIds)})`,
    [...visitIds],
  );
  const cipher = cipherOf(manager);
  return new Map(
    rows.map(({ visitId, stars, commentSealed, ratedAt, changedAt }) => {
      const comment =
        commentSealed === null ? null : cipher.decrypt(ratingCommentName(visitId), commentSealed);
      return [
        visitId,
        {
          visitId,
          stars,
          comment,
          ratedAt: new Date(Number(ratedAt)),
          changedAt: new Date(Number(changedAt)),
        },
      ];
    }),
  );
}

export interface CaregiverRating {
  caregiverId: number;
  name: string;
  stationId: number;
  ratings: number;
  /** 1 to 5, in hundredths. */
  hundredths: number;
}

/** How families found the caregivers of the stations at and beneath a place, visits that start over [from, to). */
export async function ratingsByCaregiver(
  manager: EntityManager,
  { within, from, to }: { within?: number | undefined; from: Date; to: Date },
  scope: Scope,
  today: Day,
): Promise<CaregiverRating[]> {
  const places = await narrowed(manager, scope, within, today);
  const area = places === 'everywhere' ? undefined : withBeneath(places, today);
  const rows: (Omit<CaregiverRating, 'ratings' | 'hundredths'> &
    Record<'ratings' | 'stars', number | string>)[] = await manager.query(
    `${area?.sql ?? ''}
       SELECT caregiver.id AS caregiverId, account.name, caregiver.stationId, COUNT(*) AS ratings,
              SUM(rating.stars) AS stars
         FROM visit_rating rating
         JOIN visit ON visit.id = rating.visitId AND visit.startsAt >= ? AND visit.startsAt < ?
         JOIN visit_caregiver part ON part.visitId = visit.id
         JOIN caregiver ON caregiver.id = part.caregiverId
         JOIN account ON account.id = caregiver.accountId
        ${area ? 'WHERE visit.stationId IN (SELECT facilityId FROM beneath)' : ''}
        GROUP BY caregiver.id, account.name, caregiver.stationId ORDER BY caregiver.id`,
    [...(area?.parameters ?? []), from.getTime(), to.getTime()],
  );
  return rows.map(({ ratings, stars, ...row }) => ({
    ...row,
    ratings: Number(ratings),
    hundredths: Math.round((Number(stars) * 100) / Number(ratings)),
  }));
}
