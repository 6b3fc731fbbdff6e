import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doorsOf } from '../../src/elders/elder-door.js';
import { eraseElder } from '../../src/elders/erase-elder.js';
import { setElderDoor, type WantedDoor } from '../../src/elders/set-elder-door.js';
import {
  configureDelivery,
  deliveryTermsOf,
  type WantedDeliveryTerms,
} from '../../src/meals/deliveries/delivery-terms.js';
import { elderDeliveryRecords } from '../../src/meals/deliveries/elder-delivery-records.js';
import type { Scope } from '../../src/network/scope.js';
import { addEntitled, offerDeliveries, ordered, orderedOne } from '../support/deliveries.js';
import { codeOf, type DeliverySteps, deliverySteps, fieldOf } from '../support/delivery-steps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { buildTown, countRows, noon, type Town, today } from '../support/town.js';

let open: TestDatabase;
let town: Town;
let steps: DeliverySteps;

beforeAll(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
  await offerDeliveries(town, { placeId: town.cityId, canteenId: town.canteenIds[0] });
  steps = await deliverySteps(town);
});
afterAll(() => open.drop());

const configured = (given: Partial<WantedDeliveryTerms> = {}, scope: Scope = 'everywhere') => {
  const usual = {
    canteenId: town.canteenIds[0],
    priceFen: 1200,
    cutoffMinutes: 60,
    latitude: null,
    longitude: null,
  };
  return open.database.write((manager) => configureDelivery(manager, { ...usual, ...given }, scope, today));
};

const door = (given: Partial<WantedDoor> & { elderId: number }, scope: Scope = 'everywhere') => {
  const usual = { latitude: null, longitude: null, note: null, byId: town.managerId, now: noon };
  return open.database.write((manager) => setElderDoor(manager, { ...usual, ...given }, scope));
};

const doorOf = async (elderId: number) =>
  (await open.database.read((manager) => doorsOf(manager, [elderId]))).get(elderId);

describe('a canteen’s terms', () => {
  it('are refused by name, and stay', async () => {
    for (const [given, code, field] of [
      [{ canteenId: town.streetId }, 'CANTEEN_UNKNOWN', 'input.canteenId'],
      [{ canteenId: 999_999 }, 'CANTEEN_UNKNOWN', 'input.canteenId'],
      [{ priceFen: 0 }, 'PRICE_OUT_OF_RANGE', 'input.priceFen'],
      [{ priceFen: 1_000_001 }, 'PRICE_OUT_OF_RANGE', 'input.priceFen'],
      [{ cutoffMinutes: -1 }, 'CUTOFF_OUT_OF_RANGE', 'input.cutoffMinutes'],
      [{ cutoffMinutes: 2881 }, 'CUTOFF_OUT_OF_RANGE', 'input.cutoffMinutes'],
      [{ latitude: 33 }, 'POSITION_INVALID', 'input.latitude'],
      [{ longitude: 112 }, 'POSITION_INVALID', 'input.longitude'],
      [{ latitude: 90.1, longitude: 112 }, 'POSITION_INVALID', 'input.latitude'],
    ] as const) {
      const result = await configured(given as Partial<WantedDeliveryTerms>);
      expect([codeOf(result), fieldOf(result)]).toEqual([code, field]);
    }
    expect(codeOf(await configured({}, [town.canteenIds[1]]))).toBe('CANTEEN_UNKNOWN');
    const terms = await open.database.read((manager) => deliveryTermsOf(manager, town.canteenIds));
    expect([...terms.values()]).toMatchObject([{ priceFen: 1200, position: { latitudeMicro: 32_990_000 } }]);
  });

  it('change for what is ordered from then on, and end', async () => {
    const { elderId } = await addEntitled(town);
    const before = await orderedOne(town, { elderId });
    await configured({ priceFen: 1500 }, [town.countyId]);
    const after = await orderedOne(town, { elderId, days: ['2026-03-11'] });
    expect([before.grossFen, after.grossFen]).toEqual([1200, 1500]);
    await configured({ priceFen: null });
    expect(codeOf(await ordered(town, { elderId, days: ['2026-03-12'] }))).toBe('DELIVERY_NOT_OFFERED');
    // What was ordered can still be called off, and nobody waits for a cutoff that is no more.
    expect(codeOf(await steps.cancelled(before.id, noon))).toBe('done');
    await configured();
  });
});

