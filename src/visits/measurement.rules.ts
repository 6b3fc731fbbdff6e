import type { MeasurementKind } from '../../entities/visits/care-measurement.entity.js';
import type { Text } from '../shared/text.js';

/** What is measured: all values are tenths of the unit. */
export interface MeasuredKind {
  unit: string;
  name: Text;
  /** Beyond these it is a slip of the pen. */
  min: number;
  max: number;
  /** Beyond these it alerts, where nobody has set anything; null for no limit. */
  low: number | null;
  high: number | null;
}

export const measuredKinds: Readonly<Record<MeasurementKind, MeasuredKind>> = {
  SYSTOLIC: {
    unit: 'mmHg',
    name: { zh: '收缩压', en: 'systolic pressure' },
    min: 400,
    max: 3000,
    low: 900,
    high: 1600,
  },
  DIASTOLIC: {
    unit: 'mmHg',
    name: { zh: '舒张压', en: 'diastolic pressure' },
    min: 200,
    max: 2000,
    low: 500,
    high: 1000,
  },
  PULSE: { unit: '/min', name: { zh: '脉搏', en: 'pulse' }, min: 200, max: 2500, low: 500, high: 1100 },
  SUGAR: { unit: 'mmol/L', name: { zh: '血糖', en: 'blood sugar' }, min: 5, max: 500, low: 39, high: 139 },
  TEMPERATURE: {
    unit: '°C',
    name: { zh: '体温', en: 'temperature' },
    min: 300,
    max: 450,
    low: 350,
    high: 373,
  },
  WEIGHT: { unit: 'kg', name: { zh: '体重', en: 'weight' }, min: 200, max: 2500, low: null, high: null },
};

/** Tenths of the unit; undefined for what cannot be, or has more decimals. */
export function tenthsOf(kind: MeasurementKind, value: number): number | undefined {
  const { min, max } = measuredKinds[kind];
  const tenths = Math.round(value * 10);
  if (!(tenths >= min && tenths <= max)) return undefined;
  return Math.abs(value * 10 - tenths) < 1e-6 ? tenths : undefined;
}

export interface Limits {
  low: number | null;
  high: number | null;
}

/** Beyond which limit a value lies; a value at the limit lies within. */
export function beyond(tenths: number, { low, high }: Limits): 'LOW' | 'HIGH' | undefined {
  if (low !== null && tenths < low) return 'LOW';
  if (high !== null && tenths > high) return 'HIGH';
  return undefined;
}

/** The place of a measurement that cannot be beside the others; undefined when all can. */
export function contradiction(
  values: readonly { kind: MeasurementKind; tenths: number }[],
): number | undefined {
  const kinds = values.map(({ kind }) => kind);
  const twice = kinds.findIndex((kind, index) => kinds.indexOf(kind) < index);
  if (twice >= 0) return twice;
  const systolic = values.find(({ kind }) => kind === 'SYSTOLIC');
  const low = values.findIndex(
    ({ kind, tenths }) => kind === 'DIASTOLIC' && systolic !== undefined && tenths >= systolic.tenths,
  );
  return low >= 0 ? low : undefined;
}
