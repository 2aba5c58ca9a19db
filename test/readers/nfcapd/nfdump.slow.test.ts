/**
 * Flow records of nfcapd files against nfdump's own reading of the same bytes: what nfdump prints as CSV is what we read,
 * record by record. Skipped with a word where nfdump is not installed.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { nfcapd } from '../../../src/readers/nfcapd/nfcapd.ts';
import { flowsFolder } from '../../support/corpus.ts';
import { readFlows, type SaidFlow } from '../../support/flow-reading.ts';
import { nfcapd2, v3Record } from '../../support/flow-writer.ts';
import { random } from '../../support/random.ts';

const hasNfdump = spawnSync('nfdump', ['-V']).status === 0;
const absent = hasNfdump ? '' : ' (skipped: nfdump is not installed)';
const folder = mkdtempSync(path.join(tmpdir(), 'minesweep-nfdump-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What both say of a record: first, duration in ms, protocol, ends, packets, bytes. */
type Row = readonly (string | number)[];

/** As nfdump prints it, in the zone that is asked for. */
function byNfdump(file: string): Row[] {
  const text = execFileSync('nfdump', ['-r', file, '-o', 'csv', '-N'], {
    encoding: 'utf8',
    env: { ...process.env, TZ: 'UTC' },
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [header = '', ...lines] = text.trim().split('\n');
  const names = header.split(',');
  const column = (name: string): number => names.indexOf(name);
  expect(column('srcAddr')).toBeGreaterThan(0);
  return lines
    .map((line) => line.split(','))
    .filter((cells) => cells.length === names.length)
    .map((cells) => {
      const cell = (name: string): string => cells[column(name)] ?? '';
      const protocol = Number(cell('proto'));
      const port = (name: string): number => (protocol === 1 || protocol === 58 ? 0 : Number(cell(name)));
      return [
        cell('firstSeen'),
        Math.round(Number(cell('duration')) * 1000),
        protocol,
        `${canonical(cell('srcAddr'))} ${port('srcPort')}`,
        `${canonical(cell('dstAddr'))} ${port('dstPort')}`,
        Number(cell('packets')),
        Number(cell('bytes')),
      ];
    });
}

/** nfdump reads the blocks of a file in several threads, and prints them in whatever order they come. */
function inAnyOrder(rows: readonly Row[]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}

function canonical(address: string): string {
  return address.includes(':') ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
}

function byUs({ start, end, from, to, protocol, sent }: SaidFlow): Row {
  const ends = [from, to].map((each) => {
    const at = each.lastIndexOf(':');
    return `${canonical(each.slice(0, at).replace(/^\[|\]$/g, ''))} ${each.slice(at + 1)}`;
  });
  const first = start.replace('T', ' ').slice(0, 23);
  return [first, (Date.parse(end) - Date.parse(start)) | 0, protocol, ends[0] ?? '', ends[1] ?? '', ...sent];
}

const AUTONOMOUS = { type: 7, payload: new Uint8Array(8) };
const ROUTER = { type: 12, payload: new Uint8Array(4) };

/** Records of every size and kind that nfdump and we read alike: IPv4 and IPv6, TCP, UDP and ICMP, extensions in between. */
function anyFile(seed: number): Uint8Array {
  const draw = random(seed);
  const records = Array.from({ length: 5000 }, () => {
    const firstMs = 1_700_000_000_000 + draw.below(3_600_000);
    const isIpv6 = draw.chance(0.3);
    const end = (): string =>
      isIpv6
        ? `2001:db8:${draw.below(65536).toString(16)}::${(1 + draw.below(65535)).toString(16)}`
        : `${1 + draw.below(220)}.${draw.below(256)}.${draw.below(256)}.${draw.below(256)}`;
    return v3Record({
      firstMs,
      lastMs: firstMs + draw.below(600_000),
      source: end(),
      destination: end(),
      sourcePort: draw.below(65_536),
      destinationPort: draw.below(65_536),
      protocol: draw.pick([6, 6, 6, 17, 47, isIpv6 ? 58 : 1]),
      packets: 1 + draw.below(1_000_000),
      bytes: 1 + draw.below(2 ** 31),
      exporter: draw.below(3),
      ...(draw.chance(0.3) ? { direction: draw.below(2) } : {}),
      // Numbers of autonomous systems, and the router.
      extra: draw.chance(0.2) ? [draw.pick([AUTONOMOUS, ROUTER])] : [],
    });
  });
  return nfcapd2([records.slice(0, 10), records.slice(10, 3000), records.slice(3000)]);
}

describe.skipIf(!hasNfdump)(`nfcapd records are what nfdump reads${absent}`, () => {
  it.each([1, 2, 3])('of any kind: seed %i', async (seed) => {
    const file = path.join(folder, `any-${seed}.nfcapd`);
    const bytes = anyFile(seed);
    writeFileSync(file, bytes);
    const { flows } = await readFlows(nfcapd, bytes);
    const theirs = byNfdump(file);
    expect(theirs.length).toBe(5000);
    expect(inAnyOrder(flows.map(byUs))).toEqual(inAnyOrder(theirs));
  });

  const laboratory = flowsFolder();
  const files = laboratory === null ? [] : readdirSync(laboratory).filter((name) => name.endsWith('.nfcapd'));
  it.skipIf(files.length === 0).each(files)('of the laboratory: %s', async (name) => {
    const file = path.join(laboratory ?? '', name);
    const { flows } = await readFlows(nfcapd, readFileSync(file));
    expect(inAnyOrder(flows.map(byUs))).toEqual(inAnyOrder(byNfdump(file)));
  });
});
