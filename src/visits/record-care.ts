import type { EntityManager } from 'typeorm';
import type { MeasurementKind } from '../../entities/visits/care-measurement.entity.js';
import { dayOf } from '../shared/china-time.js';
import { cipherOf } from '../shared/database-cipher.js';
import { isRefusal } from '../shared/refusal.js';
import { insertRows } from '../shared/statements.js';
import { isUuid } from '../shared/uuid.js';
import { limitsFor } from './care-limits.js';
import { type CareRefusal, refuseCare } from './care-refusals.js';
import { type CareVisit, lockCareVisits, reachedVisits } from './care-visits.js';
import { beyond, contradiction, measuredKinds, tenthsOf } from './measurement.rules.js';
import { longTextMax, noteTextOf } from './note-text.rules.js';
import { measurementName, noteName } from './sealed-care.js';
import type { VisitReach } from './visit-reach.js';
import { openSpan } from './window.rules.js';

export interface GivenCare {
  visitId: number;
  /** A UUID; sending it again with the same content changes nothing. */
  requestId: string;
  /** At most 500 characters. */
  note: string | null;
  /** In the unit of each kind, with one decimal at most. */
  measurements: readonly { kind: MeasurementKind; value: number }[];
  now: Date;
}

/** What was written down, and what of it alerts. */
export interface CareRecorded {
  visitId: number;
  note: string | null;
  measurements: { kind: MeasurementKind; tenths: number; beyond: 'LOW' | 'HIGH' | null }[];
}

interface SoundCare {
  requestId: string;
  note: string | null;
  values: { kind: MeasurementKind; tenths: number }[];
}

/**
 * Writes down what a caregiver saw and measured at its own visit, once it has begun and until the day after it. What
 * lies beyond its limits alerts the station.
 */
export async function recordCare(
  manager: EntityManager,
  given: GivenCare,
  reach: VisitReach,
): Promise<CareRecorded | CareRefusal> {
  const { visitId, now } = given;
  const sound = soundCare(given);
  if (isRefusal(sound)) return sound;
  const reached = await reachedVisits(manager, [visitId], reach, dayOf(now));
  const visit = (await lockCareVisits(manager, reached)).get(visitId);
  const part = visit?.parts.find(({ accountId }) => accountId === reach.own.accountId);
  if (!visit || !part) return refuseCare('VISIT_UNKNOWN', ['input', 'visitId']);
  const earlier = await earlierCare(manager, sound.requestId);
  if (earlier) {
    const isSame = earlier.visitId === visitId && contentOf(earlier) === contentOf(sound);
    return isSame
      ? recordedFrom(manager, visit, sound)
      : refuseCare('REQUEST_ID_REUSED', ['input', 'requestId']);
  }
  if (visit.status !== 'IN_PROGRESS' && visit.status !== 'COMPLETED') {
    const text = {
      zh: `服务状态为 ${visit.status}，签到之后才能填写`,
      en: `${visit.status}: it is written down once somebody has checked in`,
    };
    return refuseCare('WRONG_STATE', ['input', 'visitId'], text);
  }
  const open = openSpan(dayOf(now));
  if (!(visit.startsAt < open.endsAt && visit.endsAt > open.startsAt)) {
    return refuseCare('TIME_OUT_OF_RANGE', ['input', 'visitId']);
  }
  await writeDown(manager, visit, part.caregiverId, sound, now);
  return recordedFrom(manager, visit, sound);
}

function soundCare({ requestId, note, measurements }: GivenCare): SoundCare | CareRefusal {
  if (!isUuid(requestId)) return refuseCare('REQUEST_ID_MALFORMED', ['input', 'requestId']);
  const text = noteTextOf(note, longTextMax);
  if (text === undefined) return refuseCare('NOTE_INVALID', ['input', 'note']);
  if (text === null && measurements.length === 0) return refuseCare('NOTHING_GIVEN', ['input']);
  const values: SoundCare['values'] = [];
  for (const [index, { kind, value }] of measurements.entries()) {
    const tenths = tenthsOf(kind, value);
    if (tenths === undefined) return refuseValue(index, kind);
    values.push({ kind, tenths });
  }
  const wrong = contradiction(values);
  if (wrong !== undefined) {
    const text = {
      zh: '重复，或舒张压不低于收缩压',
      en: 'is there twice, or not below the systolic pressure',
    };
    return refuseCare('VALUE_OUT_OF_RANGE', ['input', 'measurements', String(wrong), 'kind'], text);
  }
  return { requestId: requestId.toLowerCase(), note: text, values };
}

