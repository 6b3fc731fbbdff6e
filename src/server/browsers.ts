import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import type { Settings } from '../config/settings.js';

/** What every answer says to a browser. The page of GraphiQL says otherwise of its content. */
const headers = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};

/** The proxy speaks TLS; a machine in development has none, and its browser would remember. */
const tlsOnly = { 'strict-transport-security': 'max-age=31536000' };

/** For answers that no hook of the server sees, too. */
export function securityHeaders(nodeEnv: Settings['nodeEnv']): Readonly<Record<string, string>> {
  return nodeEnv === 'production' ? { ...headers, ...tlsOnly } : headers;
}

/**
 * Tells browsers what they may do with answers: nothing but read them as what they are, and, for pages of
 * another origin, nothing at all unless that origin is named in the settings. The texts never change, so they
 * are written here: a library that makes them anew for each answer costs a fifth of a small one (decision 0013).
 */
export async function protectBrowsers(
  app: FastifyInstance,
  { nodeEnv, corsOrigins }: Settings,
): Promise<void> {
  const all = securityHeaders(nodeEnv);
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(all);
    done();
  });
  if (corsOrigins.length === 0) return;
  await app.register(cors, {
    origin: corsOrigins,
    methods: ['POST'],
    allowedHeaders: [
      'authorization',
      'content-type',
      'accept-language',
      'x-request-id',
      'x-reader-version',
      'x-reader-clock',
    ],
    exposedHeaders: ['x-request-id', 'retry-after'],
    // Keys travel in a header that the page sets, never in a cookie.
    credentials: false,
    maxAge: 600,
  });
}
