import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RoadTimes } from '../../src/visits/road-times.js';
import { longerOf, straightLines } from '../../src/visits/travel.js';

/** What the small server of ways answers to one table: by formula, unless a test says otherwise. */
type Answer = (table: Table) => { status?: number; body?: unknown; text?: string; waitMs?: number };
interface Table {
  profile: string;
  sources: Place[];
  destinations: Place[];
}
interface Place {
  longitude: number;
  latitude: number;
}

/** Ten seconds for each thousandth of a degree, and one more to the north: no way is as long as the way back. */
const formula = (from: Place, to: Place) =>
  Math.round((Math.abs(from.longitude - to.longitude) + Math.abs(from.latitude - to.latitude)) * 10_000) +
  (to.latitude > from.latitude ? 1 : 0);

const byFormula: Answer = ({ sources, destinations }) => ({
  body: { code: 'Ok', durations: sources.map((from) => destinations.map((to) => formula(from, to))) },
});

let server: Server;
let address: string;
let answer: Answer;
let asked: { url: string; headers: string[] }[];
let fallbacks: [string, number][];

beforeEach(async () => {
  [answer, asked, fallbacks] = [byFormula, [], []];
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://127.0.0.1');
    asked.push({ url: request.url ?? '', headers: Object.keys(request.headers) });
    const [, profile = '', list = ''] = /^\/table\/v1\/(\w+)\/(.*)$/.exec(url.pathname) ?? [];
    const places = list.split(';').map((text) => {
      const [longitude = 0, latitude = 0] = text.split(',').map(Number);
      return { longitude, latitude };
    });
    const chosen = (name: string) =>
      (url.searchParams.get(name) ?? '').split(';').map((index) => places[Number(index)] as Place);
    const table = { profile, sources: chosen('sources'), destinations: chosen('destinations') };
    const { status = 200, body, text, waitMs = 0 } = answer(table);
    setTimeout(() => response.writeHead(status).end(text ?? JSON.stringify(body)), waitMs).unref();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const place = (north: number, east: number) => ({
  latitudeMicro: 32_000_000 + north * 1000,
  longitudeMicro: 112_000_000 + east * 1000,
});
const road = (more: Partial<ConstructorParameters<typeof RoadTimes>[0]> = {}) =>
  new RoadTimes({
    address,
    answerMsMax: 10_000,
    onFallback: (reason, ways) => fallbacks.push([reason, ways]),
    ...more,
  });
const three = [place(0, 0), place(3, 4), place(10, 0)];

it('whoever plans counts the longer of road and straight line, so that nothing is planned that could not be booked', async () => {
  const straight = await straightLines.seconds('CAR', three, three);
  const roads = await road().seconds('CAR', three, three);
  const both = await longerOf(road(), straightLines).seconds('CAR', three, three);
  expect(both).toEqual(
    straight.map((row, from) => row.map((way, to) => Math.max(way, roads[from]?.[to] as number))),
  );
  // Neither of the two is the longer one everywhere.
  const nearer = [place(0, 0), place(0, 1)];
  const slow: Answer = ({ sources, destinations }) => ({
    body: { code: 'Ok', durations: sources.map(() => destinations.map(() => 3600)) },
  });
  answer = slow;
  expect(await longerOf(road(), straightLines).seconds('CAR', nearer, nearer)).toEqual([
    [0, 3600],
    [3600, 0],
  ]);
  expect(both[0]?.[1]).toBe(Math.max(straight[0]?.[1] as number, 70 + 1));
  expect(straight[0]?.[1]).toBeGreaterThan(71);
});

describe('a server of ways', () => {
  it('is asked for a table and believed, one way as the other', async () => {
    expect(await road().seconds('CYCLE', three, three)).toEqual([
      [0, 71, 101],
      [70, 0, 111],
      [100, 110, 0],
    ]);
    expect(fallbacks).toEqual([]);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.url).toContain('/table/v1/bike/112.000000,32.000000;');
    expect(asked[0]?.url).toContain('annotations=duration');
  });

  it('is told coordinates and nothing else', async () => {
    await road().seconds('CAR', three, three);
    expect(asked[0]?.url).toMatch(
      /^\/table\/v1\/driving\/[\d.,;]+\?annotations=duration&sources=[\d;]+&destinations=[\d;]+$/,
    );
    expect(asked[0]?.headers).not.toContain('authorization');
    expect(asked[0]?.headers).not.toContain('cookie');
  });

  it('is asked once for what it told already, and by another way of travelling anew', async () => {
    const times = road();
    await times.seconds('WALK', three, three);
    await times.seconds('WALK', three.slice(1), three);
    expect(asked).toHaveLength(1);
    await times.seconds('CAR', three, three);
    expect(asked).toHaveLength(2);
  });

  it('forgets the oldest when it is full', async () => {
    const times = road({ rememberedMax: 3 });
    await times.seconds('WALK', three, three);
    await times.seconds('WALK', three, three);
    expect(asked).toHaveLength(2);
  });

  it('is asked in pieces for many places, all of which fit together again', async () => {
    const many = Array.from({ length: 120 }, (_, index) => place(index, 0));
    const seconds = await road().seconds('CYCLE', many, many);
    expect(asked).toHaveLength(9);
    const wanted = many.map((_, row) =>
      many.map((__, column) => Math.abs(row - column) * 10 + (column > row ? 1 : 0)),
    );
    expect(seconds).toEqual(wanted);
  });

  it('knows no way to a place that nobody knows, and is not asked for it', async () => {
    expect(await road().seconds('CYCLE', [null, place(0, 0)], [null])).toEqual([[900], [900]]);
    expect(asked).toEqual([]);
  });

  it('leaves single ways open, which are taken from the straight line', async () => {
    answer = () => ({
      body: {
        code: 'Ok',
        durations: [
          [0, null, 50],
          [60, 0, 70],
          [80, 90, 0],
        ],
      },
    });
    const straight = await straightLines.seconds('CYCLE', three, three);
    expect(await road().seconds('CYCLE', three, three)).toEqual([
      [0, straight[0]?.[1], 50],
      [60, 0, 70],
      [80, 90, 0],
    ]);
    expect(fallbacks).toEqual([['NO_WAY', 1]]);
  });

  const good = [
    [0, 1, 1],
    [1, 0, 1],
    [1, 1, 0],
  ];
  it.each<[string, string, Answer]>([
    ['an error of its own', 'UNREACHABLE', () => ({ status: 503, body: {} })],
    ['an answer that comes too late', 'UNREACHABLE', (table) => ({ ...byFormula(table), waitMs: 5000 })],
    ['a refusal', 'BAD_ANSWER', () => ({ status: 400, body: { code: 'TooBig' } })],
    ['no JSON', 'BAD_ANSWER', () => ({ text: '<html>' })],
    ['nothing', 'BAD_ANSWER', () => ({ text: '' })],
    ['null', 'BAD_ANSWER', () => ({ text: 'null' })],
    ['another code', 'BAD_ANSWER', () => ({ body: { code: 'NoTable', durations: good } })],
    ['no durations', 'BAD_ANSWER', () => ({ body: { code: 'Ok' } })],
    ['a row too few', 'BAD_ANSWER', () => ({ body: { code: 'Ok', durations: good.slice(1) } })],
    [
      'a cell too many',
      'BAD_ANSWER',
      () => ({ body: { code: 'Ok', durations: good.map((row) => [...row, 1]) } }),
    ],
    [
      'a negative way',
      'BAD_ANSWER',
      () => ({ body: { code: 'Ok', durations: [[0, -1, 1], good[1], good[2]] } }),
    ],
    ['a text', 'BAD_ANSWER', () => ({ body: { code: 'Ok', durations: [['0', 1, 1], good[1], good[2]] } })],
    [
      'a way without end',
      'BAD_ANSWER',
      () => ({ text: '{"code":"Ok","durations":[[0,1e999,1],[1,0,1],[1,1,0]]}' }),
    ],
    ['more than any table is', 'BAD_ANSWER', () => ({ text: ' '.repeat(1_200_000) })],
  ])('is not believed when it gives %s: straight lines stand in', async (what, reason, given) => {
    answer = given;
    const started = performance.now();
    const times = road(what.endsWith('late') ? { answerMsMax: 400 } : {});
    expect(await times.seconds('CYCLE', three, three)).toEqual(
      await straightLines.seconds('CYCLE', three, three),
    );
    expect(performance.now() - started).toBeLessThan(8000);
    expect(fallbacks).toEqual([[reason, 9]]);
  });

  it('is left alone after the first of many pieces failed', async () => {
    answer = () => ({ status: 500 });
    const many = Array.from({ length: 300 }, (_, index) => place(index, 0));
    await road().seconds('CYCLE', many, many);
    expect(asked.length).toBeLessThanOrEqual(4);
    expect(fallbacks).toEqual([['UNREACHABLE', 90_000]]);
  });

  it('is asked again the next time, and believed again', async () => {
    const times = road();
    answer = () => ({ status: 500 });
    await times.seconds('CYCLE', three, three);
    answer = byFormula;
    expect((await times.seconds('CYCLE', three, three))[0]).toEqual([0, 71, 101]);
  });

  it('that is not there costs no more than a refused connection', async () => {
    const times = road({ address: 'http://127.0.0.1:9' });
    expect(await times.seconds('CYCLE', three, three)).toEqual(
      await straightLines.seconds('CYCLE', three, three),
    );
    expect(fallbacks).toEqual([['UNREACHABLE', 9]]);
  });
});
