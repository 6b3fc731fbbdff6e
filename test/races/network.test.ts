import { afterEach, beforeEach, expect, it } from 'vitest';
import { networkChecks } from '../../src/network/audit.js';
import { opened, outcome, SmallNetwork, today } from '../network/small-network.js';

const rounds = 10;

let network: SmallNetwork;
beforeEach(async () => {
  network = await SmallNetwork.open();
});
afterEach(async () => {
  for (const { name, sql } of networkChecks) {
    expect(await network.database.read((manager) => manager.query(sql)), name).toEqual([]);
  }
  await network.test.drop();
});

function division(round: number): string {
  return `411302001${String(round + 100)}`;
}

it('two moves of one facility on one day: one is done', async () => {
  for (let round = 0; round < rounds; round++) {
    const code = `STATION-${round}`;
    await network.add(code, 'HOME_CARE_STATION', division(round), 'STREET');
    const outcomes = await Promise.all([
      network.move(code, 'REGION', today),
      network.move(code, 'COUNTY', today),
    ]);
    expect(outcomes.sort()).toEqual(['DATE_OUT_OF_RANGE', 'done']);
    const placements = await network.placements(code);
    expect(placements).toHaveLength(2);
    expect(placements[0]).toEqual(['STREET', opened, today]);
    expect(placements[1]?.slice(1)).toEqual([today, null]);
  }
});

it('a move there and a move back: both are done only one after the other', async () => {
  for (let round = 0; round < rounds; round++) {
    const code = `STATION-${round}`;
    await network.add(code, 'HOME_CARE_STATION', division(round), 'STREET');
    const [there, back] = await Promise.all([
      network.move(code, 'REGION', '2026-11-10'),
      network.move(code, 'STREET', '2026-11-20'),
    ]);
    expect(there).toBe('done');
    const after = back === 'done' ? [['STREET', '2026-11-20', null]] : [];
    expect(['done', 'ALREADY_THERE']).toContain(back);
    expect(await network.placements(code)).toEqual([
      ['STREET', opened, '2026-11-10'],
      ['REGION', '2026-11-10', back === 'done' ? '2026-11-20' : null],
      ...after,
    ]);
  }
});

it('a facility closes while another moves or is added beneath it: one of the two is done', async () => {
  for (let round = 0; round < rounds; round++) {
    const host = `HOST-${round}`;
    await network.add(host, 'DAY_CARE_CENTER', '411302001001', 'STREET');
    const arrival =
      round % 2 === 0
        ? network.move('CANTEEN', host, `2026-11-${String(10 + round)}`)
        : network
            .tryToAdd({
              code: `NEW-${round}`,
              name: 'New',
              kind: 'ELDER_CANTEEN',
              divisionCode: '411302001001',
              parentId: network.id(host),
            })
            .then(outcome);
    const [closed, arrived] = await Promise.all([network.close(host, '2026-11-05'), arrival]);
    expect([
      ['done', 'PARENT_NOT_OPEN'],
      ['NOT_EMPTY', 'done'],
    ]).toContainEqual([closed, arrived]);
  }
});

it('one code for two newcomers: one has it', async () => {
  for (let round = 0; round < rounds; round++) {
    const newcomer = (name: string) =>
      network.tryToAdd({
        code: `NEW-${round}`,
        name,
        kind: 'HOME_CARE_STATION',
        divisionCode: division(round),
        parentId: network.id('STREET'),
      });
    const results = await Promise.all([newcomer('one'), newcomer('other'), newcomer('third')]);
    expect(results.map(outcome).sort()).toEqual(['CODE_TAKEN', 'CODE_TAKEN', 'done']);
  }
});
