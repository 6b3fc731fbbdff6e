import type { MigrationInterface, QueryRunner, TableOptions } from 'typeorm';
import { check, column, createTable, index, nullable, reference, unique } from './columns.js';

const { id, int, big, text, day } = column;

const subsidyRule: TableOptions = {
  name: 'subsidy_rule',
  columns: [
    id(),
    text('code', 32),
    int('version'),
    int('facilityId'),
    day('fromDay'),
    nullable(day('toDay')),
    text('status', 12),
    { name: 'document', type: 'text' },
    nullable(int('proposedById')),
    big('proposedAt'),
    nullable(int('decidedById')),
    nullable(big('decidedAt')),
    nullable(text('decisionNote', 200)),
  ],
  indices: [
    unique('uq_rule_code_version', 'code', 'version'),
    index('ix_rule_facility', 'facilityId', 'fromDay'),
  ],
  foreignKeys: [
    reference('fk_rule_facility', 'facilityId', 'facility'),
    reference('fk_rule_proposed_by', 'proposedById', 'account'),
    reference('fk_rule_decided_by', 'decidedById', 'account'),
  ],
  checks: [
    check('ck_rule_interval', 'toDay IS NULL OR toDay > fromDay'),
    check('ck_rule_decided', "(status = 'PROPOSED') = (decidedAt IS NULL)"),
    check(
      'ck_rule_second_person',
      "status <> 'APPROVED' OR proposedById IS NULL OR decidedById IS NULL OR decidedById <> proposedById",
    ),
  ],
};

/** As the first migration made it. */
const singleRule: TableOptions = {
  name: 'subsidy_rule',
  columns: [
    id(),
    text('code', 32),
    int('version'),
    int('facilityId'),
    int('funderId'),
    text('meal', 12),
    int('ageMin'),
    big('amountFen'),
    day('fromDay'),
    nullable(day('toDay')),
  ],
  indices: [
    unique('uq_rule_code_version', 'code', 'version'),
    index('ix_rule_facility', 'facilityId', 'fromDay'),
  ],
  foreignKeys: [
    reference('fk_rule_facility', 'facilityId', 'facility'),
    reference('fk_rule_funder', 'funderId', 'funder'),
  ],
  checks: [
    check('ck_rule_interval', 'toDay IS NULL OR toDay > fromDay'),
    check('ck_rule_amount', 'amountFen > 0'),
  ],
};

/** Declared in SQL, because TypeORM would copy the whole table for each on SQLite; null for what was before. */
const addedColumns: readonly [table: string, name: string, type: string][] = [
  ['funder', 'level', 'varchar(12)'],
  ['funder', 'divisionCode', 'varchar(12)'],
  ['swipe', 'menu', 'varchar(12)'],
  ['swipe', 'appliedRules', 'varchar(400)'],
];

/** Where the old rows wait while their table is made anew, on either engine; it outlives a server that is killed. */
const kept = 'subsidy_rule_kept';

/**
 * One amount for one meal becomes a document that says any city's rule. The table is made anew under its old
 * name and its rows keep their ids, so every swipe still names the rule that paid for it.
 *
 * SQLite does all of it in one transaction. MySQL commits at every change of a table, so each step asks first
 * whether it was done already: a server that was killed in the middle goes on where it stopped.
 */
export class SubsidyRules1764100400000 implements MigrationInterface {
  name = 'SubsidyRules1764100400000';

  async up(runner: QueryRunner): Promise<void> {
    for (const [table, name, type] of addedColumns) {
      if (await runner.hasColumn(table, name)) continue;
      await runner.query(`ALTER TABLE ${table} ADD COLUMN ${name} ${type} NULL`);
    }
    await remake(runner, singleRule, subsidyRule, async () => {
      const rows: SingleRule[] = await runner.query(
        `SELECT r.id, r.code, r.version, r.facilityId, r.meal, r.ageMin, r.amountFen, f.code AS funderCode,
                CAST(r.fromDay AS CHAR) AS fromDay, CAST(r.toDay AS CHAR) AS toDay
           FROM ${kept} r JOIN funder f ON f.id = r.funderId ORDER BY r.id`,
      );
      return rows.map((row) => {
        const { id: ruleId, code, version, facilityId, fromDay, toDay } = row;
        // When it was brought in is not known; it counted from its first day.
        const at = Date.parse(fromDay);
        const document = JSON.stringify(documentOf(row));
        return {
          id: ruleId,
          code,
          version,
          facilityId,
          fromDay,
          toDay,
          status: 'APPROVED',
          document,
          proposedAt: at,
          decidedAt: at,
        };
      });
    });
  }

