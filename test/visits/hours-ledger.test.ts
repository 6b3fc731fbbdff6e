import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Visit, VisitBooking } from '../../entities/index.js';
import { instantOn } from '../../src/shared/china-time.js';
import { expireHours } from '../../src/visits/expire-hours.js';
import { hoursOf } from '../../src/visits/find-hours.js';
import {
  correctHours,
  giveBackHours,
  offerHours,
  reserveHours,
  useHours,
} from '../../src/visits/hours-book.js';
import { expectAuditClean } from '../support/audited.js';
import { statementsOf } from '../support/count-statements.js';
import { approveHours, hoursBalances } from '../support/hours.js';
import { hoursRules } from '../support/hours-cases.js';
import {
  book,
  does,
  elderId,
  newHoursElder,
  offer,
  paid,
  questionOf,
  setStatus,
  startHoursTown,
  sums,
  test,
  town,
  unpaid,
} from '../support/hours-town.js';
import { countRows, noon } from '../support/town.js';

beforeAll(startHoursTown);
afterAll(() => test.drop());
beforeEach(newHoursElder);

describe('an offer', () => {
  it('counts each question after those before it, months apart, and writes nothing', async () => {
    const before = [await countRows(test, 'hours_grant'), await countRows(test, 'hours_posting')];
    expect(await offer(['2026-03-12', '2026-03-13', '2026-03-14', '2026-04-01'])).toEqual([
      paid,
      paid,
      unpaid,
      paid,
    ]);
    expect([await countRows(test, 'hours_grant'), await countRows(test, 'hours_posting')]).toEqual(before);
  });

  it('is nothing at a station of another county, and of an elder, a station or a service that is not there', async () => {
    for (const more of [
      { stationId: town.otherStationId },
      { elderId: 999_999 },
      { stationId: 999_999 },
      { serviceId: 999_999 },
    ]) {
      const [answer] = await test.database.read((manager) =>
        offerHours(manager, [questionOf('2026-03-12', more)]),
      );
      expect(answer).toEqual(unpaid);
    }
  });

  it('costs as many statements for a year of visits as for one', async () => {
    const days = Array.from({ length: 52 }, (_, index) => instantOn('2026-03-10', index * 7 * 1440)).map(
      (instant) => instant.toISOString().slice(0, 10),
    );
    const asked = async (wanted: string[]) =>
      (await statementsOf(test.database, () => offer(wanted))).statements.length;
    expect(await asked(days)).toBe(await asked(days.slice(0, 1)));
  });
});

describe('a reservation', () => {
  it('is what was offered, and grants the month once', async () => {
    expect(await book('2026-03-12')).toMatchObject(paid);
    expect(await sums()).toEqual([120, 60, 0, 0, 60]);
    expect(await book('2026-03-13', { at: 800 })).toMatchObject(paid);
    expect(await book('2026-03-14')).toMatchObject(unpaid);
    expect(await sums()).toEqual([120, 120, 0, 0, 0]);
    expect(await offer(['2026-03-15'])).toEqual([unpaid]);
    await expectAuditClean(test.database);
  });

  it('is refused as a bug when the visit has one already', async () => {
    const { visitId } = await book('2026-03-12');
    const again = test.database.write(async (manager) => {
      await reserveHours(manager, [{ ...questionOf('2026-03-12'), visitId }], noon);
    });
    await expect(again).rejects.toThrow(/reserved already/);
    expect(await sums()).toEqual([120, 60, 0, 0, 60]);
  });

  it('that is given back can be had again, once', async () => {
    const { visitId } = await book('2026-03-12', { minutes: 120, priceFen: 10_000 });
    await does(giveBackHours, visitId);
    await setStatus(visitId, 'CANCELLED');
    expect(await sums()).toEqual([120, 0, 0, 0, 120]);
    await does(giveBackHours, visitId);
    expect(await sums()).toEqual([120, 0, 0, 0, 120]);
    expect(await offer(['2026-03-12', '2026-03-13', '2026-03-14'])).toEqual([paid, paid, unpaid]);
    await expectAuditClean(test.database);
  });
});

