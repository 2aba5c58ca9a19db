/**
 * Connections as packets in time, and an exporter that makes flow records of them, as routers do: miners of several
 * kinds, and programs that keep one thin connection open for long. Draws from the seed alone; no code of ours is used
 * but the record that the exporter fills.
 */
import { FlowRecord } from './flow-record.ts';
import { ipv4 } from './flow-writer.ts';
import { sizeOf } from './miner-messages.ts';
import { type Random, random } from './random.ts';

export interface TalkedPacket {
  /** Seconds from the start. */
  readonly at: number;
  readonly isOut: boolean;
  /** TCP payload, bytes. */
  readonly payload: number;
}

export interface Talk {
  readonly name: string;
  readonly isMining: boolean;
  /** Packets in order of time, from a client that is open for `seconds`. */
  readonly packets: (rng: Random, seconds: number) => TalkedPacket[];
}

const RTT = 0.05;

/** Collects packets: a push is followed by its acknowledgement, alone where nothing else carries it. */
export class Wire {
  readonly packets: TalkedPacket[] = [];
  /** Of TLS, for each message. */
  overhead = 0;

  push(at: number, isOut: boolean, payload: number, isAcked = true): void {
    for (let left = payload + this.overhead, i = 0; left > 0; left -= 1448, i++) {
      this.packets.push({ at: at + i * 0.001, isOut, payload: Math.min(left, 1448) });
    }
    if (isAcked) this.packets.push({ at: at + RTT, isOut: !isOut, payload: 0 });
  }

  /** A request with its answer, which carries the acknowledgement. */
  ask(at: number, isOut: boolean, request: number, answer: number, wait = RTT): void {
    this.push(at, isOut, request, false);
    this.push(at + wait, !isOut, answer);
  }

  open(at: number): void {
    this.packets.push({ at, isOut: true, payload: 0 }, { at: at + RTT, isOut: false, payload: 0 });
    this.packets.push({ at: at + RTT * 1.01, isOut: true, payload: 0 });
  }

  sorted(): TalkedPacket[] {
    return this.packets.sort((a, b) => a.at - b.at);
  }
}

/** Times of a Poisson process. */
export function* byChance(rng: Random, seconds: number, mean: number): Generator<number> {
  for (let at = rng.exponential(mean); at < seconds; at += rng.exponential(mean)) yield at;
}

/** Times of a clock with some jitter. */
export function* byClock(rng: Random, seconds: number, every: number, jitter = 0.05): Generator<number> {
  for (let at = every * rng.next(); at < seconds; at += every * (1 + jitter * (rng.next() - 0.5))) yield at;
}

/** Times in bursts: what people do. */
export function* inBursts(
  rng: Random,
  seconds: number,
  every: number,
  inside: number,
  many: number,
): Generator<number> {
  for (const start of byChance(rng, seconds, every)) {
    let at = start;
    for (let left = rng.between(1, many * 2); left > 0 && at < seconds; left--, at += rng.exponential(inside))
      yield at;
  }
}

/** Bytes of a message: as a program writes it, or from, to. */
type Size = string | readonly [low: number, high: number];

function drawn(size: Size, rng: Random): number {
  return typeof size === 'string' ? sizeOf(size, rng) : rng.between(...size);
}

interface Pool {
  readonly share: Size;
  readonly answer: number;
  readonly job: Size;
  readonly shareEvery: readonly [low: number, high: number];
  readonly jobEvery: readonly [low: number, high: number];
  readonly keepAlive?: number;
}

