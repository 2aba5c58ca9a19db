/**
 * A log of each text format with two rows, as its program writes them, and the traps that can be set in it: what is
 * broken in files of the field. The wording is made here, not by the code under test.
 */

/** What a row is to hold in place of what is ordinary. */
interface Row {
  /** Time of the first packet, in the format's own words. */
  readonly start?: string;
  /** Bytes sent: digits, or nothing. */
  readonly bytes?: string;
  /** A column or key that nobody knows. */
  readonly hasUnknown?: boolean;
  /** The column or key of the destination has another name. */
  readonly lacksDestination?: boolean;
  readonly isQuoted?: boolean;
}

export interface TextFormat {
  readonly id: string;
  /** Lines before the rows, without line ends. */
  readonly head: (row: Row) => readonly string[];
  readonly row: (row: Row) => string;
  /** Lines behind the rows. */
  readonly foot?: readonly string[];
  /** Between rows. */
  readonly comma?: string;
  /** A time in the year 5138 or later. */
  readonly absurd: string;
  /** A row of ten million bytes is this with as many letters put in for `~`. */
  readonly long: string;
  /** Damage by trap, and how many of two rows are read; two and none where it is not named. */
  readonly takes: Readonly<Partial<Record<Trap, Taken>>>;
}

export type Taken = readonly [flows: number, damage: Readonly<Record<string, number>>];

export const TRAPS = [
  'mixed line ends',
  'a row that is cut',
  'an absurd time',
  'a counter beyond 2^53',
  'an empty counter',
  'an unknown column',
  'a wrong header',
  'a quoted row',
  'a line of 10 MB',
] as const;
export type Trap = (typeof TRAPS)[number];

/** A table: names of the columns, the ordinary cells below them, and which of them the traps are set in. */
function table(
  names: string,
  cells: readonly string[],
  at: {
    readonly separator: string;
    readonly start: string;
    readonly bytes: string;
    readonly destination: string;
  },
  tail = '',
): Pick<TextFormat, 'head' | 'row'> {
  const columns = names.split(' ');
  const join = (all: readonly string[]): string => all.join(at.separator) + tail;
  return {
    head: ({ hasUnknown, lacksDestination }) => {
      const own = columns.map((name) => (lacksDestination && name === at.destination ? 'elsewhere' : name));
      return [join([...own, ...(hasUnknown ? ['unheard-of'] : [])])];
    },
    row: ({ start, bytes, hasUnknown, isQuoted }) => {
      const own = cells.map((cell, column) => {
        if (columns[column] === at.start) return start ?? cell;
        return columns[column] === at.bytes ? (bytes ?? cell) : cell;
      });
      return join([...own, ...(hasUnknown ? ['#!?'] : [])].map((cell) => (isQuoted ? `"${cell}"` : cell)));
    },
  };
}

/** An object a line, with BYTES where the number of bytes stands. */
function object(
  make: (start: string, destination: object) => object,
  start: string,
  key: string,
): Pick<TextFormat, 'head' | 'row'> {
  return {
    head: () => [],
    row: (row) => {
      const made = make(row.start ?? start, row.lacksDestination ? {} : { [key]: '198.51.100.20' });
      const unknown = row.hasUnknown ? { 'un"heard': { of: [1, { '}': ']' }] }, nothing: null } : {};
      return JSON.stringify({ ...made, ...unknown }).replace(
        /"?BYTES"?/,
        row.bytes === '' ? 'null' : (row.bytes ?? '4000'),
      );
    },
  };
}

const CUT_TABLE: Taken = [2, { 'unread-flow': 1 }];
const MISSING: Taken = [0, { 'missing-column': 1, 'unread-flow': 2 }];
const TIMELESS: Taken = [2, { 'absurd-time': 1, 'no-time': 1 }];
const UNQUOTED: Taken = [1, { 'bad-row': 1 }];
const OBJECTS = {
  'a row that is cut': [2, { 'truncated-file': 1 }],
  'a wrong header': [0, { 'unread-flow': 2 }],
} as const;

