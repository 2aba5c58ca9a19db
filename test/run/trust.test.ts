/** Whom a tunnel or an export comes from decides what it is worth: a stranger can write any address into its packets. */
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { auditProblem } from '../../src/audit/schema.ts';
import { pseudonymizeAudit } from '../../src/pseudonyms/audit.ts';
import { createPseudonymizer } from '../../src/pseudonyms/pseudonymizer.ts';
import { renderExplanation } from '../../src/report/explain/explain.ts';
import { REPORT_FILES } from '../../src/report/files.ts';
import { MOST_TUNNELS } from '../../src/schema/packets-memory.ts';
import type { CapturedPacket } from '../support/capture-reader.ts';
import { conversation } from '../support/conversation.ts';
import { CORPUS_ABSENT, corpusFolder } from '../support/corpus.ts';
import { mergeAll, partOf } from '../support/merging.ts';
import {
  address,
  etherIp,
  ethernet,
  geneve,
  gre,
  gtpU,
  hex,
  ipv4,
  type Layer,
  raw,
  udp,
  vxlan,
} from '../support/packet-builder.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { scanInTurn } from '../support/states.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { twoWayTable } from '../support/two-way-table.ts';

const folder = temporaryFolder('trust');
const MINER = '192.0.2.77';
const STRANGER = '203.0.113.66';
const OWN = { local: ['192.0.2.0/24'] };
const PAGE = { width: 160, color: false, zone: 'UTC', language: 'en' } as const;
let files = 0;

const H = '3b5766388903a9c81cc919f6f344bafb23813fa90b13a023af11bab1240f16a7';
const job = { blob: `1010d7a1b2c306${H}00000000${H}05`, job_id: 'j1', target: 'b88d0600', algo: 'rx/0' };

/** A session that is confirmed if its packets are believed. */
function session(): CapturedPacket[] {
  const talk = conversation({ miner: `${MINER}:40000`, pool: '198.51.100.9:3333' }).connect();
  talk.minerSays({ id: 1, method: 'login', params: { login: 'acct', pass: 'x', agent: 'XMRig/6.22.2' } });
  talk.poolSays({ id: 1, jsonrpc: '2.0', error: null, result: { id: 's', job, status: 'OK' } });
  for (let id = 2; id < 6; id++) {
    const params = { id: 's', job_id: 'j1', nonce: `0000000${id}`, result: H };
    talk.after(9).minerSays({ id, method: 'submit', params });
    talk.poolSays({ id, jsonrpc: '2.0', error: null, result: { status: 'OK' } });
  }
  return talk.toPackets();
}

type Ends = { readonly source: string; readonly destination: string };
type Wrap = (packet: CapturedPacket, ends: Ends) => Layer;

const inner = ({ bytes }: CapturedPacket): Layer => ({
  ...raw(bytes.subarray(14)),
  etherType: 0x0800,
  ipProtocol: 4,
});
const frame = ({ bytes }: CapturedPacket): Layer => ({ ...raw(bytes), etherType: 0x6558 });
const WRAPS: Readonly<Record<string, Wrap>> = {
  IPIP: (packet, ends) => ipv4(ends, inner(packet)),
  GRE: (packet, ends) => ipv4(ends, gre({}, inner(packet))),
  EtherIP: (packet, ends) => ipv4(ends, etherIp(frame(packet))),
  VXLAN: (packet, ends) => ipv4(ends, vxlan(frame(packet))),
  GENEVE: (packet, ends) => ipv4(ends, geneve(frame(packet))),
  'GTP-U': (packet, ends) => ipv4(ends, gtpU({}, inner(packet))),
};

/** The packets in a tunnel whose ends are told by who speaks inside. */
function tunnelled(wrap: Wrap, endsOf: (isMiner: boolean) => Ends, packets = session()): CapturedPacket[] {
  const from = address(MINER);
  return packets.map((packet) => {
    const isMiner = from.every((byte, at) => packet.bytes[26 + at] === byte);
    const { bytes } = ethernet({}, wrap(packet, endsOf(isMiner)));
    return { ...packet, bytes, wireBytes: bytes.length };
  });
}

