import { expect, it } from 'vitest';
import { Rounds } from '../../src/shared/rounds.js';

it('goes on after a round that failed, one round at a time, and no further once it is stopped', async () => {
  let begun = 0;
  let underWay = 0;
  let most = 0;
  const failures: unknown[] = [];
  const rounds = new Rounds({
    pauseMs: 1,
    async work() {
      begun += 1;
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setTimeout(resolve, 3));
      underWay -= 1;
      if (begun === 2) throw new Error('once');
    },
    onFailure: (error) => failures.push(error),
  });
  rounds.start();
  await expect.poll(() => begun).toBeGreaterThan(3);
  await rounds.stop();
  const atTheEnd = begun;
  expect(underWay).toBe(0);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(begun).toBe(atTheEnd);
  expect([most, failures.length]).toEqual([1, 1]);
});

it('tells a round under way to stop, and waits for it', async () => {
  let stops = false;
  let isOver = false;
  const rounds = new Rounds({
    pauseMs: 1,
    async work(isStopped) {
      stops = true;
      while (!isStopped()) await new Promise((resolve) => setTimeout(resolve, 1));
      isOver = true;
    },
    onFailure: () => undefined,
  });
  rounds.start();
  await expect.poll(() => stops).toBe(true);
  await rounds.stop();
  expect(isOver).toBe(true);
});
