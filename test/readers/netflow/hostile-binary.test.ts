/**
 * Every binary format with every trap that it can have: each ends in a count, and the rest is read. Where a format
 * cannot have a trap, the reason stands in its place, so that none is left out unseen.
 */
import { describe, expect, it } from 'vitest';
import { ipfix } from '../../../src/readers/netflow/ipfix.ts';
import { nfcapd } from '../../../src/readers/nfcapd/nfcapd.ts';
import { collect, type ReadFlow, readFlows } from '../../support/binary-flows.ts';
import {
  ipfixMessage,
  ipv4,
  netflow5,
  netflow9,
  nfcapd1,
  nfcapd2,
  set,
  sflowDatagram,
  template,
  v3Record,
  Writer,
  type WrittenFlow,
} from '../../support/flow-writer.ts';
import { ethernet, ipv4 as ipv4Packet, tcp } from '../../support/packet-builder.ts';

const TRAPS = [
  'a missing template',
  'a template that is redefined',
  'fields of no length',
  'a truncated block',
  'an absurd time',
  'a counter beyond 2^53',
  'an unknown extension',
  'a wrong header',
] as const;
type Trap = (typeof TRAPS)[number];

type Bytes = Uint8Array<ArrayBuffer>;
interface Tried {
  /** Datagrams of one exporter, or one file. */
  readonly input: readonly Bytes[] | Bytes;
  /** Packets of each flow that is read. */
  readonly packets: readonly number[];
  readonly damage: Readonly<Record<string, number>>;
}
/** What comes of a trap, or why the format cannot have it. */
type Takes = Readonly<Record<Trap, Tried | string>>;

const SECONDS = 1_700_000_000;
const FLOW: WrittenFlow = {
  firstMs: SECONDS * 1000 - 60_000,
  lastMs: SECONDS * 1000 - 1000,
  source: '192.0.2.10',
  destination: '198.51.100.20',
  sourcePort: 51000,
  destinationPort: 3333,
  packets: 5,
  bytes: 640,
};
/** Times since boot, which was an hour before the export. */
const UPTIMES = { firstMs: 3_540_000, lastMs: 3_599_000 };
const MOST = Number.MAX_SAFE_INTEGER;

type Field = readonly [id: number, length: number];
const KEYS: readonly Field[] = [
  [8, 4],
  [12, 4],
  [7, 2],
  [11, 2],
  [4, 1],
];
const TIMES: readonly Field[] = [
  [22, 4],
  [21, 4],
];
const COUNTERS: readonly Field[] = [
  [2, 4],
  [1, 4],
];
const FIELDS = [...KEYS, ...TIMES, ...COUNTERS];
const WHOLE: readonly Field[] = [
  [152, 8],
  [153, 8],
];

const keys = (): Writer => new Writer().u32(ipv4('192.0.2.10'), ipv4('198.51.100.20')).u16(51000, 3333).u8(6);
const data = (packets: number): Uint8Array =>
  keys().u32(UPTIMES.firstMs, UPTIMES.lastMs, packets, 640).take();
/** With absolute times, as IPFIX has them. */
const wholeData = (packets: number, firstMs = FLOW.firstMs, lastMs = FLOW.lastMs): Uint8Array =>
  keys().u64(firstMs, lastMs).u32(packets, 640).take();

/** What v9 and IPFIX have in common: messages of these sets. */
function templated(
  message: (sets: readonly Uint8Array[], at: number) => Bytes,
  templates: number,
  fields: readonly Field[],
  record: (packets: number) => Uint8Array,
): Pick<
  Takes,
  'a missing template' | 'a template that is redefined' | 'fields of no length' | 'an unknown extension'
> & {
  readonly cut: (bytes: number) => Bytes;
} {
  const definition = set(templates, template(256, fields));
  const other = fields.map(([id, length]): Field => (id === 2 ? [23, length] : [id, length]));
  const swapped = [...other.filter(([id]) => id !== 1), [2, 8] as const, [1, 4] as const];
  return {
    'a missing template': {
      input: [message([definition, set(256, record(5)), set(300, record(6))], 0)],
      packets: [5],
      damage: { 'unknown-template': 1 },
    },
    // At once: the same id now has packets of eight bytes at another place.
    'a template that is redefined': {
      input: [
        message([definition, set(256, record(5))], 0),
        message(
          [
            set(templates, template(256, swapped)),
            set(256, Buffer.concat([record(0).subarray(0, -4), new Writer().u64(6).u32(640).take()])),
          ],
          1,
        ),
      ],
      packets: [5, 6],
      damage: {},
    },
    // A field of no length takes no bytes; a template of nothing but such would never end.
    'fields of no length': {
      input: [
        message([set(templates, template(256, [...fields, [61, 0]])), set(256, record(5))], 0),
        message([set(templates, template(257, [[61, 0]])), set(257, record(6))], 1),
      ],
      packets: [5],
      damage: { 'bad-template': 1, 'unknown-template': 1 },
    },
    'an unknown extension': {
      input: [
        message(
          [
            set(templates, template(256, [...fields, [32000, 3]])),
            set(256, Buffer.concat([record(5), Buffer.from('abc')])),
            set(40, record(7)),
          ],
          0,
        ),
      ],
      packets: [5],
      damage: {},
    },
    cut: (bytes) => {
      const whole = message([definition, set(256, Buffer.concat([record(5), record(6)]))], 0);
      return whole.slice(0, whole.length - bytes);
    },
  };
}

