/** Ten days of the same traffic through one watch, as a ring of files: neither its memory nor its state grows. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { readCapture } from '../support/capture-reader.ts';
import { writePcap } from '../support/capture-writer.ts';
import { REPO_ROOT } from '../support/corpus.ts';
import { BIN } from '../support/dist.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const DAYS = 10;
const DAY_US = 86_400e6;
const FILES = 12;
/** Two weeks before the captures, so that no day lies ahead of the clock. */
const BEGIN_US = -14 * DAY_US;
const CAPTURES = [
  'cryptonote/xmr-plain-vardiff.pcap',
  'stratum-v1/btc-v1-full.pcap',
  'encrypted/xmr-tls.pcap',
  'equihash/zec-zip301.pcap',
  'look-alikes/neg-electrum.pcap',
];
/** As large as garbage makes it look from one moment to the next. */
const MEMORY_SLACK = 1.15;
const STATE_SLACK = 1.05;

const day = CAPTURES.flatMap((name) => readCapture(path.join(REPO_ROOT, 'fixtures', name)))
  .map((packet) => ({ ...packet, timeUs: Math.floor(packet.timeUs) + BEGIN_US }))
  .sort((a, b) => a.timeUs - b.timeUs);

function inputsOf(state: string): number {
  if (!existsSync(state)) return 0;
  return JSON.parse(readFileSync(state, 'latin1').split('\n', 1)[0]).inputs;
}

function kilobytes(pid: number | undefined, field: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
}

it.skipIf(process.platform !== 'linux')(
  'ten days take no more memory and no larger state than two',
  async () => {
    const [watched, kept] = [temporaryFolder('captures'), temporaryFolder('kept')];
    const state = path.join(kept, 'state');
    const child = spawn(
      process.execPath,
      [
        ...[BIN, 'watch', watched, '--out', path.join(kept, 'audits'), '--state', state],
        ...['--alerts', `eve:${path.join(kept, 'alerts.json')}`, '--quiet-time', '1s', '--every', '1s'],
        ...['--log-level', 'info'],
      ],
      { stdio: ['ignore', 'ignore', 'pipe'], cwd: kept },
    );
    let log = '';
    child.stderr.on('data', (bytes) => {
      log += bytes;
    });
    const exit = new Promise((resolve) => child.once('exit', resolve));
    const memory: number[] = [];
    const sizes: number[] = [];
    try {
      for (let i = 0; i <= DAYS; i++) {
        for (let at = 0; at < FILES; at++) {
          const [from, to] = [at, at + 1].map((edge) => Math.floor((edge * day.length) / FILES));
          const packets = day
            .slice(from, to)
            .map((packet) => ({ ...packet, timeUs: packet.timeUs + i * DAY_US }));
          const file = path.join(watched, `day-${i}-${at}.pcap`);
          rmSync(path.join(watched, `day-${i - 2}-${at}.pcap`), { force: true });
          writeFileSync(`${file}.part`, writePcap(packets));
          renameSync(`${file}.part`, file);
        }
        // The first file of a day closes the one before.
        const closed = (): number => log.match(/: closed/g)?.length ?? 0;
        const isRead = (): boolean => closed() === i && inputsOf(state) === FILES;
        for (let tick = 0; tick < 150 && !isRead(); tick++) await sleep(200);
        expect(isRead(), log).toBe(true);
        await sleep(2000);
        memory.push(kilobytes(child.pid, 'VmRSS'));
        sizes.push(statSync(state).size);
      }
      child.kill('SIGTERM');
      expect(await exit).toBe(0);
    } finally {
      child.kill('SIGKILL');
    }
    const most = (values: readonly number[]): number => Math.max(...values);
    expect(most(memory.slice(-3)), String(memory)).toBeLessThan(most(memory.slice(1, 3)) * MEMORY_SLACK);
    // A state that still has the day before is larger: some of the first days are seen so.
    expect(most(sizes.slice(-3)), String(sizes)).toBeLessThan(most(sizes.slice(1, 6)) * STATE_SLACK);
    console.log(`resident kB after each day: ${memory}; bytes of state: ${sizes}`);
  },
  200_000,
);
