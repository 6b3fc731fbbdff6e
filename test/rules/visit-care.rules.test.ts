import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { careTermAtFault, careTermsDefaults } from '../../src/visits/care-terms.rules.js';
import {
  type EvidenceFacts,
  evidenceReasons,
  evidenceTexts,
  type ScoredTap,
  scoreEvidence,
} from '../../src/visits/evidence.rules.js';
import { beyond, contradiction, tenthsOf } from '../../src/visits/measurement.rules.js';
import { judgeTap } from '../../src/visits/tap.rules.js';
import { visitStepTable } from '../../src/visits/visit-steps.rules.js';

const minute = 60_000;
const terms = careTermsDefaults;
const at = (clock: string) => new Date(`2026-03-10T${clock}+08:00`);
const visit = { startsAt: at('09:00:00'), endsAt: at('10:00:00') };

const good: ScoredTap = {
  countsAtMs: 0,
  isOffline: false,
  hasPosition: true,
  distanceMetres: 20,
  tag: 'NONE',
  doubts: [],
};

/** An hour that was planned, with what is said of the taps in and out. */
function scored(
  arrived: Partial<ScoredTap> | null = {},
  left: Partial<ScoredTap> | null = {},
  more: Partial<EvidenceFacts> = {},
) {
  const facts: EvidenceFacts = {
    status: 'COMPLETED',
    hasTags: false,
    isEndedFor: false,
    isElderAway: false,
    isReassigned: false,
    presences: [
      {
        plannedMs: 60 * minute,
        arrived: arrived === null ? undefined : { ...good, ...arrived },
        left: left === null ? undefined : { ...good, countsAtMs: 60 * minute, ...left },
      },
    ],
    ...more,
  };
  const { score, decision, reasons } = scoreEvidence(facts, terms);
  return [score, decision, reasons.join(' ')];
}

