import type { EntityManager } from 'typeorm';
import type { FlagState } from '../../../entities/meals/fraud-flag.entity.js';
import type { Day } from '../../shared/china-time.js';
import { forUpdate } from '../../shared/database.js';
import { insertRows, placeholders } from '../../shared/statements.js';
import type { Finding } from './flag-findings.rules.js';
import { grownFrom, isDecided } from './flag-state.rules.js';

/** How many flags are written at once, so that a day on which everything is wrong fits into statements. */
const flagsMax = 500;

export interface StoredFlags {
  /** Flags that are new. */
  found: number;
  /** Flags that had been decided on and have evidence now that nobody decided on. */
  reopened: number;
}

/**
 * Keeps what was found: a flag once for each rule, day and subject. One that is there already is told each swipe that
 * was not among its evidence, and one that somebody decided on is opened again by such a swipe; how many there are does
 * not matter, for a void may have taken as many away. Fewer alone take nothing back.
 */
export async function storeFlags(
  manager: EntityManager,
  findings: readonly Finding[],
  { day, now }: { day: Day; now: Date },
): Promise<StoredFlags> {
  const stored = { found: 0, reopened: 0 };
  for (let start = 0; start < findings.length; start += flagsMax) {
    const part = findings.slice(start, start + flagsMax);
    const known = await readKnown(manager, part, day);
    const fresh = part.filter((finding) => !known.has(keyOf(finding)));
    await insertFlags(manager, fresh, { day, now });
    const ids = await readKnown(manager, fresh, day);
    const grown = await withNewSwipes(manager, part, known);
    for (const each of grown) await tellMore(manager, each);
    await addEvidence(manager, [
      ...fresh.map((finding) => ({ flagId: ids.get(keyOf(finding))?.id ?? 0, swipeIds: finding.swipeIds })),
      ...grown.map(({ flag, swipeIds }) => ({ flagId: flag.id, swipeIds })),
    ]);
    const freshIds = [...ids.values()].map(({ id }) => [id, 1, 'FIND', 'OPEN', now.getTime()]);
    await insertRows(manager, 'fraud_flag_event', eventColumns, freshIds);
    await addGrowth(manager, grown, now);
    stored.found += fresh.length;
    stored.reopened += grown.filter(({ flag }) => isDecided(flag.state)).length;
  }
  return stored;
}

const eventColumns = ['flagId', 'number', 'step', 'toState', 'at'];

interface KnownFlag {
  id: number;
  rule: string;
  subject: string;
  state: FlagState;
}

const keyOf = ({ rule, subject }: Pick<KnownFlag, 'rule' | 'subject'>) => `${rule} ${subject}`;

/** The flags that are there already; nobody decides on them until the transaction ends. */
async function readKnown(
  manager: EntityManager,
  findings: readonly Finding[],
  day: Day,
): Promise<Map<string, KnownFlag>> {
  if (findings.length === 0) return new Map();
  const rules = [...new Set(findings.map(({ rule }) => rule))];
  const subjects = [...new Set(findings.map(({ subject }) => subject))];
  const rows: KnownFlag[] = await manager.query(
    `SELECT id, rule, subject, state FROM fraud_flag
      WHERE rule IN (${placeholders(rules)}) AND day = ? AND subject IN (${placeholders(subjects)})
      ORDER BY id${forUpdate(manager)}`,
    [...rules, day, ...subjects],
  );
  const wanted = new Set(findings.map(keyOf));
  return new Map(rows.filter((row) => wanted.has(keyOf(row))).map((row) => [keyOf(row), row]));
}

function insertFlags(
  manager: EntityManager,
  findings: readonly Finding[],
  { day, now }: { day: Day; now: Date },
): Promise<void> {
  const columns = [
    'rule',
    'day',
    'subject',
    'canteenId',
    'elderId',
    'readerId',
    'measured',
    'threshold',
    'swipes',
    'state',
    'foundAt',
  ];
  const rows = findings.map(
    ({ rule, subject, canteenId, elderId, readerId, measured, threshold, swipeIds }) => [
      rule,
      day,
      subject,
      canteenId,
      elderId,
      readerId,
      measured,
      threshold,
      swipeIds.length,
      'OPEN',
      now.getTime(),
    ],
  );
  return insertRows(manager, 'fraud_flag', columns, rows);
}

/** A flag that is there already, and the swipes that are not among its evidence yet. */
interface GrownFlag {
  finding: Finding;
  flag: KnownFlag;
  swipeIds: readonly number[];
}

async function withNewSwipes(
  manager: EntityManager,
  findings: readonly Finding[],
  known: ReadonlyMap<string, KnownFlag>,
): Promise<GrownFlag[]> {
  if (known.size === 0) return [];
  const flagIds = [...known.values()].map(({ id }) => id);
  const rows: { flagId: number; swipeId: number | string }[] = await manager.query(
    `SELECT flagId, swipeId FROM fraud_flag_swipe WHERE flagId IN (${placeholders(flagIds)})`,
    flagIds,
  );
  const kept = new Map<number, Set<number>>(flagIds.map((id) => [id, new Set()]));
  for (const { flagId, swipeId } of rows) kept.get(flagId)?.add(Number(swipeId));
  return findings.flatMap((finding) => {
    const flag = known.get(keyOf(finding));
    if (!flag) return [];
    const swipeIds = finding.swipeIds.filter((id) => !kept.get(flag.id)?.has(id));
    return swipeIds.length > 0 ? [{ finding, flag, swipeIds }] : [];
  });
}

async function tellMore(manager: EntityManager, { finding, flag }: GrownFlag): Promise<void> {
  const { canteenId, readerId, measured, threshold, swipeIds } = finding;
  await manager.query(
    `UPDATE fraud_flag SET canteenId = ?, readerId = ?, measured = ?, threshold = ?, swipes = ?, state = ?
      WHERE id = ?`,
    [canteenId, readerId, measured, threshold, swipeIds.length, grownFrom(flag.state).to, flag.id],
  );
}

function addEvidence(
  manager: EntityManager,
  shown: readonly { flagId: number; swipeIds: readonly number[] }[],
): Promise<void> {
  const rows = shown.flatMap(({ flagId, swipeIds }) => swipeIds.map((id) => [flagId, id]));
  return insertRows(manager, 'fraud_flag_swipe', ['flagId', 'swipeId'], rows);
}

/** Tells in the life of each flag that it has new evidence, so that whoever decides on it has to look at it. */
async function addGrowth(manager: EntityManager, grown: readonly GrownFlag[], now: Date): Promise<void> {
  if (grown.length === 0) return;
  const flagIds = grown.map(({ flag }) => flag.id);
  const rows: { flagId: number; number: number }[] = await manager.query(
    `SELECT flagId, MAX(number) AS number FROM fraud_flag_event
      WHERE flagId IN (${placeholders(flagIds)}) GROUP BY flagId`,
    flagIds,
  );
  const last = new Map(rows.map(({ flagId, number }) => [flagId, Number(number)]));
  const events = grown.map(({ flag }) => {
    const { step, to } = grownFrom(flag.state);
    return [flag.id, (last.get(flag.id) ?? 0) + 1, step, to, now.getTime()];
  });
  await insertRows(manager, 'fraud_flag_event', eventColumns, events);
}
