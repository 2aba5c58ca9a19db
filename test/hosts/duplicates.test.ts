/** The same session captured on both sides of a router that translates addresses: the audit says that it may count twice. */
import { describe, expect, it } from 'vitest';
import { type CapturedPacket, readCapture } from '../support/capture-reader.ts';
import { conversation } from '../support/conversation.ts';
import { layersOf } from '../support/layers.ts';
import { mergeAll, scanParts } from '../support/merging.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { laboratoryCapture } from '../support/truth.ts';

const folder = temporaryFolder();
const OUTSIDE = [203, 0, 113, 7];
const NOTE = 'same-work';

/** The packets once more, somewhat later, with another address in place of one. */
function translated(packets: readonly CapturedPacket[], address: string, laterUs: number): CapturedPacket[] {
  const old = address.split('.').map(Number);
  return packets.map((packet) => {
    const bytes = packet.bytes.slice();
    const layers = layersOf(packet);
    for (const at of layers === null ? [] : [layers.ip + 12, layers.ip + 16]) {
      if (old.every((byte, index) => bytes[at + index] === byte)) bytes.set(OUTSIDE, at);
    }
    return { ...packet, bytes, timeUs: packet.timeUs + laterUs };
  });
}

function bothSides(packets: readonly CapturedPacket[], address: string, laterUs: number): CapturedPacket[] {
  return [...packets, ...translated(packets, address, laterUs)].sort((a, b) => a.timeUs - b.timeUs);
}

describe('a session that is played again', () => {
  const HASH = '3b5766388903a9c81cc919f6f344bafb23813fa90b13a023af11bab1240f16a7';
  const job = {
    blob: `1010d7a1b2c306${HASH}00000000${HASH}05`,
    job_id: 'j1',
    target: 'b88d0600',
    algo: 'rx/0',
  };
  /** What is submitted meets no target. */
  const played = (miner: string, atUs: number, shares = 4): CapturedPacket[] => {
    const talk = conversation({ miner, pool: '198.51.100.9:3333', startUs: 1e15 + atUs }).connect();
    talk.minerSays({ id: 1, method: 'login', params: { login: 'acct', pass: 'x', agent: 'XMRig/6.22.2' } });
    talk.poolSays({ id: 1, jsonrpc: '2.0', error: null, result: { id: 's', job, status: 'OK' } });
    for (let id = 2; id < 2 + shares; id++) {
      const params = { id: 's', job_id: 'j1', nonce: `0000000${id}`, result: HASH };
      talk.after(9).minerSays({ id, method: 'submit', params });
      talk.poolSays({ id, jsonrpc: '2.0', error: null, result: { status: 'OK' } });
    }
    return talk.toPackets();
  };

  it.each([
    ['at one time', 0],
    ['each ten seconds', 10e6],
    ['each hour', 3600e6],
  ])('%s, from other addresses: it is said of each but one', async (name, gapUs) => {
    const packets = Array.from({ length: 50 }, (_, i) =>
      played(`192.0.2.${100 + i}:4000`, i * gapUs + i),
    ).flat();
    packets.sort((a, b) => a.timeUs - b.timeUs);
    const { notes } = await scanInputs([writeCapture(folder, `${name.replaceAll(' ', '-')}.pcap`, packets)]);
    expect(notes.find(({ code }) => code === NOTE)?.params).toEqual({ sessions: 49 });
  });
});

describe.each(['btc-v1-full', 'xmr-many-shares'])('%s on both sides of a router', (name) => {
  const truth = laboratoryCapture(name);
  const packets = readCapture(truth.capture);

  it.each([
    ['the miner', truth.miner],
    ['the pool', truth.pool.ip],
  ])('that translates the address of %s: it is said', async (_, address) => {
    const { notes } = await scanInputs([writeCapture(folder, 'both.pcap', bothSides(packets, address, 200))]);
    expect(notes.filter(({ code }) => code === NOTE)).toHaveLength(1);
  });

  it('in two parts: it is said once', async () => {
    const both = bothSides(packets, truth.miner, 200);
    const merged = await mergeAll(await scanParts(folder, both, [both.length >> 1]));
    const scanned = await scanInputs([writeCapture(folder, 'whole.pcap', both)]);
    expect(merged.notes.filter(({ code }) => code === NOTE)).toEqual(
      scanned.notes.filter(({ code }) => code === NOTE),
    );
  });

  it('and once more a minute later: two addresses, and it is said', async () => {
    const file = writeCapture(folder, 'later.pcap', bothSides(packets, truth.miner, 60_000_000));
    const { totals, notes } = await scanInputs([file]);
    expect(totals.minerAddresses).toBe(2);
    expect(notes.filter(({ code }) => code === NOTE)).toHaveLength(1);
  });
});
