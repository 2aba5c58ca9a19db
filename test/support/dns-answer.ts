/** The answer of a resolver, as a packet. */
import type { CapturedPacket } from './capture-reader.ts';
import { concat, ethernet, hex, ipv4, udp } from './packet-builder.ts';

/** 192.0.2.53 says to a client that the name has the address 198.51.100.77. */
export function dnsAnswer(said: {
  readonly name: string;
  readonly to: string;
  readonly timeUs: number;
}): CapturedPacket {
  const labels = said.name
    .split('.')
    .map((label) => concat(new Uint8Array([label.length]), Buffer.from(label)));
  const message = concat(
    hex('1234 8180 0001 0001 0000 0000'),
    ...labels,
    hex('00 0001 0001'),
    hex('c00c 0001 0001 0000 0e10 0004 c633 644d'),
  );
  const { bytes } = ethernet(
    {},
    ipv4(
      { source: '192.0.2.53', destination: said.to },
      udp({ sourcePort: 53, destinationPort: 40_000 }, message),
    ),
  );
  return { timeUs: said.timeUs, bytes, wireBytes: bytes.length, linkType: 1 };
}
