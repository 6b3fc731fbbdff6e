import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAuditClean } from '../support/audited.js';
import { type HomeOffice, noonOf, openHomeOffice } from '../support/home-office.js';

let office: HomeOffice;
const march = '2026-03';
const april = '2026-04';
const stays: Record<string, number> = {};
const elders: Record<string, number> = {};

beforeAll(async () => {
  office = await openHomeOffice();
  const { deeds, bedIds, resident } = office;
  for (const [index, name] of ['early', 'doubted', 'hospital', 'gone'].entries()) {
    elders[name] = await resident({ level: 3 });
    stays[name] = await deeds.admit(bedIds[index] ?? 0, elders[name], '2026-03-01');
  }
});
afterAll(async () => {
  await expectAuditClean(office.server.database);
  await office.server.close();
});

const clock = (day: string) => office.server.clock.set(noonOf(day), 0);
const short = (lines: Awaited<ReturnType<HomeOffice['lines']>>) =>
  lines.map(({ kind, correctsMonth, stay, grossFen }) => [
    ...[kind, correctsMonth, Number(stay.stayId), stay.presentDays, stay.homeLeaveDays, stay.hospitalDays],
    ...[stay.countedDays, grossFen],
  ]);
/** 300 yuan a month by days of March. */
const ofMarch = (days: number) => Math.floor((30_000 * days) / 31);

