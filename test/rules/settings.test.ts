import { describe, expect, it } from 'vitest';
import { eldersMax } from '../../seeds/elders/identity.js';
import { readSettings, SettingsError, settingsList } from '../../src/config/settings.js';

function messageOf(environment: NodeJS.ProcessEnv): string {
  try {
    readSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  return '';
}

it('every setting has a default, so a newcomer sets none', () => {
  expect(readSettings({})).toEqual({
    nodeEnv: 'development',
    host: '127.0.0.1',
    port: 4000,
    databaseUrl: 'data/yinling.sqlite',
    dataDir: 'data',
    logLevel: 'info',
    bodyLimitBytes: 1_048_576,
    shutdownSeconds: 10,
    liveSwipeAgeMinutesMax: 10,
    offlineSwipeAgeDaysMax: 7,
    clockSkewSecondsMax: 60,
    topUpFenMax: 100_000,
    swipeBatchMax: 0,
    demoElders: 20_000,
    sessionKeys: [],
    accessTokenMinutes: 10,
    sessionHours: 12,
    triesPerAccount: 5,
    triesPerAddress: 50,
    totpRoles: [],
  });
});

it('what is set is taken; what is empty is not set', () => {
  const settings = readSettings({ PORT: '80', HOST: ' 0.0.0.0 ', LOG_LEVEL: '', NODE_ENV: 'production' });
  expect(settings).toMatchObject({ port: 80, host: '0.0.0.0', logLevel: 'info', nodeEnv: 'production' });
});

describe('a bad value is named, with what is allowed', () => {
  it.each([
    [
      'SESSION_KEYS',
      'a:tooshort',
      'name:secret, of at least 32 bytes in base64url, or several parted by commas',
    ],
    ['TOTP_ROLES', 'ADMIN,READER', 'among ADMIN, MANAGER, STAFF, CAREGIVER, FINANCE, AUDITOR'],
    ['PORT', '65536', 'a whole number from 0 to 65535'],
    ['PORT', '4e3', 'a whole number from 0 to 65535'],
    ['PORT', '-1', 'a whole number from 0 to 65535'],
    ['NODE_ENV', 'staging', 'one of development, production, test'],
    ['LOG_LEVEL', 'loud', 'one of fatal, error, warn, info, debug, trace, silent'],
    ['SHUTDOWN_SECONDS', '0', 'a whole number from 1 to 300'],
    ['BODY_LIMIT_BYTES', '1000', 'a whole number from 200000 to 100000000'],
    [
      'DATABASE_URL',
      'postgres://localhost/x',
      'the path of an SQLite file, or mysql://user:password@host:port/name',
    ],
    [
      'DATABASE_URL',
      'mysql://localhost',
      'the path of an SQLite file, or mysql://user:password@host:port/name',
    ],
  ])('%s=%s', (name, value, allowed) => {
    expect(messageOf({ [name]: value })).toBe(`Settings that cannot be used:\n  ${name} must be ${allowed}`);
  });

  it('all of them at once', () => {
    const message = messageOf({ PORT: 'x', SWIPE_BATCH_MAX: '-1', DEMO_ELDERS: 'many' });
    expect(message.match(/^ {2}\w+/gm)).toEqual(['  PORT', '  SWIPE_BATCH_MAX', '  DEMO_ELDERS']);
  });

  it('and never repeated, for it may hold a password', () => {
    expect(messageOf({ DATABASE_URL: 'mysql://root:hunter2@' })).not.toContain('hunter2');
  });
});

it.each(['mysql://yinling:p%40ss@db:3306/yinling', 'data/other.sqlite', '/var/lib/yinling/x.sqlite'])(
  'a database may be at %s',
  (url) => {
    expect(readSettings({ DATABASE_URL: url }).databaseUrl).toBe(url);
  },
);

it('every setting is described', () => {
  expect(settingsList.map(({ name }) => name)).toContain('DATABASE_URL');
  for (const { name, description } of settingsList) {
    expect(name).toMatch(/^[A-Z_]+$/);
    expect(description).toMatch(/^.{20,}\.$/);
  }
});

it('the demo city can be as large as DEMO_ELDERS allows', () => {
  expect(readSettings({ DEMO_ELDERS: '10000000' }).demoElders).toBe(10_000_000);
  expect(messageOf({ DEMO_ELDERS: '10000001' })).toContain('a whole number from 0 to 10000000');
  expect(eldersMax).toBeGreaterThanOrEqual(10_000_000);
});

it('session keys are named secrets, the first of which signs; roles are a list', () => {
  const [first, second] = ['x'.repeat(43), 'y'.repeat(64)];
  const settings = readSettings({
    SESSION_KEYS: `new:${first}, old:${second}`,
    TOTP_ROLES: 'ADMIN, FINANCE',
  });
  expect(settings.sessionKeys.map(({ id, secret }) => [id, secret.length])).toEqual([
    ['new', 32],
    ['old', 48],
  ]);
  expect(settings.totpRoles).toEqual(['ADMIN', 'FINANCE']);
  expect(messageOf({ SESSION_KEYS: `a:${first},a:${second}` })).toContain('must name each key once');
});
