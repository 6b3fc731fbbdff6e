import type { EntityManager } from 'typeorm';
import type { CountTold } from './bed-calls.js';
import type { DemoBeds, HomeFigures, Movements } from './demo-beds-day.js';
import type { Reconciled } from './reconcile.js';

const sides = ['first', 'second'] as const;

/** Compares what was done at the two homes with their boards, their figures and the rows of the database. */
export async function reconcileBeds(
  { game, steps, before, after, moved }: DemoBeds,
  manager: EntityManager,
): Promise<Reconciled[]> {
  if (!before || !after) throw new Error('the day was not played');
  const lines: Reconciled[] = [
    {
      what: 'each step at the nursing homes ended as it was to',
      faults: steps.flatMap(({ story, faults }) => faults.map((fault) => `${story}: ${fault}`)),
    },
  ];
  for (const side of sides) {
    const { code, id } = game[side];
    lines.push(
      {
        what: `${code}: residents and those on leave = before + came - left, and on leave = before + away - back`,
        faults: movementFaults(before[side], after[side], moved[side]),
      },
      {
        what: `${code}: the board = the roll-up = the series = the stays in the database`,
        faults: [
          ...figureFaults(after[side]),
          ...(await rowFaults(manager, { facilityId: Number(id), day: game.day }, after[side])),
        ],
      },
    );
  }
  return lines;
}

function movementFaults(before: HomeFigures, after: HomeFigures, moved: Movements): string[] {
  const { came, left, wentAway, cameBack } = moved;
  const residents = (figures: HomeFigures) => figures.series.occupied + figures.series.onLeave;
  const wanted = residents(before) + came - left;
  const away = before.series.onLeave + wentAway - cameBack;
  return [
    ...(residents(after) === wanted ? [] : [`${residents(after)} residents, not ${wanted}`]),
    ...(after.series.onLeave === away ? [] : [`${after.series.onLeave} on leave, not ${away}`]),
  ];
}

const names = ['total', 'open', 'occupied', 'onLeave', 'held', 'free'] as const;

function figureFaults({ board, rollup, series }: HomeFigures): string[] {
  const count = (state: string) => board.filter((bed) => bed.state === state).length;
  const shown: CountTold = {
    total: board.length,
    open: board.length - count('OUT_OF_SERVICE'),
    occupied: count('OCCUPIED'),
    onLeave: count('ON_LEAVE'),
    held: count('HELD'),
    free: count('FREE'),
  };
  return names
    .filter((name) => shown[name] !== rollup[name] || shown[name] !== series[name])
    .map(
      (name) =>
        `${name} ${shown[name]} on the board, ${rollup[name]} rolled up, ${series[name]} in the series`,
    );
}

async function rowFaults(
  manager: EntityManager,
  { facilityId, day }: { facilityId: number; day: string },
  { series }: HomeFigures,
): Promise<string[]> {
  const rows: { stays: number | string }[] = await manager.query(
    `SELECT COUNT(*) AS stays FROM bed_stay
      WHERE facilityId = ? AND cancelledAt IS NULL AND fromDay <= ? AND (toDay IS NULL OR toDay > ?)`,
    [facilityId, day, day],
  );
  const stays = Number(rows[0]?.stays ?? 0);
  const residents = series.occupied + series.onLeave;
  return stays === residents ? [] : [`${stays} stays in the database, ${residents} in the series`];
}
