import { openDatabase } from '../ormconfig.js';
import { previewRuleChange } from '../src/meals/rules/preview-rule-change.js';
import type { RuleImpact } from '../src/meals/rules/rule-impact.js';
import { ruleDocument } from '../src/meals/rules/rule-language.rules.js';
import { subsidyRules } from '../src/meals/rules/subsidy-rules.js';
import { listedVersion } from '../src/rule-versions/list-versions.js';
import { proposeVersion } from '../src/rule-versions/propose-version.js';
import { institutionStays } from '../src/server/institution-stays.js';
import type { Database, Engine } from '../src/shared/database.js';
import { migrate } from '../src/shared/migrate.js';
import { isRefusal } from '../src/shared/refusal.js';
import { testKeys } from '../test/support/test-keys.js';
import { benchDatabase } from './support/engines.js';
import { fillMonth, type MonthSize } from './support/month-filler.js';
import { watched } from './support/watched.js';

export interface PreviewReport {
  engine: Engine;
  meals: number;
  plain_seconds: number;
  plain_cpu_seconds: number;
  capped_seconds: number;
  capped_cpu_seconds: number;
  rss_mb_peak: number;
  /** The longest that nothing else got a turn of the process, as other callers of the server would feel it. */
  stall_ms_max: number;
}

const month = '2026-10';

/** Asks what the month of a city would have cost under other rules, with caps that count meals and without. */
export async function benchPreview(engine: Engine, size: MonthSize): Promise<PreviewReport> {
  const bench = await benchDatabase(engine);
  try {
    const { database, writer } = await openDatabase(bench.databaseUrl, { identityKeys: testKeys });
    try {
      await migrate(writer);
      const { cityId } = await fillMonth(database, month, size);
      const plain = await watched(() => preview(database, cityId, 'PLAIN', []));
      const capped = await watched(() => preview(database, cityId, 'CAPPED', [{ per: 'WEEK', times: 5 }]));
      return {
        engine,
        meals: plain.result.meals,
        plain_seconds: plain.seconds,
        plain_cpu_seconds: plain.cpuSeconds,
        capped_seconds: capped.seconds,
        capped_cpu_seconds: capped.cpuSeconds,
        rss_mb_peak: Math.max(plain.rssMb, capped.rssMb),
        stall_ms_max: Math.max(plain.stallMs, capped.stallMs),
      };
    } finally {
      await database.close();
    }
  } finally {
    await bench.drop();
  }
}

async function preview(
  database: Database,
  facilityId: number,
  code: string,
  caps: readonly object[],
): Promise<RuleImpact> {
  const document = ruleDocument.parse(documentWith(caps));
  const proposal = { code, facilityId, fromDay: '2026-12-01', toDay: null, document, byId: null };
  const proposed = await database.write((manager) =>
    proposeVersion(
      manager,
      subsidyRules,
      { ...proposal, now: new Date('2026-11-01T08:00:00+08:00') },
      { scope: 'everywhere' },
    ),
  );
  if (isRefusal(proposed)) throw new Error(proposed.message.en);
  const { ruleSetId } = proposed;
  return database.read(async (manager) => {
    const rules = await listedVersion(manager, subsidyRules, ruleSetId);
    if (!rules) throw new Error('what was proposed is not there');
    const days = { fromDay: `${month}-01`, toDay: '2026-11-01' };
    return previewRuleChange(manager, rules, days, { stays: institutionStays });
  });
}

function documentWith(caps: readonly object[]): object {
  const words = (text: string) => ({ zh: text, en: text });
  const band = (code: string, ageFrom: number, fen: number) => ({
    code,
    name: words(code),
    who: { ageFrom },
    when: { meals: ['LUNCH', 'DINNER'] },
    gives: { kind: 'AMOUNT', fen },
    borneBy: [
      { funder: 'BUREAU', percent: 60 },
      { canteen: true, rest: true },
    ],
  });
  const rules = [band('OLDEST', 80, 500), band('OLDER', 75, 400), band('OLD', 60, 300)];
  const group = {
    code: 'MEAL',
    name: words('meal'),
    pick: 'BEST',
    rules,
    ...(caps.length > 0 ? { caps } : {}),
  };
  return { format: 1, name: words('proposed'), alongside: 'BEST', groups: [group] };
}
