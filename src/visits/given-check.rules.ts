import type { CheckKind } from '../../entities/visits/visit-check.entity.js';
import type { Position } from '../elders/elder-door.js';
import { positionOf } from '../elders/position.rules.js';
import { isUuid } from '../shared/uuid.js';
import { tagTextMax } from './door-tag-text.rules.js';

/** A tap as a device sends it. */
export interface GivenCheck {
  /** A UUID that the device makes and stores before it sends. */
  requestId: string;
  visitId: number;
  kind: CheckKind;
  /** The device's clock at the tap. */
  at: Date;
  /** The device's clock at the upload; null when it does not tell. */
  sentAt: Date | null;
  /** Degrees, WGS 84; both or neither. */
  latitude: number | null;
  longitude: number | null;
  /** What the device says of its own position. */
  accuracyMetres: number | null;
  /** What was read of a tag at the door. */
  tag: string | null;
  /** The device could not ask when it was tapped. */
  isOffline: boolean;
}

/** What is wrong with a tap whatever the visit. */
export type CheckFault =
  | ['REQUEST_ID_MALFORMED', 'requestId']
  | ['POSITION_INVALID', 'latitude' | 'longitude' | 'accuracyMetres']
  | ['TAG_INVALID', 'tag'];

const accuracyMetresMax = 100_000;

/** A tap whose parts can be what they are said to be; its position is null when the device knew none. */
export interface WellFormedCheck extends Omit<GivenCheck, 'latitude' | 'longitude'> {
  position: Position | null;
}

export function wellFormed(given: GivenCheck): WellFormedCheck | CheckFault {
  const { latitude, longitude, ...rest } = given;
  if (!isUuid(given.requestId)) return ['REQUEST_ID_MALFORMED', 'requestId'];
  if ((latitude === null) !== (longitude === null)) {
    return ['POSITION_INVALID', latitude === null ? 'latitude' : 'longitude'];
  }
  const position = latitude === null || longitude === null ? null : positionOf(latitude, longitude);
  if (position === undefined)
    return ['POSITION_INVALID', Math.abs(latitude ?? 0) > 90 ? 'latitude' : 'longitude'];
  const accuracyMetres = given.accuracyMetres === null ? null : Math.round(given.accuracyMetres);
  if (accuracyMetres !== null && !(accuracyMetres >= 0 && accuracyMetres <= accuracyMetresMax)) {
    return ['POSITION_INVALID', 'accuracyMetres'];
  }
  const tag = given.tag === null ? null : given.tag.trim();
  if (tag !== null && (tag === '' || tag.length > tagTextMax)) return ['TAG_INVALID', 'tag'];
  return { ...rest, requestId: given.requestId.toLowerCase(), position, accuracyMetres, tag };
}
