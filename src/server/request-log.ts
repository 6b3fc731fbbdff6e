import type { FastifyInstance } from 'fastify';
import { destination } from 'pino';
import type { LogLevel } from '../config/setting-table.js';
import type { Settings } from '../config/settings.js';
import { loggableError } from './loggable-error.js';
import type { Metrics } from './metrics.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The operation that GraphQL found in the request. */
    operation: string | undefined;
  }
  interface FastifyContextConfig {
    /** True for a route whose requests are logged at level debug only. */
    quiet?: boolean;
  }
}

/** Where log lines go instead of to standard output. */
export interface LogSink {
  write(line: string): void;
}

/** Lines are written this many bytes together: at noon a write for each would cost more than making it. */
const bytesTogether = 8192;
/** The longest that a line waits for others, in milliseconds. Leaving writes what is left; a killed process loses it. */
const lineWaitsMsMax = 100;

/** Options of the logger: one JSON object a line, with the time and the level in words. */
export function loggerOptions({ logLevel }: Pick<Settings, 'logLevel'>, sink: LogSink | undefined) {
  return {
    level: logLevel satisfies LogLevel,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: loggableError },
    stream: sink ?? destination({ minLength: bytesTogether, periodicFlush: lineWaitsMsMax, sync: false }),
  };
}

/**
 * One line for each request and one observation. The line has no header, no body, no query string, and of
 * the path only the route that it matched: what a caller writes into an unknown path may be a secret.
 */
export function addRequestLog(app: FastifyInstance, metrics: Metrics): void {
  app.decorateRequest('operation', undefined);
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const { url: route = 'none', config } = request.routeOptions;
    const { statusCode: status, elapsedTime } = reply;
    metrics.requestAnswered(route, status, elapsedTime / 1000);
    const line = {
      requestId: request.id,
      method: request.method,
      url: route,
      status,
      ms: Math.round(elapsedTime * 10) / 10,
      operation: request.operation,
    };
    if (config.quiet) app.log.debug(line, 'request');
    else app.log.info(line, 'request');
    done();
  });
}
