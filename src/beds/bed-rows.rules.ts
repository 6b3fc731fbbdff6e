import { type BedType, bedTypes } from '../../entities/beds/bed.entity.js';
import { type RoomGender, roomGenders } from '../../entities/beds/room.entity.js';
import { addDays, type Day, isDay } from '../shared/china-time.js';
import type { Text } from '../shared/text.js';

/** The columns of a list of beds, in their order, with the heads by which they are found. */
export const bedColumns = [
  'building',
  'floor',
  'room',
  'gender',
  'label',
  'type',
  'registeredOn',
  'inServiceFrom',
] as const;
export type BedColumn = (typeof bedColumns)[number];

export const columnHeads: Readonly<Record<BedColumn, Text>> = {
  building: { zh: '楼栋', en: 'building' },
  floor: { zh: '楼层', en: 'floor' },
  room: { zh: '房间', en: 'room' },
  gender: { zh: '性别', en: 'gender' },
  label: { zh: '床号', en: 'bed' },
  type: { zh: '类型', en: 'type' },
  registeredOn: { zh: '登记日期', en: 'registered' },
  inServiceFrom: { zh: '启用日期', en: 'in service' },
};

/** How many beds one file may bring. */
export const bedRowsMax = 2000;

export type RowFaultCode =
  | 'FILE_UNREADABLE'
  | 'FILE_EMPTY'
  | 'TOO_MANY_ROWS'
  | 'HEADER_MISSING'
  | 'TEXT_INVALID'
  | 'FLOOR_INVALID'
  | 'GENDER_UNKNOWN'
  | 'TYPE_UNKNOWN'
  | 'DAY_INVALID'
  | 'ROOM_CONTRADICTS'
  | 'ROOM_CLOSED'
  | 'BED_TWICE'
  | 'BED_EXISTS';

/** What is wrong with a row, and where. */
export interface RowFault {
  /** As a spreadsheet counts: the head is row 1. */
  row: number;
  /** Null when the whole row, or the whole file, is at fault. */
  column: BedColumn | null;
  code: RowFaultCode;
  text: Text;
}

/** One bed that is to be registered, in its room. */
export interface BedRow {
  row: number;
  building: string;
  floor: number;
  room: string;
  gender: RoomGender;
  label: string;
  type: BedType;
  registeredOn: Day;
  inServiceFrom: Day;
}

const genders: Readonly<Record<string, RoomGender>> = {
  女: 'FEMALE',
  男: 'MALE',
  不限: 'ANY',
  夫妻: 'ANY',
  '': 'ANY',
};
const types: Readonly<Record<string, BedType>> = {
  普通: 'GENERAL',
  护理: 'NURSING',
  护理型: 'NURSING',
  日托: 'DAY_CARE',
  家庭: 'HOME',
};

/** Reads rows of texts, of which the first is the head. Every fault of every row is told. */
export function readBedRows(
  table: readonly (readonly string[])[],
  today: Day,
): { rows: BedRow[]; faults: RowFault[] } {
  const [head, ...body] = table;
  if (!head)
    return { rows: [], faults: [fileFault('FILE_EMPTY', { zh: '文件为空', en: 'The file is empty' })] };
  const places = placesOf(head);
  const missing = bedColumns.filter(
    (column) => places[column] === undefined && !['gender', 'registeredOn', 'inServiceFrom'].includes(column),
  );
  if (missing.length > 0) return { rows: [], faults: missing.map(headerMissing) };
  const filled = body
    .map((cells, index) => ({ cells, row: index + 2 }))
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  if (filled.length > bedRowsMax) {
    const text = { zh: `至多 ${bedRowsMax} 行`, en: `at most ${bedRowsMax} rows` };
    return { rows: [], faults: [{ row: bedRowsMax + 2, column: null, code: 'TOO_MANY_ROWS', text }] };
  }
  if (filled.length === 0) {
    return {
      rows: [],
      faults: [fileFault('FILE_EMPTY', { zh: '文件没有床位', en: 'The file lists no bed' })],
    };
  }
  const read = filled.map(({ cells, row }) =>
    readRow((column) => cells[places[column] ?? -1]?.trim() ?? '', row, today),
  );
  const rows = read.flatMap(({ bed }) => bed ?? []);
  return { rows, faults: [...read.flatMap(({ faults }) => faults), ...contradictions(rows)].sort(byRow) };
}

export function byRow(one: RowFault, other: RowFault): number {
  return one.row - other.row;
}

function fileFault(code: RowFaultCode, text: Text): RowFault {
  return { row: 1, column: null, code, text };
}

function headerMissing(column: BedColumn): RowFault {
  const { zh, en } = columnHeads[column];
  const text = { zh: `缺少“${zh}”列`, en: `The column "${en}" is missing` };
  return { row: 1, column, code: 'HEADER_MISSING', text };
}

/** In either language, whatever the case. */
function placesOf(head: readonly string[]): Partial<Record<BedColumn, number>> {
  const names = head.map((cell) => cell.trim().toLowerCase());
  const found = bedColumns.map((column) => {
    const { zh, en } = columnHeads[column];
    const place = names.findIndex((name) => [zh, en, column.toLowerCase()].includes(name));
    return [column, place < 0 ? undefined : place] as const;
  });
  return Object.fromEntries(found);
}

