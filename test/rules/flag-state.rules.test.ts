import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { flagRules, flagStates } from '../../entities/meals/fraud-flag.entity.js';
import { remediesOf } from '../../src/meals/flags/flag-remedies.rules.js';
import {
  flagSteps,
  flagTransitions,
  grownFrom,
  isDecided,
  knowsEvidence,
  stepFrom,
} from '../../src/meals/flags/flag-state.rules.js';
import { thresholdNames } from '../../src/meals/flags/flag-thresholds.rules.js';

const [me, other] = [1, 2];

/** What each step of mine leads to from each state, while somebody else holds those in work. */
const table = {
  OPEN: ['IN_WORK', 'WRONG_STATE', 'CONFIRMED', 'HARMLESS', 'WRONG_STATE', 'WRONG_STATE'],
  IN_WORK: ['IN_WORK', 'IN_OTHER_HANDS', 'IN_OTHER_HANDS', 'IN_OTHER_HANDS', 'WRONG_STATE', 'WRONG_STATE'],
  CONFIRMED: flagSteps.map(() => 'WRONG_STATE'),
  HARMLESS: flagSteps.map(() => 'WRONG_STATE'),
};

const led = (result: ReturnType<typeof stepFrom>) => ('to' in result ? result.to : result.fault);

it.each(flagStates)('from %s', (state) => {
  const assigneeId = state === 'IN_WORK' ? other : null;
  expect(flagSteps.map((step) => led(stepFrom({ state, assigneeId }, step, me)))).toEqual(table[state]);
});

it('who works on it gives it back or decides', () => {
  const mine = { state: 'IN_WORK', assigneeId: me } as const;
  expect(flagSteps.map((step) => led(stepFrom(mine, step, me)))).toEqual([
    'IN_WORK',
    'OPEN',
    'CONFIRMED',
    'HARMLESS',
    'WRONG_STATE',
    'WRONG_STATE',
  ]);
});

it('new evidence opens what was decided, and takes nothing out of hands', () => {
  expect(flagStates.filter(isDecided)).toEqual(['CONFIRMED', 'HARMLESS']);
  const grown = flagStates.map((state) => grownFrom(state)).map(({ step, to }) => `${step} ${to}`);
  expect(grown).toEqual(['GROW OPEN', 'GROW IN_WORK', 'REOPEN OPEN', 'REOPEN OPEN']);
});

it.each<[string, knows: boolean, steps: [step: string, byId: number | null][]]>([
  ['what it was found with is there for everybody', true, [['FIND', null]]],
  [
    'what came later is unknown to whoever took nothing',
    false,
    [
      ['FIND', null],
      ['GROW', null],
    ],
  ],
  [
    'or took it before',
    false,
    [
      ['FIND', null],
      ['TAKE', me],
      ['GROW', null],
    ],
  ],
  [
    'or let another take it',
    false,
    [
      ['FIND', null],
      ['GROW', null],
      ['TAKE', other],
    ],
  ],
  [
    'and known to whoever took it since',
    true,
    [
      ['FIND', null],
      ['GROW', null],
      ['TAKE', me],
    ],
  ],
  [
    'also after giving it back',
    true,
    [
      ['FIND', null],
      ['GROW', null],
      ['TAKE', me],
      ['RELEASE', me],
    ],
  ],
  [
    'until more comes',
    false,
    [
      ['FIND', null],
      ['GROW', null],
      ['TAKE', me],
      ['GROW', null],
    ],
  ],
  [
    'what opened it again is unknown too',
    false,
    [
      ['FIND', null],
      ['CLEAR', me],
      ['REOPEN', null],
    ],
  ],
])('%s', (_, knows, steps) => {
  expect(
    knowsEvidence(
      steps.map(([step, byId]) => ({ step, byId })),
      me,
    ),
  ).toBe(knows);
});

it('shows what can be done about a recorded swipe of a confirmed flag alone', () => {
  const swipe = { outcome: 'ACCEPTED', voided: false, reviewOpen: false, subsidyFen: 300 } as const;
  expect(remediesOf('CONFIRMED', swipe)).toEqual(['VOID_SWIPE', 'DISPUTE_LINE']);
  expect(remediesOf('CONFIRMED', { ...swipe, subsidyFen: 0 })).toEqual(['VOID_SWIPE']);
  expect(remediesOf('CONFIRMED', { ...swipe, reviewOpen: true })).toEqual(['DECIDE_REVIEW', 'VOID_SWIPE']);
  expect(remediesOf('CONFIRMED', { ...swipe, voided: true })).toEqual([]);
  expect(remediesOf('CONFIRMED', { ...swipe, outcome: 'CARD_UNKNOWN' })).toEqual([]);
  expect(remediesOf('OPEN', swipe)).toEqual([]);
});

it('docs/fraud-flags.md holds the table as the code has it, every rule and every threshold', () => {
  const page = readFileSync('docs/fraud-flags.md', 'utf8');
  const rows = flagTransitions.map(
    ({ step, from, to, by, note }) =>
      `| ${from.join(', ')} | ${step} | ${by} | ${to} | ${note ? 'why' : ''} |`,
  );
  expect(page).toContain(rows.join('\n'));
  expect([...flagRules, ...thresholdNames].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
