import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAuditClean } from '../support/audited.js';
import { addBeds, addHome, addResident } from '../support/beds.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { buildTown, countRows, noon, type Town } from '../support/town.js';

let server: TestServer;
let town: Town;
let home: number;
let otherHome: number;
let manager: string;
beforeAll(async () => {
  server = await startTestServer({ at: noon });
  town = await buildTown(server.database);
  home = await addHome(town);
  otherHome = await addHome(town);
  manager = await server.managerToken(town.countyId);
});
afterAll(async () => {
  await expectAuditClean(server.database);
  await server.close();
});

interface Told {
  __typename: string;
  id?: string;
  code?: string;
  field?: string[] | null;
  message?: string;
  [name: string]: unknown;
}
const answer = '{ __typename ... on BedRefusal { code message field } ... on BedStay { id from to state } }';

async function tell(operation: string, selection = answer): Promise<Told> {
  const { body } = await server.post<Record<string, Told>>(
    `mutation { ${operation} ${selection} }`,
    {},
    manager,
  );
  expect(body.errors).toBeUndefined();
  return Object.values(body.data)[0] as Told;
}

const tables = [
  'bed_stay',
  'bed_hold',
  'stay_leave',
  'bed_request',
  'stay_transfer',
  'stay_charge',
  'bed_out_of_service',
  'bed',
  'room',
];
const rows = async () => {
  const counts: number[] = [];
  for (const table of tables) counts.push(await countRows(server, table));
  return counts;
};

/** The refusal, which writes nothing. */
async function refused(
  operation: string,
  code: string,
  field: string[] | null,
  selection = answer,
): Promise<string> {
  const before = await rows();
  const told = await tell(operation, selection);
  expect(told).toMatchObject({ code, field });
  expect(await rows()).toEqual(before);
  return told.message ?? '';
}

const uuid = () => `requestId: "${randomUUID()}"`;
const hold = (
  bed: number,
  elder: number,
  from = '2026-03-10',
  expiresAt = '2026-03-12T12:00:00+08:00',
  request = uuid(),
) => `holdBed(${request}, bedId: ${bed}, elderId: ${elder}, from: "${from}", expiresAt: "${expiresAt}")`;
const admit = (bed: number, elder: number, from = '2026-03-10', more = '', request = uuid()) =>
  `admit(${request}, bedId: ${bed}, elderId: ${elder}, from: "${from}"${more})`;
const move = (stay: string, bed: number, on: string) =>
  `transferStay(${uuid()}, stayId: ${stay}, bedId: ${bed}, on: "${on}")`;
const leave = (stay: string, on: string, more = '') => `startLeave(stayId: ${stay}, on: "${on}"${more})`;
const back = (stay: string, on: string) => `endLeave(stayId: ${stay}, on: "${on}")`;
const end = (stay: string, on: string, reason = 'HOME', more = '') =>
  `discharge(stayId: ${stay}, on: "${on}", reason: "${reason}"${more})`;

async function done(operation: string): Promise<string> {
  const told = await tell(operation);
  expect(told).toMatchObject({ __typename: 'BedStay' });
  return String(told.id);
}

async function newBed(wish: Parameters<typeof addBeds>[2][number] = {}): Promise<number> {
  return (await addBeds(town, home, [wish]))[0] as number;
}

/** An elder in a bed since a day. */
async function resident(from = '2026-03-01'): Promise<{ bed: number; elder: number; stay: string }> {
  const bed = await newBed();
  const elder = await addResident(town);
  return { bed, elder, stay: await done(admit(bed, elder, from)) };
}

