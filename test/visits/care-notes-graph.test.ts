import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { careRows, newVisit } from '../support/care.js';
import { type CareOffice, careRefusal, openCareOffice } from '../support/care-office.js';
import { noon } from '../support/town.js';

let office: CareOffice;
let open: CareOffice['open'];
let server: CareOffice['server'];
let town: CareOffice['town'];
let own: CareOffice['own'];
let colleague: CareOffice['colleague'];
let manager: CareOffice['manager'];
let stranger: CareOffice['stranger'];
let ask: CareOffice['ask'];
let relative: CareOffice['relative'];
let begun: CareOffice['begun'];
beforeAll(async () => {
  office = await openCareOffice();
  ({ open, server, town, own, colleague, manager, stranger, ask, relative, begun } = office);
});
afterAll(() => office.close());

const record = (visitId: number, more: string, requestId: string = randomUUID()) =>
  `mutation { recordCare(input: { visitId: ${visitId}, requestId: "${requestId}", ${more} }) { ... on CareRecord { note measurements { kind value beyond } } ${careRefusal} } }`;

describe('notes and measurements', () => {
  it('are written by the caregiver while the visit is open, and alert the station beyond their limits', async () => {
    const { visitId, elderId } = await begun();
    const values =
      'measurements: [{ kind: SYSTOLIC, value: 160 }, { kind: DIASTOLIC, value: 100.1 }, { kind: TEMPERATURE, value: 36.6 }]';
    const id = randomUUID();
    const query = record(visitId, `note: "精神好", ${values}`, id);
    const recorded = await ask(query, own.token);
    expect(recorded).toEqual({
      note: '精神好',
      measurements: [
        { kind: 'SYSTOLIC', value: 160, beyond: null },
        { kind: 'DIASTOLIC', value: 100.1, beyond: 'HIGH' },
        { kind: 'TEMPERATURE', value: 36.6, beyond: null },
      ],
    });
    const before = await careRows(town);
    expect(await ask(query, own.token)).toEqual(recorded);
    expect(await ask(record(visitId, 'note: "精神不好"', id), own.token)).toEqual({
      refused: 'REQUEST_ID_REUSED',
      field: ['input', 'requestId'],
    });
    expect(await careRows(town)).toBe(before);
    expect(JSON.stringify(await open.writer.query('SELECT * FROM care_note'))).not.toContain('精神好');

    const alerts = await ask<{ id: string }[]>(
      '{ careAlerts { id kind value unit direction visit { id elder { id } } closedAt } }',
      manager,
    );
    expect(alerts).toMatchObject([
      {
        kind: 'DIASTOLIC',
        value: 100.1,
        unit: 'mmHg',
        direction: 'HIGH',
        visit: { id: String(visitId), elder: { id: String(elderId) } },
      },
    ]);
    expect(await ask('{ careAlerts { id } }', stranger)).toEqual([]);
    const answer = `mutation { answerCareAlert(id: ${alerts[0]?.id}, outcome: FAMILY_TOLD, note: "已告知女儿") { ... on AlertAnswered { isClosed } ${careRefusal} } }`;
    expect(await ask(answer, stranger)).toEqual({ refused: 'ALERT_UNKNOWN', field: ['id'] });
    expect(await ask(answer, manager)).toEqual({ isClosed: true });
    expect(await ask('{ careAlerts(closed: true) { outcome note closedByName } }', manager)).toEqual([
      { outcome: 'FAMILY_TOLD', note: '已告知女儿', closedByName: '测试账户' },
    ]);
  });

  it.each<[string, string, string]>([
    ['nothing', 'note: " "', 'NOTHING_GIVEN input'],
    ['a book', `note: "${'长'.repeat(501)}"`, 'NOTE_INVALID input.note'],
    [
      'a slip of the pen',
      'measurements: [{ kind: PULSE, value: 70 }, { kind: SYSTOLIC, value: 1200 }]',
      'VALUE_OUT_OF_RANGE input.measurements.1.value',
    ],
    [
      'too many decimals',
      'measurements: [{ kind: SUGAR, value: 5.55 }]',
      'VALUE_OUT_OF_RANGE input.measurements.0.value',
    ],
    [
      'the same twice',
      'measurements: [{ kind: PULSE, value: 70 }, { kind: PULSE, value: 71 }]',
      'VALUE_OUT_OF_RANGE input.measurements.1.kind',
    ],
    [
      'pressures turned round',
      'measurements: [{ kind: SYSTOLIC, value: 80 }, { kind: DIASTOLIC, value: 120 }]',
      'VALUE_OUT_OF_RANGE input.measurements.1.kind',
    ],
  ])('%s is refused with its field, and nothing is written', async (_, given, told) => {
    const { visitId } = await begun();
    const before = await careRows(town);
    const { refused, field } = await ask<{ refused: string; field: string[] }>(
      record(visitId, given),
      own.token,
    );
    expect(`${refused} ${field.join('.')}`).toBe(told);
    expect(await careRows(town)).toBe(before);
  });

  it('are refused before the check-in, after the day after the visit, and to anybody else', async () => {
    const { visitId } = await newVisit(town, [own]);
    const note = 'note: "好"';
    expect(await ask(record(visitId, note), own.token)).toEqual({
      refused: 'WRONG_STATE',
      field: ['input', 'visitId'],
    });
    const mine = await begun();
    expect(await ask(record(mine.visitId, note, 'x'), own.token)).toEqual({
      refused: 'REQUEST_ID_MALFORMED',
      field: ['input', 'requestId'],
    });
    expect(await ask(record(mine.visitId, note), colleague.token)).toEqual({
      refused: 'VISIT_UNKNOWN',
      field: ['input', 'visitId'],
    });
    expect(await ask(record(mine.visitId, note), manager)).toBe('FORBIDDEN');
    server.clock.set(new Date('2026-03-11T23:59:59+08:00'), 0);
    expect(await ask(record(mine.visitId, note), own.token)).toMatchObject({ note: '好' });
    server.clock.set(new Date('2026-03-12T00:00:00+08:00'), 0);
    expect(await ask(record(mine.visitId, note), own.token)).toEqual({
      refused: 'TIME_OUT_OF_RANGE',
      field: ['input', 'visitId'],
    });
    server.clock.set(noon, 0);
  });

  it('are read by relatives with the right HEALTH alone, and by the caregiver while the elder is open', async () => {
    const { visitId, elderId } = await begun();
    await ask(record(visitId, 'note: "好", measurements: [{ kind: SUGAR, value: 3.8 }]'), own.token);
    const query = `{ elder(id: ${elderId}) { careNotes { text caregiverName } measurements(kind: SUGAR) { value unit beyond } careLimits { kind low source } } }`;
    const whole = {
      careNotes: [{ text: '好', caregiverName: '测试账户' }],
      measurements: [{ value: 3.8, unit: 'mmol/L', beyond: 'LOW' }],
      careLimits: expect.arrayContaining([{ kind: 'SUGAR', low: 3.9, source: 'DEFAULT' }]),
    };
    expect(await ask(query, own.token)).toEqual(whole);
    expect(await ask(query, manager)).toEqual(whole);
    expect(await ask(query, await relative(elderId, 'HEALTH'))).toEqual(whole);
    expect(await ask(query, await relative(elderId, 'BOOKING MONEY'))).toBe('FORBIDDEN');
    expect(await ask(query, colleague.token)).toBe(null);
    expect(await ask(query, stranger)).toBe(null);
  });

  it('are held against the elder’s own limits, then the nearest facility’s', async () => {
    const { visitId, elderId } = await begun();
    const limit = (whose: string, more: string) =>
      `mutation { setCareLimit(input: { ${whose}, kind: SUGAR, ${more} }) { ... on CareLimit { low high source } ${careRefusal} } }`;
    const ofElder = `elderId: ${elderId}`;
    const county = await server.managerToken(town.countyId);
    const before = await careRows(town);
    expect(await ask(limit(ofElder, 'low: 10, high: 5'), manager)).toEqual({
      refused: 'VALUE_OUT_OF_RANGE',
      field: ['input', 'high'],
    });
    expect(await ask(limit(ofElder, 'low: -1'), manager)).toEqual({
      refused: 'VALUE_OUT_OF_RANGE',
      field: ['input', 'low'],
    });
    expect(await ask(limit(ofElder, 'high: 9'), stranger)).toEqual({
      refused: 'ELDER_UNKNOWN',
      field: ['input', 'elderId'],
    });
    expect(await ask(limit(`facilityId: ${town.countyId}`, 'high: 9'), manager)).toEqual({
      refused: 'FACILITY_UNKNOWN',
      field: ['input', 'facilityId'],
    });
    expect(await ask(limit(`${ofElder}, facilityId: ${town.countyId}`, 'high: 9'), manager)).toBe(
      'BAD_USER_INPUT',
    );
    expect(await careRows(town)).toBe(before);
    const measured = async () => {
      const { measurements } = await ask<{ measurements: { beyond: string | null }[] }>(
        record(visitId, 'measurements: [{ kind: SUGAR, value: 10 }]'),
        own.token,
      );
      return measurements[0]?.beyond;
    };
    expect(await measured()).toBe(null);
    expect(await ask(limit(`facilityId: ${town.countyId}`, 'high: 9.9'), county)).toEqual({
      low: null,
      high: 9.9,
      source: 'FACILITY',
    });
    expect(await measured()).toBe('HIGH');
    expect(await ask(limit(ofElder, 'low: 10.1'), manager)).toEqual({
      low: 10.1,
      high: null,
      source: 'ELDER',
    });
    expect(await measured()).toBe('LOW');
    expect(await ask(limit(ofElder, 'withdrawn: true'), manager)).toMatchObject({ source: 'FACILITY' });
    expect(await ask(limit(`facilityId: ${town.countyId}`, 'withdrawn: true'), county)).toMatchObject({
      source: 'DEFAULT',
    });
    expect(await measured()).toBe(null);
  });
});
