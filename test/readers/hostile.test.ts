/** What is wrong with files in the field, format by format: each ends in a count, and the rest is read. */
import { describe, expect, it } from 'vitest';
import type { FlowFormat } from '../../src/readers/flow-format.ts';
import { FLOW_FORMATS } from '../../src/readers/index.ts';
import { eve } from '../../src/readers/json/eve.ts';
import { nfdumpJson } from '../../src/readers/json/nfdump-json.ts';
import { csv } from '../../src/readers/tables/csv.ts';
import { zeek } from '../../src/readers/tables/zeek.ts';
import { readFlows } from '../support/flow-reading.ts';

const HEADER = 'start,end,src,sport,dst,dport,proto,packets,bytes';
const ROW = '1700000000,1700000001,10.0.0.5,51000,198.51.100.20,3333,6,25,4000';
const table = (...rows: readonly string[]): string => `${[HEADER, ...rows].join('\n')}\n`;

const EVENT = JSON.stringify({
  timestamp: '2023-11-14T22:13:20.000000+0000',
  event_type: 'flow',
  src_ip: '10.0.0.5',
  src_port: 51000,
  dest_ip: '198.51.100.20',
  dest_port: 3333,
  proto: 'TCP',
  flow: {
    pkts_toserver: 1,
    pkts_toclient: 1,
    bytes_toserver: 60,
    bytes_toclient: 60,
    start: '2023-11-14T22:13:20Z',
    end: '2023-11-14T22:13:20Z',
  },
});
const NFDUMP = JSON.stringify(
  [1, 2].map(() => ({
    type: 'FLOW',
    first: '2023-11-14T22:13:20.000',
    last: '2023-11-14T22:13:21.000',
    in_packets: 1,
    in_bytes: 60,
    proto: 6,
    src_port: 1,
    dst_port: 2,
    src4_addr: '10.0.0.5',
    dst4_addr: '10.0.0.6',
  })),
  null,
  1,
);

describe('tables', () => {
  it.each([
    {
      name: 'mixed line ends and empty lines',
      log: `\ufeff${HEADER}\r\n\n\r\n${ROW}\n${ROW}\r\n`,
      flows: 2,
      damage: {},
    },
    { name: 'a last line without end', log: table(ROW) + ROW, flows: 2, damage: {} },
    {
      name: 'a last line that is cut',
      log: table(ROW) + ROW.slice(0, 30),
      flows: 1,
      damage: { 'unread-flow': 1 },
    },
    { name: 'a header that comes again', log: table(ROW) + table(ROW), flows: 2, damage: {} },
    {
      name: 'rows that are too short',
      log: table('1700000000', ROW),
      flows: 1,
      damage: { 'unread-flow': 1 },
    },
    {
      name: 'an address that is none',
      log: table(ROW.replace('10.0.0.5', '10.0.0.500'), ROW),
      flows: 1,
      damage: { 'bad-row': 1 },
    },
    {
      name: 'a port beyond 65535',
      log: table(ROW.replace('3333', '70000'), ROW),
      flows: 1,
      damage: { 'bad-row': 1 },
    },
    {
      name: 'negative counters',
      log: table(ROW.replace('4000', '-4000'), ROW),
      flows: 1,
      damage: { 'bad-row': 1 },
    },
    {
      name: 'counters with a fraction',
      log: table(ROW.replace('4000', '4000.7'), ROW),
      flows: 1,
      damage: { 'bad-row': 1 },
    },
    {
      name: 'a counter beyond 2^53, cut to it',
      log: table(ROW.replace('4000', '9'.repeat(400))),
      flows: 1,
      damage: { 'counter-overflow': 1 },
    },
    {
      name: 'a start far in the future',
      log: table(ROW.replace('1700000000', '99999999999')),
      flows: 1,
      damage: { 'absurd-time': 1 },
    },
    {
      name: 'an end before the start',
      log: table(ROW.replace('1700000001', '1600000000')),
      flows: 1,
      damage: { 'absurd-time': 1 },
    },
    {
      name: 'times that are 0',
      log: table(ROW.replace('1700000000,1700000001', '0,0')),
      flows: 1,
      damage: { 'no-time': 1 },
    },
    { name: 'a quote that never ends', log: table(`"${ROW}`, ROW, ROW), flows: 2, damage: { 'bad-row': 1 } },
    {
      name: 'text behind a closing quote',
      log: table(ROW.replace('10.0.0.5', '"10.0.0.5"x'), ROW),
      flows: 1,
      damage: { 'bad-row': 1 },
    },
    { name: 'NUL bytes', log: table('\0'.repeat(50), ROW), flows: 1, damage: { 'unread-flow': 1 } },
    {
      name: 'a line of 10 MB',
      log: table('x'.repeat(10e6), ROW, `${'y,'.repeat(5e6)}`, ROW),
      flows: 2,
      damage: { 'long-line': 2 },
    },
    { name: 'nothing', log: '', flows: 0, damage: { empty: 1 } },
    {
      name: 'another table',
      log: 'name,price\napple,3\n',
      flows: 0,
      damage: { 'missing-column': 4, 'unread-flow': 1 },
    },
  ])('$name', async ({ log, flows, damage }) => {
    const reading = await readFlows(csv, log);
    expect(reading.flows).toHaveLength(flows);
    expect(reading.damage).toEqual(damage);
  });

  it('cut a counter to 2^53 - 1', async () => {
    const { flows } = await readFlows(csv, table(ROW.replace('25', '18446744073709551615')));
    expect(flows[0]?.sent).toEqual([Number.MAX_SAFE_INTEGER, 4000]);
  });
});

