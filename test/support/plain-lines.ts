/**
 * The lines that the two sides of a captured JSON conversation say, read without the code under test: Ethernet, 802.1Q, IPv4
 * and TCP; segments in the order of their numbers, what was sent twice once. Each connection apart.
 */
import { readCapture } from './capture-reader.ts';
import type { Sealed } from './tls.ts';

/** One line: seconds since the first packet, its bytes with the line end. */
export type Line = Sealed & { readonly text: string };

interface Segment {
  readonly timeUs: number;
  readonly sequence: number;
  readonly payload: Buffer;
}

/** Connections in the order of their first packets; the client is the one who asks. */
export function plainLines(file: string): Line[][] {
  const packets = readCapture(file);
  const start = packets[0]?.timeUs ?? 0;
  const directions = new Map<string, Segment[]>();
  for (const { bytes, timeUs } of packets) {
    const frame = Buffer.from(bytes);
    let at = 12;
    while (frame.readUInt16BE(at) === 0x8100) at += 4;
    if (frame.readUInt16BE(at) !== 0x0800 || frame[at + 11] !== 6) continue;
    const ip = frame.subarray(at + 2);
    const tcp = ip.subarray((ip[0] & 15) * 4, ip.readUInt16BE(2));
    const payload = tcp.subarray((tcp[12] >> 4) * 4);
    if (payload.length === 0) continue;
    const end = (from: number, port: number): string =>
      `${ip.subarray(from, from + 4).join('.')}:${tcp.readUInt16BE(port)}`;
    const direction = `${end(12, 0)} ${end(16, 2)}`;
    directions.set(direction, [
      ...(directions.get(direction) ?? []),
      { timeUs, sequence: tcp.readUInt32BE(4), payload },
    ]);
  }
  const talks = new Map<string, Line[]>();
  for (const [direction, segments] of directions) {
    const lines = linesIn(segments);
    const isClient = lines.some(({ text }) =>
      /"(?:mining\.subscribe|login|eth_submitLogin|submit)"/.test(text),
    );
    const [from = '', to = ''] = direction.split(' ');
    const key = isClient ? direction : `${to} ${from}`;
    const said = lines.map(
      ({ text, timeUs }): Line => ({
        ...{ text, at: (timeUs - start) / 1e6, bytes: Buffer.byteLength(text, 'latin1') },
        from: isClient ? 'client' : 'server',
      }),
    );
    talks.set(key, [...(talks.get(key) ?? []), ...said]);
  }
  return [...talks.values()].map((lines) => lines.sort((a, b) => a.at - b.at));
}

function linesIn(segments: readonly Segment[]): { text: string; timeUs: number }[] {
  const first = segments[0]?.sequence ?? 0;
  const offset = ({ sequence }: Segment): number => (sequence - first) | 0;
  const lines: { text: string; timeUs: number }[] = [];
  let [rest, next, latest] = ['', Number.NEGATIVE_INFINITY, 0];
  for (const segment of segments.toSorted((a, b) => offset(a) - offset(b))) {
    const from = offset(segment);
    const seen = next === Number.NEGATIVE_INFINITY ? 0 : Math.max(0, next - from);
    next = Math.max(next, from + segment.payload.length);
    latest = Math.max(latest, segment.timeUs);
    rest += segment.payload.subarray(seen).toString('latin1');
    for (let at = rest.indexOf('\n'); at >= 0; at = rest.indexOf('\n')) {
      lines.push({ text: rest.slice(0, at + 1), timeUs: latest });
      rest = rest.slice(at + 1);
    }
  }
  return lines;
}
