import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeVisit, lockTimes } from '../../src/visits/change-visit.js';
import { endVisit } from '../../src/visits/end-visit.js';
import {
  buildCareTown,
  type Carer,
  type CareTown,
  careRows,
  expectCareClean,
  later,
  metresAway,
  newCarer,
  newVisit,
  tapOf,
  tapped,
  toldOf,
  uploaded,
  visitNow,
} from '../support/care.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { noon } from '../support/town.js';

let open: TestDatabase;
let town: CareTown;
let own: Carer;
let partner: Carer;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildCareTown(open.database);
  own = await newCarer(town);
  partner = await newCarer(town);
});
afterAll(async () => {
  await expectCareClean(open);
  await open.drop();
});

describe('a visit of one caregiver', () => {
  it('begins with the tap in and is done with the tap out', async () => {
    const { visitId } = await newVisit(town, [own]);
    expect(toldOf(await tapped(town, own, tapOf(visitId, { at: later(2) })))).toBe('recorded');
    expect(await visitNow(town, visitId)).toMatchObject({
      status: 'IN_PROGRESS',
      checkedInAt: '12:02',
      checkedOutAt: null,
      isOpen: false,
    });
    expect(toldOf(await tapped(town, own, tapOf(visitId, { kind: 'OUT', at: later(59) })))).toBe('recorded');
    expect(await visitNow(town, visitId)).toEqual({
      status: 'COMPLETED',
      checkedInAt: '12:02',
      checkedOutAt: '12:59',
      version: 3,
      events: 'CHECK_IN IN_PROGRESS, CHECK_OUT COMPLETED',
      taps: 2,
      score: 100,
      decision: 'PAY',
      reasons: '',
      isOpen: false,
    });
  });

  it('keeps the position encrypted, and the distance from the door plain', async () => {
    const { visitId } = await newVisit(town, [own]);
    await tapped(town, own, tapOf(visitId, metresAway(200)));
    const [row] = await open.writer.query('SELECT * FROM visit_check WHERE visitId = ?', [visitId]);
    expect(row).toMatchObject({ distanceMetres: 200, accuracyMetres: 15, tag: 'NONE', doubts: '' });
    expect(row.positionSealed).toMatch(/^v1\./);
    expect(JSON.stringify(row)).not.toContain('112500000');
  });
});

/** A tap in at noon of a new visit, with what is wrong with it. */
type Wrong = Parameters<typeof tapOf>[1];
const refusedIn: [string, Wrong, string, Date?][] = [
  ['an id that is no UUID', { requestId: 'x' }, 'REQUEST_ID_MALFORMED requestId'],
  ['no place on the earth', { latitude: 90.1 }, 'POSITION_INVALID latitude'],
  ['nor to the east', { longitude: -180.5 }, 'POSITION_INVALID longitude'],
  ['half a position', { latitude: null }, 'POSITION_INVALID latitude'],
  ['the other half', { longitude: null }, 'POSITION_INVALID longitude'],
  ['an accuracy below nothing', { accuracyMetres: -1 }, 'POSITION_INVALID accuracyMetres'],
  ['an empty tag', { tag: ' ' }, 'TAG_INVALID tag'],
  ['a tag as long as a book', { tag: 'x'.repeat(101) }, 'TAG_INVALID tag'],
  ['a visit that there is not', { visitId: 999_999 }, 'VISIT_UNKNOWN visitId'],
  ['far away', metresAway(501), 'TOO_FAR_AWAY latitude'],
  ['on another continent', { latitude: -33, longitude: -70 }, 'TOO_FAR_AWAY latitude'],
  ['before its time', { at: later(-31) }, 'TIME_OUT_OF_RANGE at'],
  ['after its time', { at: later(301) }, 'TIME_OUT_OF_RANGE at'],
  ['with a clock a day behind', { at: later(-1440) }, 'TIME_OUT_OF_RANGE at', noon],
  ['with a clock a day ahead', { at: later(1440) }, 'TIME_OUT_OF_RANGE at', noon],
  ['out before in', { kind: 'OUT' }, 'WRONG_STATUS visitId'],
];

