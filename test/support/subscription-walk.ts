import type { Role } from '../../entities/access/access-grant.entity.js';
import type { Side } from './walk-sides.js';

/** One way of asking a subscription about a place. */
export interface WayToListen {
  name: string;
  ask(side: Side): string;
  /** Whose grant at the place, among the roles to which the policy opens it, lets it listen in this way. */
  opens(role: Role): boolean;
}

const stationOf = ({ facilityId }: Side) => `visitChanged(stationId: ${facilityId}) { kind visitId version }`;
const elderOf = ({ elderId }: Side) => `visitChanged(elderId: ${elderId}) { kind visitId version }`;
const dayOf = ({ facilityId }: Side) =>
  `canteenDayChanged(canteenId: ${facilityId}) { meals forReview missing }`;

const planOf = ({ planId }: Side) => `planProgress(planId: ${planId}) { state iterations }`;

const boardOf = ({ facilityId }: Side) => `bedBoardChanged(facilityId: ${facilityId}) { state }`;

const waitingOf = ({ waiterId }: Side) => `waitlistChanged(elderId: ${waiterId}) { position }`;

/** How each subscription is asked about a place. A subscription that is not here fails the walk. */
export const waysToListen: Record<string, readonly WayToListen[]> = {
  waitlistChanged: [{ name: 'elder', ask: waitingOf, opens: () => true }],
  bedBoardChanged: [{ name: 'home', ask: boardOf, opens: () => true }],
  canteenDayChanged: [{ name: 'canteen', ask: dayOf, opens: () => true }],
  planProgress: [{ name: 'plan', ask: planOf, opens: () => true }],
  visitChanged: [
    // A relative and a caregiver have no place: the one has its elder, the other its own visits.
    { name: 'station', ask: stationOf, opens: (role) => role !== 'FAMILY' && role !== 'CAREGIVER' },
    { name: 'elder', ask: elderOf, opens: (role) => role !== 'CAREGIVER' },
  ],
};
