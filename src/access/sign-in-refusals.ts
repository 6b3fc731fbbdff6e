import { type Refusal, refuse } from '../shared/refusal.js';
import type { Text } from '../shared/text.js';

/** Why nobody was signed in, in order of precedence. */
export const signInRefusalCodes = [
  'MESSAGES_NOT_SENT',
  'TOO_MANY_TRIES',
  'PHONE_INVALID',
  'SIGN_IN_FAILED',
  'CODE_WRONG',
  'SESSION_ENDED',
] as const;
export type SignInRefusalCode = (typeof signInRefusalCodes)[number];
export type SignInRefusal = Refusal<SignInRefusalCode>;

const texts: Record<SignInRefusalCode, Text> = {
  MESSAGES_NOT_SENT: {
    zh: '本平台尚未开通短信，家属暂时无法登录',
    en: 'This server sends no messages to phones yet, so relatives cannot sign in',
  },
  TOO_MANY_TRIES: { zh: '登录过于频繁，请稍后再试', en: 'Too many tries; please wait a while' },
  // One text for all reasons: it must not tell whether there is such a user, or which part was right.
  SIGN_IN_FAILED: {
    zh: '用户名、密码或动态口令有误，或尝试过于频繁，请稍后再试',
    en: 'The user name, password or one-time code is wrong, or was tried too often; please wait a while',
  },
  PHONE_INVALID: { zh: '电话号码须为 7 至 15 位数字', en: 'A phone number has 7 to 15 digits' },
  // One text for all reasons here too: whether the phone is anybody's is not told.
  CODE_WRONG: {
    zh: '验证码有误、已失效或已使用，或尝试过于频繁，请稍后重新获取',
    en: 'The code is wrong, too old or used, or was tried too often; please ask for another one in a while',
  },
  SESSION_ENDED: { zh: '登录已失效，请重新登录', en: 'The session is over; please sign in again' },
};

export function refuseSignIn(code: SignInRefusalCode): SignInRefusal {
  return refuse(code, texts[code]);
}
