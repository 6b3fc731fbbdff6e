import { type EntityManager, In } from 'typeorm';
import { Elder } from '../../entities/elders/elder.entity.js';
import { withBeneath } from '../network/tree.js';
import type { Day } from '../shared/china-time.js';
import { cipherOf } from '../shared/database-cipher.js';
import type { FieldCipher } from '../shared/field-cipher.js';
import { containing } from '../shared/like.js';
import { placeholders } from '../shared/statements.js';
import { type ElderScope, narrowedElders, type PlacesAndElders } from './elder-scope.js';
import { isName } from './registration.rules.js';
import { idNumberHash } from './sealed-fields.js';

/** Which elders a list holds; without any of these, all within the caller's scope. */
export interface ElderFilter {
  /** The home station is this facility or stands beneath it today. */
  within?: number | undefined;
  /** A part of the name, a whole card uid, or the whole resident ID number. */
  search?: string | undefined;
}

/**
 * Elders of the scope in the order of their ids: the first `rowsMax` whose id is greater than `afterId`.
 */
export async function findElders(
  manager: EntityManager,
  filter: ElderFilter,
  page: { afterId: number; rowsMax: number },
  scope: ElderScope,
  today: Day,
): Promise<Elder[]> {
  const area = await narrowedElders(manager, scope, filter.within, today);
  const { sql, parameters } = filtered(manager, filter.search, area, 'elder.id AS id', today);
  const rows: { id: number }[] = await manager.query(`${sql} AND elder.id > ? ORDER BY elder.id LIMIT ?`, [
    ...parameters,
    page.afterId,
    page.rowsMax,
  ]);
  const elders = await eldersById(
    manager,
    rows.map(({ id }) => id),
  );
  return [...elders.values()].sort((a, b) => a.id - b.id);
}

/** How many elders `findElders` has on all pages. */
export async function countFoundElders(
  manager: EntityManager,
  filter: ElderFilter,
  scope: ElderScope,
  today: Day,
): Promise<number> {
  const area = await narrowedElders(manager, scope, filter.within, today);
  const { sql, parameters } = filtered(manager, filter.search, area, 'COUNT(*) AS count', today);
  const rows: { count: number | string }[] = await manager.query(sql, parameters);
  return Number(rows[0]?.count);
}

/** The elders with these ids, whoever asks: for edges of what the caller may see already. */
export async function eldersById(
  manager: EntityManager,
  ids: readonly number[],
): Promise<Map<number, Elder>> {
  if (ids.length === 0) return new Map();
  const elders = await manager.findBy(Elder, { id: In([...ids]) });
  return new Map(elders.map((elder) => [elder.id, elder]));
}

/** The SELECT of both, to which conditions can be added; `area` is where the home station must lie, or who it is. */
function filtered(
  manager: EntityManager,
  search: string | undefined,
  { places, elderIds }: PlacesAndElders,
  columns: string,
  today: Day,
) {
  const found = searched(search?.trim() ?? '', () => cipherOf(manager));
  const beneath = places === 'everywhere' || places.length === 0 ? undefined : withBeneath(places, today);
  const inScope = [
    ...(places === 'everywhere' ? ['1 = 1'] : []),
    ...(beneath ? ['elder.homeStationId IN (SELECT facilityId FROM beneath)'] : []),
    ...(elderIds.length > 0 ? [`(elder.id IN (${placeholders(elderIds)})${found.unlessGuessed})`] : []),
  ];
  return {
    sql: `${beneath?.sql ?? ''} SELECT ${columns} FROM elder ${found.join}
           WHERE (${inScope.join(' OR ') || '1 = 0'}) AND ${found.where}`,
    parameters: [
      ...(beneath?.parameters ?? []),
      ...found.joined,
      ...(elderIds.length > 0 ? [...elderIds, ...found.guessed] : []),
      ...found.parameters,
    ],
  };
}

/** Eight and more hexadecimal digits are the number of a card or of a person, and no name. */
const wholeNumber = /^[0-9A-F]{8,20}X?$/;

/** A join with the values of its question marks, and a condition with those of its own. */
interface Search {
  join: string;
  joined: string[];
  where: string;
  parameters: string[];
  /**
   * What must be true besides of an elder whom the scope names alone. Relatives and caregivers see the birth date and
   * most of a masked ID number: that a list finds the whole one would tell them which of some hundred it is.
   */
  unlessGuessed: string;
  guessed: string[];
}

function searched(text: string, cipher: () => FieldCipher): Search {
  const everybody: Search = {
    join: '',
    joined: [],
    where: '1 = 1',
    parameters: [],
    unlessGuessed: '',
    guessed: [],
  };
  if (text === '') return everybody;
  const number = text.toUpperCase();
  if (wholeNumber.test(number)) {
    // A join and no OR, so that both numbers are looked up by their unique keys. The table of cards is
    // named here, though elders know nothing else of meals: whoever reads a uid off a card asks whose it is.
    const join = `JOIN (SELECT id AS foundId FROM elder WHERE idNumberHash = ?
                         UNION SELECT elderId FROM meal_card WHERE uid = ?) found ON found.foundId = elder.id`;
    const hash = idNumberHash(cipher(), number);
    const unlessGuessed = ' AND elder.idNumberHash <> ?';
    return { ...everybody, join, joined: [hash, number], unlessGuessed, guessed: [hash] };
  }
  if (!isName(text)) return { ...everybody, where: '1 = 0' };
  const { sql, parameters } = containing(['elder.name'], text);
  return { ...everybody, where: sql, parameters };
}
