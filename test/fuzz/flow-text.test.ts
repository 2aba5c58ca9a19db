/**
 * Broken text and JSON flow logs, by the thousand: nothing throws, every record is well formed, and what comes out
 * does not depend on how the bytes were cut into blocks. MINESWEEP_FUZZ_SEED repeats a run.
 */
import { describe, expect, it } from 'vitest';
import type { FlowRecord } from '../../src/flows/flow-record.ts';
import type { FlowFormat } from '../../src/readers/flow-format.ts';
import { FLOW_FORMATS, flowFormat } from '../../src/readers/index.ts';
import { type Random, random } from '../support/random.ts';

const SEED = Number(process.env.MINESWEEP_FUZZ_SEED ?? 20260101) >>> 0;
const ROUNDS = 250;
console.log(`flow text fuzz: seed ${SEED}`);

const EVENT = {
  timestamp: '2023-11-14T22:13:20.000000+0000',
  event_type: 'flow',
  src_ip: '10.0.0.5',
  src_port: 51000,
  dest_ip: '2001:db8::14',
  dest_port: 3333,
  proto: 'TCP',
  flow: {
    pkts_toserver: 8,
    pkts_toclient: 6,
    bytes_toserver: 696,
    bytes_toclient: 590,
    start: '2023-11-14T22:12:20.5+0000',
    end: '2023-11-14T22:13:19Z',
  },
  tcp: { tcp_flags_ts: '1b', tcp_flags_tc: '1a' },
};
const DNS = {
  ...EVENT,
  event_type: 'dns',
  dns: { type: 'answer', rrname: 'p.example', grouped: { A: ['198.51.100.7'] }, answers: [{ rdata: '::1' }] },
};
const ALERT = { ...EVENT, event_type: 'alert', alert: { signature: 'ET COINMINER x', category: 'y' } };
const CONN = {
  ts: 1700000000.5,
  uid: 'C1',
  'id.orig_h': '10.0.0.5',
  'id.orig_p': 51000,
  'id.resp_h': '198.51.100.20',
  'id.resp_p': 3333,
  proto: 'tcp',
  duration: 3.5,
  conn_state: 'SF',
  history: 'ShADadFf',
  orig_pkts: 25,
  orig_ip_bytes: 4000,
  resp_pkts: 20,
  resp_ip_bytes: 9000,
};
const GCP = {
  jsonPayload: {
    connection: {
      src_ip: '10.0.0.5',
      src_port: 51000,
      dest_ip: '198.51.100.20',
      dest_port: 3333,
      protocol: 6,
    },
    start_time: '2023-11-14T22:13:20.123456789Z',
    end_time: '2023-11-14T22:14:20Z',
    bytes_sent: '1',
    packets_sent: '2',
    reporter: 'SRC',
  },
};
const NFDUMP = {
  type: 'FLOW',
  first: '2023-11-14T22:13:20.000',
  last: '2023-11-14T22:13:21.000',
  in_packets: 1,
  in_bytes: 60,
  proto: 6,
  tcp_flags: '...AP.SF',
  src_port: 1,
  dst_port: 2,
  src4_addr: '10.0.0.5',
  dst4_addr: '10.0.0.6',
  ip4_router: '127.0.0.1',
};
const lines = (...values: readonly object[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('');
const TUPLE = '1663146003606,10.0.0.6,52.239.184.180,23956,443,6,O,E,NX,3,767,2,1580';

const SEEDS: Readonly<Record<string, string>> = {
  zeek: `#separator \\x09\n#path\tconn\n#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tduration\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\n${'1700000000.5\tC1\t10.0.0.5\t51000\t2001:db8::14\t3333\ttcp\t3.5\tShADadFf\t25\t4000\t20\t9000\n'.repeat(4)}#fields\tts\tid.orig_h\tid.resp_h\tid.resp_p\tquery\tanswers\n1700000000\t10.0.0.5\t10.0.0.1\t53\tp.example\t::1,9.9.9.9\n`,
  'zeek-json': lines(
    CONN,
    { ...CONN, conn_state: undefined, orig_pkts: undefined, query: 'p.example', answers: ['9.9.9.9'] },
    CONN,
  ),
  eve: lines(EVENT, DNS, ALERT, EVENT, {
    ...EVENT,
    event_type: 'tls',
    tls: { sni: 'a.example', subject: 'CN=b.example' },
  }),
  'nfdump-csv': `firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,flags,packets,bytes,flows\n${'2026-11-24 22:43:44.341,0.740,6,10.0.0.5,51000,ff02::16,3333,...AP.SF,2,152,1\n'.repeat(5)}Summary\n1,2\n`,
  'nfdump-json': JSON.stringify([NFDUMP, NFDUMP, NFDUMP], null, 1),
  argus: `StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,TotPkts,TotBytes\n${'1700000000.5,3.5,tcp,10.0.0.5,51000,   ->,198.51.100.20,3333,4,276\n'.repeat(5)}`,
  silk: `sIP|dIP|sPort|dPort|pro|packets|bytes|flags|sTime|eTime|sen|\n${'   10.0.0.5| 198.51.100.20|51000| 3333|  6|   25|  4000|FS PA   |2009/02/12T00:00:59.804|2009/02/12T00:02:00.054| S0|\n'.repeat(5)}`,
  'aws-vpc': `${'2 123456789010 eni-1 172.31.16.139 203.0.113.12 20641 3333 6 20 4249 1418530010 1418530070 ACCEPT OK\n'.repeat(5)}2 123456789010 eni-1 - - - - - - - 1418530010 1418530070 - NODATA\n`,
  azure: JSON.stringify({
    records: [
      {
        category: 'FlowLogFlowEvent',
        flowRecords: { flows: [{ flowGroups: [{ rule: 'a"b', flowTuples: [TUPLE, TUPLE, TUPLE] }] }] },
      },
    ],
  }),
  'gcp-vpc': lines(GCP, GCP, GCP),
  csv: `"note",start,end,src,sport,dst,dport,proto,packets,bytes,action\n${'"a ""b""\nc",1700000000,2023-11-14T22:13:20Z,10.0.0.5,"51000",198.51.100.20,3333,tcp,25,4000,drop\r\n'.repeat(5)}`,
};
const NASTY = [
  '"',
  '""',
  ',',
  '\t',
  '|',
  '\n',
  '\r\n',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ':',
  '::',
  '-',
  '.',
  '#',
  '9'.repeat(40),
  '\0',
  '\xff',
  '%',
  '(empty)',
  'e',
  '1e9',
];

/** A few of: changed bytes, bytes cut out, bytes put in, a piece twice, a cut at the end. */
function broken(text: string, { below, chance, pick }: Random): Buffer {
  let bytes = Buffer.from(text);
  for (let left = 1 + below(5); left > 0; left--) {
    const at = below(bytes.length + 1);
    const to = Math.min(bytes.length, at + 1 + below(chance(0.2) ? 200 : 4));
    const before = bytes.subarray(0, at);
    switch (below(5)) {
      case 0:
        bytes = Buffer.concat([before, Buffer.from(pick(NASTY), 'latin1'), bytes.subarray(to)]);
        break;
      case 1:
        bytes = Buffer.concat([before, bytes.subarray(to)]);
        break;
      case 2:
        bytes = Buffer.concat([before, Buffer.from(pick(NASTY), 'latin1'), bytes.subarray(at)]);
        break;
      case 3:
        bytes = Buffer.concat([before, bytes.subarray(at, to), bytes.subarray(at)]);
        break;
      default:
        if (chance(0.25)) bytes = Buffer.from(before);
    }
  }
  return bytes;
}

function isWellFormed(record: FlowRecord): boolean {
  const counts = [record.packets, record.bytes, record.reversePackets, record.reverseBytes];
  const words = [record.source0, record.source3, record.destination0, record.destination3];
  return (
    counts.every((count) => Number.isSafeInteger(count) && count >= -1) &&
    words.every((word) => (word | 0) === word) &&
    [record.sourcePort, record.destinationPort].every(
      (port) => Number.isInteger(port) && port >= 0 && port <= 0xffff,
    ) &&
    Number.isInteger(record.protocol) &&
    record.protocol >= 0 &&
    record.protocol <= 255 &&
    (Number.isNaN(record.startUs) ? Number.isNaN(record.endUs) : record.startUs <= record.endUs) &&
    record.tcpFlags >= -1 &&
    record.tcpFlags <= 255
  );
}

async function read(format: FlowFormat, bytes: Uint8Array, step: number): Promise<unknown> {
  const seen: unknown[] = [];
  let at = 0;
  const fill = (target: Uint8Array): Promise<number> => {
    const part = bytes.subarray(at, at + Math.min(step, target.length));
    target.set(part);
    at += part.length;
    return Promise.resolve(part.length);
  };
  const flow = (record: FlowRecord): void => {
    if (!isWellFormed(record)) throw new Error(`ill formed: ${JSON.stringify(record)}`);
    seen.push({ ...record });
  };
  const result = await format.read(
    { fill },
    { flow, name: (name) => seen.push(name), alert: (alert) => seen.push(alert) },
  );
  return { seen, result };
}

describe('broken logs', () => {
  it.each(Object.entries(SEEDS))('%s', async (id, text) => {
    const format = flowFormat(id);
    if (format === null) throw new Error(`no format ${id}`);
    expect(format.sniff(Buffer.from(text))).toBe(true);
    const dice = random(SEED);
    for (let round = 0; round < ROUNDS; round++) {
      const bytes = broken(text, dice);
      const whole = await read(format, bytes, bytes.length);
      expect(await read(format, bytes, 1 + dice.below(60))).toEqual(whole);
    }
  });

  it('are sniffed without an error, whatever they are', () => {
    const dice = random(SEED + 1);
    const texts = Object.values(SEEDS);
    for (let round = 0; round < ROUNDS; round++) {
      const bytes = broken(dice.pick(texts), dice).subarray(0, 4096);
      for (const format of FLOW_FORMATS) expect(typeof format.sniff(bytes)).toBe('boolean');
    }
  });
});
