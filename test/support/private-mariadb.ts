import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';

/** A MariaDB or MySQL server of our own: own folder, own port, on 127.0.0.1 only, thrown away after. */
export interface PrivateMariadb {
  /** mysql://root@127.0.0.1:port/ without a database's name. */
  url: string;
  port: number;
  process: ChildProcess;
  /** Starts it again on the same folder and port, after a kill. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface PrivateMariadbOptions {
  /** Whether a commit waits for the disk. */
  durable: boolean;
  /** Of memory for pages of tables and indexes, with a log of a quarter of it; else half a gigabyte and the usual log. */
  bufferMb?: number;
}

const startSecondsMax = 60;

/**
 * Nothing waits for the disk, and tables share one file: most of the time of tests went to making and
 * dropping the files of tables.
 */
const undurable = [
  '--innodb-flush-log-at-trx-commit=0',
  '--innodb-flush-method=nosync',
  '--skip-innodb-doublewrite',
  '--innodb-file-per-table=0',
  '--innodb-stats-persistent=0',
  // MariaDB's own log of table changes; MySQL has no such setting, and is not to mind.
  '--loose-debug-no-sync',
];

/** The server's binary on this machine, or undefined. Debian keeps it outside a user's PATH. */
export function findMariadb(): string | undefined {
  const path = `${process.env.PATH ?? ''}:/usr/sbin:/usr/local/sbin:/usr/local/mysql/bin:/opt/homebrew/bin`;
  for (const name of ['mariadbd', 'mysqld']) {
    const found = spawnSync('sh', ['-c', `command -v ${name}`], { env: { ...process.env, PATH: path } });
    if (found.status === 0) return found.stdout.toString().trim();
  }
  return undefined;
}

export async function startPrivateMariadb(options: PrivateMariadbOptions): Promise<PrivateMariadb> {
  const binary = findMariadb();
  if (!binary) throw new Error('neither mariadbd nor mysqld is on this machine');
  const folder = mkdtempSync(join(tmpdir(), 'yinling-mariadb-'));
  try {
    return await serverIn(folder, binary, options);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function serverIn(
  folder: string,
  binary: string,
  options: PrivateMariadbOptions,
): Promise<PrivateMariadb> {
  const port = await freePort();
  initialize(binary, folder);
  const start = () => launch(binary, folder, port, options);
  const server: PrivateMariadb = {
    url: `mysql://root@127.0.0.1:${port}/`,
    port,
    process: await start(),
    async restart() {
      server.process = await start();
    },
    async stop() {
      await ended(server.process, 'SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return server;
}

function initialize(binary: string, folder: string): void {
  // A folder of its own for temporary tables too: two set-ups that share one take away each other's.
  mkdirSync(join(folder, 'tmp'));
  const shared = [
    `--datadir=${join(folder, 'data')}`,
    `--tmpdir=${join(folder, 'tmp')}`,
    `--user=${userInfo().username}`,
  ];
  if (binary.endsWith('mariadbd')) {
    const own = ['--auth-root-authentication-method=normal', '--skip-test-db'];
    execFileSync('mariadb-install-db', ['--no-defaults', ...shared, ...own], { stdio: 'pipe' });
  } else {
    execFileSync(binary, ['--no-defaults', '--initialize-insecure', ...shared], { stdio: 'pipe' });
  }
}

async function launch(
  binary: string,
  folder: string,
  port: number,
  { durable, bufferMb }: PrivateMariadbOptions,
): Promise<ChildProcess> {
  const child = spawn(
    binary,
    [
      '--no-defaults',
      `--user=${userInfo().username}`,
      `--datadir=${join(folder, 'data')}`,
      `--tmpdir=${join(folder, 'tmp')}`,
      `--socket=${join(folder, 'socket')}`,
      `--pid-file=${join(folder, 'pid')}`,
      `--log-error=${join(folder, 'error.log')}`,
      '--bind-address=127.0.0.1',
      `--port=${port}`,
      '--character-set-server=utf8mb4',
      '--skip-log-bin',
      `--innodb-buffer-pool-size=${bufferMb ?? 512}M`,
      ...(bufferMb ? [`--innodb-log-file-size=${Math.ceil(bufferMb / 4)}M`] : []),
      ...(durable ? ['--innodb-flush-log-at-trx-commit=1'] : undurable),
    ],
    { stdio: 'ignore' },
  );
  endWithUs(child);
  const deadline = Date.now() + startSecondsMax * 1000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`${binary} ended with ${child.exitCode ?? child.signalCode} instead of starting`);
    if (await answers(port)) return child;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  child.kill('SIGKILL');
  throw new Error(`${binary} did not answer within ${startSecondsMax} s`);
}

async function answers(port: number): Promise<boolean> {
  try {
    const connection = await createConnection({ host: '127.0.0.1', port, user: 'root' });
    await connection.end();
    return true;
  } catch {
    // Not yet: the caller asks again until its deadline.
    return false;
  }
}

/** A run that is interrupted must not leave a server behind. */
export function endWithUs(child: ChildProcess): void {
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.removeListener('exit', end));
}

export function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill(signal);
  });
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
