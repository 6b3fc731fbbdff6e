import { describe, expect, it } from 'vitest';
import { faultsOf, type ProposedVisit } from '../../src/visits/plans/check-plan.rules.js';
import { caregiverFingerprint, visitFingerprint } from '../../src/visits/plans/fingerprint.js';
import type { FactVisit, PlanFacts } from '../../src/visits/plans/plan-facts.js';
import { at, caregiver, day, facts, visit, ways, yesterday } from '../support/plan-facts.js';

describe('what is proposed is held against the rules of bookings', () => {
  const propose = (id: number, minute: number, caregiverIds: number[]): ProposedVisit => {
    const [startsAt, endsAt] = [at(minute), at(minute + 60)];
    return {
      visitId: id,
      startsAt,
      endsAt,
      parts: caregiverIds.map((caregiverId) => ({ caregiverId, startsAt, endsAt })),
    };
  };
  const said = (
    visits: FactVisit[],
    proposed: ProposedVisit[],
    more: Partial<PlanFacts> = {},
    now = yesterday,
  ) =>
    faultsOf({ facts: facts({ visits, ...more }), proposed, ways, plannedAt: yesterday, now }).map(
      ({ text }) => text.en,
    );
  const free = (id: number, minute: number, more: Partial<FactVisit> = {}) =>
    visit(id, minute, [], { flexMinutes: 720, ...more });

  it('keeps a visit apart from its neighbours by the buffer and the way, to the second', () => {
    const visits = [visit(1, 600, [1]), free(2, 675)];
    // Ends at 660, five minutes of buffer, ten of way.
    expect(said(visits, [propose(2, 675, [1])])).toEqual([]);
    expect(said(visits, [propose(2, 674, [1])])).toContain(
      'the way to or from the visit beside it takes longer',
    );
    expect(said(visits, [propose(2, 525, [1])])).toEqual([]);
    expect(said(visits, [propose(2, 526, [1])])).toContain(
      'the way to or from the visit beside it takes longer',
    );
  });

  it('keeps the way from and to the station within the hours', () => {
    expect(said([free(1, 600)], [propose(1, 490, [1])])).toEqual([]);
    expect(said([free(1, 600)], [propose(1, 489, [1])])).not.toEqual([]);
    expect(said([free(1, 600)], [propose(1, 945, [1])])).toEqual([]);
    expect(said([free(1, 600)], [propose(1, 946, [1])])).not.toEqual([]);
    expect(said([free(1, 600)], [propose(1, 1000, [1])])).toContain('the caregiver does not work then');
  });

  it('lets one elder have one visit at a time, touching ends allowed', () => {
    const visits = [visit(1, 600, [1], { elderId: 5 }), free(2, 700, { elderId: 5 })];
    expect(said(visits, [propose(2, 660, [2])])).toEqual([]);
    expect(said(visits, [propose(2, 659, [2])])).toEqual(['the elder has another visit then']);
  });

  it('knows what the family agreed to', () => {
    const visits = [visit(1, 600, [], { flexMinutes: 30 })];
    expect(said(visits, [propose(1, 570, [1])])).toEqual([]);
    expect(said(visits, [propose(1, 569, [1])])).toEqual(['it lies outside of what the family agreed to']);
    expect(said(visits, [propose(1, 631, [1])])).toEqual(['it lies outside of what the family agreed to']);
  });

  it('wants as many caregivers as the service takes, each once', () => {
    const two = free(1, 600, { service: { ...visit(1, 0, []).service, caregivers: 2 } });
    expect(said([two], [propose(1, 600, [1, 2])])).toEqual([]);
    expect(said([two], [propose(1, 600, [1])])).toContain('it takes another number of caregivers');
    expect(said([free(1, 600)], [propose(1, 600, [1, 2])])).toContain(
      'it takes another number of caregivers',
    );
    expect(said([free(1, 600)], [propose(1, 600, [9])])).toContain(
      'the caregiver is of none of the stations',
    );
  });

  it('lets nothing begin in the past, nor on a day in an institution', () => {
    expect(said([free(1, 600)], [propose(1, 600, [1])], {}, at(601))).toEqual(['its time has passed']);
    expect(said([free(1, 600)], [propose(1, 600, [1])], { stays: new Set([`1 ${day}`]) })).toEqual([
      'the elder is in an institution on that day',
    ]);
  });

  it('says nothing of what was booked badly before and stays so', () => {
    const visits = [visit(1, 600, [1]), visit(2, 661, [1]), free(3, 900)];
    expect(said(visits, [propose(3, 900, [1])])).toEqual([]);
  });
});

describe('fingerprints', () => {
  it('change with what a plan depends on, and with nothing else', () => {
    const one = visit(1, 600, [1]);
    const print = (more: Partial<FactVisit>) => visitFingerprint({ ...one, ...more }, undefined);
    expect(print({ version: 7, status: 'IN_PROGRESS' })).toBe(print({}));
    expect(print({ status: 'CANCELLED' })).not.toBe(print({}));
    expect(print({ startsAt: at(601) })).not.toBe(print({}));
    expect(print({ flexMinutes: 5 })).not.toBe(print({}));
    const who = caregiver(1);
    const away = { startsAt: at(0), endsAt: at(60) };
    const station = facts().stations[0];
    expect(caregiverFingerprint({ ...who, name: '别名' }, station)).toBe(caregiverFingerprint(who, station));
    expect(caregiverFingerprint({ ...who, roster: { ...who.roster, absences: [away] } }, station)).not.toBe(
      caregiverFingerprint(who, station),
    );
  });
});
