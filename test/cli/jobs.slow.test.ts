/** `--jobs` as whole processes: so many threads at most, and the same audit. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { anyRecords } from '../support/any-nfcapd.ts';
import { type CapturedPacket, readCapture } from '../support/capture-reader.ts';
import { BIN } from '../support/dist.ts';
import { nfcapd2 } from '../support/flow-writer.ts';
import { layersOf } from '../support/layers.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { FIXTURES } from '../support/truth.ts';

const folder = temporaryFolder();
const MINER = [192, 0, 2, 11];
const MINERS = 50;

/** So many miners that say the same at one time. */
function mining(): string {
  const packets = readCapture(path.join(FIXTURES, 'cryptonote/xmr-plain-vardiff.pcap'));
  const all = packets.flatMap((packet) => Array.from({ length: MINERS }, (_, i) => moved(packet, i)));
  return writeCapture(folder, 'mining', all);
}

/** The packet, with another address of the miner. */
function moved(packet: CapturedPacket, miner: number): CapturedPacket {
  const bytes = Uint8Array.from(packet.bytes);
  const layers = layersOf(packet);
  for (const at of layers === null ? [] : [layers.ip + 12, layers.ip + 16]) {
    if (MINER.every((byte, i) => bytes[at + i] === byte)) bytes.set([10, 1, miner >> 8, miner & 255], at);
  }
  return { ...packet, bytes };
}

/** A log that is large enough for a thread of its own. */
function flowLog(): string {
  const file = path.join(folder, 'nfcapd');
  const records = anyRecords(7, 6000, true);
  writeFileSync(file, nfcapd2(Array.from({ length: 32 }, () => records)));
  return file;
}

/** Counts the threads of a process, and how many there were at one time; says it at the end. */
function counting(): string {
  const file = path.join(folder, 'count.cjs');
  writeFileSync(
    file,
    `const threads = require('node:worker_threads');
    const names = [];
    let running = 0;
    let most = 0;
    const { Worker } = threads;
    threads.Worker = class extends Worker {
      constructor(file, options) {
        super(file, options);
        names.push(options.name);
        most = Math.max(most, ++running);
        this.once('exit', () => running--);
      }
    };
    require('node:module').syncBuiltinESMExports();
    process.on('exit', () => console.error('threads ' + JSON.stringify({ names, most })));`,
  );
  return file;
}

interface Run {
  readonly audit: Record<string, unknown>;
  readonly names: readonly string[];
  readonly most: number;
}

describe('--jobs', () => {
  it('bounds the threads of a process, and any number gives the same audit', () => {
    const inputs = [mining(), flowLog()];
    const script = counting();
    const run = (jobs: number): Run => {
      const line = ['--require', script, BIN, 'scan', ...inputs, '--jobs', String(jobs), '--format', 'json'];
      const { status, stdout, stderr } = spawnSync(process.execPath, line, {
        encoding: 'utf8',
        maxBuffer: 1 << 29,
      });
      // Some records of the log are broken.
      expect(status).toBe(4);
      const counted = /^threads (.+)$/m.exec(stderr)?.[1] ?? '';
      return { audit: JSON.parse(stdout), ...JSON.parse(counted) };
    };
    const [one, two, five] = [run(1), run(2), run(5)];
    expect(one.names).toEqual([]);
    expect(two.names).toEqual(['reading']);
    expect(two.most).toBe(1);
    expect(five.names).toEqual(['reading']);
    expect(one.audit.sessions).toHaveLength(MINERS);
    for (const { audit } of [two, five]) {
      expect({ ...audit, generated: null }).toEqual({ ...one.audit, generated: null });
    }
  });
});
