import { openDatabase } from '../../ormconfig.js';
import { bedBoard } from '../../src/beds/bed-board.js';
import { bedSeries } from '../../src/beds/bed-series.js';
import { countBeds } from '../../src/beds/count-beds.js';
import { addDays } from '../../src/shared/china-time.js';
import type { Database, Engine } from '../../src/shared/database.js';
import { migrate } from '../../src/shared/migrate.js';
import { statementsOf } from '../../test/support/count-statements.js';
import { testKeys } from '../../test/support/test-keys.js';
import { noon, today } from '../../test/support/town.js';
import { benchDatabase } from '../support/engines.js';
import { barePool, byHand, byServer, type Free, perSecond } from './admissions.js';
import { type FilledBeds, fillBeds, fillStays } from './bed-filler.js';
import { checkRollup, checkSeries, rollupByHand, seriesByHand } from './by-hand.js';

export interface BedsSize {
  homes: number;
  beds: number;
  stays: number;
  admissions: number;
  managers: number;
  rounds: number;
}

export interface BedsReport {
  engine: Engine;
  beds: number;
  stays: number;
  rollup_ms: number;
  rollup_by_hand_ms: number;
  rollup_ratio: number;
  rollup_statements: number;
  series_365_ms: number;
  series_365_by_hand_ms: number;
  series_365_ratio: number;
  series_365_statements: number;
  rollup_ten_times_ratio: number;
  series_365_ten_times_ratio: number;
  board_beds: number;
  board_ms: number;
  board_statements: number;
  admissions_per_second: number;
  admissions_by_hand_per_second: number;
  admissions_ratio: number;
}

const year = { from: addDays(today, -365), to: today };

/** What beds cost on MariaDB: the city's figures, one home's board, and managers who all press at once. */
export async function benchBeds(size: BedsSize): Promise<BedsReport> {
  const bench = await benchDatabase('mysql');
  try {
    const { database, writer } = await openDatabase(bench.databaseUrl, { identityKeys: testKeys });
    try {
      await migrate(writer);
      const filled = await fillBeds(database, size);
      await fillStays(database, filled, { from: 0, to: size.stays });
      const once = await figures(database, filled, size.rounds);
      const board = await boardOf(database, filled);
      await fillStays(database, filled, { from: size.stays, to: size.stays * 10 });
      const tenTimes = await figures(database, filled, size.rounds);
      const pressed = await admissions(database, bench.databaseUrl, filled, size);
      return {
        engine: 'mysql',
        beds: size.beds,
        stays: size.stays,
        ...once,
        rollup_ten_times_ratio: ratio(tenTimes.rollup_ms, once.rollup_ms),
        series_365_ten_times_ratio: ratio(tenTimes.series_365_ms, once.series_365_ms),
        ...board,
        ...pressed,
      };
    } finally {
      await database.close();
    }
  } finally {
    await bench.drop();
  }
}

async function figures(database: Database, { town }: FilledBeds, rounds: number) {
  const rollup = () => database.read((manager) => countBeds(manager, [town.cityId], today, noon));
  const series = () =>
    database.read((manager) => bedSeries(manager, { within: town.cityId, ...year, now: noon }));
  const rollupHand = () =>
    database.read((manager) => rollupByHand(manager, town.cityId, today, noon.getTime()));
  const seriesHand = () =>
    database.read((manager) => seriesByHand(manager, town.cityId, year, noon.getTime()));
  checkRollup((await rollup()).get(town.cityId), await rollupHand());
  checkSeries(await series(), await seriesHand());
  const times: number[][] = [[], [], [], []];
  // In turns, so that whatever else the machine does falls upon all of them.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, work] of [rollup, rollupHand, series, seriesHand].entries()) {
      const began = performance.now();
      await work();
      if (round > 0) times[index]?.push(performance.now() - began);
    }
  }
  const [rollupMs = 0, rollupHandMs = 0, seriesMs = 0, seriesHandMs = 0] = times.map(median);
  return {
    rollup_ms: rollupMs,
    rollup_by_hand_ms: rollupHandMs,
    rollup_ratio: ratio(rollupMs, rollupHandMs),
    rollup_statements: (await statementsOf(database, rollup)).statements.length,
    series_365_ms: seriesMs,
    series_365_by_hand_ms: seriesHandMs,
    series_365_ratio: ratio(seriesMs, seriesHandMs),
    series_365_statements: (await statementsOf(database, series)).statements.length,
  };
}

/** A board of five hundred beds: those of the homes that have as many together are given to one. */
async function boardOf(database: Database, { homeIds, bedIds }: FilledBeds) {
  const [homeId = 0] = homeIds;
  const moved = bedIds.slice(0, 500);
  const ids = moved.map(() => '?').join(', ');
  await database.write(async (manager) => {
    for (const table of ['bed', 'room']) {
      const column =
        table === 'bed' ? 'id' : 'id IN (SELECT roomId FROM (SELECT roomId, id FROM bed) x WHERE x.id';
      const end = table === 'bed' ? '' : ')';
      await manager.query(`UPDATE ${table} SET facilityId = ? WHERE ${column} IN (${ids})${end}`, [
        homeId,
        ...moved,
      ]);
    }
    await manager.query(`UPDATE bed_stay SET facilityId = ? WHERE bedId IN (${ids})`, [homeId, ...moved]);
  });
  const work = () =>
    database.read((manager) => bedBoard(manager, { facilityId: homeId, on: today, now: noon }, 'everywhere'));
  await work();
  const began = performance.now();
  const { result, statements } = await statementsOf(database, work);
  const board_ms = Math.round(performance.now() - began);
  return { board_beds: result.length, board_ms, board_statements: statements.length };
}

/** How often each way has its turn. */
const turns = 20;

async function admissions(
  database: Database,
  url: string,
  { town, bedIds, elderIds }: FilledBeds,
  { admissions: count, managers }: BedsSize,
) {
  const rows: { id: number; facilityId: number }[] = await database.read((manager) =>
    manager.query(
      'SELECT id, facilityId FROM bed WHERE id NOT IN (SELECT bedId FROM bed_stay WHERE toDay IS NULL) ORDER BY id',
    ),
  );
  const elders = elderIds.slice(-rows.length);
  const wishes: Free[] = rows.map(({ id: bedId, facilityId }, index) => ({
    bedId,
    facilityId,
    elderId: elders[index] ?? 0,
  }));
  if (wishes.length < count * 2)
    throw new Error(`of ${bedIds.length} beds too few are free for ${count} admissions twice`);
  const pool = barePool(url);
  try {
    const rates: [number[], number[]] = [[], []];
    // In many short turns, so that whatever else the machine does falls upon both.
    const part = Math.max(managers, Math.floor(count / turns));
    for (let round = 0; round * part < count; round += 1) {
      const start = round * part * 2;
      const server = byServer(database, town);
      const hand = byHand(pool, town, 500_000_000 + round * 1_000_000);
      rates[0].push(await perSecond(managers, wishes.slice(start, start + part), server));
      rates[1].push(await perSecond(managers, wishes.slice(start + part, start + part * 2), hand));
    }
    const [ours, bare] = rates.map(median) as [number, number];
    return {
      admissions_per_second: ours,
      admissions_by_hand_per_second: bare,
      admissions_ratio: ratio(ours, bare),
    };
  } finally {
    await pool.end();
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return Math.round((sorted[Math.floor(sorted.length / 2)] ?? 0) * 10) / 10;
}

function ratio(one: number, other: number): number {
  return Math.round((one / other) * 100) / 100;
}
