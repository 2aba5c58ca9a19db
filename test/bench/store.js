/**
 * Figures of a scan in ClickHouse, in docs/clickhouse.md: synthetic flows of one day in the embedded engine, made by the
 * engine, and the flows of its first hours as an nfcapd file. Of 1,000 rows 3 belong to 100 miners, half of them at listed
 * endpoints. Needs test/stores/engine installed and Linux.
 *
 * usage: node test/bench/store.js FOLDER [ROWS, 100000000 if absent [ENDPOINTS, 6000 if absent]]
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const [, , folder, rowsText = '100000000', listText = '6000'] = process.argv;
const ROWS = Number(rowsText);
const DAY = 1_793_491_200; // 2026-11-01
/** Rows that the nfcapd file has, too: those of the first hours. */
const FILE_ROWS = Math.min(ROWS, 10_000_000);
const FILE_SECONDS = Math.floor((86_400 * FILE_ROWS) / ROWS);
const LIST = Number(listText);
const CHUNK = 10_000_000;
const RECORD_BYTES = 76;
const PER_BLOCK = 13_000;

mkdirSync(folder, { recursive: true });
const at = (name) => path.join(folder, name);

const address = (number) => `toIPv6(IPv4NumToString(toUInt32(${number})))`;

/** As Akvorado's own table: columns, order, partitions. */
const TABLE = `CREATE TABLE bench.flows (TimeReceived DateTime CODEC(DoubleDelta, LZ4), SamplingRate UInt64,
  ExporterAddress LowCardinality(IPv6), SrcAddr IPv6, DstAddr IPv6, SrcPort UInt16, DstPort UInt16, Proto UInt32,
  TCPFlags UInt16, Bytes UInt64, Packets UInt64) ENGINE = MergeTree
  PARTITION BY toStartOfInterval(TimeReceived, INTERVAL 6 HOUR)
  ORDER BY (toStartOfFiveMinutes(TimeReceived), ExporterAddress)`;

function insert(from, count) {
  return `INSERT INTO bench.flows SELECT toDateTime(${DAY} + intDiv(n * 86400, ${ROWS})), 1,
  ${address('167772161 + (mines ? m : h) % 10')},
  up ? client : server, up ? server : client, up ? cport : sport, up ? sport : cport, proto, proto = 6 ? 24 : 0,
  p * (mines ? 90 : 60 + h % 900), p
FROM (SELECT number AS n, cityHash64(n) AS h, h % 1000 < 3 AS mines, intDiv(h, 1000) % 100 AS m, intDiv(h, 1000000) % 2 = 0 AS up,
  cityHash64(h) AS g, mines ? 2 + g % 4 : 1 + g % 200 AS p,
  ${address('mines ? 3232235776 + m : 167772160 + g % 1000000')} AS client,
  ${address('mines ? (m < 50 ? 3325256705 + m : 3405803777 + m) : 754974720 + intDiv(g, 1000000) % 200000')} AS server,
  mines ? 40000 + m : 32768 + intDiv(g, 200) % 28000 AS cport,
  mines ? 3333 : [443, 443, 443, 443, 443, 80, 53, 53, 123, 22, 993, 3333, 4444, 5555, 14444, 8333][1 + intDiv(g, 7) % 16] AS sport,
  sport IN (53, 123) ? 17 : 6 AS proto
  FROM numbers(${from}, ${count}))`;
}

/** Record, extension 1 and extension 2 of layout 2, in the order of their bytes; RowBinary is little-endian as well. */
const RECORDS = `SELECT toUInt16(11), toUInt16(${RECORD_BYTES}), toUInt16(2), toUInt16(0), toUInt16(0), toUInt16(0x900),
  toUInt16(1), toUInt16(52), toUInt64(TimeReceived) * 1000, toUInt64(TimeReceived) * 1000, toUInt64(TimeReceived) * 1000, Packets, Bytes,
  SrcPort, DstPort, toUInt8(Proto), toUInt8(TCPFlags), toUInt16(0),
  toUInt16(2), toUInt16(12), toUInt32(toIPv4(SrcAddr)), toUInt32(toIPv4(DstAddr))
FROM bench.flows WHERE TimeReceived < ${DAY + FILE_SECONDS} ORDER BY TimeReceived`;