describe('a live tap is refused, with its field and nothing written', () => {
  it.each(refusedIn)('%s', async (_, wrong, told, now) => {
    const { visitId } = await newVisit(town, [own]);
    const before = await careRows(town);
    const check = tapOf(visitId, wrong);
    expect(toldOf(await tapped(town, own, check, now))).toBe(told);
    expect(await careRows(town)).toBe(before);
  });

  it('twice in, twice out, and by whom it does not belong to', async () => {
    const { visitId } = await newVisit(town, [own]);
    expect(toldOf(await tapped(town, own, tapOf(visitId)))).toBe('recorded');
    const begun = await careRows(town);
    expect(toldOf(await tapped(town, own, tapOf(visitId, { at: later(1) })))).toBe('WRONG_STATUS visitId');
    expect(toldOf(await tapped(town, partner, tapOf(visitId)))).toBe('VISIT_UNKNOWN visitId');
    expect(await careRows(town)).toBe(begun);
    expect(toldOf(await tapped(town, own, tapOf(visitId, { kind: 'OUT', at: later(60) })))).toBe('recorded');
    const done = await careRows(town);
    for (const kind of ['IN', 'OUT'] as const) {
      const again = tapOf(visitId, { kind, at: later(61) });
      expect(toldOf(await tapped(town, own, again))).toBe('WRONG_STATUS visitId');
    }
    expect(await careRows(town)).toBe(done);
  });

  it('after the visit was called off', async () => {
    const { visitId } = await newVisit(town, [own], { status: 'CANCELLED' });
    const before = await careRows(town);
    const told = await tapped(town, own, tapOf(visitId));
    expect(told).toMatchObject({
      refused: 'WRONG_STATUS',
      message: { en: 'does not lead from CANCELLED to IN_PROGRESS' },
    });
    expect(await careRows(town)).toBe(before);
  });

  it('where the caregiver’s grant does not hold', async () => {
    const { visitId } = await newVisit(town, [own], { stationId: town.otherStationId });
    const here = { ...own.reach, own: { ...own.reach.own, stations: [town.countyId] } };
    expect(toldOf(await tapped(town, { ...own, reach: here }, tapOf(visitId)))).toBe('VISIT_UNKNOWN visitId');
  });
});

describe('a request that comes again', () => {
  it('is answered as once, and its id goes for nothing else', async () => {
    const { visitId } = await newVisit(town, [own]);
    const other = await newVisit(town, [own], { from: later(120).toISOString() });
    const check = tapOf(visitId);
    expect(toldOf(await tapped(town, own, check))).toBe('recorded');
    const before = await careRows(town);
    expect(toldOf(await tapped(town, own, check))).toBe('replayed');
    const upper = { ...check, requestId: check.requestId.toUpperCase(), ...metresAway(400) };
    expect(toldOf(await tapped(town, own, upper, later(500)))).toBe('replayed');
    for (const changed of [{ at: later(1) }, { kind: 'OUT' as const }, { visitId: other.visitId }]) {
      expect(toldOf(await tapped(town, own, { ...check, ...changed }))).toBe('REQUEST_ID_REUSED requestId');
    }
    expect(await careRows(town)).toBe(before);
  });

  it('many times at once is one tap', async () => {
    const { visitId } = await newVisit(town, [own]);
    const check = tapOf(visitId);
    const told = await Promise.all(Array.from({ length: 6 }, () => tapped(town, own, check)));
    expect(told.map(toldOf).sort()).toEqual(['recorded', ...Array(5).fill('replayed')].sort());
    expect(await visitNow(town, visitId)).toMatchObject({ taps: 1, version: 2 });
  });
});

describe('a visit of two caregivers', () => {
  it('begins with the first who comes and is done with the last who leaves', async () => {
    const { visitId } = await newVisit(town, [own, partner]);
    await tapped(town, partner, tapOf(visitId, { at: later(1) }));
    await tapped(town, own, tapOf(visitId, { at: later(3) }));
    await tapped(town, own, tapOf(visitId, { kind: 'OUT', at: later(60) }));
    expect(await visitNow(town, visitId)).toMatchObject({ status: 'IN_PROGRESS', checkedOutAt: null });
    await tapped(town, partner, tapOf(visitId, { kind: 'OUT', at: later(62) }));
    expect(await visitNow(town, visitId)).toMatchObject({
      status: 'COMPLETED',
      checkedInAt: '12:01',
      checkedOutAt: '13:02',
      events: 'CHECK_IN IN_PROGRESS, CHECK_IN IN_PROGRESS, CHECK_OUT IN_PROGRESS, CHECK_OUT COMPLETED',
      score: 100,
    });
  });
});

