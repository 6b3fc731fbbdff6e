import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { covers } from '../../src/network/scope.js';
import { addDays, dayOf } from '../../src/shared/china-time.js';
import {
  type CaregiverFile,
  caregiverOfAccount,
  caregiversOfStation,
} from '../../src/visits/caregiver-file.js';
import type { Certificate } from '../../src/visits/caregiver-skills.js';
import { type FoundRoster, rosterDaysMax, rostersOf } from '../../src/visits/find-roster.js';
import type { Context } from '../context.js';
import { FacilityType } from '../network/facility.type.js';
import { badUserInput } from '../shared/errors.js';
import { idOf } from '../shared/ids.js';
import { notFound } from '../shared/refusal.js';
import { DateScalar } from '../shared/scalars.js';
import { CaregiverFileType, CertificateType, RosterType } from './caregiver-file.type.js';

const from = 'The first day.';
const to = `The last day, itself among them: at most ${rosterDaysMax} days.`;

/** Who works when. */
@Resolver(() => CaregiverFileType)
export class RosterResolver {
  @Query(() => [CaregiverFileType], {
    nullable: true,
    description:
      '[manager] The caregivers whom a home-care station has on a day, by name; null for a station beyond the caller’s grants.',
  })
  async caregivers(
    @Ctx() context: Context,
    @Arg('stationId', () => ID, { description: 'The home-care station.' }) stationId: string,
    @Arg('on', () => DateScalar, { nullable: true, description: 'The day; today without it.' })
    on: string | null | undefined,
  ): Promise<CaregiverFile[] | null> {
    const today = dayOf(context.now);
    const day = on ?? today;
    return this.ofStation('caregivers', context, stationId, { from: day, to: day });
  }

  @Query(() => [RosterType], {
    nullable: true,
    description:
      '[manager] When the caregivers of a home-care station work over some days; null for a station beyond the caller’s grants.',
  })
  async roster(
    @Ctx() context: Context,
    @Arg('stationId', () => ID, { description: 'The home-care station.' }) stationId: string,
    @Arg('from', () => DateScalar, { description: from }) fromDay: string,
    @Arg('to', () => DateScalar, { description: to }) toDay: string,
  ): Promise<FoundRoster[] | null> {
    const days = checkedDays(fromDay, toDay, context);
    const caregivers = await this.ofStation('roster', context, stationId, days);
    if (!caregivers) return null;
    return context.database.read((manager) => rostersOf(manager, caregivers, days));
  }

  @Query(() => RosterType, {
    nullable: true,
    description:
      '[caregiver] When the caller works over some days; null for one for whom no station plans visits.',
  })
  async myRoster(
    @Ctx() context: Context,
    @Arg('from', () => DateScalar, { description: from }) fromDay: string,
    @Arg('to', () => DateScalar, { description: to }) toDay: string,
  ): Promise<FoundRoster | null> {
    const days = checkedDays(fromDay, toDay, context);
    return context.database.read(async (manager) => {
      const caregiver = await caregiverOfAccount(manager, context.accountId);
      return caregiver ? ((await rostersOf(manager, [caregiver], days))[0] ?? null) : null;
    });
  }

  @FieldResolver(() => FacilityType, { description: 'The home-care station that sends the caregiver out.' })
  station(@Root() { stationId }: CaregiverFile, @Ctx() { loaders }: Context): Promise<FacilityType> {
    return loaders.facilityById.load(stationId);
  }

  @FieldResolver(() => [CertificateType], {
    description: 'Every skill that was proven, expired ones too, by name.',
  })
  certificates(@Root() { id }: CaregiverFile, @Ctx() { loaders }: Context): Promise<Certificate[]> {
    return loaders.certificatesByCaregiver.load(id);
  }

  private async ofStation(
    operation: string,
    context: Context,
    id: string,
    days: { from: string; to: string },
  ): Promise<CaregiverFile[] | null> {
    const stationId = idOf(id) ?? 0;
    const scope = context.scopeFor(operation);
    const found = await context.database.read(async (manager) =>
      (await covers(manager, scope, stationId, dayOf(context.now)))
        ? caregiversOfStation(manager, stationId, days)
        : undefined,
    );
    if (!found) await context.audit.refused(operation, notFound, { stationId });
    return found ?? null;
  }
}

function checkedDays(fromDay: string, toDay: string, { language }: Context): { from: string; to: string } {
  if (toDay < fromDay || toDay >= addDays(fromDay, rosterDaysMax)) {
    const text = { zh: `须为 1 至 ${rosterDaysMax} 天`, en: `must be 1 to ${rosterDaysMax} days` };
    throw badUserInput(['to'], text, language);
  }
  return { from: fromDay, to: toDay };
}
