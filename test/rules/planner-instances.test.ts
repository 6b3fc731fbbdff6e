import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FaultyInstance, readInstance } from '../../bench/plan/instance.js';
import { costOf, problemOf, solutionOf } from '../../bench/plan/instance-problem.js';
import { planVisits } from '../../src/visits/planning/plan-visits.js';
import { type CheckedInstance, type CheckedSolution, checkSolution } from '../support/solution-checker.js';

const pathOf = (name: string) => `test/support/hhcrsp/InstanzCPLEX_HCSRP_${name}.json`;
const textOf = (name: string) => readFileSync(pathOf(name), 'utf8');

describe('public instances', () => {
  // Optimal by proof: Mankowska, Meisel and Bierwirth 2014 for the first two, later work for the third.
  it.each([
    ['10_2', 246.63],
    ['10_4', 186.9],
    ['25_1', 428.1],
  ])('%s is solved to its optimum', (name, optimum) => {
    const instance = readInstance(textOf(name));
    const plan = planVisits(problemOf(instance), { seed: 1, iterations: 1_000_000 });
    const { faults, cost } = checkSolution(JSON.parse(textOf(name)), solutionOf(instance, plan));
    expect(faults).toEqual([]);
    expect(cost).toBeCloseTo(optimum, 2);
    expect(costOf(plan)).toBeCloseTo(cost, 8);
  });

  it('are solved to the same in each of ten seeds', () => {
    const problem = problemOf(readInstance(textOf('10_4')));
    const costs = Array.from({ length: 10 }, (_, seed) =>
      costOf(planVisits(problem, { seed, iterations: 200_000 })),
    );
    expect(costs.map((cost) => cost.toFixed(2))).toEqual(costs.map(() => '186.90'));
  });
});

describe('the checker of solutions sees', () => {
  const instance: CheckedInstance = JSON.parse(textOf('10_2'));
  const plan = planVisits(problemOf(readInstance(textOf('10_2'))), { seed: 1, iterations: 20_000 });
  const solution = solutionOf(readInstance(textOf('10_2')), plan);
  const changed = (change: (solution: CheckedSolution) => void) => {
    const copy = structuredClone(solution);
    change(copy);
    return checkSolution(instance, copy).faults;
  };

  it.each<[string, (solution: CheckedSolution) => void]>([
    ['another cost', (copy) => Object.assign(copy, { cost: copy.cost + 1 })],
    ['a service that is missing', (copy) => copy.routes[0]?.locations.pop()],
    [
      'a service that is there twice',
      (copy) => copy.routes[0]?.locations.splice(0, 0, ...copy.routes[0].locations),
    ],
    [
      'a start before anybody is there',
      (copy) => Object.assign(copy.routes[0]?.locations[1] ?? {}, { arrival_time: 0, departure_time: 0 }),
    ],
    [
      'a caregiver without the skill',
      (copy) => Object.assign(copy.routes[0] ?? {}, { caregiver_id: 'nobody' }),
    ],
  ])('%s', (_name, change) => {
    expect(changed(change)).not.toEqual([]);
  });

  it('nothing in the solution as it is', () => {
    expect(checkSolution(instance, solution).faults).toEqual([]);
  });
});

type Loose = Record<string, never> & {
  patients: {
    id: string;
    time_window: number[];
    required_caregivers: { service: string; duration: number }[];
    synchronization?: object;
  }[];
  caregivers: { id: string; abilities: string[] }[];
  distances: (number | null)[][];
};

