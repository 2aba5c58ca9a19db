/** The units of the package, with this checkout's program and folders of the test: systemd takes them, and both a find and a failure reach somebody. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readCapture } from '../support/capture-reader.ts';
import { writePcap } from '../support/capture-writer.ts';
import { REPO_ROOT } from '../support/corpus.ts';
import { BIN } from '../support/dist.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { laboratoryCapture } from '../support/truth.ts';

const folder = temporaryFolder();
const at = (...names: readonly string[]): string => path.join(folder, ...names);
const UNITS = readdirSync(path.join(REPO_ROOT, 'packaging/systemd')).filter((name) =>
  /\.(service|timer)$/.test(name),
);
const { miner, capture } = laboratoryCapture('btc-minerd');

function program(name: string, text: string): void {
  writeFileSync(at('bin', name), `#!/bin/sh\n${text}\n`);
  chmodSync(at('bin', name), 0o755);
}

function unitText(name: string): string {
  const text = readFileSync(path.join(REPO_ROOT, 'packaging/systemd', name), 'utf8');
  return text.replaceAll('/usr/bin/minesweep', at('bin/minesweep')).replaceAll('/var/', `${at('var')}/`);
}

/** Runs the ExecStart of a unit as systemd would, without its sandbox. */
function start(name: string, instance = '') {
  const line = /^ExecStart=(.*)$/m.exec(unitText(name))?.[1] ?? '';
  const script = line.replaceAll('%i', instance).replaceAll('%H', 'host').replaceAll('%%', '%');
  return spawnSync('sh', ['-c', script], {
    encoding: 'utf8',
    env: {
      ...process.env,
      PATH: `${at('bin')}:${process.env.PATH}`,
      NO_COLOR: '1',
      MONITOR_INVOCATION_ID: '7',
    },
  });
}

beforeAll(() => {
  for (const name of ['bin', 'units', 'var/captures', 'var/lib/minesweep'])
    mkdirSync(at(name), { recursive: true });
  program('minesweep', `exec "${process.execPath}" "${BIN}" "$@"`);
  program('sendmail', `{ echo "$@"; cat; } > "${at('mail.txt')}"`);
  program('journalctl', `echo "$@"; cat "${at('journal.txt')}"`);
  for (const name of UNITS) writeFileSync(at('units', name), unitText(name));
  const packets = readCapture(capture);
  const yesterday = new Date();
  yesterday.setDate(yesterday.getDate() - 1);
  const shiftUs = yesterday.setHours(12, 0, 0, 0) * 1000 - (packets[0]?.timeUs ?? 0);
  const moved = packets.map((packet) => ({ ...packet, timeUs: packet.timeUs + shiftUs }));
  writeFileSync(at('var/captures/noon.pcap'), writePcap(moved));
});

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

describe('the units', () => {
  it.skipIf(!hasSystemd)('are taken by systemd', () => {
    const files = UNITS.map((name) => at('units', name.replace('@.', '@minesweep-nightly.service.')));
    for (const name of UNITS)
      if (name.includes('@'))
        writeFileSync(at('units', name.replace('@.', '@minesweep-nightly.service.')), unitText(name));
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...files], {
      encoding: 'utf8',
      env: { ...process.env, SYSTEMD_UNIT_PATH: `${at('units')}:` },
    });
    expect(stderr.split('\n').filter((line) => line.includes('minesweep'))).toEqual([]);
    expect(status).toBe(0);
  });

  it('make a find a failure that somebody is told of, once', () => {
    const unit = unitText('minesweep-nightly.service');
    expect(unit).toMatch(/^SuccessExitStatus=4$/m);
    const [, teller = ''] = /^OnFailure=(.*)@%n\.service$/m.exec(unit) ?? [];
    const first = start('minesweep-nightly.service');
    expect(first.status).toBe(3);
    writeFileSync(at('journal.txt'), `${first.stdout}${'x'.repeat(3000)}\n`);
    expect(start(`${teller}@.service`, 'minesweep-nightly.service').status).toBe(0);
    const mail = readFileSync(at('mail.txt'), 'utf8');
    expect(mail).toMatch(
      /^-i root\nSubject: minesweep-nightly\.service on .*\nAuto-Submitted: auto-generated\nMIME-Version: 1\.0\nContent-Type: text\/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n/,
    );
    expect(Math.max(...mail.split('\n').map((line) => Buffer.byteLength(line)))).toBeLessThan(998);
    expect(mail).toContain('--unit=minesweep-nightly.service _SYSTEMD_INVOCATION_ID=7');
    expect(mail).toContain(`new: ${miner}`);
    // Nobody has acknowledged it.
    expect(start('minesweep-nightly.service').status).toBe(3);
  });

  it('make a night that fails a failure, which changes no case', () => {
    const before = readFileSync(at('var/lib/minesweep/cases.json'), 'utf8');
    rmSync(at('var/captures'), { recursive: true });
    const { status, stderr } = start('minesweep-nightly.service');
    expect(status).toBe(1);
    expect(stderr).toContain('captures');
    expect(readFileSync(at('var/lib/minesweep/cases.json'), 'utf8')).toBe(before);
    expect(readdirSync(at('var/lib/minesweep'))).not.toContain('cases.json.lock');
  });
});
