import type { ElderWindows } from '../elders/elder-windows.js';
import { withBeneath } from '../network/tree.js';
import { openSpan, visitMsMax } from './window.rules.js';

/**
 * A caregiver sees the elders of its own visits, from the day before to the day after. A visit that was called off,
 * or given to somebody else, opens nobody; nor does one of a station at which the grant does not hold.
 */
export const visitWindows: ElderWindows = {
  async eldersOpenTo(manager, { accountId, stations }, today) {
    if (stations === 'everywhere') throw new Error('a caregiver works at stations, and not everywhere');
    if (stations.length === 0) return [];
    const beneath = withBeneath(stations, today);
    const { startsAt, endsAt } = openSpan(today);
    const rows: { elderId: number }[] = await manager.query(
      `${beneath.sql}
       SELECT DISTINCT visit.elderId
         FROM caregiver
         JOIN visit_caregiver part ON part.caregiverId = caregiver.id
          AND part.startsAt > ? AND part.startsAt < ? AND part.endsAt > ?
         JOIN visit ON visit.id = part.visitId
        WHERE caregiver.accountId = ? AND visit.status <> 'CANCELLED'
          AND visit.stationId IN (SELECT facilityId FROM beneath)`,
      [
        ...beneath.parameters,
        startsAt.getTime() - visitMsMax,
        endsAt.getTime(),
        startsAt.getTime(),
        accountId,
      ],
    );
    return rows.map(({ elderId }) => elderId);
  },
};
