import { describe, expect, it } from 'vitest';
import type { CapturedPacket } from '../support/capture-reader.ts';
import { LOOK_ALIKES, MINERS, mining } from '../support/opaque-talk.ts';
import { random } from '../support/random.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { sealedPackets } from '../support/tls.ts';

const folder = temporaryFolder('hidden');
/** Ethernet, IPv4 and TCP without options. */
const SNAP_LENGTH = 54;

const cut = (packets: readonly CapturedPacket[]): CapturedPacket[] =>
  packets.map((packet) => ({
    ...packet,
    bytes: packet.bytes.slice(0, SNAP_LENGTH),
    wireBytes: packet.bytes.length,
  }));

async function suspects(name: string, packets: readonly CapturedPacket[]) {
  const { hosts } = await scanInputs([writeCapture(folder, name, packets)]);
  return hosts.map(({ ip, verdict, evidence }) => ({
    ip,
    verdict,
    said: evidence.map(({ text }) => text).join(),
  }));
}

describe('a capture of headers alone', () => {
  it.each(MINERS)('shows $name as suspected, and says what it rests on', async (kind) => {
    const draw = random(11);
    const [found] = await suspects(`${kind.share}.pcap`, cut(sealedPackets(mining(kind)(draw, 900), draw)));
    expect(found).toMatchObject({ ip: '192.0.2.77', verdict: 'suspected' });
    expect(found?.said).toMatch(/only headers were captured/);
  });

  it.each(Object.entries(LOOK_ALIKES))('leaves alone %s', async (name, talk) => {
    const draw = random(12);
    const file = `${name.replaceAll(/\W/g, '-')}.pcap`;
    expect(await suspects(file, cut(sealedPackets(talk(draw, 900), draw)))).toEqual([]);
  });
});

const text = (words: string): Uint8Array => Buffer.from(words.replaceAll('\n', '\r\n'), 'latin1');
const HANDSHAKES: readonly {
  readonly name: string;
  readonly before: readonly Uint8Array[];
}[] = [
  {
    name: 'SOCKS 5',
    before: [
      Buffer.from([5, 1, 0]),
      Buffer.from([5, 0]),
      Buffer.from([5, 1, 0, 1, 198, 51, 100, 7, 1, 187]),
      Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
    ],
  },
  {
    name: 'CONNECT',
    before: [
      text('CONNECT 198.51.100.7:443 HTTP/1.1\nHost: 198.51.100.7:443\n\n'),
      text('HTTP/1.1 200 Connection established\n\n'),
    ],
  },
];

describe('TLS behind a proxy', () => {
  for (const { name, before } of HANDSHAKES) {
    it.each(MINERS)(`${name}: $name is suspected as it is without`, async (kind) => {
      const draw = random(21);
      const packets = sealedPackets(mining(kind)(draw, 900), draw, { before, server: '198.51.100.99:1080' });
      const [found] = await suspects(`${name}-${kind.share}.pcap`, packets);
      expect(found).toMatchObject({ ip: '192.0.2.77', verdict: 'suspected' });
    });

    it.each(Object.entries(LOOK_ALIKES))(`${name}: leaves alone %s`, async (like, talk) => {
      const draw = random(22);
      const file = `${name}-${like.replaceAll(/\W/g, '-')}.pcap`;
      const packets = sealedPackets(talk(draw, 900), draw, { before, server: '198.51.100.99:1080' });
      expect((await suspects(file, packets)).filter(({ verdict }) => verdict !== 'listed')).toEqual([]);
    });
  }
});
