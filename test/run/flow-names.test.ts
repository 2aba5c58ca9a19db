/**
 * Names that stand for the ends of flow records: from the logs beside them, whatever the order of the files, and from
 * files that the operator names. Whether an address is a pool's own, shared with others, or was only tried.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import type { ScanOptions } from '../../src/scan.ts';
import { mergeAll, partOf } from '../support/merging.ts';
import { concat, ethernet, hex, ipv4, udp } from '../support/packet-builder.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { remarksOf } from '../support/texts.ts';
import { FIXTURES } from '../support/truth.ts';

const T0 = 1_772_438_400;
const MINER = '192.0.2.11';
const SERVER = '198.51.100.10';
const POOL = 'xmr-eu1.nanopool.org';

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder('names');
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return folder;
}

/** A connection of an hour in which a miner submits a share every half minute, as Zeek tells it. */
function conn(port: number, more: object = {}): string {
  return `${JSON.stringify({
    ts: T0 + 1,
    uid: 'C1',
    'id.orig_h': MINER,
    'id.orig_p': 50_000,
    'id.resp_h': SERVER,
    'id.resp_p': port,
    proto: 'tcp',
    duration: 3600,
    conn_state: 'SF',
    history: 'ShADadFf',
    orig_pkts: 300,
    orig_ip_bytes: 42_000,
    resp_pkts: 220,
    resp_ip_bytes: 50_000,
    ...more,
  })}\n`;
}

const dns = (query: string, answer: string, client = MINER): string =>
  `${JSON.stringify({ ts: T0, uid: 'D1', 'id.orig_h': client, 'id.orig_p': 5353, 'id.resp_h': '192.0.2.53', 'id.resp_p': 53, query, answers: [answer] })}\n`;
const ssl = (name: string): string =>
  `${JSON.stringify({ ts: T0 + 1, uid: 'C1', 'id.orig_h': MINER, 'id.orig_p': 50_000, 'id.resp_h': SERVER, 'id.resp_p': 443, server_name: name, established: true })}\n`;

const told = (audit: Audit) =>
  audit.hosts.map(({ ip, verdict, pools }) => `${ip} ${verdict} ${pools.join()}`);

async function scanned(files: Readonly<Record<string, string>>, options: Partial<ScanOptions> = {}) {
  return scanInputs([folderOf(files)], options);
}

/** A capture of one look-up: this name has this address. */
function answerCapture(folder: string, name: string, address: string): void {
  const labels = concat(
    ...name.split('.').map((label) => concat(Uint8Array.of(label.length), Buffer.from(label))),
    Uint8Array.of(0),
  );
  const message = concat(
    hex('0007 8180 0001 0001 0000 0000'),
    labels,
    hex('0001 0001 c00c 0001 0001 0000 0e10 0004'),
    Uint8Array.from(address.split('.').map(Number)),
  );
  const question = concat(hex('0007 0100 0001 0000 0000 0000'), labels, hex('0001 0001'));
  const [client, resolver] = [
    { ip: MINER, port: 40_000 },
    { ip: '192.0.2.53', port: 53 },
  ];
  const said = [
    { from: client, to: resolver, payload: question },
    { from: resolver, to: client, payload: message },
  ];
  const packets = said.map(({ from, to, payload }, at) => {
    const datagram = udp({ sourcePort: from.port, destinationPort: to.port }, payload);
    const { bytes } = ethernet({}, ipv4({ source: from.ip, destination: to.ip }, datagram));
    return { timeUs: T0 * 1e6 + at, bytes, wireBytes: bytes.length, linkType: 1 };
  });
  writeCapture(folder, 'dns.pcap', packets);
}

describe('names in captures beside flow logs', () => {
  it('stand for the ends of their records', async () => {
    const folder = folderOf({ 'conn.log': conn(14_444) });
    const nameless = [`${MINER} suspected ${SERVER}`];
    expect(told(await scanInputs([folder]))).toEqual(nameless);
    answerCapture(folder, POOL, SERVER);
    expect(told(await scanInputs([folder]))).toEqual([`${MINER} probable Nanopool`]);
    answerCapture(folder, 'www.example.org', SERVER);
    expect(told(await scanInputs([folder]))).toEqual(nameless);
  });
});

