/** Rows read by WebAssembly against the same reader without it: the same records, damage and exporters, whatever stands in the cells. */
import { describe, expect, it } from 'vitest';
import type { FlowReadOptions } from '../../../src/readers/flow-reading.ts';
import { flowFormat } from '../../../src/readers/index.ts';
import * as Column from '../../../src/readers/tables/roles.ts';
import { ROOM_BYTES } from '../../../src/readers/tables/room.ts';
import { canRead, MOST_ROWS, RowProgram } from '../../../src/readers/tables/row-program.ts';
import { SLACK } from '../../../src/readers/tables/words.ts';
import { allocate } from '../../../src/wasm.ts';
import { random } from '../../support/random.ts';

/** Where the text begins in the memory: behind the room, at no round number. */
const TEXT_AT = ROOM_BYTES + 1027;
const memory = allocate(4 * 1024 * 1024);
const inMemory = new Uint8Array(memory.buffer, 0, 4 * 1024 * 1024);
const room = { memory, at: 0 };

/** What a reader makes of a header and a text behind it: all it tells, and where it stopped. */
function read(
  id: string,
  head: string,
  text: Uint8Array,
  bytes: Uint8Array,
  at: number,
  options: FlowReadOptions,
) {
  const told: unknown[] = [];
  const sink = {
    flow: (record: object) => told.push({ ...record }),
    name: (record: object) => told.push(record),
    alert: (record: object) => told.push(record),
  };
  const reader = flowFormat(id)?.rows?.(sink, options);
  if (reader === undefined) throw new Error(`no rows of ${id}`);
  const first = Buffer.alloc(head.length + 1 + SLACK);
  first.write(`${head}\n`);
  reader.consume(first, 0, head.length + 1);
  bytes.set(text, at);
  reader.blockOffset = 5000 - at;
  const rest = reader.consume(bytes, at, at + text.length) - at;
  const { rows, exporters } = reader;
  return { told, rest, rows, exporters, state: reader.state(), tally: reader.takeTally() };
}

function expectSame(
  id: string,
  head: string,
  text: string | Uint8Array,
  options: FlowReadOptions = {},
): void {
  const bytes = Buffer.from(text);
  const alone = read(id, head, bytes, new Uint8Array(bytes.length + SLACK), 0, options);
  const byProgram = read(id, head, bytes, inMemory, TEXT_AT, { ...options, room });
  expect(byProgram).toEqual(alone);
}

const { below, pick } = random(20_231_114);
const digits = (most: number): string => Array.from({ length: 1 + below(most) }, () => below(10)).join('');
const octet = (): string => pick([String(below(256)), String(below(1200)), `0${below(100)}`]);

/** Cells of every kind: plain ones, and others that fit the column or do not. */
const CELLS = {
  time: [
    () => String(1_700_000_000 + below(1e8)),
    () => `${1_700_000_000 + below(1e8)}.${digits(6)}`,
    () => String(1_700_000_000_000 + below(1e9)),
    () => `17${String(below(1e14)).padStart(14, '0')}${pick(['', '123'])}`,
    () => `${1_700_000_000 + below(1e8)}.${digits(12)}`,
    () => `17${digits(17)}`,
    () => pick(['0', '999999999', '4999999999', '5000000000', '1700000000.', '99999999999999']),
    () => pick(['2023-11-14 22:13:20.123', '2023/11/14T22:13:20Z', '1.7e9', '0x6553f100', '9999999999']),
  ],
  span: [
    () => digits(4),
    () => `${digits(8)}.${digits(6)}`,
    () => `${digits(10)}.${digits(9)}`,
    () => pick(['5.', '.5', '1.2.3', '.']),
  ],
  address: [
    () => `${below(256)}.${below(256)}.${below(256)}.${below(256)}`,
    () => `${below(10)}.${below(10)}.${below(10)}.${below(10)}`,
    () => `${octet()}.${octet()}.${octet()}.${octet()}`,
    () => pick(['2001:db8::1', '::ffff:10.0.0.1', '1.2.3', '1.2.3.4.5', '1..2.3', '.1.2.3.4', '1.2.3.4.']),
    () => pick(['1.2.3.4567', '12.34.56.7a', '256.1.1.1', '001.002.003.004', '1234567', 'localhost']),
  ],
  port: [
    () => String(below(65_536)),
    () => pick([digits(5), digits(10), '3.1', '65536', '0x1f', '00000443', '000000443']),
  ],
  count: [
    () => digits(4),
    () => digits(15),
    () => pick([digits(20), '1.5', '3.0', '0x10', '9007199254740993', '999999999999999']),
  ],
  protocol: [
    () => pick(['6', '17', 'tcp', 'UDP', 'icmp', 'ICMP', '255', '256']),
    () => pick(['ipv6-icmp', 'tc', 'tcpx', 'icmq', '1x', '\u0014cp', 'sctp']),
  ],
  flags: [() => pick(['27', '2', '...AP.SF', 'S', 'FSRPAU']), () => pick(['0x1b', '300', 'xyz', '.', '27x'])],
  history: [() => pick(['ShADadFf', 'S', '^hA', 'D', 'AAAA^']), () => pick(['Sh1', '[', '`', '@'])],
  word: [
    () => pick(['ACCEPT', 'REJECT', 'OK', 'NODATA', 'SKIPDATA', 'D', 'deny', `eni-${digits(2)}`, 'é']),
    () => pick(['a"b', `eni-${'0'.repeat(27)}`, `eni-${'0'.repeat(28)}`, 'a b', '\u0001', 'x'.repeat(300)]),
  ],
  any: [() => pick(['ssl', 'T', '', digits(3)]), () => 'x'.repeat(below(200))],
} as const;
/** How many of each kind are plain. */
const PLAIN = {
  time: 4,
  span: 2,
  address: 2,
  port: 1,
  count: 2,
  protocol: 1,
  flags: 1,
  history: 1,
  word: 1,
  any: 2,
};

