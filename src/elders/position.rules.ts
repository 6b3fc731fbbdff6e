import type { Position } from './elder-door.js';

/** Millionths in a degree. */
const micro = 1_000_000;

/** A position from degrees; undefined for what is no place on the earth. */
export function positionOf(latitude: number, longitude: number): Position | undefined {
  const isPlace = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
  if (!isPlace) return undefined;
  return { latitudeMicro: Math.round(latitude * micro), longitudeMicro: Math.round(longitude * micro) };
}

/** A position in degrees; nulls for one that is not known. */
export function inDegrees(position: Position | null): { latitude: number | null; longitude: number | null } {
  return {
    latitude: position && position.latitudeMicro / micro,
    longitude: position && position.longitudeMicro / micro,
  };
}