export function mining(name: string, pool: Pool): Talk {
  return {
    name,
    isMining: true,
    packets: (rng, seconds) => {
      const wire = new Wire();
      wire.open(0);
      wire.overhead = rng.chance(0.4) ? 22 : 0;
      if (wire.overhead > 0) wire.ask(0.2, true, 517, 3000);
      wire.ask(0.5, true, rng.between(180, 420), 600);
      const share = drawn(pool.share, rng);
      const job = drawn(pool.job, rng);
      // Variable difficulty: shares come faster at first.
      const mean = rng.between(...pool.shareEvery);
      for (const at of byChance(rng, seconds, mean)) {
        if (at < 300 || rng.chance(0.97)) wire.ask(at, true, share + rng.below(3), pool.answer);
      }
      for (const at of byChance(rng, Math.min(300, seconds), mean / 2)) {
        wire.ask(at, true, share + rng.below(3), pool.answer);
      }
      for (const at of byChance(rng, seconds, rng.between(...pool.jobEvery)))
        wire.push(at, false, job + rng.below(8));
      if (pool.keepAlive !== undefined && rng.chance(0.5)) {
        for (const at of byClock(rng, seconds, pool.keepAlive)) wire.ask(at, true, 90, 70);
      }
      return wire.sorted();
    },
  };
}

export function ordinary(name: string, talk: (wire: Wire, rng: Random, seconds: number) => void): Talk {
  return {
    name,
    isMining: false,
    packets: (rng, seconds) => {
      const wire = new Wire();
      wire.open(0);
      wire.overhead = rng.chance(0.6) ? 22 : 0;
      wire.ask(0.2, true, 517, 3000);
      talk(wire, rng, seconds);
      return wire.sorted();
    },
  };
}

export const MINERS: readonly Talk[] = [
  mining('XMRig at a pool', {
    share: [215, 260],
    answer: 66,
    job: [330, 480],
    shareEvery: [8, 45],
    jobEvery: [15, 60],
    keepAlive: 60,
  }),
  mining('an ASIC of sha256d', {
    share: [115, 190],
    answer: 42,
    job: [900, 2200],
    shareEvery: [4, 15],
    jobEvery: [25, 35],
  }),
  mining('an Ethash rig', {
    share: [220, 330],
    answer: 42,
    job: [240, 330],
    shareEvery: [8, 30],
    jobEvery: [8, 14],
    keepAlive: 60,
  }),
  mining('a KawPow rig', {
    share: [230, 320],
    answer: 42,
    job: [300, 420],
    shareEvery: [8, 30],
    jobEvery: [20, 60],
  }),
  mining('a small proxy', {
    share: [215, 260],
    answer: 66,
    job: [330, 480],
    shareEvery: [2, 4],
    jobEvery: [15, 40],
  }),
];

