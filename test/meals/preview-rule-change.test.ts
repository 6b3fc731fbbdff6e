import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FacilityPlacement } from '../../entities/index.js';
import { operatorSharesOf } from '../../src/meals/operator-subsidies.js';
import type { OperatorRule, RuleDocument } from '../../src/meals/rules/rule-language.rules.js';
import { addRules, eaten, previewed } from '../support/previews.js';
import { amount, oneRule } from '../support/rule-documents.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { addDiner, buildTown, type Town } from '../support/town.js';

let open: TestDatabase;
let town: Town;
beforeEach(async () => {
  open = await openTestDatabase();
  town = await buildTown(open.database);
});
afterEach(() => open.drop());

const dinner = { meals: ['DINNER' as const] };

describe('sets of one place stand in the order of their codes, the tried one too', () => {
  const half: RuleDocument = oneRule(
    {
      when: dinner,
      gives: { kind: 'PERCENT_OFF', percent: 50, of: 'REST', rounding: 'DOWN', toFen: 1 },
    },
    { alongside: 'ADD' },
  );
  const four = (alongside: 'ADD' | 'BEST') => oneRule({ when: dinner, gives: amount(400) }, { alongside });

  it('half of the rest, and then 4 yuan', async () => {
    await addRules(town, { code: 'AAA', facilityId: town.streetId, document: half });
    await addRules(town, { code: 'BBB', facilityId: town.streetId, document: four('ADD') });
    const { uid } = await addDiner(town);
    const { receipt } = await eaten(town, uid, '2026-03-09T17:00:00');
    expect(receipt?.subsidyFen).toBe(1000);
    expect(await previewed(town, 'AAA')).toMatchObject({
      meals: 1,
      changed: 0,
      actual: { subsidyFen: 1000 },
      proposed: { subsidyFen: 1000 },
    });
  });

  it('and the first of two that give as much counts', async () => {
    await addRules(town, { code: 'AAA', facilityId: town.streetId, document: four('BEST') });
    const other = four('BEST');
    other.operators = [perMonth];
    await addRules(town, { code: 'BBB', facilityId: town.streetId, document: other });
    const { uid } = await addDiner(town);
    await eaten(town, uid, '2026-03-09T17:00:00');
    const operators = { actualFen: 0, proposedFen: 0 };
    expect(await previewed(town, 'AAA')).toMatchObject({ changed: 0, operators });
  });
});

const perMonth: OperatorRule = {
  code: 'RENT',
  name: { zh: '每月 1000 元', en: '1000 yuan a month' },
  per: 'MONTH',
  fen: 100_000,
  counts: 'SUBSIDISED',
  borneBy: [{ funder: 'BUREAU', rest: true }],
};

describe('a file that ended', () => {
  const died = (elderId: number, on: string) =>
    open.database.write((manager) =>
      manager.query("UPDATE elder SET status = 'DECEASED', endedOn = ? WHERE id = ?", [on, elderId]),
    );

  it('is given nothing from its day on', async () => {
    const { uid, elderId } = await addDiner(town);
    for (const day of ['2026-03-05', '2026-03-06', '2026-03-07']) await eaten(town, uid, `${day}T12:00:00`);
    await died(elderId, '2026-03-06');
    expect(await previewed(town, 'LUNCH-60', { version: 1 })).toMatchObject({
      meals: 3,
      changed: 2,
      actual: { subsidyFen: 600, selfPaidFen: 3000 },
      proposed: { subsidyFen: 200, selfPaidFen: 3400 },
    });
  });
});

describe('canteens that were moved', () => {
  const moved = (canteen: 0 | 1, on: string, { fromId, toId }: { fromId: number; toId: number }) =>
    open.database.write(async (manager) => {
      const facilityId = town.canteenIds[canteen];
      await manager.update(FacilityPlacement, { facilityId }, { parentId: fromId, toDay: on });
      await manager.insert(FacilityPlacement, { facilityId, parentId: toId, fromDay: on, toDay: null });
    });

  it('count on the days on which they stood beneath the place of the rules, and on no others', async () => {
    const { streetId, countyId } = town;
    const document = oneRule({ when: dinner, gives: amount(400) });
    await addRules(town, { code: 'STREET', facilityId: streetId, document });
    await moved(0, '2026-03-06', { fromId: streetId, toId: countyId });
    await moved(1, '2026-03-06', { fromId: countyId, toId: streetId });
    for (const canteen of [0, 1] as const) {
      const { uid } = await addDiner(town);
      for (const day of ['04', '05', '06']) await eaten(town, uid, `2026-03-${day}T17:00:00`, { canteen });
    }
    const costs = { subsidyFen: 1200, discountFen: 0, selfPaidFen: 2400 };
    const unchanged = { meals: 3, changed: 0, actual: costs, proposed: costs };
    expect(await previewed(town, 'STREET')).toMatchObject(unchanged);
  });
});

describe('operators', () => {
  const document = (change: Partial<OperatorRule>, fen = 400): RuleDocument => ({
    ...oneRule({ when: dinner, gives: amount(fen) }),
    operators: [{ ...perMonth, ...change }],
  });
  const statementFen = async () => {
    const [canteenId] = town.canteenIds;
    const shares = await open.database.read((manager) =>
      operatorSharesOf(manager, [canteenId], '2026-03', 'LEDGER'),
    );
    return (shares.get(canteenId) ?? []).reduce((sum, { fen }) => sum + fen, 0);
  };

  it.each<[string, Partial<OperatorRule>, number]>([
    ['so much a month', {}, 100_000],
    ['so much a person and month', { per: 'PERSON_MONTH', fen: 1000 }, 3000],
    ['from six meals of the month on', { per: 'MEAL', fen: 100, mealsAtLeast: 6 }, 600],
    ['nothing below seven', { per: 'MEAL', fen: 100, mealsAtLeast: 7 }, 0],
    ['no more than so much a month', { per: 'MEAL', fen: 100, monthFenMax: 450 }, 450],
  ])('get by two versions of a month what the statement pays: %s', async (_, change, fen) => {
    const facilityId = town.streetId;
    await addRules(town, { code: 'OPERATED', facilityId, document: document(change) });
    await addRules(town, {
      code: 'OPERATED',
      facilityId,
      document: document(change, 500),
      fromDay: '2026-03-20',
    });
    // The first elder eats under the later version alone, so that versions are not met in the order of their days.
    const days = [['24'], ['05', '24'], ['05', '06', '23']];
    for (const own of days) {
      const { uid } = await addDiner(town);
      for (const day of own) await eaten(town, uid, `2026-03-${day}T17:00:00`);
    }
    expect(await statementFen()).toBe(fen);
    const { operators } = await previewed(town, 'OPERATED');
    expect(operators).toEqual({ actualFen: fen, proposedFen: fen });
  });
});