describe('a home’s month', () => {
  it('waits until it is over, and takes each step by its office', async () => {
    clock('2026-03-31');
    expect(await office.step('home', 'submitStatement', march)).toBe('MONTH_NOT_OVER month');
    office.server.clock.set(new Date('2026-04-01T00:09:00+08:00'), 0);
    expect(await office.step('home', 'submitStatement', march)).toBe('MONTH_NOT_OVER month');
    clock('2026-05-01');
    expect(await office.step('otherCounty', 'submitStatement', march)).toBe('STATEMENT_UNKNOWN canteenId');
    expect(await office.step('county', 'submitStatement', march)).toBe('NOT_ENTITLED canteenId');
    expect(await office.step('auditor', 'submitStatement', march)).toBe('FORBIDDEN');
    expect(await office.step('home', 'submitStatement', 'March')).toBe('MONTH_INVALID month');
    // Months come one after the other.
    expect(await office.step('home', 'submitStatement', april)).toBe('EARLIER_MONTH_OPEN month');
    const draft = await office.lines(march);
    expect(await office.step('home', 'submitStatement', march, ', version: 1')).toBe(
      'VERSION_CHANGED version',
    );
    expect(await office.step('home', 'submitStatement', march)).toBe('SUBMITTED');
    expect(await office.step('home2', 'submitStatement', march)).toBe('WRONG_STATE month');
    // The lines of the draft, by the same numbers.
    expect(await office.lines(march)).toEqual(draft);
    expect(draft).toHaveLength(4);
  });

  it('goes back with a reason, and comes again with the same numbers and what was put right', async () => {
    const before = await office.lines(march);
    expect(await office.step('street', 'returnStatement', march, ', note: " "')).toBe('NOTE_INVALID note');
    expect(await office.step('street', 'returnStatement', march, ', note: "有人已出院"')).toBe('DRAFT');
    await office.deeds.discharge(stays.gone ?? 0, '2026-03-21', '2026-04-02');
    expect(await office.step('home', 'submitStatement', march)).toBe('SUBMITTED');
    const after = await office.lines(march);
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect(short(after).at(-1)).toEqual(['STAY', null, stays.gone, 20, 0, 0, 20, ofMarch(20)]);
    expect((await office.statement(march)).sums.bedDays).toBe(31 * 3 + 20);
  });

  it('is followed by what is entered late, as the difference in the month that is open', async () => {
    const { deeds, bedIds, resident } = office;
    const submitted = await office.lines(march);
    const { sums } = await office.statement(march);
    // In hospital from 10 to 25 March, entered in April: of the fifteen days ten count.
    await deeds.leave(stays.hospital ?? 0, 'HOSPITAL', '2026-03-10', '2026-03-25', '2026-04-05');
    // Left on 26 March, as is found in April.
    await deeds.discharge(stays.early ?? 0, '2026-03-26', '2026-04-05');
    // Came on 30 March, and is entered in April.
    stays.late = await deeds.admit(bedIds[4] ?? 0, await resident({ level: 1 }), '2026-03-30', '2026-04-05');
    expect(await office.lines(march)).toEqual(submitted);
    expect((await office.statement(march)).sums).toEqual(sums);
    expect(short(await office.lines(april, ', corrections: true'))).toEqual([
      ['CORRECT', march, stays.early, -6, 0, 0, -6, ofMarch(25) - 30_000],
      ['CORRECT', march, stays.hospital, -15, 0, 15, -5, ofMarch(26) - 30_000],
      ['CORRECT', march, stays.late, 2, 0, 0, 2, Math.floor((10_000 * 2) / 31)],
    ]);
    expect(short(await office.lines(april, ', corrections: false'))).toEqual([
      ['STAY', null, stays.doubted, 30, 0, 0, 30, 30_000],
      ['STAY', null, stays.hospital, 30, 0, 0, 30, 30_000],
      ['STAY', null, stays.late, 30, 0, 0, 30, 10_000],
    ]);
    // Not in the draft of May as well, which may not come before April.
    expect(await office.lines('2026-05', ', corrections: true')).toEqual([]);
  });

  it('by a level that is found to have been another, takes the days from one and gives them to the other', async () => {
    await office.server.database.write((manager) =>
      manager.query('UPDATE elder SET abilityLevel = 1 WHERE id = ?', [elders.doubted]),
    );
    const own = (await office.lines(april, `, corrections: true, elderId: ${elders.doubted}`)).map((line) => [
      ...[line.stay.level, line.stay.presentDays, line.grossFen],
    ]);
    expect(own).toEqual([
      [1, 31, 10_000],
      [3, -31, -30_000],
    ]);
    await office.server.database.write((manager) =>
      manager.query('UPDATE elder SET abilityLevel = 3 WHERE id = ?', [elders.doubted]),
    );
  });

  it('has its disputes, and days that are denied stay days, unpaid, however the stay is put right later', async () => {
    const lines = await office.lines(march);
    const line = lines.find(({ stay }) => Number(stay.stayId) === stays.doubted);
    const dispute = (person: 'street' | 'home', id = line?.id) =>
      office.step(person, 'disputeLine', march, `, lineId: "${id}", reason: "查房未见此人"`);
    expect(await dispute('home')).toBe('NOT_ENTITLED canteenId');
    expect(await dispute('street', '999999')).toBe('LINE_UNKNOWN lineId');
    expect(await dispute('street')).toBe('SUBMITTED');
    expect(await dispute('street')).toBe('LINE_NOT_DISPUTABLE lineId');
    const rejected = lines.find(({ stay }) => Number(stay.stayId) === stays.hospital);
    expect(await dispute('street', rejected?.id)).toBe('SUBMITTED');
    const [first, second] = await office.lines(march, ', disputed: OPEN');
    const answer = (id?: string) => `answerDispute(disputeId: "${id}", answer: "有护理记录")`;
    const decide = (id: string | undefined, decision: string) =>
      `decideDispute(disputeId: "${id}", decision: ${decision}, reason: "已核实")`;
    const id = first?.dispute?.id;
    expect(await office.say('street', decide(id, 'UPHELD'))).toBe('OUT_OF_TURN disputeId');
    expect(await office.say('street', answer(id))).toBe('NOT_ENTITLED disputeId');
    expect(await office.say('home', answer(id))).toBe('SUBMITTED');
    expect(await office.step('street', 'reviewStatement', march)).toBe('DISPUTES_OPEN month');
    expect(await office.say('street2', decide(id, 'UPHELD'))).toBe('SUBMITTED');
    expect(await office.say('home', answer(second?.dispute?.id))).toBe('SUBMITTED');
    expect(await office.say('street', decide(second?.dispute?.id, 'REJECTED'))).toBe('SUBMITTED');
    expect(short(await office.lines(march, ', disputed: DECIDED'))[0]).toEqual([
      ...['STAY', null, stays.doubted, 31, 0, 0, 31, 30_000],
    ]);
    expect(short(await office.lines(april, `, elderId: ${elders.doubted}, corrections: true`))).toEqual([
      ['DISPUTE', march, stays.doubted, 0, 0, 0, -31, -30_000],
    ]);
    // Found to have left on the 21st: the days go, and no money a second time.
    await office.deeds.discharge(stays.doubted ?? 0, '2026-03-21', '2026-04-06');
    expect(short(await office.lines(april, `, elderId: ${elders.doubted}, corrections: true`))).toEqual([
      ['CORRECT', march, stays.doubted, -11, 0, 0, -31, -30_000],
    ]);
  });

  it('is reviewed, signed, paid and frozen by different people, and then never changes', async () => {
    expect(await office.step('street', 'reviewStatement', march)).toBe('REVIEWED');
    expect(await office.step('street', 'signStatement', march)).toBe('NOT_ENTITLED canteenId');
    expect(await office.step('county', 'sendBackStatement', march, ', note: "再核对"')).toBe('SUBMITTED');
    expect(await office.step('street', 'reviewStatement', march)).toBe('REVIEWED');
    expect(await office.step('county', 'signStatement', march)).toBe('SIGNED');
    expect(await office.step('county', 'payStatement', march, ', note: "P-1"')).toBe(
      'NOT_ENTITLED canteenId',
    );
    expect(await office.step('finance', 'payStatement', march, ', note: "P-1"')).toBe('PAID');
    expect(await office.step('finance', 'freezeStatement', march)).toBe('SAME_PERSON canteenId');
    expect(await office.step('county', 'freezeStatement', march)).toBe('FROZEN');
    const before = [await office.lines(march), await office.statement(march)];
    await office.deeds.leave(stays.hospital ?? 0, 'HOME', '2026-03-27', '2026-03-29', '2026-04-07');
    expect([await office.lines(march), await office.statement(march)]).toEqual(before);
    for (const mutation of ['submitStatement', 'reviewStatement', 'signStatement', 'freezeStatement']) {
      const person =
        mutation === 'submitStatement' ? 'home' : mutation === 'reviewStatement' ? 'street' : 'county';
      expect(await office.step(person, mutation, march)).toBe('FROZEN month');
    }
  });

  it('and the next one together have each day as it was, as the figures of occupancy do', async () => {
    expect(await office.step('home', 'submitStatement', april)).toBe('SUBMITTED');
    const [one, other] = [await office.statement(march), await office.statement(april)];
    const corrections = await office.lines(april, ', corrections: true');
    const sum = (of: (line: (typeof corrections)[number]) => number) =>
      corrections.reduce((total, line) => total + of(line), 0);
    expect({
      occupiedDays: one.sums.bedDays + sum(({ stay }) => stay.presentDays),
      leaveDays:
        one.sums.homeLeaveDays +
        one.sums.hospitalDays +
        sum(({ stay }) => stay.homeLeaveDays + stay.hospitalDays),
    }).toEqual(await office.figures('2026-03-01', '2026-04-01'));
    expect(one.sums.bedDays + other.sums.bedDays).toBe(
      (await office.figures('2026-03-01', '2026-05-01')).occupiedDays,
    );
    expect(other.sums.operatorFen).toBe(0);
    // Nothing is left for the month after, but what is entered from now on.
    expect(await office.lines('2026-05', ', corrections: true')).toEqual([]);
    await office.deeds.discharge(stays.hospital ?? 0, '2026-04-29', '2026-05-01');
    expect(short(await office.lines('2026-05', ', corrections: true'))).toEqual([
      ['CORRECT', april, stays.hospital, -2, 0, 0, -2, -2_000],
    ]);
  });

  it('of a home where nobody pays has its days, and no fen', async () => {
    const { database } = office.server;
    await database.write(async (manager) => {
      await manager.query('DELETE FROM bed_subsidy_rate');
      await manager.query('DELETE FROM bed_subsidy');
    });
    const { sums, shares } = await office.statement('2026-05');
    // The late admission of March is still there; corrections of what was paid are asked about above.
    expect(sums.bedDays).toBeGreaterThan(0);
    const own = await office.lines('2026-05', ', corrections: false');
    expect(own.map(({ grossFen, stay }) => [grossFen, stay.countedDays, stay.presentDays])).toEqual([
      [0, 0, 31],
    ]);
    expect(shares.every(({ fen }) => fen < 0)).toBe(true);
  });
});
