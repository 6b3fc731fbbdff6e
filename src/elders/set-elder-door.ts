import type { EntityManager } from 'typeorm';
import { dayOf } from '../shared/china-time.js';
import { type Refusal, refuse } from '../shared/refusal.js';
import { type Door, keepDoor } from './elder-door.js';
import type { ElderScope } from './elder-scope.js';
import { lockElder } from './find-elder.js';
import { positionOf } from './position.rules.js';

export type DoorRefusalCode = 'ELDER_UNKNOWN' | 'ELDER_NOT_ACTIVE' | 'POSITION_INVALID' | 'NOTE_INVALID';

export interface WantedDoor {
  elderId: number;
  /** Degrees, WGS 84; both or neither. */
  latitude: number | null;
  longitude: number | null;
  /** At most 200 characters. */
  note: string | null;
  byId: number;
  now: Date;
}

const noteLengthMax = 200;

/** Says how an elder's door is found, in the place of what was said before; nothing said takes it back. */
export async function setElderDoor(
  manager: EntityManager,
  wanted: WantedDoor,
  scope: ElderScope,
): Promise<(Door & { elderId: number }) | Refusal<DoorRefusalCode>> {
  const { elderId, latitude, longitude, byId, now } = wanted;
  const elder = await lockElder(manager, elderId, scope, dayOf(now));
  if (!elder) {
    return refuse('ELDER_UNKNOWN', { zh: '没有这位老人的档案', en: 'There is no such elder' }, ['elderId']);
  }
  if (elder.status !== 'ACTIVE') {
    const text = { zh: '该老人的档案已经结束', en: 'The file of this elder has ended' };
    return refuse('ELDER_NOT_ACTIVE', text, ['elderId']);
  }
  const position = latitude === null || longitude === null ? null : positionOf(latitude, longitude);
  if (position === undefined || (latitude === null) !== (longitude === null)) {
    const text = {
      zh: '经纬度须同时填写，纬度 -90 至 90，经度 -180 至 180',
      en: 'Latitude, -90 to 90, and longitude, -180 to 180, come together',
    };
    return refuse('POSITION_INVALID', text, [latitude === null ? 'longitude' : 'latitude']);
  }
  const note = wanted.note?.trim() || null;
  if (note !== null && ([...note].length > noteLengthMax || /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(note))) {
    const text = { zh: `至多 ${noteLengthMax} 字`, en: `has at most ${noteLengthMax} characters` };
    return refuse('NOTE_INVALID', text, ['note']);
  }
  await keepDoor(manager, elderId, { position, note }, { byId, now });
  return { elderId, position, note };
}
