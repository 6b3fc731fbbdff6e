import { createUnionType, Field, ID, Int, ObjectType } from 'type-graphql';
import type { Elder, ElderStatus } from '../../entities/elders/elder.entity.js';
import type { ElderCategory } from '../../entities/elders/elder-category-membership.entity.js';
import { abilityLevelOn } from '../../src/elders/ability.rules.js';
import type { ElderRefusalCode } from '../../src/elders/elder-refusals.js';
import type { ElderEnding } from '../../src/elders/end-elder.js';
import type { Day } from '../../src/shared/china-time.js';
import { enumeration } from '../shared/enumeration.js';
import { PageInfo } from '../shared/paging.js';
import { DateScalar } from '../shared/scalars.js';

export const ElderCategoryEnum = enumeration<ElderCategory>(
  'ElderCategory',
  'A group of elders that policies name; an elder may belong to several.',
  {
    DESTITUTE: '特困: destitute, kept by the state.',
    MINIMUM_LIVING: '低保: receives the minimum living allowance.',
    LOW_INCOME: '低保边缘: an income a little above the minimum living standard.',
    DISABLED: '失能: has lost abilities of daily living.',
    HANDICAPPED: '残疾: holds a disability certificate.',
    LIVING_ALONE: '独居: lives alone.',
    EMPTY_NEST: '空巢: the children live elsewhere.',
    LEFT_BEHIND: '留守: left behind in a village by children who work in a city.',
    BEREAVED_FAMILY: '计生特殊家庭: has lost the only child, or it is disabled.',
    PREFERENTIAL: '优抚: entitled to special care for service to the country.',
  },
);

export const ElderStatusEnum = enumeration<ElderStatus>('ElderStatus', 'Whether an elder’s file is in use.', {
  ACTIVE: 'In use.',
  DECEASED: 'The elder has died.',
  MOVED_AWAY: 'The elder lives outside the network.',
  CLOSED: 'Closed for another reason, such as a file kept twice.',
});

export const ElderEndingEnum = enumeration<ElderEnding>('ElderEnding', 'How an elder’s file ends.', {
  DECEASED: 'The elder has died.',
  MOVED_AWAY: 'The elder lives outside the network.',
  CLOSED: 'Another reason, such as a file kept twice.',
});

@ObjectType('Elder', { simpleResolvers: true, description: 'The file of an elder, active or ended.' })
export class ElderType {
  @Field(() => ID, { description: 'Stable, and no part of any other number of the elder.' })
  id!: number;

  @Field(() => String, {
    description: 'The name as on the ID card, 1 to 60 characters; 已清除 once the file was erased.',
  })
  name!: string;

  @Field(() => DateScalar, {
    description: 'The birth date within the ID number; 1 January of that year once the file was erased.',
  })
  birthDate!: Day;

  @Field(() => Int, {
    nullable: true,
    description:
      'GB/T 42195-2022 ability level, 0 (able) to 4 (fully disabled); null when never assessed or expired today. Of the group HEALTH: null with the error FORBIDDEN for a relative without that right.',
  })
  abilityLevel!: number | null;

  @Field(() => ElderStatusEnum, { description: 'Whether the file is in use, or how it ended.' })
  status!: ElderStatus;

  @Field(() => DateScalar, { description: 'The day on which the file was opened.' })
  registeredOn!: Day;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'The day of death, of moving away or of closing the file; null while it is active.',
  })
  endedOn!: Day | null;

  /** For the edge to the home station; not a field of the graph. */
  homeStationId!: number | null;
}

/** What the graph shows of an elder on `today`. What identifies the person has resolvers of its own. */
export function shownElder(elder: Elder, today: Day): ElderType {
  const { id, name, birthDate, status, registeredOn, endedOn, homeStationId } = elder;
  const abilityLevel = abilityLevelOn(elder, today);
  return { id, name, birthDate, abilityLevel, status, registeredOn, endedOn, homeStationId };
}

@ObjectType('ElderConnection', {
  simpleResolvers: true,
  description: 'A page of elders, in the order of id.',
})
export class ElderConnectionType {
  @Field(() => [ElderType], { description: 'The elders of this page.' })
  nodes!: ElderType[];

  @Field(() => PageInfo, { description: 'Whether more follow, and from where.' })
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'Elders on all pages together; counted only when asked for.' })
  totalCount!: number | (() => Promise<number>);
}

export const ElderRefusalCodeEnum = enumeration<ElderRefusalCode>(
  'ElderRefusalCode',
  'Why an elder’s file was not opened, changed, ended, opened again or erased. When several apply, the first in this list is the answer.',
  {
    ELDER_UNKNOWN: 'No elder has this id, as far as the caller may see.',
    ELDER_NOT_ACTIVE: 'The file has ended already.',
    ELDER_NOT_ENDED: 'The file is in use, so it can be neither erased nor opened again.',
    ELDER_ERASED: 'The person was erased from the file, so it cannot be opened again.',
    RETENTION_NOT_PASSED: 'The file has not been kept long enough after its end to be erased.',
    NOT_SETTLED:
      'There is money on the account, a review or a dispute that waits for a decision, or a meal that is still to be brought; the message says what.',
    DAY_OUT_OF_RANGE: 'The day is after today, or before the file was opened.',
    NAME_INVALID: 'The name is empty, longer than 60 characters, or holds control characters.',
    ID_NUMBER_INVALID:
      'Not 18 characters of GB 11643-1999 with a birth date up to today and the right check character.',
    PHONE_INVALID: 'Not a phone number of 7 to 15 digits.',
    ADDRESS_INVALID: 'The address is longer than 200 characters, or holds control characters.',
    ABILITY_LEVEL_OUT_OF_RANGE: 'The ability level is not 0 to 4.',
    ABILITY_INCOMPLETE: 'An ability level without the day on which it expires, or the day without a level.',
    HOME_STATION_UNKNOWN:
      'No open home-care station has this id, as far as the caller may see; without a station only who sees the whole network may register.',
    CATEGORY_UNKNOWN: 'No category of the city has this code.',
    ID_NUMBER_TAKEN: 'The ID number is registered already, here or elsewhere in the network.',
  },
);

@ObjectType('ElderRefusal', { simpleResolvers: true, description: 'Nothing was written, and why.' })
export class ElderRefusalType {
  @Field(() => ElderRefusalCodeEnum, { description: 'Why.' })
  code!: ElderRefusalCode;

  @Field(() => String, { description: 'The same in words, in the language of the request.' })
  message!: string;

  @Field(() => [String], { nullable: true, description: 'The input field at fault, as a path.' })
  field!: readonly string[] | null;
}

export const ElderResultUnion = createUnionType({
  name: 'ElderResult',
  description: 'The elder’s file as it now stands, or why nothing changed.',
  types: () => [ElderType, ElderRefusalType] as const,
  resolveType: (value) => ('code' in value ? ElderRefusalType : ElderType),
});
