import { Arg, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { FacilityKind } from '../../entities/network/facility.entity.js';
import { addFacility } from '../../src/network/add-facility.js';
import { closeFacility } from '../../src/network/close-facility.js';
import { facilityState } from '../../src/network/facility-state.js';
import {
  countFacilities,
  type FacilityFilter,
  facilityByCode,
  facilityById,
  findFacilities,
} from '../../src/network/find-facilities.js';
import { moveFacility } from '../../src/network/move-facility.js';
import { renameFacility } from '../../src/network/rename-facility.js';
import { dayOf } from '../../src/shared/china-time.js';
import { isRefusal } from '../../src/shared/refusal.js';
import type { Context } from '../context.js';
import { badUserInput } from '../shared/errors.js';
import { idOf } from '../shared/ids.js';
import { type Connection, connectionOf, readPage } from '../shared/paging.js';
import { DateScalar } from '../shared/scalars.js';
import { readSearch } from '../shared/search.js';
import { AddFacilityInput } from './facility.input.js';
import { FacilityConnectionType, FacilityType } from './facility.type.js';
import { FacilityKindEnum } from './facility-kind.type.js';
import { FacilityResultType, shownFacilityRefusal } from './facility-result.type.js';

const pageSize = 20;

/** Stands for an id that is malformed: no row has it. */
const nobody = 0;

/** The places of the network, and how it grows and changes. */
@Resolver(() => FacilityType)
export class FacilityResolver {
  @Query(() => FacilityType, {
    nullable: true,
    description: 'One facility by its id or by its code, exactly one of which is given; a closed one too.',
  })
  async facility(
    @Ctx() context: Context,
    @Arg('id', () => ID, { nullable: true, description: 'The facility’s id.' }) id: string | null | undefined,
    @Arg('code', () => String, { nullable: true, description: 'The code, in its capital letters.' })
    code: string | null | undefined,
  ): Promise<FacilityType | undefined> {
    const byId = id !== null && id !== undefined;
    const byCode = code !== null && code !== undefined;
    if (byId === byCode) {
      const text = { zh: 'id 与 code 须且只须给出一个', en: 'exactly one of id and code must be given' };
      throw badUserInput([byId ? 'code' : 'id'], text, context.language);
    }
    return context.database.read((manager) =>
      byId ? facilityById(manager, idOf(id) ?? nobody) : facilityByCode(manager, code ?? ''),
    );
  }

  @Query(() => FacilityConnectionType, {
    description: 'The facilities that are open today, as many as match all that is given.',
  })
  async facilities(
    @Ctx() context: Context,
    @Arg('within', () => ID, { nullable: true, description: 'This facility and everything beneath it.' })
    within: string | null | undefined,
    @Arg('kind', () => FacilityKindEnum, { nullable: true, description: 'Only facilities of this kind.' })
    kind: FacilityKind | null | undefined,
    @Arg('search', () => String, {
      nullable: true,
      description: 'A part of the name or of the code, at most 100 characters.',
    })
    search: string | null | undefined,
    @Arg('first', () => Int, {
      nullable: true,
      defaultValue: pageSize,
      description: 'How many at most, 0 to 200.',
    })
    first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'The endCursor of the page before.' })
    after: string | null | undefined,
  ): Promise<Connection<FacilityType>> {
    const { database, language } = context;
    const page = readPage(first ?? pageSize, after, language);
    const filter: FacilityFilter = {
      within: within === null || within === undefined ? undefined : (idOf(within) ?? nobody),
      kind: kind ?? undefined,
      search: readSearch(search, language),
    };
    const today = dayOf(context.now);
    const asked = { afterId: page.afterId, rowsMax: page.first + 1 };
    const rows = await database.read((manager) => findFacilities(manager, filter, asked, today));
    return connectionOf(rows, page.first, () =>
      database.read((manager) => countFacilities(manager, filter, today)),
    );
  }

  @Mutation(() => FacilityResultType, {
    description: '[administrator] Adds a facility beneath its parent, from the day it opened.',
  })
  async addFacility(
    @Ctx() context: Context,
    @Arg('input', () => AddFacilityInput, { description: 'What is added.' }) input: AddFacilityInput,
  ): Promise<typeof FacilityResultType> {
    const today = dayOf(context.now);
    const { parentId, openedOn, ...rest } = input;
    const parent = parentId === null || parentId === undefined ? null : (idOf(parentId) ?? nobody);
    const facility = { ...rest, parentId: parent, openedOn: openedOn ?? today };
    const scope = context.scopeFor('addFacility');
    const result = await context.audit.write((manager) => addFacility(manager, facility, scope, today), {
      about: { facilityId: parent },
      state: async (manager, added) =>
        added && !isRefusal(added) ? facilityState(manager, added.id) : undefined,
    });
    return isRefusal(result) ? shownFacilityRefusal(result, context.language) : result;
  }

  @Mutation(() => FacilityResultType, {
    description: '[administrator] Gives a facility another name; its code stays.',
  })
  async renameFacility(
    @Ctx() context: Context,
    @Arg('id', () => ID, { description: 'Which facility.' }) id: string,
    @Arg('name', () => String, { description: 'The new name, 1 to 100 characters.' }) name: string,
  ): Promise<typeof FacilityResultType> {
    const input = { facilityId: idOf(id) ?? nobody, name };
    const scope = context.scopeFor('renameFacility');
    const result = await context.audit.write(
      (manager) => renameFacility(manager, input, scope, dayOf(context.now)),
      { state: (manager) => facilityState(manager, input.facilityId) },
    );
    return isRefusal(result) ? shownFacilityRefusal(result, context.language) : result;
  }

  @Mutation(() => FacilityResultType, {
    description:
      '[administrator] Places a facility, with everything beneath it, beneath another parent from a day on. The days before keep the old tree.',
  })
  async moveFacility(
    @Ctx() context: Context,
    @Arg('id', () => ID, { description: 'Which facility.' }) id: string,
    @Arg('parentId', () => ID, { description: 'The new parent.' }) parentId: string,
    @Arg('on', () => DateScalar, {
      description:
        'The first day beneath the new parent: after the first day of today’s placement, and ahead of today if wished.',
    })
    on: string,
  ): Promise<typeof FacilityResultType> {
    const move = { facilityId: idOf(id) ?? nobody, parentId: idOf(parentId) ?? nobody, on };
    const scope = context.scopeFor('moveFacility');
    const result = await context.audit.write(
      (manager) => moveFacility(manager, move, scope, dayOf(context.now)),
      { state: (manager) => facilityState(manager, move.facilityId) },
    );
    return isRefusal(result) ? shownFacilityRefusal(result, context.language) : result;
  }

  @Mutation(() => FacilityResultType, {
    description:
      '[administrator] Closes a facility from a day on, when nothing beneath it is open, nobody has or holds a bed of it and no meal is to be brought from it then. It keeps its code and its past.',
  })
  async closeFacility(
    @Ctx() context: Context,
    @Arg('id', () => ID, { description: 'Which facility.' }) id: string,
    @Arg('on', () => DateScalar, { description: 'The first day on which it is no longer open.' }) on: string,
  ): Promise<typeof FacilityResultType> {
    const input = { facilityId: idOf(id) ?? nobody, on };
    const scope = context.scopeFor('closeFacility');
    const result = await context.audit.write(
      (manager) => closeFacility(manager, input, scope, dayOf(context.now), context.services.beforeClosing),
      { state: (manager) => facilityState(manager, input.facilityId) },
    );
    return isRefusal(result) ? shownFacilityRefusal(result, context.language) : result;
  }
}
