export interface Watched<Result> {
  result: Result;
  seconds: number;
  /** Of the processor, whatever else the machine did. */
  cpuSeconds: number;
  rssMb: number;
  /** The longest that a timer of fifty milliseconds came late. */
  stallMs: number;
}

const lookEveryMs = 50;

/** Runs a piece of work and looks at the memory and the turns of the process meanwhile. */
export async function watched<Result>(work: () => Promise<Result>): Promise<Watched<Result>> {
  let peak = 0;
  let stallMs = 0;
  let lookedMs = performance.now();
  const look = () => {
    peak = Math.max(peak, process.memoryUsage.rss());
    stallMs = Math.max(stallMs, performance.now() - lookedMs - lookEveryMs);
    lookedMs = performance.now();
  };
  const timer = setInterval(look, lookEveryMs);
  const began = performance.now();
  const cpuBegan = process.cpuUsage();
  try {
    const result = await work();
    look();
    const { user, system } = process.cpuUsage(cpuBegan);
    return {
      result,
      cpuSeconds: Math.round((user + system) / 1e5) / 10,
      seconds: Math.round((performance.now() - began) / 100) / 10,
      rssMb: Math.round(peak / 2 ** 20),
      stallMs: Math.round(stallMs),
    };
  } finally {
    clearInterval(timer);
  }
}
