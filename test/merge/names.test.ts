/** A pool's name that one part of a capture learns reaches the connections of the parts behind it. */
import { describe, expect, it } from 'vitest';
import type { CapturedPacket } from '../support/capture-reader.ts';
import { dnsAnswer } from '../support/dns-answer.ts';
import { departures, mergeAll, partOf, scanParts } from '../support/merging.ts';
import { MINERS, mining } from '../support/opaque-talk.ts';
import { ethernet, ipv4Fragments, udp } from '../support/packet-builder.ts';
import { random } from '../support/random.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { plainHello, sealedPackets } from '../support/tls.ts';

const folder = temporaryFolder();
const POOL = 'gulf.moneroocean.stream';

function talk(seed: number, seconds: number, startUs?: number): CapturedPacket[] {
  const draw = random(seed);
  const [kind] = MINERS;
  if (kind === undefined) throw new Error('no miner is known');
  const options = { hello: plainHello(null), ...(startUs === undefined ? {} : { startUs }) };
  return sealedPackets(mining(kind)(draw, seconds), draw, options).map((packet) => ({
    ...packet,
    timeUs: Math.floor(packet.timeUs),
  }));
}

describe('a name learned in one part', () => {
  const conversation = talk(3, 60);
  const startUs = conversation[0]?.timeUs ?? 0;
  const packets = [dnsAnswer({ name: POOL, to: '192.0.2.77', timeUs: startUs - 5_000_000 }), ...conversation];

  it('reaches a connection of the next one, which alone says nothing', async () => {
    const whole = await scanInputs([writeCapture(folder, 'named', packets)]);
    expect(whole.hosts.map(({ ip }) => ip)).toEqual(['192.0.2.77']);
    const parts = await scanParts(folder, packets, [1]);
    const [, alone] = await Promise.all(parts.map((part) => part.read()));
    expect(alone?.hosts).toEqual([]);
    const merged = await mergeAll(parts);
    expect(departures(whole, merged)).toEqual([]);
  });

  it('reaches it through audits that were merged before', async () => {
    const behindUs = (conversation.at(-1)?.timeUs ?? 0) + 20_000_000;
    const later = talk(4, 30, behindUs);
    const all = [...packets, ...later];
    const whole = await scanInputs([writeCapture(folder, 'named-twice', all)]);
    const [first, ...others] = await scanParts(folder, all, [1, packets.length]);
    if (first === undefined) throw new Error('three parts were wanted');
    for (const rowsApart of [0, 4096]) {
      const behind = partOf(await mergeAll(others, { rowsApart }), 'behind');
      expect(departures(whole, await mergeAll([behind, first], { rowsApart }))).toEqual([]);
    }
  });
});

describe('a datagram whose fragments lie on both sides of a seam', () => {
  it('is not joined, which both parts count and the merged audit says', async () => {
    const [packet] = sealedPackets([], random(1), { hello: plainHello('office.example') });
    if (packet === undefined) throw new Error('a packet was wanted');
    const pieces = ipv4Fragments(
      { source: '192.0.2.1', destination: '198.51.100.1', id: 7 },
      udp({ sourcePort: 40_000, destinationPort: 9 }, new Uint8Array(2000)),
      1200,
    ).map((piece, i) => {
      const { bytes } = ethernet({}, piece);
      return { timeUs: packet.timeUs + i * 1000, bytes, wireBytes: bytes.length, linkType: 1 };
    });
    expect(pieces.length).toBe(2);
    const whole = await scanInputs([writeCapture(folder, 'fragments', pieces)]);
    const merged = await mergeAll(await scanParts(folder, pieces, [1]));
    expect(whole.coverage.decoded.packets).toBe(1);
    expect(merged.coverage.decoded.packets).toBe(0);
    expect(merged.notes).toEqual(['fragments: 1 datagrams incomplete, 0 overlaps, 0 malformed']);
  });
});
