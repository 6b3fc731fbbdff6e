import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  admit,
  closeBedCalls,
  done,
  end,
  hold,
  home,
  newBed,
  refused,
  resident,
  roomOf,
  startBedCalls,
  tell,
  town,
} from '../support/bed-calls.js';
import { addResident } from '../support/beds.js';

beforeAll(startBedCalls);
afterAll(closeBedCalls);

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
    const roomId = await roomOf(bed);
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
