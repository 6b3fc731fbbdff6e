import { completedYears } from '../../src/shared/china-time.js';
import { demoHomeCodes } from '../beds/homes.js';
import type { DemoCredentials } from '../demo-credentials.js';
import { demoDirectors } from '../demo-staff.js';
import { demoElder } from '../elders/demo-elder.js';
import { identityOf } from '../elders/identity.js';
import { BedCalls } from './bed-calls.js';
import { type BedGame, DemoBeds, type Newcomer, type PlayedHome } from './demo-beds-day.js';
import { isLostCard } from './lunch-plan.js';
import type { PatientClient } from './patient-client.js';
import type { ServerClock } from './server-clock.js';
import { signIn } from './sign-in.js';
import type { VisitCalls } from './visit-calls.js';

export interface BedsToPrepare {
  client: PatientClient;
  clock: ServerClock;
  credentials: DemoCredentials;
  day: string;
  /** So that each day begins with other elders. */
  dayNumber: number;
  /** How many elders the city has. */
  elders: number;
  visits: VisitCalls;
  /** Who has eaten on the day, is visited, or is somebody's resident: nobody of them comes. */
  isTaken: (elder: number, elderId?: string) => boolean;
}

const countyCode = 'NY-411302';
/** How many people of the county a day uses, about. */
const perDay = 8;

/** Signs in who runs the two homes. Undefined when the city is too small for them to have beds. */
export async function prepareBeds(given: BedsToPrepare): Promise<DemoBeds | undefined> {
  const { client, clock, credentials, day, visits } = given;
  const calls = new BedCalls(client, (request) => clock.untilAnswered(request));
  const county = await signIn(client, credentials, 'demo-manager');
  const homes: PlayedHome[] = [];
  for (const [index, code] of demoHomeCodes.slice(0, 2).entries()) {
    const token = await signIn(client, credentials, demoDirectors[index] ?? '');
    homes.push({ code, token, id: await visits.facilityId(county, code) });
  }
  const [first, second] = homes;
  if (!first || !second) throw new Error('The demo has no two homes.');
  const { total } = (await calls.ask('facility', { id: second.id, on: day }, county)).rollup.beds;
  if (total === 0) return undefined;
  const people = new Newcomers(given, county);
  return new DemoBeds({
    ...{ calls, clock, first, second, county, day },
    newcomer: (gender) => people.next(gender),
    unassessed: () => people.unassessed(),
  } satisfies BedGame);
}

/** People of the county who are old, live at home and need no help there. */
class Newcomers {
  private readonly numbers: number[] = [];
  private readonly neverAssessed: number[] = [];

  constructor(
    private readonly given: BedsToPrepare,
    private readonly county: string,
  ) {
    const { elders, day, dayNumber, isTaken } = given;
    for (let elder = elders - 1; elder >= 0; elder -= 1) {
      const { homeStationCode, birthDate, abilityLevel, categories } = demoElder(elder);
      if (!homeStationCode.startsWith(countyCode) || isLostCard(elder) || isTaken(elder)) continue;
      if (abilityLevel === null) this.neverAssessed.push(elder);
      const isVisited = (abilityLevel ?? 0) >= 2 || categories.includes('LIVING_ALONE');
      // Whoever is destitute is let in at once, past every line.
      if (isVisited || categories.includes('DESTITUTE') || completedYears(birthDate, day) < 65) continue;
      this.numbers.push(elder);
    }
    const from = (dayNumber * perDay) % Math.max(this.numbers.length, 1);
    this.numbers.push(...this.numbers.splice(0, from));
  }

  async next(gender?: 'FEMALE' | 'MALE'): Promise<Newcomer> {
    for (const [place, elder] of this.numbers.entries()) {
      if (gender !== undefined && identityOf(elder).sex !== gender) continue;
      const found = await this.free(elder);
      if (!found) continue;
      this.numbers.splice(place, 1);
      return found;
    }
    throw new Error(`Nobody of ${countyCode} is left who might come to a home: seed a larger city.`);
  }

  async unassessed(): Promise<Newcomer | undefined> {
    for (const elder of this.neverAssessed.slice(0, 40)) {
      const found = await this.free(elder, 'ASSESSED_NEVER');
      if (!found) continue;
      const place = this.numbers.indexOf(elder);
      if (place >= 0) this.numbers.splice(place, 1);
      return found;
    }
    return undefined;
  }

  private async free(elder: number, wanted?: 'ASSESSED_NEVER'): Promise<Newcomer | undefined> {
    const { client, isTaken } = this.given;
    const data = await client.ask<{ elders: { nodes: FoundElder[] } }>(
      elderQuery,
      { search: demoElder(elder).cardUid },
      this.county,
    );
    const [found] = data.elders.nodes;
    if (found?.status !== 'ACTIVE' || found.stay !== null || isTaken(elder, found.id)) return undefined;
    if (wanted === 'ASSESSED_NEVER' && found.abilityLevel !== null) return undefined;
    const { waitlistPositionOf } = await client.ask<{ waitlistPositionOf: object[] }>(
      waitingQuery,
      { elderId: found.id },
      this.county,
    );
    if (waitlistPositionOf.length > 0) return undefined;
    return { elderId: found.id, gender: identityOf(elder).sex };
  }
}

interface FoundElder {
  id: string;
  status: string;
  abilityLevel: number | null;
  stay: { id: string } | null;
}

const elderQuery = `query Newcomer($search: String!) {
  elders(search: $search, first: 1) { nodes { id status abilityLevel stay { id } } } }`;
const waitingQuery = 'query Waits($elderId: ID!) { waitlistPositionOf(elderId: $elderId) { id position } }';
