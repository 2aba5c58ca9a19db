/** Alerts to a real rsyslog on loopback: UDP, TCP with octet counting, Unix socket. Skipped if it is not installed. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { EVE } from '../../src/alerts/eve.ts';
import { openTarget } from '../../src/alerts/target.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { SAMPLE } from './sample.ts';

const folder = temporaryFolder();
const received = path.join(folder, 'received');
const socket = path.join(folder, 'log');
const PORT = 15_140;
const isAbsent = spawnSync('rsyslogd', ['-v']).error !== undefined;

const CONFIG = `
global(workDirectory="${folder}" maxMessageSize="64k")
module(load="imudp") module(load="imptcp")
input(type="imudp" port="${PORT}" address="127.0.0.1")
input(type="imptcp" port="${PORT}" address="127.0.0.1")
input(type="imptcp" path="${socket}" unlink="on")
template(name="whole" type="string" string="%timestamp:::date-rfc3339% %app-name% %msgid% %msg%\\n")
*.* action(type="omfile" file="${received}" template="whole")
`;

describe.skipIf(isAbsent)('alerts at rsyslog (skipped if it is not installed)', () => {
  let server: ChildProcess;
  beforeAll(async () => {
    const config = path.join(folder, 'rsyslog.conf');
    writeFileSync(config, CONFIG);
    server = spawn('rsyslogd', ['-n', '-f', config, '-i', path.join(folder, 'pid')], { stdio: 'ignore' });
    await vi.waitUntil(() => existsSync(socket), { timeout: 20_000 });
  });
  afterAll(() => {
    server?.kill('SIGKILL');
  });

  it.each([`syslog:udp://127.0.0.1:${PORT}`, `syslog:tcp://127.0.0.1:${PORT}`, `syslog:unix:${socket}`])(
    'arrive whole by %s',
    async (address) => {
      const target = openTarget(address, process.stdout);
      const line = EVE.line({ ...SAMPLE, account: address }, '1.2.3');
      await target.send(line, SAMPLE.time);
      await target.close();
      await expect
        .poll(() => (existsSync(received) ? readFileSync(received, 'utf8') : ''), { timeout: 20_000 })
        .toContain(`minesweep alert ${line}`);
    },
  );
});
