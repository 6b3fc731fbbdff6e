import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accessProgram } from '../../src/cli/program.js';
import { eldersChecks } from '../../src/elders/audit.js';
import { issueCard } from '../../src/meals/issue-card.js';
import { decideOffline } from '../../src/meals/reader-lists/decide-offline.rules.js';
import { runChecks } from '../../src/shared/audit-check.js';
import { expectAuditClean } from '../support/audited.js';
import { openPage, ReaderStore } from '../support/reader-store.js';
import { amount, oneRule } from '../support/rule-documents.js';
import { intakeOf, tap } from '../support/taps.js';
import { openTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestServer, type TestServer } from '../support/test-server.js';
import { buildTown, noon, type Town, topUp } from '../support/town.js';
import { newIdNumber, newUid } from '../support/two-counties.js';

/** A city whose rules name groups that the nation's list has not: model workers, and who served in a time bank. */
let open: TestDatabase;
let server: TestServer;
let town: Town;
let [manager, finance, reader] = ['', '', ''];
let worker: { elderId: number; uid: string };
const folder = mkdtempSync(join(tmpdir(), 'yinling-categories-'));
beforeAll(async () => {
  open = await openTestDatabase();
  server = await startTestServer({
    on: open,
    at: noon,
    settings: { snapshotRefreshSeconds: 0, callerRatePerSecond: 0 },
  });
  town = await buildTown(server.database);
  manager = (await server.account('MANAGER', town.streetId, 'manager')).token;
  finance = (await server.account('FINANCE', town.cityId, 'finance')).token;
  reader = (await server.account('READER', town.canteenIds[0], 'reader')).token;
});
afterAll(async () => {
  await expectAuditClean(open.database);
  await server.close();
  await open.drop();
  rmSync(folder, { recursive: true });
});

async function run(...words: string[]) {
  const said: string[] = [];
  const say = (text: string) => said.push(text);
  const program = accessProgram({ databaseUrl: open.url, print: say, complain: say });
  const failed = await program.parseAsync(words, { from: 'user' }).then(
    () => false,
    () => true,
  );
  return { failed, said: said.join('') };
}

async function ask<Data>(query: string, token = manager, variables = {}, language = 'zh'): Promise<Data> {
  const { body } = await server.post<Data>(query, variables, token, { 'accept-language': language });
  if (body.errors) throw new Error(JSON.stringify(body.errors));
  return body.data;
}

/** Seven yuan for whoever belongs to one of these. */
const rulesFor = (...categories: string[]) => oneRule({ who: { categories }, gives: amount(700) });

interface File {
  id?: string;
  refusal?: string;
  field?: string[];
  categories?: string[];
  cityCategories?: { code: string; name: string }[];
}
const fileFields = `{ ... on Elder { id categories cityCategories { code name } }
  ... on ElderRefusal { refusal: code field } }`;

async function register(cityCategories: string[], categories: string[] = []): Promise<File> {
  const mutation = `mutation ($input: RegisterElderInput!) { file: registerElder(input: $input) ${fileFields} }`;
  const input = { name: '王秀英', idNumber: newIdNumber(), homeStationId: town.stationId };
  return (await ask<{ file: File }>(mutation, manager, { input: { ...input, categories, cityCategories } }))
    .file;
}

async function change(input: object): Promise<File> {
  const mutation = `mutation ($input: ChangeElderInput!) { file: changeElder(input: $input) ${fileFields} }`;
  return (await ask<{ file: File }>(mutation, manager, { input: { elderId: worker.elderId, ...input } }))
    .file;
}

it('a command adds one, which stays, and clients can list', async () => {
  const add = (code: string, zh = '劳动模范', en = 'model workers') =>
    run('category', 'add', '--code', code, '--zh', zh, '--en', en);
  expect(await add('MODEL-WORKER')).toEqual({
    failed: false,
    said: 'Category MODEL-WORKER (劳动模范, model workers) is added.\n',
  });
  for (const [code, zh, said] of [
    ['MODEL-WORKER', '劳动模范', 'A category has this code already'],
    ['DESTITUTE', '特困', 'A category has this code already'],
    ['model', '劳动模范', 'The code of a category has 1 to 24 of A-Z, 0-9 and the hyphen'],
    ['X'.repeat(25), '劳动模范', 'The code of a category has 1 to 24 of A-Z, 0-9 and the hyphen'],
    ['NAMELESS', ' ', 'A name has 1 to 40 characters in Chinese and 1 to 80 in English'],
  ] as const) {
    expect(await add(code, zh)).toEqual({ failed: true, said: expect.stringContaining(said) });
  }
  for (const [language, name] of [
    ['zh', '劳动模范'],
    ['en', 'model workers'],
  ]) {
    const listed = await ask('{ cityCategories { code name } }', reader, {}, language);
    expect(listed).toEqual({ cityCategories: [{ code: 'MODEL-WORKER', name }] });
  }
});

