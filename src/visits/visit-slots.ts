import type { EntityManager } from 'typeorm';
import { coversElder } from '../elders/elder-scope.js';
import { coversBeneath } from '../network/scope.js';
import { addDays, type Day, dayOf } from '../shared/china-time.js';
import { Gatherer } from '../shared/gatherer.js';
import { placeholders, type Reading, readAtOnce } from '../shared/statements.js';
import type { Doors } from './book-visit.js';
import { byCode, type ElderToVisit, visitedElders } from './errands.js';
import { type Crew, readCrew } from './free-caregivers.js';
import { type Slot, slotsOf } from './slots.rules.js';
import { priceOffered, readCatalog } from './station-catalog.js';
import { daysTouched, timesAway, timesOf, timetableOf, whereaboutsOf } from './timetable.js';
import type { Booker, Situation } from './visit-situation.js';
import { firstStart, horizonEnd } from './visit-terms.rules.js';

export interface SlotsWanted {
  elderId: number;
  serviceCode: string;
  from: Date;
  to: Date;
  slotsMax: number;
}

export interface SlotsAsked {
  wanted: SlotsWanted;
  booker: Booker;
}

type SlotDoors = Pick<Doors, 'read' | 'crew' | 'catalog'>;

/** When a service can be had, as far as bookings are open: over which days, and which of them it is not offered on. */
interface OpenTimes {
  situation: Situation;
  fromMs: number;
  toMs: number;
  days: readonly Day[];
  closed: readonly Day[];
}

/** How many questions are read for together, and how often at once. */
const [togetherMax, readingsMax] = [64, 2];

/** Takes questions for free times as they come, and reads for those of a moment together. */
export class SlotsReader {
  private readonly gatherer: Gatherer<SlotsAsked, Slot[]>;

  constructor(doors: SlotDoors) {
    this.gatherer = new Gatherer((asked) => slotsOrErrors(doors, asked), togetherMax, readingsMax);
  }

  of(wanted: SlotsWanted, booker: Booker): Promise<Slot[]> {
    return this.gatherer.add({ wanted, booker });
  }
}

/** What one of them fails by is told to nobody else. */
async function slotsOrErrors(doors: SlotDoors, asked: readonly SlotsAsked[]): Promise<(Slot[] | Error)[]> {
  try {
    return await slotsOfAll(doors, asked);
  } catch (error) {
    if (asked.length === 1) throw error;
    const alone = await Promise.allSettled(asked.map((each) => slotsOfAll(doors, [each])));
    return alone.map((result) =>
      result.status === 'fulfilled'
        ? (result.value[0] as Slot[])
        : result.reason instanceof Error
          ? result.reason
          : new Error(String(result.reason)),
    );
  }
}

/**
 * When the service can be had over [from, to), as far as bookings are open, the earliest first: none for an elder whom the
 * caller may not book for. A constant number of statements, whatever the number of caregivers, visits and days.
 */
export async function visitSlots(doors: SlotDoors, wanted: SlotsWanted, booker: Booker): Promise<Slot[]> {
  const [slots] = await slotsOfAll(doors, [{ wanted, booker }]);
  return slots as Slot[];
}

/** The same for several questions: four statements for all of them, and what was not read of stations lately. */
async function slotsOfAll(
  { read, crew, catalog = readCatalog }: SlotDoors,
  asked: readonly SlotsAsked[],
): Promise<Slot[][]> {
  return read(async (manager) => {
    const elderIds = [...new Set(asked.map(({ wanted }) => wanted.elderId))];
    const [elders, visited] = await readAtOnce(
      manager,
      eldersById(elderIds),
      visitedElders(manager, elderIds),
    );
    const open: (OpenTimes | undefined)[] = [];
    for (const each of asked) {
      const elder = elders.get(each.wanted.elderId);
      const situation = await situationFor(manager, each, elder, catalog);
      const who = situation && visited(situation.elder, situation.service);
      open.push(who && openTimes({ ...situation, visited: who }, each.wanted, each.booker));
    }
    const asking = open.filter((each) => each !== undefined);
    if (asking.length === 0) return asked.map(() => []);
    const days = asking.flatMap((each) => each.days);
    const { now, stays } = (asked[0] as SlotsAsked).booker;
    const whose = [...new Set(asking.map(({ situation }) => situation.visited.id))];
    const [known] = await readAtOnce(
      manager,
      whereaboutsOf(manager, {
        ...{ elderIds: whose, stationIds: [], caregiverIds: [], days, now },
        ...{ crew: nobody, asksWho: false },
      }),
    );
    const away = await stays.on(manager, whose, daysTouched([...new Set(days)]));
    const crewOf = crew ?? crewReadOnce(manager);
    const found: Slot[][] = [];
    for (const [index, each] of open.entries()) {
      if (!each) found.push([]);
      else {
        const [from, to] = [each.days[0] as Day, each.days.at(-1) as Day];
        const own = { ...known, away, crew: await crewOf(each.situation.station.id, from, to) };
        found.push(slotsIn(each, timetableOf(own, each.situation, each.days), asked[index] as SlotsAsked));
      }
    }
    return found;
  });
}

