import type { EntityManager } from 'typeorm';
import type { BedType } from '../../../entities/beds/bed.entity.js';
import type { Statement } from '../../settlement/read-statement.js';
import {
  disputeColumns,
  disputeOf,
  fundersByPosting,
  type LineDispute,
  type LineFilter,
  type RawDispute,
  type ShownLine,
  type StayOfLine,
} from '../../settlement/shown-line.js';
import type { Day } from '../../shared/china-time.js';
import type { Month } from '../../shared/month.js';
import { placeholders } from '../../shared/statements.js';
import { draftsOf } from './home-drafts.js';
import { moneyOf } from './home-lines.js';

/** A line before names are put to it. */
type BareLine = Omit<ShownLine, 'elderName' | 'meal' | 'visit' | 'stay'> & {
  elderId: number;
  stay: Omit<StayOfLine, 'bedName'>;
};

/**
 * Lines in the order of their numbers, fixed or as a draft has them now. A home's month is a few hundred of them, so that
 * they are read whole and chosen from here; a fixed number of statements, however many.
 */
export async function findLines(
  manager: EntityManager,
  statement: Statement,
  filter: LineFilter,
  page: { afterId: number; rowsMax: number },
): Promise<ShownLine[]> {
  const disputes = await disputesOf(manager, statement);
  const isDraft = statement.state === 'DRAFT' || statement.id === null;
  const all = isDraft ? await draftLines(manager, statement) : await fixedLines(manager, statement);
  const chosen = all
    .map((line) => ({ ...line, dispute: disputes.get(line.id) ?? null }))
    .filter((line) => line.id > page.afterId && isWanted(line, filter))
    .slice(0, page.rowsMax);
  const named = await namesOf(manager, chosen);
  return chosen.map((line) => {
    const { elderName = null, bedName = '' } = named.get(line.stay.stayId) ?? {};
    return { ...line, elderName, meal: null, visit: null, stay: { ...line.stay, bedName } };
  });
}

function isWanted(line: BareLine, { corrections, disputed, elderId, fromDay, toDay }: LineFilter): boolean {
  if (corrections !== undefined && corrections !== (line.correctsMonth !== null)) return false;
  if (disputed !== undefined && line.dispute?.state !== disputed) return false;
  if (elderId !== undefined && line.elderId !== elderId) return false;
  return (fromDay === undefined || line.day >= fromDay) && (toDay === undefined || line.day <= toDay);
}

async function draftLines(manager: EntityManager, { facilityId, month }: Statement): Promise<BareLine[]> {
  const { lines, funders } = await draftsOf(manager, [facilityId], month);
  return (lines.get(facilityId) ?? []).map((draft) => {
    const { id, kind, day, correctsMonth, elderId, units, parts, ...stay } = draft;
    const { stayId, bedType, level, homeLeaveDays, hospitalDays, countedDays, days } = stay;
    const borne = [...parts].map(([funderId, { fen }]) => ({ code: funders.get(funderId)?.code ?? '', fen }));
    return {
      ...{ id, kind, day, correctsMonth, elderId, dispute: null },
      ...moneyOf(draft, funders),
      funders: borne.sort((one, other) => (one.code < other.code ? -1 : 1)),
      stay: { stayId, bedType, level, presentDays: units, homeLeaveDays, hospitalDays, countedDays, days },
    };
  });
}

type Count = 'units' | 'homeLeaveDays' | 'hospitalDays' | 'countedDays';
type Money = 'grossFen' | 'subsidyFen' | 'discountFen' | 'selfPaidFen';

interface Row extends Record<Count, number>, Record<Money, number | string> {
  id: number | string;
  kind: string;
  day: Day;
  correctsMonth: Month | null;
  elderId: number;
  stayId: number | string;
  bedType: BedType;
  level: number | null;
  days: string;
}

async function fixedLines(manager: EntityManager, { id }: Statement): Promise<BareLine[]> {
  const rows: Row[] = await manager.query(
    `SELECT postingId AS id, kind, CAST(day AS CHAR) AS day, correctsMonth, elderId, stayId, bedType, level, days,
            units, homeLeaveDays, hospitalDays, countedDays, grossFen, subsidyFen, discountFen, selfPaidFen
       FROM home_line WHERE statementId = ? ORDER BY postingId`,
    [id ?? 0],
  );
  const funders = fundersByPosting(
    await manager.query(
      `SELECT part.postingId, funder.code, part.fen
         FROM home_line_part part JOIN funder ON funder.id = part.funderId
        WHERE part.statementId = ? ORDER BY part.postingId, funder.code`,
      [id],
    ),
  );
  return rows.map((row) => {
    const { kind, day, correctsMonth, elderId, bedType, level, days } = row;
    const { homeLeaveDays, hospitalDays, countedDays, units: presentDays } = row;
    return {
      ...{ id: Number(row.id), kind, day, correctsMonth, elderId, dispute: null },
      grossFen: Number(row.grossFen),
      subsidyFen: Number(row.subsidyFen),
      discountFen: Number(row.discountFen),
      selfPaidFen: Number(row.selfPaidFen),
      funders: funders.get(Number(row.id)) ?? [],
      stay: {
        ...{ stayId: Number(row.stayId), bedType, level, days },
        ...{ presentDays, homeLeaveDays, hospitalDays, countedDays },
      },
    };
  });
}

/** A dispute outlives a return, and a line has the same number when it comes again. */
async function disputesOf(manager: EntityManager, { id }: Statement): Promise<Map<number, LineDispute>> {
  const rows: (RawDispute & { postingId: number | string })[] = await manager.query(
    `SELECT dispute.postingId, ${disputeColumns}
       FROM statement_dispute dispute WHERE dispute.statementId = ? AND dispute.kind = 'HOME'`,
    [id ?? 0],
  );
  const found = new Map<number, LineDispute>();
  for (const row of rows) {
    const dispute = disputeOf(row);
    if (dispute) found.set(Number(row.postingId), dispute);
  }
  return found;
}

async function namesOf(
  manager: EntityManager,
  lines: readonly BareLine[],
): Promise<Map<number, { elderName: string; bedName: string }>> {
  const ids = [...new Set(lines.map(({ stay }) => stay.stayId))];
  const rows: { id: number | string; elderName: string; building: string; room: string; label: string }[] =
    await manager.query(
      `SELECT s.id, e.name AS elderName, r.building, r.name AS room, b.label
         FROM bed_stay s
         JOIN elder e ON e.id = s.elderId
         JOIN bed b ON b.id = s.bedId
         JOIN room r ON r.id = b.roomId
        WHERE s.id IN (${placeholders(ids) || 'NULL'})`,
      ids,
    );
  return new Map(
    rows.map(({ id, elderName, building, room, label }) => [
      Number(id),
      { elderName, bedName: `${building} ${room}-${label}` },
    ]),
  );
}
