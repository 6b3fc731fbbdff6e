import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import type { EntityManager } from 'typeorm';
import type { Gender } from '../../entities/visits/caregiver.entity.js';
import type { AbsenceKind } from '../../entities/visits/caregiver-absence.entity.js';
import { dayOf } from '../../src/shared/china-time.js';
import { isRefusal } from '../../src/shared/refusal.js';
import { addCaregiver, changeCaregiver, endCaregiver } from '../../src/visits/add-caregiver.js';
import { type CaregiverFile, caregiverFiles, caregiverState } from '../../src/visits/caregiver-file.js';
import type { CaregiverRefusal } from '../../src/visits/caregiver-refusals.js';
import { keepSkill, withdrawSkill } from '../../src/visits/caregiver-skills.js';
import {
  absenceById,
  recordAbsence,
  type StandingAbsence,
  withdrawAbsence,
} from '../../src/visits/record-absence.js';
import { setWorkingHours } from '../../src/visits/set-working-hours.js';
import { type Misfit, misfitsOf } from '../../src/visits/visits-out-of-roster.js';
import type { Context } from '../context.js';
import { idOf } from '../shared/ids.js';
import { shownRefusal } from '../shared/refusal.js';
import { DateScalar, DateTimeScalar } from '../shared/scalars.js';
import {
  AbsenceKindEnum,
  AddCaregiverInput,
  CaregiverChangedType,
  CaregiverResultUnion,
  GenderEnum,
  WeekSpanInput,
} from './caregiver-file.type.js';

const idDescription = 'Which caregiver, of a station that the caller’s grants cover.';

/** How a station's manager keeps whom visits are planned for. Whatever is said changes no visit by itself. */
@Resolver(() => CaregiverChangedType)
export class CaregiverChangesResolver {
  @Mutation(() => CaregiverResultUnion, {
    description: '[manager] Lets a station plan visits for somebody who may sign in as a caregiver there.',
  })
  addCaregiver(
    @Ctx() context: Context,
    @Arg('input', () => AddCaregiverInput, { description: 'The caregiver.' }) input: AddCaregiverInput,
  ): Promise<typeof CaregiverResultUnion> {
    const { gender, activeFrom, homeDivisionCode = null } = input;
    const ids = { accountId: idOf(input.accountId) ?? 0, stationId: idOf(input.stationId) ?? 0 };
    const wanted = { ...ids, gender, activeFrom, homeDivisionCode, now: context.now };
    const scope = context.scopeFor('addCaregiver');
    return changed(context, undefined, (manager) => addCaregiver(manager, wanted, scope));
  }

  @Mutation(() => CaregiverResultUnion, {
    description: '[manager] Says anew of which gender a caregiver is, and where the caregiver lives.',
  })
  changeCaregiver(
    @Ctx() context: Context,
    @Arg('caregiverId', () => ID, { description: idDescription }) id: string,
    @Arg('gender', () => GenderEnum, { description: 'The gender.' }) gender: Gender,
    @Arg('homeDivisionCode', () => String, {
      nullable: true,
      description: 'A division code of 6, 9 or 12 digits; not known without it.',
    })
    homeDivisionCode: string | null | undefined,
  ): Promise<typeof CaregiverResultUnion> {
    const change = { caregiverId: idOf(id) ?? 0, gender, homeDivisionCode: homeDivisionCode ?? null };
    const scope = context.scopeFor('changeCaregiver');
    return changed(context, change.caregiverId, (manager, today) =>
      changeCaregiver(manager, change, scope, today),
    );
  }

  @Mutation(() => CaregiverResultUnion, {
    description: '[manager] From a day on no visit is planned for the caregiver any more.',
  })
  endCaregiver(
    @Ctx() context: Context,
    @Arg('caregiverId', () => ID, { description: idDescription }) id: string,
    @Arg('on', () => DateScalar, { description: 'The first day without visits, today at the earliest.' })
    on: string,
  ): Promise<typeof CaregiverResultUnion> {
    const caregiverId = idOf(id) ?? 0;
    const scope = context.scopeFor('endCaregiver');
    return changed(context, caregiverId, (manager, today) =>
      endCaregiver(manager, { caregiverId, on }, scope, today),
    );
  }

  @Mutation(() => CaregiverResultUnion, {
    description:
      '[manager] Keeps a skill that a caregiver has proven; of one that is there the certificate is renewed.',
  })
  keepSkill(
    @Ctx() context: Context,
    @Arg('caregiverId', () => ID, { description: idDescription }) id: string,
    @Arg('skill', () => String, {
      description: 'As services ask for it: 1 to 24 of A-Z, 0-9 and the hyphen.',
    })
    skill: string,
    @Arg('expiresOn', () => DateScalar, {
      nullable: true,
      description:
        'The first day on which the certificate no longer counts, after today; without an end if left out.',
    })
    expiresOn: string | null | undefined,
  ): Promise<typeof CaregiverResultUnion> {
    const kept = { caregiverId: idOf(id) ?? 0, skill, expiresOn: expiresOn ?? null };
    const scope = context.scopeFor('keepSkill');
    return changed(context, kept.caregiverId, (manager, today) => keepSkill(manager, kept, scope, today));
  }

