import { type Refusal, refuse } from '../shared/refusal.js';
import type { Text } from '../shared/text.js';

/** Why nobody was signed in, in order of precedence. */
export const signInRefusalCodes = ['TOO_MANY_TRIES', 'SIGN_IN_FAILED', 'SESSION_ENDED'] as const;
export type SignInRefusalCode = (typeof signInRefusalCodes)[number];
export type SignInRefusal = Refusal<SignInRefusalCode>;

const texts: Record<SignInRefusalCode, Text> = {
  TOO_MANY_TRIES: { zh: '登录过于频繁，请稍后再试', en: 'Too many tries; please wait a while' },
  // One text for all reasons: it must not tell whether there is such a user, or which part was right.
  SIGN_IN_FAILED: {
    zh: '用户名、密码或动态口令有误，或尝试过于频繁，请稍后再试',
    en: 'The user name, password or one-time code is wrong, or was tried too often; please wait a while',
  },
  SESSION_ENDED: { zh: '登录已失效，请重新登录', en: 'The session is over; please sign in again' },
};

export function refuseSignIn(code: SignInRefusalCode): SignInRefusal {
  return refuse(code, texts[code]);
}
