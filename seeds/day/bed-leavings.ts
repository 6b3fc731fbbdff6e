import { randomUUID } from 'node:crypto';
import { addDays } from '../../src/shared/china-time.js';
import { type BedArrivals, freeBeds } from './bed-arrivals.js';
import type { BoardTold } from './bed-calls.js';
import type { DemoBeds, PlayedHome } from './demo-beds-day.js';

/** What expired is free, somebody goes away and comes back, somebody moves, and some leave for good. */
export async function playLeavings(played: DemoBeds, arrivals: BedArrivals): Promise<void> {
  const { first } = played.game;
  await seeExpired(played, arrivals);
  const residents = await residentsOf(played, first);
  await goAway(played, residents);
  await move(played, residents);
  await dischargeSome(played);
  await takeBack(played, arrivals);
}

/** Of both homes' boards the residents who came on an earlier day and are in, by the day's own order. */
async function residentsOf({ game }: DemoBeds, { id, token }: PlayedHome): Promise<Resident[]> {
  const { calls, day } = game;
  const board = await calls.ask('bedBoard', { facilityId: id, on: day }, token);
  const living = board
    .filter(isResident)
    .filter(({ state, stay }) => state === 'OCCUPIED' && stay.from < day);
  const turn = Math.floor(Date.parse(day) / 86_400_000) * 5;
  return living.map((_, index) => living[(index + turn) % living.length] as Resident);
}

type Resident = BoardTold & {
  stay: NonNullable<BoardTold['stay']>;
  occupant: NonNullable<BoardTold['occupant']>;
};

function isResident(bed: BoardTold): bed is Resident {
  return bed.stay !== null && bed.occupant !== null;
}

async function seeExpired(played: DemoBeds, { heldBedId }: BedArrivals): Promise<void> {
  const { calls, day, second } = played.game;
  if (heldBedId === undefined) return;
  const board = await calls.ask('bedBoard', { facilityId: second.id, on: day }, second.token);
  const state = board.find(({ bed }) => bed.id === heldBedId)?.state ?? 'GONE';
  played.note('nobody came in half an hour', { state }, 'FREE');
}

/** One goes home for some days, and one who is away is back; where nobody is, the same one changes her mind. */
async function goAway(played: DemoBeds, residents: Resident[]): Promise<void> {
  const { calls, day, first } = played.game;
  const moved = played.moved.first;
  const away = played.before?.first.board.find(({ state }) => state === 'ON_LEAVE')?.stay;
  const leaving = residents.shift();
  if (!leaving) return played.fault('went home for some days', 'the first home has no resident');
  const asked = { stayId: leaving.stay.id, on: day, kind: 'HOME', back: addDays(day, 3) };
  const left = await calls.ask('startLeave', asked, first.token);
  played.note('went home for some days', left, 'ON_LEAVE');
  if (left.refused === undefined) moved.wentAway += 1;
  const again = await calls.ask('startLeave', asked, first.token);
  played.note('went away twice', again, 'WRONG_STATE');
  const stayId = away?.id ?? leaving.stay.id;
  const back = await calls.ask('endLeave', { stayId, on: day }, first.token);
  played.note('came back', back, 'OCCUPIED');
  if (back.refused === undefined) moved.cameBack += 1;
}

/** The first home asks the second one to take somebody over, who needs a bed of the same type there. */
async function move(played: DemoBeds, residents: Resident[]): Promise<void> {
  const { calls, day, first, second } = played.game;
  const place = residents.findIndex(
    ({ bed, occupant }) => bed.type === 'NURSING' && (occupant.abilityLevel ?? 0) >= 1,
  );
  const [moving] = place < 0 ? [] : residents.splice(place, 1);
  if (!moving) return played.fault('moved to the other home', 'nobody could move');
  const asked = { stayId: moving.stay.id, facilityId: second.id, on: day };
  const question = await calls.ask('askTransfer', { requestId: randomUUID(), ...asked }, first.token);
  played.note('asked to take over', question, 'DONE');
  const twice = await calls.ask('askTransfer', { requestId: randomUUID(), ...asked }, first.token);
  played.note('asked twice', twice, 'WRONG_STATE');
  const own = { requestId: randomUUID(), transferId: question.id, bedId: moving.bed.id };
  played.note(
    'answered by who asked',
    await calls.ask('acceptTransfer', own, first.token),
    'TRANSFER_UNKNOWN',
  );
  // Whether a room is for women or for men is said by its refusal: nobody tells the home who is coming.
  for (const { id: bedId } of await freeBeds(played, second)) {
    const accepted = { requestId: randomUUID(), transferId: question.id, bedId };
    const stay = await calls.ask('acceptTransfer', accepted, second.token);
    if (stay.refused === 'BED_NOT_SUITABLE') continue;
    played.note('moved to the other home', stay, 'OCCUPIED');
    if (stay.refused !== undefined) return;
    played.moved.first.left += 1;
    played.moved.second.came += 1;
    return;
  }
  played.fault('moved to the other home', 'no bed of the second home suited');
}

/** One goes home, one to a hospital, and one dies, whose file ends with the stay. */
async function dischargeSome(played: DemoBeds): Promise<void> {
  const { calls, county, day, second } = played.game;
  const residents = await residentsOf(played, second);
  const [one] = residents;
  if (!one) return played.fault('went home', 'the second home has no resident');
  const unknown = { stayId: one.stay.id, on: day, reason: 'WEATHER' };
  played.note('left without a reason', await calls.ask('discharge', unknown, second.token), 'REASON_UNKNOWN');
  for (const [index, reason] of ['HOME', 'HOSPITAL', 'DEATH'].entries()) {
    const leaving = residents[index];
    if (!leaving) continue;
    const stayId = leaving.stay.id;
    const told = await calls.ask('discharge', { stayId, on: day, reason }, second.token);
    played.note(`left, ${reason}`, { ...told, state: told.endReason ?? '' }, reason);
    if (told.refused !== undefined) continue;
    played.moved.second.left += 1;
    const again = await calls.ask('discharge', { stayId, on: day, reason }, second.token);
    if (index === 0) played.note('left twice', again, 'WRONG_STATE');
    if (reason !== 'DEATH') continue;
    const elder = await calls.ask('elder', { id: leaving.occupant.elderId }, county);
    const state = elder === null ? 'OUT OF REACH' : elder.status;
    if (elder) played.note('the file of who died', { state }, 'DECEASED');
  }
}

/** The last offer is taken back, so that the bed is not kept for days in which nobody answers. */
async function takeBack(played: DemoBeds, { standing }: BedArrivals): Promise<void> {
  if (!standing?.offer) return;
  const { calls, first } = played.game;
  const told = await calls.ask('releaseHold', { stayId: standing.offer.id }, first.token);
  played.note('an offer taken back', { ...told, state: 'RELEASED' }, 'RELEASED');
}