function readRow(
  cell: (column: BedColumn) => string,
  row: number,
  today: Day,
): { bed?: BedRow; faults: RowFault[] } {
  const faults: RowFault[] = [];
  const fault = (column: BedColumn, code: RowFaultCode, text: Text) =>
    faults.push({ row, column, code, text });
  for (const [column, lengthMax] of [
    ['building', 40],
    ['room', 40],
    ['label', 20],
  ] as const) {
    if (isName(cell(column), lengthMax)) continue;
    fault(column, 'TEXT_INVALID', { zh: `须为 1 至 ${lengthMax} 个字`, en: `1 to ${lengthMax} characters` });
  }
  const floor = Number(cell('floor'));
  if (!/^-?\d{1,3}$/.test(cell('floor')) || !isFloor(floor)) {
    fault('floor', 'FLOOR_INVALID', { zh: '须为 -9 至 99 的整数', en: 'a whole number of -9 to 99' });
  }
  const gender = wordOf(cell('gender'), roomGenders, genders);
  if (!gender) fault('gender', 'GENDER_UNKNOWN', { zh: '须为女、男或不限', en: 'FEMALE, MALE or ANY' });
  const type = wordOf(cell('type'), bedTypes, types);
  if (!type) {
    fault('type', 'TYPE_UNKNOWN', {
      zh: '须为普通、护理、日托或家庭',
      en: 'GENERAL, NURSING, DAY_CARE or HOME',
    });
  }
  const registeredOn = cell('registeredOn') || today;
  const inServiceFrom = cell('inServiceFrom') || registeredOn;
  const wrongDay = dayColumnFault({ registeredOn, inServiceFrom }, today);
  if (wrongDay) fault(wrongDay.column, 'DAY_INVALID', wrongDay.text);
  if (faults.length > 0 || !gender || !type) return { faults };
  const [building, room, label] = [cell('building'), cell('room'), cell('label')];
  return { bed: { row, building, floor, room, gender, label, type, registeredOn, inServiceFrom }, faults };
}

/** A name of a building, a room or a bed, without spaces around it. */
export function isName(text: string, lengthMax: number): boolean {
  const length = [...text].length;
  return (
    text === text.trim() && length > 0 && length <= lengthMax && !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(text)
  );
}

export function isFloor(floor: number): boolean {
  return Number.isInteger(floor) && floor >= -9 && floor <= 99 && floor !== 0;
}

/** What is wrong with the days of a bed: registered up to today, in service from then to a year ahead. */
export function dayColumnFault(
  { registeredOn, inServiceFrom }: { registeredOn: Day; inServiceFrom: Day },
  today: Day,
): { column: 'registeredOn' | 'inServiceFrom'; text: Text } | undefined {
  if (!isDay(registeredOn) || registeredOn < '1949-10-01' || registeredOn > today) {
    const text = { zh: '须为 YYYY-MM-DD，不晚于今天', en: 'YYYY-MM-DD, not after today' };
    return { column: 'registeredOn', text };
  }
  const last = addDays(today, 366);
  if (isDay(inServiceFrom) && inServiceFrom >= registeredOn && inServiceFrom <= last) return undefined;
  const text = {
    zh: `须为 YYYY-MM-DD，自登记日至 ${last}`,
    en: `YYYY-MM-DD, from the registration to ${last}`,
  };
  return { column: 'inServiceFrom', text };
}

/** A word of an enumeration, or how people say it. */
function wordOf<Word extends string>(
  text: string,
  words: readonly Word[],
  said: Readonly<Record<string, Word>>,
): Word | undefined {
  return (
    words.find((word) => word === text.toUpperCase()) ?? (Object.hasOwn(said, text) ? said[text] : undefined)
  );
}

/** Two rows about one room must agree, and no bed comes twice. */
export function contradictions(rows: readonly BedRow[]): RowFault[] {
  const rooms = new Map<string, BedRow>();
  const beds = new Set<string>();
  const faults: RowFault[] = [];
  for (const bed of rows) {
    const roomKey = keyOfRoom(bed);
    const first = rooms.get(roomKey) ?? bed;
    rooms.set(roomKey, first);
    for (const column of ['floor', 'gender'] as const) {
      if (first[column] === bed[column]) continue;
      const text = {
        zh: `与第 ${first.row} 行的同一房间不一致`,
        en: `row ${first.row} says otherwise of this room`,
      };
      faults.push({ row: bed.row, column, code: 'ROOM_CONTRADICTS', text });
    }
    const bedKey = `${roomKey}\n${nameKey(bed.label)}`;
    if (beds.has(bedKey)) {
      const text = { zh: '该床位在前面的行中已有', en: 'An earlier row brings this bed' };
      faults.push({ row: bed.row, column: 'label', code: 'BED_TWICE', text });
    }
    beds.add(bedKey);
  }
  return faults;
}

/** Names that one of the engines takes for the same are the same: whatever the case, the width or the accents. */
export function nameKey(name: string): string {
  return name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

export function keyOfRoom({ building, room }: Pick<BedRow, 'building' | 'room'>): string {
  return `${nameKey(building)}\n${nameKey(room)}`;
}

/** A list as rows of texts, of which the first is the head, or what makes it unreadable. */
export type BedTable = readonly (readonly string[])[] | RowFault;

export interface NewRoom {
  building: string;
  floor: number;
  room: string;
  gender?: RoomGender | null;
  beds: readonly { label: string; type: BedType; registeredOn?: Day | null; inServiceFrom?: Day | null }[];
}

/** Rooms as the same table that a file is read into, so that one set of rules holds for both. */
export function tableOfRooms(rooms: readonly NewRoom[]): readonly (readonly string[])[] {
  const body = rooms.flatMap(({ building, floor, room, gender, beds }) =>
    beds.map(({ label, type, registeredOn, inServiceFrom }) => [
      ...[building, String(floor), room, gender ?? 'ANY'],
      ...[label, type, registeredOn ?? '', inServiceFrom ?? ''],
    ]),
  );
  return [bedColumns.map((column) => columnHeads[column].en), ...body];
}