describe('a visit of two to which one never came', () => {
  const end = (visitId: number, minutes: number) =>
    open.database.write((manager) =>
      endVisit(
        manager,
        { visitId, at: later(minutes), reason: '另一人生病', byId: town.managerId, now: later(90) },
        { stations: 'everywhere', elderIds: [], own: { accountId: 0, stations: [] } },
      ),
    );

  it('is ended by the station, no sooner than the other left, and is not paid alone', async () => {
    const { visitId } = await newVisit(town, [own, partner]);
    await tapped(town, own, tapOf(visitId));
    await tapped(town, own, tapOf(visitId, { kind: 'OUT', at: later(60) }));
    expect(await visitNow(town, visitId)).toMatchObject({ status: 'IN_PROGRESS' });
    expect(await end(visitId, 50)).toEqual({ visitId });
    expect(await visitNow(town, visitId)).toMatchObject({
      status: 'COMPLETED',
      checkedOutAt: '13:00',
      score: 0,
      decision: 'BLOCK',
      reasons: 'NOT_THERE',
      isOpen: true,
    });
    // The phone of the other finds a network at last.
    for (const [kind, minutes] of [
      ['IN', 2],
      ['OUT', 65],
    ] as const) {
      const check = tapOf(visitId, { kind, at: later(minutes), isOffline: true });
      expect(toldOf(await tapped(town, partner, check, later(200)))).toBe('recorded');
    }
    expect(await visitNow(town, visitId)).toMatchObject({
      status: 'COMPLETED',
      checkedInAt: '12:00',
      checkedOutAt: '13:05',
      score: 95,
      decision: 'PAY',
      isOpen: false,
    });
  });
});

describe('at the same moment', () => {
  it('a caregiver who taps in twice is in once', async () => {
    for (let round = 0; round < 4; round += 1) {
      const { visitId } = await newVisit(town, [own]);
      const told = await Promise.all([0, 1].map(() => tapped(town, own, tapOf(visitId))));
      expect(told.map(toldOf).sort()).toEqual(['WRONG_STATUS visitId', 'recorded']);
      expect(await visitNow(town, visitId)).toMatchObject({ status: 'IN_PROGRESS', taps: 1, version: 2 });
    }
  });

  it('two caregivers both come, and both leave', async () => {
    for (let round = 0; round < 4; round += 1) {
      const { visitId } = await newVisit(town, [own, partner]);
      const both = (kind: 'IN' | 'OUT', minutes: number) =>
        Promise.all(
          [own, partner].map((carer) => tapped(town, carer, tapOf(visitId, { kind, at: later(minutes) }))),
        );
      expect((await both('IN', 0)).map(toldOf)).toEqual(['recorded', 'recorded']);
      expect((await both('OUT', 60)).map(toldOf)).toEqual(['recorded', 'recorded']);
      expect(await visitNow(town, visitId)).toMatchObject({ status: 'COMPLETED', taps: 4, version: 5 });
    }
  });

  it('a visit is called off or begun, and never both', async () => {
    for (let round = 0; round < 6; round += 1) {
      const { visitId, elderId } = await newVisit(town, [own]);
      const cancel = open.database.write(async (manager) => {
        await lockTimes(manager, { elderIds: [elderId], caregiverIds: [own.caregiverId] });
        const [visit] = await manager.query(
          'SELECT id, version, status, startsAt, endsAt, elderId, stationId FROM visit WHERE id = ?',
          [visitId],
        );
        if (visit.status !== 'ASSIGNED') return 'WRONG_STATUS';
        const times = { startsAt: new Date(Number(visit.startsAt)), endsAt: new Date(Number(visit.endsAt)) };
        const caregiverIds = [own.caregiverId];
        const change = { caregiverIds, kind: 'CANCEL', status: 'CANCELLED', at: noon, byId: null } as const;
        await changeVisit(manager, { visit: { ...visit, ...times }, ...change });
        return 'cancelled';
      });
      const [told, cancelled] = await Promise.all([tapped(town, own, tapOf(visitId)), cancel]);
      const { status, taps, version } = await visitNow(town, visitId);
      expect([
        ['recorded', 'WRONG_STATUS', 'IN_PROGRESS', 1, 2],
        ['WRONG_STATUS visitId', 'cancelled', 'CANCELLED', 0, 2],
      ]).toContainEqual([toldOf(told), cancelled, status, taps, version]);
    }
  });
});

it('an upload of many taps in any order answers each of them, and a bad one spoils none', async () => {
  const visits = await Promise.all(
    Array.from({ length: 5 }, (_, index) =>
      newVisit(town, [own], { from: later(2000 + index * 120).toISOString() }),
    ),
  );
  const checks = visits.flatMap(({ visitId }, index) =>
    (['IN', 'OUT'] as const).map((kind) =>
      tapOf(visitId, { kind, at: later(2000 + index * 120 + (kind === 'IN' ? 0 : 60)), isOffline: true }),
    ),
  );
  const bad = tapOf(visits[0]?.visitId ?? 0, { requestId: 'x', isOffline: true });
  const told = await uploaded(
    town,
    own,
    [bad, ...checks.reverse(), tapOf(999_999, { isOffline: true })],
    later(3000),
  );
  expect(told.map(toldOf)).toEqual([
    'REQUEST_ID_MALFORMED requestId',
    ...Array(10).fill('recorded'),
    'VISIT_UNKNOWN visitId',
  ]);
  for (const { visitId } of visits) {
    expect(await visitNow(town, visitId)).toMatchObject({ status: 'COMPLETED', version: 3, score: 95 });
  }
});
