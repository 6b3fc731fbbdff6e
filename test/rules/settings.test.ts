import { describe, expect, it } from 'vitest';
import { eldersMax } from '../../seeds/elders/identity.js';
import { readSettings, SettingsError, settingsList } from '../../src/config/settings.js';
import { testKeys, testKeysEnvironment } from '../support/test-keys.js';

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
    flagScanMinutes: 60,
    visitScanSeconds: 60,
    checkPositionDays: 180,
    demoElders: 60_000,
    headerSecondsMax: 10,
    requestSecondsMax: 120,
    operationSecondsMax: 30,
    callerRatePerSecond: 200,
    addressRatePerSecond: 50,
    objectRatePerMinute: 60,
    corsOrigins: [],
    safelistFile: '',
    readerKeyOverlapMinutes: 1440,
    snapshotKeys: [],
    snapshotHours: 48,
    snapshotRefreshSeconds: 300,
    trustedProxies: 0,
    auditHeadLinks: 1000,
    auditHeadSeconds: 60,
    auditWebhookUrl: '',
    auditWebhookSecret: '',
    identityKeys: [],
    identityLookupKey: undefined,
    elderRetentionDays: 1825,
    sessionKeys: [],
    accessTokenMinutes: 10,
    sessionHours: 12,
    triesPerAccount: 5,
    triesPerAddress: 50,
    temporaryPasswordHours: 72,
    totpRoles: [],
    signInCodeMinutes: 5,
    signInCodeTries: 5,
    smsWebhookUrl: '',
    smsWebhookKey: '',
    offerScanSeconds: 30,
    noticesPerMinute: 120,
    noticeLanguage: 'zh',
    routingUrl: '',
    plannerThreads: 1,
    redisUrl: '',
    redisChannel: 'yinling:live',
    liveConnectionsMax: 5000,
    liveConnectionsPerAddress: 500,
    liveConnectionsPerCaller: 20,
    liveSubscriptionsPerConnection: 50,
    liveMessageBytesMax: 65_536,
    liveMessagesPerSecond: 20,
    liveWaitingMax: 100,
    liveInitSeconds: 5,
    liveIdleSeconds: 120,
    livePingSeconds: 20,
    liveRecheckSeconds: 15,
  });
});

it('what is set is taken; what is empty is not set', () => {
  const environment = { PORT: '80', HOST: ' 0.0.0.0 ', LOG_LEVEL: '', NODE_ENV: 'production' };
  const settings = readSettings({ ...environment, ...testKeysEnvironment });
  expect(settings).toMatchObject({ port: 80, host: '0.0.0.0', logLevel: 'info', nodeEnv: 'production' });
});

it('a list has commas between its entries', () => {
  const settings = readSettings({
    CORS_ORIGINS: 'https://a.example, http://127.0.0.1:3000',
  });
  expect(settings.corsOrigins).toEqual(['https://a.example', 'http://127.0.0.1:3000']);
});

describe('a bad value is named, with what is allowed', () => {
  it.each([
    [
      'SESSION_KEYS',
      'a:tooshort',
      'name:secret, of at least 32 bytes in base64url, or several parted by commas',
    ],
    ['TOTP_ROLES', 'ADMIN,READER', 'among ADMIN, MANAGER, STAFF, CAREGIVER, COURIER, FINANCE, AUDITOR'],
    [
      'READER_SNAPSHOT_KEYS',
      'k1:tooshort',
      'name:key, the key 32 random bytes in base64url, or several parted by commas',
    ],
    ['PORT', '65536', 'a whole number from 0 to 65535'],
    ['PORT', '4e3', 'a whole number from 0 to 65535'],
    ['PORT', '-1', 'a whole number from 0 to 65535'],
    ['NODE_ENV', 'staging', 'one of development, production, test'],
    ['TRUSTED_PROXIES', '10.0.0.1', 'a whole number from 0 to 10'],
    ['CORS_ORIGINS', '*', 'origins such as https://console.example, with commas between them'],
    [
      'CORS_ORIGINS',
      'https://a.example,https://b.example/path',
      'origins such as https://console.example, with commas between them',
    ],
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

  it.each([
    ['AUDIT_WEBHOOK_URL', 'AUDIT_WEBHOOK_SECRET'],
    ['SMS_WEBHOOK_URL', 'SMS_WEBHOOK_KEY'],
  ])('%s without its key, or with a short one', (urlName, keyName) => {
    const url = { [urlName]: 'https://example.org/here' };
    expect(messageOf(url)).toContain(`${keyName} must be set when ${urlName} is`);
    expect(messageOf({ ...url, [keyName]: 'short' })).toContain('must have at least 32 characters');
    expect(messageOf({ ...url, [keyName]: 's'.repeat(32) })).toBe('');
    expect(messageOf({ [urlName]: 'ftp://example.org' })).toContain('begins with https:// or http://');
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

describe('identity keys', () => {
  const { IDENTITY_KEYS, IDENTITY_LOOKUP_KEY } = testKeysEnvironment;
  const [key = ''] = IDENTITY_KEYS.split(':').slice(1);

  it('are several, in their order', () => {
    const environment = { IDENTITY_KEYS: `k2:${key}, k1:${key}`, IDENTITY_LOOKUP_KEY };
    const { identityKeys, identityLookupKey } = readSettings(environment);
    expect(identityKeys.map(({ id }) => id)).toEqual(['k2', 'k1']);
    expect(identityKeys[0]?.secret).toEqual(testKeys.keys[0]?.secret);
    expect(identityLookupKey).toEqual(testKeys.lookupKey);
  });

  it('are needed in production, both of them, and elsewhere both or none', () => {
    expect(messageOf({ NODE_ENV: 'production' }).match(/^ {2}.+/gm)).toEqual([
      '  IDENTITY_KEYS must be set with NODE_ENV=production',
      '  IDENTITY_LOOKUP_KEY must be set with NODE_ENV=production',
    ]);
    expect(messageOf({ NODE_ENV: 'production', IDENTITY_KEYS })).toContain('IDENTITY_LOOKUP_KEY must be set');
    expect(messageOf({ IDENTITY_KEYS })).toContain('IDENTITY_LOOKUP_KEY must be set together with');
    expect(messageOf({ IDENTITY_LOOKUP_KEY })).toContain('IDENTITY_KEYS must be set together with');
    expect(messageOf({})).toBe('');
  });

  it.each([
    ['no id', key],
    ['an id that values could not name', `K_1:${key}`],
    ['an id twice', `k1:${key},k1:${key}`],
    ['a short key', `k1:${key.slice(0, 20)}=`],
    ['a comma at the end', `k1:${key},`],
  ])('are refused with %s, and not repeated', (_what, text) => {
    const message = messageOf({ IDENTITY_KEYS: text, IDENTITY_LOOKUP_KEY });
    expect(message).toContain('IDENTITY_KEYS must be id:key pairs');
    expect(message).not.toContain(key.slice(0, 20));
  });
});

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
