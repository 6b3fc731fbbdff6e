import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { dayOf } from '../../src/shared/china-time.js';
import { isMonth } from '../../src/shared/month.js';
import { explainHours } from '../../src/visits/explain-hours.js';
import { hoursOf } from '../../src/visits/find-hours.js';
import { pricedService } from '../../src/visits/priced-service.js';
import type { Context } from '../context.js';
import { badUserInput } from '../shared/errors.js';
import { idOf } from '../shared/ids.js';
import { notFound } from '../shared/refusal.js';
import { DateScalar } from '../shared/scalars.js';
import { ElderHoursType, HoursExplanationType, shownExplanation, shownGrant } from './hours.type.js';

/** Stands for an id that is malformed: no row has it. */
const nobody = 0;

/** What an elder has of government hours, and why. */
@Resolver(() => ElderHoursType)
export class HoursResolver {
  @Query(() => ElderHoursType, {
    nullable: true,
    description:
      '[manager, family] An elder’s government hours of a month: granted, reserved, used and left, with every posting; null when there is no such elder in the caller’s scope. A relative needs the right BOOKING.',
  })
  async hoursOf(
    @Ctx() context: Context,
    @Arg('elderId', () => ID, { description: 'The elder.' }) elderId: string,
    @Arg('month', () => String, { description: 'The month, YYYY-MM.' }) month: string,
  ): Promise<ElderHoursType | null> {
    const { language } = context;
    if (!isMonth(month)) {
      const text = { zh: '月份须写作 2026-01', en: 'a month is written as in 2026-01' };
      throw badUserInput(['month'], text, language);
    }
    const asked = { elderId: idOf(elderId) ?? nobody, month };
    const scope = await context.elderScopeFor('hoursOf');
    const found = await context.database.read((manager) =>
      hoursOf(manager, asked, scope, dayOf(context.now)),
    );
    if (!found) await context.audit.refused('hoursOf', notFound, { elderId });
    return found ? { ...found, grants: found.grants.map((grant) => shownGrant(grant, language)) } : null;
  }

  @Query(() => HoursExplanationType, {
    nullable: true,
    description:
      '[manager] Who would pay one visit of a service to an elder on a day, and of every grant in force why it pays or not; it writes nothing. Null when there is no such elder in the caller’s scope.',
  })
  async explainHours(
    @Ctx() context: Context,
    @Arg('elderId', () => ID, { description: 'The elder.' }) elderId: string,
    @Arg('serviceCode', () => String, {
      description: 'The code of a Service, which has a price on that day.',
    })
    serviceCode: string,
    @Arg('stationId', () => ID, { description: 'The home-care station that would bring it.' })
    stationId: string,
    @Arg('day', () => DateScalar, { description: 'The day of the visit.' }) day: string,
  ): Promise<HoursExplanationType | null> {
    const { language } = context;
    const service = await context.database.read((manager) => pricedService(manager, serviceCode, day));
    if (!service) {
      const text = { zh: '当日无此服务', en: 'there is no such service on that day' };
      throw badUserInput(['serviceCode'], text, language);
    }
    const asked = { elderId: idOf(elderId) ?? nobody, stationId: idOf(stationId) ?? nobody, day, ...service };
    const scope = context.scopeFor('explainHours');
    const explained = await context.database.read((manager) =>
      explainHours(manager, asked, scope, dayOf(context.now)),
    );
    if (!explained) await context.audit.refused('explainHours', notFound, { elderId });
    return explained ? shownExplanation(explained, language) : null;
  }
}
