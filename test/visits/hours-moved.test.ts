import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Visit, VisitBooking } from '../../entities/index.js';
import { instantOn } from '../../src/shared/china-time.js';
import { lockTimes } from '../../src/visits/change-visit.js';
import { hoursOf } from '../../src/visits/find-hours.js';
import { forfeitHours, moveHours, useHours } from '../../src/visits/hours-book.js';
import { expectAuditClean } from '../support/audited.js';
import { addService, approveHours, type BookedVisit, hoursBalances } from '../support/hours.js';
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

describe('a visit that is moved', () => {
  const move = (visitId: number, day: string, more: Partial<BookedVisit> = {}) =>
    test.database.write(async (manager) => {
      await lockTimes(manager, { elderIds: [elderId], caregiverIds: [] });
      const [answer] = await moveHours(manager, [{ ...questionOf(day, more), visitId }], noon);
      const { hoursMinutes = 0, subsidyFen = 0, selfPaidFen = 0 } = answer ?? {};
      const startsAt = instantOn(day, 600);
      await manager.update(
        Visit,
        { id: visitId },
        { subsidyFen, selfPaidFen, startsAt, endsAt: instantOn(day, 660) },
      );
      await manager.update(VisitBooking, { visitId }, { hoursMinutes });
      return answer;
    });

  it('within the month keeps its hours, though none are left', async () => {
    const { visitId } = await book('2026-03-12');
    await book('2026-03-13');
    const postings = await countRows(test, 'hours_posting');
    expect(await move(visitId, '2026-03-31')).toEqual(paid);
    expect(await countRows(test, 'hours_posting')).toBe(postings);
    expect(await sums()).toEqual([120, 120, 0, 0, 0]);
  });

  it('to the next month takes hours of that, and leaves its own to others', async () => {
    const { visitId } = await book('2026-03-31');
    expect(await offer(['2026-04-01'], [visitId])).toEqual([paid]);
    expect(await move(visitId, '2026-04-01')).toEqual(paid);
    expect(await sums()).toEqual([120, 0, 0, 0, 120]);
    expect(await sums('2026-04')).toEqual([120, 60, 0, 0, 60]);
    await expectAuditClean(test.database);
  });

  it("to a month without hours left is the family's to pay, and back it is not", async () => {
    const { visitId } = await book('2026-03-31');
    await book('2026-04-01', { minutes: 120, priceFen: 10_000 });
    expect(await move(visitId, '2026-04-02')).toEqual(unpaid);
    expect(await move(visitId, '2026-03-30')).toEqual(paid);
    await expectAuditClean(test.database);
  });

  it('sees in an offer what would come back to it', async () => {
    const { visitId } = await book('2026-03-12', { minutes: 120, priceFen: 10_000 });
    expect(await offer(['2026-03-20'])).toEqual([unpaid]);
    expect(await offer(['2026-03-20'], [visitId])).toEqual([paid]);
  });
});

describe('a visit that is called off too late', () => {
  const fates = ['GIVE_BACK', 'FORFEIT', 'PAY'] as const;
  /** By service, so that each visit is paid by one of three grants. */
  const serviceIds = new Map<string, number>();
  beforeAll(async () => {
    const codeOf = (fate: string) => `LATE-${fate.replace('_', '-')}`;
    for (const fate of fates)
      serviceIds.set(fate, await addService(test.database, { code: codeOf(fate), minutes: 20 }));
    const grants = fates.map((lateCancellation) => {
      const code = codeOf(lateCancellation);
      return { code, services: { codes: [code] }, lateCancellation };
    });
    await approveHours(test.database, town.otherCountyId, hoursRules(grants), { code: 'LATE' });
  });

  it('gives its hours back, loses them, or is paid, as the rule of each grant says; once', async () => {
    const keys = [`FUNDER ${town.funderId}`, `STATION_RECEIVABLE ${town.otherStationId}`];
    const before = await hoursBalances(test.database);
    const ids: number[] = [];
    for (const [index, fate] of fates.entries()) {
      const more = {
        stationId: town.otherStationId,
        serviceId: serviceIds.get(fate) ?? 0,
        at: 600 + index * 30,
      };
      ids.push((await book('2026-03-12', { ...more, minutes: 20, priceFen: 2000 })).visitId);
    }
    await does(forfeitHours, ...ids);
    await does(forfeitHours, ...ids);
    for (const id of ids) await setStatus(id, 'CANCELLED');
    const found = await test.database.read((manager) =>
      hoursOf(manager, { elderId, month: '2026-03' }, 'everywhere', '2026-03-10'),
    );
    const became = found?.grants
      .filter(({ setCode }) => setCode === 'LATE')
      .map((grant) => [grant.grantCode, grant.usedMinutes, grant.lostMinutes, grant.leftMinutes]);
    expect(became).toEqual([
      ['LATE-FORFEIT', 0, 20, 40],
      ['LATE-GIVE-BACK', 0, 0, 60],
      ['LATE-PAY', 20, 0, 40],
    ]);
    const after = await hoursBalances(test.database);
    expect(keys.map((key) => (after[key] ?? 0) - (before[key] ?? 0))).toEqual([-2000, 2000]);
    await expect(does(useHours, ids[1] ?? 0)).rejects.toThrow(/called off too late/);
    await expectAuditClean(test.database);
  });
});
