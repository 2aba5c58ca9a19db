import { describe, expect, it } from 'vitest';
import type { FlowConversation } from '../../src/flows/conversation-summary.ts';
import { type ConversationOptions, Conversations } from '../../src/flows/conversations.ts';
import { EndpointWatch } from '../../src/flows/endpoint-watch.ts';
import type { ByteLayer } from '../../src/rows/flow-sink.ts';
import { FlowRecord, ROW_DOUBLES, writeRow } from '../support/flow-record.ts';
import { giving } from '../support/flow-rows.ts';
import { ipv4 } from '../support/flow-writer.ts';
import { random } from '../support/random.ts';

const T0 = Date.UTC(2026, 0, 1) * 1000;
const CLIENT = '192.0.2.10:51000';
const SERVER = '198.51.100.20:3333';

interface Said {
  readonly from?: string;
  readonly to?: string;
  /** Seconds after T0. */
  readonly start?: number;
  readonly end?: number;
  readonly packets?: number;
  readonly bytes?: number;
  readonly back?: readonly [packets: number, bytes: number];
  readonly flags?: number;
  readonly protocol?: number;
  readonly exporter?: number;
  readonly sampling?: number;
  readonly scaled?: boolean;
  readonly originator?: number;
  readonly denied?: boolean;
  readonly layer?: ByteLayer;
}

function fill(record: FlowRecord, said: Said): FlowRecord {
  record.clear();
  const [source = '', sourcePort] = (said.from ?? CLIENT).split(':');
  const [destination = '', destinationPort] = (said.to ?? SERVER).split(':');
  record.source2 = 0xffff;
  record.source3 = ipv4(source) | 0;
  record.destination2 = 0xffff;
  record.destination3 = ipv4(destination) | 0;
  record.sourcePort = Number(sourcePort);
  record.destinationPort = Number(destinationPort);
  record.startUs = T0 + (said.start ?? 0) * 1e6;
  record.endUs = T0 + (said.end ?? said.start ?? 0) * 1e6;
  record.packets = said.packets ?? 10;
  record.bytes = said.bytes ?? 1000;
  if (said.back !== undefined) [record.reversePackets, record.reverseBytes] = said.back;
  record.tcpFlags = said.flags ?? -1;
  record.protocol = said.protocol ?? 6;
  record.exporter = said.exporter ?? 0;
  record.samplingInterval = said.sampling ?? 1;
  record.isScaled = said.scaled ?? false;
  record.originator = said.originator ?? 0;
  record.isDenied = said.denied ?? false;
  record.byteLayer = said.layer ?? 0;
  return record;
}

function hold(said: readonly Said[], options: ConversationOptions = {}): Conversations {
  const conversations = new Conversations(options);
  conversations.beginInput(3, 'nfcapd', ['a', 'b', 'c']);
  const record = new FlowRecord();
  const give = giving(conversations);
  said.forEach((each, i) => {
    fill(record, each).number = i + 1;
    give(record);
  });
  return conversations;
}

function only(said: readonly Said[], options: ConversationOptions = {}): FlowConversation {
  const all = [...hold(said, options).conversations()];
  expect(all).toHaveLength(1);
  const [first] = all;
  if (first === undefined) throw new Error('no conversation');
  return first;
}

function watching(...endpoints: readonly string[]): EndpointWatch {
  const watch = new EndpointWatch();
  for (const endpoint of endpoints) {
    const [ip = '', port] = endpoint.split(':');
    watch.add([0, 0, 0xffff, ipv4(ip)], Number(port));
  }
  return watch;
}

const UP: Said = {};
const DOWN: Said = { from: SERVER, to: CLIENT, packets: 8, bytes: 2000 };

