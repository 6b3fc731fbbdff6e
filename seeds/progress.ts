import { Presets, SingleBar } from 'cli-progress';

/** Shows on standard error how far something has come. */
export interface Progress {
  /** `done` counts from 0 to the total. */
  update(done: number): void;
  stop(): void;
}

const silent: Progress = { update: ignore, stop: ignore };

/** A bar on a terminal, a plain line at every tenth elsewhere, nothing when not wanted. */
export function showProgress(wanted: boolean, title: string, total: number): Progress {
  if (!wanted || total === 0) return silent;
  return process.stderr.isTTY ? bar(title, total) : lines(title, total);
}

function bar(title: string, total: number): Progress {
  const format = `${title} {bar} {percentage}% | {value}/{total} | {eta_formatted}`;
  const single = new SingleBar({ format, hideCursor: true }, Presets.shades_classic);
  let started = false;
  return {
    update(done) {
      // Begun with the first news, so that nothing is drawn when there was nothing to do.
      if (!started) single.start(total, 0);
      started = true;
      single.update(done);
    },
    stop: () => single.stop(),
  };
}

function lines(title: string, total: number): Progress {
  let tenths = 0;
  return {
    update(done) {
      const reached = Math.floor((done * 10) / total);
      if (reached === tenths) return;
      tenths = reached;
      console.error(`${title} ${done}/${total}`);
    },
    stop: ignore,
  };
}

function ignore(): void {
  // Nothing to show.
}
