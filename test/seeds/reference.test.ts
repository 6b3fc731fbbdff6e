import { describe, expect, it } from 'vitest';
import { insertReference } from '../../seeds/reference/insert-reference.js';
import { readCanteenTerms, termsKey } from '../../src/meals/canteen-terms.js';
import { splitPrice } from '../../src/meals/subsidy.rules.js';
import { fingerprint, newDatabase } from '../support/demo-city.js';
import { countRows } from '../support/town.js';

describe('the reference data', () => {
  it("has the report's network, each facility beneath its parent since the day it opened", async () => {
    const opened = await newDatabase();
    await opened.database.write(insertReference);
    const kinds = await opened.writer.query('SELECT kind, COUNT(*) AS count FROM facility GROUP BY kind');
    expect(
      Object.fromEntries(kinds.map((row: { kind: string; count: number }) => [row.kind, Number(row.count)])),
    ).toEqual({
      CITY_CENTER: 1,
      COUNTY_CENTER: 16,
      STREET_CENTER: 45,
      REGIONAL_CENTER: 27,
      DAY_CARE_CENTER: 443,
      HOME_CARE_STATION: 468,
      ELDER_CANTEEN: 304,
    });
    expect(await countRows(opened, 'facility_placement WHERE toDay IS NULL')).toBe(1303);
    const early = await opened.writer.query(
      `SELECT p.id FROM facility_placement p
         JOIN facility child ON child.id = p.facilityId JOIN facility parent ON parent.id = p.parentId
        WHERE p.fromDay <> child.openedOn OR p.fromDay < parent.openedOn`,
    );
    expect(early).toEqual([]);
    const [first] = await opened.writer.query(
      "SELECT code FROM facility WHERE kind = 'ELDER_CANTEEN' ORDER BY id LIMIT 1",
    );
    expect(first).toEqual({ code: 'NY-411302-C001' });
  });

  it('lets every canteen be swiped at: terms, accounts, and the rule with its dated change', async () => {
    const opened = await newDatabase();
    await opened.database.write(insertReference);
    const rows: { facilityId: number }[] = await opened.writer.query('SELECT facilityId FROM canteen');
    expect(rows).toHaveLength(304);
    const days = ['2022-07-31', '2022-08-01', '2026-11-20'];
    const keys = rows.flatMap(({ facilityId }) => days.map((day) => ({ canteenId: facilityId, day })));
    const terms = await opened.database.read((manager) => readCanteenTerms(manager, keys));
    const setsAt = (canteenId: number, day: string) => terms.get(termsKey({ canteenId, day }))?.subsidy.sets;
    expect(rows.filter(({ facilityId }) => setsAt(facilityId, '2026-11-20')?.length !== 1)).toEqual([]);
    const subsidyOn = (day: string, birthDate: string) => {
      // Many canteens stood nowhere yet in 2022.
      const placed = rows.find(({ facilityId }) => setsAt(facilityId, day)?.length === 1);
      const subsidy = terms.get(termsKey({ canteenId: placed?.facilityId ?? 0, day }))?.subsidy;
      const diner = {
        birthDate,
        categories: [],
        abilityLevel: null,
        abilityExpiresOn: null,
        residence: null,
      };
      const lunch = {
        meal: 'LUNCH',
        minute: 720,
        mode: 'DINE_IN',
        menu: 'SET_MEAL',
        grossFen: 1200,
      } as const;
      return subsidy && splitPrice(subsidy, { ...lunch, diner, day }, []).subsidyFen;
    };
    expect(subsidyOn('2022-07-31', '1950-01-01')).toBe(200);
    expect(subsidyOn('2022-08-01', '1950-01-01')).toBe(300);
    expect(subsidyOn('2026-11-20', '1966-11-20')).toBe(300);
    expect(subsidyOn('2026-11-20', '1966-11-21')).toBe(0);
    expect(await countRows(opened, 'ledger_account')).toBe(1 + 1 + 304 * 2);
  });

  it('leaves alone what somebody has changed', async () => {
    const opened = await newDatabase();
    await opened.database.write(insertReference);
    await opened.writer.query("UPDATE facility SET name = '改过的名字' WHERE code = 'NY-411302-C001'");
    await opened.writer.query('UPDATE canteen SET priceFenMax = 1');
    const before = await fingerprint(opened);
    await opened.database.write(insertReference);
    expect(await fingerprint(opened)).toBe(before);
  });
});
