import type { VisitStatus } from '../../entities/visits/visit.entity.js';
import type { VisitAlertKind, VisitAlertLevel } from '../../entities/visits/visit-alert.entity.js';
import type { CareTerms } from './care-terms.rules.js';
import type { Span } from './window.rules.js';

export interface AlertDue {
  kind: VisitAlertKind;
  level: VisitAlertLevel;
}

/**
 * Who has to be told of a visit by now, and whether it is missed. The station when nobody began it in time, the street
 * centre when nobody did for long: an elder who lives alone may be lying on the floor. It is missed once its time has
 * passed and both were told; a tap that was made offline takes that back. One that goes on long after its end is told
 * to the station, in whose care both are.
 */
export function alertsDue(
  visit: Span & { status: VisitStatus },
  { stationAfterMinutes, streetAfterMinutes }: CareTerms,
  now: Date,
): { alerts: AlertDue[]; isMissed: boolean } {
  const sinceStart = now.getTime() - visit.startsAt.getTime();
  const sinceEnd = now.getTime() - visit.endsAt.getTime();
  if (visit.status === 'IN_PROGRESS') {
    const isOver = sinceEnd >= stationAfterMinutes * 60_000;
    return { alerts: isOver ? [{ kind: 'NOT_ENDED', level: 'STATION' }] : [], isMissed: false };
  }
  if (visit.status !== 'REQUESTED' && visit.status !== 'ASSIGNED') return { alerts: [], isMissed: false };
  const alerts: AlertDue[] = [];
  if (sinceStart >= stationAfterMinutes * 60_000) alerts.push({ kind: 'NOT_BEGUN', level: 'STATION' });
  if (sinceStart >= streetAfterMinutes * 60_000) alerts.push({ kind: 'NOT_BEGUN', level: 'STREET' });
  return { alerts, isMissed: alerts.length === 2 && sinceEnd >= 0 };
}
