/** What a scan of captures may conclude: a connection that nobody could read is no all-clear. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Judged } from '../../src/audit/audit.ts';
import { nothingFound } from '../../src/report/summary.ts';
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

/** The only way in which the connection of each capture is judged, or the only reason. */
const CASES: readonly [title: string, packets: CapturedPacket[], way: keyof Judged | string][] = [
  ['text that is no dialect', clear(), 'byProtocol'],
  ['TLS with a name that is no pool', said(3, { hello: plainHello('www.example.org') }), 'byEndpoint'],
  ['the same with ALPN', said(3, { hello: plainHello('www.example.org', ['h2']) }), 'byEndpoint'],
  ['TLS without a name, too short to be known by its behaviour', said(3), 'encrypted'],
  ['TLS that was joined in its middle', said(3, { hello: null }), 'encrypted'],
  ['another protocol that is encrypted', said(3, { hello: null, bare: true }), 'encrypted'],
  ['headers alone', cut(clear()), 'encrypted'],
  ['of each message the beginning', cut(calls(), 84), 'cut'],
  ['TLS without a name that is unlike mining for long', said(40), 'byBehaviour'],
  ['a download over TLS without a name', sealedPackets(talk(200, 8000, 0.01), random(7)), 'byBehaviour'],
  [
    'a connection that nobody answers',
    conversation({ miner: '192.0.2.5:4000', pool: '198.51.100.5:7000' })
      .connect()
      .close()
      .toPackets()
      .slice(0, 1),
    'byBehaviour',
  ],
];

describe('a connection of a capture counts once, as judged or by the reason why not', () => {
  for (const [title, packets, way] of CASES)
    it(title, async () => {
      const audit = await scanInputs([writeCapture(folder, `${++files}.pcap`, packets)]);
      const { judged, complete } = audit.coverage;
      const { notJudged = {}, ...ways } = judged ?? {};
      const counted = Object.entries({ ...ways, ...notJudged }).filter(
        ([, { conversations }]) => conversations > 0,
      );
      const ipBytes = packets.reduce(
        (sum, { wireBytes, bytes }) => sum + (wireBytes ?? bytes.length) - 14,
        0,
      );
      expect(counted).toEqual([[way, { conversations: 1, bytes: ipBytes }]]);
      const isRead = way === 'byProtocol' || way === 'byEndpoint' || way === 'byBehaviour';
      expect(complete).toBe(isRead);
      if (!isRead) expect(nothingFound(audit, en)).not.toMatch(/No mining found/);
    });
});

it('names the part that was judged', async () => {
  const packets = [...clear(), ...said(3)];
  const audit = await scanInputs([writeCapture(folder, `${++files}.pcap`, packets)]);
  expect(audit.coverage.complete).toBe(false);
  expect(nothingFound(audit, en)).toMatch(
    /50.0 % of conversations.*encrypted or not captured, without a name 50.0 %/,
  );
});

it('takes names of servers from files', async () => {
  const nameFiles = [path.join(folder, 'hosts')];
  writeFileSync(nameFiles[0], '198.51.100.77 www.example.org\n');
  const audit = await scanInputs([writeCapture(folder, `${++files}.pcap`, said(3))], { nameFiles });
  expect(audit.coverage).toMatchObject({ complete: true, judged: { byEndpoint: { conversations: 1 } } });
});