function refuseValue(index: number, kind: MeasurementKind): CareRefusal {
  const { name, unit, min, max } = measuredKinds[kind];
  const range = `${min / 10}–${max / 10} ${unit}`;
  const text = {
    zh: `${name.zh}须在 ${range}，至多一位小数`,
    en: `${name.en}: ${range}, one decimal at most`,
  };
  return refuseCare('VALUE_OUT_OF_RANGE', ['input', 'measurements', String(index), 'value'], text);
}

async function writeDown(
  manager: EntityManager,
  { id: visitId, elderId, stationId, startsAt }: CareVisit,
  caregiverId: number,
  { requestId, note, values }: SoundCare,
  now: Date,
): Promise<void> {
  const cipher = cipherOf(manager);
  const own = [requestId, visitId, elderId, caregiverId];
  const columns = ['requestId', 'visitId', 'elderId', 'caregiverId'];
  if (note !== null) {
    await insertRows(
      manager,
      'care_note',
      [...columns, 'textSealed', 'writtenAt'],
      [[...own, cipher.encrypt(noteName, note), now.getTime()]],
    );
  }
  if (values.length === 0) return;
  await insertRows(
    manager,
    'care_measurement',
    [...columns, 'kind', 'valueSealed', 'measuredAt'],
    values.map(({ kind, tenths }) => [
      ...own,
      kind,
      cipher.encrypt(measurementName, String(tenths)),
      now.getTime(),
    ]),
  );
  const limits = await limitsFor(manager, { elderId, stationId }, dayOf(startsAt));
  const ids: { id: number; kind: MeasurementKind }[] = await manager.query(
    'SELECT id, kind FROM care_measurement WHERE requestId = ?',
    [requestId],
  );
  const alerts = values.flatMap(({ kind, tenths }) => {
    const limit = limits.get(kind);
    const direction = limit && beyond(tenths, limit);
    const measurementId = ids.find((each) => each.kind === kind)?.id;
    return direction ? [[measurementId, elderId, stationId, direction, now.getTime()]] : [];
  });
  if (alerts.length === 0) return;
  const alertColumns = ['measurementId', 'elderId', 'stationId', 'direction', 'raisedAt'];
  await insertRows(manager, 'care_alert', alertColumns, alerts);
}

/** What was written down under this id, whoever did so. */
async function earlierCare(
  manager: EntityManager,
  requestId: string,
): Promise<(SoundCare & { visitId: number }) | undefined> {
  const cipher = cipherOf(manager);
  const notes: { visitId: number; textSealed: string }[] = await manager.query(
    'SELECT visitId, textSealed FROM care_note WHERE requestId = ?',
    [requestId],
  );
  const rows: { visitId: number; kind: MeasurementKind; valueSealed: string }[] = await manager.query(
    'SELECT visitId, kind, valueSealed FROM care_measurement WHERE requestId = ? ORDER BY id',
    [requestId],
  );
  const visitId = notes[0]?.visitId ?? rows[0]?.visitId;
  if (visitId === undefined) return undefined;
  return {
    visitId,
    requestId,
    note: notes[0] ? cipher.decrypt(noteName, notes[0].textSealed) : null,
    values: rows.map(({ kind, valueSealed }) => ({
      kind,
      tenths: Number(cipher.decrypt(measurementName, valueSealed)),
    })),
  };
}

function contentOf({ note, values }: Pick<SoundCare, 'note' | 'values'>): string {
  return JSON.stringify([note, values.map(({ kind, tenths }) => `${kind} ${tenths}`).sort()]);
}

async function recordedFrom(
  manager: EntityManager,
  { id: visitId }: CareVisit,
  { requestId, note, values }: SoundCare,
): Promise<CareRecorded> {
  const alerts: { kind: MeasurementKind; direction: 'LOW' | 'HIGH' }[] = await manager.query(
    `SELECT measurement.kind, alert.direction
       FROM care_measurement measurement JOIN care_alert alert ON alert.measurementId = measurement.id
      WHERE measurement.requestId = ?`,
    [requestId],
  );
  const directions = new Map(alerts.map(({ kind, direction }) => [kind, direction]));
  return {
    visitId,
    note,
    measurements: values.map(({ kind, tenths }) => ({ kind, tenths, beyond: directions.get(kind) ?? null })),
  };
}
