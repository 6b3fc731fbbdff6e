import { Pool } from 'undici';

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
  private readonly pool: Pool;

  constructor(
    origin: string,
    private readonly connections: number,
  ) {
    this.pool = new Pool(origin, { connections });
  }

  async run(seconds: number, next: () => Shot): Promise<LoadResult> {
    const latencies: number[] = [];
    let done = 0;
    let errors = 0;
    const startedMs = performance.now();
    const endsMs = startedMs + seconds * 1000;
    const loop = async () => {
      while (performance.now() < endsMs) {
        const shot = next();
        const sentMs = performance.now();
        const answer = await this.send(shot);
        latencies.push(performance.now() - sentMs);
        const units = shot.done(answer);
        done += units;
        errors += shot.units - units;
      }
    };
    await Promise.all(Array.from({ length: this.connections }, loop));
    const elapsedSeconds = (performance.now() - startedMs) / 1000;
    latencies.sort((one, other) => one - other);
    const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
    return { perSecond: done / elapsedSeconds, p50Ms: at(0.5), p99Ms: at(0.99), errors };
  }

  close(): Promise<void> {
    return this.pool.close();
  }

  private async send({ body, token }: Shot): Promise<string> {
    const response = await this.pool.request({
      method: 'POST',
      path: '/graphql',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body,
    });
    return response.body.text();
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
