import { HttpConnection } from './http-connection.js';

/** One request of a workload. */
export interface Shot {
  body: string;
  token: string;
  /** How many units of work it carries. */
  units: number;
  /** Counts the units that were done, in the answer's text. */
  done(answer: string): number;
}

export interface LoadResult {
  /** Units done in a second. */
  perSecond: number;
  /** Milliseconds from sending a request to having its whole answer. */
  p50Ms: number;
  p99Ms: number;
  /** Units that were not done. */
  errors: number;
}

/** A closed loop: so many connections, each of which sends its next request when it has its answer. */
export class LoadGenerator {
  private readonly connections: HttpConnection[];

  constructor(origin: string, connections: number) {
    this.connections = Array.from({ length: connections }, () => new HttpConnection(new URL(origin)));
  }

  async run(seconds: number, next: () => Shot): Promise<LoadResult> {
    const latencies: number[] = [];
    let done = 0;
    let errors = 0;
    const startedMs = performance.now();
    const endsMs = startedMs + seconds * 1000;
    const loop = async (connection: HttpConnection) => {
      while (performance.now() < endsMs) {
        const shot = next();
        const sentMs = performance.now();
        const answer = await connection.post('/graphql', shot.token, shot.body);
        latencies.push(performance.now() - sentMs);
        const units = shot.done(answer);
        done += units;
        errors += shot.units - units;
      }
    };
    await Promise.all(this.connections.map(loop));
    const elapsedSeconds = (performance.now() - startedMs) / 1000;
    latencies.sort((one, other) => one - other);
    const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
    return { perSecond: done / elapsedSeconds, p50Ms: at(0.5), p99Ms: at(0.99), errors };
  }

  close(): void {
    for (const connection of this.connections) connection.close();
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