describe('an elder’s door', () => {
  it('is kept encrypted, replaced whole, and refused by name', async () => {
    const { elderId } = await addEntitled(town);
    const note = '三楼，按两次铃';
    await door({ elderId, latitude: 32.9912345678, longitude: 112.5, note: ` ${note} ` });
    expect(await doorOf(elderId)).toEqual({
      position: { latitudeMicro: 32_991_235, longitudeMicro: 112_500_000 },
      note,
    });
    const [row] = await open.database.read((manager) => manager.query('SELECT * FROM elder_door'));
    expect(JSON.stringify(row)).not.toMatch(/32\.?991|三楼/);
    for (const [given, code, field] of [
      [{ elderId: 999_999 }, 'ELDER_UNKNOWN', 'elderId'],
      [{ latitude: 33 }, 'POSITION_INVALID', 'latitude'],
      [{ longitude: 33 }, 'POSITION_INVALID', 'longitude'],
      [{ latitude: 33, longitude: -180.5 }, 'POSITION_INVALID', 'latitude'],
      [{ note: '长'.repeat(201) }, 'NOTE_INVALID', 'note'],
      [{ note: 'a\u0000b' }, 'NOTE_INVALID', 'note'],
    ] as const) {
      const result = await door({ elderId, ...(given as object) });
      expect([codeOf(result), fieldOf(result)]).toEqual([code, field]);
    }
    expect(codeOf(await door({ elderId }, [town.canteenIds[0]]))).toBe('ELDER_UNKNOWN');
    await door({ elderId, note: ' ' });
    expect(await doorOf(elderId)).toEqual({ position: null, note: null });
  });

  it('moved to another’s row does not open there', async () => {
    const one = await addEntitled(town);
    const other = await addEntitled(town);
    for (const { elderId } of [one, other]) await door({ elderId, note: '一楼' });
    await open.database.write(async (manager) => {
      const [row] = await manager.query('SELECT noteSealed FROM elder_door WHERE elderId = ?', [one.elderId]);
      await manager.query('UPDATE elder_door SET noteSealed = ? WHERE elderId = ?', [
        row.noteSealed,
        other.elderId,
      ]);
    });
    await expect(doorOf(other.elderId)).rejects.toThrow('altered or moved');
    await open.database.write((manager) =>
      manager.query('DELETE FROM elder_door WHERE elderId = ?', [other.elderId]),
    );
  });

  it('is erased with the file, and with it what couriers wrote and photos are called', async () => {
    const { id, elderId } = await steps.underWay();
    await door({ elderId, note: '三楼' });
    await steps.broughtBack(id, { reason: 'OTHER', text: '王老太不在' });
    const again = await orderedOne(town, { elderId });
    await steps.assigned([again.id]);
    await steps.started([again.id]);
    await steps.handedOver(again.id, { photoReference: 'day/wang-0001.jpg' });
    const collected = await open.database.read((manager) => elderDeliveryRecords.collect(manager, elderId));
    expect(collected).toMatchObject([
      { state: 'CAME_BACK', reasonText: '王老太不在', grossFen: 1200, swipeId: null },
      { state: 'HANDED_OVER', photoReference: 'day/wang-0001.jpg', endedAt: noon.toISOString() },
    ]);
    await open.database.write(async (manager) => {
      await manager.query("UPDATE elder SET status = 'DECEASED', endedOn = '2020-01-02' WHERE id = ?", [
        elderId,
      ]);
      const erasure = { elderId, retentionDays: 0, records: [elderDeliveryRecords], now: noon };
      expect(codeOf(await eraseElder(manager, erasure, 'everywhere'))).toBe('done');
    });
    expect(await countRows(open, `elder_door WHERE elderId = ${elderId}`)).toBe(0);
    const left = await open.database.read((manager) => elderDeliveryRecords.collect(manager, elderId));
    expect(JSON.stringify(left)).not.toMatch(/王老太|wang/);
    expect(await countRows(open, "delivery_order WHERE usedPhoto = 'day/wang-0001.jpg'")).toBe(0);
    expect(left).toHaveLength(2);
  });
});