const v9Message = (sets: readonly Uint8Array[], at: number): Bytes => netflow9(sets, { sequence: at });
const v9 = templated(v9Message, 0, FIELDS, data);
/** Each message of these tests holds one record. */
const ipfixOf = (sets: readonly Uint8Array[], at: number): Bytes => ipfixMessage(sets, { sequence: at });
const ipfixFields = [...KEYS, ...WHOLE, ...COUNTERS];
const wire = templated(ipfixOf, 2, ipfixFields, wholeData);

const inOne = (tried: Tried | string): Tried | string =>
  typeof tried === 'string' || !Array.isArray(tried.input)
    ? tried
    : { ...tried, input: Uint8Array.from(Buffer.concat(tried.input)) };

/** IPFIX with one flow, whose packets take eight bytes. */
const wide = (packets: bigint, firstMs = FLOW.firstMs, lastMs = FLOW.lastMs): readonly Uint8Array[] => [
  set(2, template(256, [...KEYS, ...WHOLE, [2, 8], [1, 4]])),
  set(256, keys().u64(firstMs, lastMs).u64(packets).u32(640).take()),
];
/** The year 2243, in ms. */
const YEAR_2243 = 8_640_000_000_000;
/** The last of a clock of seconds in 32 bits. */
const YEAR_2106 = 0xffffffff * 1000;

const HEADER = ethernet(
  {},
  ipv4Packet({ source: '192.0.2.10', destination: '198.51.100.20' }, tcp({}, 'x'.repeat(100))),
).bytes;
/** A flow sample: sequence, source, rate, pool, drops, input, output, records. */
const sample = (...records: readonly Uint8Array[]): Uint8Array =>
  new Writer().u32(1, 3, 100, 1000, 0, 1, 2, records.length).raw(Buffer.concat(records)).take();
const rawHeader = (): Uint8Array => {
  const padded = Buffer.concat([HEADER, Buffer.alloc((4 - (HEADER.length % 4)) % 4)]);
  return new Writer()
    .u32(1, padded.length + 16, 1, HEADER.length, 0, HEADER.length)
    .raw(padded)
    .take();
};

const NO_TEMPLATES = 'it has no templates';
const layout1 = (change: (bytes: Bytes) => void): Bytes => {
  const bytes = nfcapd1(
    [4],
    [
      { ...FLOW, data: (writer) => writer.u16(3, 4) },
      { ...FLOW, data: (writer) => writer.u16(3, 4) },
    ],
  );
  change(bytes);
  return bytes;
};
/** Where the extension map of such a file begins: header 140, statistics 136, block header 12. */
const MAP_AT = 288;

