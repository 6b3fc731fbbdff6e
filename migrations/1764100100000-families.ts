import {
  type MigrationInterface,
  type QueryRunner,
  TableColumn,
  TableForeignKey,
  TableIndex,
  type TableOptions,
} from 'typeorm';
import { check, column, createTable, index, nullable, reference, unique } from './columns.js';

/** The text under which relatives are let in until the city adds one of its own. It is never changed. */
const firstConsentText = {
  version: '2026-1',
  zh: '本人同意上述亲属在所列期限内，通过养老服务平台查看或办理与本人有关的下列事项：预约上门服务（预约）、查看就餐卡及余额（资金）、查看能力等级与人员类别（健康），以所勾选者为准。健康与资金信息属于敏感个人信息，仅用于照护本人。本人可随时通过服务站撤回此同意，撤回立即生效，不影响此前已进行的处理。',
  en: 'I agree that the relative named here may, until the day named here, see or do through the eldercare platform what is marked: booking of home visits (booking), my meal card and its balance (money), my ability level and categories (health). Health and money are sensitive personal information and serve my care alone. I may withdraw this consent at my service station at any time; the withdrawal takes effect at once and does not touch what was done before.',
};

const { id, key, int, big, text, flag } = column;

const tables: TableOptions[] = [
  {
    name: 'family_phone',
    columns: [key('accountId', 'integer'), text('phoneSealed', 120), text('phoneHash', 64), big('createdAt')],
    indices: [unique('uq_family_phone_hash', 'phoneHash')],
    foreignKeys: [reference('fk_family_phone_account', 'accountId', 'account')],
  },
  {
    name: 'sign_in_code',
    columns: [
      key('accountId', 'integer'),
      text('codeHash', 64),
      big('createdAt'),
      big('expiresAt'),
      int('tries'),
      nullable(big('usedAt')),
    ],
    foreignKeys: [reference('fk_sign_in_code_account', 'accountId', 'account')],
    checks: [check('ck_sign_in_code_interval', 'expiresAt > createdAt')],
  },
  {
    name: 'consent_text',
    columns: [id(), text('version', 20), text('zh', 4000), text('en', 4000), big('since')],
    indices: [unique('uq_consent_text_version', 'version')],
  },
  {
    name: 'family_consent',
    columns: [
      id(),
      int('grantId'),
      text('event', 12),
      text('giver', 12),
      int('recordedById'),
      nullable(int('giverGrantId')),
      text('name', 60),
      text('how', 16),
      nullable(int('textId')),
      text('rights', 40),
      flag('mayLetIn'),
      big('untilAt'),
      big('at'),
    ],
    indices: [
      index('ix_family_consent_grant', 'grantId'),
      index('ix_family_consent_recorded_by', 'recordedById'),
      index('ix_family_consent_giver_grant', 'giverGrantId'),
      index('ix_family_consent_text', 'textId'),
    ],
    foreignKeys: [
      reference('fk_family_consent_grant', 'grantId', 'access_grant'),
      reference('fk_family_consent_recorded_by', 'recordedById', 'account'),
      reference('fk_family_consent_giver_grant', 'giverGrantId', 'access_grant'),
      reference('fk_family_consent_text', 'textId', 'consent_text'),
    ],
    checks: [
      check('ck_family_consent_giver', "(giver = 'RELATIVE') = (giverGrantId IS NOT NULL)"),
      check('ck_family_consent_text', "(event = 'WITHDRAWN') = (textId IS NULL)"),
    ],
  },
];

const grants = 'access_grant';

/** Relatives who sign in with their phones, what each may see of an elder, and the consents that it rests on. */
export class Families1764100100000 implements MigrationInterface {
  name = 'Families1764100100000';

  async up(runner: QueryRunner): Promise<void> {
    const added = [nullable(text('familyRights', 40)), { ...flag('mayLetIn'), default: '0' }];
    for (const options of [...added, nullable(int('consentId'))]) {
      await runner.addColumn(grants, new TableColumn(options));
    }
    await runner.createIndex(grants, new TableIndex(index('ix_grant_consent', 'consentId')));
    for (const table of tables) await createTable(runner, table);
    await runner.createForeignKey(
      grants,
      new TableForeignKey(reference('fk_grant_consent', 'consentId', 'family_consent')),
    );
    const { version, zh, en } = firstConsentText;
    await runner.query('INSERT INTO consent_text (version, zh, en, since) VALUES (?, ?, ?, ?)', [
      version,
      zh,
      en,
      Date.UTC(2026, 10, 1),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    // Grants and consents point at each other, and SQLite rebuilds the table of grants below.
    await runner.query(`UPDATE ${grants} SET consentId = NULL`);
    await runner.query('DELETE FROM family_consent');
    await runner.dropForeignKey(grants, 'fk_grant_consent');
    for (const { name } of [...tables].reverse()) await runner.dropTable(name);
    await runner.dropIndex(grants, 'ix_grant_consent');
    for (const name of ['consentId', 'mayLetIn', 'familyRights']) await runner.dropColumn(grants, name);
  }
}
