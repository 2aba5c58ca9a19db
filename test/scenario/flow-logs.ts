/**
 * The province's day as flow records: nfcapd files of six hours each, a record an hour and direction of each
 * connection (active timeout 60 min), and the resolvers' answers as a Zeek dns.log without clients, which gives the
 * pools' addresses their names. Beside the miners: ordinary traffic, visits to pools' pages, probes of their ports.
 *
 * Traffic is that of the notice: 136.77 Mbit/s between the miners' addresses and pools, both directions, IP bytes, mean
 * of the day. Machines of the province account for a twentieth of it; the rest goes through relays at sixty of the
 * addresses, for miners elsewhere, under TLS.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { random } from '../support/random.ts';
import { type Export, NfcapdFile } from './nfcapd-file.ts';
import { FLEETS, type Miner, POOLS, RELAY_POOL, type Work } from './province.ts';

/** 7 October 2021, in China. */
export const DAY_START_MS = Date.UTC(2021, 9, 6, 16);
export const DAY_MS = 86_400_000;
export const PUBLISHED_MBPS = 136.77;
/** Addresses that try pools' ports without an answer, and such as get one and leave. */
export const PROBES = 40;
export const LOOKS = 25;

const HOUR_MS = 3_600_000;
const HOURS_PER_FILE = 6;
const BREAK_MS = 600_000;
const RELAY_CONNECTIONS = 12;
/** Part of a relay's bytes that goes to the pool. */
const RELAY_OUT = 0.4;
const RELAY_PACKET_BYTES = 320;
const BACKGROUND_PER_HOUR = 6000;
const WEB = { name: 'www.f2pool.com', ip: '203.0.113.200' } as const;

const TCP = 6;
const UDP = 17;
const SYN = 0x02;
const RUNNING = 0x18;
const WHOLE = 0x1b;

/** Payload bytes of a share, a job and an answer. */
const SIZES: Readonly<Record<Work, readonly [share: number, job: number, answer: number]>> = {
  sha256d: [160, 1150, 40],
  ethash: [230, 270, 45],
  'rx/0': [260, 380, 70],
};

interface Connection {
  readonly client: number;
  readonly server: number;
  readonly serverPort: number;
  readonly clientPorts: readonly [number, number];
  /** Begin of the break, ms into the day. */
  readonly breakMs: number;
  /** Bytes and packets a second, to the pool and back. */
  readonly out: readonly [bytes: number, packets: number];
  readonly back: readonly [bytes: number, packets: number];
}

export interface FlowLogFigures {
  readonly records: number;
  /** Bytes between miners and pools, both directions. */
  readonly poolBytes: number;
  /** Of these, what relays carry for miners elsewhere. */
  readonly relayBytes: number;
}

/** Writes the files into a folder that is there. */
export function writeFlowLogs(folder: string, miners: readonly Miner[], seed: number): FlowLogFigures {
  const draw = random(seed);
  const port = (): number => draw.between(32_768, 60_999);
  const ownConnections = miners.flatMap(({ ip, pool, work, machines }) =>
    machines.map(({ hashesPerSecond }): Connection => {
      const { hashesPerShare, secondsPerJob } = FLEETS[work];
      const shares = hashesPerSecond / hashesPerShare;
      const jobs = 1 / secondsPerJob;
      const [share, job, answer] = SIZES[work];
      return {
        client: addressWord(ip),
        server: addressWord(pool.ip),
        serverPort: pool.port,
        clientPorts: [port(), port()],
        breakMs: draw.between(HOUR_MS, DAY_MS - HOUR_MS - BREAK_MS),
        out: [shares * (40 + share) + (shares + jobs) * 40, 2 * shares + jobs],
        back: [jobs * (40 + job) + shares * (80 + answer), 2 * shares + jobs],
      };
    }),
  );
  let own = 0;
  for (let hour = 0; hour < 24; hour++) hourOf(ownConnections, hour, (flow) => (own += flow.bytes));
  const whole = Math.round((PUBLISHED_MBPS * 1e6 * (DAY_MS / 1000)) / 8);
  const relayedLines = relayConnections(miners, whole - own, port, draw.next);
  let toCome = whole;
  let last: Export | null = null;
  let records = 0;
  for (let hour = 0; hour < 24; hour += HOURS_PER_FILE) {
    const file = new NfcapdFile(path.join(folder, `nfcapd.${stamp(DAY_START_MS + hour * HOUR_MS)}`));
    const add = (flow: Export): void => {
      toCome -= flow.bytes;
      file.add(flow);
    };
    for (let each = hour; each < hour + HOURS_PER_FILE; each++) {
      hourOf(ownConnections, each, add);
      hourOf(relayedLines, each, (flow) => {
        // The last record of all takes what rounding left.
        if (last !== null) add(last);
        last = flow;
      });
      for (const flow of background(each, miners, draw)) file.add(flow);
    }
    if (hour + HOURS_PER_FILE === 24 && last !== null) add({ ...(last as Export), bytes: toCome });
    file.close();
    records += file.records;
  }
  writeFileSync(path.join(folder, 'dns.log'), dnsLog());
  return { records, poolBytes: whole, relayBytes: whole - own };
}

