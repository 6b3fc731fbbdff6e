import type { EntityManager } from 'typeorm';
import type { FlagState } from '../../../entities/meals/fraud-flag.entity.js';
import type { Day } from '../../shared/china-time.js';
import { forUpdate } from '../../shared/database.js';
import { insertRows, placeholders } from '../../shared/statements.js';
import type { Finding } from './flag-findings.rules.js';
import { isDecided } from './flag-state.rules.js';

/** How many swipes are kept as evidence of one flag; the count says how many there are. */
export const evidenceMax = 50;

/** How many flags are written at once, so that a day on which everything is wrong fits into statements. */
const flagsMax = 500;

export interface StoredFlags {
  /** Flags that are new. */
  found: number;
  /** Flags that had been decided on and have more evidence now. */
  reopened: number;
}

/**
 * Keeps what was found: a flag once for each rule, day and subject. One that is there already is told more evidence,
 * never less; and one that somebody decided on is opened again only when there are more swipes than were decided on.
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
    const grown = part.flatMap((finding) => {
      const flag = known.get(keyOf(finding));
      return flag && finding.swipeIds.length > flag.swipes ? [{ finding, flag }] : [];
    });
    for (const { finding, flag } of grown) await tellMore(manager, finding, flag);
    const decided = grown.filter(({ flag }) => isDecided(flag.state)).map(({ flag }) => flag.id);
    await reopen(manager, decided, now);
    await addEvidence(manager, [
      ...fresh.map((finding) => ({ finding, flagId: ids.get(keyOf(finding))?.id ?? 0 })),
      ...grown.map(({ finding, flag }) => ({ finding, flagId: flag.id })),
    ]);
    const freshIds = [...ids.values()].map(({ id }) => [id, 1, 'FIND', 'OPEN', now.getTime()]);
    await insertRows(manager, 'fraud_flag_event', eventColumns, freshIds);
    stored.found += fresh.length;
    stored.reopened += decided.length;
  }
  return stored;
}

const eventColumns = ['flagId', 'number', 'step', 'toState', 'at'];

interface KnownFlag {
  id: number;
  rule: string;
  subject: string;
  swipes: number;
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
    `SELECT id, rule, subject, swipes, state FROM fraud_flag
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

async function tellMore(manager: EntityManager, finding: Finding, { id }: KnownFlag): Promise<void> {
  const { canteenId, readerId, measured, threshold, swipeIds } = finding;
  await manager.query(
    'UPDATE fraud_flag SET canteenId = ?, readerId = ?, measured = ?, threshold = ?, swipes = ? WHERE id = ?',
    [canteenId, readerId, measured, threshold, swipeIds.length, id],
  );
}

async function reopen(manager: EntityManager, flagIds: readonly number[], now: Date): Promise<void> {
  if (flagIds.length === 0) return;
  await manager.query(`UPDATE fraud_flag SET state = 'OPEN' WHERE id IN (${placeholders(flagIds)})`, [
    ...flagIds,
  ]);
  const rows: { flagId: number; number: number }[] = await manager.query(
    `SELECT flagId, MAX(number) AS number FROM fraud_flag_event
      WHERE flagId IN (${placeholders(flagIds)}) GROUP BY flagId`,
    [...flagIds],
  );
  const events = rows.map(({ flagId, number }) => [
    flagId,
    Number(number) + 1,
    'REOPEN',
    'OPEN',
    now.getTime(),
  ]);
  await insertRows(manager, 'fraud_flag_event', eventColumns, events);
}

/** Adds the swipes that are not kept with their flag yet, as long as it has room for them. */
async function addEvidence(
  manager: EntityManager,
  shown: readonly { finding: Finding; flagId: number }[],
): Promise<void> {
  if (shown.length === 0) return;
  const flagIds = shown.map(({ flagId }) => flagId);
  const kept: { flagId: number; swipeId: number | string }[] = await manager.query(
    `SELECT flagId, swipeId FROM fraud_flag_swipe WHERE flagId IN (${placeholders(flagIds)})`,
    flagIds,
  );
  const keptOf = new Map<number, Set<number>>();
  for (const { flagId, swipeId } of kept) {
    keptOf.set(flagId, (keptOf.get(flagId) ?? new Set()).add(Number(swipeId)));
  }
  const rows = shown.flatMap(({ finding, flagId }) => {
    const own = keptOf.get(flagId) ?? new Set();
    const missing = finding.swipeIds.filter((id) => !own.has(id));
    return missing.slice(0, Math.max(0, evidenceMax - own.size)).map((id) => [flagId, id]);
  });
  await insertRows(manager, 'fraud_flag_swipe', ['flagId', 'swipeId'], rows);
}
