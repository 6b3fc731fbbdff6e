import { demoHomeCodes } from '../beds/homes.js';
import type { DemoCredentials } from '../demo-credentials.js';
import { dayNumberOf } from './day-number.js';
import type { DemoBeds } from './demo-beds-day.js';
import type { DemoVisits } from './demo-visits-day.js';
import { giveBack } from './give-back.js';
import type { GraphClient } from './graph-client.js';
import { withRelease } from './interruption.js';
import type { PlannedTap } from './lunch-plan.js';
import { PatientClient } from './patient-client.js';
import { prepareBeds } from './prepare-beds.js';
import type { CityResidents } from './residents.js';
import { ServerClock } from './server-clock.js';
import { showBeds } from './show-outcomes.js';

export interface BedsToPlay {
  client: GraphClient;
  credentials: DemoCredentials;
  day: string;
  elders: number;
  homes: CityResidents;
  plan: readonly PlannedTap[];
  visits: DemoVisits;
  /** To whom meals may have been brought. */
  brought: readonly number[];
}

/** In the afternoon two homes are played, with people who had neither lunch nor a visit. Undefined where there are no beds. */
export async function playBeds(given: BedsToPlay): Promise<DemoBeds | undefined> {
  const { client, credentials, day, elders, homes, plan, visits, brought } = given;
  const clock = new ServerClock(client, credentials.admin.token);
  const eaten = new Set([...plan.map(({ elder }) => elder), ...brought]);
  const visited = new Set(visits.played.map(({ elderId }) => elderId));
  const beds = await prepareBeds({
    ...{ client: new PatientClient(client), clock, credentials, day, elders },
    visits: visits.game.calls,
    dayNumber: dayNumberOf(day),
    isTaken: (elder, elderId) =>
      eaten.has(elder) || homes.isCaredFor(elder) || (elderId !== undefined && visited.has(elderId)),
  });
  if (!beds) {
    console.log('No day at the nursing homes: the city is too small for the homes to have beds.');
    return undefined;
  }
  console.log(`An afternoon of ${day} at ${demoHomeCodes.slice(0, 2).join(' and ')}.`);
  await withRelease(
    () => beds.play(),
    async () => {
      try {
        await beds.giveLineBack();
      } finally {
        await giveBack(clock);
      }
    },
  );
  showBeds(beds);
  return beds;
}