describe('an admission', () => {
  it('is refused into a bed that somebody has, and the refusal names the bed', async () => {
    const { bed } = await resident();
    const message = await refused(admit(bed, await addResident(town)), 'BED_NOT_FREE', ['bedId']);
    expect(message).toMatch(/一号楼, room R0-\w+, bed A is taken from 2026-03-01 on/);
  });

  it('is refused on overlapping days of every kind, and done on days that only touch', async () => {
    const { bed, stay } = await resident('2026-03-01');
    await done(end(stay, '2026-03-08'));
    const elder = await addResident(town);
    for (const from of ['2026-02-20', '2026-03-01', '2026-03-04', '2026-03-07']) {
      await refused(admit(bed, elder, from), 'BED_NOT_FREE', ['bedId']);
    }
    await done(admit(bed, elder, '2026-03-08'));
  });

  it('is refused to the dead, to those who moved away, and to nobody at all', async () => {
    const bed = await newBed();
    for (const status of ['DECEASED', 'MOVED_AWAY', 'CLOSED']) {
      const elder = await addResident(town);
      await server.post(
        `mutation { endElder(elderId: ${elder}, status: ${status}, on: "2026-03-09") { __typename } }`,
        {},
        manager,
      );
      await refused(admit(bed, elder), 'ELDER_NOT_ACTIVE', ['elderId']);
    }
    await refused(admit(bed, 999_999), 'ELDER_NOT_ACTIVE', ['elderId']);
  });

  it('is refused to somebody who is in a bed, here or elsewhere', async () => {
    const { elder } = await resident();
    const [there = 0] = await addBeds(town, otherHome, [{}]);
    await refused(admit(await newBed(), elder), 'ELDER_HAS_BED', ['elderId']);
    await refused(admit(there, elder, '2026-06-01'), 'ELDER_HAS_BED', ['elderId']);
  });

  it('is refused into a room that is closed, before a bed is in service, and into a bed that there is not', async () => {
    const elder = await addResident(town);
    const bed = await newBed({ room: 'CLOSING' });
    const { body } = await server.post<{ facility: { beds: { nodes: { id: string; roomId: string }[] } } }>(
      `{ facility(id: ${home}) { beds(first: 200) { nodes { id roomId } } } }`,
      {},
      manager,
    );
    const roomId = body.data.facility.beds.nodes.find(({ id }) => Number(id) === bed)?.roomId;
    const closed = await tell(
      `closeRooms(roomIds: [${roomId}], on: "2026-03-10")`,
      '{ __typename ... on ClosedRooms { rooms beds } }',
    );
    expect(closed).toMatchObject({ rooms: 1, beds: 1 });
    await refused(admit(bed, elder), 'BED_NOT_FREE', ['bedId']);
    await refused(admit(await newBed({ inServiceFrom: '2026-03-20' }), elder), 'BED_NOT_FREE', ['bedId']);
    await refused(admit(999_999, elder), 'BED_NOT_FREE', ['bedId']);
  });

  it('is refused to the wrong gender, without assessment, with an expired one, and at the wrong level', async () => {
    const women = await newBed({ gender: 'FEMALE' });
    const message = await refused(
      admit(women, await addResident(town, { gender: 'MALE' })),
      'BED_NOT_SUITABLE',
      ['bedId'],
    );
    expect(message).toContain('Only women live in this room');
    await done(admit(women, await addResident(town, { gender: 'FEMALE' })));
    const bed = await newBed();
    await refused(admit(bed, await addResident(town, { level: null })), 'NOT_ASSESSED', ['elderId']);
    const expired = await addResident(town, { expiresOn: '2026-03-10' });
    await refused(admit(bed, expired), 'NOT_ASSESSED', ['elderId']);
    await refused(admit(bed, await addResident(town, { level: 4 })), 'BED_NOT_SUITABLE', ['bedId']);
    const nursing = await newBed({ type: 'NURSING' });
    await refused(admit(nursing, await addResident(town, { level: 0 })), 'BED_NOT_SUITABLE', ['bedId']);
    await done(admit(nursing, await addResident(town, { level: 4 })));
  });

  it('is refused without a contract where the rule wants it first', async () => {
    await server.database.write((database) =>
      database.query(
        `INSERT INTO admission_rule (facilityKey, bedType, fromDay, facilityId, needsAssessment, levelMin, levelMax,
           contractBy, trialDays, holdDaysMax, homeLeaveDaysMax, hospitalLeaveDaysMax, homeLeavePercent,
           hospitalLeavePercent, entryDaysBackMax)
         VALUES (?, 'GENERAL', '2026-01-01', ?, 1, 0, 4, 'ADMISSION', 0, 1, 2, 2, 50, 50, 5)`,
        [otherHome, otherHome],
      ),
    );
    const [bed = 0] = await addBeds(town, otherHome, [{}]);
    const elder = await addResident(town, { level: 4 });
    await refused(admit(bed, elder), 'CONTRACT_MISSING', ['contractSignedOn']);
    await refused(admit(bed, elder, '2026-03-10', ', contractSignedOn: "2026-03-11"'), 'CONTRACT_MISSING', [
      'contractSignedOn',
    ]);
    await refused(admit(bed, elder, '2026-03-04', ', contractSignedOn: "2026-03-01"'), 'DAY_OUT_OF_RANGE', [
      'from',
    ]);
    await refused(hold(bed, elder), 'HOLD_TOO_LONG', ['expiresAt']);
    const stay = await done(admit(bed, elder, '2026-03-06', ', contractSignedOn: "2026-03-01"'));
    await done(leave(stay, '2026-03-07'));
    await done(back(stay, '2026-03-09'));
    await refused(leave(stay, '2026-03-10'), 'LEAVE_LIMIT', ['on']);
    await done(leave(stay, '2026-03-10', ', kind: HOSPITAL'));
  });

  it('is refused too far back, too far ahead, with a request id that is none, or that asked for something else', async () => {
    const bed = await newBed();
    const elder = await addResident(town);
    await refused(admit(bed, elder, '2026-01-01'), 'DAY_OUT_OF_RANGE', ['from']);
    await refused(admit(bed, elder, '2027-06-01'), 'DAY_OUT_OF_RANGE', ['from']);
    await refused(admit(bed, elder, '2026-03-10', '', 'requestId: "x"'), 'REQUEST_ID_MALFORMED', [
      'requestId',
    ]);
    const request = uuid();
    const first = await done(admit(bed, elder, '2026-03-10', '', request));
    expect(await done(admit(bed, elder, '2026-03-10', '', request))).toBe(first);
    await refused(admit(bed, elder, '2026-03-11', '', request), 'REQUEST_ID_REUSED', ['requestId']);
    await refused(hold(bed, elder, '2026-03-10', '2026-03-12T12:00:00+08:00', request), 'REQUEST_ID_REUSED', [
      'requestId',
    ]);
  });

  it('from a hold that has expired, or that is somebody else’s, is told so', async () => {
    const bed = await newBed();
    const [elder, other] = [await addResident(town), await addResident(town)];
    const held = await done(hold(bed, elder, '2026-03-10', '2026-03-10T18:00:00+08:00'));
    await refused(admit(bed, other, '2026-03-10', `, holdId: ${held}`), 'HOLD_EXPIRED', ['holdId']);
    await refused(admit(bed, other), 'BED_NOT_FREE', ['bedId']);
    server.clock.set(new Date('2026-03-10T18:00:00+08:00'), 0);
    await refused(admit(bed, elder, '2026-03-10', `, holdId: ${held}`), 'HOLD_EXPIRED', ['holdId']);
    await done(admit(bed, other));
    server.clock.set(noon, 0);
  });
});

