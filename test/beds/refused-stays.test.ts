import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  admit,
  back,
  closeBedCalls,
  done,
  end,
  leave,
  move,
  newBed,
  refused,
  resident,
  startBedCalls,
  tell,
  town,
} from '../support/bed-calls.js';
import { addResident } from '../support/beds.js';

beforeAll(startBedCalls);
afterAll(closeBedCalls);

describe('a stay', () => {
  it('cannot end before it begins, nor twice, nor for no reason', async () => {
    const { stay } = await resident('2026-03-05');
    await refused(end(stay, '2026-03-04'), 'DAY_OUT_OF_RANGE', ['on']);
    await refused(end(stay, '2026-03-05'), 'DAY_OUT_OF_RANGE', ['on']);
    await refused(end(stay, '2026-03-10', 'BORED'), 'REASON_UNKNOWN', ['reason']);
    await refused(end(stay, '2026-03-10', 'TRANSFER'), 'REASON_UNKNOWN', ['reason']);
    await refused(end(stay, '2026-03-10', 'home'), 'REASON_UNKNOWN', ['reason']);
    await refused(end(stay, '2026-03-10', 'HOME', `, note: "${'长'.repeat(201)}"`), 'NOTE_INVALID', ['note']);
    await refused(end(stay, '2026-03-11', 'DEATH'), 'DAY_OUT_OF_RANGE', ['on']);
    await done(end(stay, '2026-03-10', 'HOME', ', note: "儿子来接"'));
    await refused(end(stay, '2026-03-10'), 'WRONG_STATE', ['stayId']);
    await refused(end('999999999', '2026-03-10'), 'STAY_UNKNOWN', ['stayId']);
  });

  it('cannot be moved to its own bed, to a taken one, or on its first day', async () => {
    const { bed, stay } = await resident('2026-03-05');
    const other = await resident();
    const message = await refused(move(stay, bed, '2026-03-10'), 'BED_NOT_FREE', ['bedId']);
    expect(message).toContain("is the resident's bed already");
    await refused(move(stay, other.bed, '2026-03-10'), 'BED_NOT_FREE', ['bedId']);
    await refused(move(stay, await newBed(), '2026-03-05'), 'DAY_OUT_OF_RANGE', ['on']);
    const free = await newBed();
    await done(leave(stay, '2026-03-09'));
    await refused(move(stay, free, '2026-03-10'), 'WRONG_STATE', ['stayId']);
    await done(back(stay, '2026-03-10'));
    await done(move(stay, free, '2026-03-10'));
    await refused(move(stay, await newBed(), '2026-03-10'), 'WRONG_STATE', ['stayId']);
  });

  it('has no leave inside a leave, before it, or that ends before it began', async () => {
    const { stay } = await resident('2026-03-01');
    await refused(back(stay, '2026-03-10'), 'WRONG_STATE', ['stayId']);
    await refused(leave(stay, '2026-02-28'), 'DAY_OUT_OF_RANGE', ['on']);
    await done(leave(stay, '2026-03-03'));
    await refused(leave(stay, '2026-03-05'), 'WRONG_STATE', ['on']);
    await refused(back(stay, '2026-03-02'), 'DAY_OUT_OF_RANGE', ['on']);
    await refused(back(stay, '2026-03-11'), 'DAY_OUT_OF_RANGE', ['on']);
    await done(back(stay, '2026-03-06'));
    await refused(leave(stay, '2026-03-04'), 'WRONG_STATE', ['on']);
    await refused(end(stay, '2026-03-05'), 'DAY_OUT_OF_RANGE', ['on']);
    await refused(leave(stay, '2026-03-10', ', expectedBackOn: "2026-03-10"'), 'DAY_OUT_OF_RANGE', [
      'expectedBackOn',
    ]);
    await refused(leave(stay, '2026-03-10', ', expectedBackOn: "2026-08-10"'), 'LEAVE_LIMIT', [
      'expectedBackOn',
    ]);
    await done(leave(stay, '2026-03-06'));
  });

  it('cannot be ended or left before the last charge', async () => {
    const { stay } = await resident('2026-02-01');
    const charges = '{ __typename ... on StayCharges { days fen } ... on BedRefusal { code field message } }';
    await refused(`chargeStay(stayId: ${stay}, month: "2026-03")`, 'DAY_OUT_OF_RANGE', ['month'], charges);
    expect(await tell(`chargeStay(stayId: ${stay}, month: "2026-02")`, charges)).toMatchObject({ days: 28 });
    expect(await tell(`chargeStay(stayId: ${stay}, month: "2026-02")`, charges)).toMatchObject({ days: 28 });
    await refused(end(stay, '2026-02-27'), 'CHARGED_ALREADY', ['on']);
    await refused(leave(stay, '2026-02-28'), 'CHARGED_ALREADY', ['on']);
    await refused(move(stay, await newBed(), '2026-02-20'), 'CHARGED_ALREADY', ['on']);
    await done(end(stay, '2026-03-01'));
  });

  it('that has not begun can be taken back, and one that has cannot', async () => {
    const bed = await newBed();
    const elder = await addResident(town);
    const stay = await done(admit(bed, elder, '2026-04-01'));
    await refused(admit(bed, await addResident(town), '2026-03-20'), 'BED_NOT_FREE', ['bedId']);
    await done(`cancelAdmission(stayId: ${stay})`);
    await done(`cancelAdmission(stayId: ${stay}, note: "again")`);
    await done(admit(bed, elder, '2026-03-20'));
    const { stay: begun } = await resident();
    await refused(`cancelAdmission(stayId: ${begun})`, 'WRONG_STATE', ['stayId']);
  });
});