describe('names in logs beside the flows', () => {
  it('count whichever file comes first, on ports of the web too', async () => {
    const expected = [`${MINER} probable Nanopool`];
    expect(told(await scanned({ 'a-conn.log': conn(443), 'b-ssl.log': ssl(POOL) }))).toEqual(expected);
    expect(told(await scanned({ 'b-conn.log': conn(443), 'a-ssl.log': ssl(POOL) }))).toEqual(expected);
    expect(told(await scanned({ 'conn.log': conn(14_444), 'dns.log': dns(POOL, SERVER) }))).toEqual(expected);
  });

  it('of DNS alone do not make a visit to a web port a session', async () => {
    expect(told(await scanned({ 'conn.log': conn(443), 'dns.log': dns(POOL, SERVER) }))).toEqual([
      `${MINER} listed Nanopool`,
    ]);
  });

  it('leave an address that bears names of others in doubt, but for a port of the pool', async () => {
    const others = ['www.shop.example', 'cdn.news.test', 'img.blog.invalid'].map((name) =>
      dns(name, SERVER, '192.0.2.99'),
    );
    const shared = { 'dns.log': dns(POOL, SERVER) + others.join('') };
    expect(told(await scanned({ ...shared, 'conn.log': conn(5_001) }))).toEqual([`${MINER} listed Nanopool`]);
    expect(told(await scanned({ ...shared, 'conn.log': conn(14_444) }))).toEqual([
      `${MINER} probable Nanopool`,
    ]);
    // One name of its hoster makes a server nobody else's.
    const hosted = { 'dns.log': dns(POOL, SERVER) + (others[0] ?? '') };
    expect(told(await scanned({ ...hosted, 'conn.log': conn(5_001) }))).toEqual([
      `${MINER} probable Nanopool`,
    ]);
  });
});

describe('a file of names', () => {
  const flows = { 'conn.log': conn(14_444) };
  const named = (text: string, options: Partial<ScanOptions> = {}) =>
    scanned(flows, { nameFiles: [path.join(folderOf({ names: text }), 'names')], ...options });

  it('names the ends of flows, whatever its kind', async () => {
    const expected = [`${MINER} probable Nanopool`];
    expect(told(await named(`name,ip\n${POOL},${SERVER}\n`))).toEqual(expected);
    expect(
      told(await named(`${JSON.stringify({ rrname: POOL, rrtype: 'A', rdata: SERVER, time_last: T0 })}\n`)),
    ).toEqual(expected);
    expect(told(await named(`[${T0}] unbound[9:0] info: 192.0.2.50 www.example. A IN\n`))).toEqual([
      `${MINER} suspected ${SERVER}`,
    ]);
    expect(told(await named(`${dns(POOL, SERVER)}${conn(3_333)}`))).toEqual(expected);
  });

  it('tells who looked a pool up, within the times that count', async () => {
    const log = `[${T0}] unbound[9:0] info: 192.0.2.50 ${POOL}. A IN\n[${T0 + 60}] unbound[9:0] info: 192.0.2.50 ${POOL}. AAAA IN\n`;
    const audit = await named(log);
    expect(told(audit)).toEqual([`${MINER} suspected ${SERVER}`, '192.0.2.50 listed Nanopool']);
    expect(audit.hosts[1]?.evidence).toMatchObject([{ kind: 'dns-lookup', strength: 'hint', record: 1 }]);
    expect(audit.inputs.map(({ kind }) => kind)).toEqual(['resolver-log', 'zeek-json']);
    expect(told(await named(log, { sinceUs: (T0 + 3000) * 1e6 }))).toEqual([`${MINER} suspected ${SERVER}`]);
  });

  it('that holds none is an error of its own', async () => {
    await expect(named('nothing of the kind\n')).rejects.toMatchObject({ code: 'FILE_INVALID' });
  });
});

