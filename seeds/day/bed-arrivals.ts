import { randomUUID } from 'node:crypto';
import { instantOn } from '../../src/shared/china-time.js';
import type { BedTold, EntryTold, StayTold } from './bed-calls.js';
import type { DemoBeds, Newcomer, PlayedHome } from './demo-beds-day.js';

/** What the afternoon has to know of the morning. */
export interface BedArrivals {
  /** Whose hold is to have expired by the afternoon, on which bed. */
  heldBedId: string | undefined;
  /** An offer that the home takes back when the day is over. */
  standing: EntryTold | undefined;
}

/** People are assessed, a bed is fought for, kept, and offered to the line. */
export async function playArrivals(played: DemoBeds): Promise<BedArrivals> {
  await refuseUnassessed(played);
  const loser = await doublePress(played);
  const heldBedId = loser && (await holdThatExpires(played, loser));
  await admitFromHold(played);
  await joinLine(played);
  const standing = await offerBeds(played);
  return { heldBedId, standing };
}

/** Slightly disabled, so that every type of bed suits: ten points are missing. */
async function assess(
  { game }: DemoBeds,
  { elderId }: Newcomer,
): Promise<{ level?: number; refused?: string }> {
  const { calls, county, day } = game;
  const { indicators } = await calls.ask('assessmentScale', { on: day }, county);
  let missing = 10;
  const scores = indicators.flatMap(({ code, scoreMax }) => {
    if (scoreMax === null) return [];
    const taken = missing > 0 && scoreMax > 1 ? 1 : 0;
    missing -= taken;
    return [{ code, score: scoreMax - taken }];
  });
  const asked = { requestId: randomUUID(), elderId, assessedOn: day, scores };
  return calls.ask('recordAssessment', asked, county);
}

async function assessed(played: DemoBeds, gender?: 'FEMALE' | 'MALE'): Promise<Newcomer> {
  const newcomer = await played.game.newcomer(gender);
  const told = await assess(played, newcomer);
  played.note(
    'assessed',
    { ...(told.refused === undefined ? { state: `LEVEL ${told.level}` } : told) },
    'LEVEL 1',
  );
  return newcomer;
}

/** Nursing beds of a home that are free from the day on, those that anybody may have first. */
export async function freeBeds({ game }: DemoBeds, { id, token }: PlayedHome): Promise<BedTold[]> {
  const { calls, day } = game;
  const asked = { within: id, type: 'NURSING', from: day };
  const { nodes } = await calls.ask('availableBeds', asked, token);
  return [...nodes].sort((one, other) => (one.genderRule < other.genderRule ? -1 : 1));
}

function admission(
  { game }: DemoBeds,
  { bedId, elderId }: { bedId: string; elderId: string },
  more: { requestId?: string; holdId?: string; token?: string } = {},
): Promise<StayTold> {
  const { calls, county, day } = game;
  const { requestId = randomUUID(), holdId = null, token = county } = more;
  return calls.ask('admit', { requestId, bedId, elderId, from: day, holdId, signed: day }, token);
}

async function refuseUnassessed(played: DemoBeds): Promise<void> {
  const newcomer = await played.game.unassessed();
  const beds = await freeBeds(played, played.game.second);
  const bed = beds.find(({ genderRule }) => genderRule === 'ANY' || genderRule === newcomer?.gender);
  if (!newcomer || !bed) return;
  const told = await admission(played, { bedId: bed.id, elderId: newcomer.elderId });
  played.note('admitted without an assessment', told, 'NOT_ASSESSED');
}

/** Two at one bed at the same moment: one is let in, and the other answered that it is taken. Answers who was not. */
async function doublePress(played: DemoBeds): Promise<Newcomer | undefined> {
  const [bed, another] = await freeBeds(played, played.game.second);
  if (!bed || !another) {
    played.fault('two at one bed', 'the second home has no free bed');
    return undefined;
  }
  const gender = bed.genderRule === 'ANY' ? undefined : bed.genderRule;
  const first = await assessed(played, gender);
  const pair = [first, await assessed(played, first.gender)] as const;
  const requestIds = [randomUUID(), randomUUID()] as const;
  const told = await Promise.all(
    pair.map(({ elderId }, index) =>
      admission(played, { bedId: bed.id, elderId }, { requestId: requestIds[index] as string }),
    ),
  );
  const winner = told.findIndex(({ refused }) => refused === undefined);
  const codes = told.map(({ refused }) => refused ?? 'ADMITTED').sort();
  played.note('two at one bed', { state: codes.join(' and ') }, 'ADMITTED and BED_NOT_FREE');
  if (winner < 0) return undefined;
  played.moved.second.came += codes.filter((code) => code === 'ADMITTED').length;
  const { elderId } = pair[winner] as Newcomer;
  const again = await admission(
    played,
    { bedId: bed.id, elderId },
    { requestId: requestIds[winner] as string },
  );
  played.note(
    'sent again',
    { state: again.id === told[winner]?.id ? 'THE SAME STAY' : 'ANOTHER' },
    'THE SAME STAY',
  );
  const second = await admission(played, { bedId: another.id, elderId });
  played.note('a second bed', second, 'ELDER_HAS_BED');
  return pair[1 - winner];
}