describe('a hold', () => {
  it('is refused beyond its limit, in the past, and when it ends before it begins', async () => {
    const bed = await newBed();
    const elder = await addResident(town);
    await refused(hold(bed, elder, '2026-03-10', '2026-04-10T00:00:00+08:00'), 'HOLD_TOO_LONG', [
      'expiresAt',
    ]);
    await refused(hold(bed, elder, '2026-03-10', noon.toISOString()), 'DAY_OUT_OF_RANGE', ['expiresAt']);
    await refused(hold(bed, elder, '2026-03-15', '2026-03-14T23:59:59+08:00'), 'DAY_OUT_OF_RANGE', [
      'expiresAt',
    ]);
    await refused(hold(bed, elder, '2026-03-09'), 'DAY_OUT_OF_RANGE', ['from']);
    await done(hold(bed, elder, '2026-04-01', '2026-04-09T23:59:59+08:00'));
  });

  it('is one at a time, and its bed is nobody else’s until it is released', async () => {
    const bed = await newBed();
    const elder = await addResident(town);
    const held = await done(hold(bed, elder));
    await refused(hold(await newBed(), elder), 'ELDER_HAS_BED', ['elderId']);
    await refused(hold(bed, await addResident(town)), 'BED_NOT_FREE', ['bedId']);
    await done(`releaseHold(stayId: ${held})`);
    await done(`releaseHold(stayId: ${held})`);
    await done(hold(bed, await addResident(town)));
    await refused('releaseHold(stayId: 999999999)', 'STAY_UNKNOWN', ['stayId']);
  });

  it('becomes the stay, with its number', async () => {
    const bed = await newBed();
    const elder = await addResident(town);
    const held = await done(hold(bed, elder));
    expect(await done(admit(bed, elder, '2026-03-10', `, holdId: ${held}`))).toBe(held);
    await refused(`releaseHold(stayId: ${held})`, 'WRONG_STATE', ['stayId']);
  });
});

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