/** One row of each text format of the registry, and what becomes of it. */
export const TEXT_FORMATS: readonly TextFormat[] = [
  {
    id: 'csv',
    ...table(
      'start end src sport dst dport proto packets bytes',
      ['1700000000', '1700000001', '10.0.0.5', '51000', '198.51.100.20', '3333', '6', '25', '4000'],
      { separator: ',', start: 'start', bytes: 'bytes', destination: 'dst' },
    ),
    absurd: '99999999999',
    long: '~',
    takes: { 'a row that is cut': CUT_TABLE, 'a wrong header': MISSING },
  },
  {
    id: 'nfdump-csv',
    ...table(
      'firstSeen duration proto srcAddr srcPort dstAddr dstPort packets bytes flows',
      [
        '2023-11-14 22:13:20.000',
        '1.000',
        '6',
        '10.0.0.5',
        '51000',
        '198.51.100.20',
        '3333',
        '25',
        '4000',
        '1',
      ],
      { separator: ',', start: 'firstSeen', bytes: 'bytes', destination: 'dstAddr' },
    ),
    absurd: '9023-11-14 22:13:20.000',
    long: '~',
    takes: {
      'a row that is cut': [2, { 'bad-row': 1 }],
      'an absurd time': TIMELESS,
      'a wrong header': MISSING,
    },
  },
  {
    id: 'aws-vpc',
    ...table(
      'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status',
      '2 123456789012 eni-0a 10.0.0.5 198.51.100.20 51000 3333 6 25 4000 1700000000 1700000001 ACCEPT OK'.split(
        ' ',
      ),
      { separator: ' ', start: 'start', bytes: 'bytes', destination: 'dstaddr' },
    ),
    absurd: '99999999999',
    long: '~',
    // Half of it still names both ends: a flow without bytes and times.
    takes: {
      'a row that is cut': [3, { 'no-time': 1 }],
      'a wrong header': MISSING,
      'a quoted row': UNQUOTED,
    },
  },
  {
    id: 'silk',
    ...table(
      'sIP dIP sPort dPort pro packets bytes flags sTime duration eTime sen',
      '10.0.0.5 198.51.100.20 51000 3333 6 25 4000 S_PA 2023/11/14T22:13:20.000 1.000 2023/11/14T22:13:21.000 S0'.split(
        ' ',
      ),
      { separator: '|', start: 'sTime', bytes: 'bytes', destination: 'dIP' },
      '|',
    ),
    absurd: '9023/11/14T22:13:20.000',
    long: '~',
    takes: {
      'a row that is cut': [3, { 'absurd-time': 1, 'no-time': 1 }],
      'a wrong header': MISSING,
      'a quoted row': UNQUOTED,
    },
  },
  {
    id: 'argus',
    ...table(
      'StartTime LastTime Proto SrcAddr Sport Dir DstAddr Dport SrcPkts DstPkts SrcBytes DstBytes State',
      '1700000000.5 1700000001.5 tcp 10.0.0.5 51000 -> 198.51.100.20 3333 25 20 4000 3000 CON'.split(' '),
      { separator: ',', start: 'StartTime', bytes: 'SrcBytes', destination: 'DstAddr' },
    ),
    absurd: '99999999999',
    long: '~',
    takes: { 'a row that is cut': CUT_TABLE, 'a wrong header': MISSING },
  },
  {
    id: 'zeek',
    ...zeekTable(),
    absurd: '99999999999',
    long: '~',
    takes: {
      'a row that is cut': [2, { 'bad-row': 1 }],
      'an absurd time': TIMELESS,
      'a wrong header': MISSING,
      'a quoted row': UNQUOTED,
    },
  },
  {
    id: 'eve',
    ...object(
      (start, destination) => ({
        timestamp: '2023-11-14T22:13:21.000000+0000',
        event_type: 'flow',
        ...{ src_ip: '10.0.0.5', src_port: 51000, ...destination, dest_port: 3333, proto: 'TCP' },
        flow: {
          ...{ pkts_toserver: 25, pkts_toclient: 20, bytes_toserver: 'BYTES', bytes_toclient: 3000 },
          ...{ start, end: '2023-11-14T22:13:21.000000+0000' },
        },
      }),
      '2023-11-14T22:13:20.000000+0000',
      'dest_ip',
    ),
    absurd: '9023-11-14T22:13:20.000000+0000',
    long: '{"x":"~"}',
    takes: OBJECTS,
  },
  {
    id: 'zeek-json',
    ...object(
      (start, destination) => ({
        ...{ ts: Number(start), uid: 'C1', 'id.orig_h': '10.0.0.5', 'id.orig_p': 51000, ...destination },
        ...{ 'id.resp_p': 3333, proto: 'tcp', duration: 1, orig_pkts: 25, orig_ip_bytes: 'BYTES' },
        ...{ resp_pkts: 20, resp_ip_bytes: 3000, conn_state: 'SF' },
      }),
      '1700000000.5',
      'id.resp_h',
    ),
    absurd: '99999999999',
    long: '{"x":"~"}',
    takes: { ...OBJECTS, 'an absurd time': TIMELESS },
  },
  {
    id: 'json',
    ...object(
      (start, destination) => ({
        ...{ timestamp_start: start, timestamp_end: '2023-11-14T22:13:21.000Z', packets: 25, bytes: 'BYTES' },
        ...{ ip_proto: 'tcp', port_src: 51000, port_dst: 3333, ip_src: '10.0.0.5', ...destination },
      }),
      '2023-11-14T22:13:20.000Z',
      'ip_dst',
    ),
    absurd: '9023-11-14T22:13:20.000Z',
    long: '{"x":"~"}',
    takes: OBJECTS,
  },
  {
    id: 'nfdump-json',
    ...object(
      (start, destination) => ({
        ...{ type: 'FLOW', first: start, last: '2023-11-14T22:13:21.000', in_packets: 25, in_bytes: 'BYTES' },
        ...{ proto: 6, src_port: 51000, dst_port: 3333, src4_addr: '10.0.0.5', ...destination },
      }),
      '2023-11-14T22:13:20.000',
      'dst4_addr',
    ),
    absurd: '9023-11-14T22:13:20.000',
    long: '{"x":"~"}',
    takes: OBJECTS,
  },
  {
    id: 'gcp-vpc',
    ...object(
      (start, destination) => ({
        jsonPayload: {
          connection: { src_ip: '10.0.0.5', src_port: 51000, ...destination, dest_port: 3333, protocol: 6 },
          ...{ start_time: start, end_time: '2023-11-14T22:13:21Z', bytes_sent: 'BYTES', packets_sent: '25' },
          reporter: 'SRC',
        },
      }),
      '2023-11-14T22:13:20.000000000Z',
      'dest_ip',
    ),
    absurd: '9023-11-14T22:13:20.000Z',
    long: '{"x":"~"}',
    takes: OBJECTS,
  },
  {
    id: 'azure',
    head: ({ hasUnknown, lacksDestination }) => [
      `{"records":[{"category":"FlowLogFlowEvent",${hasUnknown ? '"unheard":{"of":["]"]},' : ''}"flowRecords":{`,
      `"flows":[{"flowGroups":[{"rule":"r","${lacksDestination ? 'others' : 'flowTuples'}":[`,
    ],
    row: ({ start, bytes }) =>
      `"${start ?? '1700000000000'},10.0.0.5,198.51.100.20,51000,3333,6,O,E,NX,25,${bytes ?? '4000'},20,3000"`,
    foot: [']}]}]}}]}'],
    comma: ',',
    absurd: '99999999999999',
    long: '"~"',
    takes: {
      'a row that is cut': [1, { 'truncated-file': 1 }],
      'a wrong header': [0, { 'unknown-record': 1 }],
      'an absurd time': TIMELESS,
    },
  },
];

