import Table from 'cli-table3';
import type { DemoBeds } from './demo-beds-day.js';
import type { DemoDeliveries } from './demo-deliveries.js';
import type { DemoReader } from './demo-reader.js';
import type { DemoVisits } from './demo-visits-day.js';

/** A line for each kind of tap and of delivery, and how fast all of it went. */
export function showOutcomes(
  readers: readonly DemoReader[],
  deliveries: DemoDeliveries,
  { seconds, outages }: { seconds: number; outages: number },
): void {
  const stored = readers.flatMap((reader) => reader.stored);
  const repeated = readers.flatMap((reader) => reader.repeated).length;
  const table = new Table({
    head: ['tap or delivery', 'outcome', 'count'],
    colAligns: ['left', 'left', 'right'],
    style: { head: [], border: [] },
  });
  const taps = stored.map(({ tap, answer }) => [
    `${tap.story}${tap.offline ? ' offline' : ''}`,
    answer?.outcome ?? 'NO ANSWER',
  ]);
  table.push(...countedRows(taps), ['sent again', 'first answer', repeated]);
  const brought = deliveries.played.map(({ story, orderedBy, said }) => [
    `delivery ${story}${orderedBy === 'RELATIVE' ? ', ordered by a relative' : ''}`,
    said,
  ]);
  table.push(...countedRows(brought), ["relative's order for its own elder", deliveries.familySaid, 1]);
  console.log(table.toString());
  const rate = Math.round((stored.length + repeated) / seconds);
  console.log(
    `${stored.length + repeated} swipes in ${seconds.toFixed(1)} s, ${rate} a second; server away ${outages} times.`,
  );
}

/** A line for each kind of visit, and what the plan of the day came to. */
export function showVisits({ played, planned }: DemoVisits): void {
  const table = new Table({
    head: ['home visit', 'outcome', 'count'],
    colAligns: ['left', 'left', 'right'],
    style: { head: [], border: [] },
  });
  const visits = played.map(({ story, bookedBy, said }) => [
    `${story}${bookedBy === 'RELATIVE' ? ', booked by a relative' : ''}`,
    said,
  ]);
  table.push(...countedRows(visits), ['plan of the day', planned, 1]);
  console.log(table.toString());
}

/** A line for each kind of step at the nursing homes. */
export function showBeds({ steps }: DemoBeds): void {
  const table = new Table({
    head: ['nursing home', 'outcome', 'count'],
    colAligns: ['left', 'left', 'right'],
    style: { head: [], border: [] },
  });
  table.push(...countedRows(steps.map(({ story, said }) => [story, said])));
  console.log(table.toString());
}

function countedRows(pairs: readonly (readonly string[])[]): (string | number)[][] {
  const counts = new Map<string, number>();
  for (const pair of pairs) counts.set(pair.join('\t'), (counts.get(pair.join('\t')) ?? 0) + 1);
  return [...counts].sort().map(([row, count]) => [...row.split('\t'), count]);
}
