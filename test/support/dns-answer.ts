/** A look-up at a resolver, as packets. */
import type { CapturedPacket } from './capture-reader.ts';
import { concat, ethernet, hex, ipv4, udp } from './packet-builder.ts';

interface Said {
  readonly name: string;
  readonly to: string;
  readonly timeUs: number;
}

const RESOLVER = { ip: '192.0.2.53', port: 53 };

/** A client asks 192.0.2.53 for a name, and is told that it has the address 198.51.100.77. */
export function dnsLookup(said: Said): CapturedPacket[] {
  return [dnsQuestion(said), dnsAnswer(said)];
}

function dnsQuestion(said: Said): CapturedPacket {
  const message = concat(hex('1234 0100 0001 0000 0000 0000'), ...labelsOf(said.name), hex('00 0001 0001'));
  const { bytes } = ethernet(
    {},
    ipv4(
      { source: said.to, destination: RESOLVER.ip },
      udp({ sourcePort: 40_000, destinationPort: RESOLVER.port }, message),
    ),
  );
  return { timeUs: said.timeUs - 1000, bytes, wireBytes: bytes.length, linkType: 1 };
}

function labelsOf(name: string): Uint8Array[] {
  return name.split('.').map((label) => concat(new Uint8Array([label.length]), Buffer.from(label)));
}

/** The answer alone, as of somebody who was not asked. */
export function dnsAnswer(said: Said): CapturedPacket {
  const message = concat(
    hex('1234 8180 0001 0001 0000 0000'),
    ...labelsOf(said.name),
    hex('00 0001 0001'),
    hex('c00c 0001 0001 0000 0e10 0004 c633 644d'),
  );
  const { bytes } = ethernet(
    {},
    ipv4(
      { source: RESOLVER.ip, destination: said.to },
      udp({ sourcePort: RESOLVER.port, destinationPort: 40_000 }, message),
    ),
  );
  return { timeUs: said.timeUs, bytes, wireBytes: bytes.length, linkType: 1 };
}
