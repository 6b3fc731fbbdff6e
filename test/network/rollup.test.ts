import { afterAll, beforeAll, expect, it } from 'vitest';
import { instantOn } from '../../src/shared/china-time.js';
import { insertRows } from '../../src/shared/statements.js';
import { statementsOf } from '../support/count-statements.js';
import { administrator, ask, callerWith, dataOf } from './network-graph.js';
import { SmallNetwork, today } from './small-network.js';

const lastMonth = '2026-10-15';

let network: SmallNetwork;
beforeAll(async () => {
  network = await SmallNetwork.open();
  for (let index = 0; index < 30; index++) {
    const division = `411302${String(index + 10).padStart(3, '0')}`;
    await network.add(`S-${index}`, 'STREET_CENTER', division, 'COUNTY');
    for (let child = 0; child < 5; child++) {
      await network.add(`S-${index}-${child}`, 'DAY_CARE_CENTER', `${division}00${child}`, `S-${index}`);
    }
  }
  await insertElders();
  await insertSwipes();
  // What happened last month in the street stays the street's.
  expect(await network.move('DAY', 'REGION', '2026-11-01')).toBe('done');
  expect(await network.move('STATION', 'REGION', '2026-11-01')).toBe('done');
});
afterAll(() => network.test.drop());

/** Four elders of one station: two for good, one who came later, one who left; and one without a station. */
async function insertElders(): Promise<void> {
  const station = network.id('STATION');
  const elder = (n: number, home: number | null, from: string, to: string | null) => [
    `Elder ${n}`,
    '1949-12-31',
    home,
    to === null ? 'ACTIVE' : 'DECEASED',
    from,
    to,
  ];
  await network.database.write((manager) =>
    insertRows(
      manager,
      'elder',
      ['name', 'birthDate', 'homeStationId', 'status', 'registeredOn', 'endedOn'],
      [
        elder(1, station, '2026-02-01', null),
        elder(2, station, '2026-10-15', null),
        elder(3, station, '2026-10-16', null),
        elder(4, station, '2026-02-01', '2026-10-20'),
        elder(5, null, '2026-02-01', null),
      ],
    ),
  );
}

/** On both days one accepted meal, one for review, one voided and one refused. */
async function insertSwipes(): Promise<void> {
  const canteenId = network.id('CANTEEN');
  await network.database.write(async (manager) => {
    await insertRows(manager, 'account', ['id', 'name', 'createdAt'], [[1, 'reader', 0]]);
    await insertRows(manager, 'canteen', ['facilityId', 'priceFenMax'], [[canteenId, 5000]]);
    let id = 0;
    const swipe = (
      day: string,
      outcome: string,
      subsidyFen: number,
      selfPaidFen: number,
      voided: boolean,
    ) => {
      id += 1;
      const at = instantOn(day, 12 * 60).getTime();
      const recorded = outcome !== 'CARD_NOT_ACTIVE';
      const claims = outcome === 'ACCEPTED' && !voided;
      return [
        ...[id, `swipe-${id}`, 1, canteenId, id, 'AB', at, at, subsidyFen + selfPaidFen, 'DINE_IN', 0],
        ...[outcome, ((id - 1) % 4) + 1, day, recorded ? 'LUNCH' : null, claims ? 'LUNCH' : null],
        ...[subsidyFen, 0, selfPaidFen, voided ? at : null],
      ];
    };
    await insertRows(
      manager,
      'swipe',
      [
        ...['id', 'swipeId', 'readerId', 'canteenId', 'sequence', 'cardUid', 'swipedAt', 'receivedAt'],
        ...['grossFen', 'mode', 'offline', 'outcome', 'elderId', 'mealDate', 'meal', 'claimedMeal'],
        ...['subsidyFen', 'discountFen', 'selfPaidFen', 'voidedAt'],
      ],
      [lastMonth, today].flatMap((day) => [
        swipe(day, 'ACCEPTED', 300, 900, false),
        swipe(day, 'RECORDED_FOR_REVIEW', 0, 0, false),
        swipe(day, 'ACCEPTED', 300, 700, true),
        swipe(day, 'CARD_NOT_ACTIVE', 0, 0, false),
      ]),
    );
  });
}

const totals = `facilities { kind count } elders meals subsidyFen selfPaidFen visitsPlanned visitsCompleted
                beds { total open occupied onLeave held free nursing }`;

const nothing = {
  facilities: [],
  elders: 0,
  meals: 0,
  subsidyFen: 0,
  selfPaidFen: 0,
  visitsPlanned: 0,
  visitsCompleted: 0,
  beds: { total: 0, open: 0, occupied: 0, onLeave: 0, held: 0, free: 0, nursing: 0 },
};

async function rollupOf(code: string, on?: string) {
  const query = `query ($code: String, $on: Date) { facility(code: $code) { rollup(on: $on) { ${totals} } } }`;
  const answer = await ask(network.database, query, { code, on });
  return dataOf<{ facility: { rollup: unknown } }>(answer).facility.rollup;
}

it('counts a whole city', async () => {
  expect(await rollupOf('CITY')).toEqual({
    ...nothing,
    facilities: [
      { kind: 'CITY_CENTER', count: 1 },
      { kind: 'COUNTY_CENTER', count: 2 },
      { kind: 'STREET_CENTER', count: 31 },
      { kind: 'DAY_CARE_CENTER', count: 151 },
      { kind: 'HOME_CARE_STATION', count: 1 },
      { kind: 'ELDER_CANTEEN', count: 1 },
      { kind: 'REGIONAL_CENTER', count: 1 },
    ],
    elders: 3,
    meals: 2,
    subsidyFen: 300,
    selfPaidFen: 900,
  });
  expect(await rollupOf('OTHER')).toEqual({ ...nothing, facilities: [{ kind: 'COUNTY_CENTER', count: 1 }] });
});

