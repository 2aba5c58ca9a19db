/** The embedded engine as a server on loopback, for tests. It is half a gigabyte: installed when a test asks for it. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { REPO_ROOT } from '../support/corpus.ts';

const FOLDER = path.join(REPO_ROOT, 'test/stores/engine');

/** False if the engine cannot be had, for want of a registry or of a build for this machine. */
export function hasEngine(): boolean {
  if (existsSync(path.join(FOLDER, 'node_modules/chdb'))) return true;
  try {
    execFileSync('npm', ['install', '--no-package-lock', '--no-audit', '--no-fund'], {
      cwd: FOLDER,
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

export interface Engine {
  readonly port: number;
  stop(): void;
}

/** Starts the server after it has run the statements. */
export async function startEngine(folder: string, statements: readonly string[]): Promise<Engine> {
  const script = path.join(folder, 'tables.sql');
  writeFileSync(script, statements.map((statement) => `${statement};\n`).join(''));
  const child: ChildProcess = spawn(process.execPath, [path.join(FOLDER, 'server.js'), script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // The engine makes a folder in here and does not live to remove it.
    env: { ...process.env, TMPDIR: folder },
  });
  const [line] = child.stdout === null ? [''] : await once(child.stdout, 'data');
  return { port: Number(String(line)), stop: () => child.kill('SIGKILL') };
}
