import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyBedsBeforeClosing } from '../../src/beds/beds-before-closing.js';
import { changeDischarge } from '../../src/beds/change-discharge.js';
import { cancelAdmission, discharge } from '../../src/beds/discharge.js';
import { startLeave } from '../../src/beds/leave-stay.js';
import type { Stay } from '../../src/beds/read-stays.js';
import { type AdmissionRuleSet, setAdmissionRule } from '../../src/beds/set-admission-rule.js';
import { closeFacility } from '../../src/network/close-facility.js';
import type { Day } from '../../src/shared/china-time.js';
import { expectAuditClean } from '../support/audited.js';
import {
  addBeds,
  addHome,
  addResident,
  admitted,
  allBeds,
  outcomeOf,
  tryAdmit,
  tryHold,
} from '../support/beds.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { buildTown, countRows, noon, type Town, today } from '../support/town.js';

let open: TestDatabase;
let town: Town;
let homeId: number;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  homeId = await addHome(town);
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await open.drop();
});

const newBed = async (at = homeId) => (await addBeds(town, at, [{}]))[0] as number;
const acting = () => ({ byId: town.managerId, now: noon });

async function newStay(from: Day = '2026-03-01', at = homeId): Promise<Stay> {
  return admitted(town, { bedId: await newBed(at), elderId: await addResident(town), from });
}

function dischargeOn(stayId: number, on: Day) {
  const wanted = { stayId, on, reason: 'HOME', note: '回家', ...acting() };
  return open.database.write((manager) => discharge(manager, wanted, allBeds));
}

function changeTo(stayId: number, on: Day | null) {
  return open.database.write((manager) => changeDischarge(manager, { stayId, on, ...acting() }, allBeds));
}

async function endOf(stayId: number) {
  const rows = await open.database.read((manager) =>
    manager.query(
      `SELECT CAST(toDay AS CHAR) AS toDay, endReason, openBedId, openElderId FROM bed_stay WHERE id = ?`,
      [stayId],
    ),
  );
  return rows[0];
}