const statements = existsSync(at('engine'))
  ? []
  : [
      'SET allow_suspicious_low_cardinality_types = 1',
      'CREATE DATABASE bench',
      TABLE,
      ...Array.from({ length: Math.ceil(ROWS / CHUNK) }, (_, i) =>
        insert(i * CHUNK, Math.min(CHUNK, ROWS - i * CHUNK)),
      ),
      `${RECORDS} INTO OUTFILE '${at('records.bin')}' FORMAT RowBinary`,
    ];
writeFileSync(at('tables.sql'), statements.map((sql) => `${sql};\n`).join(''));
const endpoint = (i) =>
  i < 50 ? `198.51.100.${i + 1}:3333` : `100.${64 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}:3333`;
writeFileSync(at('endpoints.txt'), Array.from({ length: LIST }, (_, i) => `${endpoint(i)}\n`).join(''));

const server = spawn(
  process.execPath,
  [path.join(ROOT, 'test/stores/engine/server.js'), at('tables.sql'), at('engine')],
  {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ENGINE_FIGURES: '1' },
  },
);
const [line] = await once(server.stdout, 'data');
const store = `clickhouse://reader@127.0.0.1:${Number(String(line))}/bench?table=flows&schema=akvorado`;
if (!existsSync(at('flows.nfcapd'))) writeNfcapd();

const isoOf = (seconds) => new Date(seconds * 1000).toISOString();
for (const [name, seconds] of [
  ['the day', 86_400],
  ['the first hours', FILE_SECONDS],
]) {
  const before = cpuOf(server.pid);
  writeFileSync(`/proc/${server.pid}/clear_refs`, '5');
  scan(`${name} in ClickHouse`, store, '--since', isoOf(DAY), '--until', isoOf(DAY + seconds));
  const [, peak] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8')) ?? [];
  console.log(
    `  engine: ${(cpuOf(server.pid) - before).toFixed(1)} s of CPU, peak ${Math.round(Number(peak) / 1000)} MB`,
  );
}
scan('the first hours as nfcapd', at('flows.nfcapd'));
server.kill('SIGKILL');

/** Runs the program; what it says goes to this standard output. */
function scan(name, ...inputs) {
  const args = [
    '-f',
    '%e s, %U s of CPU, peak %M kB',
    process.execPath,
    path.join(ROOT, 'bin/minesweep.js'),
    'scan',
    ...inputs,
  ];
  const options = ['--pools', at('endpoints.txt'), '--format', 'json', '--quiet'];
  const { stdout, stderr } = spawnSync('/usr/bin/time', [...args, ...options], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const { hosts, inputs: read } = JSON.parse(stdout);
  const verdicts = {};
  for (const { verdict } of hosts) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
  console.log(`${name}: ${stderr.trim()}; ${read[0].flows} flows, ${JSON.stringify(verdicts)}`);
}

/** Seconds, user and system. */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Puts heads of file and blocks before the records. */
function writeNfcapd() {
  const input = openSync(at('records.bin'), 'r');
  const output = openSync(at('flows.nfcapd'), 'w');
  const head = Buffer.alloc(40);
  const block = Buffer.alloc(12 + PER_BLOCK * RECORD_BYTES);
  let blocks = 0;
  writeSync(output, head);
  for (;;) {
    const bytes = readSync(input, block, 12, PER_BLOCK * RECORD_BYTES, null);
    if (bytes === 0) break;
    block.writeUInt32LE(bytes / RECORD_BYTES, 0);
    block.writeUInt32LE(bytes, 4);
    block.writeUInt16LE(3, 8);
    writeSync(output, block, 0, 12 + bytes);
    blocks++;
  }
  head.writeUInt16LE(0xa50c, 0);
  head.writeUInt16LE(2, 2);
  head.writeUInt32LE(0xf1070400, 4);
  head.writeUInt32LE(1, 20);
  head.writeUInt32LE(blocks, 36);
  writeSync(output, head, 0, 40, 0);
  closeSync(input);
  closeSync(output);
}
