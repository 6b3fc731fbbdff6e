import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { waitlistChecks } from '../../src/beds/audit-waitlist.js';
import { runChecks } from '../../src/shared/audit-check.js';
import { addBeds } from '../support/beds.js';
import { after, placed, tryDecline, tryOffer } from '../support/waiting.js';
import {
  closeWaitingTown,
  entryIdOf,
  home,
  newWaitingHome,
  open,
  startWaitingTown,
  town,
  waits,
} from '../support/waiting-town.js';

beforeAll(startWaitingTown);
beforeEach(newWaitingHome);
afterAll(closeWaitingTown);

it('each check of the audit can fail', async () => {
  const [bedId = 0, other = 0] = await addBeds(town, home, [{}, {}]);
  const elderId = await waits(0);
  const second = await waits(1);
  const { id: entryId } = placed(await tryOffer(town, { bedId, now: after(2) }));
  const { offer } = placed(
    await tryOffer(town, { bedId: other, entryId: await entryIdOf(second), now: after(2) }),
  );
  await tryDecline(town, offer?.id ?? 0, after(3));
  const write = (sql: string) => open.database.write((manager) => manager.query(sql));
  const broken = async () => {
    const said: string[] = [];
    await open.database.read((manager) => runChecks(manager, waitlistChecks, (line) => said.push(line)));
    return said.filter((line) => line.startsWith('BROKEN')).join('\n');
  };
  expect(await broken()).toBe('');
  const hold = (kind: string) => `UPDATE bed_hold SET endKind = '${kind}' WHERE id = ${offer?.id}`;
  const entry = (sets: string) => `UPDATE waitlist_entry SET ${sets} WHERE id = ${entryId}`;
  const pass = `INSERT INTO waitlist_pass (id, reasonSealed, passedAt, passedById) VALUES (1, NULL, ${after(2).getTime()}, ${town.managerId})`;
  const cases: [string, string[], string[]][] = [
    [
      'who waits is marked',
      [entry(`openElderId = ${second + 500_000}`)],
      [entry(`openElderId = ${elderId}`)],
    ],
    ['every place in line', [entry("bedType = 'HOME'")], [entry("bedType = 'GENERAL'")]],
    [
      'an offer is of the bed',
      [`UPDATE bed_offer SET bedId = ${bedId} WHERE id = ${offer?.id}`],
      [`UPDATE bed_offer SET bedId = ${other} WHERE id = ${offer?.id}`],
    ],
    ['an offer that was declined', [hold('ADMITTED')], [hold('RELEASED')]],
    [
      'an offer that passed on',
      [`UPDATE bed_offer SET passedOnAs = 'OFFERED', passOnAt = NULL WHERE id = ${offer?.id}`],
      [`UPDATE bed_offer SET passedOnAs = 'NOBODY' WHERE id = ${offer?.id}`],
    ],
    [
      'who was let in',
      [entry(`openElderId = NULL, endedAt = 5, endKind = 'ADMITTED'`)],
      [entry(`openElderId = ${elderId}, endedAt = NULL, endKind = NULL`)],
    ],
    [
      'whoever was passed over',
      [pass, `INSERT INTO waitlist_skip VALUES (1, ${entryId})`],
      ['DELETE FROM waitlist_skip WHERE passId = 1', 'DELETE FROM waitlist_pass WHERE id = 1'],
    ],
  ];
  expect(cases.length).toBe(waitlistChecks.length);
  for (const [name, breaks, mends] of cases) {
    for (const sql of breaks) await write(sql);
    expect(await broken(), name).toContain(name);
    for (const sql of mends) await write(sql);
  }
});
