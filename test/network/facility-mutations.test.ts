import { afterEach, beforeEach, expect, it } from 'vitest';
import { statementsOf } from '../support/count-statements.js';
import { ask, callerWith, dataOf } from './network-graph.js';
import { SmallNetwork, today } from './small-network.js';

let network: SmallNetwork;
beforeEach(async () => {
  network = await SmallNetwork.open();
});
afterEach(() => network.test.drop());

const result = `{ __typename ... on Facility { code name openedOn closedOn parent { code } }
                  ... on FacilityRefusal { refusal: refusalCode message field } }`;
const mutations = {
  add: `mutation ($input: AddFacilityInput!) { done: addFacility(input: $input) ${result} }`,
  rename: `mutation ($id: ID!, $name: String!) { done: renameFacility(id: $id, name: $name) ${result} }`,
  move: `mutation ($id: ID!, $parentId: ID!, $on: Date!) {
           done: moveFacility(id: $id, parentId: $parentId, on: $on) ${result} }`,
  close: `mutation ($id: ID!, $on: Date!) { done: closeFacility(id: $id, on: $on) ${result} }`,
};

async function change(name: keyof typeof mutations, variables: Record<string, unknown>) {
  return dataOf<{ done: unknown }>(await ask(network.database, mutations[name], variables)).done;
}

const id = (code: string) => String(network.id(code));

it('adds, renames, moves and closes', async () => {
  const input = {
    code: 'HOME-1',
    name: '幸福院',
    kind: 'NURSING_HOME',
    divisionCode: '411302001',
    parentId: id('STREET'),
  };
  const added = { __typename: 'Facility', code: 'HOME-1', name: '幸福院', openedOn: today, closedOn: null };
  expect(await change('add', { input })).toEqual({ ...added, parent: { code: 'STREET' } });

  const day = { __typename: 'Facility', code: 'DAY', openedOn: '2026-01-01', closedOn: null };
  const renamed = { ...day, name: '日间照料中心' };
  const street = { code: 'STREET' };
  expect(await change('rename', { id: id('DAY'), name: '日间照料中心' })).toEqual({
    ...renamed,
    parent: street,
  });
  const move = { id: id('DAY'), parentId: id('REGION'), on: today };
  expect(await change('move', move)).toEqual({ ...renamed, parent: { code: 'REGION' } });
  const closed = await change('close', { id: id('CANTEEN'), on: '2026-12-01' });
  expect(closed).toMatchObject({ code: 'CANTEEN', closedOn: '2026-12-01', parent: { code: 'DAY' } });
});

it('answers an expected refusal as a result that names the field', async () => {
  const refusal = async (name: keyof typeof mutations, variables: Record<string, unknown>) => {
    const { refusal: code, field } = (await change(name, variables)) as { refusal: string; field: string[] };
    return [code, field];
  };
  const input = {
    code: 'DAY',
    name: 'x',
    kind: 'COUNTY_CENTER',
    divisionCode: '411399',
    parentId: id('CITY'),
  };
  expect(await refusal('add', { input })).toEqual(['CODE_TAKEN', ['input', 'code']]);
  expect(await refusal('add', { input: { ...input, parentId: 'x' } })).toEqual([
    'PARENT_UNKNOWN',
    ['input', 'parentId'],
  ]);
  expect(await refusal('rename', { id: '-1', name: 'x' })).toEqual(['FACILITY_UNKNOWN', ['id']]);
  expect(await refusal('move', { id: id('COUNTY'), parentId: id('DAY'), on: today })).toEqual([
    'WOULD_BE_A_CYCLE',
    ['parentId'],
  ]);
  expect(await refusal('close', { id: id('CITY'), on: today })).toEqual(['NOT_EMPTY', ['on']]);
});

it('is an administrator’s alone, and writes nothing for others', async () => {
  const manager = callerWith(['MANAGER', network.id('CITY')]);
  const { result: answer, statements } = await statementsOf(network.database, () =>
    ask(network.database, mutations.close, { id: id('CANTEEN'), on: today }, manager),
  );
  expect(answer.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  // Nothing but its record in the audit log.
  expect(statements.filter((sql) => /\bfacility(_placement)?\b/.test(sql))).toEqual([]);
});

it('an administrator of one county changes that county only', async () => {
  const countys = callerWith(['ADMIN', network.id('COUNTY')]);
  const close = async (code: string) =>
    dataOf(await ask(network.database, mutations.close, { id: id(code), on: today }, countys)).done;
  expect(await close('OTHER')).toMatchObject({ refusal: 'FACILITY_UNKNOWN' });
  expect(await close('CANTEEN')).toMatchObject({ code: 'CANTEEN', closedOn: today });
});
