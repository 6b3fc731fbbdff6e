import { expect, it } from 'vitest';
import { Gatherer } from '../../src/shared/gatherer.js';

/** A gatherer whose batches end when the test says so. */
function held(batchSizeMax = 100, batchesMax = 1) {
  const batches: number[][] = [];
  const release: (() => void)[] = [];
  const gatherer = new Gatherer<number, number>(
    (inputs) => {
      batches.push(inputs);
      return new Promise((resolve) => {
        release.push(() => resolve(inputs.map((input) => input * 10)));
      });
    },
    batchSizeMax,
    batchesMax,
  );
  return { gatherer, batches, release };
}

const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

it('runs what arrived together, and then what arrived meanwhile', async () => {
  const { gatherer, batches, release } = held();
  const first = [1, 2].map((input) => gatherer.add(input));
  await turn();
  const second = [3, 4, 5].map((input) => gatherer.add(input));
  await turn();
  expect(batches).toEqual([[1, 2]]);
  release[0]?.();
  expect(await Promise.all(first)).toEqual([10, 20]);
  await turn();
  expect(batches).toEqual([
    [1, 2],
    [3, 4, 5],
  ]);
  release[1]?.();
  expect(await Promise.all(second)).toEqual([30, 40, 50]);
});

it('keeps the inputs of one call together and in order, and no batch grows beyond its size', async () => {
  const { gatherer, batches, release } = held(4);
  const calls = [gatherer.addAll([1, 2, 3]), gatherer.addAll([4, 5]), gatherer.addAll([6, 7, 8, 9, 10])];
  for (let batch = 0; batch < 3; batch++) {
    await turn();
    release[batch]?.();
    await turn();
  }
  expect(batches).toEqual([
    [1, 2, 3],
    [4, 5],
    [6, 7, 8, 9, 10],
  ]);
  expect(await Promise.all(calls)).toEqual([
    [10, 20, 30],
    [40, 50],
    [60, 70, 80, 90, 100],
  ]);
});

it('starts a second batch beside the first once it is half as large', async () => {
  const { gatherer, batches, release } = held(100, 2);
  const answers = [1, 2, 3, 4].map((input) => gatherer.add(input));
  await turn();
  answers.push(gatherer.add(5));
  await turn();
  expect(batches).toEqual([[1, 2, 3, 4]]);
  answers.push(gatherer.add(6));
  await turn();
  expect(batches).toEqual([
    [1, 2, 3, 4],
    [5, 6],
  ]);
  for (const end of release) end();
  expect(await Promise.all(answers)).toEqual([10, 20, 30, 40, 50, 60]);
});

it('leaves half of what waits to the batch beside it, where that is enough to share', async () => {
  const { gatherer, batches, release } = held(1000, 2);
  const answers = Array.from({ length: 512 }, (_, input) => gatherer.add(input));
  await turn();
  expect(batches.map(({ length }) => length)).toEqual([256, 128]);
  for (const end of release.splice(0)) end();
  await turn();
  await turn();
  expect(batches.map(({ length }) => length)).toEqual([256, 128, 64, 64]);
  for (const end of release.splice(0)) end();
  expect(await Promise.all(answers)).toEqual(Array.from({ length: 512 }, (_, input) => input * 10));
});

it('rejects the call whose output is an error, and no other', async () => {
  const gatherer = new Gatherer<number, number>(
    async (inputs) => inputs.map((input) => (input === 2 ? new Error('two') : input)),
    100,
  );
  const results = await Promise.allSettled([gatherer.add(1), gatherer.addAll([2, 3]), gatherer.add(4)]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

it('rejects every call of a batch that failed, and goes on with the next', async () => {
  let runs = 0;
  const gatherer = new Gatherer<number, number>(async (inputs) => {
    runs += 1;
    if (runs === 1) throw new Error('down');
    return inputs;
  }, 100);
  const failed = await Promise.allSettled([gatherer.add(1), gatherer.add(2)]);
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await gatherer.add(3)).toBe(3);
});

it('is settled when nothing waits and nothing runs', async () => {
  const { gatherer, release } = held();
  await gatherer.settled();
  const answer = gatherer.add(1);
  let settled = false;
  const waiting = gatherer.settled().then(() => {
    settled = true;
  });
  await turn();
  expect(settled).toBe(false);
  release[0]?.();
  await waiting;
  expect(await answer).toBe(10);
});
