/** A run that goes on from period to period: each has what a scan with its times has, and ten take no more than one. */
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { finishRun } from '../../src/run/finish.ts';
import { readInputs } from '../../src/run/inputs/read-inputs.ts';
import { type Lists, loadLists } from '../../src/run/lists.ts';
import { Run, type Times } from '../../src/run/run.ts';
import type { ScanOptions } from '../../src/run/scan-options.ts';
import { writeRun } from '../../src/state/run-image.ts';
import { type CapturedPacket, readCapture } from '../support/capture-reader.ts';
import { REPO_ROOT } from '../support/corpus.ts';
import { differences, essence, scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder('periods');
const DAY_US = 86_400e6;
const NO_TIMES: Times = { sinceUs: null, untilUs: null };
let lists: Lists;

function optionsOf(inputs: readonly string[], times: Times): ScanOptions {
  return {
    ...{ inputs, local: [], poolFiles: [], allowFile: null, hash: false, inputFormat: null, ...times },
    signal: new AbortController().signal,
  };
}

beforeAll(async () => {
  lists = await loadLists(optionsOf([], NO_TIMES));
});

function packetsOf(name: string): CapturedPacket[] {
  const packets = readCapture(path.join(REPO_ROOT, 'fixtures', name));
  return packets.map((packet) => ({ ...packet, timeUs: Math.floor(packet.timeUs) }));
}

async function read(run: Run, file: string): Promise<void> {
  await readInputs(run, optionsOf([file], run.times), lists);
}

function finish(run: Run): Promise<Audit> {
  return finishRun(run, optionsOf([], run.times), lists);
}

describe('a period', () => {
  it.each(['cryptonote/xmr-plain-vardiff.pcap', 'ethereum/eth-proxy.pcap', 'equihash/zec-zip301.pcap'])(
    'has what a scan with its times has of %s',
    async (name) => {
      const packets = packetsOf(name);
      const { timeUs: turnUs } = packets[Math.floor(packets.length / 2)];
      const write = (part: string, packets: readonly CapturedPacket[]): string =>
        writeCapture(folder, `${path.basename(name)}-${part}`, packets);
      const before = write(
        'before',
        packets.filter(({ timeUs }) => timeUs < turnUs),
      );
      const behind = write(
        'behind',
        packets.filter(({ timeUs }) => timeUs >= turnUs),
      );
      const run = new Run(lists, { sinceUs: null, untilUs: turnUs });
      await read(run, before);
      run.turn(lists, { sinceUs: turnUs, untilUs: null });
      await read(run, behind);
      const asked = await scanInputs([before, behind], { sinceUs: turnUs });
      expect(essence(await finish(run))).toEqual(essence(asked));
      expect(asked.sessions.length).toBeGreaterThan(0);
    },
  );

  it('has nothing of the difficulties behind its end', async () => {
    const packets = packetsOf('cryptonote/xmr-plain-vardiff.pcap');
    const { timeUs: untilUs } = packets[Math.floor(packets.length / 2)];
    const before = packets.filter(({ timeUs }) => timeUs < untilUs);
    const rates = async (...parts: (readonly CapturedPacket[])[]) => {
      const inputs = parts.map((part, i) => writeCapture(folder, `until-${parts.length}-${i}`, part));
      const { sessions } = await scanInputs(inputs, { untilUs });
      return sessions.flatMap(({ hashrate }) => hashrate.filter(({ basis }) => basis === 'shares'));
    };
    const whole = await rates(before, packets.slice(before.length));
    // The session lasts to the end of the period, and not to its last packet before that.
    expect(differences(whole, await rates(before), { timeMs: 0, relative: 1e-5 })).toEqual([]);
  });

  it('of the tenth day takes no more than that of the first', async () => {
    const names = [
      'cryptonote/xmr-plain-vardiff.pcap',
      'stratum-v1/btc-v1-full.pcap',
      'encrypted/xmr-tls.pcap',
    ];
    const day = names.flatMap(packetsOf).sort((a, b) => a.timeUs - b.timeUs);
    const firstDayUs = Math.floor(day[0].timeUs / DAY_US) * DAY_US;
    const run = new Run(lists, { sinceUs: firstDayUs, untilUs: firstDayUs + DAY_US });
    const sizes: number[] = [];
    for (let i = 0; i < 10; i++) {
      const shifted = day.map((packet) => ({ ...packet, timeUs: packet.timeUs + i * DAY_US }));
      await read(run, writeCapture(folder, `day-${i}`, shifted));
      sizes.push(writeRun(run).length);
      const sinceUs = firstDayUs + (i + 1) * DAY_US;
      run.turn(lists, { sinceUs, untilUs: sinceUs + DAY_US });
    }
    expect(sizes[9]).toBeLessThan(sizes[1] * 1.05);
  });
});
