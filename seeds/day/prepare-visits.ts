import type { DemoCredentials } from '../demo-credentials.js';
import { demoCaregivers, demoStationCode } from '../demo-staff.js';
import { stationPlace } from '../home-care/places.js';
import { nanyangNetwork } from '../reference/nanyang/network.js';
import type { DeliveryCalls } from './delivery-calls.js';
import { DemoVisits } from './demo-visits-day.js';
import type { PatientClient } from './patient-client.js';
import type { ServerClock } from './server-clock.js';
import { signIn } from './sign-in.js';
import { VisitCalls } from './visit-calls.js';
import { eldersOfStation, visitsWanted } from './visit-plan.js';

export interface VisitsToPrepare {
  client: PatientClient;
  clock: ServerClock;
  credentials: DemoCredentials;
  day: string;
  /** How many elders the city has. */
  elders: number;
  /** So that each day begins with other elders. */
  dayNumber: number;
  deliveries: DeliveryCalls;
}

/** Signs in who books, plans and brings the visits of the demonstration's station. */
export async function prepareVisits({
  client,
  clock,
  credentials,
  day,
  elders,
  dayNumber,
  deliveries,
}: VisitsToPrepare): Promise<DemoVisits> {
  const tokenOf = (userName: string) => signIn(client, credentials, userName);
  const caregivers: string[] = [];
  for (const userName of demoCaregivers) caregivers.push(await tokenOf(userName));
  const people = {
    station: await tokenOf('demo-station'),
    county: await tokenOf('demo-manager'),
    family: await tokenOf('demo-family'),
    caregivers,
  };
  const phone = credentials.accounts.find(({ userName }) => userName === 'demo-family')?.phone ?? '';
  const calls = new VisitCalls(client, (request) => clock.untilAnswered(request));
  const stations = nanyangNetwork().filter(({ kind }) => kind === 'HOME_CARE_STATION');
  const index = stations.findIndex(({ code }) => code === demoStationCode);
  return new DemoVisits({
    calls,
    clock,
    people,
    stationId: await calls.facilityId(people.county, demoStationCode),
    station: stationPlace(stations[index]?.divisionCode ?? '', index),
    day,
    candidates: eldersOfStation(demoStationCode, elders, dayNumber),
    wanted: visitsWanted,
    async asRelative(elderId, work) {
      const until = `${Number(day.slice(0, 4)) + 2}-01-01T00:00:00+08:00`;
      const grantId = await deliveries.letIn(people.county, { elderId, phone, until });
      try {
        return await work(people.family);
      } finally {
        await deliveries.withdraw(people.county, grantId);
      }
    },
  });
}
