import type { EntityManager } from 'typeorm';
import type { BedType } from '../../entities/beds/bed.entity.js';
import { coversElder, type ElderScope } from '../elders/elder-scope.js';
import { covers, narrowed, nowhere, type Scope } from '../network/scope.js';
import { withBeneath } from '../network/tree.js';
import { dayOf } from '../shared/china-time.js';
import { placeholders } from '../shared/statements.js';
import type { Text } from '../shared/text.js';
import { firstInLines } from './county-order.js';
import type { BedReach } from './lock-elder.js';
import { skipsOf } from './next-in-line.js';
import { byLine } from './waitlist.rules.js';
import { type LinesWanted, linesOfElder, readLines, type Waiting } from './waitlist-line.js';
import { type PlacedEntry, shownEntries } from './waitlist-view.js';

/** The lines of one facility, each in its order; of a place out of scope nobody. */
export async function waitlistOf(
  manager: EntityManager,
  { facilityId, type, now }: { facilityId: number; type: BedType | undefined; now: Date },
  scope: Scope,
): Promise<PlacedEntry[]> {
  const isCovered = await covers(manager, scope, facilityId, dayOf(now));
  const wanted = ofType(
    { condition: 'w.facilityId = ?', parameters: [isCovered ? facilityId : nowhere] },
    type,
  );
  return shownEntries(manager, await readLines(manager, wanted, now), now);
}

/** Everybody who waits at or beneath a facility, by class and then by time of application, whichever the line. */
export async function countyWaitlist(
  manager: EntityManager,
  { within, type, first, now }: { within: number; type: BedType | undefined; first: number; now: Date },
  scope: Scope,
): Promise<PlacedEntry[]> {
  const today = dayOf(now);
  const places = await narrowed(manager, scope, within, today);
  const beneath = withBeneath(places === 'everywhere' || places.length === 0 ? [nowhere] : places, today);
  const rows: { facilityId: number }[] = await manager.query(
    `${beneath.sql} SELECT l.facilityId FROM waitlist_line l
      WHERE l.facilityId IN (SELECT facilityId FROM beneath)`,
    beneath.parameters,
  );
  const ids = [...new Set(rows.map(({ facilityId }) => facilityId)), nowhere];
  const condition = `w.facilityId IN (${ids.map(() => '?').join(', ')})`;
  const lines = ofType({ condition, parameters: ids }, type);
  const entryIds = [...(await firstInLines(manager, lines, { first, now })), nowhere];
  const shown = { condition: `w.id IN (${placeholders(entryIds)})`, parameters: entryIds };
  // Those before somebody in the own line are among them, so that the places are those of the whole lines.
  const waiting = await readLines(manager, shown, now);
  return shownEntries(manager, waiting.sort(byLine), now);
}

function ofType({ condition, parameters }: LinesWanted, type: BedType | undefined): LinesWanted {
  if (type === undefined) return { condition, parameters };
  return { condition: `${condition} AND w.bedType = ?`, parameters: [...parameters, type] };
}

/** Where an elder stands in each line; of an elder out of scope nothing. */
export async function placesOfElder(
  manager: EntityManager,
  elderId: number,
  scope: ElderScope,
  now: Date,
): Promise<PlacedEntry[]> {
  const [elder]: { homeStationId: number | null }[] = await manager.query(
    'SELECT homeStationId FROM elder WHERE id = ?',
    [elderId],
  );
  const asked = { id: elderId, homeStationId: elder?.homeStationId ?? null };
  const isCovered = (await coversElder(manager, scope, asked, dayOf(now))) && elder !== undefined;
  const lines = await readLines(manager, linesOfElder(isCovered ? elderId : nowhere), now);
  const own = lines.filter((waiting) => waiting.elderId === elderId);
  return shownEntries(manager, own, now);
}

/** Why somebody stands where they stand, sentence by sentence; nothing for an entry out of reach. */
export async function explainPosition(
  manager: EntityManager,
  entryId: number,
  { beds, elders }: BedReach,
  now: Date,
): Promise<Text[]> {
  const today = dayOf(now);
  const [row]: { elderId: number; facilityId: number; homeStationId: number | null }[] = await manager.query(
    `SELECT w.elderId, w.facilityId, e.homeStationId FROM waitlist_entry w JOIN elder e ON e.id = w.elderId
      WHERE w.id = ?`,
    [entryId],
  );
  const asked = { id: row?.elderId ?? nowhere, homeStationId: row?.homeStationId ?? null };
  const isCovered =
    (await covers(manager, beds, row?.facilityId ?? nowhere, today)) ||
    (await coversElder(manager, elders, asked, today));
  const isShown = isCovered && row !== undefined;
  const lines = await readLines(manager, linesOfElder(isShown ? row.elderId : nowhere), now);
  const skips = await skipsOf(manager, isShown ? entryId : nowhere);
  const own = lines.find(({ id }) => id === entryId);
  if (!isShown) return [];
  const passed = skips.map(({ reason, at }) => ({
    zh: `${dayOf(at)} 有床位跳过了本记录，原因：${reason ?? '已删除'}`,
    en: `On ${dayOf(at)} a bed was given past this entry, because: ${reason ?? 'erased'}`,
  }));
  if (!own) return [{ zh: '已不在轮候', en: 'No longer waiting' }, ...passed];
  const ahead = lines.filter(
    (other) =>
      other.facilityId === own.facilityId && other.bedType === own.bedType && other.position < own.position,
  );
  return [...sentences(own, ahead), ...passed];
}

function sentences(own: Waiting, ahead: readonly Waiting[]): Text[] {
  const { rank, atOnce, name } = own.class;
  const higher = ahead.filter((other) => other.class.rank < rank || (other.class.atOnce && !atOnce)).length;
  const earlier = ahead.length - higher;
  return [
    { zh: `第 ${own.position} 位`, en: `Position ${own.position}` },
    {
      zh: `属第 ${rank} 类：${name.zh}${atOnce ? '，随时安排' : ''}`,
      en: `Class ${rank}: ${name.en}${atOnce ? ', let in at once' : ''}`,
    },
    { zh: `${own.joinedOn} 申请轮候`, en: `Applied on ${own.joinedOn}` },
    { zh: `前面有 ${higher} 位属更优先类别`, en: `${higher} ahead are of a class that comes first` },
    {
      zh: `前面有 ${earlier} 位同类且申请更早`,
      en: `${earlier} ahead are of the same class and applied before`,
    },
  ];
}