describe('evidence', () => {
  it.each<[string, unknown[], unknown[]]>([
    ['all well', scored(), [100, 'PAY', '']],
    ['at the near limit', scored({ distanceMetres: 100 }), [100, 'PAY', '']],
    ['a metre past it', scored({ distanceMetres: 101 }), [99, 'PAY', 'AWAY']],
    ['at the far limit', scored({ distanceMetres: 500 }), [80, 'PAY', 'AWAY']],
    ['a metre past that', scored({ distanceMetres: 501 }), [30, 'BLOCK', 'TOO_FAR']],
    ['far at the end alone', scored({}, { distanceMetres: 5000 }), [30, 'BLOCK', 'TOO_FAR']],
    [
      'the worse of two places',
      scored({ distanceMetres: 300 }, { distanceMetres: 200 }),
      [90, 'PAY', 'AWAY'],
    ],
    ['no door known', scored({ distanceMetres: null }), [95, 'PAY', 'DOOR_UNKNOWN']],
    ['no position', scored({ hasPosition: false, distanceMetres: null }), [75, 'LOOK', 'NO_POSITION']],
    ['just the least time', scored({}, { countsAtMs: 48 * minute }), [100, 'PAY', '']],
    ['a moment less', scored({}, { countsAtMs: 48 * minute - 1 }), [75, 'LOOK', 'SHORT']],
    ['just half of it', scored({}, { countsAtMs: 24 * minute }), [75, 'LOOK', 'SHORT']],
    ['less than half of it', scored({}, { countsAtMs: 24 * minute - 1 }), [40, 'BLOCK', 'TOO_SHORT']],
    ['no time at all', scored({}, { countsAtMs: 0 }), [40, 'BLOCK', 'TOO_SHORT']],
    ['a long visit', scored({}, { countsAtMs: 600 * minute }), [100, 'PAY', '']],
    ['a tag that is there and not read', scored({}, {}, { hasTags: true }), [85, 'PAY', 'NO_TAG']],
    ['one read on arriving', scored({ tag: 'MATCH' }, {}, { hasTags: true }), [100, 'PAY', '']],
    ['a tag of another door', scored({ tag: 'OTHER' }, {}, { hasTags: true }), [60, 'LOOK', 'WRONG_TAG']],
    ['offline', scored({ isOffline: true }, { isOffline: true }), [95, 'PAY', 'OFFLINE']],
    ['a wrong clock', scored({ doubts: ['CLOCK'], isOffline: true }), [65, 'LOOK', 'CLOCK OFFLINE']],
    ['outside its time', scored({ doubts: ['TIME'], isOffline: true }), [55, 'LOOK', 'TIME OFFLINE']],
    ['very late', scored({ doubts: ['LATE'], isOffline: true }), [75, 'LOOK', 'LATE OFFLINE']],
    ['not ended yet', scored({}, null, { status: 'IN_PROGRESS' }), [100, 'PAY', '']],
    ['ended by the station', scored({}, null, { isEndedFor: true }), [70, 'LOOK', 'ENDED_FOR']],
    ['nobody there', scored(null, null), [0, 'BLOCK', 'NOT_THERE']],
    ['nobody planned', scored({}, {}, { presences: [] }), [0, 'BLOCK', 'NOT_THERE']],
    ['while the elder was elsewhere', scored({}, {}, { isElderAway: true }), [60, 'LOOK', 'ELDER_AWAY']],
    ['tapped by a former caregiver too', scored({}, {}, { isReassigned: true }), [70, 'LOOK', 'REASSIGNED']],
    ['cancelled', scored({ doubts: ['CANCELLED'] }, {}, { status: 'CANCELLED' }), [0, 'BLOCK', 'CANCELLED']],
  ])('%s', (_, told, wanted) => expect(told).toEqual(wanted));

  it('of two caregivers counts the one who showed less, and tells of both', () => {
    const whole = { plannedMs: 60 * minute, arrived: good, left: { ...good, countsAtMs: 60 * minute } };
    const facts = (other: object): EvidenceFacts => ({
      status: 'COMPLETED',
      hasTags: false,
      isEndedFor: false,
      isElderAway: false,
      isReassigned: false,
      presences: [whole, { ...whole, ...other }],
    });
    expect(scoreEvidence(facts({}), terms)).toEqual({ score: 100, decision: 'PAY', reasons: [] });
    const away = { arrived: { ...good, distanceMetres: 500, isOffline: true } };
    expect(scoreEvidence(facts(away), terms)).toEqual({
      score: 75,
      decision: 'LOOK',
      reasons: ['AWAY', 'OFFLINE'],
    });
    const never = { arrived: undefined, left: undefined };
    expect(scoreEvidence(facts(never), terms)).toMatchObject({ score: 0, decision: 'BLOCK' });
  });

  it('decides by the score at the limits of the terms', () => {
    const facts = (distanceMetres: number): EvidenceFacts => ({
      status: 'COMPLETED',
      hasTags: false,
      isEndedFor: false,
      isElderAway: false,
      isReassigned: false,
      presences: [
        { plannedMs: minute, arrived: { ...good, distanceMetres }, left: { ...good, countsAtMs: minute } },
      ],
    });
    const strict = { ...terms, payFrom: 99, lookFrom: 98 };
    const decisions = [101, 121, 141].map((metres) => scoreEvidence(facts(metres), strict).decision);
    expect(decisions).toEqual(['PAY', 'LOOK', 'BLOCK']);
  });

  it('has a text in both languages for every reason', () => {
    for (const reason of evidenceReasons) {
      expect(evidenceTexts[reason].zh).toMatch(/\p{Script=Han}/u);
      expect(evidenceTexts[reason].en).toMatch(/^[A-Z]/);
    }
  });
});

