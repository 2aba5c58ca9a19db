/** A watch tells of a day once, when it is over, to a webhook on the loopback. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { readCapture } from '../support/capture-reader.ts';
import { writePcap } from '../support/capture-writer.ts';
import { BIN } from '../support/dist.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { laboratoryCapture } from '../support/truth.ts';

const folder = temporaryFolder();
const at = (...names: readonly string[]): string => path.join(folder, ...names);
const [FIRST, LATER] = ['btc-minerd', 'xmr-many-shares'].map((name) => laboratoryCapture(name));

it('a watch sends the news of a day when the day is over, and keeps its cases', async () => {
  const told: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      told.push(JSON.parse(body).text);
      response.end();
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  mkdirSync(at('in'));
  copyFileSync(FIRST.capture, at('in', 'a.pcap'));
  const words = [
    'watch',
    at('in'),
    '--out',
    at('out'),
    '--state',
    at('state'),
    '--quiet-time',
    '1s',
    '--every',
    '1s',
  ];
  const send = ['--cases', at('cases.json'), '--send', `webhook:http://127.0.0.1:${port}/`];
  const watch = spawn(process.execPath, [BIN, ...words, ...send], { stdio: 'ignore' });
  const ended = once(watch, 'exit');
  await vi.waitUntil(() => existsSync(at('out', 'audit.json')), 60_000);
  expect(told).toEqual([]);
  const later = readCapture(LATER.capture).map((each) => ({ ...each, timeUs: each.timeUs + 3 * 86_400e6 }));
  writeFileSync(at('in', 'b.pcap'), writePcap(later));
  await vi.waitUntil(() => told.length > 0, 60_000);
  watch.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  server.close();
  expect(told).toHaveLength(1);
  expect(told[0]).toContain(FIRST.miner);
  expect(told[0]).not.toContain(LATER.miner);
  const { cases } = JSON.parse(readFileSync(at('cases.json'), 'utf8'));
  expect(cases.map(({ machine }: { machine: { ip: string } }) => machine.ip)).toEqual([FIRST.miner]);
}, 180_000);