/** Records of one hour, both directions of each connection. */
function hourOf(connections: readonly Connection[], hour: number, add: (flow: Export) => void): void {
  const from = hour * HOUR_MS;
  for (const connection of connections) {
    const { breakMs } = connection;
    span(connection, from, Math.min(from + HOUR_MS, breakMs), 0, add);
    span(connection, Math.max(from, breakMs + BREAK_MS), from + HOUR_MS, 1, add);
  }
}

/** Two records for a part of an hour; times are ms into the day. */
function span(
  { client, server, serverPort, clientPorts, breakMs, out, back }: Connection,
  fromMs: number,
  toMs: number,
  part: 0 | 1,
  add: (flow: Export) => void,
): void {
  const seconds = (toMs - fromMs) / 1000;
  if (seconds < 60) return;
  const begins = part === 1 && fromMs === breakMs + BREAK_MS;
  const times = {
    firstMs: DAY_START_MS + fromMs,
    lastMs: DAY_START_MS + toMs,
    protocol: TCP,
    flags: begins || toMs === breakMs ? WHOLE : RUNNING,
  };
  const clientPort = clientPorts[part];
  add({
    ...{ source: client, destination: server, sourcePort: clientPort, destinationPort: serverPort },
    ...times,
    packets: Math.max(1, Math.round(out[1] * seconds)),
    bytes: Math.max(40, Math.round(out[0] * seconds)),
  });
  add({
    ...{ source: server, destination: client, sourcePort: serverPort, destinationPort: clientPort },
    ...times,
    packets: Math.max(1, Math.round(back[1] * seconds)),
    bytes: Math.max(40, Math.round(back[0] * seconds)),
  });
}

function relayConnections(
  miners: readonly Miner[],
  bytes: number,
  port: () => number,
  next: () => number,
): Connection[] {
  const relayedLines = miners.filter(({ passesLinesOn }) => passesLinesOn);
  const weights = relayedLines.map(() => 0.5 + next());
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  return relayedLines.flatMap(({ ip }, i) => {
    // Nothing breaks these off.
    const perSecond = (bytes * (weights[i] ?? 0)) / whole / RELAY_CONNECTIONS / (DAY_MS / 1000);
    const direction = (part: number): [number, number] => [
      perSecond * part,
      (perSecond * part) / RELAY_PACKET_BYTES,
    ];
    return Array.from({ length: RELAY_CONNECTIONS }, () => ({
      client: addressWord(ip),
      server: addressWord(RELAY_POOL.ip),
      serverPort: RELAY_POOL.port,
      clientPorts: [port(), port()] as const,
      breakMs: DAY_MS,
      out: direction(RELAY_OUT),
      back: direction(1 - RELAY_OUT),
    }));
  });
}

/** Server ports of ordinary traffic with their weight. */
const SERVICES: readonly (readonly [protocol: number, port: number])[] = [
  [TCP, 443],
  [TCP, 443],
  [TCP, 443],
  [TCP, 443],
  [UDP, 443],
  [UDP, 443],
  [UDP, 53],
  [UDP, 53],
  [TCP, 80],
  [TCP, 22],
  [TCP, 993],
  [TCP, 5222],
  [TCP, 8333],
  [UDP, 27015],
];
const SERVERS = addressWord('192.0.2.0');
const CLIENTS = addressWord('198.18.224.0');

