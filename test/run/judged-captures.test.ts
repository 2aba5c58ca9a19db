/** What a scan of captures may conclude: a connection that nobody could read is no all-clear. */
import { describe, expect, it } from 'vitest';
import { headline } from '../../src/report/summary.ts';
import { catalogueOf } from '../../src/statements/catalogue.ts';
import type { CapturedPacket } from '../support/capture-reader.ts';
import { conversation } from '../support/conversation.ts';
import { random } from '../support/random.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { plainHello, type Sealed, sealedPackets } from '../support/tls.ts';

const en = catalogueOf('en');

const folder = temporaryFolder('judged-captures');
let files = 0;

/** A message of each side, so many times. */
function talk(times: number, bytes = 300, every = 5): Sealed[] {
  return Array.from({ length: times }, (_, i) => [
    { at: 1 + i * every, from: 'client' as const, bytes },
    { at: 1.05 + i * every, from: 'server' as const, bytes: bytes * 2 },
  ]).flat();
}

const said = (times: number, options: Parameters<typeof sealedPackets>[2] = {}): CapturedPacket[] =>
  sealedPackets(talk(times), random(7), options);
const cut = (packets: readonly CapturedPacket[], to = 54): CapturedPacket[] =>
  packets.map((packet) => ({ ...packet, bytes: packet.bytes.slice(0, to), wireBytes: packet.bytes.length }));
/** Calls of which a short snap length leaves the id. */
const calls = (): CapturedPacket[] =>
  conversation({ miner: '192.0.2.5:4000', pool: '198.51.100.5:7000' })
    .connect()
    .minerSays({ id: 1, jsonrpc: '2.0', method: 'login', params: { login: 'w'.repeat(95), pass: 'x' } })
    .poolSays({ id: 1, jsonrpc: '2.0', error: null, result: { id: 'a', status: 'OK' } })
    .close()
    .toPackets();
const clear = (): CapturedPacket[] =>
  conversation({ miner: '192.0.2.5:4000', pool: '198.51.100.5:7000' })
    .connect()
    .minerSays('HELLO there')
    .poolSays('220 hello to you')
    .close()
    .toPackets();

const ENDS = { miner: '192.0.2.5:4000', pool: '198.51.100.5:7000' };
const dials = (): CapturedPacket[] => conversation(ENDS).connect().close().toPackets().slice(0, 1);
/** TLS for 100 minutes that says something every half minute. */
const slow = (options: Parameters<typeof sealedPackets>[2] = {}): CapturedPacket[] =>
  sealedPackets(talk(200, 300, 30), random(7), options);

/** The only way in which the connection of each capture is judged, or the only reason. */
const CASES: readonly [title: string, packets: CapturedPacket[], way: string][] = [
  ['text that is no dialect', clear(), 'searched'],
  [
    'TLS with a name that is no pool, for long',
    slow({ hello: plainHello('www.example.org') }),
    'unlisted-name',
  ],
  ['the same with ALPN', slow({ hello: plainHello('www.example.org', ['h2']) }), 'unlisted-name'],
  ['TLS without a name, for long', slow(), 'encrypted'],
  ['a visit over TLS that goes on behind the capture', said(3), 'cut'],
  ['the same with a name', said(3, { hello: plainHello('www.example.org') }), 'cut'],
  ['TLS that was joined in its middle', said(3, { hello: null }), 'cut'],
  ['another protocol that is encrypted', slow({ hello: null, bare: true }), 'encrypted'],
  ['of each message the beginning', cut(calls(), 84), 'cut'],
  ['a download over TLS that goes on', sealedPackets(talk(200, 8000, 0.5), random(7)), 'cut'],
  ['a connection that nobody has answered', dials(), 'unlike'],
];

describe('a connection of a capture counts once, as judged or by the reason why not', () => {
  for (const [title, packets, way] of CASES)
    it(title, async () => {
      const audit = await scanInputs([writeCapture(folder, `${++files}.pcap`, packets)]);
      const { judged, complete } = audit.coverage;
      const { notJudged, ...ways } = judged;
      const counted = Object.entries({ ...ways, ...notJudged }).filter(
        ([, { conversations }]) => conversations > 0,
      );
      const ipBytes = packets.reduce(
        (sum, { wireBytes, bytes }) => sum + (wireBytes ?? bytes.length) - 14,
        0,
      );
      expect(counted).toEqual([[way, { conversations: 1, bytes: ipBytes }]]);
      const isJudged = way in ways;
      expect([audit.inputs[0].hosts, audit.inputs[0].hostsNotJudged]).toEqual([1, isJudged ? 0 : 1]);
      expect(complete).toBe(way !== 'cut');
      expect(headline(audit, en)).toMatch(
        isJudged ? /all could be judged/ : /Nothing could be judged: none of 1 conversation/,
      );
    });
});

it('tells how many could not be judged, and why', async () => {
  const packets = [...clear(), ...slow()];
  const audit = await scanInputs([writeCapture(folder, `${++files}.pcap`, packets)]);
  expect(audit.coverage.complete).toBe(true);
  expect(headline(audit, en)).toBe(
    'No mining found in 2 conversations of 2 hosts; 1 conversation of 1 host could not be judged (1 encrypted).',
  );
});