const FORMATS: readonly { readonly name: string; readonly takes: Takes }[] = [
  {
    name: 'NetFlow v5',
    takes: {
      'a missing template': NO_TEMPLATES,
      'a template that is redefined': NO_TEMPLATES,
      'fields of no length': 'its records are fixed',
      // Its length is not what its count asks for: anything may begin with a 5.
      'a truncated block': {
        input: [netflow5([{ ...FLOW, ...UPTIMES }]).slice(0, -1)],
        packets: [],
        damage: {},
      },
      'an absurd time': {
        input: [netflow5([{ ...FLOW, firstMs: 2 ** 31, lastMs: 2 ** 31 + 59_000 }])],
        packets: [5],
        damage: { 'absurd-time': 1 },
      },
      'a counter beyond 2^53': 'its counters have 32 bits',
      'an unknown extension': 'its records are fixed',
      'a wrong header': {
        input: [
          (() => {
            const bytes = netflow5([{ ...FLOW, ...UPTIMES }]);
            bytes[3] = 31;
            return bytes;
          })(),
        ],
        packets: [],
        damage: {},
      },
    },
  },
  {
    name: 'NetFlow v9',
    takes: {
      ...v9,
      'a truncated block': { input: [v9.cut(7)], packets: [5], damage: { 'bad-block': 1 } },
      'an absurd time': {
        input: [
          netflow9([
            set(0, template(256, FIELDS)),
            set(
              256,
              keys()
                .u32(2 ** 31, 2 ** 31 + 59_000, 5, 640)
                .take(),
            ),
          ]),
        ],
        packets: [5],
        damage: { 'absurd-time': 1 },
      },
      'a counter beyond 2^53': {
        input: [
          netflow9([
            set(0, template(256, [...KEYS, ...TIMES, [2, 8], [1, 4]])),
            set(
              256,
              keys()
                .u32(UPTIMES.firstMs, UPTIMES.lastMs)
                .u64(2n ** 60n)
                .u32(640)
                .take(),
            ),
          ]),
        ],
        packets: [MOST],
        damage: { 'counter-overflow': 1 },
      },
      'a wrong header': { input: [netflow9([set(7, data(5))])], packets: [], damage: {} },
    },
  },
  {
    name: 'IPFIX on the wire',
    takes: {
      ...wire,
      // Its own length tells: nothing that is shorter is taken for one.
      'a truncated block': { input: [wire.cut(7)], packets: [], damage: {} },
      'an absurd time': {
        input: [ipfixMessage(wide(5n, YEAR_2243, YEAR_2243))],
        packets: [5],
        damage: { 'absurd-time': 1 },
      },
      'a counter beyond 2^53': {
        input: [ipfixMessage(wide(2n ** 60n))],
        packets: [MOST],
        damage: { 'counter-overflow': 1 },
      },
      'a wrong header': { input: [ipfixMessage([set(1, wholeData(5))])], packets: [], damage: {} },
    },
  },
  {
    name: 'an IPFIX file',
    takes: {
      'a missing template': inOne(wire['a missing template']),
      'a template that is redefined': inOne(wire['a template that is redefined']),
      'fields of no length': inOne(wire['fields of no length']),
      'an unknown extension': inOne(wire['an unknown extension']),
      'a truncated block': { input: wire.cut(7), packets: [], damage: { 'truncated-file': 1 } },
      'an absurd time': {
        input: ipfixMessage(wide(5n, YEAR_2243, YEAR_2243)),
        packets: [5],
        damage: { 'absurd-time': 1 },
      },
      'a counter beyond 2^53': {
        input: ipfixMessage(wide(2n ** 60n)),
        packets: [MOST],
        damage: { 'counter-overflow': 1 },
      },
      'a wrong header': {
        input: Uint8Array.from(
          Buffer.concat([ipfixMessage(wide(5n)), Buffer.from('not a message of it at all')]),
        ),
        packets: [5],
        damage: { 'bad-block': 1 },
      },
    },
  },
  {
    name: 'sFlow v5',
    takes: {
      'a missing template': NO_TEMPLATES,
      'a template that is redefined': NO_TEMPLATES,
      'fields of no length': {
        input: [
          sflowDatagram([
            { format: 1, body: sample(new Writer().u32(1001, 0).take(), rawHeader()) },
            { format: 1, body: new Uint8Array(0) },
          ]),
        ],
        packets: [1],
        damage: { 'bad-record': 1 },
      },
      'a truncated block': {
        input: [
          sflowDatagram([
            { format: 1, body: sample(rawHeader()) },
            { format: 1, body: sample(rawHeader()) },
          ]).slice(0, -8),
        ],
        packets: [1],
        damage: { 'bad-block': 1 },
      },
      'an absurd time': 'its samples have none: they are of the time of their arrival',
      'a counter beyond 2^53': 'each sample is one packet, and its length has 32 bits',
      'an unknown extension': {
        input: [
          sflowDatagram([
            { format: (4300 << 12) | 7, body: sample() },
            { format: 1, body: sample(new Writer().u32((8800 << 12) | 1, 8, 1, 2).take(), rawHeader()) },
          ]),
        ],
        packets: [1],
        damage: {},
      },
      'a wrong header': {
        input: [
          (() => {
            const bytes = sflowDatagram([{ format: 1, body: sample(rawHeader()) }]);
            bytes[7] = 9;
            return bytes;
          })(),
        ],
        packets: [],
        damage: {},
      },
    },
  },
  {
    name: 'nfcapd of layout 2',
    takes: {
      'a missing template': 'its records name their extensions themselves',
      'a template that is redefined': 'its records name their extensions themselves',
      'fields of no length': {
        input: nfcapd2([
          [
            v3Record({ ...FLOW, extra: [{ type: 27, payload: new Uint8Array(0) }] }),
            v3Record({ ...FLOW, packets: 6 }),
          ],
        ]),
        packets: [5, 6],
        damage: {},
      },
      'a truncated block': {
        input: nfcapd2([[v3Record(FLOW)], [v3Record(FLOW)]]).slice(0, -3),
        packets: [5],
        damage: { 'truncated-file': 1 },
      },
      'an absurd time': {
        input: nfcapd2([
          [v3Record({ ...FLOW, firstMs: YEAR_2243, lastMs: YEAR_2243, receivedMs: SECONDS * 1000 })],
        ]),
        packets: [5],
        damage: { 'absurd-time': 1 },
      },
      'a counter beyond 2^53': {
        input: nfcapd2([[v3Record({ ...FLOW, packets: 2n ** 60n })]]),
        packets: [MOST],
        damage: { 'counter-overflow': 1 },
      },
      'an unknown extension': {
        input: nfcapd2([
          [v3Record({ ...FLOW, extra: [{ type: 77, payload: Buffer.from('unheard-of') }] }), v3Record(FLOW)],
        ]),
        packets: [5, 5],
        damage: {},
      },
      'a wrong header': {
        input: (() => {
          const bytes = nfcapd2([[v3Record(FLOW)]]);
          bytes[0] = 0x0d;
          return bytes;
        })(),
        packets: [],
        damage: { 'not-a-flow-log': 1 },
      },
    },
  },
  {
    name: 'nfcapd of layout 1',
    takes: {
      'a missing template': {
        input: layout1((bytes) => {
          bytes[MAP_AT + 4] = 9;
        }),
        packets: [5, 5],
        damage: { 'unknown-template': 2 },
      },
      'a template that is redefined': {
        // The file twice over is one file: its map comes again, with counters of the way back.
        input: (() => {
          const first = nfcapd1([4], [{ ...FLOW, data: (writer) => writer.u16(3, 4) }]);
          const second = nfcapd1(
            [4, 14, 16],
            [{ ...FLOW, packets: 6, data: (writer) => writer.u16(3, 4).u32(7, 700) }],
          );
          const joined = Uint8Array.from(Buffer.concat([first, second.subarray(276)]));
          joined[8] = 2;
          return joined;
        })(),
        packets: [5, 6],
        damage: {},
      },
      'fields of no length': 'the sizes of its extensions are fixed',
      'a truncated block': {
        input: layout1(() => {}).slice(0, -3),
        packets: [],
        damage: { 'truncated-file': 1 },
      },
      'an absurd time': {
        input: nfcapd1([], [{ ...FLOW, firstMs: YEAR_2106, lastMs: YEAR_2106 }]),
        packets: [5],
        damage: { 'absurd-time': 1, 'no-time': 1 },
      },
      'a counter beyond 2^53': {
        input: nfcapd1([], [{ ...FLOW, packets: 2n ** 60n, isWide: true }]),
        packets: [MOST],
        damage: { 'counter-overflow': 1 },
      },
      'an unknown extension': {
        input: nfcapd1([4, 99], [{ ...FLOW, data: (writer) => writer.u16(3, 4).u32(1, 2) }]),
        packets: [5],
        damage: { 'unknown-record': 1 },
      },
      'a wrong header': {
        input: layout1((bytes) => {
          bytes[2] = 7;
        }),
        packets: [],
        damage: { 'unsupported-version': 1 },
      },
    },
  },
];