describe('a discharge that lies ahead', () => {
  it('is moved to an earlier and to a later day, and keeps its reason', async () => {
    const { id } = await newStay();
    await dischargeOn(id, '2026-03-20');
    expect(await changeTo(id, '2026-03-15')).toMatchObject({ to: '2026-03-15', endReason: 'HOME' });
    expect(await changeTo(id, '2026-03-25')).toMatchObject({ to: '2026-03-25', endReason: 'HOME' });
  });

  it('is taken back, so that the stay is open again', async () => {
    const stay = await newStay();
    await dischargeOn(stay.id, '2026-03-20');
    expect(await changeTo(stay.id, null)).toMatchObject({ to: null, endReason: null });
    expect(await endOf(stay.id)).toEqual({
      toDay: null,
      endReason: null,
      openBedId: stay.bedId,
      openElderId: stay.elderId,
    });
  });

  it('is not moved past somebody who has the bed then, and may be moved up to that day', async () => {
    const { id, bedId } = await newStay();
    await dischargeOn(id, '2026-03-20');
    await admitted(town, { bedId, elderId: await addResident(town), from: '2026-03-24' });
    for (const on of [null, '2026-03-25']) {
      expect(outcomeOf(await changeTo(id, on))).toBe('BED_NOT_FREE');
    }
    expect(await endOf(id)).toMatchObject({ toDay: '2026-03-20' });
    expect(outcomeOf(await changeTo(id, '2026-03-24'))).toBe('done');
  });

  it('is not taken back when the resident has another bed from then on', async () => {
    const { id, elderId } = await newStay();
    await dischargeOn(id, '2026-03-20');
    await admitted(town, { bedId: await newBed(), elderId, from: '2026-03-20' });
    expect(outcomeOf(await changeTo(id, null))).toBe('ELDER_HAS_BED');
  });

  it('takes a leave that lasts until it along', async () => {
    const { id } = await newStay();
    const leaveId = await town.ids.take(1);
    const leave = {
      id: leaveId,
      stayId: id,
      on: '2026-03-08',
      kind: 'HOSPITAL' as const,
      expectedBackOn: null,
    };
    await open.database.write((manager) => startLeave(manager, { ...leave, ...acting() }, allBeds));
    await dischargeOn(id, '2026-03-20');
    expect(outcomeOf(await changeTo(id, '2026-03-07'))).toBe('DAY_OUT_OF_RANGE');
    expect(outcomeOf(await changeTo(id, '2026-03-15'))).toBe('done');
    expect(await countRows(open, `stay_leave WHERE id = ${leaveId} AND toDay = '2026-03-15'`)).toBe(1);
    expect(outcomeOf(await changeTo(id, null))).toBe('done');
    expect(await countRows(open, `stay_leave WHERE id = ${leaveId} AND openStayId = ${id}`)).toBe(1);
  });

  it('is nothing that has been, an open stay, an unknown stay or one out of reach has', async () => {
    const past = await newStay();
    await dischargeOn(past.id, today);
    expect(outcomeOf(await changeTo(past.id, '2026-03-20'))).toBe('WRONG_STATE');
    const { id } = await newStay();
    expect(outcomeOf(await changeTo(id, '2026-03-20'))).toBe('WRONG_STATE');
    expect(outcomeOf(await changeTo(999_999, '2026-03-20'))).toBe('STAY_UNKNOWN');
    await dischargeOn(id, '2026-03-20');
    const elsewhere = { beds: [await addHome(town)], elders: [] };
    const foreign = await open.database.write((manager) =>
      changeDischarge(manager, { stayId: id, on: null, ...acting() }, elsewhere),
    );
    expect(outcomeOf(foreign)).toBe('STAY_UNKNOWN');
    expect(outcomeOf(await changeTo(id, '2026-03-01'))).toBe('DAY_OUT_OF_RANGE');
    expect(await endOf(id)).toMatchObject({ toDay: '2026-03-20' });
  });

  it('and an admission from its old day on: one of the two', async () => {
    for (let round = 0; round < 6; round += 1) {
      const { id, bedId } = await newStay();
      await dischargeOn(id, '2026-03-20');
      const elderId = await addResident(town);
      const [back, other] = await Promise.all([
        changeTo(id, null),
        tryAdmit(town, { bedId, elderId, from: '2026-03-20' }),
      ]);
      expect([outcomeOf(back), outcomeOf(other)].sort()).toEqual(['BED_NOT_FREE', 'done']);
    }
  });
});

it('a reservation that is taken back takes the leave that was planned within it along', async () => {
  const { id } = await newStay('2026-03-20');
  const leaveId = await town.ids.take(1);
  const leave = { id: leaveId, stayId: id, on: '2026-03-22', kind: 'HOME' as const, expectedBackOn: null };
  await open.database.write((manager) => startLeave(manager, { ...leave, ...acting() }, allBeds));
  const back = await open.database.write((manager) =>
    cancelAdmission(manager, { stayId: id, note: null, ...acting() }, allBeds),
  );
  expect(back).toMatchObject({ to: '2026-03-20', endReason: 'CANCELLED' });
  expect(await countRows(open, `stay_leave WHERE id = ${leaveId} AND toDay = fromDay`)).toBe(1);
});

describe('a home that closes', () => {
  const close = (facilityId: number, on: Day) =>
    open.database.write((manager) =>
      closeFacility(manager, { facilityId, on }, 'everywhere', today, [
        emptyBedsBeforeClosing({ now: () => noon }),
      ]),
    );

  it('is refused while somebody has a bed on that day or later, and told which', async () => {
    const home = await addHome(town);
    const { id } = await newStay('2026-03-01', home);
    const refused = await close(home, '2026-04-01');
    expect(refused).toMatchObject({ refused: 'NOT_EMPTY', field: ['on'] });
    expect(refused).toHaveProperty('message.en', expect.stringContaining('bed A'));
    await dischargeOn(id, '2026-04-01');
    expect(await close(home, '2026-03-31')).toMatchObject({ refused: 'NOT_EMPTY' });
    expect(await close(home, '2026-04-01')).toMatchObject({ closedOn: '2026-04-01' });
    expect(outcomeOf(await changeTo(id, null))).toBe('BED_NOT_FREE');
  });

  it('is refused while a bed is held or reserved for somebody who is to come', async () => {
    const home = await addHome(town);
    await tryHold(town, { bedId: await newBed(home), elderId: await addResident(town) });
    expect(await close(home, '2026-04-01')).toMatchObject({ refused: 'NOT_EMPTY' });
    const other = await addHome(town);
    await newStay('2026-05-01', other);
    expect(await close(other, '2026-04-01')).toMatchObject({ refused: 'NOT_EMPTY' });
  });

  it('and an admission at once: one of the two', async () => {
    for (let round = 0; round < 6; round += 1) {
      const home = await addHome(town);
      const bedId = await newBed(home);
      const elderId = await addResident(town);
      const [closed, admission] = await Promise.all([
        close(home, '2026-04-01'),
        tryAdmit(town, { bedId, elderId }),
      ]);
      const both = [outcomeOf(closed), outcomeOf(admission)];
      expect([
        ['done', 'BED_NOT_FREE'],
        ['NOT_EMPTY', 'done'],
      ]).toContainEqual(both);
    }
  });
});

