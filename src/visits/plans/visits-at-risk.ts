import type { EntityManager } from 'typeorm';
import { covers, nowhere, type Scope } from '../../network/scope.js';
import { addDays, dayOf } from '../../shared/china-time.js';
import { overlaps } from '../roster.rules.js';
import type { Span } from '../window.rules.js';
import type { FactCaregiver, FactVisit, PlanFacts } from './plan-facts.js';
import { readFacts } from './read-facts.js';
import type { PlanServices } from './start-plan.js';
import { waysOf } from './ways-of.js';
import { spanAround } from './who-may.rules.js';
import { type TakeOverProposal, whoTakesOver } from './who-takes-over.rules.js';

/** A visit that somebody who is away was to bring. */
export interface VisitAtRisk {
  visit: FactVisit;
  missingCaregiverIds: readonly number[];
  /** Best first; none where nobody can. */
  proposals: readonly TakeOverProposal[];
}

export interface AbsenceQuestion extends Span {
  caregiverId: number;
}

/** A question about more days is one about the roster. */
export const absenceDaysMax = 31;

/**
 * What becomes of the visits of a caregiver who is away for a time, whether or not that is on record yet: those that have
 * not begun, each with who could take it over. Empty for a caregiver out of scope, as for one whom there is not. Of the
 * proposals each stands for itself: two visits may name the same caregiver.
 */
export async function visitsAtRisk(
  { database, travel, stays }: PlanServices,
  { caregiverId, startsAt, endsAt }: AbsenceQuestion,
  scope: Scope,
  now: Date,
): Promise<VisitAtRisk[]> {
  const stationId = await database.read((manager) => stationOf(manager, caregiverId));
  const isCovered = await database.read((manager) =>
    covers(manager, scope, stationId ?? nowhere, dayOf(now)),
  );
  const from = startsAt < now ? now : startsAt;
  if (stationId === undefined || !isCovered || from >= endsAt) return [];
  const wanted = {
    stationIds: [stationId],
    fromDay: dayOf(from),
    toDay: addDays(dayOf(new Date(endsAt.getTime() - 1)), 1),
  };
  const facts = await database.read((manager) => readFacts(manager, wanted, stays));
  const away = withAbsence(facts, caregiverId, { startsAt, endsAt });
  const ways = await waysOf(travel, away);
  return atRiskIn(away, caregiverId, now).map((visit) => {
    const missing = missingFrom(visit, away.caregivers);
    return {
      visit,
      missingCaregiverIds: [...missing],
      proposals: whoTakesOver(visit, missing, { facts: away, ways, now }),
    };
  });
}

async function stationOf(manager: EntityManager, caregiverId: number): Promise<number | undefined> {
  const rows: { stationId: number }[] = await manager.query('SELECT stationId FROM caregiver WHERE id = ?', [
    caregiverId,
  ]);
  return rows[0]?.stationId;
}

/** The facts as they are when the caregiver is away for that time too. */
function withAbsence(facts: PlanFacts, caregiverId: number, absence: Span): PlanFacts {
  const caregivers = facts.caregivers.map((caregiver): FactCaregiver => {
    if (caregiver.id !== caregiverId) return caregiver;
    const { roster } = caregiver;
    return { ...caregiver, roster: { ...roster, absences: [...roster.absences, absence] } };
  });
  return { ...facts, caregivers };
}

function atRiskIn(facts: PlanFacts, caregiverId: number, now: Date): FactVisit[] {
  const caregiver = facts.caregivers.find(({ id }) => id === caregiverId);
  return facts.visits.filter(
    ({ status, startsAt, parts }) =>
      status === 'ASSIGNED' &&
      startsAt >= now &&
      parts.some((part) => part.caregiverId === caregiverId && caregiver && !spanAround(caregiver, part)),
  );
}

function missingFrom({ parts }: FactVisit, caregivers: readonly FactCaregiver[]): Set<number> {
  const known = new Map(caregivers.map((caregiver) => [caregiver.id, caregiver]));
  const missing = parts.filter((part) => {
    const caregiver = known.get(part.caregiverId);
    return (
      caregiver !== undefined &&
      (!spanAround(caregiver, part) || caregiver.roster.absences.some((away) => overlaps(away, part)))
    );
  });
  return new Set(missing.map(({ caregiverId }) => caregiverId));
}
