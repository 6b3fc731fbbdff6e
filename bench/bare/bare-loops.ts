import type { LoadResult } from '../support/load.js';
import { BareMysql } from './bare-mysql.js';
import type { BareSwipes } from './bare-rows.js';
import { BareSqlite } from './bare-sqlite.js';

/** Loops that record swipes by hand, so many to a transaction, at the concurrency that suits them best. */
export interface BareLoops {
  run(seconds: number, size: number): Promise<LoadResult>;
  /** Finds the concurrency for this size; until then there is one loop. */
  tune(seconds: number, size: number): Promise<void>;
  loops(size: number): number;
  close(): Promise<void>;
}

export function bareLoops(databaseUrl: string, swipes: BareSwipes): BareLoops {
  return databaseUrl.startsWith('mysql:')
    ? mysqlLoops(databaseUrl, swipes)
    : sqliteLoops(databaseUrl, swipes);
}

const concurrencies = [4, 8, 16, 32, 64] as const;

function mysqlLoops(databaseUrl: string, swipes: BareSwipes): BareLoops {
  const bare = new BareMysql(databaseUrl, swipes, Math.max(...concurrencies));
  const best = new Map<number, number>();
  const loops = (size: number) => best.get(size) ?? 1;
  return {
    run: (seconds, size) => bare.run(seconds, loops(size), size),
    async tune(seconds, size) {
      let fastest = 0;
      for (const count of concurrencies) {
        const { perSecond } = await bare.run(seconds, count, size);
        if (perSecond <= fastest) continue;
        fastest = perSecond;
        best.set(size, count);
      }
    },
    loops,
    close: () => bare.close(),
  };
}

function sqliteLoops(path: string, swipes: BareSwipes): BareLoops {
  const bare = new BareSqlite(path, swipes);
  return {
    run: (seconds, size) => bare.run(seconds, size),
    async tune(seconds, size) {
      await bare.run(seconds, size);
    },
    loops: () => 1,
    close: async () => bare.close(),
  };
}
