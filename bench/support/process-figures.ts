import { readFileSync } from 'node:fs';

const ticksPerSecond = 100;
const bytesPerPage = 4096;

/** What the kernel says of a process; undefined where it says it in no /proc. */
export interface ProcessFigures {
  /** Seconds of a core that it has used, all its threads together. */
  cpuSeconds: number;
  rssMb: number;
}

export function figuresOf(pid: number | undefined): ProcessFigures | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold anything, so the fields are counted from behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    return { cpuSeconds: ticks / ticksPerSecond, rssMb: (Number(fields[21]) * bytesPerPage) / 1e6 };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The heap in use of a server's main thread, in megabytes, as it tells Prometheus. */
export async function heapMbOf(origin: string): Promise<number> {
  const text = await (await fetch(`${origin}/metrics`)).text();
  const bytes = /^nodejs_heap_size_used_bytes (\S+)/m.exec(text)?.[1];
  return Number(bytes) / 1e6;
}
