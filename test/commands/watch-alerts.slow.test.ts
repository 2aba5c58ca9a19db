/** The alerts of a watch to several targets, of which one does not take them. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { REPO_ROOT } from '../support/corpus.ts';
import { BIN } from '../support/dist.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const at = (name: string): string => path.join(folder, name);
const CAPTURE = path.join(REPO_ROOT, 'fixtures/cryptonote/xmr-plain-vardiff.pcap');
/** Lines about a host that appeared. */
const appeared = (name: string): number =>
  existsSync(at(name))
    ? readFileSync(at(name), 'utf8')
        .split('\n')
        .filter((line) => line.includes('appeared')).length
    : 0;

const TARGETS = [`eve:${at('first/eve.json')}`, `eve:${at('eve.json')}`, `cef:${at('cef.log')}`];

async function watchUntil(
  met: () => boolean,
  targets: readonly string[],
  signal: NodeJS.Signals | null = null,
): Promise<number> {
  const alerts = [...targets, targets[1]].flatMap((target) => ['--alerts', target]);
  const argv = ['watch', at('in'), '--out', at('out'), '--state', at('state'), '--quiet-time', '1s'];
  const child = spawn(process.execPath, [BIN, ...argv, ...alerts, '--every', '1s'], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  if (signal !== null) {
    for (let i = 0; i < 200 && !existsSync(at('out/audit.json')); i++) await sleep(100);
    rmSync(at('first'), { recursive: true });
    child.kill(signal);
    await sleep(300);
    copyFileSync(CAPTURE, path.join(at('in'), 'one.pcap'));
  }
  for (let i = 0; i < 200 && !met() && child.exitCode === null; i++) await sleep(100);
  child.kill('SIGTERM');
  const [status]: (number | null)[] = await ended;
  return status ?? -1;
}

it('reach each target that takes them, once, also after a rotation into nowhere and a restart', async () => {
  mkdirSync(at('in'));
  mkdirSync(at('first'));
  // Its folder goes away, and the file is opened again there: the others have the alert all the same.
  await watchUntil(() => appeared('eve.json') > 0 && appeared('cef.log') > 0, TARGETS, 'SIGHUP');
  expect([appeared('eve.json'), appeared('cef.log')]).toEqual([1, 1]);
  expect(readdirSync(folder).filter((name) => name.startsWith('state.alerts'))).toHaveLength(3);
  mkdirSync(at('first'));
  // In another order each is known all the same.
  expect(await watchUntil(() => appeared('first/eve.json') > 0, TARGETS.toReversed())).toBe(0);
  expect(['first/eve.json', 'eve.json', 'cef.log'].map(appeared)).toEqual([1, 1, 1]);
});

it('are refused at the start where a file cannot be written', async () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    [BIN, 'watch', at('in'), '--out', at('out'), '--alerts', `eve:${at('no/such/file')}`],
    { encoding: 'utf8' },
  );
  expect([status, stderr]).toEqual([1, expect.stringContaining('alerts cannot be written there')]);
  expect(stderr).not.toContain('bug');
});
