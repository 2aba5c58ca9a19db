/** The transforms change packets and never what the conversation says: its streams, read naively, stay the same. */
import { describe, expect, it } from 'vitest';
import { type CapturedPacket, readCapture } from './capture-reader.ts';
import { layersOf, SYN, setTcpChecksum } from './layers.ts';
import {
  dropEvery,
  dropHandshake,
  duplicate,
  ipv6Of,
  reorder,
  resegmentAtEveryByte,
  resegmentAtRandom,
  snap,
  split,
  tagVlan,
  toIpv6,
  wrapGre,
  wrapVxlan,
} from './transform.ts';
import { laboratoryCapture } from './truth.ts';

const original = readCapture(laboratoryCapture('xmr-plain-vardiff').capture);

/** What each source port says, in the order of its sequence numbers from the SYN on. */
function streams(packets: readonly CapturedPacket[]): Record<number, string> {
  const segments = packets.flatMap((packet) => {
    const layers = layersOf(packet);
    if (layers === null || layers.tcp === null) return [];
    const port = layers.view.getUint16(layers.tcp);
    const isSyn = (layers.view.getUint8(layers.tcp + 13) & SYN) !== 0;
    const sequence = layers.view.getUint32(layers.tcp + 4);
    return [{ port, isSyn, sequence, payload: packet.bytes.subarray(layers.payload, layers.end) }];
  });
  const starts = new Map<number, number>();
  for (const { port, isSyn, sequence } of segments) if (isSyn) starts.set(port, sequence + 1);
  const said = new Map<number, Uint8Array>();
  for (const { port, sequence, payload } of segments) {
    if (payload.length === 0) continue;
    const offset = (sequence - (starts.get(port) ?? 0)) >>> 0;
    const stream = said.get(port) ?? new Uint8Array(65_536);
    stream.set(payload, offset);
    said.set(port, stream);
  }
  // The streams hold text, so zeros behind it are the unused rest.
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1').replace(/\0+$/, '');
  return Object.fromEntries([...said].map(([port, bytes]) => [port, text(bytes)]));
}

const expected = streams(original);

describe('a transformed conversation', () => {
  const cases: { name: string; packets: CapturedPacket[] }[] = [
    { name: 'is cut at every byte', packets: resegmentAtEveryByte(original) },
    { name: 'is cut at random', packets: resegmentAtRandom(original, 1) },
    { name: 'is partly repeated at once', packets: duplicate(original, 3) },
    { name: 'is partly repeated later', packets: duplicate(original, 4, 5) },
    { name: 'has VLAN tags', packets: tagVlan(original, 7, 204) },
    { name: 'runs over IPv6', packets: toIpv6(original) },
    { name: 'is cut at every byte over IPv6', packets: resegmentAtEveryByte(toIpv6(original)) },
    {
      name: 'comes in another order',
      packets: reorder(resegmentAtRandom(original, 2), { seed: 3, window: 4 }),
    },
  ];
  for (const { name, packets } of cases) {
    it(`says the same when it ${name}`, () => {
      expect(packets).not.toEqual(original);
      expect(streams(packets)).toEqual(expected);
    });
    it(`has right lengths and checksums when it ${name}`, () => {
      const wrong = packets.filter((packet) => {
        const layers = layersOf(packet);
        if (layers === null || layers.tcp === null) return false;
        if (packet.wireBytes !== packet.bytes.length || layers.end !== packet.bytes.length) return true;
        const repaired = packet.bytes.slice();
        setTcpChecksum(repaired, layers);
        return Buffer.compare(repaired, packet.bytes) !== 0;
      });
      expect(wrong).toEqual([]);
    });
  }
});

describe('the other transforms', () => {
  it('cut every payload byte apart when asked to', () => {
    const said = Object.values(expected).join('').length;
    const bare = original.filter((packet) => {
      const layers = layersOf(packet);
      return layers === null || layers.end === layers.payload;
    });
    expect(resegmentAtEveryByte(original).length).toBe(bare.length + said);
  });

  it('map the addresses as they say', () => {
    expect(ipv6Of('192.0.2.11')).toBe('2001:db8::c000:20b');
    const [first] = toIpv6(original);
    expect(Buffer.from(first?.bytes.subarray(22, 38) ?? []).toString('hex')).toBe(
      '20010db80000000000000000c000020b',
    );
  });

  it('wrap the packet whole', () => {
    const [first] = original;
    const [gre] = wrapGre(original);
    const [vxlan] = wrapVxlan(original);
    expect(gre?.bytes.subarray(38)).toEqual(first?.bytes.subarray(14));
    expect(vxlan?.bytes.subarray(50)).toEqual(first?.bytes);
    expect([gre?.wireBytes, vxlan?.wireBytes]).toEqual([
      (first?.wireBytes ?? 0) + 24,
      (first?.wireBytes ?? 0) + 50,
    ]);
  });

  it('move packets only with their times, or only within them', () => {
    const times = (packets: readonly CapturedPacket[]) => packets.map((packet) => packet.timeUs);
    const travelled = reorder(original, { seed: 5, window: 3, among: 'any' });
    const stayed = reorder(original, { seed: 5, window: 3, among: 'any', times: 'stay' });
    expect(times(stayed)).toEqual(times(original));
    expect(times(travelled)).not.toEqual(times(original));
    expect(travelled.map((packet) => packet.bytes)).toEqual(stayed.map((packet) => packet.bytes));
  });

  it('leave out, cut and split what they say', () => {
    expect(dropHandshake(original).length).toBe(original.length - 2);
    expect(dropEvery(original, 10).length).toBe(original.length - Math.floor(original.length / 10));
    expect(split(original, 3).flat()).toEqual(original);
    expect(snap(original, 60).every((packet) => packet.bytes.length <= 60)).toBe(true);
    expect(snap(original, 60).map((packet) => packet.wireBytes)).toEqual(
      original.map((packet) => packet.wireBytes),
    );
  });
});