it('a file of rules brings those that are missing, and no rule asks for one that is not there', async () => {
  const path = join(folder, 'rules.json');
  const fileWith = (categories: object[], ...asked: string[]) => {
    const versions = [{ fromDay: '2026-01-01', toDay: null, document: rulesFor(...asked) }];
    const ruleSets = [{ code: 'HONOURED', division: '41', versions }];
    writeFileSync(path, JSON.stringify({ categories, funders: [], ruleSets }));
    return run('rule', 'add', '--file', path, '--facility', 'CITY', '--approved');
  };
  const timeBank = { code: 'TIME-BANK', name: { zh: '时间银行志愿者', en: 'time bank volunteers' } };
  expect(await fileWith([timeBank], 'TIME-BANK', 'VETERAN')).toEqual({
    failed: true,
    said: 'Refused: there is no category of this code. 没有此编码的人员类别。\n',
  });
  expect(
    (await ask<{ cityCategories: object[] }>('{ cityCategories { code } }')).cityCategories,
  ).toHaveLength(1);
  const known = { code: 'MODEL-WORKER', name: { zh: '别的名称', en: 'another name' } };
  expect(await fileWith([known, timeBank], 'TIME-BANK', 'MODEL-WORKER')).toEqual({
    failed: false,
    said: 'Category TIME-BANK is added.\nRules HONOURED version 1: counts from 2026-01-01.\n',
  });

  const propose = `mutation ($input: ProposeRuleSetInput!) { result: proposeRuleSet(input: $input) {
    ... on SubsidyRuleSet { status } ... on SubsidyRuleRefusal { refusal: code field } } }`;
  const proposed = (document: object) => {
    const terms = { code: 'OTHER', facilityId: String(town.cityId), fromDay: '2026-04-01' };
    return ask(propose, finance, { input: { ...terms, document: JSON.stringify(document) } });
  };
  const nested = oneRule({
    who: { ageFrom: 60, noneOf: [{ categories: ['MODEL-WORKER'] }, { categories: ['DISABLED', 'VETERAN'] }] },
    gives: amount(100),
  });
  const field = 'input.document.groups.0.rules.0.who.noneOf.1.categories.1'.split('.');
  expect(await proposed(nested)).toEqual({ result: { refusal: 'CATEGORY_UNKNOWN', field } });
  expect(await proposed(rulesFor('MODEL-WORKER'))).toEqual({ result: { status: 'PROPOSED' } });
});

it('an elder belongs to both kinds, each of which is changed without the other', async () => {
  expect(await register(['MODEL-WORKER', 'VETERAN'])).toEqual({
    refusal: 'CATEGORY_UNKNOWN',
    field: ['input', 'cityCategories', '1'],
  });
  const timeBank = { code: 'TIME-BANK', name: '时间银行志愿者' };
  const modelWorker = { code: 'MODEL-WORKER', name: '劳动模范' };
  const file = await register(['TIME-BANK', 'MODEL-WORKER', 'TIME-BANK'], ['LIVING_ALONE']);
  expect(file).toMatchObject({ categories: ['LIVING_ALONE'], cityCategories: [modelWorker, timeBank] });
  worker = { elderId: Number(file.id), uid: newUid() };
  expect(await change({ cityCategories: ['VETERAN'] })).toEqual({
    refusal: 'CATEGORY_UNKNOWN',
    field: ['input', 'cityCategories', '0'],
  });
  expect(await change({ categories: [] })).toMatchObject({
    categories: [],
    cityCategories: [modelWorker, timeBank],
  });
  expect(await change({ categories: ['EMPTY_NEST'], cityCategories: ['MODEL-WORKER'] })).toMatchObject({
    categories: ['EMPTY_NEST'],
    cityCategories: [modelWorker],
  });
  const exported = `query ($id: ID!) { exportElder(elderId: $id) { json } }`;
  const data = await ask<object>(exported, await server.adminToken(), { id: worker.elderId });
  expect(JSON.stringify(data)).toContain('MODEL-WORKER');
});

it('its rules decide swipes, the readers’ lists too, and explain themselves by its name', async () => {
  const { elderId, uid } = worker;
  await server.database.write((writer) => issueCard(writer, { elderId, uid }, 'everywhere', '2026-03-10'));
  await topUp(town, uid, 5000);

  const store = new ReaderStore();
  const snapshot = `query ($id: ID!) { readerSnapshot(canteenId: $id) { ... on ReaderSnapshot { page } } }`;
  const given = await ask<{ readerSnapshot: { page: string } }>(snapshot, reader, { id: town.canteenIds[0] });
  const keys = await ask<{ readerSnapshotKeys: { publicKey: string }[] }>(
    '{ readerSnapshotKeys { publicKey } }',
    reader,
  );
  store.apply(openPage(given.readerSnapshot.page, keys.readerSnapshotKeys[0]?.publicKey ?? ''));
  const tapped = { cardUid: uid, swipedAt: noon, grossFen: 1200, mode: 'DINE_IN' as const };
  expect(decideOffline({ store, tap: tapped, own: [] })).toMatchObject({ split: { subsidyFen: 700 } });

  const answer = await intakeOf(town).record(tap(town, { cardUid: uid, grossFen: 1200 }));
  expect(answer.receipt?.subsidyFen).toBe(700);

  await change({ cityCategories: [] });
  const explain = `{ explainSubsidy(elderId: "${elderId}", canteenId: "${town.canteenIds[0]}", date: "2026-03-11",
    meal: LUNCH, grossFen: 1200) { subsidyFen rules { code reason } } }`;
  for (const [language, reason] of [
    ['zh', '须为时间银行志愿者或劳动模范'],
    ['en', 'it is for time bank volunteers or model workers'],
  ]) {
    const { explainSubsidy } = await ask<{ explainSubsidy: { rules: { reason: string }[] } }>(
      explain,
      manager,
      {},
      language,
    );
    expect(explainSubsidy.rules.map((rule) => rule.reason)).toContain(reason);
  }
});

it('the audit finds a membership of nothing', async () => {
  const insert = "INSERT INTO elder_category (elderId, category) VALUES (?, 'GONE')";
  await open.database.write((writer) => writer.query(insert, [worker.elderId]));
  const said: string[] = [];
  await open.database.read((reading) => runChecks(reading, eldersChecks, (line) => said.push(line)));
  expect(said.filter((line) => line.startsWith('BROKEN'))).toEqual([
    expect.stringContaining('every category of an elder is one of the nation’s or of the city’s own'),
  ]);
  await open.database.write((writer) => writer.query("DELETE FROM elder_category WHERE category = 'GONE'"));
});
