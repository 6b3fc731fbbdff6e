import type { EntityManager } from 'typeorm';
import { type Refusal, refuse } from '../shared/refusal.js';
import { insertRows } from '../shared/statements.js';

/** A text that somebody agrees to, in both languages. */
export interface KeptText {
  id: number;
  version: string;
  zh: string;
  en: string;
  since: Date;
}

/** The text under which consents are given now: the one that was added last. */
export async function currentConsentText(manager: EntityManager): Promise<KeptText> {
  const rows: (Omit<KeptText, 'since'> & { since: number | string })[] = await manager.query(
    'SELECT id, version, zh, en, since FROM consent_text ORDER BY id DESC LIMIT 1',
  );
  const [row] = rows;
  if (!row) throw new Error('the migrations left no consent text');
  return { ...row, since: new Date(Number(row.since)) };
}

export type ConsentTextRefusalCode = 'VERSION_INVALID' | 'VERSION_TAKEN' | 'TEXT_INVALID';

const textLengthMax = 4000;

/** Puts a text in the place of the current one. Consents given before keep the text that they were given under. */
export async function addConsentText(
  manager: EntityManager,
  { version, zh, en, now }: { version: string; zh: string; en: string; now: Date },
): Promise<KeptText | Refusal<ConsentTextRefusalCode>> {
  if (!/^[A-Za-z0-9.-]{1,20}$/.test(version)) {
    const text = {
      zh: '版本号须为 1 至 20 个字母、数字或 . -',
      en: 'A version has 1 to 20 letters, digits, . or -',
    };
    return refuse('VERSION_INVALID', text, ['version']);
  }
  for (const [language, words] of Object.entries({ zh, en })) {
    if (words.trim() !== '' && words.length <= textLengthMax) continue;
    const text = {
      zh: `须为 1 至 ${textLengthMax} 个字符`,
      en: `must have 1 to ${textLengthMax} characters`,
    };
    return refuse('TEXT_INVALID', text, [language]);
  }
  // Compared here and not by the database: to MySQL two versions are one when only the case of letters differs.
  const versions: { version: string }[] = await manager.query('SELECT version FROM consent_text');
  if (versions.some((kept) => kept.version.toLowerCase() === version.toLowerCase())) {
    return refuse('VERSION_TAKEN', { zh: '该版本已存在', en: 'There is such a version already' }, [
      'version',
    ]);
  }
  const columns = ['version', 'zh', 'en', 'since'];
  await insertRows(manager, 'consent_text', columns, [[version, zh.trim(), en.trim(), now.getTime()]]);
  return currentConsentText(manager);
}
