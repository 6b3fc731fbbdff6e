import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import type { Settings } from '../config/settings.js';

/**
 * Tells browsers what they may do with answers: nothing but read them as what they are, and, for pages of
 * another origin, nothing at all unless that origin is named in the settings. The page of GraphiQL has a policy
 * of its own. Headers that mean something for pages only are left out: each is written for every swipe.
 */
export async function protectBrowsers(
  app: FastifyInstance,
  { nodeEnv, corsOrigins }: Settings,
): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    // The proxy speaks TLS; a machine in development has none, and its browser would remember.
    strictTransportSecurity: nodeEnv === 'production' ? { maxAge: 31_536_000 } : false,
    xFrameOptions: { action: 'deny' },
    crossOriginEmbedderPolicy: false,
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  });
  if (corsOrigins.length === 0) return;
  await app.register(cors, {
    origin: corsOrigins,
    methods: ['POST'],
    allowedHeaders: ['authorization', 'content-type', 'accept-language', 'x-request-id'],
    exposedHeaders: ['x-request-id', 'retry-after'],
    // Keys travel in a header that the page sets, never in a cookie.
    credentials: false,
    maxAge: 600,
  });
}
