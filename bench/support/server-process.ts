import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ended, endWithUs, freePort } from '../../test/support/private-mariadb.js';
import { testKeysEnvironment } from '../../test/support/test-keys.js';

export interface ServerProcess {
  origin: string;
  /** The process that runs now, or ran last. */
  process: ChildProcess;
  /** Sends a signal and waits until the process has ended. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same port and database, and waits until it is ready. */
  restart(): Promise<void>;
  /** Asks it to leave, and waits until it has. */
  stop(): Promise<void>;
}

/** As `npm start` has them. */
const nodeFlags = ['--min-semi-space-size=128', '--max-semi-space-size=128'];

const startSecondsMax = 60;

/** Tests run this file from its source, beside which nothing is built. */
const fromSource = import.meta.url.endsWith('.ts');
const built = fromSource ? '../../dist/' : '../../';

/** The programs that a load can be put on, by where they are built. */
const programs = { platform: 'src/main.js', plain: 'bench/plain/plain-main.js' } as const;
type Program = keyof typeof programs;

/** The built server in a process of its own, in production mode with the settings that it has by default. */
export async function startServer(
  databaseUrl: string,
  env: NodeJS.ProcessEnv = {},
  program: Program = 'platform',
): Promise<ServerProcess> {
  const main = fileURLToPath(new URL(`${built}${programs[program]}`, import.meta.url));
  if (!existsSync(main)) throw new Error(`${main} is missing: npm run build`);
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const own = {
    ...testKeysEnvironment,
    NODE_ENV: 'production',
    DATABASE_URL: databaseUrl,
    HOST: '127.0.0.1',
    PORT: String(port),
    // Nobody signs in here; without a key production does not start.
    SESSION_KEYS: `bench:${randomBytes(32).toString('base64url')}`,
  };
  const start = () => launch(main, origin, { ...process.env, ...own, ...env });
  const server: ServerProcess = {
    origin,
    process: await start(),
    kill: (signal) => ended(server.process, signal),
    async restart() {
      server.process = await start();
    },
    stop: () => ended(server.process, 'SIGTERM'),
  };
  return server;
}

async function launch(main: string, origin: string, env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const child = spawn(process.execPath, [...nodeFlags, main], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  endWithUs(child);
  const deadline = Date.now() + startSecondsMax * 1000;
  while (!(await isReady(origin))) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`the server ended with ${child.exitCode ?? child.signalCode} instead of starting`);
    if (Date.now() > deadline) {
      await ended(child, 'SIGKILL');
      throw new Error(`the server was not ready within ${startSecondsMax} s`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return child;
}

async function isReady(origin: string): Promise<boolean> {
  try {
    return (await fetch(`${origin}/health/ready`)).ok;
  } catch {
    // Not listening yet: the caller asks again until its deadline.
    return false;
  }
}
