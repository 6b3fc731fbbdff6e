import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { admit } from '../../src/beds/admit.js';
import { explainPosition } from '../../src/beds/find-waitlist.js';
import { addBeds, addResident, allBeds, outcomeOf, tryAdmit } from '../support/beds.js';
import { noon, today } from '../support/town.js';
import { addApplicant, after, placed, tryOffer } from '../support/waiting.js';
import {
  closeWaitingTown,
  entryIdOf,
  home,
  newBed,
  newWaitingHome,
  open,
  startWaitingTown,
  town,
  waits,
} from '../support/waiting-town.js';

beforeAll(startWaitingTown);
beforeEach(newWaitingHome);
afterAll(closeWaitingTown);

it('nobody is let in past the line without a reason, which is kept and shown to who was passed over', async () => {
  const [bedId = 0, other = 0] = await addBeds(town, home, [{}, {}]);
  const [first, second] = [await waits(0), await waits(1)];
  const stranger = await addResident(town);
  expect(outcomeOf(await tryAdmit(town, { bedId, elderId: stranger, now: after(2) }))).toBe(
    'NOT_NEXT_IN_LINE',
  );
  expect(outcomeOf(await tryAdmit(town, { bedId, elderId: second, now: after(2) }))).toBe('NOT_NEXT_IN_LINE');
  const named = { bedId, entryId: await entryIdOf(second), now: after(2) };
  expect(outcomeOf(await tryOffer(town, named))).toBe('NOT_NEXT_IN_LINE');
  expect(placed(await tryOffer(town, { ...named, skipReason: '夫妻同住' }))).toMatchObject({
    elderId: second,
  });
  const id = await town.ids.take(1);
  const admission = {
    id,
    requestId: randomUUID(),
    bedId: other,
    elderId: stranger,
    from: today,
    holdId: null,
  };
  const result = await open.database.write((manager) =>
    admit(
      manager,
      { ...admission, contractSignedOn: null, skipReason: '急诊出院', byId: town.managerId, now: after(3) },
      allBeds,
    ),
  );
  expect(outcomeOf(result)).toBe('done');
  const entryId = await entryIdOf(first);
  const lines = await open.database.read((manager) => explainPosition(manager, entryId, allBeds, after(4)));
  expect(lines.map(({ en }) => en)).toEqual([
    'Position 1',
    'Class 4: Others',
    'Applied on 2026-03-10',
    '0 ahead are of a class that comes first',
    '0 ahead are of the same class and applied before',
    'On 2026-03-10 a bed was given past this entry, because: 夫妻同住',
    'On 2026-03-10 a bed was given past this entry, because: 急诊出院',
  ]);
  const nobodys = { beds: [], elders: [] };
  expect(await open.database.read((manager) => explainPosition(manager, entryId, nobodys, noon))).toEqual([]);
});

it('the destitute are let in at once, whoever waits', async () => {
  const bedId = await newBed();
  await waits(0, { categories: ['MINIMUM_LIVING'] });
  const destitute = await addApplicant(town, { categories: ['DESTITUTE'] });
  expect(outcomeOf(await tryAdmit(town, { bedId, elderId: destitute }))).toBe('done');
});

it('whom a bed does not suit is in nobody’s way', async () => {
  const bedId = await newBed({ gender: 'MALE' });
  await waits(0);
  const man = await addResident(town, { gender: 'MALE' });
  expect(outcomeOf(await tryAdmit(town, { bedId, elderId: man }))).toBe('done');
});
