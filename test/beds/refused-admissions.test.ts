import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  admit,
  back,
  closeBedCalls,
  done,
  end,
  hold,
  leave,
  manager,
  newBed,
  otherHome,
  refused,
  resident,
  roomOf,
  server,
  startBedCalls,
  tell,
  town,
  uuid,
} from '../support/bed-calls.js';
import { addBeds, addResident } from '../support/beds.js';
import { noon } from '../support/town.js';

beforeAll(startBedCalls);
afterAll(closeBedCalls);

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
    const roomId = await roomOf(bed);
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