describe('the instant as which a tap counts', () => {
  const live = (deviceAt: string, receivedAt = deviceAt) =>
    judgeTap(
      { deviceAt: at(deviceAt), sentAt: null, receivedAt: at(receivedAt), isOffline: false },
      visit,
      terms,
    );
  const stored = (deviceAt: Date, receivedAt: Date, sentAt: Date | null = receivedAt) =>
    judgeTap({ deviceAt, sentAt, receivedAt, isOffline: true }, visit, terms);

  it.each([
    ['in its time', live('09:02:00'), { countsAt: at('09:02:00'), doubts: [] }],
    ['at the first moment', live('08:30:00'), { countsAt: at('08:30:00'), doubts: [] }],
    ['before it', live('08:29:59'), { refused: 'TOO_EARLY' }],
    ['at the last moment', live('14:00:00'), { countsAt: at('14:00:00'), doubts: [] }],
    ['after it', live('14:00:01'), { refused: 'TOO_LATE' }],
    [
      'a clock that is slow within bounds',
      live('08:57:00', '09:02:00'),
      { countsAt: at('08:57:00'), doubts: [] },
    ],
    ['slower', live('08:56:59', '09:02:00'), { refused: 'STALE' }],
    [
      'a clock that is fast within bounds',
      live('09:07:00', '09:02:00'),
      { countsAt: at('09:02:00'), doubts: [] },
    ],
    ['faster', live('09:07:01', '09:02:00'), { refused: 'FUTURE' }],
  ])('live, %s', (_, told, wanted) => expect(told).toEqual(wanted));

  const later = at('18:00:00');
  const dayMs = 86_400_000;
  it.each([
    ['uploaded later', stored(at('09:02:00'), later), { countsAt: at('09:02:00'), doubts: [] }],
    [
      'by a device that does not tell its clock',
      stored(at('09:02:00'), later, null),
      { countsAt: at('09:02:00'), doubts: [] },
    ],
    [
      'a clock a day behind, which the upload shows',
      stored(new Date(at('09:02:00').getTime() - dayMs), later, new Date(later.getTime() - dayMs)),
      { countsAt: at('09:02:00'), doubts: ['CLOCK'] },
    ],
    [
      'a clock a day ahead, which the upload shows',
      stored(new Date(at('09:02:00').getTime() + dayMs), later, new Date(later.getTime() + dayMs)),
      { countsAt: at('09:02:00'), doubts: ['CLOCK'] },
    ],
    [
      'a clock a day behind that was put right before the upload',
      stored(new Date(at('09:02:00').getTime() - dayMs), later),
      { countsAt: at('08:30:00'), doubts: ['TIME'] },
    ],
    [
      'a clock a day ahead that was put right',
      stored(new Date(at('09:02:00').getTime() + dayMs), later),
      { refused: 'FUTURE' },
    ],
    ['before its time', stored(at('08:00:00'), later), { countsAt: at('08:30:00'), doubts: ['TIME'] }],
    ['after its time', stored(at('15:00:00'), later), { countsAt: at('14:00:00'), doubts: ['TIME'] }],
    ['before the visit can be at all', stored(at('08:00:00'), at('08:01:00')), { refused: 'TOO_EARLY' }],
    [
      'two days later',
      stored(at('09:00:00'), new Date(at('09:00:00').getTime() + 2 * dayMs)),
      { countsAt: at('09:00:00'), doubts: [] },
    ],
    [
      'later than that',
      stored(at('09:00:00'), new Date(at('09:00:00').getTime() + 2 * dayMs + 1)),
      { countsAt: at('09:00:00'), doubts: ['LATE'] },
    ],
  ])('offline, %s', (_, told, wanted) => expect(told).toEqual(wanted));
});

describe('measurements', () => {
  it('are tenths within what can be', () => {
    expect(tenthsOf('SUGAR', 5.6)).toBe(56);
    expect(tenthsOf('TEMPERATURE', 36.6)).toBe(366);
    expect(tenthsOf('SUGAR', 5.65)).toBe(undefined);
    expect([tenthsOf('SYSTOLIC', 40), tenthsOf('SYSTOLIC', 39.9)]).toEqual([400, undefined]);
    expect([tenthsOf('SYSTOLIC', 300), tenthsOf('SYSTOLIC', 300.1)]).toEqual([3000, undefined]);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, -36.6]) {
      expect(tenthsOf('TEMPERATURE', value)).toBe(undefined);
    }
  });

  it('lie beyond a limit that they pass, and not at it', () => {
    const limits = { low: 900, high: 1600 };
    expect([899, 900, 1600, 1601].map((value) => beyond(value, limits))).toEqual([
      'LOW',
      undefined,
      undefined,
      'HIGH',
    ]);
    expect(beyond(1, { low: null, high: null })).toBe(undefined);
  });

  it('do not contradict each other', () => {
    const value = (kind: 'SYSTOLIC' | 'DIASTOLIC', tenths: number) => ({ kind, tenths });
    expect(contradiction([value('SYSTOLIC', 1200), value('DIASTOLIC', 800)])).toBe(undefined);
    expect(contradiction([value('SYSTOLIC', 800), value('DIASTOLIC', 800)])).toBe(1);
    expect(contradiction([value('SYSTOLIC', 1200), value('SYSTOLIC', 1300)])).toBe(1);
  });
});

it('terms are held to their ranges and to each other', () => {
  expect(careTermAtFault(terms)).toBe(undefined);
  expect(careTermAtFault({ ...terms, nearMetres: 9 })).toBe('nearMetres');
  expect(careTermAtFault({ ...terms, nearMetres: 600 })).toBe('farMetres');
  expect(careTermAtFault({ ...terms, stationAfterMinutes: 61 })).toBe('streetAfterMinutes');
  expect(careTermAtFault({ ...terms, lookFrom: 81 })).toBe('payFrom');
  expect(careTermAtFault({ ...terms, payFrom: 101 })).toBe('payFrom');
});

it('the documentation has the table of steps as the code has it', () => {
  expect(readFileSync('docs/visit-care.md', 'utf8')).toContain(visitStepTable());
});
