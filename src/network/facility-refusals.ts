import type { FacilityKind } from '../../entities/network/facility.entity.js';
import { type Refusal, refuse } from '../shared/refusal.js';
import type { Text } from '../shared/text.js';
import { kindRules } from './facility-kinds.rules.js';

/** Why a facility was not added or changed. */
export const facilityRefusalCodes = [
  'FACILITY_UNKNOWN',
  'ALREADY_CLOSED',
  'CODE_INVALID',
  'NAME_INVALID',
  'DATE_OUT_OF_RANGE',
  'PARENT_UNKNOWN',
  'ALREADY_THERE',
  'WOULD_BE_A_CYCLE',
  'KIND_NOT_ALLOWED_HERE',
  'DIVISION_CODE_INVALID',
  'PARENT_NOT_OPEN',
  'NOT_EMPTY',
  'CODE_TAKEN',
] as const;
/** In order of precedence: when several apply, the first is the answer. */
export type FacilityRefusalCode = (typeof facilityRefusalCodes)[number];

export type FacilityRefusal = Refusal<FacilityRefusalCode>;

type Field = readonly string[];

export const refusals = {
  facilityUnknown: (field: Field) =>
    refuse('FACILITY_UNKNOWN', { zh: '没有这个机构', en: 'There is no such facility' }, field),
  alreadyClosed: (field: Field) =>
    refuse(
      'ALREADY_CLOSED',
      { zh: '该机构已关闭或已定于某日关闭', en: 'It is closed, or set to close by then' },
      field,
    ),
  codeInvalid: (field: Field) =>
    refuse(
      'CODE_INVALID',
      {
        zh: '编码为 1 至 32 个大写字母、数字或连字符，首尾不得为连字符',
        en: 'A code is 1 to 32 capital letters, digits or hyphens, with no hyphen at either end',
      },
      field,
    ),
  nameInvalid: (field: Field) =>
    refuse('NAME_INVALID', { zh: '名称为 1 至 100 个字', en: 'A name is 1 to 100 characters' }, field),
  dateOutOfRange: (field: Field, zh: string, en: string) => refuse('DATE_OUT_OF_RANGE', { zh, en }, field),
  earlierMonth: (field: Field) =>
    refuse(
      'DATE_OUT_OF_RANGE',
      {
        zh: '不得早于本月一日：往月的汇总不再更改',
        en: 'It must not lie before this month: what last month was stays so',
      },
      field,
    ),
  parentUnknown: (field: Field) =>
    refuse(
      'PARENT_UNKNOWN',
      { zh: '没有这个上级机构，或它不在您的范围内', en: 'There is no such parent within your reach' },
      field,
    ),
  alreadyThere: (field: Field) =>
    refuse(
      'ALREADY_THERE',
      { zh: '那一天它已在该机构之下', en: 'It stands there already on that day' },
      field,
    ),
  wouldBeACycle: (field: Field) =>
    refuse(
      'WOULD_BE_A_CYCLE',
      { zh: '机构不能置于自身或其下级之下', en: 'A facility cannot stand beneath itself' },
      field,
    ),
  kindNotAllowedHere: (field: Field, kind: FacilityKind) => {
    const kinds = kindRules[kind].beneath.join(', ');
    return refuse(
      'KIND_NOT_ALLOWED_HERE',
      kinds === ''
        ? { zh: `${kind} 没有上级`, en: `${kind} stands beneath nothing` }
        : { zh: `${kind} 的上级须为 ${kinds}`, en: `${kind} stands beneath one of ${kinds}` },
      field,
    );
  },
  divisionLengthInvalid: (field: Field, kind: FacilityKind) => {
    const digits = kindRules[kind].divisionDigits.join('/');
    return refuse(
      'DIVISION_CODE_INVALID',
      {
        zh: `${kind} 的区划代码为 ${digits} 位数字`,
        en: `The division code of ${kind} has ${digits} digits`,
      },
      field,
    );
  },
  divisionNotWithin: (field: Field, parentCode: string) =>
    refuse(
      'DIVISION_CODE_INVALID',
      {
        zh: `区划不在上级的 ${parentCode} 之内`,
        en: `The division is not within the parent's ${parentCode}`,
      },
      field,
    ),
  parentNotOpen: (field: Field) =>
    refuse(
      'PARENT_NOT_OPEN',
      { zh: '上级机构在此期间并非一直开放', en: 'The parent is not open for all of that time' },
      field,
    ),
  notEmpty: (field: Field) =>
    refuse(
      'NOT_EMPTY',
      { zh: '其下那天或之后仍有开放的机构', en: 'Open facilities stand beneath it on that day or later' },
      field,
    ),
  inUse: (field: Field, text: Text) => refuse('NOT_EMPTY', text, field),
  codeTaken: (field: Field) => refuse('CODE_TAKEN', { zh: '编码已被使用', en: 'The code is taken' }, field),
} satisfies Record<string, (...details: never[]) => FacilityRefusal>;
