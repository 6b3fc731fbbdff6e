import type { EntityManager } from 'typeorm';
import type { StatementKind, StatementState } from '../../entities/settlement/month-statement.entity.js';
import { done } from '../audit-log/audit-record.js';
import type { ReadCheck } from '../shared/audit-check.js';
import { placeholders } from '../shared/statements.js';
import { linesDigest } from './lines-digest.js';
import type { LineTable, SettlementKind } from './settlement-kind.js';
import type { StatementEventName } from './statement.rules.js';

/** Under which operations the audit log has the steps of statements. */
export const stepOperations: Readonly<Record<StatementEventName, readonly string[]>> = {
  SUBMIT: ['submitStatement', 'cli statement close'],
  RETURN: ['returnStatement'],
  REVIEW: ['reviewStatement'],
  SEND_BACK: ['sendBackStatement'],
  SIGN: ['signStatement'],
  PAY: ['payStatement'],
  FREEZE: ['freezeStatement'],
};

/** Statements, or records of their steps, that are looked at together. */
const rowsAtOnce = 500;

/**
 * That what is written down for statements is what was submitted: by the digests of their submissions, and by those that
 * the audit log has of all steps. Who alters lines, sums and digest is found by the log, and who alters the log by its chain.
 */
export function digestChecks(kinds: readonly Pick<SettlementKind, 'name' | 'lines'>[]): ReadCheck[] {
  const tables = new Map(kinds.map(({ name, lines }) => [name, lines]));
  return [
    {
      name: 'what is written down for a statement is what the digest of its submission was made of',
      offending: (manager) => alteredStatements(manager, tables),
    },
    {
      name: 'every step of a statement that the audit log has is one of its events, with the digest of then',
      offending: alteredSteps,
    },
  ];
}

interface Digested {
  id: number;
  kind: StatementKind;
  version: number;
  digest: string;
}

/** One statement at a time, in pages of its lines; one that is moved meanwhile is left to the next audit. */
async function* alteredStatements(
  manager: EntityManager,
  tables: ReadonlyMap<StatementKind, LineTable>,
): AsyncGenerator<{ statementId: number }> {
  for (let afterId = 0; ; ) {
    const statements: Digested[] = await manager.query(
      `SELECT statement.id, statement.kind, statement.version, submitted.linesDigest AS digest
         FROM month_statement statement
         JOIN statement_event submitted ON submitted.statementId = statement.id
          AND submitted.version = (SELECT MAX(last.version) FROM statement_event last
                                    WHERE last.statementId = statement.id AND last.event = 'SUBMIT')
        WHERE statement.id > ? AND statement.state <> 'DRAFT' AND submitted.linesDigest IS NOT NULL
        ORDER BY statement.id LIMIT ${rowsAtOnce}`,
      [afterId],
    );
    for (const { id, kind, version, digest } of statements) {
      const table = tables.get(kind);
      if (!table) throw new Error(`nobody settles statements of kind ${kind}`);
      const isKept = (await linesDigest(manager, table, id)) === digest;
      if (!isKept && (await versionOf(manager, id)) === version) yield { statementId: id };
    }
    const last = statements.at(-1);
    if (!last) return;
    afterId = last.id;
  }
}

async function versionOf(manager: EntityManager, id: number): Promise<number | undefined> {
  const rows: { version: number }[] = await manager.query(
    'SELECT version FROM month_statement WHERE id = ?',
    [id],
  );
  return rows[0]?.version;
}

/** What the audit log says of one step. */
interface RecordedStep {
  recordId: number;
  statementId: number;
  facilityId: number;
  month: string;
  version: number;
  state: StatementState;
  /** Undefined in records from before there were digests. */
  linesDigest?: string | null;
}

interface AlteredStep {
  recordId: number;
  statementId: number;
  what: string;
}

async function* alteredSteps(manager: EntityManager): AsyncGenerator<AlteredStep> {
  for (const operation of Object.values(stepOperations).flat()) {
    for (let after = { at: 0, id: 0 }; ; ) {
      const records: StepRecord[] = await manager.query(
        `SELECT id, at, facilityId, subject, details FROM audit_record
          WHERE operation = ? AND at >= ? AND (at > ? OR id > ?) AND result = '${done}'
          ORDER BY at, id LIMIT ${rowsAtOnce}`,
        [operation, after.at, after.at, after.id],
      );
      const steps = records.flatMap((record) => stepOf(record) ?? []);
      const statements = await readStatements(manager, [...new Set(steps.map((step) => step.statementId))]);
      for (const step of steps) {
        const what = faultOf(step, statements.get(step.statementId));
        if (what) yield { recordId: step.recordId, statementId: step.statementId, what };
      }
      const last = records.at(-1);
      if (!last) break;
      after = { at: Number(last.at), id: Number(last.id) };
    }
  }
}

interface StepRecord {
  id: number | string;
  at: number | string;
  facilityId: number;
  subject: string | null;
  details: string;
}

function stepOf({ id, facilityId, subject, details }: StepRecord): RecordedStep | undefined {
  const { after } = JSON.parse(details) as { after?: Omit<RecordedStep, 'recordId' | 'statementId'> };
  const [, statementId] = /^statement:(\d+)$/.exec(subject ?? '') ?? [];
  if (!after || !statementId) return undefined;
  return { ...after, recordId: Number(id), statementId: Number(statementId), facilityId };
}

/** A statement as it stands, with its events by their versions. */
interface StandingStatement {
  facilityId: number;
  month: string;
  events: Map<number, StandingEvent>;
}

interface StandingEvent {
  toState: StatementState;
  /** Of what is written down since; null while nothing is, or it has none. */
  digest: string | null;
}

async function readStatements(
  manager: EntityManager,
  ids: readonly number[],
): Promise<Map<number, StandingStatement>> {
  const standing = new Map<number, StandingStatement>();
  if (ids.length === 0) return standing;
  const rows: (Pick<StandingStatement, 'facilityId' | 'month'> & {
    id: number;
    version: number | null;
    event: StatementEventName;
    toState: StatementState;
    linesDigest: string | null;
  })[] = await manager.query(
    `SELECT statement.id, statement.facilityId, statement.month,
            event.version, event.event, event.toState, event.linesDigest
       FROM month_statement statement
       LEFT JOIN statement_event event ON event.statementId = statement.id
      WHERE statement.id IN (${placeholders(ids)})
      ORDER BY statement.id, event.version`,
    [...ids],
  );
  for (const { id, version, event, toState, linesDigest: submitted, ...row } of rows) {
    const statement = standing.get(id) ?? { ...row, events: new Map() };
    standing.set(id, statement);
    if (version === null) continue;
    const before = statement.events.get(version - 1)?.digest ?? null;
    const digest = event === 'SUBMIT' ? submitted : event === 'RETURN' ? null : before;
    statement.events.set(version, { toState, digest });
  }
  return standing;
}

/** What of a step is not as the log has it; undefined when all is. */
function faultOf(step: RecordedStep, statement: StandingStatement | undefined): string | undefined {
  if (!statement) return 'the statement is gone';
  const event = statement.events.get(step.version);
  const isOther = statement.facilityId !== step.facilityId || statement.month !== step.month;
  if (isOther || event?.toState !== step.state) return 'the step is none of its events';
  // Records of before there were digests tell of none.
  const isKept = step.linesDigest === undefined || step.linesDigest === event.digest;
  return isKept ? undefined : 'its digest is another';
}
