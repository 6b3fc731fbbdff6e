import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ended, endWithUs, freePort } from './private-mariadb.js';

/** A Redis of our own: own port, on 127.0.0.1 only, keeping nothing, thrown away after. */
export interface PrivateRedis {
  url: string;
  /** Its process; to be stopped and continued for a Redis that neither answers nor fails. */
  process: ChildProcess;
  /** Kills it, as a machine that loses its power. */
  kill(): Promise<void>;
  /** Starts it again on the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const startSecondsMax = 20;

/** The server's binary on this machine, or undefined. */
export function findRedis(): string | undefined {
  const path = `${process.env.PATH ?? ''}:/usr/sbin:/usr/local/sbin:/opt/homebrew/bin`;
  for (const name of ['redis-server', 'valkey-server']) {
    const found = spawnSync('sh', ['-c', `command -v ${name}`], { env: { ...process.env, PATH: path } });
    if (found.status === 0) return found.stdout.toString().trim();
  }
  return undefined;
}

/**
 * Whether what needs Redis is tested.
 *
 * @throws where it must be and cannot
 */
export function redisWanted(): boolean {
  if (findRedis()) return true;
  if (process.env.REQUIRE_REDIS === '1') throw new Error('REQUIRE_REDIS=1, but there is no redis-server');
  return false;
}

export const redisMissingLine =
  'Redis: NOT TESTED. No redis-server is on this machine; servers that tell each other were not tested.';

export async function startPrivateRedis(options: { port?: number } = {}): Promise<PrivateRedis> {
  const binary = findRedis();
  if (!binary) throw new Error('no redis-server is on this machine');
  const folder = mkdtempSync(join(tmpdir(), 'yinling-redis-'));
  const port = options.port ?? (await freePort());
  const start = () => launch(binary, folder, port);
  const redis: PrivateRedis = {
    url: `redis://127.0.0.1:${port}`,
    process: await start(),
    kill: () => ended(redis.process, 'SIGKILL'),
    async restart() {
      redis.process = await start();
    },
    async stop() {
      await ended(redis.process, 'SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return redis;
}

async function launch(binary: string, folder: string, port: number): Promise<ChildProcess> {
  const own = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder];
  const keepingNothing = ['--save', '', '--appendonly', 'no'];
  const child = spawn(binary, [...own, ...keepingNothing], { stdio: 'ignore' });
  endWithUs(child);
  const deadline = Date.now() + startSecondsMax * 1000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`${binary} ended with ${child.exitCode ?? child.signalCode} instead of starting`);
    if (await answers(port)) return child;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill('SIGKILL');
  throw new Error(`${binary} did not answer within ${startSecondsMax} s`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', (data) => done(String(data).startsWith('+PONG')));
    socket.once('error', () => done(false));
  });
}
