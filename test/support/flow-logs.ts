/**
 * Talks as a flow log of text that exporters write: records that an active timeout cut, one record a connection, tuples
 * of a cloud every five minutes. It shares no code with the readers.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TalkedPacket } from './flow-talk.ts';
import { type Random, random } from './random.ts';

/** One connection of a client, by the packets that were said. */
export interface TalkedConnection {
  readonly client: string;
  readonly clientPort: number;
  readonly server: string;
  readonly serverPort: number;
  /** Seconds after the begin of the log. */
  readonly from: number;
  readonly packets: readonly TalkedPacket[];
}

const HEADERS = 52;
const START = Date.UTC(2026, 2, 2) / 1000;

interface Counted {
  readonly first: number;
  readonly last: number;
  readonly packets: number;
  readonly bytes: number;
}

function counted(packets: readonly TalkedPacket[]): Counted {
  return {
    first: packets[0]?.at ?? 0,
    last: packets.at(-1)?.at ?? 0,
    packets: packets.length,
    bytes: packets.reduce((sum, { payload }) => sum + payload + HEADERS, 0),
  };
}

/** Packets of one direction in parts of a minute at most, by silences of 15 seconds. */
function cut(packets: readonly TalkedPacket[]): TalkedPacket[][] {
  const parts: TalkedPacket[][] = [];
  for (const packet of packets) {
    const part = parts.at(-1);
    const [first, last] = [part?.[0], part?.at(-1)];
    if (first === undefined || last === undefined || packet.at - first.at > 60 || packet.at - last.at > 15)
      parts.push([packet]);
    else part?.push(packet);
  }
  return parts;
}

const isoOf = (second: number): string => new Date(second * 1000).toISOString();

/** Both directions in parts that a timeout has cut, as nfdump prints them. */
function timeouts(connections: readonly TalkedConnection[]): string {
  const rows = connections.flatMap(({ client, clientPort, server, serverPort, from, packets }) =>
    [true, false].flatMap((isOut) => {
      const ends = isOut
        ? [client, clientPort, server, serverPort]
        : [server, serverPort, client, clientPort];
      return cut(packets.filter((packet) => packet.isOut === isOut)).map((part) => {
        const { first, last, packets: count, bytes } = counted(part);
        const start = START + from + first;
        const text = [
          isoOf(start).replace('T', ' ').slice(0, -1),
          (last - first).toFixed(3),
          6,
          ...ends,
          count,
          bytes,
          1,
        ];
        return { start, text: text.join() };
      });
    }),
  );
  rows.sort((a, b) => a.start - b.start);
  const head = 'firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,flows';
  return `${[head, ...rows.map(({ text }) => text)].join('\n')}\n`;
}

/** A record a connection, as Zeek writes them. */
function zeek(connections: readonly TalkedConnection[]): string {
  const fields =
    'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes conn_state missed_bytes history orig_pkts orig_ip_bytes resp_pkts resp_ip_bytes';
  const rows = connections.map(({ client, clientPort, server, serverPort, from, packets }, i) => {
    const [out, back] = [true, false].map((way) => counted(packets.filter(({ isOut }) => isOut === way)));
    const { first, last } = counted(packets);
    const payload = (of: Counted): number => of.bytes - of.packets * HEADERS;
    return [
      ...[(START + from + first).toFixed(6), `C${i}`, client, clientPort, server, serverPort, 'tcp', '-'],
      ...[(last - first).toFixed(6), payload(out), payload(back), 'SF', 0, 'ShADadFf'],
      ...[out.packets, out.bytes, back.packets, back.bytes],
    ].join('\t');
  });
  const head = [
    '#separator \\x09',
    '#set_separator\t,',
    '#empty_field\t(empty)',
    '#unset_field\t-',
    '#path\tconn',
  ];
  return `${[...head, `#fields\t${fields.replaceAll(' ', '\t')}`, ...rows].join('\n')}\n`;
}

const STEP = 300;

/** Tuples of an NSG: one as a flow begins, one every five minutes, one as it ends. */
function azure(connections: readonly TalkedConnection[]): string {
  const tuples = connections.flatMap(({ client, clientPort, server, serverPort, from, packets }) => {
    const ends = `${client},${server},${clientPort},${serverPort},T,O,A`;
    const { last } = counted(packets);
    const steps = Math.floor(last / STEP);
    const stop = (step: number): number => (step > steps ? last : step * STEP);
    const rows = [{ second: START + from, text: `${ends},B,,,,` }];
    for (let step = 1; step <= steps + 1; step++) {
      const inside = packets.filter(({ at }) => at > stop(step - 1) && at <= stop(step));
      const [out, back] = [true, false].map((way) => counted(inside.filter(({ isOut }) => isOut === way)));
      const counters = [out.packets, out.bytes, back.packets, back.bytes].join();
      rows.push({
        second: START + from + stop(step),
        text: `${ends},${step > steps ? 'E' : 'C'},${counters}`,
      });
    }
    return rows;
  });
  tuples.sort((a, b) => a.second - b.second);
  const records = tuples.map(({ second, text }) => ({
    time: isoOf(second),
    category: 'NetworkSecurityGroupFlowEvent',
    operationName: 'NetworkSecurityGroupFlowEvents',
    properties: {
      Version: 2,
      flows: [{ rule: 'a', flows: [{ mac: '000D3AF87856', flowTuples: [`${Math.floor(second)},${text}`] }] }],
    },
  }));
  return JSON.stringify({ records });
}

/** Five seconds of each direction of which any packet was looked at, one in ten by chance, multiplied. */
function gcp(connections: readonly TalkedConnection[], rng: Random): string {
  const lines = connections.flatMap(({ client, clientPort, server, serverPort, from, packets }) =>
    [true, false].flatMap((isOut) => {
      const seen = packets.filter((packet) => packet.isOut === isOut && rng.chance(0.1));
      const parts = new Map<number, TalkedPacket[]>();
      for (const packet of seen) {
        const at = Math.floor(packet.at / 5);
        parts.set(at, [...(parts.get(at) ?? []), packet]);
      }
      return [...parts.values()].map((part) => {
        const { first, last, packets: count, bytes } = counted(part);
        const [src, sport, dst, dport] = isOut
          ? [client, clientPort, server, serverPort]
          : [server, serverPort, client, clientPort];
        const payload = {
          connection: { src_ip: src, src_port: sport, dest_ip: dst, dest_port: dport, protocol: 6 },
          start_time: isoOf(START + from + first),
          end_time: isoOf(START + from + last),
          ...{ bytes_sent: `${bytes * 10}`, packets_sent: `${count * 10}`, reporter: 'SRC' },
        };
        return JSON.stringify({ insertId: 'x', jsonPayload: payload });
      });
    }),
  );
  return `${lines.join('\n')}\n`;
}

export const FLOW_LOGS = {
  'an active timeout of 60 s': (connections: readonly TalkedConnection[]) => timeouts(connections),
  'one record a connection': (connections: readonly TalkedConnection[]) => zeek(connections),
  'tuples of Azure': (connections: readonly TalkedConnection[]) => azure(connections),
  'Google Cloud, 1 packet in 10': (connections: readonly TalkedConnection[]) => gcp(connections, random(1)),
} as const;

/** Writes the log and answers its path. */
export function writeFlowLog(
  folder: string,
  form: keyof typeof FLOW_LOGS,
  connections: readonly TalkedConnection[],
): string {
  const file = path.join(folder, `${form.replace(/\W+/g, '-')}-${connections.length}.log`);
  writeFileSync(file, FLOW_LOGS[form](connections));
  return file;
}