/** Texts that are nearly what a column holds. */
const ODD = (
  '- -- . .. 0 00 -1 +1 1. .1 1.. 1.0 1.5 1.1234567 1e9 0x10 (empty) nix 999999999 1000000000 12345678 123456789 ' +
  '999999999999999 9999999999999999 99999999999999999999 9007199254740993 70000 65536 ' +
  '1.2.3.4 1.2.3 1.2.3.4.5 1.2.3.4. .1.2.3 1..2.3 1.2.3.4012 0001.2.3.4 1.2.3.256 1.2.3.999 255.255.255.255 1.2.3.a ' +
  '1234567.1.1.1 111.222.233.2444 a.b.c.d 1:2:3:4:5:6:7:8 ::1 ::ffff:1.2.3.4 fe80::1%eth0 1.2.3.4/24 ' +
  '0000000001 0999999999 1000000000.5 4999999999 5000000000 9999999999 1700000000. 1700000000.1 1700000000.123456 ' +
  '1700000000.1234567 1700000000a 1700000000.12345a 17000000001 170000000012 1700000000123 1700000000123.5 ' +
  '17000000001234 170000000012345 1700000000123456 17000000001234567 170000000012345678 1700000000123456789 ' +
  '170000000012345678a 17000000001234567890 1700000000.1.2 2023-11-14T22:13:20Z 2023/11/14.22:13:20 ' +
  'tcp TCP tCp tc tcpp udp Udp icmp Icmp icmq icmp6 6 06 006 256 1000 t u S SA .A.... ....S. ...AP.SF FSRPAUEC SX 27 0x1b ' +
  'ShADadFf ^ ^S S^ s1 [ ` @ { ACCEPT REJECT D dnat BLOCK bypass a"b "ab" "a""b" x\u0000 \u0001 \u007f \u00e9 \r \r1 1\r 1\rx ' +
  `${'0'.repeat(31)} ${'a'.repeat(31)} ${'a'.repeat(32)} ${'1'.repeat(300)}`
)
  .split(' ')
  .flatMap((text) => [text, ` ${text}`, `${text} `])
  .concat('');

function plainCell(kind: keyof typeof CELLS): string {
  return pick(CELLS[kind].slice(0, PLAIN[kind]))();
}

/** A cell of any kind, or one that is padded, quoted, empty or broken. */
function wildCell(kind: keyof typeof CELLS): string {
  const text = pick<() => string>(CELLS[kind])();
  const other = pick<() => string>(pick<readonly (() => string)[]>(Object.values(CELLS)))();
  return pick([
    text,
    text,
    text,
    '-',
    '',
    '(empty)',
    ` ${text}`,
    `${text} `,
    `"${text}"`,
    `${text}\r`,
    other,
  ]);
}

interface Table {
  readonly id: string;
  readonly head: string;
  readonly delimiter: string;
  readonly kinds: readonly (keyof typeof CELLS)[];
  readonly options?: FlowReadOptions;
}

const CSV =
  'start,end,srcaddr,srcport,dstaddr,dstport,protocol,packets,bytes,flags,action,samplinginterval,exporter,input';
const CSV_KINDS = [
  'time',
  'time',
  'address',
  'port',
  'address',
  'port',
  'protocol',
  'count',
  'count',
  'flags',
  'word',
  'count',
  'word',
  'any',
] as const;
const ZEEK = [
  'ts',
  'uid',
  'id.orig_h',
  'id.orig_p',
  'id.resp_h',
  'id.resp_p',
  'proto',
  'service',
  'duration',
  'orig_bytes',
  'resp_bytes',
  'history',
  'orig_pkts',
  'resp_pkts',
  'tunnel',
];
const ZEEK_KINDS = [
  'time',
  'any',
  'address',
  'port',
  'address',
  'port',
  'protocol',
  'any',
  'span',
  'count',
  'count',
  'history',
  'count',
  'count',
  'any',
] as const;
const VPC =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';
const VPC_KINDS = [
  'any',
  'any',
  'word',
  'address',
  'address',
  'port',
  'port',
  'protocol',
  'count',
  'count',
  'time',
  'time',
  'word',
  'word',
] as const;

