import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { decideEvidence } from '../../src/visits/decide-evidence.js';
import { raiseAlerts } from '../../src/visits/raise-alerts.js';
import { recordChecks } from '../../src/visits/record-checks.js';
import { expectAuditClean } from '../support/audited.js';
import {
  addElder,
  addHomeServices,
  addWorker,
  booked,
  bookingsOn,
  on,
  placeStation,
} from '../support/bookings.js';
import {
  type Carer,
  careRows,
  carerOf,
  expectCareClean,
  setDoor,
  tapOf,
  tapped,
  toldOf,
  visitNow,
} from '../support/care.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { buildTwoCounties, type TwoCounties } from '../support/two-counties.js';

let open: TestDatabase;
let town: TwoCounties;
let calls: ReturnType<typeof bookingsOn>;
let before: Carer;
let after: Carer;
let visitId: number;

const at = (time: string) => on('2026-03-11', time);
const everywhere = { stations: 'everywhere' as const, elderIds: [], own: { accountId: 0, stations: [] } };

async function worker(): Promise<Carer> {
  const caregiverId = await addWorker(town);
  const [row] = await open.database.read((m) =>
    m.query('SELECT accountId FROM caregiver WHERE id = ?', [caregiverId]),
  );
  return carerOf({ ...town, serviceId: 0 }, { caregiverId, accountId: row.accountId });
}

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTwoCounties(open.database);
  await addHomeServices(open);
  await placeStation(town);
  calls = bookingsOn(town);
});
/** A visit that was one caregiver's and is another's since, of which the first one's device has not heard. */
beforeEach(async () => {
  [before, after] = [await worker(), await worker()];
  const elderId = await addElder(town);
  await setDoor({ ...town, serviceId: 0 }, elderId);
  const wanted = { elderId, startsAt: at('09:00'), caregiverId: before.caregiverId };
  visitId = booked(await calls.book(wanted)).id;
  booked(await calls.assign(visitId, after.caregiverId));
});
afterAll(async () => {
  await expectCareClean(open);
  await expectAuditClean(open.database);
  await open.drop();
});

const stored = (kind: 'IN' | 'OUT', time: string) => tapOf(visitId, { kind, at: at(time), isOffline: true });
const send = async (carer: Carer, kind: 'IN' | 'OUT', time: string, now = at('13:00')) =>
  toldOf(await tapped(open, carer, stored(kind, time), now));

it('what the device of a former caregiver stored is kept for a look, and takes no step', async () => {
  expect(await send(before, 'IN', '09:00', at('10:30'))).toBe('for review');
  expect(await visitNow(open, visitId)).toMatchObject({ status: 'ASSIGNED', checkedInAt: null, taps: 1 });
  expect(await send(before, 'OUT', '10:00', at('10:31'))).toBe('for review');
  await raiseAlerts(open.database, at('10:40'));
  // Nobody else came: the station has two taps and a missed visit to make sense of.
  expect(await visitNow(open, visitId)).toMatchObject({
    status: 'NO_SHOW',
    taps: 2,
    decision: 'BLOCK',
    reasons: 'NOT_THERE REASSIGNED',
    isOpen: true,
  });
});

it('a replay has its first answer, and a tap that comes after the visit was missed opens the look itself', async () => {
  await raiseAlerts(open.database, at('10:40'));
  const check = stored('IN', '09:00');
  expect(toldOf(await tapped(open, before, check, at('11:00')))).toBe('for review');
  expect(await visitNow(open, visitId)).toMatchObject({ status: 'NO_SHOW', taps: 1, isOpen: true });
  const rows = await careRows(town);
  expect(toldOf(await tapped(open, before, check, at('11:05')))).toBe('replayed');
  expect(toldOf(await tapped(open, before, { ...check, kind: 'OUT' }, at('11:05')))).toBe(
    'REQUEST_ID_REUSED requestId',
  );
  expect(await careRows(town)).toBe(rows);
});

