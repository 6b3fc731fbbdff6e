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
  /** Milliseconds from sending a request, or from when it was due, to having its whole answer. */
  p50Ms: number;
  p99Ms: number;
  /** Units that were done, and that were not. */
  done: number;
  errors: number;
}

/** Sends the requests of a workload over connections of its own. */
export class LoadGenerator {
  constructor(
    private readonly origin: string,
    private readonly connections: number,
  ) {}

  /** A closed loop: each connection sends its next request when it has its answer. */
  run(seconds: number, next: () => Shot): Promise<LoadResult> {
    return this.connected((connections) => closedLoop(connections, seconds, next));
  }

  /**
   * An open loop: requests become due at random moments, so many a second on average, whether or not earlier ones
   * are answered. One that finds no connection free waits, and its wait counts, as an elder's at a counter does.
   */
  runAtRate(seconds: number, perSecond: number, next: () => Shot): Promise<LoadResult> {
    return this.connected((connections, open) => openLoop(connections, open, { seconds, perSecond, next }));
  }

  /** They are opened for each run: a server closes those that say nothing for a while. */
  private async connected(
    work: (connections: readonly HttpConnection[], open: () => HttpConnection) => Promise<LoadResult>,
  ): Promise<LoadResult> {
    const url = new URL(this.origin);
    const opened: HttpConnection[] = [];
    const open = () => {
      const connection = new HttpConnection(url);
      opened.push(connection);
      return connection;
    };
    const connections = Array.from({ length: this.connections }, open);
    try {
      // A server takes one new connection in each turn of its loop, and turns are long under load: what is measured
      // begins when the last of them was taken.
      await Promise.all(connections.map((connection) => connection.get('/health/live')));
      return await work(connections, open);
    } finally {
      for (const connection of opened) connection.close();
    }
  }
}

async function closedLoop(
  connections: readonly HttpConnection[],
  seconds: number,
  next: () => Shot,
): Promise<LoadResult> {
  const tally = new Tally();
  const endsMs = performance.now() + seconds * 1000;
  await Promise.all(
    connections.map(async (connection) => {
      while (performance.now() < endsMs) {
        const shot = next();
        const sentMs = performance.now();
        tally.add(shot, await connection.post('/graphql', shot.token, shot.body), sentMs);
      }
    }),
  );
  return tally.result();
}

/** A connection that the server closed because it was idle, as most are at a low rate, is replaced. */
async function openLoop(
  connections: readonly HttpConnection[],
  open: () => HttpConnection,
  { seconds, perSecond, next }: { seconds: number; perSecond: number; next: () => Shot },
): Promise<LoadResult> {
  const tally = new Tally();
  const free = [...connections];
  const due: number[] = [];
  const underWay = new Set<Promise<void>>();
  const send = async (given: HttpConnection, dueMs: number) => {
    let connection = given;
    for (let at: number | undefined = dueMs; at !== undefined; at = due.shift()) {
      if (connection.closed) connection = open();
      const shot = next();
      try {
        tally.add(shot, await connection.post('/graphql', shot.token, shot.body), at);
      } catch {
        // Without an answer it was not done, which is what the report counts.
        tally.addDone(shot.units, 0, at);
      }
    }
    free.push(connection);
  };
  const startedMs = performance.now();
  let dueMs = startedMs;
  while (dueMs < startedMs + seconds * 1000) {
    for (; dueMs <= performance.now(); dueMs += (-Math.log(1 - Math.random()) * 1000) / perSecond) {
      const connection = free.shift();
      if (!connection) {
        due.push(dueMs);
        continue;
      }
      const sending: Promise<void> = send(connection, dueMs).finally(() => underWay.delete(sending));
      underWay.add(sending);
    }
    // A shorter wait would be a busy loop, which takes from the server the core that is not at its limit.
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(underWay);
  return tally.result();
}

/** What was done since it was made. */
export class Tally {
  private readonly startedMs = performance.now();
  private readonly latencies: number[] = [];
  private done = 0;
  private errors = 0;

  add(shot: Pick<Shot, 'units' | 'done'>, answer: string, sinceMs: number): void {
    this.addDone(shot.units, shot.done(answer), sinceMs);
  }

  addDone(units: number, done: number, sinceMs: number): void {
    this.latencies.push(performance.now() - sinceMs);
    this.done += done;
    this.errors += units - done;
  }

  result(): LoadResult {
    const elapsedSeconds = (performance.now() - this.startedMs) / 1000;
    const latencies = this.latencies.sort((one, other) => one - other);
    const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
    const { done, errors } = this;
    return { perSecond: done / elapsedSeconds, p50Ms: at(0.5), p99Ms: at(0.99), done, errors };
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** To two decimals, for a report. */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
