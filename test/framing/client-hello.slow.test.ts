/** Client hellos and their fingerprints: published vectors, and whole captures against tshark where it is installed. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ClientHello, isGrease, readClientHello } from '../../src/framing/client-hello.ts';
import { ja3, ja3Text, ja4 } from '../../src/framing/hello-fingerprint.ts';
import { TCP } from '../../src/packets/packet.ts';
import { DECODED } from '../../src/packets/skip-reason.ts';
import { CORPUS_ABSENT, corpusFolder } from '../support/corpus.ts';
import { eachPacket } from '../support/each-packet.ts';
import { framerFor } from '../support/framer.ts';
import { clientHelloMessage, extension, type Offer } from '../support/tls.ts';

function helloOf(offer: Offer): ClientHello {
  const message = clientHelloMessage(offer);
  const hello = readClientHello(message, 4, message.length);
  if (hello === null) throw new Error('the hello cannot be read');
  return hello;
}

const empty = (type: number): readonly [number, readonly number[]] => [type, []];

describe('JA3', () => {
  it('is that of the published example with all lists', () => {
    const hello = helloOf({
      version: 769,
      ciphers: [47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4],
      extensions: [
        extension.serverName('a.example'),
        extension.groups(23, 24, 25),
        extension.pointFormats(0),
      ],
    });
    expect(ja3Text(hello)).toBe('769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0');
    expect(ja3(hello)).toBe('ada70206e40642a3e4461f35503241d5');
  });

  it('is that of the published example without extensions', () => {
    const hello = helloOf({
      version: 769,
      ciphers: [4, 5, 10, 9, 100, 98, 3, 6, 19, 18, 99],
      extensions: [],
    });
    expect(ja3(hello)).toBe('de350869b8c85de67a350c8d186f11e6');
  });

  it('leaves GREASE out', () => {
    const hello = helloOf({
      version: 769,
      ciphers: [0x0a0a, 47],
      extensions: [empty(0x1a1a), extension.groups(0xfafa, 29), extension.pointFormats(0)],
    });
    expect(ja3Text(hello)).toBe('769,47,10-11,29,0');
  });
});

describe('JA4', () => {
  const CHROME: Offer = {
    ciphers: [
      0x0a0a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c,
      0x009d, 0x002f, 0x0035,
    ],
    extensions: [
      empty(0x2a2a),
      extension.serverName('a.example'),
      ...[0x17, 0xff01].map(empty),
      extension.groups(29),
      extension.pointFormats(0),
      empty(0x23),
      extension.alpn('h2', 'http/1.1'),
      empty(5),
      extension.signatures(0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601),
      ...[0x12, 0x33, 0x2d].map(empty),
      extension.versions(0x3a3a, 0x0304, 0x0303),
      ...[0x1b, 0x4469, 0x15].map(empty),
    ],
  };

  it('is that of the published example', () => {
    expect(ja4(helloOf(CHROME))).toBe('t13d1516h2_8daaf6152771_e5627efa2ab1');
  });

  it('does not depend on the order of suites and extensions', () => {
    const turned = { ciphers: CHROME.ciphers.toReversed(), extensions: CHROME.extensions.toReversed() };
    expect(ja4(helloOf(turned))).toBe('t13d1516h2_8daaf6152771_e5627efa2ab1');
  });

  it('says 00 for no protocols, i for no name, and zeros for no extensions', () => {
    const hello = helloOf({ version: 0x0301, ciphers: [0x002f], extensions: [] });
    expect(ja4(hello).replace(/_[0-9a-f]{12}_/, '_suites_')).toBe('t10i010000_suites_000000000000');
  });

  it('takes hex digits of a protocol that is no text', () => {
    const hello = helloOf({ ciphers: [0x1301], extensions: [extension.alpn('\xab\xcd')] });
    expect(ja4(hello).slice(0, 10)).toBe('t12i0101ad');
  });
});

describe('a client hello', () => {
  it('says whether an encrypted one travels along', () => {
    const offer = { ciphers: [0x1301], extensions: [extension.serverName('outer.example'), empty(0xfe0d)] };
    const { serverName, hasEncryptedHello } = helloOf(offer);
    expect({ serverName, hasEncryptedHello }).toEqual({
      serverName: 'outer.example',
      hasEncryptedHello: true,
    });
  });

  it('cut anywhere is read as far as it goes, without exception', () => {
    const whole = clientHelloMessage({
      ciphers: [0x1301, 0x1302],
      extensions: [extension.serverName('pool.example'), extension.alpn('h2'), extension.groups(29)],
    });
    for (let to = 0; to <= whole.length; to++) {
      const hello = readClientHello(whole, 4, to);
      if (hello !== null) expect(['', 'pool.example']).toContain(hello.serverName);
    }
  });

  it('knows the sixteen GREASE values and no others', () => {
    const values = Array.from({ length: 65536 }, (_, value) => value).filter(isGrease);
    expect(values).toEqual(Array.from({ length: 16 }, (_, i) => 0x0a0a + i * 0x1010));
  });
});

/** The prints of all hellos with which a TCP flow of the capture begins, put in order and framed. */
async function printsIn(file: string): Promise<string[]> {
  const flows = new Map<string, { readonly client: string; readonly segments: Segment[] }>();
  const all: Segment[][] = [];
  await eachPacket(file, (_, packet, reason) => {
    if (reason !== DECODED || packet.protocol !== TCP) return;
    const { source0, source1, source2, source3, destination0, destination1, destination2, destination3 } =
      packet;
    const source = `${source0} ${source1} ${source2} ${source3} ${packet.sourcePort}`;
    const target = `${destination0} ${destination1} ${destination2} ${destination3} ${packet.destinationPort}`;
    const key = [source, target].toSorted().join(' ');
    let flow = flows.get(key);
    if (flow === undefined || ((packet.flags & 0x12) === 0x02 && flow.client === source)) {
      flow = { client: source, segments: [] };
      flows.set(key, flow);
      all.push(flow.segments);
    }
    const bytes = packet.memory.u8.slice(packet.payloadStart, packet.payloadEnd);
    if (bytes.length === 0) return;
    flow.segments.push({ direction: source === flow.client ? 0 : 1, sequence: packet.sequence, bytes });
  });
  return all.flatMap(printsOf);
}