function zeekTable(): Pick<TextFormat, 'head' | 'row'> {
  const { head, row } = table(
    'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto duration orig_pkts orig_ip_bytes resp_pkts resp_ip_bytes conn_state',
    '1700000000.5 C1 10.0.0.5 51000 198.51.100.20 3333 tcp 1.0 25 4000 20 3000 SF'.split(' '),
    { separator: '\t', start: 'ts', bytes: 'orig_ip_bytes', destination: 'id.resp_h' },
  );
  return { head: (given) => ['#separator \\x09', `#fields\t${head(given).join('')}`], row };
}

/** A log of two rows, the first of them with the trap. */
export function logOf(format: TextFormat, trap: Trap | null): string {
  const { head, row, foot = [], comma = '' } = format;
  const given: Row = {
    ...(trap === 'an absurd time' && { start: format.absurd }),
    ...(trap === 'a counter beyond 2^53' && { bytes: '9'.repeat(40) }),
    ...(trap === 'an empty counter' && { bytes: '' }),
    ...(trap === 'an unknown column' && { hasUnknown: true }),
    ...(trap === 'a wrong header' && { lacksDestination: true }),
    ...(trap === 'a quoted row' && { isQuoted: true }),
  };
  const whole = { hasUnknown: trap === 'an unknown column', lacksDestination: trap === 'a wrong header' };
  const lines = [...head(given), row(given) + comma, row(whole), ...foot];
  const text = `${lines.join('\n')}\n`;
  if (trap === 'mixed line ends') return `${lines.slice(0, -1).join('\r\n')}\n\r\n\n${lines.at(-1)}`;
  if (trap === 'a row that is cut') {
    const last = row(whole);
    return foot.length > 0
      ? text.slice(0, text.indexOf(last, text.indexOf(last) + 1) + (last.length >> 1))
      : text + last.slice(0, last.length >> 1);
  }
  if (trap !== 'a line of 10 MB') return text;
  const [long = '', tail = ''] = format.long.split('~');
  const filled = `${long}${'y'.repeat(10_000_000)}${tail}${comma}`;
  return `${[...head(given), filled, row(given) + comma, row(whole), ...foot].join('\n')}\n`;
}
