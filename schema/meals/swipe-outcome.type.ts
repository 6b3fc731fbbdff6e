import type { SwipeOutcome } from '../../entities/meals/swipe.entity.js';
import { enumeration } from '../shared/enumeration.js';

export const SwipeOutcomeEnum = enumeration<SwipeOutcome>(
  'SwipeOutcome',
  'What happened to a swipe. When several apply, the first in the order of this list is the answer: INPUT_MALFORMED, SWIPE_ID_REUSED, READER_NOT_ACTIVE, CLOCK_OUT_OF_RANGE, CARD_UNKNOWN, CARD_NOT_ACTIVE, ELDER_NOT_ACTIVE, MEAL_NOT_SERVED, MEAL_ALREADY_TAKEN, PRICE_OUT_OF_RANGE, INSUFFICIENT_BALANCE, RECORDED_FOR_REVIEW, ACCEPTED.',
  {
    INPUT_MALFORMED:
      'The swipeId is no UUID, the sequence is negative or the uid is longer than 32 characters; nothing was written.',
    SWIPE_ID_REUSED: 'The swipeId was used before with other content; nothing was written.',
    READER_NOT_ACTIVE: 'The reader is not enrolled, or its key was revoked; nothing was written.',
    CLOCK_OUT_OF_RANGE: 'swipedAt lies in the future or further back than the reader may stay offline.',
    CARD_UNKNOWN: 'No card has this uid, or it is no uid at all.',
    CARD_NOT_ACTIVE: 'The card was lost, replaced, closed, or has expired.',
    ELDER_NOT_ACTIVE: 'Deceased, moved away, or the file is closed.',
    MEAL_NOT_SERVED: 'The canteen is closed or no meal is served at that time.',
    MEAL_ALREADY_TAKEN: 'This elder has had this meal of this day already, at this canteen or another.',
    PRICE_OUT_OF_RANGE: "Zero, negative, or above the canteen's limit.",
    INSUFFICIENT_BALANCE: "The elder's part is more than the elder's own money.",
    RECORDED_FOR_REVIEW:
      'An offline swipe that would have been refused. The meal was eaten, so it is recorded, nothing is charged to the elder, and a manager decides who bears it.',
    ACCEPTED: 'The meal is recorded and paid for.',
  },
);