const oneWay = (source: string) => (): Ends => ({ source, destination: '192.0.2.9' });
const bothWays =
  (a: string, b: string) =>
  (isMiner: boolean): Ends =>
    isMiner ? { source: a, destination: b } : { source: b, destination: a };

const scan = (packets: readonly CapturedPacket[], options: Parameters<typeof scanInputs>[1] = OWN) =>
  scanInputs([writeCapture(folder, `${++files}.pcap`, packets)], options);
const told = ({ hosts }: Audit) =>
  hosts.map(({ ip, verdict, through = [] }) => [
    ip,
    verdict,
    ...through.map((way) => `${way.source} ${way.doubt}`),
  ]);

describe('a session inside a tunnel', () => {
  for (const [name, wrap] of Object.entries(WRAPS)) {
    it(`of ${name} from a stranger is suspected at most, and the stranger is named`, async () => {
      const audit = await scan(tunnelled(wrap, oneWay(STRANGER)));
      expect(told(audit)).toEqual([[MINER, 'suspected', `${STRANGER} outside`]]);
      expect(audit.totals.minerAddresses).toBe(0);
      expect(audit.notes.map(({ code }) => code)).toContain('through-outside');
    });
  }

  it.each([
    {
      name: 'is believed between own ends',
      ends: bothWays('192.0.2.8', '192.0.2.9'),
      options: OWN,
      told: ['confirmed', '192.0.2.8 null', '192.0.2.9 null'],
    },
    {
      name: 'is not if one end is a stranger',
      ends: bothWays(STRANGER, '192.0.2.9'),
      options: OWN,
      told: ['suspected', `${STRANGER} outside`, '192.0.2.9 null'],
    },
    {
      name: 'is not if one own end says all',
      ends: oneWay('192.0.2.8'),
      options: OWN,
      told: ['suspected', '192.0.2.8 one-way'],
    },
    {
      name: 'is believed of a mirror that is named',
      ends: oneWay('192.0.2.8'),
      options: { ...OWN, trustTunnels: ['192.0.2.8'] },
      told: ['confirmed', '192.0.2.8 null'],
    },
    {
      name: 'is believed of a stranger who is named',
      ends: oneWay(STRANGER),
      options: { ...OWN, trustTunnels: ['203.0.113.0/24'] },
      told: ['confirmed', `${STRANGER} null`],
    },
    {
      name: 'is believed between private ends if no own network is named',
      ends: bothWays('10.1.0.8', '10.1.0.9'),
      options: {},
      told: ['confirmed', '10.1.0.8 null', '10.1.0.9 null'],
    },
    {
      name: 'is not between public ends if no own network is named',
      ends: bothWays('192.0.2.8', '192.0.2.9'),
      options: {},
      told: ['suspected', '192.0.2.8 outside', '192.0.2.9 outside'],
    },
  ])('$name', async ({ ends, options, told: expected }) => {
    expect(told(await scan(tunnelled(WRAPS.VXLAN, ends), options))).toEqual([[MINER, ...expected]]);
  });

  it("is not believed if a stranger's tunnel comes in an own one", async () => {
    const forged = tunnelled(WRAPS.IPIP, oneWay(STRANGER));
    const inOwn = forged.map((packet, at) => {
      const { bytes } = ethernet({}, WRAPS.VXLAN(packet, bothWays('192.0.2.8', '192.0.2.9')(at % 2 === 0)));
      return { ...packet, bytes, wireBytes: bytes.length };
    });
    const [[ip, verdict, first]] = told(await scan(inOwn));
    expect([ip, verdict, first]).toEqual([MINER, 'suspected', `${STRANGER} outside`]);
  });

  it('neither hides nor adds to one that is seen without it', async () => {
    const plain = session();
    const copies = tunnelled(WRAPS.VXLAN, oneWay(STRANGER), plain);
    const both = plain.flatMap((packet, at) => [packet, { ...copies[at], timeUs: packet.timeUs + 1 }]);
    const [alone, beside] = [await scan(plain), await scan(both)];
    expect(told(alone)).toEqual([[MINER, 'confirmed']]);
    expect(told(beside)).toEqual(told(alone));
    expect(beside.hosts[0]?.traffic.bytesOut).toBe(alone.hosts[0]?.traffic.bytesOut);
  });

  it('is believed again once more tunnels than there is room for have fallen silent', async () => {
    const own = tunnelled(WRAPS.IPIP, bothWays('192.0.2.8', '192.0.2.9'));
    const [{ timeUs, bytes }] = session();
    const crowd = Array.from({ length: MOST_TUNNELS + 1000 }, (_, i): CapturedPacket => {
      const source = `203.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;
      const syn = Uint8Array.from(bytes.subarray(14));
      syn.set([i >> 8, i & 255], 20);
      const inner = { ...raw(syn), etherType: 0x0800, ipProtocol: 4 };
      const frame = ethernet({}, ipv4({ source, destination: '192.0.2.9' }, inner)).bytes;
      return { timeUs: timeUs - 60e6 + i, linkType: 1, bytes: frame, wireBytes: frame.length };
    });
    const { hosts, notes } = await scan([...crowd, ...own]);
    expect(hosts.map(({ ip, verdict }) => [ip, verdict])).toEqual([[MINER, 'confirmed']]);
    expect(notes.map(({ code }) => code)).toContain('limit-tunnels');
  });

  it('takes nothing from what flow records tell of the same ends', async () => {
    const capture = writeCapture(folder, `${++files}.pcap`, tunnelled(WRAPS.VXLAN, oneWay(STRANGER)));
    const log = path.join(folder, `${++files}.csv`);
    const row = `2025-10-09T08:53:20Z,2025-10-09T08:53:56Z,${MINER},40000,198.51.100.9,3333,6,319,53406,164,20957`;
    writeFileSync(log, twoWayTable(row));
    const pools = path.join(folder, 'pools.txt');
    writeFileSync(pools, '198.51.100.9:3333\n');
    const { hosts, notes } = await scanInputs([capture, log], { ...OWN, poolFiles: [pools] });
    expect(hosts[0]?.traffic.packetsOut).toBeGreaterThanOrEqual(319);
    expect(notes.map(({ code }) => code)).not.toContain('captured-and-recorded');
  });

  it('of many strangers makes no honeypot of a server of the own networks', async () => {
    const at = (miner: string, startUs: number, jobs: boolean): CapturedPacket[] => {
      const talk = conversation({ miner, pool: '192.0.2.80:3333', startUs }).connect();
      talk.minerSays({ id: 1, method: 'login', params: { login: 'acct', pass: 'x', agent: 'XMRig/6.22.2' } });
      talk.poolSays({ id: 1, jsonrpc: '2.0', error: null, result: { id: 's', job, status: 'OK' } });
      for (let id = 2; jobs && id < 6; id++) {
        const params = { id: 's', job_id: 'j1', nonce: `0000000${id}`, result: H };
        talk.after(9).minerSays({ id, method: 'submit', params });
      }
      return talk.after(60).close().toPackets();
    };
    const real = at('203.0.113.5:4000', 1e15, true);
    const visits = ['8.8.4.9', '9.9.9.10', '1.1.1.11', '5.5.5.12', '4.4.4.4', '7.7.7.7'].flatMap((ip, i) =>
      tunnelled(WRAPS.VXLAN, oneWay(STRANGER), at(`${ip}:4000`, 1e15 + i * 1e6, false)),
    );
    const packets = [...real, ...visits].sort((a, b) => a.timeUs - b.timeUs);
    const rolesOf = ({ hosts }: Audit) => hosts.find(({ ip }) => ip === '192.0.2.80')?.roles;
    expect(rolesOf(await scan(real))).toEqual(['pool']);
    expect(rolesOf(await scan(packets))).toEqual(['pool']);
  });

  it('is suspected in merges, in states, and under pseudonyms as well', async () => {
    const packets = tunnelled(WRAPS.VXLAN, oneWay(STRANGER));
    const audit = await scan(packets);
    expect(auditProblem(audit)).toBeNull();
    expect(told(await mergeAll([partOf(audit, 'a')]))).toEqual(told(audit));
    const parts = [packets.slice(0, 7), packets.slice(7)].map((part) =>
      writeCapture(folder, `${++files}.pcap`, part),
    );
    expect(told(await scanInTurn(path.join(folder, 'state'), parts, OWN))).toEqual(told(audit));
    const shown = pseudonymizeAudit(
      audit,
      createPseudonymizer({ accounts: true, addresses: true, key: Buffer.alloc(32, 7) }),
    );
    expect(JSON.stringify(shown)).not.toContain(STRANGER);
  });

  it('names the sender in every report', async () => {
    const audit = await scan(tunnelled(WRAPS.VXLAN, oneWay(STRANGER)));
    const [host] = audit.hosts;
    expect([...renderExplanation(audit, host, PAGE)].join('')).toContain(
      `tunnel from ${STRANGER} to 192.0.2.9`,
    );
    for (const file of REPORT_FILES.filter(({ name }) => /report|hosts/.test(name)))
      expect([...(await file.load())(audit, PAGE)].join('')).toContain(STRANGER);
  });
});

it('CAPWAP that is encrypted is no part of what was judged: of one question and its answer nobody knows more', async () => {
  const dtls = udp(
    { sourcePort: 40_000, destinationPort: 5247 },
    hex('01000000 17 fefd 0001000000000001 0010 00112233'),
  );
  const [first, second] = ['192.0.2.20', '192.0.2.21'];
  const answer = udp(
    { sourcePort: 5247, destinationPort: 40_000 },
    hex('01000000 17 fefd 0001000000000001 0010 00112233'),
  );
  const packets = [
    ethernet({}, ipv4({ source: first, destination: second }, dtls)),
    ethernet({}, ipv4({ source: second, destination: first }, answer)),
  ].map(({ bytes }, i) => ({
    timeUs: 1_800_000_000_000_000 + i,
    linkType: 1,
    bytes,
    wireBytes: bytes.length,
  }));
  const { coverage } = await scan(packets);
  // Without the headers of the frames.
  const bytes = packets.reduce((sum, { wireBytes }) => sum + wireBytes - 14, 0);
  expect(coverage.judged.notJudged).toEqual({ cut: { conversations: 1, bytes } });
  expect(coverage.skippedReasons).toEqual({ 'sealed tunnel': 2 });
});

const hostile = path.join(corpusFolder() ?? '', 'hostile2');
describe.skipIf(!existsSync(hostile))('captures of strangers', () => {
  it.each([
    { file: 'a01-vxlan-from-stranger.pcap', options: OWN },
    { file: 'a04-ipip-from-stranger.pcap', options: OWN },
    {
      file: 'a06-netflow-from-stranger.pcap',
      options: { ...OWN, poolFiles: [path.join(hostile, 'a06.pools')] },
    },
  ])('$file accuses nobody above suspected, and names the stranger', async ({ file, options }) => {
    const audit = await scanInputs([path.join(hostile, file)], options);
    expect(told(audit)).toEqual([[MINER, 'suspected', `${STRANGER} outside`]]);
    expect(audit.totals.power).toBeNull();
  });

  it('NetFlow of an exporter that is named is believed', async () => {
    const options = { ...OWN, poolFiles: [path.join(hostile, 'a06.pools')], trustExporters: [STRANGER] };
    const audit = await scanInputs([path.join(hostile, 'a06-netflow-from-stranger.pcap')], options);
    expect(told(audit)).toEqual([[MINER, 'probable', `${STRANGER} null`]]);
  });
});
if (!existsSync(hostile)) console.warn(CORPUS_ABSENT);