/** Programs with one thin connection for long, on ports that say nothing. */
export const LOOK_ALIKES: readonly Talk[] = [
  ordinary('a chat', (wire, rng, seconds) => {
    for (const at of byClock(rng, seconds, rng.between(20, 60))) wire.ask(at, true, 30, 30);
    for (const at of inBursts(rng, seconds, rng.between(200, 1200), 8, 8)) {
      if (rng.chance(0.4)) wire.ask(at, true, rng.between(120, 400), 90);
      else wire.push(at, false, rng.between(150, 700));
    }
  }),
  ordinary('a busy group chat', (wire, rng, seconds) => {
    for (const at of byClock(rng, seconds, 41)) wire.ask(at, true, 45, 40);
    for (const at of inBursts(rng, seconds, rng.between(40, 120), 4, 6))
      wire.push(at, false, rng.between(200, 900));
    for (const at of inBursts(rng, seconds, rng.between(600, 1800), 10, 4))
      wire.ask(at, true, rng.between(150, 500), 120);
  }),
  ordinary('MQTT telemetry', (wire, rng, seconds) => {
    for (const at of byClock(rng, seconds, rng.between(5, 60))) wire.ask(at, true, rng.between(60, 300), 26);
    for (const at of byClock(rng, seconds, 60)) wire.ask(at, true, 24, 24);
  }),
  ordinary('MQTT commands by chance', (wire, rng, seconds) => {
    for (const at of byClock(rng, seconds, 60)) wire.ask(at, true, 24, 24);
    for (const at of byChance(rng, seconds, rng.between(60, 600)))
      wire.ask(at, false, rng.between(80, 250), 26);
  }),
  ordinary('push notifications', (wire, rng, seconds) => {
    for (const at of byClock(rng, seconds, rng.between(240, 900))) wire.ask(at, true, 28, 28);
    for (const at of inBursts(rng, seconds, rng.between(600, 3600), 30, 3))
      wire.push(at, false, rng.between(200, 1800));
  }),
  ordinary('a remote shell', (wire, rng, seconds) => {
    for (const at of byClock(rng, seconds, rng.between(30, 120))) wire.ask(at, true, 52, 36);
    for (const at of inBursts(rng, seconds, rng.between(60, 400), 0.3, 60))
      wire.ask(at, true, 36, rng.between(36, 400));
  }),
  ordinary('an idle remote shell', (wire, rng, seconds) => {
    for (const at of byClock(rng, seconds, rng.between(15, 60))) wire.ask(at, true, 52, 36);
  }),
  ordinary('keep-alives of a tunnel', (wire, rng, seconds) => {
    for (const at of byClock(rng, seconds, rng.between(10, 25))) wire.ask(at, true, 92, 92);
    for (const at of inBursts(rng, seconds, rng.between(300, 1500), 0.05, 40))
      wire.ask(at, true, rng.between(90, 600), rng.between(90, 1400));
  }),
  ordinary('a device that reports to its cloud', (wire, rng, seconds) => {
    for (const at of byClock(rng, seconds, rng.pick([10, 30, 60]), 0.1))
      wire.ask(at, true, rng.between(180, 420), rng.between(40, 120));
    for (const at of byChance(rng, seconds, 1800)) wire.ask(at, false, rng.between(100, 300), 60);
  }),
  ordinary('a pooled connection to a database', (wire, rng, seconds) => {
    for (const at of byClock(rng, seconds, 30)) wire.ask(at, true, 40, 60);
    for (const at of inBursts(rng, seconds, rng.between(30, 300), 0.05, 20))
      wire.ask(at, true, rng.between(80, 500), rng.between(60, 3000));
  }),
  ordinary('an agent of monitoring', (wire, rng, seconds) => {
    for (const at of byClock(rng, seconds, rng.pick([10, 30, 60]), 0.02))
      wire.ask(at, false, rng.between(60, 140), rng.between(80, 400));
  }),
  ordinary('an agent that sends its metrics', (wire, rng, seconds) => {
    for (const at of byClock(rng, seconds, rng.pick([10, 15, 60]), 0.02))
      wire.push(at, true, rng.between(200, 1300));
  }),
  ordinary('logs that are shipped', (wire, rng, seconds) => {
    for (const at of inBursts(rng, seconds, rng.between(5, 60), 0.2, 6))
      wire.push(at, true, rng.between(150, 900));
  }),
  ordinary('a cluster that beats its heart', (wire, rng, seconds) => {
    for (const at of byClock(rng, seconds, rng.pick([1, 2, 5]))) wire.ask(at, true, 80, 80);
  }),
  ordinary('a consumer of a message queue', (wire, rng, seconds) => {
    for (const at of byClock(rng, seconds, 30)) wire.push(at, true, 8);
    for (const at of byClock(rng, seconds, 30)) wire.push(at, false, 8);
    for (const at of inBursts(rng, seconds, rng.between(10, 120), 0.3, 8))
      wire.ask(at, false, rng.between(300, 1500), 21);
  }),
  ordinary('a dashboard', (wire, rng, seconds) => {
    for (const at of byClock(rng, seconds, rng.pick([1, 2, 5]))) wire.push(at, false, rng.between(200, 1400));
    for (const at of byClock(rng, seconds, 30)) wire.ask(at, true, 6, 6);
  }),
  ordinary('quotes of an exchange', (wire, rng, seconds) => {
    for (const at of byChance(rng, seconds, rng.between(1, 4))) wire.push(at, false, rng.between(120, 500));
    for (const at of byClock(rng, seconds, 30)) wire.ask(at, true, 30, 30);
  }),
  ordinary('a wallet at its server', (wire, rng, seconds) => {
    for (const at of byClock(rng, seconds, 60)) wire.ask(at, true, 60, 45);
    for (const at of byChance(rng, seconds, 600)) wire.push(at, false, 260);
    for (const at of inBursts(rng, seconds, 1800, 0.2, 15)) wire.ask(at, true, 140, rng.between(120, 3000));
  }),
  ordinary('a long poll', (wire, rng, seconds) => {
    for (const at of byClock(rng, seconds, rng.pick([25, 30, 55]), 0.02))
      wire.ask(at, true, rng.between(300, 700), rng.between(150, 400), 0.1);
  }),
  ordinary('a game of moves', (wire, rng, seconds) => {
    for (const at of inBursts(rng, seconds, rng.between(60, 300), 3, 20))
      wire.ask(at, true, rng.between(40, 120), rng.between(60, 300));
    for (const at of byClock(rng, seconds, 15)) wire.ask(at, true, 20, 20);
  }),
];

