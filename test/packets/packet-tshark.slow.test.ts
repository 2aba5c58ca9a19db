/**
 * The kernel's records and packets against tshark's, which shares no code with it, over every capture beside this checkout.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Packet, TCP } from '../../src/packets/packet.ts';
import { eachRecord } from '../../src/packets/packet-kernel.ts';
import { DECODED } from '../../src/packets/skip-reason.ts';
import { pumpCapture, sniffCapture } from '../../src/readers/pcap/reader.ts';
import { openPath } from '../../src/sources/open.ts';
import { writePcapng } from '../support/capture-writer.ts';
import { CORPUS_ABSENT, corpusFolder } from '../support/corpus.ts';
import { address } from '../support/packet-builder.ts';
import { SAMPLE_FRAMES } from '../support/sample-frames.ts';

const FIELDS = [
  'frame.len',
  'frame.protocols',
  'ip.src',
  'ipv6.src',
  'ip.dst',
  'ipv6.dst',
  'ip.hdr_len',
  'ip.len',
  'ipv6.plen',
  'tcp.srcport',
  'tcp.dstport',
  'tcp.seq_raw',
  'tcp.ack_raw',
  'tcp.flags',
  'tcp.hdr_len',
  'tcp.len',
  'udp.srcport',
  'udp.dstport',
  'udp.length',
] as const;

const tsharkAbsent = spawnSync('tshark', ['--version']).status !== 0;
const folder = corpusFolder();

/** What both must agree on, in tshark's words; null where neither TCP nor UDP was found. */
interface Seen {
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly ipBytes: number;
  readonly tcp: readonly [sequence: number, acknowledgement: number, flags: number] | null;
  readonly payloadBytes: number;
  /** Bytes on the wire by the record's head; tshark's alone. */
  readonly wireBytes?: number;
}

/** Headers below IP are no longer than this. */
const MOST_LINK_BYTES = 64;
/** A record that claims a longer frame is damaged: what was captured is taken for all. */
const MOST_WIRE_BYTES = 1 << 20;

/** A header that claims more bytes than were on the wire counts for those alone: ours says how many are behind the link's. */
function bounded({ wireBytes = 0, ...their }: Seen, our: Seen | null | undefined): Seen {
  if (our == null || our.ipBytes >= their.ipBytes) return their;
  const behindLink = wireBytes - MOST_LINK_BYTES;
  const isOfWire = their.ipBytes > behindLink && our.ipBytes >= behindLink && our.ipBytes <= wireBytes;
  return isOfWire || wireBytes > MOST_WIRE_BYTES ? { ...their, ipBytes: our.ipBytes } : their;
}

describe.skipIf(folder === null || tsharkAbsent)(
  `the packet decoder agrees with tshark (skipped where it is not installed, or ${CORPUS_ABSENT})`,
  () => {
    it.each(captures(folder ?? ''))('on %s', async (name) => {
      const file = path.join(folder ?? '', name);
      const theirs = byTshark(file);
      const { seen, isDamaged } = await byKernel(file);
      // tshark ends at damage; we look for the next record behind it.
      if (isDamaged) expect(seen.length).toBeGreaterThanOrEqual(theirs.length);
      else expect(seen.length).toBe(theirs.length);
      for (const [i, their] of theirs.entries()) {
        const expected = their === null ? null : bounded(their, seen[i]);
        expect({ frame: i + 1, seen: seen[i] }).toEqual({ frame: i + 1, seen: expected });
      }
    });
  },
);

describe.skipIf(tsharkAbsent)('tshark (skipped where it is not installed)', () => {
  // It takes control words for addresses, and gives the length of the last fragment for that of all.
  const samples = SAMPLE_FRAMES.filter(({ name }) => !/pseudowire|fragment/.test(name));
  const home = mkdtempSync(path.join(tmpdir(), 'minesweep-frames-'));
  const file = path.join(home, 'frames.pcapng');
  writeFileSync(
    file,
    writePcapng(samples.map(({ frame, linkType }, i) => ({ timeUs: i * 1000, linkType, bytes: frame }))),
  );
  afterAll(() => rmSync(home, { recursive: true }));

  it('agrees on every frame that the tests build', async () => {
    const named = (seen: readonly (Seen | null)[]): unknown =>
      seen.map((each, i) => ({ name: samples[i]?.name, seen: each }));
    const { seen } = await byKernel(file);
    const theirs = byTshark(file).map((their, i) => (their === null ? null : bounded(their, seen[i])));
    expect(named(seen)).toEqual(named(theirs));
  });

  it('finds their checksums good', () => {
    const checks = ['ip.check_checksum:TRUE', 'tcp.check_checksum:TRUE', 'udp.check_checksum:TRUE'];
    const fields = ['ip.checksum.status', 'tcp.checksum.status', 'udp.checksum.status'];
    const run = spawnSync(
      'tshark',
      ['-n', '-r', file, ...checks.flatMap((each) => ['-o', each]), '-T', 'fields'].concat(
        fields.flatMap((field) => ['-e', field]),
      ),
      { encoding: 'utf8' },
    );
    expect(run.stdout.match(/[^1,\s]/g)).toBeNull(); // 1 is good
    expect(run.stdout.match(/1/g)?.length).toBeGreaterThan(80);
  });
});