describe('a bed', () => {
  const changed = '{ __typename ... on Bed { id } ... on BedRefusal { code field message } }';
  const close = (bed: number, from: string, to = '') =>
    `closeBed(bedId: ${bed}, from: "${from}"${to && `, to: "${to}"`}, reason: REPAIR)`;

  it('is not closed over somebody, over a hold, or twice, and takes nobody while it is', async () => {
    const { bed, stay } = await resident();
    await refused(close(bed, '2026-03-20'), 'BED_NOT_FREE', ['bedId'], changed);
    await done(end(stay, '2026-03-10'));
    await refused(close(bed, '2026-03-09', '2026-03-10'), 'BED_NOT_FREE', ['bedId'], changed);
    await refused(close(bed, '2026-03-12', '2026-03-12'), 'DAY_OUT_OF_RANGE', ['to'], changed);
    await refused(close(bed, '2026-01-12'), 'DAY_OUT_OF_RANGE', ['from'], changed);
    expect(await tell(close(bed, '2026-03-10', '2026-03-15'), changed)).toMatchObject({ __typename: 'Bed' });
    await refused(close(bed, '2026-03-14'), 'BED_NOT_FREE', ['bedId'], changed);
    const elder = await addResident(town);
    await refused(admit(bed, elder, '2026-03-14'), 'BED_NOT_FREE', ['bedId']);
    await refused(hold(bed, elder), 'BED_NOT_FREE', ['bedId']);
    await refused(`openBed(bedId: ${bed}, on: "2026-03-15")`, 'WRONG_STATE', ['on'], changed);
    await done(admit(bed, elder, '2026-03-15'));
    expect(await tell(`openBed(bedId: ${bed}, on: "2026-03-12")`, changed)).toMatchObject({
      __typename: 'Bed',
    });
  });

  it('has no fee that is none, and one that is set counts from its day on', async () => {
    const bed = await newBed({ type: 'HOME' });
    const fee = (more: string) => `setBedFee(facilityId: ${home}, type: HOME, ${more})`;
    const shown = '{ __typename ... on BedFee { fenPerDay } ... on BedRefusal { code field message } }';
    await refused(fee('from: "2026-03-09", fenPerDay: 100'), 'DAY_OUT_OF_RANGE', ['from'], shown);
    await refused(fee('from: "2026-03-10", fenPerDay: -1'), 'FEE_OUT_OF_RANGE', ['fenPerDay'], shown);
    await refused(fee('from: "2026-03-10", fenPerDay: 1000001'), 'FEE_OUT_OF_RANGE', ['fenPerDay'], shown);
    await refused(fee('from: "2026-03-10"'), 'FEE_OUT_OF_RANGE', ['fenPerDay'], shown);
    await refused(fee('from: "2026-03-10", fenPerDay: 1, bedId: 999999'), 'BED_NOT_FREE', ['bedId'], shown);
    expect(await tell(fee('from: "2026-03-10", fenPerDay: 5000'), shown)).toMatchObject({ fenPerDay: 5000 });
    expect(await tell(fee(`from: "2026-03-10", fenPerDay: 9000, bedId: ${bed}`), shown)).toMatchObject({
      fenPerDay: 9000,
    });
  });

  it('is not closed for good with its room while somebody has it', async () => {
    const { bed } = await resident();
    const { body } = await server.post<{ facility: { beds: { nodes: { id: string; roomId: string }[] } } }>(
      `{ facility(id: ${home}) { beds(first: 200) { nodes { id roomId } } } }`,
      {},
      manager,
    );
    const roomId = body.data.facility.beds.nodes.find(({ id }) => Number(id) === bed)?.roomId;
    const shown = '{ __typename ... on ClosedRooms { rooms } ... on BedRefusal { code field message } }';
    await refused(
      `closeRooms(roomIds: [${roomId}], on: "2026-03-11")`,
      'BED_NOT_FREE',
      ['roomIds', '0'],
      shown,
    );
    await refused(`closeRooms(roomIds: [999999], on: "2026-03-11")`, 'BED_NOT_FREE', ['roomIds', '0'], shown);
    await refused('closeRooms(roomIds: [], on: "2026-03-11")', 'ROOMS_INVALID', ['roomIds'], shown);
    await refused(`closeRooms(roomIds: [${roomId}], on: "2026-03-09")`, 'DAY_OUT_OF_RANGE', ['on'], shown);
  });
});