function* background(
  hour: number,
  miners: readonly Miner[],
  draw: ReturnType<typeof random>,
): Generator<Export> {
  const startMs = DAY_START_MS + hour * HOUR_MS;
  const pair = function* (
    [client, clientPort, server, serverPort, protocol]: readonly [number, number, number, number, number],
    [firstMs, lastMs]: readonly [number, number],
    flags: number,
    [out, back]: readonly [number, number],
  ): Generator<Export> {
    const times = { firstMs, lastMs, protocol, flags };
    const [there, here] = [Math.ceil(out / 400), Math.ceil(back / 900)];
    yield {
      ...{ source: client, destination: server, sourcePort: clientPort, destinationPort: serverPort },
      ...{ ...times, packets: there, bytes: out },
    };
    if (back === 0) return;
    yield {
      ...{ source: server, destination: client, sourcePort: serverPort, destinationPort: clientPort },
      ...{ ...times, packets: here, bytes: back },
    };
  };
  for (let i = 0; i < BACKGROUND_PER_HOUR / 2; i++) {
    const [protocol, port] = draw.pick(SERVICES);
    const isMiner = draw.chance(0.1);
    const client = isMiner ? addressWord(draw.pick(miners).ip) : CLIENTS + draw.below(8192);
    const isVisit = protocol === TCP && port === 443 && draw.chance(0.02);
    const server = isVisit ? addressWord(WEB.ip) : SERVERS + draw.below(256);
    // The first record of the day begins with it, the last one ends with it.
    const firstMs = hour === 0 && i === 0 ? startMs : startMs + draw.below(HOUR_MS - 60_000);
    const lastMs = hour === 23 && i === 0 ? startMs + HOUR_MS : firstMs + draw.between(10, 60_000);
    const ends = [client, draw.between(32_768, 60_999), server, port, protocol] as const;
    const bytes = [draw.between(60, 6000), draw.between(60, 90_000)] as const;
    yield* pair(ends, [firstMs, lastMs], protocol === TCP ? WHOLE : 0, bytes);
  }
  if (hour !== 9) return;
  for (let i = 0; i < PROBES + LOOKS; i++) {
    const { ip, port } = draw.pick(POOLS);
    const ends = [CLIENTS + 8192 + i, draw.between(32_768, 60_999), addressWord(ip), port, TCP] as const;
    const firstMs = startMs + draw.below(HOUR_MS - 60_000);
    if (i < PROBES) yield* pair(ends, [firstMs, firstMs + 3000], SYN, [120, 0]);
    else yield* pair(ends, [firstMs, firstMs + 2000], WHOLE, [320, 280]);
  }
}

/** Answers of the province's resolvers, each pool once; whom they answered is left out. */
function dnsLog(): string {
  const lines = [
    '#separator \\x09',
    '#set_separator\t,',
    '#empty_field\t(empty)',
    '#unset_field\t-',
    '#path\tdns',
    '#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tquery\tqtype_name\trcode_name\tanswers\tTTLs',
    '#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tstring\tstring\tvector[string]\tvector[interval]',
  ];
  for (const [i, { name, ip }] of [...POOLS, RELAY_POOL, WEB].entries()) {
    const ts = (DAY_START_MS / 1000 + i * 0.01).toFixed(6);
    lines.push(`${ts}\tD${i}\t-\t-\t-\t53\tudp\t${name}\tA\tNOERROR\t${ip}\t300.000000`);
  }
  return `${lines.join('\n')}\n`;
}

/** 202110070600 in China's time, as nfcapd names its files. */
function stamp(ms: number): string {
  return new Date(ms + 8 * HOUR_MS).toISOString().slice(0, 16).replace(/[-:T]/g, '');
}

function addressWord(text: string): number {
  return text.split('.').reduce((word, octet) => word * 256 + Number(octet), 0);
}
