import type { FlagState } from '../../entities/meals/fraud-flag.entity.js';
import { enumeration } from '../shared/enumeration.js';

export type FraudDecision = Extract<FlagState, 'CONFIRMED' | 'HARMLESS'>;

export const FraudDecisionEnum = enumeration<FraudDecision>(
  'FraudDecision',
  'What a sign of fraud turned out to be.',
  {
    CONFIRMED: 'It was fraud, or a fault; what can be done about it has operations of its own.',
    HARMLESS: 'There is an explanation.',
  },
);