async function read(
  input: Tried['input'],
): Promise<{ flows: readonly ReadFlow[]; damage: Record<string, number> }> {
  const isFile = input instanceof Uint8Array;
  if (!isFile) {
    const { flows, collector } = collect(input);
    return { flows, damage: Object.fromEntries(collector.damage.map(({ kind, count }) => [kind, count])) };
  }
  const { flows, result } = await readFlows(input[0] === 0 ? ipfix : nfcapd, input);
  return { flows, damage: Object.fromEntries(result.damage.map(({ kind, count }) => [kind, count])) };
}

describe.each(FORMATS)('$name', ({ takes }) => {
  for (const trap of TRAPS) {
    const tried = takes[trap];
    if (typeof tried === 'string') {
      it(`cannot have ${trap}: ${tried}`, () => expect(tried).not.toBe(''));
      continue;
    }
    it(`takes ${trap}`, async () => {
      const { flows, damage } = await read(tried.input);
      expect(damage).toEqual(tried.damage);
      expect(flows.map(({ packets }) => packets)).toEqual(tried.packets);
      for (const { flow, startMs } of flows) {
        expect(flow).toMatch(/^6 192\.0\.2\.10:\d+ > 198\.51\.100\.20:\d+$/);
        // Unknown is better than absurd.
        expect(startMs > SECONDS * 1000).toBe(false);
      }
    });
  }
});
