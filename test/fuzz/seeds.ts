/** Samples that the fuzz tests and the fuzzer share: logs of every kind, pieces of streams, compressed bytes. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as write from '../support/flow-writer.ts';
import { frp, headed, smux, yamux } from '../support/frames.ts';

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

/** Text and JSON logs by the id of their format. */
export const TEXT_LOGS: Readonly<Record<string, string>> = {
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

export const FLOW: write.WrittenFlow = {
  firstMs: 1_699_999_940_500,
  lastMs: 1_699_999_999_500,
  source: '192.0.2.10',
  destination: '198.51.100.20',
  sourcePort: 51000,
  destinationPort: 3333,
  packets: 5,
  bytes: 640,
  reverse: { packets: 3, bytes: 300 },
  version: 10,
  direction: 1,
};
export const FIELDS = [
  [8, 4],
  [12, 4],
  [7, 2],
  [11, 2],
  [4, 1],
  [6, 1],
  [2, 4],
  [1, 4],
  [152, 8],
  [153, 8],
  [95, 65535],
  [48, 1],
] as const;
export const DATA = new write.Writer()
  .u32(1, 2)
  .u16(5, 6)
  .u8(6, 2)
  .u32(3, 4)
  .u64(1_699_999_940_500, 1_699_999_999_500)
  .u8(2, 65, 66, 9)
  .take();
/** Binary logs as collectors write them. */
export const BINARY_LOGS: readonly Uint8Array[] = [
  write.nfcapd2([
    [write.exporterRecord(1, '203.0.113.1', 0), write.samplerRecord(1, -1, 1, 99), write.v3Record(FLOW)],
    [write.v3Record(FLOW), write.v3Record({ ...FLOW, exporter: 1, marks: 2 })],
  ]),
  write.nfcapd2([[write.v3Record(FLOW, false)]], { little: false }),
  write.nfcapd2([[write.v3Record(FLOW)]], { compression: 1 }),
  write.nfcapd2([[write.v3Record(FLOW)]], { compression: 2 }),
  write.nfcapd2([[write.v3Record(FLOW)]], { compression: 3 }),
  write.nfcapd2([[write.v3Record(FLOW)]], { compression: 4 }),
  write.nfcapd1([5, 8, 14, 16, 27], [{ ...FLOW, data: (w) => w.zeros(32) }]),
  write.ipfixMessage([write.set(2, write.template(256, FIELDS)), write.set(256, DATA)]),
];

/** What framing stumbles over. */
export const FRAGMENTS = [
  '{"id":1,"method":"mining.subscribe","params":["a"]}\n',
  '{"id":1,"result":true,"error":null}\n',
  '{"method":"x","params":{"__proto__":{"a":[1e999,-0,12345678901234567890]}}}',
  '[{"id":2,"method":"b"},{"id":3}]',
  '{"a":"\\u00',
  '}\n{',
  '\\"',
  '\r\n\r\n',
  'POST / HTTP/1.1\r\nContent-Length: 21\r\n\r\n{"id":1,"method":"a"}',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"a":\r\n2\r\n1}\r\n0\r\n\r\n',
  'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 999999999999\r\n\r\n',
  'ffffffff\r\n',
  'PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n',
  '\x16\x03\x01\x00\x10\x01\x00\x00\x0c',
  '{"a":'.repeat(70),
];

const CALL = '{"id":1,"method":"login","params":{"login":"x"}}\n';
/** The frames of carriers, by their specifications (test/support/frames.ts), and of HTTP/2: settings, a head, data. */
const CARRIED: readonly string[] = [
  ...[yamux(1, CALL, { flags: 1 }), yamux(1, CALL), yamux(1, '', { type: 1, flags: 4, length: 0 })],
  ...[yamux(3, yamux(1, CALL)), yamux(0, '', { type: 2, flags: 1, length: 7 })],
  ...[smux(3, 0), smux(3, 2, CALL), smux(3, 1), frp('o', { version: '1' }), headed({ id: 1, result: true })],
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  ...[
    '000000040000000000',
    '00000f01040000000183868441882f32fb2c7d3f75cf',
    '00000301040000000182848600',
    '000000000100000001',
  ].map((text) => Buffer.from(text, 'hex')),
  Buffer.concat([Buffer.from('000031000000000001', 'hex'), Buffer.from(CALL)]),
  Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n'),
  Buffer.from(`: x\r\ndata: ${CALL}\r\ndata:{}\n\n`),
  Buffer.from(`{"v":${CALL.trim()}}\v{"v":{"id":1,"result":true}}\x1d`),
].map((bytes) => Buffer.from(bytes).toString('latin1'));

/** What miners, pools and strangers say in the tests of dialects and look-alikes, a line each, and the fragments. */
export const SAYINGS: readonly string[] = [
  ...FRAGMENTS,
  ...CARRIED,
  ...['test/dialects', 'test/lookalikes'].flatMap((folder) =>
    readdirSync(folder)
      .sort()
      .map((name) => path.join(folder, name))
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => [...readFileSync(name, 'utf8').matchAll(/^\s*[CS] (\S.*)$/gm)])
      .map(([, line]) => `${line}\n`),
  ),
];

/** "hello hello hello hello", packed by bzip2, zstd and lz4. */
export const PACKED: readonly Uint8Array[] = [
  'QlpoOTFBWSZTWQL4sL0AAAORAEAAAkSgADDNAFSGlnGbOKPF3JFOFCQAviwvQA==',
  'KLUv/QRYZQAAMGhlbGxvIAEAmUsRF16uDQ==',
  'BCJNGGRApw8AAABoaGVsbG8gBgBQaGVsbG8AAAAA8muUCw==',
].map((text) => Buffer.from(text, 'base64'));
