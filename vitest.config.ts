import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { mysqlWanted } from './test/support/engines.js';
import { redisWanted } from './test/support/private-redis.js';
import { mutatedModules } from './test/support/reader-mutants/mutated-modules.js';

/** Files that ask no database run once; all others run on each engine. */
const pure = [
  'test/rules/**/*.test.ts',
  'test/conventions/**/*.test.ts',
  'test/access/webhook-messages.test.ts',
  'test/server/planner-threads.test.ts',
  'test/visits/road-times.test.ts',
];

/** Files about what comes before any database is asked: on the second engine they would wait for the same again. */
const transport = [
  'test/attacks/{graphql-http,shapes,transport}.test.ts',
  'test/server/{graphiql-fetcher,http,live-connecting,live-load,live-messages,live-operations,operation-limits}.test.ts',
];

/** Files that start a Redis of their own, and so need one on this machine. What it carries comes after any database. */
const withRedis = ['test/**/*-redis.test.ts'];

const onEngine = (engine: 'sqlite' | 'mysql') => ({
  extends: true as const,
  test: {
    name: engine,
    include: ['test/**/*.test.ts'],
    exclude: [
      ...pure,
      ...(engine === 'mysql' ? transport : []),
      ...(engine === 'sqlite' && redisWanted() ? [] : withRedis),
    ],
    globalSetup: ['test/support/global-setup.ts'],
    env: { TEST_ENGINE: engine },
  },
});

export default defineConfig({
  // Vite would take graphql's module build and type-graphql its main one: two libraries that refuse each other's types.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    // One process a core: left to itself, vitest would leave one of two idle.
    maxWorkers: availableParallelism(),
    setupFiles: ['reflect-metadata'],
    reporters: ['default', './test/support/closing-line-reporter.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // The files of a worker share what they import, which to load for each costs more than most of them take.
    isolate: false,
    // What one file spied upon, the next must find as it was.
    restoreMocks: true,
    projects: [
      { extends: true, plugins: [mutatedModules()], test: { name: 'pure', include: pure } },
      onEngine('sqlite'),
      ...(mysqlWanted() === 'none' ? [] : [onEngine('mysql')]),
    ],
  },
});
