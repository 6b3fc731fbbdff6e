import { oneOf, wholeNumber } from './setting-values.js';

/** What is done about families by itself, and how they are told: a part of the one table in setting-table.ts. */
export const noticeVariables = {
  OFFER_SCAN_SECONDS: {
    default: '30',
    description:
      'How many seconds the server rests between two rounds in which it passes beds on that somebody did not take. 0 leaves it to others.',
    schema: wholeNumber(0, 86_400),
  },
  NOTICES_PER_MINUTE: {
    default: '120',
    description:
      'How many messages to families, such as of an offer, this server tries to send in a minute at most. 0 leaves it to others.',
    schema: wholeNumber(0, 100_000),
  },
  NOTICE_LANGUAGE: {
    default: 'zh',
    description: 'In which language those messages are written, zh or en.',
    schema: oneOf(['zh', 'en']),
  },
};