  /** A rule that the older version cannot say becomes the nearest that it can. */
  async down(runner: QueryRunner): Promise<void> {
    await remake(runner, subsidyRule, singleRule, async () => {
      const rows: DocumentRule[] = await runner.query(
        `SELECT id, code, version, facilityId, CAST(fromDay AS CHAR) AS fromDay, CAST(toDay AS CHAR) AS toDay,
                document
           FROM ${kept} WHERE status = 'APPROVED' ORDER BY id`,
      );
      const funders: { id: number; code: string }[] = await runner.query(
        'SELECT id, code FROM funder ORDER BY id',
      );
      return rows.map(({ document, ...row }) => ({ ...row, ...singleOf(document, funders) }));
    });
    for (const [table, name] of addedColumns) await runner.query(`ALTER TABLE ${table} DROP COLUMN ${name}`);
  }
}

interface SingleRule {
  id: number;
  code: string;
  version: number;
  facilityId: number;
  funderCode: string;
  meal: string;
  ageMin: number;
  amountFen: number | string;
  fromDay: string;
  toDay: string | null;
}

interface DocumentRule {
  id: number;
  document: string;
}

function documentOf({ code, meal, ageMin, amountFen, funderCode }: SingleRule): object {
  const name = { zh: code, en: code };
  const rule = {
    code: 'MEAL',
    name,
    who: { ageFrom: ageMin },
    when: { meals: [meal] },
    gives: { kind: 'AMOUNT', fen: Number(amountFen), ifBillIsLess: 'PAY_THE_BILL' },
    borneBy: [{ funder: funderCode, rest: true }],
  };
  const group = { code: 'MEAL', name, pick: 'ONE', rules: [rule] };
  return { format: 1, name, alongside: 'BEST', groups: [group] };
}

function singleOf(
  document: string,
  funders: readonly { id: number; code: string }[],
): Record<string, unknown> {
  const [rule] = JSON.parse(document).groups.flatMap((group: { rules: object[] }) => group.rules);
  const funderCode = rule?.borneBy.find((share: { funder?: string }) => share.funder)?.funder;
  const funder = funders.find(({ code }) => code === funderCode) ?? funders[0];
  if (!funder) throw new Error('without a funder no rule can be kept');
  const { meals: [meal] = ['LUNCH'] } = rule?.when ?? {};
  return { funderId: funder.id, meal, ageMin: rule?.who?.ageFrom ?? 0, amountFen: rule?.gives.fen ?? 1 };
}

/** Makes the table anew, unless that was done, and fills it with what `rows` makes of the kept ones. */
async function remake(
  runner: QueryRunner,
  from: TableOptions,
  to: TableOptions,
  rows: () => Promise<Record<string, unknown>[]>,
): Promise<void> {
  const mark = to.columns?.map(({ name }) => name).find((name) => !columnsOf(from).includes(name)) ?? '';
  if (!(await runner.hasColumn('subsidy_rule', mark))) {
    await keep(runner, from);
    // The rows that swipes name come back by the end: until then nobody may miss them.
    await runner.query(
      isMysql(runner) ? 'SET SESSION foreign_key_checks = 0' : 'PRAGMA defer_foreign_keys = ON',
    );
    await runner.query('DROP TABLE IF EXISTS subsidy_rule');
    await createTable(runner, to);
    if (isMysql(runner)) await runner.query('SET SESSION foreign_key_checks = 1');
  }
  if (!(await runner.hasTable(kept))) return;
  // All of them or none, so that a second attempt has not to ask which are there.
  if (isMysql(runner)) await runner.query('START TRANSACTION');
  const [{ present }] = await runner.query('SELECT COUNT(*) AS present FROM subsidy_rule');
  for (const row of Number(present) > 0 ? [] : await rows()) {
    const names = Object.keys(row);
    await runner.query(
      `INSERT INTO subsidy_rule (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
      Object.values(row),
    );
  }
  if (isMysql(runner)) await runner.query('COMMIT');
  await runner.query(`DROP TABLE ${kept}`);
}

async function keep(runner: QueryRunner, from: TableOptions): Promise<void> {
  // Gone already: an earlier attempt kept its rows and was killed before it made the new table.
  if (!(await runner.hasTable('subsidy_rule'))) return;
  if (!(await runner.hasTable(kept))) await createTable(runner, { name: kept, columns: from.columns ?? [] });
  const names = columnsOf(from).join(', ');
  await runner.query(`DELETE FROM ${kept}`);
  await runner.query(`INSERT INTO ${kept} (${names}) SELECT ${names} FROM subsidy_rule`);
}

function columnsOf({ columns = [] }: TableOptions): string[] {
  return columns.map(({ name }) => name);
}

function isMysql(runner: QueryRunner): boolean {
  return runner.dataSource.options.type === 'mysql';
}
