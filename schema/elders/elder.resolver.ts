import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Elder } from '../../entities/elders/elder.entity.js';
import type { ElderCategory } from '../../entities/elders/elder-category-membership.entity.js';
import { changeElder } from '../../src/elders/change-elder.js';
import type { ElderRefusal } from '../../src/elders/elder-refusals.js';
import { elderState } from '../../src/elders/elder-state.js';
import { type ElderEnding, endElder } from '../../src/elders/end-elder.js';
import { findElder } from '../../src/elders/find-elder.js';
import { countFoundElders, findElders } from '../../src/elders/find-elders.js';
import { registerElder } from '../../src/elders/register-elder.js';
import { reopenElder } from '../../src/elders/reopen-elder.js';
import { completedYears, dayOf } from '../../src/shared/china-time.js';
import { isRefusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { FacilityType } from '../network/facility.type.js';
import { badUserInput } from '../shared/errors.js';
import { idOf } from '../shared/ids.js';
import { connectionOf, readPage } from '../shared/paging.js';
import { notFound, shownRefusal } from '../shared/refusal.js';
import { DateScalar } from '../shared/scalars.js';
import { readSearch } from '../shared/search.js';
import { ChangeElderInput, RegisterElderInput } from './elder.input.js';
import {
  ElderCategoryEnum,
  ElderConnectionType,
  ElderEndingEnum,
  ElderResultUnion,
  ElderType,
  shownElder,
} from './elder.type.js';

@Resolver(() => ElderType)
export class ElderResolver {
  @Query(() => ElderType, {
    nullable: true,
    description:
      '[manager, family, caregiver] One elder; null when there is none with this id, or the caller’s grants cover neither the home station nor the elder. A caregiver’s cover the elders of its own visits, from the day before to the day after.',
  })
  async elder(
    @Ctx() context: Context,
    @Arg('id', () => ID, { description: 'The elder.' }) id: string,
  ): Promise<ElderType | null> {
    const today = dayOf(context.now);
    const scope = await context.elderScopeFor('elder');
    const elder = await context.database.read((manager) => findElder(manager, idOf(id) ?? 0, scope, today));
    if (!elder) await context.audit.refused('elder', notFound, { id });
    return elder ? shownElder(elder, today) : null;
  }

  @Query(() => ElderConnectionType, {
    description:
      '[manager, family, caregiver] Elders that the caller’s grants cover, ended files too, in the order of id; a caregiver’s are those of its own visits, from the day before to the day after. Search is by name, card uid, or the whole resident ID number; by that number it finds nobody for relatives and caregivers, to whom it is shown masked.',
  })
  async elders(
    @Ctx() context: Context,
    @Arg('within', () => ID, {
      nullable: true,
      description: 'Only those whose home station is this facility or stands beneath it today.',
    })
    within: string | null | undefined,
    @Arg('search', () => String, {
      nullable: true,
      description:
        'A part of the name, a whole card uid, or the whole resident ID number: 100 characters at most.',
    })
    search: string | null | undefined,
    @Arg('first', () => Int, { nullable: true, defaultValue: 20, description: 'How many at most, 0 to 200.' })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'The endCursor of the page before.' })
    after: string | null | undefined,
  ): Promise<ElderConnectionType> {
    const page = readPage(first ?? 20, after, context.language);
    const filter = {
      within: typeof within === 'string' ? (idOf(within) ?? 0) : undefined,
      search: readSearch(search, context.language),
    };
    const scope = await context.elderScopeFor('elders');
    const today = dayOf(context.now);
    const rowsWanted = { afterId: page.afterId, rowsMax: page.first + 1 };
    const elders = await context.database.read((manager) =>
      findElders(manager, filter, rowsWanted, scope, today),
    );
    const nodes = elders.map((elder) => shownElder(elder, today));
    return connectionOf(nodes, page.first, () =>
      context.database.read((manager) => countFoundElders(manager, filter, scope, today)),
    );
  }

  @Mutation(() => ElderResultUnion, { description: '[manager] Opens the file of an elder, from today on.' })
  async registerElder(
    @Ctx() context: Context,
    @Arg('input', () => RegisterElderInput, { description: 'What is known of the elder.' })
    input: RegisterElderInput,
  ): Promise<typeof ElderResultUnion> {
    const { homeStationId, abilityLevel = null, abilityExpiresOn = null } = input;
    const registration = {
      ...input,
      homeStationId: typeof homeStationId === 'string' ? (idOf(homeStationId) ?? 0) : null,
      abilityLevel,
      abilityExpiresOn,
    };
    const scope = context.scopeFor('registerElder');
    const result = await context.audit.write(
      (manager) => registerElder(manager, registration, scope, dayOf(context.now)),
      {
        about: { facilityId: registration.homeStationId },
        state: async (manager, elder) =>
          elder && !isRefusal(elder) ? elderState(manager, elder.id) : undefined,
      },
    );
    return shown(result, context);
  }

  @Mutation(() => ElderResultUnion, {
    description:
      '[manager] Changes what the file of an elder says from now on, such as the categories by which meals are subsidised. What was decided by it before stays as it is. A name or categories that are null stay too.',
  })
  async changeElder(
    @Ctx() context: Context,
    @Arg('input', () => ChangeElderInput, { description: 'What is to be different.' })
    { elderId, name, homeStationId, categories, cityCategories, phone, address }: ChangeElderInput,
  ): Promise<typeof ElderResultUnion> {
    const id = idOf(elderId) ?? 0;
    const change = {
      elderId: id,
      name: name ?? undefined,
      homeStationId: typeof homeStationId === 'string' ? (idOf(homeStationId) ?? 0) : homeStationId,
      categories: categories ?? undefined,
      cityCategories: cityCategories ?? undefined,
      phone,
      address,
    };
    const scope = context.scopeFor('changeElder');
    const result = await context.audit.write(
      (manager) => changeElder(manager, change, scope, dayOf(context.now)),
      { state: (manager) => elderState(manager, id) },
    );
    context.forgetLoaders();
    return shown(result, context);
  }

  @Mutation(() => ElderResultUnion, {
    description:
      '[manager] Ends the file of an elder. The cards keep their status; their swipes are refused from then on. Meals from that day on that were subsidised already come up for review; those that were to be brought are called off.',
  })
  async endElder(
    @Ctx() context: Context,
    @Arg('elderId', () => ID, { description: 'The elder, whose file is active.' }) elderId: string,
    @Arg('status', () => ElderEndingEnum, { description: 'How the file ends.' }) status: ElderEnding,
    @Arg('on', () => DateScalar, {
      description: 'The day of death, of moving away or of closing: from the registration to today.',
    })
    on: string,
  ): Promise<typeof ElderResultUnion> {
    const ending = { elderId: idOf(elderId) ?? 0, status, on };
    const scope = context.scopeFor('endElder');
    const result = await context.audit.write(
      (manager) => endElder(manager, ending, scope, dayOf(context.now), context.services.afterElderEnds),
      { state: (manager) => elderState(manager, ending.elderId) },
    );
    // An alias of the same request may have looked at the elder before.
    context.loaders.elderById.clear(ending.elderId);
    return shown(result, context);
  }

  @Mutation(() => ElderResultUnion, {
    description:
      '[manager] Takes back the end of an elder’s file: of who came back, or of whom it was entered wrongly. One that ended on another day is reopened and ended again. What the end called off, such as visits and stays, stays called off.',
  })
  async reopenElder(
    @Ctx() context: Context,
    @Arg('elderId', () => ID, { description: 'The elder, whose file has ended and was not erased.' })
    elderId: string,
  ): Promise<typeof ElderResultUnion> {
    const id = idOf(elderId) ?? 0;
    const scope = context.scopeFor('reopenElder');
    const result = await context.audit.write(
      (manager) => reopenElder(manager, id, scope, dayOf(context.now), context.services.afterElderReopens),
      { state: (manager) => elderState(manager, id) },
    );
    context.loaders.elderById.clear(id);
    return shown(result, context);
  }

  @FieldResolver(() => Int, {
    description:
      'Completed years on the given day, today without it; born on 29 February, a year is completed on 1 March of a common year.',
  })
  age(
    @Root() elder: ElderType,
    @Ctx() context: Context,
    @Arg('on', () => DateScalar, { nullable: true, description: 'A day from the birth on.' })
    on: string | null | undefined,
  ): number {
    const day = on ?? dayOf(context.now);
    if (day < elder.birthDate) {
      const text = { zh: '不得早于出生日期', en: 'must not be before the birth' };
      throw badUserInput(['on'], text, context.language);
    }
    return completedYears(elder.birthDate, day);
  }

  @FieldResolver(() => [ElderCategoryEnum], {
    description:
      'The categories the elder belongs to today, in the order of the enum. Of the group HEALTH: FORBIDDEN to a relative without that right, and to whoever sees the elder by a visit alone.',
  })
  categories(@Root() elder: ElderType, @Ctx() context: Context): Promise<readonly ElderCategory[]> {
    return context.loaders.categoriesByElder.load(elder.id);
  }

  @FieldResolver(() => FacilityType, {
    nullable: true,
    description: 'The home-care station that keeps the elder’s file; null when none does.',
  })
  homeStation(@Root() elder: ElderType, @Ctx() context: Context): Promise<FacilityType | undefined> | null {
    if (elder.homeStationId === null) return null;
    return context.loaders.facilityById.load(elder.homeStationId);
  }
}

function shown(result: Elder | ElderRefusal, context: Context): typeof ElderResultUnion {
  if (isRefusal(result)) return shownRefusal(result, context.language);
  return shownElder(result, dayOf(context.now));
}