const faulty: [string, (instance: Loose) => void, RegExp][] = [
  ['a negative distance', (i) => Object.assign(i.distances[3] ?? [], { 4: -1 }), /^distances\[3\]\[4\]: /],
  ['a missing distance', (i) => Object.assign(i.distances[3] ?? [], { 4: null }), /^distances\[3\]\[4\]: /],
  ['a row too short', (i) => i.distances[2]?.pop(), /^distances\[2\]: 10 entries/],
  ['a row too few', (i) => i.distances.pop(), /^distances: 10 rows/],
  [
    'a window turned round',
    (i) => i.patients[1]?.time_window.reverse(),
    /^patients\[1\]\.time_window: ends before/,
  ],
  ['a window that is no pair', (i) => i.patients[1]?.time_window.pop(), /^patients\[1\]\.time_window/],
  [
    'an unknown service',
    (i) => Object.assign(i.patients[0]?.required_caregivers[0] ?? {}, { service: 's99' }),
    /^patients\[0\]\.required_caregivers\[0\]\.service: s99 is no service/,
  ],
  [
    'a service that nobody gives',
    (i) => i.caregivers.map((caregiver) => Object.assign(caregiver, { abilities: [] })),
    /^patients\[0\]\.required_caregivers\[0\]\.service: no caregiver/,
  ],
  [
    'an ability that is no service',
    (i) => i.caregivers[1]?.abilities.push('s99'),
    /^caregivers\[1\]\.abilities\[\d\]: s99/,
  ],
  ['no caregiver', (i) => i.caregivers.splice(0), /^caregivers: there is no caregiver/],
  [
    'a patient twice',
    (i) => Object.assign(i.patients[4] ?? {}, { id: i.patients[2]?.id }),
    /^patients\[4\]\.id: /,
  ],
  [
    'two services without a synchronization',
    (i) => delete i.patients.at(-1)?.synchronization,
    /^patients\[9\]\.synchronization/,
  ],
  [
    'a distance in time turned round',
    (i) =>
      Object.assign(i.patients.at(-1) ?? {}, { synchronization: { type: 'sequential', distance: [9, 3] } }),
    /^patients\[9\]\.synchronization\.distance: ends before/,
  ],
  [
    'a duration below zero',
    (i) => Object.assign(i.patients[0]?.required_caregivers[0] ?? {}, { duration: -5 }),
    /^patients\[0\]\.required_caregivers\[0\]\.duration: /,
  ],
];

const broken = (change: (instance: Loose) => void): string => {
  const instance: Loose = JSON.parse(textOf('10_4'));
  change(instance);
  return JSON.stringify(instance);
};

describe('a faulty instance is refused with the field', () => {
  it.each(faulty)('%s', (_name, change, line) => {
    expect(() => readInstance(broken(change))).toThrow(FaultyInstance);
    expect(() => readInstance(broken(change))).toThrow(line);
  });

  it('a file that is no JSON, or JSON of something else', () => {
    expect(() => readInstance('{')).toThrow('no JSON');
    expect(() => readInstance('[]')).toThrow('the file: ');
    expect(() => readInstance('{}')).toThrow('patients: ');
  });
});

describe('npm run plan', () => {
  let directory = '';
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'yinling-plan-'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const run = (...args: string[]) =>
    spawnSync('node', ['dist/bench/plan/plan-main.js', ...args], { encoding: 'utf8', timeout: 50_000 });

  it('writes a solution that the checker accepts, within its seconds', () => {
    const out = join(directory, 'solution.json');
    const begin = performance.now();
    const { status } = run('--instance', pathOf('10_4'), '--seconds', '3', '--seed', '7', '--out', out);
    expect(status).toBe(0);
    expect((performance.now() - begin) / 1000).toBeLessThan(10);
    const { faults, cost } = checkSolution(JSON.parse(textOf('10_4')), JSON.parse(readFileSync(out, 'utf8')));
    expect(faults).toEqual([]);
    expect(cost).toBeLessThan(230);
  });

  it('answers a faulty file with one line that names the field, code 2, and writes nothing', () => {
    const path = join(directory, 'faulty.json');
    const out = join(directory, 'nothing.json');
    writeFileSync(
      path,
      broken((instance) => Object.assign(instance.distances[1] ?? [], { 2: -3 })),
    );
    const { status, stderr, stdout } = run('--instance', path, '--seconds', '1', '--out', out);
    expect({ status, stdout, lines: stderr.trim().split('\n').length }).toEqual({
      status: 2,
      stdout: '',
      lines: 1,
    });
    expect(stderr).toContain('distances[1][2]');
    expect(existsSync(out)).toBe(false);
  });

  it.each([
    [['--instance', 'none.json', '--out', 'x.json'], '--instance'],
    [['--instance', pathOf('10_4'), '--out', 'x.json', '--seconds', '-1'], '--seconds'],
    [['--instance', pathOf('10_4'), '--out', 'x.json', '--seed', '1.5'], '--seed'],
    [['--instance', pathOf('10_4')], '--out'],
  ])('answers %j with code 2', (args, named) => {
    const { status, stderr } = run(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(named);
    expect(existsSync('x.json')).toBe(false);
  });
});