it('a device that sends thousands of taps writes forty, each once, and holds up nobody', async () => {
  const day = (tap: ReturnType<typeof stored>) => ({ ...tap, requestId: randomUUID() });
  const taps = Array.from({ length: 200 }, (_, index) => day(stored(index % 2 ? 'OUT' : 'IN', '09:10')));
  const upload = (given: typeof taps) =>
    open.database.write((m) => recordChecks(m, given, before.reach, at('13:00')));
  const first = await upload(taps);
  const words = (answers: typeof first) => {
    const counted: Record<string, number> = {};
    for (const answer of answers) {
      const word = 'refused' in answer ? String(answer.refused) : answer.isReplayed ? 'replayed' : 'kept';
      counted[word] = (counted[word] ?? 0) + 1;
    }
    return counted;
  };
  expect(words(first)).toEqual({ kept: 40, TOO_MANY: 160 });
  const rows = await careRows(town);
  const again = await Promise.all(Array.from({ length: 15 }, () => upload(taps)));
  for (const answers of again) expect(words(answers)).toEqual({ replayed: 40, TOO_MANY: 160 });
  expect(await careRows(town)).toBe(rows);
  // Whoever is to bring it has taps of its own.
  expect(await send(after, 'IN', '09:00')).toBe('recorded');
  expect(await visitNow(open, visitId)).toMatchObject({ status: 'IN_PROGRESS', taps: 41 });
});

it('a visit that somebody else brought is not paid without a look, whoever tapped first', async () => {
  for (const first of [before, after]) {
    const carers = first === before ? [before, after] : [after, before];
    for (const carer of carers) {
      for (const [kind, time] of [
        ['IN', '09:00'],
        ['OUT', '10:00'],
      ] as const) {
        await send(carer, kind, time);
      }
    }
    expect(await visitNow(open, visitId)).toMatchObject({
      status: 'COMPLETED',
      checkedInAt: '09:00',
      taps: first === before ? 4 : 8,
      decision: 'LOOK',
      reasons: 'REASSIGNED OFFLINE',
      isOpen: true,
    });
  }
});

it('who tapped as a former caregiver does not decide about the visit', async () => {
  await send(before, 'IN', '09:00');
  for (const kind of ['IN', 'OUT'] as const) await send(after, kind, kind === 'IN' ? '09:00' : '10:00');
  const judge = (byId: number) =>
    open.database.write((m) => {
      const verdict = { visitId, verdict: 'PAY' as const, note: '已核实', byId, now: at('14:00') };
      return decideEvidence(m, verdict, everywhere);
    });
  expect(await judge(before.accountId)).toMatchObject({ refused: 'OWN_VISIT' });
  expect(await judge(town.managerId)).toMatchObject({ decided: 'PAY', isPaid: true });
});

it('a live tap, and a stored one of somebody whose visit it never was, are refused and write nothing', async () => {
  const stranger = await worker();
  const rows = await careRows(town);
  expect(toldOf(await tapped(open, before, tapOf(visitId, { at: at('09:00') })))).toBe(
    'VISIT_UNKNOWN visitId',
  );
  expect(await send(stranger, 'IN', '09:00')).toBe('VISIT_UNKNOWN visitId');
  expect(await careRows(town)).toBe(rows);
});

it('what was decided about a missed visit is no word about who came after all', async () => {
  await raiseAlerts(open.database, at('10:40'));
  await send(before, 'IN', '09:00', at('11:00'));
  const now = at('11:10');
  const verdict = { visitId, verdict: 'PAY' as const, note: '已核实', byId: town.managerId, now };
  await open.database.write((m) => decideEvidence(m, verdict, everywhere));
  expect(await visitNow(open, visitId)).toMatchObject({ status: 'NO_SHOW', isOpen: false });
  for (const kind of ['IN', 'OUT'] as const) await send(after, kind, kind === 'IN' ? '09:00' : '10:00');
  expect(await visitNow(open, visitId)).toMatchObject({
    status: 'COMPLETED',
    decision: 'LOOK',
    isOpen: true,
  });
});

it('whom the visit is given back to brings it as anybody', async () => {
  booked(await calls.assign(visitId, before.caregiverId));
  for (const kind of ['IN', 'OUT'] as const) await send(before, kind, kind === 'IN' ? '09:00' : '10:00');
  expect(await visitNow(open, visitId)).toMatchObject({
    status: 'COMPLETED',
    decision: 'PAY',
    isOpen: false,
  });
});