describe('a visit that was brought', () => {
  it('is owed to the station by the funder and the family, once', async () => {
    const before = await hoursBalances(test.database);
    const { visitId } = await book('2026-03-12');
    await does(useHours, visitId);
    await does(useHours, visitId);
    await setStatus(visitId, 'COMPLETED');
    const after = await hoursBalances(test.database);
    const grew = (key: string) => (after[key] ?? 0) - (before[key] ?? 0);
    expect(grew(`FUNDER ${town.funderId}`)).toBe(-3600);
    expect(grew(`FAMILY ${elderId}`)).toBe(-1400);
    expect(grew(`STATION_RECEIVABLE ${town.stationId}`)).toBe(5000);
    expect(grew(`PROMISED_BY ${town.funderId}`)).toBe(0);
    expect(await sums()).toEqual([120, 0, 60, 0, 60]);
    await does(giveBackHours, visitId);
    expect(await sums()).toEqual([120, 0, 60, 0, 60]);
    await expectAuditClean(test.database);
  });

  it('without hours is owed by the family alone', async () => {
    const { visitId } = await book('2026-03-12', { stationId: town.otherStationId });
    const before = await hoursBalances(test.database);
    await does(useHours, visitId);
    await does(useHours, visitId);
    const after = await hoursBalances(test.database);
    const key = `STATION_RECEIVABLE ${town.otherStationId}`;
    expect((after[key] ?? 0) - (before[key] ?? 0)).toBe(5000);
    expect(after[`FAMILY ${elderId}`]).toBe(-5000);
    await setStatus(visitId, 'COMPLETED');
    await expectAuditClean(test.database);
  });

  it('after it was taken for missed has what hours pay now, and says so in the visit', async () => {
    const missed = await book('2026-03-12');
    await does(giveBackHours, missed.visitId);
    const other = await book('2026-03-13', { minutes: 90, priceFen: 7500 });
    expect(other.hoursMinutes).toBe(90);
    await does(useHours, missed.visitId);
    await setStatus(missed.visitId, 'COMPLETED');
    expect(await sums()).toEqual([120, 90, 30, 0, 0]);
    const [row, booking] = await test.database.read(async (manager) => [
      await manager.findOneByOrFail(Visit, { id: missed.visitId }),
      await manager.findOneByOrFail(VisitBooking, { visitId: missed.visitId }),
    ]);
    expect([row.subsidyFen, row.selfPaidFen, booking.hoursMinutes]).toEqual([1800, 3200, 30]);
    await expectAuditClean(test.database);
  });

  it('can be taken back, and then used or given back anew', async () => {
    const { visitId } = await book('2026-03-12');
    await does(useHours, visitId);
    const used = await hoursBalances(test.database);
    await does(correctHours, visitId);
    expect(await sums()).toEqual([120, 60, 0, 0, 60]);
    await does(useHours, visitId);
    expect(await hoursBalances(test.database)).toEqual(used);
    await does(correctHours, visitId);
    await does(giveBackHours, visitId);
    await setStatus(visitId, 'CANCELLED');
    expect(await sums()).toEqual([120, 0, 0, 0, 120]);
    await expectAuditClean(test.database);
  });
});

describe('a grant', () => {
  it('follows the rules and the file as they stand, and takes back nothing that is reserved', async () => {
    const rules = (minutes: number) => hoursRules([{ code: 'FRAIL', minutes, who: { abilityFrom: 2 } }]);
    await approveHours(test.database, town.stationId, rules(60), { code: 'FRAIL-1', fromDay: '2026-02-01' });
    const ability = (level: number | null) =>
      test.database.write((manager) =>
        manager.query('UPDATE elder SET abilityLevel = ? WHERE id = ?', [level, elderId]),
      );
    expect(await sums()).toEqual([120, 0, 0, 0, 120]);
    await ability(2);
    expect(await sums()).toEqual([180, 0, 0, 0, 180]);
    expect(await book('2026-03-12')).toMatchObject({ hoursMinutes: 60, subsidyFen: 5000 });
    await approveHours(test.database, town.stationId, rules(20), { code: 'FRAIL-1', fromDay: '2026-04-01' });
    expect(await book('2026-04-12', { minutes: 20, priceFen: 2000 })).toMatchObject({ subsidyFen: 2000 });
    expect(await sums('2026-04')).toEqual([140, 20, 0, 0, 120]);
    await test.database.write((manager) =>
      manager.query("UPDATE hours_rule SET document = ? WHERE code = 'FRAIL-1' AND version = 1", [
        JSON.stringify(rules(90)),
      ]),
    );
    expect(await book('2026-03-13', { minutes: 10, priceFen: 1000 })).toMatchObject({ subsidyFen: 1000 });
    expect(await sums()).toEqual([210, 70, 0, 0, 140]);
    await test.database.write((manager) =>
      manager.query("UPDATE hours_rule SET document = ? WHERE code = 'FRAIL-1' AND version = 1", [
        JSON.stringify(rules(30)),
      ]),
    );
    expect(await sums()).toEqual([190, 70, 0, 0, 120]);
    await expectAuditClean(test.database);
  });

  it('ends with its month, once', async () => {
    const { visitId } = await book('2026-02-12');
    await does(useHours, visitId);
    await setStatus(visitId, 'COMPLETED');
    while ((await test.database.write((manager) => expireHours(manager, noon))) > 0);
    expect(await test.database.write((manager) => expireHours(manager, noon))).toBe(0);
    expect(await sums('2026-02')).toEqual([120, 0, 60, 60, 0]);
    await expectAuditClean(test.database);
  });

  it('shows every movement of its month', async () => {
    const { visitId } = await book('2026-03-12');
    await does(useHours, visitId);
    const found = await test.database.read((manager) =>
      hoursOf(manager, { elderId, month: '2026-03' }, 'everywhere', '2026-03-10'),
    );
    expect(
      found?.movements.map(({ kind, leftMinutes, reservedMinutes, usedMinutes, owedFen, visitId: of }) => [
        kind,
        leftMinutes,
        reservedMinutes,
        usedMinutes,
        owedFen,
        of,
      ]),
    ).toEqual([
      ['GRANT', 120, 0, 0, 0, null],
      ['RESERVE', -60, 60, 0, 0, visitId],
      ['USE', 0, -60, 60, 3600, visitId],
    ]);
  });
});