  @Mutation(() => CaregiverResultUnion, {
    description: '[manager] Takes a skill away, such as when its certificate was withdrawn.',
  })
  withdrawSkill(
    @Ctx() context: Context,
    @Arg('caregiverId', () => ID, { description: idDescription }) id: string,
    @Arg('skill', () => String, { description: 'One that the caregiver has.' }) skill: string,
  ): Promise<typeof CaregiverResultUnion> {
    const caregiverId = idOf(id) ?? 0;
    const scope = context.scopeFor('withdrawSkill');
    return changed(context, caregiverId, (manager, today) =>
      withdrawSkill(manager, { caregiverId, skill }, scope, today),
    );
  }

  @Mutation(() => CaregiverResultUnion, {
    description:
      '[manager] Sets the hours of every week from a day on, in the place of those said for that day and later. Days before it stay as they were worked.',
  })
  setWorkingHours(
    @Ctx() context: Context,
    @Arg('caregiverId', () => ID, { description: idDescription }) id: string,
    @Arg('fromDay', () => DateScalar, { description: 'The first day, today at the earliest.' })
    fromDay: string,
    @Arg('hours', () => [WeekSpanInput], { description: 'Of the week; none for nobody. At most 28.' })
    spans: WeekSpanInput[],
  ): Promise<typeof CaregiverResultUnion> {
    const hours = { caregiverId: idOf(id) ?? 0, fromDay, spans };
    const scope = context.scopeFor('setWorkingHours');
    return changed(context, hours.caregiverId, (manager, today) =>
      setWorkingHours(manager, hours, scope, today),
    );
  }

  @Mutation(() => CaregiverResultUnion, {
    description:
      '[manager] Keeps that a caregiver is away over [startsAt, endsAt), and names the visits that no longer fit. None is changed.',
  })
  recordAbsence(
    @Ctx() context: Context,
    @Arg('caregiverId', () => ID, { description: idDescription }) id: string,
    @Arg('kind', () => AbsenceKindEnum, { description: 'Why.' }) kind: AbsenceKind,
    @Arg('startsAt', () => DateTimeScalar, {
      description: 'From 31 days ago to 400 days ahead: sick leave is heard of late.',
    })
    startsAt: Date,
    @Arg('endsAt', () => DateTimeScalar, { description: 'The end, at most 400 days later.' }) endsAt: Date,
  ): Promise<typeof CaregiverResultUnion> {
    const { accountId: byId, now } = context;
    const absence = { caregiverId: idOf(id) ?? 0, kind, startsAt, endsAt, byId, now };
    const scope = context.scopeFor('recordAbsence');
    return changed(context, absence.caregiverId, (manager) => recordAbsence(manager, absence, scope));
  }

  @Mutation(() => CaregiverResultUnion, {
    description: '[manager] Takes back an absence that is not over.',
  })
  async withdrawAbsence(
    @Ctx() context: Context,
    @Arg('absenceId', () => ID, { description: 'Which absence.' }) id: string,
  ): Promise<typeof CaregiverResultUnion> {
    const absenceId = idOf(id) ?? 0;
    const found = await context.database.read((manager) => absenceById(manager, absenceId));
    const scope = context.scopeFor('withdrawAbsence');
    return changed(context, found?.caregiverId ?? 0, (manager) =>
      withdrawAbsence(manager, { absenceId, now: context.now }, scope),
    );
  }
}

interface Changed {
  caregiver: CaregiverFile;
  absence: StandingAbsence | null;
  misfits: Misfit[];
}

/** Does the work on record, and looks in the same transaction which visits no longer fit. */
async function changed(
  context: Context,
  caregiverId: number | undefined,
  work: (
    manager: EntityManager,
    today: string,
  ) => Promise<CaregiverFile | StandingAbsence | CaregiverRefusal>,
): Promise<typeof CaregiverResultUnion> {
  const { now } = context;
  const result = await context.audit.write(
    async (manager): Promise<Changed | CaregiverRefusal> => {
      const done = await work(manager, dayOf(now));
      if (isRefusal(done)) return done;
      const absence = 'caregiverId' in done ? done : null;
      const id = absence?.caregiverId ?? done.id;
      const caregiver = (await caregiverFiles(manager, [id])).get(id);
      if (!caregiver) throw new Error(`caregiver ${id} was changed and is not there`);
      return { caregiver, absence, misfits: await misfitsOf(manager, id, now) };
    },
    {
      state: (manager, done) => {
        const changedId = done && !isRefusal(done) ? done.caregiver.id : undefined;
        return caregiverState(manager, changedId ?? caregiverId);
      },
    },
  );
  return isRefusal(result) ? shownRefusal(result, context.language) : result;
}
