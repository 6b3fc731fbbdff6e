import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { awaySpans } from '../../src/server/institution-stays.js';
import type { Day } from '../../src/shared/china-time.js';
import { callOffAway } from '../../src/visits/call-off-away.js';
import { decideEvidence } from '../../src/visits/decide-evidence.js';
import { raiseAlerts } from '../../src/visits/raise-alerts.js';
import {
  at,
  book,
  carer,
  closeAwayTown,
  elderId,
  live,
  newAwayElder,
  open,
  startAwayTown,
  statusesOf,
  town,
} from '../support/away-town.js';
import { manager, reachOf } from '../support/bookings.js';
import { tapOf, tapped, visitNow } from '../support/care.js';

beforeAll(startAwayTown);
beforeEach(newAwayElder);
afterAll(closeAwayTown);

describe('a stay that is entered late', () => {
  const brought = async (visitId: number, day: Day, given: object = {}) => {
    for (const [kind, time] of [
      ['IN', '09:00'],
      ['OUT', '10:00'],
    ] as const) {
      await tapped(open, carer, tapOf(visitId, { kind, at: at(day, time), ...given }), at(day, '10:30'));
    }
  };
  const decide = (visitId: number, verdict: 'PAY' | 'BLOCK') =>
    open.database.write((m) => {
      const judge = { byId: town.managerId, now: at('2026-03-13', '10:45'), note: '已电话核实' };
      return decideEvidence(m, { ...judge, visitId, verdict }, reachOf(manager(town)));
    });

  it('has what was brought meanwhile looked at, though somebody had let it through', async () => {
    const [first, second, third] = [
      await book('2026-03-11'),
      await book('2026-03-12'),
      await book('2026-03-13'),
    ];
    const offline = { isOffline: true };
    await brought(first, '2026-03-11', offline);
    await brought(second, '2026-03-12', offline);
    await brought(third, '2026-03-13', { ...offline, latitude: null, longitude: null });
    expect(await visitNow(open, second)).toMatchObject({
      status: 'COMPLETED',
      decision: 'PAY',
      isOpen: false,
    });
    await decide(third, 'PAY');
    expect(await visitNow(open, third)).toMatchObject({ decision: 'LOOK', isOpen: false });
    await live('2026-03-12', { now: at('2026-03-13', '11:00') });
    expect(await visitNow(open, first)).toMatchObject({ decision: 'PAY', isOpen: false });
    for (const [id, decision, reasons] of [
      [second, 'LOOK', 'ELDER_AWAY OFFLINE'],
      [third, 'BLOCK', 'ELDER_AWAY NO_POSITION OFFLINE'],
    ] as const) {
      const waits = { status: 'COMPLETED', decision, reasons, isOpen: true };
      expect(await visitNow(open, id)).toMatchObject(waits);
    }
    await decide(second, 'BLOCK');
    // Nobody is asked again about what somebody decided who knew of the stay.
    await open.database.write((m) => callOffAway(m, elderId, awaySpans, at('2026-03-14')));
    expect(await visitNow(open, second)).toMatchObject({ isOpen: false });
    expect(await visitNow(open, third)).toMatchObject({ isOpen: true });
  });

  it('calls off what nobody began, closes its alarms, and doubts a tap that is uploaded afterwards', async () => {
    const [missed, waiting] = [await book('2026-03-11'), await book('2026-03-12')];
    await raiseAlerts(open.database, at('2026-03-11', '10:30'));
    await raiseAlerts(open.database, at('2026-03-12', '09:25'));
    expect(await statusesOf(missed, waiting)).toEqual(['NO_SHOW', 'ASSIGNED']);
    await live('2026-03-11', { now: at('2026-03-12', '09:30') });
    expect(await statusesOf(missed, waiting)).toEqual(['NO_SHOW', 'CANCELLED']);
    const alerts: { outcome: string }[] = await open.database.read((m) =>
      m.query('SELECT outcome FROM visit_alert WHERE visitId IN (?, ?)', [missed, waiting]),
    );
    expect(alerts.map(({ outcome }) => outcome)).toEqual(Array(3).fill('ELDER_AWAY'));
    for (const [kind, time] of [
      ['IN', '09:00'],
      ['OUT', '10:00'],
    ] as const) {
      const check = tapOf(missed, { kind, at: at('2026-03-11', time), isOffline: true });
      await tapped(open, carer, check, at('2026-03-12', '12:00'));
    }
    expect(await visitNow(open, missed)).toMatchObject({
      status: 'COMPLETED',
      decision: 'LOOK',
      reasons: 'ELDER_AWAY OFFLINE',
      isOpen: true,
    });
  });
});