const TABLES: readonly Table[] = [
  { id: 'csv', head: CSV, delimiter: ',', kinds: CSV_KINDS },
  {
    id: 'csv',
    head: CSV.replaceAll(',', '\t'),
    delimiter: '\t',
    kinds: CSV_KINDS,
    options: { samplingInterval: 100 },
  },
  {
    id: 'csv',
    head: 'srcaddr;dstaddr;dstport;start;duration',
    delimiter: ';',
    kinds: ['address', 'address', 'port', 'time', 'span'],
  },
  {
    id: 'zeek',
    head: `#separator \\x09\n#path\tconn\n#fields\t${ZEEK.join('\t')}`,
    delimiter: '\t',
    kinds: ZEEK_KINDS,
  },
  {
    id: 'zeek',
    head: `#separator |\n#unset_field|nix\n#fields|${ZEEK.join('|')}`,
    delimiter: '|',
    kinds: ZEEK_KINDS,
  },
  { id: 'aws-vpc', head: VPC, delimiter: ' ', kinds: VPC_KINDS },
  {
    id: 'aws-vpc',
    head: `${VPC} pkt-srcaddr pkt-dstaddr tcp-flags`,
    delimiter: ' ',
    kinds: [...VPC_KINDS, 'address', 'address', 'flags'],
  },
  { id: 'aws-vpc', head: `pkt-srcaddr ${VPC}`, delimiter: ' ', kinds: ['address', ...VPC_KINDS] },
];

describe('rows of a table by WebAssembly', () => {
  for (const [number, { id, head, delimiter, kinds, options }] of TABLES.entries()) {
    it(`are read as ${id} reads them (${number})`, () => {
      for (const wildness of [0, 2, 30]) {
        const lines = Array.from({ length: 3000 }, () => {
          const wild = wildness > 0 && below(wildness) === 0 ? below(kinds.length) : -1;
          const cells = kinds.map((kind, column) => (column === wild ? wildCell(kind) : plainCell(kind)));
          if (wildness > 0 && below(100) === 0) cells.length = below(cells.length);
          if (wildness > 0 && below(100) === 0) cells.push('more', 'cells');
          return cells.join(delimiter) + pick(['\n', '\n', '\n', '\r\n']);
        });
        if (wildness > 0) {
          lines.splice(100, 0, '\n', '\r\n', '#close\n', `${head}\n`, `${'x'.repeat(40_000)}\n`, '\0\n');
          lines.splice(200, 0, `${delimiter.repeat(30)}\n`);
          lines.push('"open\n');
        }
        expectSame(id, head, lines.join(''), options);
      }
    });
  }

  it('hold any text in any cell', () => {
    for (const { id, head, delimiter, kinds, options } of TABLES) {
      const lines = kinds.flatMap((_, column) =>
        ODD.flatMap((text) => [
          kinds.map(plainCell), // a reader gives up where nothing is plain
          kinds.map((kind, at) => (at === column ? text : plainCell(kind))),
        ]),
      );
      const text = lines.map((cells) => `${cells.join(delimiter)}\n`).join('');
      expectSame(id, head, text, options);
    }
  });

  it('are told from others by single bytes', () => {
    const row = '1700000000,1700000001,10.0.0.5,51000,198.51.100.20,3333,6,25,4000,27,ACCEPT,1,sensor,x\n';
    const texts = Array.from({ length: row.length * 256 }, (_, which) => {
      const bytes = Buffer.from(row, 'latin1');
      bytes[which >> 8] = which & 255;
      return bytes;
    });
    expectSame('csv', CSV, Buffer.concat(texts));
  });

  it('take what follows another header', () => {
    const rows = '10.0.0.1,10.0.0.2,3333,1700000000\n'.repeat(300);
    const zeek = (fields: string) => `#separator ,\n#path,conn\n#fields,${fields}`;
    const other = `${zeek('id.resp_h,id.orig_h,id.resp_p,ts')}\n`;
    expectSame('zeek', zeek('id.orig_h,id.resp_h,id.resp_p,ts'), rows + other + rows);
  });

  it('come out all where they are plain', () => {
    const roles = Uint8Array.of(Column.START, Column.SOURCE, Column.SKIP, Column.DESTINATION_PORT);
    const layout = { delimiter: 0x2c, isQuoted: true, roles, others: [], samplingInterval: 0 };
    const text = Buffer.from('1700000000,10.0.0.1,x,3333\n'.repeat(100));
    const program = new RowProgram(layout, room);
    inMemory.set(text, TEXT_AT);
    program.mark(TEXT_AT, TEXT_AT + text.length);
    expect(program.read(TEXT_AT)).toBe(MOST_ROWS);
    expect(program.read(program.at)).toBe(100 - MOST_ROWS);
    expect(program.at).toBe(TEXT_AT + text.length);
    expect(canRead(layout)).toBe(true);
    expect(canRead({ roles: Uint8Array.of(Column.ARROW) })).toBe(false);
  });
});
