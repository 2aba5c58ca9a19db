/**
 * An audit longer than a text of JavaScript can be (512 MiB) is read again by every command that reads audits, in a stated
 * memory: rows are read one by one, and what is kept is the rows, never the file beside them.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, openSync, statSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { REPO_ROOT } from '../support/corpus.ts';
import { BIN } from '../support/dist.ts';
import { scanInputs } from '../support/scanning.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SESSIONS = path.join(REPO_ROOT, 'test/bench/sessions.js');
const LONGEST_TEXT = 512 * 1024 * 1024;
const COPIES = 640;

function run(memory: number, args: readonly string[]): { status: number | null; out: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [`--max-old-space-size=${memory}`, BIN, ...args],
    { encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  expect(stderr).not.toContain('heap');
  return { status, out: stdout };
}

it('an audit of 128,000 sessions is read by report, explain, diff and merge', async () => {
  const folder = temporaryFolder('large-audit');
  const capture = path.join(folder, 'sessions.pcap');
  writeFileSync(capture, execFileSync(process.execPath, [SESSIONS, '200'], { maxBuffer: 1 << 28 }));
  const { sessions, ...rest } = await scanInputs([capture], { hash: true });
  const small = path.join(folder, 'small.json');
  writeFileSync(small, JSON.stringify({ ...rest, sessions }));
  // The same sessions from many more addresses.
  const large = path.join(folder, 'large.json');
  const file = openSync(large, 'w');
  writeSync(file, `${JSON.stringify(rest).slice(0, -1)},"sessions":[`);
  for (let copy = 0; copy < COPIES; copy++) {
    const rows = sessions.map(({ miner, ...row }) => ({
      miner: { ip: `10.${1 + (copy >> 8)}.${copy & 255}.${miner.ip.split('.')[3]}`, port: miner.port },
      ...row,
    }));
    writeSync(file, `${copy === 0 ? '' : ','}${JSON.stringify(rows).slice(1, -1)}`);
  }
  writeSync(file, ']}');
  closeSync(file);
  expect(statSync(large).size).toBeGreaterThan(LONGEST_TEXT);

  const [{ ip }] = rest.hosts;
  expect(run(1024, ['report', large, '--format', 'ticket'])).toMatchObject({ status: 0 });
  expect(run(1024, ['explain', ip, large]).out).toContain('is confirmed');
  expect(run(1024, ['diff', small, large, '--format', 'json'])).toMatchObject({ status: 0 });
  const merged = run(2048, ['merge', large, '--format', 'prometheus']);
  expect(merged.status).toBe(0);
  expect(merged.out).toMatch(/minesweep_hosts\{verdict="confirmed"\} 2560\n/);
}, 900_000);