/** Until half past two; it is looked at again later in the afternoon. */
async function holdThatExpires(played: DemoBeds, { elderId, gender }: Newcomer): Promise<string | undefined> {
  const { calls, county, day, second } = played.game;
  const beds = await freeBeds(played, second);
  const bed = beds.find(({ genderRule }) => genderRule === 'ANY' || genderRule === gender);
  if (!bed) return undefined;
  const expiresAt = instantOn(day, 14 * 60 + 30).toISOString();
  const asked = { requestId: randomUUID(), bedId: bed.id, elderId, from: day, expiresAt };
  played.note('kept for half an hour', await calls.ask('holdBed', asked, county), 'HELD');
  return bed.id;
}

async function admitFromHold(played: DemoBeds): Promise<void> {
  const { calls, county, day, second } = played.game;
  const newcomer = await assessed(played);
  const beds = await freeBeds(played, second);
  const bed = beds.find(({ genderRule }) => genderRule === 'ANY' || genderRule === newcomer.gender);
  if (!bed) return played.fault('admitted from a hold', 'the second home has no free bed');
  const { elderId } = newcomer;
  const expiresAt = instantOn(day, 20 * 60).toISOString();
  const asked = { requestId: randomUUID(), bedId: bed.id, elderId, from: day, expiresAt };
  const hold = await calls.ask('holdBed', asked, county);
  played.note('kept until the evening', hold, 'HELD');
  // The director admits: who holds one of its beds is known to the home.
  const stay = await admission(played, { bedId: bed.id, elderId }, { holdId: hold.id, token: second.token });
  played.note('admitted from a hold', stay, 'OCCUPIED');
  if (stay.refused === undefined) played.moved.second.came += 1;
  if (stay.id !== hold.id)
    played.fault('admitted from a hold', `the stay ${stay.id} is not the hold ${hold.id}`);
}

async function joinLine(played: DemoBeds): Promise<void> {
  const { calls, county, first } = played.game;
  for (const gender of ['FEMALE', 'MALE'] as const) {
    const { elderId } = await assessed(played, gender);
    const asked = { requestId: randomUUID(), elderId, facilityId: first.id, type: 'NURSING' };
    const told = await calls.ask('joinWaitlist', asked, county);
    const state = told.refused ?? (told.position > 0 ? 'WAITING' : 'NOT IN LINE');
    played.note('joined the line', { state }, 'WAITING');
  }
}

/** One bed is offered and taken, another one declined, and offered to the next. */
async function offerBeds(played: DemoBeds): Promise<EntryTold | undefined> {
  const { calls, day, first } = played.game;
  const offered = new Set<string>();
  const offer = async (): Promise<EntryTold | undefined> => {
    for (const { id: bedId } of await freeBeds(played, first)) {
      if (offered.has(bedId)) continue;
      offered.add(bedId);
      const told = await calls.ask('offerBed', { bedId }, first.token);
      if (told.offer) return told;
    }
    return undefined;
  };
  const taken = await offer();
  if (!taken?.offer) {
    played.fault('offered', 'nobody in line could be offered a bed');
    return undefined;
  }
  const stay = await calls.ask('acceptOffer', { offerId: taken.offer.id, from: day }, first.token);
  played.note('offered and taken', stay, 'OCCUPIED');
  if (stay.refused === undefined) played.moved.first.came += 1;
  const twice = await calls.ask('acceptOffer', { offerId: taken.offer.id, from: day }, first.token);
  played.note('taken twice', twice, 'WRONG_STATE');
  const declined = await offer();
  if (!declined?.offer) return undefined;
  const { id: offerId, bed } = declined.offer;
  const left = await calls.ask('declineOffer', { offerId, reason: '想住得离家近一些' }, first.token);
  played.note('offered and declined', { ...left, state: left.offer ? 'OFFERED' : 'DECLINED' }, 'DECLINED');
  await refusePastLine(played, bed.id);
  const next = await calls.ask('offerBed', { bedId: bed.id }, first.token);
  const isAnother = next.offer !== null && next.id !== declined.id;
  played.note('offered to the next', { ...next, state: isAnother ? 'OFFERED' : 'NOT OFFERED' }, 'OFFERED');
  return next.offer ? next : undefined;
}

/** Who comes straight from home is not let in past those who wait. */
async function refusePastLine(played: DemoBeds, bedId: string): Promise<void> {
  const { calls, first, day } = played.game;
  const board = await calls.ask('bedBoard', { facilityId: first.id, on: day }, first.token);
  const rule = board.find(({ bed }) => bed.id === bedId)?.bed.genderRule;
  const { elderId } = await assessed(played, rule === 'ANY' ? undefined : rule);
  played.note('past the line', await admission(played, { bedId, elderId }), 'NOT_NEXT_IN_LINE');
}
