import { type Refusal, refuse } from '../shared/refusal.js';
import type { Text } from '../shared/text.js';

/** Why nothing happened to an account or a grant, in order of precedence: the first that applies is answered. */
export const accountRefusalCodes = [
  'TOO_MANY_TRIES',
  'ACCOUNT_UNKNOWN',
  'GRANT_UNKNOWN',
  'OWN_ACCOUNT',
  'NO_PASSWORD',
  'PASSWORD_WRONG',
  'NAME_INVALID',
  'USER_NAME_INVALID',
  'PASSWORD_UNFIT',
  'ROLE_NOT_GIVEN',
  'FACILITY_UNKNOWN',
  'FACILITY_CLOSED',
  'UNTIL_PAST',
  'USER_NAME_TAKEN',
  'TOTP_SET_UP',
  'TOTP_NOT_STARTED',
  'CODE_WRONG',
] as const;
export type AccountRefusalCode = (typeof accountRefusalCodes)[number];
export type AccountRefusal = Refusal<AccountRefusalCode>;

const texts: Record<AccountRefusalCode, Text> = {
  TOO_MANY_TRIES: { zh: '尝试过于频繁，请稍后再试', en: 'Too many tries; please wait a while' },
  ACCOUNT_UNKNOWN: { zh: '没有此账户', en: 'There is no such account' },
  GRANT_UNKNOWN: { zh: '没有此授权', en: 'There is no such grant' },
  OWN_ACCOUNT: { zh: '请自行修改自己的密码', en: 'Change a password of your own with the old one' },
  NO_PASSWORD: { zh: '此账户没有密码', en: 'This account has no password' },
  PASSWORD_WRONG: { zh: '密码有误，或尝试过于频繁', en: 'The password is wrong, or was tried too often' },
  NAME_INVALID: { zh: '名称须为 1 至 60 个字', en: 'A name has 1 to 60 characters' },
  USER_NAME_INVALID: {
    zh: '用户名须为 3 至 40 个小写字母、数字或 . _ -，首尾须为字母或数字',
    en: 'A user name has 3 to 40 letters, digits or . _ - and begins and ends with a letter or digit',
  },
  PASSWORD_UNFIT: {
    zh: '密码须为 10 至 128 个字符，不得与用户名相同，也不得只用一两种字符',
    en: 'A password has 10 to 128 characters, at least three different ones, and is not the user name',
  },
  ROLE_NOT_GIVEN: { zh: '您不能授予此角色', en: 'You may not give this role' },
  FACILITY_UNKNOWN: { zh: '请选择您辖区内的机构', en: 'There is no such facility within your area' },
  FACILITY_CLOSED: { zh: '该机构未在营业', en: 'The facility is not open' },
  UNTIL_PAST: { zh: '截止时间须在当前时间之后', en: 'The end must lie ahead' },
  USER_NAME_TAKEN: { zh: '该用户名已被使用', en: 'This user name is taken' },
  TOTP_SET_UP: {
    zh: '已设置动态口令，更换手机请填写当前的动态口令',
    en: 'One-time codes are set up already; to replace the phone give its code of the moment',
  },
  TOTP_NOT_STARTED: { zh: '请先开始设置动态口令', en: 'The set-up of one-time codes was not started' },
  CODE_WRONG: { zh: '动态口令有误', en: 'The one-time code is wrong' },
};

export function refuseAccount(
  code: AccountRefusalCode,
  field: readonly string[] | null = null,
): AccountRefusal {
  return refuse(code, texts[code], field);
}
