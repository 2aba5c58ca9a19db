/** Inputs that are given twice: whole, packed, cut while they grew, in another format. Flow logs count once. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import type { Audit } from '../../../src/audit/audit.ts';
import { scanInputs } from '../../support/scanning.ts';
import { remarksOf } from '../../support/texts.ts';
import { laboratoryCapture } from '../../support/truth.ts';

const work = mkdtempSync(path.join(tmpdir(), 'minesweep-copies-'));
afterAll(() => rmSync(work, { recursive: true }));

const pools = path.join(work, 'pools.list');
writeFileSync(pools, '198.51.100.7:3333\n');

/** A minute a row from `first` on, 10 packets and 1,000 bytes up, 8 and 900 down. */
function rows(first: number, count: number, packets = 10): string[] {
  return Array.from({ length: count }, (_, at) => {
    const start = 1_700_000_000 + (first + at) * 60;
    return `${start},${start + 59},192.0.2.1,50000,198.51.100.7,3333,6,${packets},1000,8,900`;
  });
}
const HEADER = 'start,end,src,sport,dst,dport,proto,packets,bytes,reverse packets,reverse bytes';
const text = (lines: readonly string[]): string => `${[HEADER, ...lines].join('\n')}\n`;

function write(name: string, bytes: string | Uint8Array): string {
  const file = path.join(work, name);
  writeFileSync(file, bytes);
  return file;
}

async function trafficOf(files: readonly string[]): Promise<{ sum: number[]; notes: string[] }> {
  const { hosts, notes } = await scanInputs(files, { poolFiles: [pools] });
  const [{ bytesOut, bytesIn, packetsOut, packetsIn }] = hosts.map(({ traffic }) => traffic);
  return {
    sum: [bytesOut, bytesIn, packetsOut, packetsIn],
    notes: remarksOf(notes).filter((note) => /copies|twice/.test(note)),
  };
}

describe('a flow log that is given twice', () => {
  const whole = write('conn.csv', text(rows(0, 120)));
  const ONCE = [120_000, 108_000, 1200, 960];

  it('counts once, packed and unpacked', async () => {
    const packed = write('copy.csv.gz', gzipSync(text(rows(0, 120))));
    expect(await trafficOf([whole, packed])).toEqual({
      sum: ONCE,
      notes: [`${packed} starts like ${whole}: treated as copies, only the more complete one counts`],
    });
  });

  it.each([[100], [119]])('counts as the fuller one where a copy is cut at row %d', async (count) => {
    const cut = write(`cut-${count}.csv`, text(rows(0, count)));
    for (const files of [
      [whole, cut],
      [cut, whole],
    ]) {
      const { sum, notes } = await trafficOf(files);
      expect(sum).toEqual(ONCE);
      expect(notes).toHaveLength(1);
    }
  });

  it('counts once however many copies there are', async () => {
    const copies = [1, 2, 3].map((copy) => write(`copy-${copy}.csv`, text(rows(0, 120))));
    expect(await trafficOf([whole, ...copies])).toEqual({
      sum: ONCE,
      notes: [
        `${copies[0]} starts like ${whole} (and 2 more inputs likewise): treated as copies, only the more complete one counts`,
      ],
    });
  });

  it('is no copy where it is given for its names as well', async () => {
    const { notes, hosts } = await scanInputs([whole], { poolFiles: [pools], nameFiles: [whole] });
    expect(notes.filter(({ text }) => /as copies|twice/.test(text))).toEqual([]);
    expect(hosts.map(({ traffic }) => traffic.bytesOut)).toEqual([120_000]);
  });

  it('adds up where the log goes on in another file', async () => {
    const next = write('next.csv', text(rows(120, 60)));
    expect(await trafficOf([whole, next])).toEqual({ sum: [180_000, 162_000, 1800, 1440], notes: [] });
  });

  it('is none where the files have but a long header in common', async () => {
    const wide = Array.from({ length: 400 }, (_, at) => `further column ${at}`).join(',');
    const day = (name: string, first: number): string =>
      write(name, `${[`${HEADER},${wide}`, ...rows(first, 60)].join('\n')}\n`);
    const { sum, notes } = await trafficOf([day('day-1.csv', 0), day('day-2.csv', 60)]);
    expect(sum).toEqual([120_000, 108_000, 1200, 960]);
    expect(notes).toEqual([]);
  });

  it('is owned up to where as many records of the same times are not the same bytes', async () => {
    const other = write('other.csv', text(rows(0, 120, 11)));
    const { sum, notes } = await trafficOf([whole, other]);
    expect(sum).toEqual([240_000, 216_000, 2520, 1920]);
    expect(notes).toEqual([
      `${other} has the same number of records, at the same times, as ${whole}: if they are the same, they count twice`,
    ]);
  });
});

describe('a capture that is given twice', () => {
  const { capture } = laboratoryCapture('eth-proxy');
  const bytes = readFileSync(capture);
  const copy = write('copy.pcap', bytes);

  const traffic = ({ totals }: Audit) => [totals.traffic.bytesOut, totals.traffic.bytesIn, totals.hashrate];

  it('counts once, which the audit says', async () => {
    const log: string[] = [];
    const alone = await scanInputs([capture]);
    const both = await scanInputs([capture, copy], { log: (_, message) => log.push(message) });
    expect(traffic(both)).toEqual(traffic(alone));
    const [note] = both.notes;
    expect(note?.text).toMatch(
      /^\S+copy\.pcap: [\d.]+ k?B are of packets that captures read before have shown; they count once$/,
    );
    expect(log).toContain(note?.text);
  });

  it('counts once packed and cut, too', async () => {
    const packed = write('packed.pcap.gz', gzipSync(bytes));
    const cut = write('cut.pcap', bytes.subarray(0, bytes.length >> 1));
    const all = await scanInputs([capture, packed, cut]);
    expect(traffic(all)).toEqual(traffic(await scanInputs([capture])));
    expect(all.notes.map(({ code, params }) => [code, params.inputs])).toEqual([
      ['captures-overlap', [packed, cut]],
    ]);
  });
});
