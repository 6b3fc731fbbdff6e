import { Column, type ColumnOptions, PrimaryColumn, type ValueTransformer } from 'typeorm';

/** Drivers hand 64-bit integers over as strings or numbers; every one we store is a safe integer. */
const safeInteger: ValueTransformer = {
  to: (value: number | null | undefined) => value,
  from: (value: string | number | null) => (value === null ? null : Number(value)),
};

/** Milliseconds since 1970 UTC: the same on both engines, and free of session time zones. */
const epochMilliseconds: ValueTransformer = {
  to: (value: Date | null | undefined) => (value instanceof Date ? value.getTime() : value),
  from: (value: string | number | null) => (value === null ? null : new Date(Number(value))),
};

/** Money in fen, 1/100 yuan, a signed safe integer. */
export const FenColumn = (options: ColumnOptions = {}) =>
  Column({ type: 'bigint', transformer: safeInteger, ...options });

/** An id that the application hands out before the row is inserted. */
export const AssignedIdColumn = () => PrimaryColumn({ type: 'bigint', transformer: safeInteger });

/** A reference to a row whose id the application handed out. */
export const AssignedIdReference = (options: ColumnOptions = {}) =>
  Column({ type: 'bigint', transformer: safeInteger, ...options });

/** An instant. */
export const InstantColumn = (options: ColumnOptions = {}) =>
  Column({ type: 'bigint', transformer: epochMilliseconds, ...options });

/** A calendar day in China Standard Time, YYYY-MM-DD. */
export const DayColumn = (options: ColumnOptions = {}) => Column({ type: 'date', ...options });

/** A whole number beyond 32 bits, such as a counter that never begins anew. */
export const SafeIntegerColumn = (options: ColumnOptions = {}) =>
  Column({ type: 'bigint', transformer: safeInteger, ...options });
