import type { EntityManager } from 'typeorm';
import { cityCategoryNames } from '../elders/city-categories.js';
import { findElder } from '../elders/find-elder.js';
import { covers, type Scope } from '../network/scope.js';
import type { Day } from '../shared/china-time.js';
import type { Text } from '../shared/text.js';
import { readHoursCatalog } from './hours-catalog.js';
import type { LookedGrant } from './hours-entitlement.rules.js';
import { type HoursQuestion, Purses } from './hours-purses.rules.js';
import { paysFor } from './hours-split.rules.js';
import { type GrantFinding, grantFindingText, hoursOfferText } from './hours-words.rules.js';

/** Which grants were looked at for a visit, and what became of each. */
export interface ExplainedHours {
  hoursMinutes: number;
  subsidyFen: number;
  selfPaidFen: number;
  text: Text;
  looked: { setCode: string; version: number; grantCode: string; name: Text; applies: boolean; text: Text }[];
}

/** Explains who would pay a visit. Undefined when the elder or the station is not in `scope`. It writes nothing. */
export async function explainHours(
  manager: EntityManager,
  question: HoursQuestion,
  scope: Scope,
  today: Day,
): Promise<ExplainedHours | undefined> {
  const { elderId, stationId, serviceId, day, priceFen } = question;
  const elder = await findElder(manager, elderId, scope, today);
  const isCovered = await covers(manager, scope, stationId, today);
  if (!elder || !isCovered) return undefined;
  const catalog = await readHoursCatalog(manager, {
    elderIds: [elderId],
    stationIds: [stationId],
    serviceIds: [serviceId],
    fromDay: day,
    toDay: day,
  });
  const names = await cityCategoryNames(manager);
  const purses = new Purses(catalog);
  const looked = purses.looked(question);
  const leftBefore = new Map(
    looked
      .filter(({ unmet }) => unmet === null)
      .map((each) => [each, purses.purseOf(elderId, each).leftMinutes]),
  );
  const parts = purses.take(question);
  const service = catalog.services.get(serviceId);
  const findingOf = (each: LookedGrant): GrantFinding => {
    const { set, grant, unmet } = each;
    if (unmet) return { found: 'UNMET', unmet };
    const part = parts.find(({ purse }) => purse.set === set && purse.grant === grant);
    if (part)
      return { found: 'PAYS', minutes: part.minutes, fen: part.fen, leftMinutes: part.purse.leftMinutes };
    if (service && !paysFor(grant, service)) return { found: 'OTHER_SERVICE' };
    return { found: leftBefore.get(each) === 0 ? 'NOTHING_LEFT' : 'NOT_NEEDED' };
  };
  const subsidyFen = parts.reduce((sum, { fen }) => sum + fen, 0);
  const offer = {
    hoursMinutes: parts.reduce((sum, { minutes }) => sum + minutes, 0),
    subsidyFen,
    selfPaidFen: priceFen - subsidyFen,
  };
  return {
    ...offer,
    text: hoursOfferText(offer, looked.length),
    looked: looked.map((each) => {
      const finding = findingOf(each);
      const { set, grant } = each;
      return {
        setCode: set.code,
        version: set.version,
        grantCode: grant.code,
        name: grant.name,
        applies: finding.found === 'PAYS',
        text: grantFindingText(each, finding, names),
      };
    }),
  };
}