describe('JSON', () => {
  it.each([
    { name: 'CRLF, empty lines, no last line end', log: `\r\n${EVENT}\r\n\n${EVENT}`, flows: 2, damage: {} },
    { name: 'objects on one line', log: EVENT + EVENT, flows: 2, damage: {} },
    {
      name: 'a last object that is cut',
      log: `${EVENT}\n${EVENT.slice(0, 99)}`,
      flows: 1,
      damage: { 'truncated-file': 1 },
    },
    {
      name: 'an object that was cut in the middle',
      log: `${EVENT.slice(0, 99)}\n${EVENT}\n`,
      flows: 1,
      damage: { 'bad-row': 1 },
    },
    { name: 'lines of something else', log: `hello\n${EVENT}\nworld\n`, flows: 1, damage: { 'bad-row': 2 } },
    {
      name: 'missing commas between members',
      log: `{"a" "b"}\n${EVENT}\n`,
      flows: 1,
      damage: { 'bad-row': 1 },
    },
    {
      name: 'nesting ten thousand deep',
      log: `{"x":${'['.repeat(1e4)}${']'.repeat(1e4)}}\n${EVENT}\n`,
      flows: 1,
      damage: {},
    },
    {
      name: 'objects ten thousand deep',
      log: `${'{"flow":'.repeat(1e4)}1${'}'.repeat(1e4)}\n${EVENT}\n`,
      flows: 1,
      damage: {},
    },
    {
      name: 'a line of 10 MB',
      log: `{"x":"${'y'.repeat(10e6)}"}\n${EVENT}\n`,
      flows: 1,
      damage: { 'long-line': 1 },
    },
    {
      name: 'members that are of another kind',
      log: `${EVENT.replace('"10.0.0.5"', '{"a":1}')}\n${EVENT}\n`,
      flows: 1,
      damage: { 'unread-flow': 1 },
    },
    {
      name: 'braces, quotes and backslashes in texts',
      log: `${EVENT.replace('"event_type"', '"a\\"}{":"\\\\","event_type"')}\n`,
      flows: 1,
      damage: {},
    },
  ])('$name', async ({ log, flows, damage }) => {
    const reading = await readFlows(eve, log);
    expect(reading.flows).toHaveLength(flows);
    expect(reading.damage).toEqual(damage);
  });

  it('counts a wreck in a pretty-printed array once', async () => {
    const { flows, damage } = await readFlows(nfdumpJson, NFDUMP.replace('"in_bytes": 60', '"in_bytes" 60'));
    expect(flows).toHaveLength(1);
    expect(damage).toEqual({ 'bad-row': 1 });
  });
});

const SAMPLES: readonly { readonly format: FlowFormat; readonly log: string }[] = [
  { format: csv, log: table(ROW, `"${ROW.replaceAll(',', '","')}"`, ROW) },
  { format: eve, log: `${EVENT}\r\n${EVENT}\n` },
  { format: nfdumpJson, log: NFDUMP },
  {
    format: zeek,
    log: '#separator \\x09\n#fields\tts\tid.orig_h\tid.resp_h\tid.resp_p\torig_pkts\n1700000000.5\t10.0.0.5\t10.0.0.6\t3333\t7\n',
  },
];

describe('blocks', () => {
  it.each(SAMPLES)('$format.id: the same records whatever a read brings', async ({ format, log }) => {
    const whole = await readFlows(format, log);
    expect(whole.flows.length).toBeGreaterThan(0);
    for (const step of [1, 2, 3, 7, 64]) expect(await readFlows(format, log, {}, step)).toEqual(whole);
  });
});

describe('the registry', () => {
  it.each(SAMPLES)('knows $format.id by its beginning', ({ format, log }) => {
    const head = Buffer.from(log).subarray(0, 4096);
    expect(FLOW_FORMATS.find((candidate) => candidate.sniff(head))?.id).toBe(format.id);
  });

  it.each([
    '',
    '\n',
    '{}',
    '[]',
    'GET / HTTP/1.1\r\n',
    '<html>',
    '{"name":"x"}',
    'a,b,c\n1,2,3\n',
    '\0\0\0\0',
    '{"event_type":"purge","ip_src":"10.0.0.1"}',
  ])('takes %j for no flow log', (text) => {
    expect(FLOW_FORMATS.find((candidate) => candidate.sniff(Buffer.from(text)))).toBeUndefined();
  });
});
