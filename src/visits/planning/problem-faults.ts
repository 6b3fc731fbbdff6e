import type { Text } from '../../shared/text.js';
import type { PlanningCaregiver, PlanningProblem, PlanningVisit, TravelMatrix } from './problem.js';

/** What is wrong with a problem, and where: the path of the field, such as `visits[3].parts[0].durationMinutes`. */
export interface ProblemFault {
  field: string;
  text: Text;
}

const texts = {
  number: { zh: '不是有限的数', en: 'is no finite number' },
  negative: { zh: '不能为负数', en: 'must not be negative' },
  whole: { zh: '不是整数', en: 'is no whole number' },
  place: { zh: '地点不存在', en: 'is no place of the problem' },
  size: { zh: '行程表的大小不对', en: 'has not one entry for each pair of places' },
  mode: { zh: '行程表不存在', en: 'names no travel matrix' },
  twice: { zh: '编号重复', en: 'is used twice' },
  turned: { zh: '时间范围前后颠倒', en: 'ends before it begins' },
  parts: { zh: '必须有一项或两项服务', en: 'must have one part or two' },
  together: { zh: '两项服务必须说明先后关系', en: 'must say how the two parts lie in time' },
  alone: { zh: '一项服务没有先后关系', en: 'must be null for one part' },
  unknown: { zh: '护理员不存在', en: 'names no caregiver of the problem' },
  entries: { zh: '项数与服务项数不同', en: 'must have one entry for each part' },
  same: { zh: '两项服务不能由同一人承担', en: 'must name two different caregivers' },
  absent: { zh: '护理员没有班次', en: 'names a caregiver without a shift' },
  overlap: { zh: '班次重叠', en: 'overlaps the shift before it' },
  long: { zh: '休息放不进所给的时间', en: 'has no room within its span' },
} satisfies Record<string, Text>;

type Report = (field: string, text: Text) => void;

/** Every fault of a problem; none when it can be planned. */
export function faultsOf(problem: PlanningProblem): ProblemFault[] {
  const faults: ProblemFault[] = [];
  const report: Report = (field, text) => faults.push({ field, text });
  if (!Number.isInteger(problem.placeCount) || problem.placeCount < 0) report('placeCount', texts.whole);
  twiceFaults(problem.caregivers, 'caregivers', report);
  twiceFaults(problem.visits, 'visits', report);
  for (const [i, matrix] of problem.travel.entries()) matrixFaults(problem, matrix, `travel[${i}]`, report);
  for (const [i, caregiver] of problem.caregivers.entries()) {
    caregiverFaults(problem, caregiver, `caregivers[${i}]`, report);
  }
  const shiftsOf = new Map(problem.caregivers.map(({ id, shifts }) => [id, shifts.length]));
  for (const [i, visit] of problem.visits.entries()) {
    visitFaults(problem, visit, `visits[${i}]`, report);
    partFaults(visit, `visits[${i}]`, shiftsOf, report);
    begunFaults(visit, `visits[${i}].begun`, shiftsOf, report);
  }
  for (const [name, weight] of Object.entries(problem.weights ?? {})) {
    amount(weight, `weights.${name}`, report);
  }
  return faults;
}

function finite(value: number, field: string, report: Report): boolean {
  if (Number.isFinite(value)) return true;
  report(field, texts.number);
  return false;
}

function amount(value: number, field: string, report: Report): void {
  if (finite(value, field, report) && value < 0) report(field, texts.negative);
}

function place(problem: PlanningProblem, value: number, field: string, report: Report): void {
  if (!Number.isInteger(value) || value < 0 || value >= problem.placeCount) report(field, texts.place);
}

/** The first fault alone: a matrix that is wrong is often wrong everywhere. */
function matrixFaults(
  problem: PlanningProblem,
  { minutes }: TravelMatrix,
  path: string,
  report: Report,
): void {
  if (minutes.length !== problem.placeCount ** 2) {
    report(`${path}.minutes`, texts.size);
    return;
  }
  for (let i = 0; i < minutes.length; i++) {
    const value = minutes[i] ?? Number.NaN;
    if (Number.isFinite(value) && value >= 0) continue;
    report(`${path}.minutes[${i}]`, Number.isFinite(value) ? texts.negative : texts.number);
    return;
  }
}

function caregiverFaults(
  problem: PlanningProblem,
  caregiver: PlanningCaregiver,
  path: string,
  report: Report,
): void {
  if (!problem.travel[caregiver.travel]) report(`${path}.travel`, texts.mode);
  const { longestDayMinutes, normalDayMinutes } = caregiver;
  if (longestDayMinutes !== null) amount(longestDayMinutes, `${path}.longestDayMinutes`, report);
  if (normalDayMinutes !== null) amount(normalDayMinutes, `${path}.normalDayMinutes`, report);
  const order = caregiver.shifts.map((shift, i) => ({ ...shift, path: `${path}.shifts[${i}]` }));
  order.sort((one, other) => one.startMinute - other.startMinute);
  let free = Number.NEGATIVE_INFINITY;
  for (const shift of order) {
    finite(shift.startMinute, `${shift.path}.startMinute`, report);
    if (!Number.isInteger(shift.day)) report(`${shift.path}.day`, texts.whole);
    const end = shift.endMinute ?? Number.POSITIVE_INFINITY;
    if (shift.endMinute !== null) finite(shift.endMinute, `${shift.path}.endMinute`, report);
    if (end < shift.startMinute) report(`${shift.path}.endMinute`, texts.turned);
    if (shift.startMinute < free) report(shift.path, texts.overlap);
    free = end;
    if (shift.startPlace !== null) place(problem, shift.startPlace, `${shift.path}.startPlace`, report);
    if (shift.endPlace !== null) place(problem, shift.endPlace, `${shift.path}.endPlace`, report);
    amount(shift.workedMinutes ?? 0, `${shift.path}.workedMinutes`, report);
    breakFaults(shift.breaks, `${shift.path}.breaks`, report);
  }
}