describe('rules of admission', () => {
  const terms = {
    needsAssessment: true,
    levelMin: 0,
    levelMax: 4,
    contractBy: 'TRIAL_END' as const,
    trialDays: 10,
    holdDaysMax: 7,
    homeLeaveDaysMax: 30,
    hospitalLeaveDaysMax: 60,
    homeLeavePercent: 50,
    hospitalLeavePercent: 50,
    entryDaysBackMax: 31,
  };
  const set = (rule: Partial<AdmissionRuleSet>, scope: 'everywhere' | number[] = 'everywhere') =>
    open.database.write((manager) =>
      setAdmissionRule(
        manager,
        { rule: { facilityId: homeId, bedType: 'GENERAL', from: today, ...terms, ...rule }, now: noon },
        scope,
      ),
    );

  it('count at a home and beneath the place that set them, from their day on', async () => {
    const county = await addHome(town, town.cityId, 'COUNTY_CENTER');
    const home = await addHome(town, county);
    await set({ facilityId: county, from: '2026-03-12', trialDays: 12 });
    const trialOf = async (from: Day) => (await newStay(from, home)).trialEndsOn;
    expect(await trialOf('2026-03-12')).toBe('2026-03-24');
    await set({ facilityId: home, from: '2026-03-14', trialDays: 3 });
    expect(await trialOf('2026-03-13')).toBe('2026-03-25');
    expect(await trialOf('2026-03-14')).toBe('2026-03-17');
    await set({ facilityId: home, from: '2026-03-14', trialDays: 4 });
    expect(await trialOf('2026-03-14')).toBe('2026-03-18');
    expect(await countRows(open, `admission_rule WHERE facilityId = ${home}`)).toBe(1);
  });

  it('are set by nobody beyond the own reach, everywhere least of all', async () => {
    for (const facilityId of [null, homeId, 999_999]) {
      const refused = await set({ facilityId }, [await addHome(town)]);
      expect(refused).toMatchObject({ refused: 'RULE_INVALID', field: ['facilityId'] });
    }
    expect(await set({ facilityId: 999_999 })).toMatchObject({ refused: 'RULE_INVALID' });
    expect(await set({ facilityId: null, bedType: 'DAY_CARE', from: '2026-06-01' })).toMatchObject({
      from: '2026-06-01',
    });
  });

  it.each([
    [{ levelMax: 5 }, ['rule', 'levelMax']],
    [{ levelMin: 3, levelMax: 2 }, ['rule', 'levelMax']],
    [{ holdDaysMax: 0 }, ['rule', 'holdDaysMax']],
    [{ homeLeavePercent: 101 }, ['rule', 'homeLeavePercent']],
    [{ entryDaysBackMax: -1 }, ['rule', 'entryDaysBackMax']],
    [{ trialDays: 367 }, ['rule', 'trialDays']],
  ])('are refused with %j', async (wrong, field) => {
    const before = await countRows(open, 'admission_rule');
    expect(await set(wrong)).toMatchObject({ refused: 'RULE_INVALID', field });
    expect(await countRows(open, 'admission_rule')).toBe(before);
  });

  it('never change what has been', async () => {
    expect(await set({ from: '2026-03-09' })).toMatchObject({ refused: 'DAY_OUT_OF_RANGE', field: ['from'] });
  });
});
