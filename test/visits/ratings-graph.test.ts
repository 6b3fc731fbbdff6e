import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { careRows } from '../support/care.js';
import { type CareOffice, careRefusal, openCareOffice } from '../support/care-office.js';
import { noon } from '../support/town.js';

let office: CareOffice;
let server: CareOffice['server'];
let town: CareOffice['town'];
let own: CareOffice['own'];
let manager: CareOffice['manager'];
let stranger: CareOffice['stranger'];
let ask: CareOffice['ask'];
let newCarer: CareOffice['newCarer'];
let relative: CareOffice['relative'];
let begun: CareOffice['begun'];
beforeAll(async () => {
  office = await openCareOffice();
  ({ server, town, own, manager, stranger, ask, newCarer, relative, begun } = office);
});
afterAll(() => office.close());

describe('a rating', () => {
  const rate = (id: number, stars: number, more = '') =>
    `mutation { rateVisit(visitId: ${id}, stars: ${stars}${more}) { ... on VisitRating { stars comment ratedAt changedAt } ${careRefusal} } }`;

  it('is given once by a relative with the right BOOKING, and changed for seven days', async () => {
    const { visitId, elderId } = await begun({ isDone: true });
    const daughter = await relative(elderId, 'BOOKING');
    const son = await relative(elderId, 'BOOKING');
    const before = await careRows(town);
    expect(await ask(rate(visitId, 5), await relative(elderId, 'HEALTH MONEY'))).toBe('FORBIDDEN');
    expect(await ask(rate(visitId, 5), manager)).toBe('FORBIDDEN');
    for (const stars of [0, 6])
      expect(await ask(rate(visitId, stars), daughter)).toEqual({
        refused: 'VALUE_OUT_OF_RANGE',
        field: ['stars'],
      });
    expect(await ask(rate(visitId, 5, `, comment: "${'好'.repeat(501)}"`), daughter)).toEqual({
      refused: 'NOTE_INVALID',
      field: ['comment'],
    });
    const running = await begun();
    expect(await ask(rate(running.visitId, 5), daughter)).toEqual({
      refused: 'VISIT_UNKNOWN',
      field: ['visitId'],
    });
    expect(await ask(rate(running.visitId, 5), await relative(running.elderId, 'BOOKING'))).toEqual({
      refused: 'WRONG_STATE',
      field: ['visitId'],
    });
    expect(await careRows(town)).not.toBe(before);
    expect(await ask(rate(visitId, 2, ', comment: "来晚了"'), daughter)).toMatchObject({
      stars: 2,
      comment: '来晚了',
    });
    expect(await ask(rate(visitId, 5), son)).toEqual({ refused: 'ALREADY_RATED', field: ['visitId'] });
    server.clock.set(new Date(noon.getTime() + 7 * 86_400_000), 0);
    expect(await ask(rate(visitId, 3), daughter)).toMatchObject({ stars: 3, comment: null });
    server.clock.set(new Date(noon.getTime() + 7 * 86_400_000 + 1), 0);
    expect(await ask(rate(visitId, 4), daughter)).toEqual({ refused: 'ALREADY_RATED', field: ['visitId'] });
    server.clock.set(noon, 0);
    const seen = `{ visit(id: ${visitId}) { rating { stars } } }`;
    expect(await ask(seen, manager)).toEqual({ rating: { stars: 3 } });
    expect(await ask(seen, own.token)).toBe('FORBIDDEN');
    const mine = `{ elder(id: ${elderId}) { visits { nodes { rating { stars } } } } }`;
    expect(await ask(mine, daughter)).toEqual({ visits: { nodes: [{ rating: { stars: 3 } }] } });
  });

  it('at the same moment by two is one', async () => {
    const { visitId, elderId } = await begun({ isDone: true });
    const [one, other] = [await relative(elderId, 'BOOKING'), await relative(elderId, 'BOOKING')];
    const told = await Promise.all([ask(rate(visitId, 1), one), ask(rate(visitId, 5), other)]);
    expect(told.filter((answer) => 'refused' in answer)).toHaveLength(1);
  });

  it('counts for its caregivers, at their station', async () => {
    const fresh = await newCarer();
    for (const stars of [5, 4, 4]) {
      const { visitId, elderId } = await begun({ isDone: true, carer: fresh });
      await ask(rate(visitId, stars), await relative(elderId, 'BOOKING'));
    }
    const query = (more = '') => `{ caregiverRatings${more} { caregiver { id name } ratings average } }`;
    const all = await ask<object[]>(query(), manager);
    expect(all).toContainEqual({
      caregiver: { id: String(fresh.caregiverId), name: '测试账户' },
      ratings: 3,
      average: 4.33,
    });
    expect(await ask(query(), stranger)).toEqual([]);
    expect(await ask(query(`(from: "2026-03-11")`), manager)).toEqual([]);
    expect(await ask(query(), own.token)).toBe('FORBIDDEN');
  });
});
