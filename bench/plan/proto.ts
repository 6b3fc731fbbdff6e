import { readFileSync, readdirSync } from 'node:fs';
import { compileModel } from '../../src/visits/planning/model.js';
import { Schedule } from '../../src/visits/planning/schedule.js';
import { neighboursOf } from '../../src/visits/planning/neighbours.js';
import { insertBest } from '../../src/visits/planning/insert.js';
import { step } from '../../src/visits/planning/step.js';
import { Random } from '../../src/visits/planning/random.js';
import { Snapshot } from '../../src/visits/planning/snapshot.js';
import type { PlanningProblem } from '../../src/visits/planning/problem.js';

export function toProblem(d: any): PlanningProblem {
  const flat: number[] = d.distances.flat();
  const n = d.distances.length;
  return {
    placeCount: n,
    travel: [{ mode: 'X', minutes: flat }],
    caregivers: d.caregivers.map((c: any) => ({ id: c.id, travel: 0, longestDayMinutes: null, normalDayMinutes: null, shifts: [{ day: 0, startMinute: 0, endMinute: null, startPlace: 0, endPlace: 0, breaks: [] }] })),
    visits: d.patients.map((p: any, i: number) => ({
      id: p.id, groupId: null, place: i + 1, earliestMinute: p.time_window[0], latestMinute: p.time_window[1], latestHardMinute: null,
      parts: p.required_caregivers.map((r: any) => ({ service: r.service, durationMinutes: r.duration, candidates: d.caregivers.filter((c: any) => c.abilities.includes(r.service)).map((c: any) => ({ caregiverId: c.id })) })),
      synchronization: p.required_caregivers.length < 2 ? null : p.synchronization.type === 'simultaneous' ? { kind: 'SIMULTANEOUS' } : { kind: 'SEQUENTIAL', minMinutes: p.synchronization.distance[0], maxMinutes: p.synchronization.distance[1] },
      promised: null, begun: null,
    })),
    weights: { travel: 1, lateness: 1, worstLateness: 1, movedMinute: 0, changedCaregiver: 0, stranger: 0, unevenness: 0, overtime: 0, leftOut: 100000 },
  };
}
const dir = '/work/shared/benchmarks/hhcrsp/';
const best = new Map(readFileSync(dir + 'best_known.csv', 'utf8').split('\n').slice(1).filter(Boolean).map((l) => { const [i, , b] = l.split(','); return [i!, Number(b)] as const; }));
const [, , pattern = '', seconds = '10', seeds = '1', t0 = '20', t1 = '0.3', cycles = '1', reheat = '1'] = process.argv;
for (const f of readdirSync(dir).filter((f) => f.endsWith('.json') && f.includes(pattern)).sort((a, b) => Number(a.split('_')[2]) - Number(b.split('_')[2]))) {
  const name = f.replace('.json', '');
  const problem = toProblem(JSON.parse(readFileSync(dir + f, 'utf8')));
  const out: string[] = [];
  for (let seed = 1; seed <= Number(seeds); seed++) {
    const model = compileModel(problem);
    const s = new Schedule(model);
    for (let v = 0; v < model.visitCount; v++) s.fixedCost += model.visits.leftOut[v]!;
    const near = neighboursOf(model);
    const random = new Random(seed);
    const order = Array.from({ length: model.visitCount }, (_, v) => v).sort((a, b) => model.visits.earliest[a]! - model.visits.earliest[b]!);
    for (const v of order) if (!insertBest(s, v, Infinity, () => false)) console.log('no place', v);
    const c0 = s.cost / 3;
    const movable = Int32Array.from(Array.from({ length: model.nodeCount }, (_, n) => n).filter((n) => model.nodes.exists[n]));
    const snap = new Snapshot(s); snap.save(s);
    const T0 = Number(t0), T1 = Number(t1);
    const begin = performance.now(); const total = Number(seconds) * 1e6;
    let it = 0, acc = 0, T = T0;
    const R = Number(cycles);
    const ends: string[] = [];
    for (let c = 0; c < R; c++) {
      const n = total / R;
      const hot = c === 0 ? T0 : T0 * Number(reheat);
      let cycleBest = Infinity;
      if (c > 0 && Number(reheat) < 1) snap.restore(s);
      for (let i = 0; i < n; i++) {
        if ((i & 1023) === 0) T = hot * (T1 / hot) ** (i / n);
        it++;
        if (step(s, near, random, movable, -T * Math.log(random.share() + 1e-12))) { acc++; if (s.cost < cycleBest) cycleBest = s.cost; if (s.cost < snap.cost - 1e-9) snap.save(s); }
      }
      ends.push((cycleBest / 3).toFixed(1));
    }
    const ms = performance.now() - begin;
    snap.restore(s);
    {
      const d = JSON.parse(readFileSync(dir + f, 'utf8'));
      let travel = 0, late = 0, worst = 0; const starts = new Map<string, number>(); const who = new Map<string, string>();
      for (let h = 0; h < model.shiftCount; h++) {
        let at = 0, t = 0, x = s.next[model.nodeCount + h]!;
        while (x < model.nodeCount) {
          const pi = x >> 1; const pat = d.patients[pi]; const part = pat.required_caregivers[x & 1];
          if (!d.caregivers[h].abilities.includes(part.service)) throw new Error('skill');
          t += d.distances[at][pi + 1]; travel += d.distances[at][pi + 1]; at = pi + 1;
          const st = s.start[x]!;
          if (st < t - 1e-6 || st < pat.time_window[0] - 1e-6) throw new Error('early');
          const l = Math.max(0, st - pat.time_window[1]); late += l; worst = Math.max(worst, l);
          if (starts.has(`${pi} ${x & 1}`)) throw new Error('twice');
          starts.set(`${pi} ${x & 1}`, st); who.set(`${pi} ${x & 1}`, d.caregivers[h].id);
          t = st + part.duration; x = s.next[x]!;
        }
        travel += d.distances[at][0];
      }
      for (const [pi, pat] of d.patients.entries()) {
        if (pat.required_caregivers.length !== 2) { if (!starts.has(`${pi} 0`)) throw new Error('missing'); continue; }
        if (who.get(`${pi} 0`) === who.get(`${pi} 1`)) throw new Error('same');
        const gap = starts.get(`${pi} 1`)! - starts.get(`${pi} 0`)!;
        const [lo, hi] = pat.synchronization.type === 'simultaneous' ? [0, 0] : pat.synchronization.distance;
        if (gap < lo - 1e-6 || gap > hi + 1e-6) throw new Error('gap');
      }
      if (Math.abs((travel + late + worst) / 3 - snap.cost / 3) > 1e-6) throw new Error('cost ' + (travel + late + worst) / 3);
    }
    const c = snap.cost / 3; const b = best.get(name)!;
    out.push(`${c.toFixed(2)} (${((c / b - 1) * 100).toFixed(2)}%) ${(it / ms / 1000).toFixed(2)}M/s acc ${(acc / it).toFixed(3)} ${R > 1 ? ends.join(' ') : ''}`);
    if (seed === 1) out.unshift(`start ${c0.toFixed(1)} best ${b}:`);
  }
  console.log(name, out.join(' | '));
}
