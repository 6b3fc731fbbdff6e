import type { EntityManager } from 'typeorm';
import { noSums, statementSums } from '../../settlement/fix-lines.js';
import type { StatementSums } from '../../settlement/read-statement.js';
import type { FunderShare, LineShare, OwnCounts, StoredLine } from '../../settlement/settlement-kind.js';
import { firstDayOf, type Month } from '../../shared/month.js';
import { insertRows, placeholders } from '../../shared/statements.js';
import { draftsOf, type HomeDrafts } from './home-drafts.js';
import { firstOpenMonth, type HomeLineDraft } from './home-line.rules.js';
import { beginning, closedMonths, firstMonths } from './read-settled-days.js';
import { staysOfHomes } from './read-stay-days.js';

/** The money of a line: what governments pay, what donors do, and both. */
export function moneyOf(
  { parts }: HomeLineDraft,
  funders: HomeDrafts['funders'],
): Record<'grossFen' | 'subsidyFen' | 'discountFen' | 'selfPaidFen', number> {
  const money = { grossFen: 0, subsidyFen: 0, discountFen: 0, selfPaidFen: 0 };
  for (const [funderId, { fen }] of parts) {
    money.grossFen += fen;
    money[funders.get(funderId)?.isDonor ? 'discountFen' : 'subsidyFen'] += fen;
  }
  return money;
}

/** Lines of which fixParts finds the parts: they are no columns of the line. */
const partsOf = new WeakMap<StoredLine, HomeLineDraft['parts']>();

/** The lines of a draft in the order of their numbers: at most `rowsMax` after `afterId`. */
export async function unsettledLines(
  manager: EntityManager,
  facilityId: number,
  month: Month,
  { afterId, rowsMax }: { afterId: number; rowsMax: number },
): Promise<StoredLine[]> {
  const { lines, funders } = await draftsOf(manager, [facilityId], month);
  const page = (lines.get(facilityId) ?? []).filter(({ id }) => id > afterId).slice(0, rowsMax);
  return page.map((draft) => {
    const { id: postingId, month: daysMonth, parts, ...own } = draft;
    const line = { ...own, ...moneyOf(draft, funders), postingId, daysMonth, facilityId };
    partsOf.set(line, parts);
    return line;
  });
}

export async function fixParts(
  manager: EntityManager,
  statementId: number,
  lines: readonly StoredLine[],
): Promise<void> {
  const rows = lines.flatMap((line) =>
    [...(partsOf.get(line) ?? [])].map(([funderId, { days, fen }]) => [
      statementId,
      line.postingId,
      funderId,
      days,
      fen,
    ]),
  );
  await insertRows(manager, 'home_line_part', ['statementId', 'postingId', 'funderId', 'days', 'fen'], rows);
}

/** The earliest month before `month`, since the home's first, that has days of stays and was not submitted. */
export async function earlierOpenMonth(
  manager: EntityManager,
  facilityId: number,
  month: Month,
): Promise<Month | undefined> {
  const closed = (await closedMonths(manager, [facilityId])).get(facilityId) ?? new Set<Month>();
  const first = (await firstMonths(manager, [facilityId])).get(facilityId);
  const from = beginning({ closed, first }, month);
  const asked = { facilityIds: [facilityId], from: firstDayOf(from), to: firstDayOf(month) };
  return firstOpenMonth({ from, before: month, closed }, await staysOfHomes(manager, asked));
}

/** What each funder owes of the lines that are written down. */
export async function lineShares(manager: EntityManager, statementId: number): Promise<LineShare[]> {
  const rows: (Pick<LineShare, 'funderId' | 'part'> & Record<'units' | 'fen', number | string>)[] =
    await manager.query(
      `SELECT part.funderId, CASE WHEN funder.level = 'DONOR' THEN 'DONATION' ELSE 'SUBSIDY' END AS part,
              SUM(part.days) AS units, SUM(part.fen) AS fen
         FROM home_line_part part JOIN funder ON funder.id = part.funderId
        WHERE part.statementId = ? GROUP BY part.funderId, funder.level`,
      [statementId],
    );
  return rows.map((row) => ({ ...row, units: Number(row.units), fen: Number(row.fen) }));
}

/** The sums of what drafts would hold. */
export async function draftSums(
  manager: EntityManager,
  facilityIds: readonly number[],
  month: Month,
): Promise<Map<number, StatementSums>> {
  const { lines, funders } = await draftsOf(manager, facilityIds, month);
  return new Map([...lines].map(([id, own]) => [id, sumsOf(own, funders)]));
}

function sumsOf(lines: readonly HomeLineDraft[], funders: HomeDrafts['funders']): StatementSums {
  const sums = { ...noSums, lineCount: lines.length };
  const counts = { homeLeaveDays: 0, hospitalDays: 0, countedDays: 0 };
  const elders = new Set<number>();
  for (const line of lines) {
    const money = moneyOf(line, funders);
    for (const name of ['grossFen', 'subsidyFen', 'discountFen', 'selfPaidFen'] as const)
      sums[name] += money[name];
    for (const name of ['homeLeaveDays', 'hospitalDays', 'countedDays'] as const) counts[name] += line[name];
    sums.unitCount += line.units;
    if (line.units > 0) elders.add(line.elderId);
  }
  return statementSums({ ...sums, elderCount: elders.size }, counts);
}

/** What funders would owe by drafts if these were submitted now, in the order of their codes. */
export async function draftShares(
  manager: EntityManager,
  facilityIds: readonly number[],
  month: Month,
): Promise<Map<number, FunderShare[]>> {
  const { lines, funders } = await draftsOf(manager, facilityIds, month);
  return new Map([...lines].map(([id, own]) => [id, sharesOf(own, funders)]));
}

function sharesOf(lines: readonly HomeLineDraft[], funders: HomeDrafts['funders']): FunderShare[] {
  const shares = new Map<number, FunderShare>();
  for (const [funderId, { days, fen }] of lines.flatMap(({ parts }) => [...parts])) {
    const funder = funders.get(funderId);
    if (!funder) throw new Error(`a line is paid by ${funderId}, who is no funder`);
    const { code, name, isDonor } = funder;
    const part = isDonor ? ('DONATION' as const) : ('SUBSIDY' as const);
    const share = shares.get(funderId) ?? { part, code, name, units: 0, fen: 0 };
    share.units += days;
    share.fen += fen;
    shares.set(funderId, share);
  }
  return [...shares.values()].sort((one, other) => (one.code < other.code ? -1 : 1));
}

export async function ownCounts(
  manager: EntityManager,
  statementIds: readonly number[],
): Promise<Map<number, OwnCounts>> {
  type Counts = 'homeLeaveDays' | 'hospitalDays' | 'countedDays';
  const rows: ({ statementId: number } & Record<Counts, number | string>)[] = await manager.query(
    `SELECT statementId, SUM(homeLeaveDays) AS homeLeaveDays, SUM(hospitalDays) AS hospitalDays,
            SUM(countedDays) AS countedDays
       FROM home_line WHERE statementId IN (${placeholders(statementIds) || 'NULL'}) GROUP BY statementId`,
    [...statementIds],
  );
  return new Map(
    rows.map(({ statementId, homeLeaveDays, hospitalDays, countedDays }) => [
      statementId,
      {
        homeLeaveDays: Number(homeLeaveDays),
        hospitalDays: Number(hospitalDays),
        countedDays: Number(countedDays),
      },
    ]),
  );
}