const nobody: Crew = { members: [], settingOut: new Map() };

type FoundElder = ElderToVisit & { status: string; homeStationId: number | null };

function eldersById(ids: readonly number[]): Reading<ReadonlyMap<number, FoundElder>> {
  const sql = `SELECT id, status, homeStationId, idNumberSealed FROM elder WHERE id IN (${placeholders(ids)})`;
  return {
    statements: [{ sql, parameters: ids }],
    of: ([rows]) => new Map((rows as unknown as FoundElder[]).map((row) => [row.id, row])),
  };
}

async function situationFor(
  manager: EntityManager,
  { wanted, booker }: SlotsAsked,
  elder: FoundElder | undefined,
  catalogOf: NonNullable<SlotDoors['catalog']>,
): Promise<(Omit<Situation, 'visited' | 'elder'> & { elder: FoundElder }) | undefined> {
  const today = dayOf(booker.now);
  // One whom there is not is looked for in the tree as well, so that the time of the answer does not tell who there is.
  const asked = elder ?? { id: wanted.elderId, homeStationId: null };
  const isCovered = await coversElder(manager, booker.elders, asked, today);
  if (elder?.status !== 'ACTIVE' || !isCovered) return undefined;
  const service = byCode(wanted.serviceCode);
  const catalog = await catalogOf(manager, { stationId: elder.homeStationId, service, today });
  if (!catalog) return undefined;
  const { id, places } = catalog.station;
  return { ...catalog, elder, isStation: coversBeneath(booker.stations, id, places) };
}

function openTimes(situation: Situation, wanted: SlotsWanted, { now }: Booker): OpenTimes | undefined {
  const { terms, isStation } = situation;
  const fromMs = Math.max(wanted.from.getTime(), firstStart(now, terms, isStation).getTime());
  const toMs = Math.min(wanted.to.getTime(), horizonEnd(now, terms).getTime());
  const [days, closed] = parted(daysOver(fromMs, toMs), (day) => priceOffered(situation, day) !== undefined);
  return days.length === 0 ? undefined : { situation, fromMs, toMs, days, closed };
}

function slotsIn(
  { situation, fromMs, toMs, closed }: OpenTimes,
  table: ReturnType<typeof timetableOf>,
  { wanted }: SlotsAsked,
): Slot[] {
  return slotsOf({
    errand: table.errand,
    bringers: table.bringers,
    within: { fromMs, toMs },
    rasterMinutes: situation.terms.rasterMinutes,
    elderBusy: [...table.elderBusy, ...timesAway(table)],
    closed: timesOf(closed),
    slotsMax: wanted.slotsMax,
  });
}

/** Each station's crew over the same days once. */
function crewReadOnce(manager: EntityManager): NonNullable<SlotDoors['crew']> {
  const read = new Map<string, Promise<Crew>>();
  return (stationId, from, to) => {
    const key = `${stationId} ${from} ${to}`;
    const crew = read.get(key) ?? readCrew(manager, { stationIds: [stationId], during: [{ from, to }] });
    read.set(key, crew);
    return crew;
  };
}

/** Those of which it is true, and the others. */
function parted(days: readonly Day[], isTrue: (day: Day) => boolean): [Day[], Day[]] {
  return [days.filter(isTrue), days.filter((day) => !isTrue(day))];
}

function daysOver(fromMs: number, toMs: number): readonly Day[] {
  if (toMs <= fromMs) return [];
  const [first, last] = [dayOf(new Date(fromMs)), dayOf(new Date(toMs - 1))];
  if (first !== lastAsked.first || last !== lastAsked.last) {
    const days: Day[] = [];
    for (let day = first; day <= last; day = addDays(day, 1)) days.push(day);
    lastAsked = { first, last, days };
  }
  return lastAsked.days;
}

/** Many families ask for the same fortnight, and to write its days out costs as much as to find its slots. */
let lastAsked: { first: Day; last: Day; days: readonly Day[] } = { first: '', last: '', days: [] };
