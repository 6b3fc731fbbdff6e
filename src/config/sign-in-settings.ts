import { signingKey, webAddress, wholeNumber } from './setting-values.js';

/** What bounds signing in, and sends its codes: a part of the one table in setting-table.ts. */
export const signInVariables = {
  SIGN_IN_TRIES_PER_ACCOUNT: {
    default: '5',
    description: 'How often a password may be wrong before the account has to wait.',
    schema: wholeNumber(1, 100),
  },
  SIGN_IN_TRIES_PER_ADDRESS: {
    default: '50',
    description: 'How often a sign-in from one address may fail before the address has to wait.',
    schema: wholeNumber(1, 100_000),
  },
  TEMPORARY_PASSWORD_HOURS: {
    default: '72',
    description:
      'How long a password that somebody else chose may be signed in with before another one has to be asked for.',
    schema: wholeNumber(1, 8760),
  },
  SIGN_IN_CODE_MINUTES: {
    default: '5',
    description: 'How many minutes a code that was sent to a relative’s phone counts.',
    schema: wholeNumber(1, 30),
  },
  SIGN_IN_CODE_TRIES: {
    default: '5',
    description: 'How often somebody may give a wrong code before that code is dead.',
    schema: wholeNumber(1, 20),
  },
  SMS_WEBHOOK_URL: {
    default: '',
    description:
      'Where messages to phones are posted, https://…; without it development logs them, and in production relatives cannot sign in.',
    schema: webAddress(),
  },
  SMS_WEBHOOK_KEY: {
    default: '',
    description: 'The key with which those posts are signed, 32 characters at least; with SMS_WEBHOOK_URL.',
    schema: signingKey(),
  },
};
