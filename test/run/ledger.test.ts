/** The ledger of conversations: their bytes sum to all, whatever layers they came in, and each is counted once. */
import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { allJudged, allNotJudged, conversationsOf } from '../../src/audit/judged.ts';
import { type CapturedPacket, readCapture } from '../support/capture-reader.ts';
import { conversation } from '../support/conversation.ts';
import { corpusFolder } from '../support/corpus.ts';
import { ethernet, gre, ipv4, ipv4Fragments, type Layer, udp } from '../support/packet-builder.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { wrapVxlan } from '../support/transform.ts';

const folder = temporaryFolder('ledger');
mkdirSync(folder, { recursive: true });
let files = 0;

function scan(packets: readonly CapturedPacket[]): Promise<Audit> {
  return scanInputs([writeCapture(folder, `${++files}`, packets)]);
}

let clock = 1_760_000_000e6;
function sent({ bytes }: Layer): CapturedPacket {
  clock += 1e6;
  return { timeUs: clock, linkType: 1, bytes, wireBytes: bytes.length };
}

/** Bytes of the IP packet of a frame by its own header, of anything else all; no tag, no tunnel is looked into. */
function bytesOf({ bytes, wireBytes }: CapturedPacket): number {
  const type = (bytes[12] << 8) | bytes[13];
  if (type === 0x0800) return Math.min(wireBytes - 14, (bytes[16] << 8) | bytes[17]);
  if (type === 0x86dd) return Math.min(wireBytes - 14, 40 + ((bytes[18] << 8) | bytes[19]));
  return wireBytes;
}

function expectSums({ coverage }: Audit, packets: readonly CapturedPacket[]): void {
  const { judged, counts } = coverage;
  const all = packets.reduce((sum, packet) => sum + bytesOf(packet), 0);
  expect(counts?.all.bytes).toBe(all);
  expect(allJudged(judged).bytes + allNotJudged(judged).bytes + (counts?.apart ?? 0)).toBe(all);
}

const talk = (): CapturedPacket[] =>
  conversation({ miner: '192.0.2.5:4000', pool: '198.51.100.5:7000' })
    .connect()
    .minerSays('HELLO there')
    .poolSays('220 hello to you')
    .close()
    .toPackets();
const arp = sent(ethernet({ etherType: 0x0806 }, new Uint8Array(46)));
const dns = (): CapturedPacket =>
  sent(
    ethernet(
      {},
      ipv4(
        {},
        udp({}, Buffer.from('12340100000100000000000003777777076578616d706c65036f72670000010001', 'hex')),
      ),
    ),
  );

describe('bytes of all conversations, and of what is in none, sum to all', () => {
  it('of frames that are no IP, look-ups and a connection', async () => {
    const packets = [arp, dns(), ...talk()];
    const audit = await scan(packets);
    expectSums(audit, packets);
    expect(audit.coverage.counts?.apart).toBe(arp.bytes.length);
    expect(conversationsOf(audit.coverage.judged)).toBe(2);
  });

  it('of a connection in VXLAN: of the outer packets their own headers count', async () => {
    const inner = talk();
    const packets = wrapVxlan(inner);
    const audit = await scan(packets);
    expectSums(audit, packets);
    const innerBytes = inner.reduce((sum, packet) => sum + bytesOf(packet), 0);
    // IPv4, UDP, VXLAN and Ethernet around each.
    expect(audit.coverage.judged.searched).toEqual({ conversations: 1, bytes: innerBytes });
    expect(audit.coverage.judged.read).toEqual({ conversations: 1, bytes: inner.length * (20 + 8 + 8 + 14) });
  });

  it('of a tunnel whose inside is no IP', async () => {
    const packets = [sent(ethernet({}, ipv4({}, gre({ protocol: 0x1234 }, new Uint8Array(300)))))];
    const audit = await scan(packets);
    expectSums(audit, packets);
    expect(conversationsOf(audit.coverage.judged)).toBe(1);
  });

  it('of datagrams in fragments, which count where they were put together', async () => {
    const whole = udp({ destinationPort: 9999 }, new Uint8Array(3000).fill(7));
    const packets = Array.from({ length: 73 }, (_, id) =>
      ipv4Fragments({ id: id + 1 }, whole, 1400).map((fragment) => sent(ethernet({}, fragment))),
    ).flat();
    const audit = await scan(packets);
    expectSums(audit, packets);
    expect(audit.coverage.counts?.apart).toBe(0);
    expect(audit.coverage.decoded).toEqual({ bytes: 1, packets: 1 });
    expect(conversationsOf(audit.coverage.judged)).toBe(1);
  });

  it('of fragments that stay alone, which keep no night incomplete', async () => {
    const whole = udp({ destinationPort: 9999 }, new Uint8Array(3000));
    const alone = Array.from({ length: 50 }, (_, id) =>
      sent(ethernet({}, ipv4Fragments({ id: id + 1 }, whole, 1400)[0])),
    );
    const packets = [...talk(), ...alone];
    const audit = await scan(packets);
    expectSums(audit, packets);
    expect(audit.coverage.counts?.apart).toBe(50 * 1420);
    expect(audit.coverage.complete).toBe(true);
  });

  it('of other protocols, a row a pair of hosts', async () => {
    const of = (protocol: number, source: string, destination: string): CapturedPacket =>
      sent(ethernet({}, ipv4({ protocol, source, destination }, new Uint8Array(64).fill(1))));
    const packets = [50, 132, 89].flatMap((protocol) => [
      of(protocol, '192.0.2.1', '198.51.100.1'),
      of(protocol, '198.51.100.1', '192.0.2.1'),
    ]);
    const audit = await scan(packets);
    expectSums(audit, packets);
    expect(conversationsOf(audit.coverage.judged)).toBe(3);
  });

  const corpus = path.join(corpusFolder() ?? '', 'benign');
  const recorded =
    corpusFolder() === null ? [] : readdirSync(corpus).filter((name) => /^(?!fuzz).*\.pcap$/.test(name));
  it.each(recorded)('of %s, recorded by others', async (name) => {
    const file = path.join(corpus, name);
    const { coverage } = await scanInputs([file]);
    const { judged, counts } = coverage;
    const { all, apart, copies } = counts ?? { all: { bytes: 0 }, apart: 0, copies: 0 };
    expect(allJudged(judged).bytes + allNotJudged(judged).bytes + apart + copies).toBe(all.bytes);
    // The second reader knows where IP begins in frames of Ethernet without tags alone.
    const packets = readCapture(file);
    const isPlain = packets.every(
      ({ linkType, bytes }) => linkType === 1 && bytes[12] !== 0x81 && bytes.length > 40,
    );
    const hasLengths = packets.every(({ bytes }) => bytes[12] !== 8 || (bytes[16] | bytes[17]) !== 0);
    if (isPlain && hasLengths)
      expect(all.bytes).toBe(packets.reduce((sum, packet) => sum + bytesOf(packet), 0));
  });
});

