import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { discharge } from '../../src/beds/discharge.js';
import { addBeds, addResident, admitted, allBeds, outcomeOf, tryAdmit } from '../support/beds.js';
import { today } from '../support/town.js';
import {
  after,
  joined,
  lineAt,
  placed,
  tryAccept,
  tryDecline,
  tryJoin,
  tryOffer,
} from '../support/waiting.js';
import {
  closeWaitingTown,
  home,
  newBed,
  newWaitingHome,
  offered,
  open,
  startWaitingTown,
  town,
  waits,
} from '../support/waiting-town.js';

beforeAll(startWaitingTown);
beforeEach(newWaitingHome);
afterAll(closeWaitingTown);

const day = 24;

it('a bed is offered to the first whom it suits, kept for them, and taken by them', async () => {
  const bedId = await newBed({ gender: 'FEMALE' });
  await waits(0, { gender: 'MALE' });
  const woman = await waits(1);
  const { elderId, offerId } = await offered(bedId, 2);
  expect(elderId).toBe(woman);
  expect(outcomeOf(await tryOffer(town, { bedId, now: after(3) }))).toBe('BED_NOT_FREE');
  expect(outcomeOf(await tryAdmit(town, { bedId, elderId: await addResident(town) }))).toBe('BED_NOT_FREE');
  const stay = await tryAccept(town, offerId, { now: after(4) });
  expect(stay).toMatchObject({ id: offerId, elderId: woman, bedId, from: today });
  expect(await lineAt(town, home, after(5))).not.toContain(woman);
  expect(outcomeOf(await tryAccept(town, offerId, { now: after(5) }))).toBe('WRONG_STATE');
  expect(outcomeOf(await tryDecline(town, offerId, after(5)))).toBe('WRONG_STATE');
});

it('an offer that nobody answers passes the bed on at its instant, and is no refusal', async () => {
  const bedId = await newBed();
  const [first, second] = [await waits(0), await waits(1)];
  const { elderId, offerId } = await offered(bedId, 2);
  expect(elderId).toBe(first);
  expect(outcomeOf(await tryOffer(town, { bedId, now: after(73.9) }))).not.toBe('done');
  const next = await offered(bedId, 74);
  expect(next.elderId).toBe(second);
  expect(outcomeOf(await tryAccept(town, offerId, { now: after(74) }))).toBe('HOLD_EXPIRED');
  expect(outcomeOf(await tryDecline(town, offerId, after(74)))).toBe('HOLD_EXPIRED');
  expect(await lineAt(town, home, after(75))).toEqual([first, second]);
  expect(outcomeOf(await tryDecline(town, next.offerId, after(75)))).toBe('done');
  // Both let it pass; once somebody has had it, it is offered to the first again.
  expect(outcomeOf(await tryOffer(town, { bedId, now: after(76) }))).toBe('WRONG_STATE');
  const { id: stayId } = await admitted(town, { bedId, elderId: await addResident(town), now: after(76) });
  const leaving = { stayId, on: '2026-03-13', reason: 'HOME', note: null, byId: town.managerId };
  await town.database.write((manager) => discharge(manager, { ...leaving, now: after(80) }, allBeds));
  expect((await offered(bedId, 81)).elderId).toBe(first);
});

it('two refusals within a year close the list to an elder for a year, to the day', async () => {
  const [one, other] = await addBeds(town, home, [{}, {}]);
  const elderId = await waits(0);
  const { offerId } = await offered(one as number, 1);
  expect(outcomeOf(await tryDecline(town, offerId, after(1), '  '))).toBe('NOTE_INVALID');
  expect(placed(await tryDecline(town, offerId, after(1)))).toMatchObject({ position: 1, offer: null });
  const again = await offered(other as number, 2);
  expect(placed(await tryDecline(town, again.offerId, after(2)))).toMatchObject({ position: 0 });
  expect(await lineAt(town, home, after(3))).toEqual([]);
  const early = await tryJoin(town, { elderId, facilityId: home, now: after(364 * day) });
  expect(early).toMatchObject({ refused: 'WRONG_STATE', field: ['elderId'] });
  expect('message' in early && early.message.en).toContain('2027-03-10');
  await open.database.write((manager) =>
    manager.query("UPDATE elder SET abilityExpiresOn = '2030-01-01' WHERE id = ?", [elderId]),
  );
  expect(outcomeOf(await tryJoin(town, { elderId, facilityId: home, now: after(365 * day) }))).toBe('done');
});

it('two refusals a year apart close nothing', async () => {
  const [one, other] = await addBeds(town, home, [{}, {}]);
  const elderId = await addResident(town, { expiresOn: '2030-01-01' });
  await joined(town, { elderId, facilityId: home });
  const { offerId } = await offered(one as number, 1);
  await tryDecline(town, offerId, after(1));
  const later = await offered(other as number, 365 * day);
  expect(placed(await tryDecline(town, later.offerId, after(365 * day)))).toMatchObject({ position: 1 });
});

it('silence is a refusal where the rule says so', async () => {
  const [one, other] = await addBeds(town, home, [{}, {}]);
  const elderId = await waits(0);
  await offered(one as number, 1);
  await offered(other as number, 80);
  expect(await lineAt(town, home, after(200))).toEqual([elderId]);
  const silence = (value: number) =>
    open.database.write((manager) => manager.query('UPDATE waitlist_rule SET silenceRefuses = ?', [value]));
  await silence(1);
  expect(await lineAt(town, home, after(200))).toEqual([]);
  expect(outcomeOf(await tryJoin(town, { elderId, facilityId: home, now: after(200) }))).toBe('WRONG_STATE');
  await silence(0);
});

it('an offer is not taken by another family, nor for days out of range', async () => {
  const bedId = await newBed();
  const elderId = await waits(0);
  const { offerId } = await offered(bedId);
  const family = (id: number) => ({ beds: [], elders: { places: [], elderIds: [id] } });
  expect(outcomeOf(await tryAccept(town, offerId, { reach: family(elderId + 1) }))).toBe('STAY_UNKNOWN');
  expect(outcomeOf(await tryAccept(town, 1))).toBe('STAY_UNKNOWN');
  expect(outcomeOf(await tryAccept(town, offerId, { from: '2026-03-09' }))).toBe('DAY_OUT_OF_RANGE');
  expect(outcomeOf(await tryAccept(town, offerId, { from: '2026-03-25' }))).toBe('DAY_OUT_OF_RANGE');
  expect(outcomeOf(await tryAccept(town, offerId, { from: '2026-03-24', reach: family(elderId) }))).toBe(
    'done',
  );
});