it('counts a day of last month as it was, though the facilities have moved', async () => {
  const meals = { meals: 2, subsidyFen: 300, selfPaidFen: 900 };
  const three = [
    { kind: 'DAY_CARE_CENTER', count: 1 },
    { kind: 'HOME_CARE_STATION', count: 1 },
    { kind: 'ELDER_CANTEEN', count: 1 },
  ];
  const street = { kind: 'STREET_CENTER', count: 1 };
  const region = { kind: 'REGIONAL_CENTER', count: 1 };
  const before = { ...nothing, ...meals, elders: 3 };
  expect(await rollupOf('STREET', lastMonth)).toEqual({ ...before, facilities: [street, ...three] });
  expect(await rollupOf('REGION', lastMonth)).toEqual({ ...nothing, facilities: [region] });
  expect(await rollupOf('STREET', today)).toEqual({ ...nothing, facilities: [street] });
  expect(await rollupOf('REGION', today)).toEqual({
    ...nothing,
    ...meals,
    elders: 3,
    facilities: [...three, region],
  });
  expect(await rollupOf('CITY', '2025-12-31')).toEqual(nothing);
});

it('takes 6 statements for a whole city, and one more within grants', async () => {
  const { statements } = await statementsOf(network.database, () => rollupOf('CITY'));
  // The facility, and what each area counts of it: elders and facilities, meals, visits, beds.
  expect(statements).toHaveLength(6);
  const query = `{ facility(code: "COUNTY") { rollup { ${totals} } } }`;
  const manager = callerWith(['MANAGER', network.id('CITY')]);
  const asked = await statementsOf(network.database, () => ask(network.database, query, {}, manager));
  expect(asked.result.errors).toBeUndefined();
  expect(asked.statements).toHaveLength(7);
});

/** How many statements the first 2, 30 and 100 facilities take with these fields. */
async function statementCounts(fields: string, caller = administrator): Promise<number[]> {
  const query = `query ($first: Int) { facilities(first: $first) { nodes { ${fields} } } }`;
  const counts: number[] = [];
  for (const first of [2, 30, 100]) {
    const { result, statements } = await statementsOf(network.database, () =>
      ask(network.database, query, { first }, caller),
    );
    const { facilities } = dataOf<{ facilities: { nodes: object[] } }>(result);
    expect(facilities.nodes).toHaveLength(first);
    counts.push(statements.length);
  }
  return counts;
}

it('takes the same number of statements for 2 facilities as for 100', async () => {
  const fields = `rollup { ${totals} } ancestors { code }
                  children(first: 3) { nodes { code } totalCount pageInfo { hasNextPage } }`;
  // The page, the ancestors, the children and their count, and five of the roll-up.
  expect(await statementCounts(fields)).toEqual([9, 9, 9]);
  // One more asks what lies within the manager's grants.
  const manager = callerWith(['MANAGER', network.id('CITY')]);
  expect(await statementCounts(fields, manager)).toEqual([10, 10, 10]);
  // Each other argument is a question of its own, each edge one more, at whatever depth.
  const deeper = `${fields} parent { code } centers: children(kind: COUNTY_CENTER) { nodes { code } }
                  yesterday: rollup(on: "2026-11-01") { ${totals} }`;
  expect(await statementCounts(deeper)).toEqual([15, 15, 15]);
});

it('pages the children of many parents at once', async () => {
  const query = `query ($after: String) { facility(code: "COUNTY") { children(first: 3, kind: STREET_CENTER, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { code children(first: 2) { totalCount pageInfo { hasNextPage } nodes { code } } }
  } } }`;
  interface Page {
    totalCount: number;
    pageInfo: { hasNextPage: boolean; endCursor: string };
    nodes: { code: string; children: unknown }[];
  }
  const pageAfter = async (after: string | null) =>
    dataOf<{ facility: { children: Page } }>(await ask(network.database, query, { after })).facility.children;
  const first = await pageAfter(null);
  expect(first).toMatchObject({ totalCount: 31, pageInfo: { hasNextPage: true } });
  expect(first.nodes.map(({ code }) => code)).toEqual(['STREET', 'S-0', 'S-1']);
  expect(first.nodes[0]?.children).toEqual({ totalCount: 0, pageInfo: { hasNextPage: false }, nodes: [] });
  const children = (street: string) => ({
    totalCount: 5,
    pageInfo: { hasNextPage: true },
    nodes: [{ code: `${street}-0` }, { code: `${street}-1` }],
  });
  expect(first.nodes[1]?.children).toEqual(children('S-0'));
  const second = await pageAfter(first.pageInfo.endCursor);
  expect(second.nodes.map(({ code }) => code)).toEqual(['S-2', 'S-3', 'S-4']);
  expect(second.nodes[2]?.children).toEqual(children('S-4'));
});

it('opens a roll-up only within the manager’s grants, and to no reader', async () => {
  const query = 'query ($code: String) { facility(code: $code) { code rollup { elders } } }';
  const answer = async (code: string, caller = callerWith(['MANAGER', network.id('REGION')])) => {
    const { data, errors } = await ask(network.database, query, { code }, caller);
    return errors ? errors[0]?.extensions.code : JSON.parse(JSON.stringify(data?.facility)).rollup.elders;
  };
  expect(await answer('REGION')).toBe(3);
  expect(await answer('STATION')).toBe(3);
  expect(await answer('STREET')).toBe('FORBIDDEN');
  expect(await answer('CITY')).toBe('FORBIDDEN');
  expect(await answer('CANTEEN', callerWith(['READER', network.id('CANTEEN')]))).toBe('FORBIDDEN');
});