describe('a connection that was tried', () => {
  it('is attempted where nothing answered, and a session where something did', async () => {
    const tried = {
      duration: 3,
      conn_state: 'S0',
      history: 'S',
      orig_pkts: 3,
      orig_ip_bytes: 180,
      resp_pkts: 0,
      resp_ip_bytes: 0,
    };
    const names = { 'dns.log': dns(POOL, SERVER) };
    const only = await scanned({ ...names, 'conn.log': conn(14_444, tried) });
    expect(told(only)).toEqual([`${MINER} attempted Nanopool`]);
    expect(only.sessions[0]?.flow).toMatchObject({ connections: 0, unanswered: 1 });
    const both = await scanned({
      ...names,
      'conn.log': conn(14_444, { ...tried, 'id.orig_p': 50_001 }) + conn(14_444),
    });
    expect(told(both)).toEqual([`${MINER} probable Nanopool`]);
    expect(both.sessions.map(({ flow }) => [flow?.connections, flow?.unanswered])).toEqual([[1, 1]]);
  });
});

describe('a file of names beside a capture', () => {
  const hidden = path.join(FIXTURES, 'encrypted/xmr-tls.pcap');
  const named = (text: string) =>
    scanInputs([hidden], { nameFiles: [path.join(folderOf({ names: text }), 'names')] });

  it('names its servers too', async () => {
    const audit = await named(`time,name,ip\n${T0},${POOL},198.51.100.20\n`);
    expect(audit.sessions.map(({ pool }) => pool.pool)).toEqual(['Nanopool']);
  });

  it('that says no time holds at all times, in parts that are merged too', async () => {
    const audit = await named(`198.51.100.20 ${POOL}\n`);
    const time = audit.sessions[0]?.start;
    expect(audit.hosts[0]?.evidence[0]).toMatchObject({ kind: 'pool-name', record: 1, time });
    expect(audit.merge?.names).toMatchObject([{ name: POOL, timeUs: null }]);
    expect(told(await mergeAll([partOf(audit, 'part.json')]))).toEqual(told(audit));
    expect(told(audit)).toEqual(['192.0.2.12 probable Nanopool']);
  });
});

describe('behaviour that records cannot tell', () => {
  it('is no finding, and the audit says why', async () => {
    const header = 'start,end,srcip,dstip,srcport,dstport,proto,packets,bytes,samplingrate\n';
    const rows = [
      `${T0},${T0 + 3600},${MINER},${SERVER},50000,7777,6,20,2800,1000`,
      `${T0},${T0 + 3600},${SERVER},${MINER},7777,50000,6,15,3400,1000`,
      // One direction alone.
      `${T0},${T0 + 3600},192.0.2.12,${SERVER},50000,7777,6,300,42000,1`,
    ];
    const audit = await scanned({ 'flows.csv': `${header}${rows.join('\n')}\n` });
    expect(audit.hosts).toEqual([]);
    expect(remarksOf(audit.notes)).toEqual([
      "nothing could be matched in the flow logs: the catalogue holds names, and these logs have none; look addresses up with 'minesweep pools resolve' and give the file with --pools, or give names with --names",
      'behaviour of 1 pair of client and server in flow records was not judged: sampled 1 in 1000',
      'behaviour of 1 pair of client and server in flow records was not judged: packets of one direction only',
    ]);
  });
});

describe('sampled records of a listed endpoint', () => {
  /** One packet in 1,000: every half hour one is seen, up and down in turn. */
  const sampled = (hours: number, every = 1800) => {
    const rows = Array.from({ length: (hours * 3600) / every }, (_, i) => {
      const at = T0 + i * every;
      const [from, to] =
        i % 2 === 0
          ? [`${MINER},${SERVER},50000,14444`, '6,1,180']
          : [`${SERVER},${MINER},14444,50000`, '6,1,300'];
      return `${at},${at},${from},${to},1000`;
    });
    return `start,end,srcip,dstip,srcport,dstport,proto,packets,bytes,samplingrate\n${rows.join('\n')}\n`;
  };
  const verdictOf = async (hours: number, every?: number) =>
    told(await scanned({ 'dns.log': dns(POOL, SERVER), 'flows.csv': sampled(hours, every) }));

  it('is mining where it lasts for hours, and touched where it does not', async () => {
    expect(await verdictOf(12)).toEqual([`${MINER} probable Nanopool`]);
    expect(await verdictOf(4, 600)).toEqual([`${MINER} listed Nanopool`]);
    expect(await verdictOf(4)).toEqual([`${MINER} listed Nanopool`]);
  });
});