describe('Conversations', () => {
  it('joins both directions and stitches what timeouts cut', () => {
    const said = [0, 60, 120, 180].flatMap((start) => [
      { ...UP, start, end: start + 58, flags: 0x1b },
      { ...DOWN, start, end: start + 59, flags: 0x1b },
    ]);
    expect(only(said)).toEqual({
      client: { ip: '192.0.2.10', port: 51000 },
      server: { ip: '198.51.100.20', port: 3333 },
      roles: 'likely',
      isServerListed: false,
      isClientListed: false,
      firstUs: T0,
      lastUs: T0 + 239e6,
      activeSeconds: 239,
      activePeriods: 1,
      duty: 1,
      bucketSeconds: 60,
      busyBuckets: 4,
      hours: [],
      records: 8,
      pulseOut: expect.any(Object),
      pulseIn: expect.any(Object),
      smallestMean: 100,
      senders: [],
      intervals: [{ startUs: T0, endUs: T0 + 239e6 }],
      traffic: { bytesOut: 4000, bytesIn: 8000, packetsOut: 40, packetsIn: 32 },
      bytesAre: 'exact',
      answered: true,
      denied: false,
      sampling: { interval: 1, isKnown: true, isUntold: false, observedPackets: 72 },
      observers: [0],
      input: 3,
      record: 1,
    });
  });

  it('says the same whatever the order of the records', () => {
    const rng = random(5);
    const said = Array.from({ length: 40 }, (_, i) => ({
      ...(i % 2 === 0 ? UP : DOWN),
      start: i * 50,
      end: i * 50 + 45,
      flags: 0x1a,
    }));
    const inOrder = only(said);
    for (let run = 0; run < 20; run++) {
      const { record, activeSeconds, ...rest } = only(rng.shuffle(said));
      const { record: _, activeSeconds: __, ...expected } = inOrder;
      expect(rest).toEqual(expected);
      // To the minute: what fills a gap is told by the minutes that were busy.
      expect([record >= 1, activeSeconds > 1935, activeSeconds <= 1995]).toEqual([true, true, true]);
    }
    expect([inOrder.activeSeconds, inOrder.activePeriods]).toEqual([1995, 1]);
    const backward = only([...said].reverse());
    expect([backward.activeSeconds, backward.activePeriods]).toEqual([1995, 1]);
  });

  it('takes a day that comes in parts of any order for one connection', () => {
    const hour = (at: number): Said[] =>
      Array.from({ length: 60 }, (_, minute) => ({
        start: at * 3600 + minute * 60,
        end: at * 3600 + minute * 60 + 55,
      }));
    const orders = [
      [0, 1, 2, 3, 4, 5, 6, 7],
      [4, 5, 6, 7, 0, 1, 2, 3],
      [0, 2, 1, 3, 5, 4, 7, 6],
      [7, 6, 5, 4, 3, 2, 1, 0],
    ];
    for (const order of orders) {
      const { activeSeconds, activePeriods } = only(order.flatMap(hour));
      // Of 8 hours, less a bucket of 8 minutes at most.
      expect([order, activePeriods]).toEqual([order, 1]);
      expect(activeSeconds).toBeGreaterThanOrEqual(8 * 3600 - 8 * 60);
    }
  });

  it('does not take long silence for activity whatever the order', () => {
    const parts = [0, 36_000, 72_000].map((from) => [
      { start: from, end: from + 60 },
      { start: from + 300, end: from + 360 },
    ]);
    const [first = [], second = [], third = []] = parts;
    for (const said of [parts.flat(), [...third, ...first, ...second], parts.flat().reverse()]) {
      expect(only(said)).toMatchObject({ activePeriods: 3 });
      expect(only(said).activeSeconds).toBeLessThanOrEqual(3 * 360);
    }
  });

  it('does not count long silence as activity', () => {
    const { activeSeconds, activePeriods, duty, busyBuckets } = only([
      { start: 0, end: 60 },
      { start: 600, end: 660 },
      { start: 36_000, end: 36_060 },
    ]);
    expect({ activeSeconds, activePeriods, busyBuckets: busyBuckets < 6, duty: duty < 0.2 }).toEqual({
      activeSeconds: 720,
      activePeriods: 2,
      busyBuckets: true,
      duty: true,
    });
  });

  it('counts once what two observers saw: the one with the most, of each direction', () => {
    const { traffic, observers, sampling } = only([
      { ...UP, exporter: 0, bytes: 900 },
      { ...DOWN, exporter: 0, bytes: 2100 },
      { ...UP, exporter: 1, bytes: 1000 },
      { ...DOWN, exporter: 1, bytes: 2000 },
      { ...UP, exporter: 1, bytes: 50, packets: 1, start: 60 },
      { ...UP, exporter: 2, bytes: 10, packets: 1 },
    ]);
    expect(traffic).toEqual({ bytesOut: 1050, bytesIn: 2100, packetsOut: 11, packetsIn: 8 });
    expect([observers.length, sampling.observedPackets]).toEqual([3, 38]);
  });

  it('believes who looked at every packet before who sampled, unless the sample is sure to be more', () => {
    const whole = [
      { ...UP, exporter: 0, packets: 1000, bytes: 100_000 },
      { ...DOWN, exporter: 0, packets: 800, bytes: 160_000 },
    ];
    // One in 100: 16 of 1000 would be 1600, but 16 may as well be 10 of 1000, or fewer.
    const guess = { ...UP, exporter: 1, packets: 16, bytes: 1600, sampling: 100 };
    for (const said of [
      [...whole, guess],
      [guess, ...whole],
    ]) {
      const { traffic, sampling } = only(said);
      expect(traffic).toEqual({ packetsOut: 1000, bytesOut: 100_000, packetsIn: 800, bytesIn: 160_000 });
      expect(sampling).toEqual({ interval: 1, isKnown: true, isUntold: false, observedPackets: 1800 });
    }
    // 400 of 1000 are 40,000, give or take a tenth: the other router saw but a part.
    const most = { ...guess, packets: 400, bytes: 40_000 };
    const { traffic, sampling } = only([...whole, most]);
    expect([traffic.packetsOut, traffic.bytesOut, traffic.packetsIn]).toEqual([40_000, 4_000_000, 800]);
    expect(sampling.interval).toBe(100);
    // Of a direction that only the other saw he is believed.
    const back = { ...DOWN, exporter: 1, packets: 2, bytes: 400, sampling: 100 };
    expect(only([whole[0] ?? UP, back]).traffic).toMatchObject({ packetsOut: 1000, packetsIn: 200 });
  });

  it('knows an exporter again in the next file, by its name', () => {
    const conversations = new Conversations();
    const record = new FlowRecord();
    const give = giving(conversations);
    conversations.beginInput(0, 'nfcapd', ['a', 'b']);
    give(fill(record, { exporter: 1 }));
    conversations.beginInput(1, 'nfcapd', ['b']);
    give(fill(record, { exporter: 0, start: 60 }));
    conversations.beginInput(2, 'netflow-v9', ['b']);
    give(fill(record, { exporter: 0, start: 60 }));
    const [only] = conversations.conversations();
    expect([only?.traffic.bytesOut, only?.observers.length]).toEqual([2000, 2]);
  });

  it('multiplies by the sampling interval once', () => {
    const figures = (...said: readonly Said[]) => {
      const { traffic, sampling } = only(said);
      return [
        traffic.packetsOut,
        traffic.bytesOut,
        sampling.interval,
        sampling.observedPackets,
        sampling.isKnown,
      ];
    };
    expect(figures({ packets: 3, bytes: 300, sampling: 100 })).toEqual([300, 30_000, 100, 3, true]);
    expect(figures({ packets: 300, bytes: 30_000, sampling: 100, scaled: true })).toEqual([
      300,
      30_000,
      100,
      3,
      true,
    ]);
    expect(figures({ packets: 3, bytes: 300, sampling: 0 })).toEqual([3, 300, 1, 3, false]);
    expect(figures({ packets: 3, bytes: 300, sampling: 1, scaled: true })).toEqual([3, 300, 1, 3, true]);
    expect(figures({ packets: 3, bytes: 300, sampling: 8 }, { packets: 2, bytes: 100, start: 9 })).toEqual([
      26,
      2500,
      8,
      5,
      true,
    ]);
    const { traffic } = only([{ packets: 3, bytes: 300, back: [2, 80], sampling: 10 }]);
    expect(traffic).toEqual({ packetsOut: 30, bytesOut: 3000, packetsIn: 20, bytesIn: 800 });
  });

  it('converts bytes of frames and of payload to IP bytes, and says so', () => {
    const figures = (said: Said) => {
      const { traffic, bytesAre } = only([said]);
      return [traffic.bytesOut, traffic.bytesIn, bytesAre];
    };
    expect(figures({ packets: 14, bytes: 1286, layer: 1 })).toEqual([1090, 0, 'converted']);
    expect(figures({ packets: 10, bytes: 100, back: [5, 50], layer: 2 })).toEqual([500, 250, 'estimated']);
  });

  const HIGH: Said = { from: '192.0.2.1:41000', to: '192.0.2.2:42000' };
  const HIGH_BACK: Said = { from: '192.0.2.2:42000', to: '192.0.2.1:41000' };
  const ROLES: readonly {
    readonly name: string;
    readonly said: readonly Said[];
    readonly watch?: readonly string[];
    readonly expected: readonly [string, string];
  }[] = [
    {
      name: 'the source of a record that says so',
      said: [{ ...HIGH, originator: 1 }],
      expected: ['192.0.2.1', 'sure'],
    },
    {
      name: 'the destination of a record that says so',
      said: [{ ...HIGH, originator: 2 }],
      expected: ['192.0.2.2', 'sure'],
    },
    {
      name: 'the peer of a listed endpoint',
      said: [HIGH],
      watch: ['192.0.2.1:41000'],
      expected: ['192.0.2.2', 'sure'],
    },
    {
      name: 'who sent SYN to who sent SYN and ACK',
      said: [
        { ...HIGH, flags: 0x12 },
        { ...HIGH_BACK, flags: 2 },
      ],
      expected: ['192.0.2.2', 'sure'],
    },
    {
      name: 'who was refused',
      said: [
        { ...HIGH_BACK, flags: 0x14 },
        { ...HIGH, flags: 2 },
      ],
      expected: ['192.0.2.1', 'sure'],
    },
    { name: 'who was not answered', said: [{ ...HIGH, flags: 2 }], expected: ['192.0.2.1', 'sure'] },
    { name: 'the end with an ephemeral port', said: [DOWN, UP], expected: ['192.0.2.10', 'likely'] },
    {
      name: 'the peer of a system port',
      said: [{ from: '192.0.2.1:700', to: '192.0.2.2:1500' }],
      expected: ['192.0.2.2', 'likely'],
    },
    {
      name: 'who spoke first where both opened',
      said: [
        { ...HIGH, start: 2, flags: 0x1b },
        { ...HIGH_BACK, start: 1, flags: 0x1b },
      ],
      expected: ['192.0.2.2', 'likely'],
    },
    { name: 'nobody where nothing tells', said: [HIGH_BACK], expected: ['192.0.2.2', 'undecided'] },
  ];
  for (const { name, said, watch, expected } of ROLES) {
    it(`takes for the client ${name}`, () => {
      const { client, roles } = only(said, watch === undefined ? {} : { watch: watching(...watch) });
      expect([client.ip, roles]).toEqual(expected);
    });
  }

  it('takes for the server whoever has many peers', () => {
    const said = Array.from({ length: 5 }, (_, i) => ({
      from: '192.0.2.99:40404',
      to: `192.0.2.${i}:${41000 + i}`,
    }));
    for (const { server, roles } of hold(said).conversations()) {
      expect([server.ip, server.port, roles]).toEqual(['192.0.2.99', 40404, 'likely']);
    }
  });

  const ANSWERS: readonly {
    readonly name: string;
    readonly said: readonly Said[];
    readonly expected: boolean;
  }[] = [
    { name: 'both directions', said: [UP, DOWN], expected: true },
    { name: 'a SYN alone', said: [{ ...UP, flags: 2, packets: 3 }], expected: false },
    {
      name: 'a SYN and resets',
      said: [
        { ...UP, flags: 2 },
        { ...DOWN, flags: 0x14 },
      ],
      expected: false,
    },
    {
      name: 'a session that the server reset',
      said: [
        { ...UP, flags: 0x1a },
        { ...DOWN, flags: 0x14 },
      ],
      expected: true,
    },
    {
      name: 'half of a conversation whose client acknowledges',
      said: [{ ...UP, flags: 0x1a }],
      expected: true,
    },
    { name: 'half of a conversation without flags', said: [{ ...UP, packets: 50 }], expected: true },
    { name: 'a record without counters and flags', said: [{ ...UP, packets: 0, bytes: 0 }], expected: true },
    { name: 'a few packets without flags', said: [{ ...UP, packets: 6, bytes: 360 }], expected: false },
    { name: 'a few that carry payload', said: [{ ...UP, packets: 6, bytes: 1200 }], expected: true },
    {
      name: 'a record of both directions without an answer',
      said: [{ ...UP, packets: 50, back: [0, 0] }],
      expected: false,
    },
    { name: 'what a firewall blocked', said: [{ ...UP, denied: true }, DOWN], expected: false },
  ];
  for (const { name, said, expected } of ANSWERS) {
    it(`says whether there was an answer of ${name}`, () => expect(only(said).answered).toBe(expected));
  }

  it('accounts for every record', () => {
    const { totals } = hold(
      [
        UP,
        { protocol: 17 },
        { to: '198.51.100.20:443', flags: 0x1b },
        { to: '198.51.100.21:443', flags: 0x1b },
        { start: -10, end: -5 },
        { start: 1000 },
        { start: -10, end: 5 },
        { start: Number.NaN },
      ],
      { watch: watching('198.51.100.21:0'), sinceUs: T0, untilUs: T0 + 1000e6 },
    );
    const { records, keptRecords, otherRecords, visitRecords, outsideRecords, timelessRecords, bytes } =
      totals;
    // The one that began before the times and ended in them.
    expect(totals.edgeRecords).toBe(1);
    expect(totals.insideRecords).toBe(5);
    expect({
      records,
      keptRecords,
      otherRecords,
      visitRecords,
      outsideRecords,
      timelessRecords,
      bytes,
    }).toEqual({
      records: 8,
      keptRecords: 3,
      otherRecords: 1,
      visitRecords: 1,
      outsideRecords: 2,
      timelessRecords: 1,
      bytes: 5000,
    });
  });

  it('stays within its bound, keeps what is listed and what may mine, and counts what goes', () => {
    const listed = SERVER;
    const said: Said[] = [{ ...UP, start: 0, end: 10 }];
    for (let i = 0; i < 5000; i++) {
      const start = i * 2;
      const client = `10.0.${i >> 8}.${i & 255}:50000`;
      said.push({ from: client, to: '198.51.100.99:7000', start, end: start + 1 });
      // A session of hours, reported every minute.
      if (i % 30 === 0) {
        const quiet = { to: '198.51.100.50:4444', from: '192.0.2.77:45000' };
        said.push({ ...quiet, start, end: start + 59, packets: 6, bytes: 900 });
        said.push({ from: quiet.to, to: quiet.from, start, end: start + 59, packets: 5, bytes: 1200 });
      }
    }
    const conversations = hold(said, { maximum: 256, watch: watching(listed) });
    const all = [...conversations.conversations()];
    expect(conversations.size).toBeLessThanOrEqual(256);
    const { folded, evicted, keptOverflow, evictedBytes } = conversations.losses;
    expect(folded).toBeGreaterThan(4000);
    expect(evicted + keptOverflow).toBe(0);
    expect(all.filter(({ isServerListed }) => isServerListed).map(({ traffic }) => traffic.bytesOut)).toEqual(
      [1000],
    );
    const miner = all.filter(({ client }) => client.ip === '192.0.2.77');
    expect(miner.map(({ records, activeSeconds }) => [records, activeSeconds])).toEqual([[334, 10_019]]);
    const kept = all.reduce((sum, { traffic }) => sum + traffic.bytesOut + traffic.bytesIn, 0);
    expect(kept + evictedBytes).toBe(conversations.totals.bytes);
  });

  it('tells, where short ones are not wanted, those that last and those with a listed end', () => {
    const said: Said[] = [
      { from: '192.0.2.1:40001', to: '198.51.100.1:3333', start: 0, end: 59 },
      { from: '192.0.2.2:40002', to: '198.51.100.2:3333', start: 0, end: 60 },
      { from: '192.0.2.3:40003', to: '198.51.100.3:3333', start: 0, end: 1 },
      { from: '198.51.100.4:3333', to: '192.0.2.4:40004', start: 0, end: 1 },
      // Two short records with a silence between them.
      { from: '192.0.2.5:40005', to: '198.51.100.5:3333', start: 0, end: 10 },
      { from: '192.0.2.5:40005', to: '198.51.100.5:3333', start: 5000, end: 5010 },
    ];
    const watch = watching('198.51.100.4:9999');
    const conversations = hold(said, { watch });
    // A name that came after the records.
    watch.add([0, 0, 0xffff, ipv4('198.51.100.3')], 0);
    const clients = (leastSeconds?: number): string[] =>
      [...conversations.conversations(leastSeconds)].map(({ client }) => client.ip);
    expect(clients()).toEqual(['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4', '192.0.2.5']);
    expect(clients(60)).toEqual(['192.0.2.2', '192.0.2.3', '192.0.2.4', '192.0.2.5']);
  });

  it('gives what it gives however many records come at once', () => {
    const rng = random(5);
    const said: Said[] = Array.from({ length: 6000 }, (_, i) => ({
      from: `10.1.${rng.below(8)}.${rng.below(250)}:${40_000 + rng.below(3)}`,
      to: `10.2.0.${rng.below(20)}:${rng.chance(0.7) ? 4444 : 443}`,
      start: i,
      end: i + rng.below(90),
      bytes: rng.below(5000),
    }));
    const numbers = new Float64Array(1500 * ROW_DOUBLES);
    const record = new FlowRecord();
    const many = new Conversations({ maximum: 512 });
    many.beginInput(3, 'nfcapd', ['a', 'b', 'c']);
    for (let from = 0; from < said.length; from += 1500) {
      said.slice(from, from + 1500).forEach((each, row) => {
        fill(record, each).number = from + row + 1;
        writeRow(numbers.buffer, row, record);
      });
      many.addRows(numbers, 0, 1500);
    }
    const one = hold(said, { maximum: 512 });
    expect([...many.conversations()]).toEqual([...one.conversations()]);
    expect(many.losses.folded + many.losses.evicted).toBeGreaterThan(0);
  });

  it('allocates no row twice and loses no byte among many conversations', () => {
    const rng = random(11);
    const said: Said[] = [];
    const bytes = new Map<string, number>();
    for (let i = 0; i < 20_000; i++) {
      const [a, b] = [
        `10.1.${rng.below(8)}.${rng.below(250)}:${40_000 + rng.below(3)}`,
        `10.2.0.${rng.below(20)}:3333`,
      ];
      const amount = rng.below(5000);
      const isUp = rng.chance(0.5);
      said.push({ from: isUp ? a : b, to: isUp ? b : a, bytes: amount });
      bytes.set(`${a} ${b}`, (bytes.get(`${a} ${b}`) ?? 0) + amount);
    }
    const found = new Map<string, number>();
    for (const { client, server, traffic } of hold(said).conversations()) {
      const key = `${client.ip}:${client.port} ${server.ip}:${server.port}`;
      expect(found.has(key)).toBe(false);
      found.set(key, traffic.bytesOut + traffic.bytesIn);
    }
    expect(found).toEqual(new Map([...bytes].map(([key, sum]) => [key, sum])));
  });
});

describe('EndpointWatch', () => {
  it('knows endpoints by port, and addresses by every port', () => {
    const rng = random(3);
    const watch = new EndpointWatch();
    const listed = new Set<string>();
    for (let i = 0; i < 20_000; i++) {
      const [word, port] = [rng.below(5000), 1 + rng.below(65_535)];
      watch.add([0, 0, 0xffff, word], port);
      listed.add(`${word} ${port}`);
    }
    watch.add([0, 0, 0xffff, 9999], 0);
    for (let i = 0; i < 20_000; i++) {
      const [word, port] = [rng.below(6000), 1 + rng.below(65_535)];
      expect(watch.has(0, 0, 0xffff, word, port)).toBe(listed.has(`${word} ${port}`));
    }
    for (const key of listed) {
      const [word, port] = key.split(' ').map(Number);
      expect(watch.has(0, 0, 0xffff, word ?? 0, port ?? 0)).toBe(true);
    }
    expect(watch.has(0, 0, 0xffff, 9999, 1234)).toBe(true);
    expect(watch.has(1, 0, 0xffff, 9999, 1234)).toBe(false);
  });
});