export interface Exporter {
  /** Timeouts in seconds; 0: one record a connection, both directions in it (Zeek). */
  readonly active: number;
  readonly inactive: number;
}

export interface Ends {
  readonly client: string;
  readonly clientPort: number;
  readonly server: string;
  readonly serverPort: number;
  readonly startUs: number;
  /** Header bytes of a packet; 52 where absent. */
  readonly headers?: number;
}

/** Gives the records of one connection to `sink`, in the order of their export. */
export function exportTalk(
  packets: readonly TalkedPacket[],
  { active, inactive }: Exporter,
  ends: Ends,
  sink: (record: FlowRecord) => void,
): void {
  const headers = ends.headers ?? 52;
  if (active === 0) {
    const record = new FlowRecord();
    fill(record, ends, true, packets, headers);
    const back = packets.filter(({ isOut }) => !isOut);
    record.reversePackets = back.length;
    record.reverseBytes = back.reduce((sum, { payload }) => sum + payload + headers, 0);
    record.originator = 1;
    sink(record);
    return;
  }
  const records: FlowRecord[] = [];
  for (const isOut of [true, false]) {
    let run: TalkedPacket[] = [];
    const flush = (): void => {
      if (run.length === 0) return;
      const record = new FlowRecord();
      fill(record, ends, isOut, run, headers);
      records.push(record);
      run = [];
    };
    for (const packet of packets) {
      if (packet.isOut !== isOut) continue;
      const [first] = run;
      const last = run.at(-1);
      if (first !== undefined && last !== undefined) {
        if (packet.at - last.at > inactive || packet.at - first.at > active) flush();
      }
      run.push(packet);
    }
    flush();
  }
  for (const record of records.sort((a, b) => a.endUs - b.endUs)) sink(record);
}

function fill(
  record: FlowRecord,
  ends: Ends,
  isOut: boolean,
  packets: readonly TalkedPacket[],
  headers: number,
): void {
  record.clear();
  const own = packets.filter((packet) => packet.isOut === isOut);
  record.startUs = ends.startUs + Math.round((packets[0]?.at ?? 0) * 1e6);
  record.endUs = ends.startUs + Math.round((packets.at(-1)?.at ?? 0) * 1e6);
  const [from, fromPort, to, toPort] = isOut
    ? [ends.client, ends.clientPort, ends.server, ends.serverPort]
    : [ends.server, ends.serverPort, ends.client, ends.clientPort];
  record.source2 = 0xffff;
  record.source3 = ipv4(from) | 0;
  record.destination2 = 0xffff;
  record.destination3 = ipv4(to) | 0;
  record.sourcePort = fromPort;
  record.destinationPort = toPort;
  record.protocol = 6;
  record.packets = own.length;
  record.bytes = own.reduce((sum, { payload }) => sum + payload + headers, 0);
  record.tcpFlags = (packets[0]?.at ?? 1) < 0.1 ? 0x1a : 0x18;
}

/** A seeded talk of the length. */
export function talked(talk: Talk, seed: number, seconds: number): TalkedPacket[] {
  return talk.packets(random(seed), seconds);
}