function breakFaults(
  breaks: PlanningCaregiver['shifts'][number]['breaks'],
  path: string,
  report: Report,
): void {
  let before = Number.NEGATIVE_INFINITY;
  for (const [i, { minutes, fromMinute, toMinute }] of breaks.entries()) {
    amount(minutes, `${path}[${i}].minutes`, report);
    finite(fromMinute, `${path}[${i}].fromMinute`, report);
    finite(toMinute, `${path}[${i}].toMinute`, report);
    if (toMinute - minutes < fromMinute) report(`${path}[${i}]`, texts.long);
    if (fromMinute < before) report(`${path}[${i}].fromMinute`, texts.turned);
    before = fromMinute;
  }
}

function visitFaults(problem: PlanningProblem, visit: PlanningVisit, path: string, report: Report): void {
  place(problem, visit.place, `${path}.place`, report);
  finite(visit.earliestMinute, `${path}.earliestMinute`, report);
  if (
    finite(visit.latestMinute, `${path}.latestMinute`, report) &&
    visit.latestMinute < visit.earliestMinute
  ) {
    report(`${path}.latestMinute`, texts.turned);
  }
  const hard = visit.latestHardMinute;
  if (hard !== null && finite(hard, `${path}.latestHardMinute`, report) && hard < visit.latestMinute) {
    report(`${path}.latestHardMinute`, texts.turned);
  }
  for (const [i, { fromMinute, toMinute }] of (visit.closed ?? []).entries()) {
    finite(fromMinute + toMinute, `${path}.closed[${i}]`, report);
    if (toMinute < fromMinute) report(`${path}.closed[${i}]`, texts.turned);
  }
  if (visit.promised) {
    finite(visit.promised.startMinute, `${path}.promised.startMinute`, report);
    if (visit.promised.caregiverIds.length !== visit.parts.length) {
      report(`${path}.promised.caregiverIds`, texts.entries);
    }
  }
  amount(visit.importance ?? 1, `${path}.importance`, report);
}

function partFaults(
  { parts, synchronization }: PlanningVisit,
  path: string,
  shiftsOf: ReadonlyMap<string, number>,
  report: Report,
): void {
  if (parts.length < 1 || parts.length > 2) report(`${path}.parts`, texts.parts);
  if (parts.length === 2 && !synchronization) report(`${path}.synchronization`, texts.together);
  if (parts.length === 1 && synchronization) report(`${path}.synchronization`, texts.alone);
  if (synchronization?.kind === 'SEQUENTIAL') {
    const { minMinutes, maxMinutes } = synchronization;
    amount(minMinutes, `${path}.synchronization.minMinutes`, report);
    if (finite(maxMinutes, `${path}.synchronization.maxMinutes`, report) && maxMinutes < minMinutes) {
      report(`${path}.synchronization.maxMinutes`, texts.turned);
    }
  }
  for (const [k, part] of parts.entries()) {
    amount(part.durationMinutes, `${path}.parts[${k}].durationMinutes`, report);
    amount(part.preparationMinutes ?? 0, `${path}.parts[${k}].preparationMinutes`, report);
    amount(part.bufferMinutes ?? 0, `${path}.parts[${k}].bufferMinutes`, report);
    for (const [i, { caregiverId, strangeness }] of part.candidates.entries()) {
      const candidate = `${path}.parts[${k}].candidates[${i}]`;
      if (!shiftsOf.has(caregiverId)) report(`${candidate}.caregiverId`, texts.unknown);
      amount(strangeness ?? 0, `${candidate}.strangeness`, report);
    }
  }
}

function begunFaults(
  { begun, parts }: PlanningVisit,
  path: string,
  shiftsOf: ReadonlyMap<string, number>,
  report: Report,
): void {
  if (!begun) return;
  const { caregiverIds, startMinutes } = begun;
  if (caregiverIds.length !== parts.length) report(`${path}.caregiverIds`, texts.entries);
  if (startMinutes.length !== parts.length) report(`${path}.startMinutes`, texts.entries);
  if (new Set(caregiverIds).size !== caregiverIds.length) report(`${path}.caregiverIds`, texts.same);
  for (const [k, id] of caregiverIds.entries()) {
    if (!shiftsOf.has(id)) report(`${path}.caregiverIds[${k}]`, texts.unknown);
    else if (shiftsOf.get(id) === 0) report(`${path}.caregiverIds[${k}]`, texts.absent);
  }
  for (const [k, start] of startMinutes.entries()) finite(start, `${path}.startMinutes[${k}]`, report);
}

function twiceFaults(items: readonly { id: string }[], path: string, report: Report): void {
  const seen = new Set<string>();
  for (const [i, { id }] of items.entries()) {
    if (seen.has(id)) report(`${path}[${i}].id`, texts.twice);
    seen.add(id);
  }
}
