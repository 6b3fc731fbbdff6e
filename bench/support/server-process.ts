import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ended, freePort } from '../../test/support/private-mariadb.js';

export interface ServerProcess {
  origin: string;
  process: ChildProcess;
  stop(): Promise<void>;
}

const startSecondsMax = 60;
const main = fileURLToPath(new URL('../../src/main.js', import.meta.url));

/** The built server in a process of its own, in production mode with the settings that it has by default. */
export async function startServer(databaseUrl: string, env: NodeJS.ProcessEnv = {}): Promise<ServerProcess> {
  const port = await freePort();
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, NODE_ENV: 'production', DATABASE_URL: databaseUrl, PORT: String(port), ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  const origin = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + startSecondsMax * 1000;
  while (!(await isReady(origin))) {
    if (child.exitCode !== null)
      throw new Error(`the server ended with ${child.exitCode} instead of starting`);
    if (Date.now() > deadline) throw new Error(`the server was not ready within ${startSecondsMax} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { origin, process: child, stop: () => ended(child, 'SIGTERM') };
}

async function isReady(origin: string): Promise<boolean> {
  try {
    return (await fetch(`${origin}/health/ready`)).ok;
  } catch {
    // Not listening yet: the caller asks again until its deadline.
    return false;
  }
}
