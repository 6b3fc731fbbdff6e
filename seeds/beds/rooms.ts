import type { BedType } from '../../entities/beds/bed.entity.js';
import type { RoomGender } from '../../entities/beds/room.entity.js';
import { addDays, type Day } from '../../src/shared/china-time.js';
import { choiceOf, drawOf } from '../deterministic.js';
import { digits } from '../reference/nanyang/divisions.js';
import type { PlannedHome } from './homes.js';

/** A bed as it is to be, in its room. */
export interface PlannedBed {
  building: string;
  floor: number;
  room: string;
  gender: RoomGender;
  label: string;
  type: BedType;
  registeredOn: Day;
  inServiceFrom: Day;
  /** Nobody shares the room. */
  isSingle: boolean;
}

const bedsPerBuilding = 160;
const roomsPerFloor = 18;
const nursingRoom = choiceOf('beds of a nursing room', [
  [1, 1],
  [2, 5],
  [3, 2],
  [4, 3],
]);
const generalRoom = choiceOf('beds of a room', [
  [1, 3],
  [2, 7],
]);
const drawGender = drawOf('whose room it is');
const chineseDigits = '一二三四五六七八九'.split('');

/** The beds of a home in the order of its rooms. Every twelfth home has a wing that is registered and not open yet. */
export function bedsOf(home: PlannedHome, today: Day): PlannedBed[] {
  const rooms: PlannedBed[][] = [];
  for (const type of ['NURSING', 'GENERAL'] as const) {
    let left = home.beds[type];
    while (left > 0) {
      const index = home.number * 1000 + rooms.length;
      const wanted = type === 'NURSING' ? nursingRoom(index) : generalRoom(index);
      const size = Math.min(wanted, left);
      rooms.push(roomOf(home, rooms.length, { type, size, gender: genderOf(index, size) }, today));
      left -= size;
    }
  }
  return [...rooms.flat(), ...dayCareBeds(home), ...bedsAtHome(home)];
}

function genderOf(index: number, size: number): RoomGender {
  const draw = drawGender(index);
  // Single rooms are anybody's, and a few double rooms are for couples.
  if (size === 1 || (size === 2 && draw < 0.12)) return 'ANY';
  return draw < 0.6 ? 'FEMALE' : 'MALE';
}

interface RoomWish {
  type: BedType;
  size: number;
  gender: RoomGender;
}

function roomOf(
  home: PlannedHome,
  place: number,
  { type, size, gender }: RoomWish,
  today: Day,
): PlannedBed[] {
  const perBuilding = Math.ceil(bedsPerBuilding / 2.3);
  const buildings = Math.ceil(home.size / bedsPerBuilding);
  const number = Math.min(Math.floor(place / perBuilding), buildings - 1);
  const within = place - number * perBuilding;
  const floor = 1 + Math.floor(within / roomsPerFloor);
  const isNewWing = number > 0 && number === buildings - 1 && home.number % 12 === 5;
  const built = addDays(home.openedOn, number * 240);
  const registeredOn = isNewWing ? addDays(today, -60) : built;
  return Array.from({ length: size }, (_, index) => ({
    building: `${chineseDigits[number] ?? number + 1}号楼`,
    floor,
    room: `${floor}${String(1 + (within % roomsPerFloor)).padStart(2, '0')}`,
    gender,
    label: String(index + 1),
    type,
    registeredOn,
    inServiceFrom: addDays(registeredOn, isNewWing ? 105 : 30),
    isSingle: size === 1,
  }));
}

/** By the dozen in a room on the ground floor. */
function dayCareBeds(home: PlannedHome): PlannedBed[] {
  return Array.from({ length: home.beds.DAY_CARE }, (_, index) => ({
    ...extra(home, 'DAY_CARE'),
    room: `日间照料室${1 + Math.floor(index / 12)}`,
    label: String(1 + (index % 12)),
    isSingle: false,
  }));
}

/** Each stands in somebody's own dwelling, which the home has fitted out. */
function bedsAtHome(home: PlannedHome): PlannedBed[] {
  return Array.from({ length: home.beds.HOME }, (_, index) => ({
    ...extra(home, 'HOME'),
    building: '家庭养老床位',
    room: digits(index + 1),
    label: '1',
    isSingle: false,
  }));
}

function extra({ openedOn }: PlannedHome, type: BedType) {
  const registeredOn = addDays(openedOn, 30);
  const days = { registeredOn, inServiceFrom: addDays(registeredOn, 15) };
  return { building: '一号楼', floor: 1, gender: 'ANY' as const, type, ...days };
}
