import { randomUUID } from 'node:crypto';
import type { AdmissionWanted } from '../../src/beds/admit-together.js';
import { closeBed } from '../../src/beds/close-bed.js';
import type { BedReach } from '../../src/beds/lock-elder.js';
import { addDays } from '../../src/shared/china-time.js';
import { addBeds, addHome, addResident, admitted, allBeds, tryHold } from './beds.js';
import { noon, type Town, today } from './town.js';
import { joined } from './waiting.js';

export interface Wish {
  bedId: number;
  elderId: number;
  more?: Partial<AdmissionWanted>;
  reach?: BedReach;
}

export async function wantedOf(
  { ids, managerId }: Town,
  { bedId, elderId, more }: Wish,
): Promise<AdmissionWanted> {
  const id = await ids.take(1);
  const content = { bedId, elderId, from: today, holdId: null, contractSignedOn: null };
  return { id, requestId: randomUUID(), ...content, byId: managerId, now: noon, ...more };
}

/** One of every kind of admission, at homes of their own; what is said of each is what has to come of it. */
export async function everyKind(town: Town): Promise<{ wish: Wish; is: string }[]> {
  const homeId = await addHome(town);
  const foreignHome = await addHome(town);
  const lineHome = await addHome(town);
  const narrow: BedReach = { beds: [homeId], elders: [] };
  const bed = async (wish = {}, place = homeId) => (await addBeds(town, place, [wish]))[0] as number;
  const elder = (wish = {}) => addResident(town, wish);
  const kinds: { wish: Wish; is: string }[] = [];
  const add = (is: string, bedId: number, elderId: number, more = {}, reach = allBeds) =>
    kinds.push({ is, wish: { bedId, elderId, more, reach } });
  const holding = async (bedId: number) => {
    const elderId = await elder();
    const hold = await tryHold(town, { bedId, elderId });
    if ('refused' in hold) throw new Error(hold.refused);
    return { elderId, holdId: hold.id };
  };

  add('done', await bed(), await elder());
  add('done', await bed({ type: 'NURSING' }), await elder({ level: 3 }), { from: addDays(today, -3) });
  add('done', await bed(), await elder(), { from: addDays(today, 30) });
  const keptBed = await bed();
  add('done', keptBed, (await holding(keptBed)).elderId);
  const namedBed = await bed();
  const named = await holding(namedBed);
  add('done', namedBed, named.elderId, { holdId: named.holdId }, narrow);
  add('done', await bed(), (await holding(await bed())).elderId);
  add('HOLD_EXPIRED', await bed(), await elder(), { holdId: 77 });
  const othersBed = await bed();
  await holding(othersBed);
  add('BED_NOT_FREE', othersBed, await elder());
  const takenBed = await bed();
  const resident = await elder();
  await admitted(town, { bedId: takenBed, elderId: resident });
  add('BED_NOT_FREE', takenBed, await elder());
  add('ELDER_HAS_BED', await bed(), resident);
  const closed = await bed();
  const closing = { bedId: closed, from: today, to: null, reason: 'REPAIR' as const };
  await town.database.write((manager) =>
    closeBed(manager, { ...closing, byId: town.managerId, now: noon }, 'everywhere'),
  );
  add('BED_NOT_FREE', closed, await elder());
  add('BED_NOT_FREE', 999_999, await elder());
  add('BED_NOT_FREE', await bed({}, foreignHome), await elder(), {}, narrow);
  add('ELDER_NOT_ACTIVE', await bed(), 999_999);
  add('ELDER_NOT_ACTIVE', await bed(), await elder(), {}, narrow);
  add('done', await bed(), await elder(), {}, { beds: [town.countyId], elders: [town.cityId] });
  add('DAY_OUT_OF_RANGE', await bed(), await elder(), { from: '2020-02-29' });
  add('DAY_OUT_OF_RANGE', await bed(), await elder(), { from: '9999-12-31' });
  add('BED_NOT_SUITABLE', await bed({ gender: 'FEMALE' }), await elder({ gender: 'MALE' }));
  add('NOT_ASSESSED', await bed(), await elder({ level: null }));
  add('REQUEST_ID_MALFORMED', await bed(), await elder(), { requestId: 'x' });
  add('NOTE_INVALID', await bed(), await elder(), { skipReason: 'x'.repeat(201) });
  const [firstBed = 0, otherBed = 0] = await addBeds(town, lineHome, [{}, {}]);
  await joined(town, { elderId: await elder(), facilityId: lineHome });
  add('NOT_NEXT_IN_LINE', firstBed, await elder());
  add('done', otherBed, await elder(), { skipReason: '紧急安置' });
  return kinds;
}
