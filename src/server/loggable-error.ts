import { QueryFailedError } from 'typeorm';

/** An error as it may stand in a log: what went wrong and where, and nobody's number, card or key. */
export interface LoggableError {
  [key: string]: unknown;
  type: string;
  message: string;
  /** The database's own number or word for it. */
  code?: string | number | undefined;
  /** The statement, whose values stay behind its question marks. */
  query?: string;
  stack: string;
  cause?: LoggableError;
}

/** An error that was thrown in another thread, as far as a log may speak of it. */
export class RemoteError extends Error {
  constructor(readonly loggable: LoggableError) {
    super(loggable.message);
  }
}

/** The serializer of every error that is logged. The error's own properties are left out, for a driver's hold the values. */
export function loggableError(error: unknown): LoggableError {
  if (!(error instanceof Error))
    return { type: typeof error, message: withoutValues(String(error)), stack: '' };
  if (error instanceof RemoteError) return error.loggable;
  const loggable: LoggableError = {
    type: error.name,
    message: withoutValues(error.message),
    stack: framesOf(error),
  };
  const code = codeOf(error instanceof QueryFailedError ? error.driverError : error);
  if (code !== undefined) loggable.code = code;
  if (error instanceof QueryFailedError) loggable.query = error.query.slice(0, 1000);
  if (error.cause !== undefined) loggable.cause = loggableError(error.cause);
  return loggable;
}

/**
 * Blanks what could be a value rather than a word of ours: a database quotes the row it refused, such as
 * "Duplicate entry '110105...' for key", and an ID number, a card uid or a token is long and without blanks.
 */
export function withoutValues(text: string): string {
  return text
    .slice(0, 2000)
    .replace(/'[^']*'|"[^"]*"|`[^`]*`/g, (quoted) =>
      /\d/.test(quoted) || quoted.length > 42 ? "'…'" : quoted,
    )
    .replace(/\d{8,}[\dXx]*/g, '…')
    .replace(/\b(?=[A-Fa-f0-9]*\d)[A-Fa-f0-9]{8,}\b/g, '…')
    .replace(/[A-Za-z0-9_-]{40,}/g, '…');
}

/** The name of an operation as it may stand in a log: none that could be a number, a card or a key. */
export function loggableOperation(name: string): string | undefined {
  const digits = name.replace(/\D/g, '').length;
  return digits < 6 && withoutValues(name) === name ? name : undefined;
}

/** The frames without the first lines, which repeat the message. */
function framesOf(error: Error): string {
  const lines = (error.stack ?? '').split('\n');
  return lines
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim())
    .join('\n');
}

function codeOf(error: unknown): string | number | undefined {
  const { code, errno } = (error ?? {}) as { code?: string | number; errno?: number };
  return code ?? errno;
}
