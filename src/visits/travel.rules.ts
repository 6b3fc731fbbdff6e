import type { TravelMode } from '../../entities/visits/home-station.entity.js';
import type { Position } from '../elders/elder-door.js';

/** The mean radius of the earth, in metres (IUGG). */
const earthMetres = 6_371_008.8;

/** Ways are longer than the straight line; what cities of a grid come to. */
const detour = 1.3;

/** Metres in a second, parking and stairs counted; an assumption of ours that a server of ways replaces. */
const metresPerSecond: Readonly<Record<TravelMode, number>> = { WALK: 1.2, CYCLE: 3.6, CAR: 6.5 };

/** Between two doors that differ, however near: locking up, going down, ringing. */
const secondsMin = 60;

/** Where one of the two places is not known: far enough that a plan does not count on luck. */
export const unknownWaySeconds = 15 * 60;

/** The length of the shortest way over the globe, in metres. */
export function greatCircleMetres(from: Position, to: Position): number {
  const [latitude, otherLatitude] = [radians(from.latitudeMicro), radians(to.latitudeMicro)];
  const turn = radians(to.longitudeMicro - from.longitudeMicro);
  const chord =
    Math.sin((otherLatitude - latitude) / 2) ** 2 +
    Math.cos(latitude) * Math.cos(otherLatitude) * Math.sin(turn / 2) ** 2;
  return 2 * earthMetres * Math.asin(Math.min(1, Math.sqrt(chord)));
}

/** How long the way takes, in whole seconds; none from a place to itself. */
export function waySeconds(mode: TravelMode, from: Position | null, to: Position | null): number {
  if (!from || !to) return unknownWaySeconds;
  const metres = greatCircleMetres(from, to);
  return metres < 1 ? 0 : Math.max(secondsMin, Math.ceil((metres * detour) / metresPerSecond[mode]));
}

function radians(micro: number): number {
  return (micro / 1_000_000) * (Math.PI / 180);
}