describe('a table of conversations that is full', () => {
  it('gives up those that are over first, and calls what it drops in the middle beyond a limit', async () => {
    const one = conversation({ miner: '192.0.2.5:4000', pool: '198.51.100.5:7000' }).connect();
    one
      .minerSays(Buffer.from([0x81, 3, 7, 0x9f, 1, 2, 3, 4, 5, 0xf1]))
      .poolSays(Buffer.from([0x91, 2, 7, 0x8f, 3, 2, 3, 0, 5, 0xf1]));
    const early = one.toPackets();
    const flood = Array.from({ length: 2000 }, (_, i) => ({
      ...early[0],
      timeUs: early[early.length - 1].timeUs + 1000 * (i + 1),
      bytes: ethernet(
        {},
        ipv4(
          { source: `203.0.${i >> 8}.${i & 255}` },
          udp({ sourcePort: 5000 + (i % 999), destinationPort: 7777 }, new Uint8Array(20).fill(9)),
        ),
      ).bytes,
    })).map((packet) => ({ ...packet, wireBytes: packet.bytes.length }));
    const file = writeCapture(folder, 'flood', [...early, ...flood]);
    const whole = await scanInputs([file], { limits: { flows: 512 } });
    const { notJudged } = whole.coverage.judged;
    expect(conversationsOf(whole.coverage.judged)).toBe(2001);
    // What was answered stays while others, without an answer, can go.
    expect(notJudged.limit).toBeUndefined();
    expect(notJudged.cut?.conversations).toBeGreaterThan(0);
  });

  it('hides nobody: of open conversations that both sides spoke in, what goes is told, however young', async () => {
    const packets = Array.from({ length: 700 }, (_, i) => {
      const talk = conversation({
        miner: `192.0.2.${i % 250}:${4000 + i}`,
        pool: '198.51.100.5:7000',
      }).connect();
      talk.minerSays(Buffer.from([0x81, 3, 7, 0x9f, 1, 2])).poolSays(Buffer.from([0x91, 2, 7, 0x8f, 3, 2]));
      return talk.toPackets().map((packet) => ({ ...packet, timeUs: packet.timeUs + i * 1000 }));
    }).flat();
    packets.sort((a, b) => a.timeUs - b.timeUs);
    const file = writeCapture(folder, 'open', packets);
    const { judged, complete } = (await scanInputs([file], { limits: { flows: 512 } })).coverage;
    expect(conversationsOf(judged)).toBeGreaterThanOrEqual(700);
    expect(judged.notJudged.limit?.conversations).toBeGreaterThanOrEqual(700 - 512);
    expect(complete).toBe(false);
  });
});
