import type { Engine } from '../../src/shared/database.js';
import { fillDemo } from '../support/demo-database.js';
import { type BenchDatabase, benchDatabase } from '../support/engines.js';
import { LoadGenerator } from '../support/load.js';
import { Lunches } from '../support/lunches.js';
import { type ServerProcess, startServer } from '../support/server-process.js';

/** A demo city with a server, and lunches for it. */
export interface LoadedCity {
  bench: BenchDatabase;
  server: ServerProcess;
  lunches: Lunches;
  generator: LoadGenerator;
}

/** Does the work on a city of its own with so many lunches to be had, and throws the city away. */
export async function withCity<Result>(
  engine: Engine,
  { lunches, connections }: { lunches: number; connections: number },
  work: (city: LoadedCity) => Promise<Result>,
): Promise<Result> {
  const bench = await benchDatabase(engine);
  try {
    const elders = Lunches.eldersFor(lunches);
    const credentials = await fillDemo(bench, elders);
    const server = await startServer(bench.databaseUrl);
    try {
      const generator = new LoadGenerator(server.origin, connections);
      return await work({ bench, server, lunches: new Lunches(credentials, elders), generator });
    } finally {
      await server.stop();
    }
  } finally {
    await bench.drop();
  }
}