function captures(root: string): string[] {
  if (root === '') return [];
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /\.(pcap|pcapng|cap|pcap\.gz)$/.test(name)).sort();
}

async function byKernel(file: string): Promise<{ seen: (Seen | null)[]; isDamaged: boolean }> {
  const seen: (Seen | null)[] = [];
  const reader = eachRecord((_, packet, reason) => seen.push(reason === DECODED ? seenIn(packet) : null));
  const source = await openPath(file);
  await pumpCapture(source, sniffCapture(await source.peek(12)) ?? 'pcap', reader);
  await source.close();
  return { seen, isDamaged: reader.damage().length > 0 };
}

function seenIn(packet: Packet): Seen {
  const isTcp = packet.protocol === TCP;
  return {
    source: words(packet.source0, packet.source1, packet.source2, packet.source3),
    destination: words(packet.destination0, packet.destination1, packet.destination2, packet.destination3),
    sourcePort: packet.sourcePort,
    destinationPort: packet.destinationPort,
    ipBytes: packet.ipBytes,
    tcp: isTcp ? [packet.sequence >>> 0, packet.acknowledgement >>> 0, packet.flags] : null,
    payloadBytes: packet.payloadBytes,
  };
}

function byTshark(file: string): (Seen | null)[] {
  const fields = FIELDS.flatMap((field) => ['-e', field]);
  const options = ['-n', '-r', file, '-T', 'fields', '-E', 'occurrence=l', ...fields];
  const run = spawnSync('tshark', options, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const lines = run.stdout.split('\n').slice(0, -1);
  return lines.map((line) => {
    const columns = line.split('\t');
    const get = (field: (typeof FIELDS)[number]): string => columns[FIELDS.indexOf(field)] ?? '';
    const protocols = get('frame.protocols').split(':');
    const isTcp = get('tcp.srcport') !== '';
    // A header that is cut or contradicts itself shows ports all the same.
    if (isTcp ? Number(get('tcp.hdr_len')) < 20 : get('udp.length') === '') return null;
    // Under MPLS the list of protocols leaves IP out.
    const isLast = protocols.lastIndexOf('ipv6') > protocols.lastIndexOf('ip');
    const six = get('ip.src') === '' || (get('ipv6.src') !== '' && isLast);
    const number = (field: (typeof FIELDS)[number]): number => Number(get(field));
    // tcp.len ends with the frame; ours, like that of every receiver, goes by the IP header.
    const behindAh = protocols.includes('ah');
    const fromHeaders = number('ip.len') - number('ip.hdr_len') - number('tcp.hdr_len');
    return {
      source: mapped(get(six ? 'ipv6.src' : 'ip.src')),
      destination: mapped(get(six ? 'ipv6.dst' : 'ip.dst')),
      sourcePort: number(isTcp ? 'tcp.srcport' : 'udp.srcport'),
      destinationPort: number(isTcp ? 'tcp.dstport' : 'udp.dstport'),
      ipBytes: six ? 40 + number('ipv6.plen') : number('ip.len'),
      tcp: isTcp ? [number('tcp.seq_raw'), number('tcp.ack_raw'), number('tcp.flags') & 0xff] : null,
      wireBytes: number('frame.len'),
      payloadBytes: isTcp ? (six || behindAh ? number('tcp.len') : fromHeaders) : number('udp.length') - 8,
    };
  });
}

function mapped(text: string): string {
  const bytes = address(text);
  const view = new DataView(Uint8Array.from(bytes).buffer);
  return bytes.length === 4
    ? words(0, 0, 0xffff, view.getInt32(0))
    : words(view.getInt32(0), view.getInt32(4), view.getInt32(8), view.getInt32(12));
}

function words(...each: readonly number[]): string {
  return each.map((word) => (word >>> 0).toString(16)).join(':');
}