interface Segment {
  readonly direction: 0 | 1;
  readonly sequence: number;
  readonly bytes: Uint8Array;
}

/** Each direction in the order of its numbers, from the first segment on and up to the first gap. */
function printsOf(segments: readonly Segment[]): string[] {
  const prints: string[] = [];
  const framer = framerFor({
    message: (message) => {
      if (message.kind !== 'tls-hello' || message.client === null || message.cut) return;
      prints.push(`${ja3(message.client)} ${ja4(message.client)}`);
    },
  });
  for (const direction of [0, 1] as const) {
    const own = segments.filter((segment) => segment.direction === direction);
    let next = own[0]?.sequence ?? 0;
    for (const { sequence, bytes } of own.toSorted((a, b) => (a.sequence - b.sequence) | 0)) {
      const old = (next - sequence) | 0;
      if (old < 0 || old >= bytes.length) continue;
      framer.push(direction, bytes, old, bytes.length, { timeUs: 0, record: 0, input: 0 });
      next = (sequence + bytes.length) | 0;
    }
  }
  framer.end();
  return prints;
}

function tsharkPrintsIn(file: string): string[] {
  const fields = ['-e', 'tls.handshake.ja3', '-e', 'tls.handshake.ja4'];
  // Hellos in the middle of a mail conversation, and in wireless frames inside of UDP, are not looked for.
  const filter =
    'tcp && !(tcp.port in {25, 587}) && tls.handshake.type==1 && !tcp.analysis.retransmission && !tcp.analysis.out_of_order';
  const { stdout } = spawnSync('tshark', ['-r', file, '-Y', filter, '-T', 'fields', ...fields], {
    encoding: 'utf8',
  });
  return stdout
    .split('\n')
    .filter((line) => /^[0-9a-f]{32}\t/.test(line))
    .map((line) => line.replace('\t', ' '));
}

const folder = corpusFolder();
const tsharkAbsent = spawnSync('tshark', ['--version']).status !== 0;

function captures(root: string): string[] {
  return ['.', 'real', 'benign'].flatMap((part) =>
    readdirSync(path.join(root, part))
      .filter((name) => /\.(pcap|cap|pcapng)(\.gz)?$/.test(name))
      .map((name) => path.join(part, name)),
  );
}

describe.skipIf(folder === null || tsharkAbsent)(
  `fingerprints agree with tshark (skipped where it is not installed, or ${CORPUS_ABSENT})`,
  () => {
    it.each(folder === null ? [] : captures(folder))('on %s', async (name) => {
      const file = path.join(folder ?? '', name);
      expect((await printsIn(file)).toSorted()).toEqual(tsharkPrintsIn(file).toSorted());
    });

    it('on the laboratory XMRig, whose hello spans two segments', async () => {
      expect(await printsIn(path.join(folder ?? '', 'xmr-tls.pcap'))).toEqual([
        '2617ff3a2d7f879546f0aac7afc5f15c t13i301100_1d37bd780c83_ecd0401ec68b',
      ]);
    });
  },
);
