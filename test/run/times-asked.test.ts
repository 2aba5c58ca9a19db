/** --since and --until: what lies outside counts nowhere, and what reaches over an edge counts whole and is said. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { headline, summaryAbove } from '../../src/report/summary.ts';
import { catalogueOf } from '../../src/statements/catalogue.ts';
import { CORPUS_ABSENT, corpusFolder, flowsFolder } from '../support/corpus.ts';
import { mergeAll, partOf } from '../support/merging.ts';
import { scanInputs } from '../support/scanning.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { remarksOf, textsOf } from '../support/texts.ts';

const en = catalogueOf('en');

const folder = temporaryFolder();
const us = (time: string): number => Date.parse(time) * 1000;
const lineOf = (audit: Audit, wanted: string): string =>
  summaryAbove(audit, 'UTC', en)
    .filter(({ label }) => label === wanted)
    .flatMap(({ phrases }) => phrases.flat())
    .join('');

describe('a capture of other times than were asked for', () => {
  const corpus = corpusFolder();
  const electrum = path.join(corpus ?? '', 'neg-electrum.pcap');

  it.skipIf(corpus === null)(`counts the packets of these (${corpus ?? CORPUS_ABSENT})`, async () => {
    const audit = await scanInputs([electrum], { sinceUs: us('2026-11-24T22:28:40Z') });
    // tshark -Y 'frame.time >= "2026-11-24 22:28:40"' finds 49 of 169.
    expect(audit.window).toMatchObject({ packets: 49, flows: 0 });
    expect(headline(audit, en)).toBe('No mining found in 1 conversation of 1 host; all could be judged.');
    expect(lineOf(audit, en.label.inputs)).toBe(
      '1 of 1 read; 30.6 kB, 169 packets; in the window 49 packets',
    );
    const before = await scanInputs([electrum], { untilUs: us('2026-11-24T22:28:40Z') });
    expect(before.window.packets).toBe(120);
  });

  it.skipIf(corpus === null)(`was read all the same (${corpus ?? CORPUS_ABSENT})`, async () => {
    const audit = await scanInputs([electrum], { untilUs: us('2020-01-01T00:00:00Z') });
    expect(headline(audit, en)).toBe(
      'Nothing in the time range: none of 169 packets from 1 input is in it. No conclusion is possible.',
    );
    expect(lineOf(audit, en.label.window)).toBe('none: no packet or flow in the time range');
    expect(textsOf(audit.notes)).toEqual([
      'none of 169 packets and flow records is between --since and --until',
    ]);
  });
});

describe('flow records that reach over an edge', () => {
  const HEADER = 'start,end,src,sport,dst,dport,proto,packets,bytes';
  const row = (start: number, end: number, port: number): string =>
    `${start},${end},192.0.2.1,${port},198.51.100.7,3333,6,10,1000`;
  const file = path.join(folder, 'flows.csv');
  const T0 = 1_700_000_000;
  // Before, over the first edge, inside, over the last one, after.
  const times = [
    [0, 50],
    [60, 110],
    [120, 180],
    [190, 260],
    [300, 320],
  ] as const;
  writeFileSync(
    file,
    `${[HEADER, ...times.map(([a, b], i) => row(T0 + a, T0 + b, 50_000 + i))].join('\n')}\n`,
  );
  const pools = path.join(folder, 'pools.txt');
  writeFileSync(pools, '198.51.100.7:3333\n');
  const asked = { poolFiles: [pools], sinceUs: (T0 + 100) * 1e6, untilUs: (T0 + 200) * 1e6 };

  it('count whole, with their own times, and the audit says how many they are', async () => {
    const audit = await scanInputs([file], asked);
    expect(audit.window).toEqual({
      start: '2023-11-14T22:14:20.000000Z',
      end: '2023-11-14T22:17:40.000000Z',
      seconds: 200,
      observed: [{ start: '2023-11-14T22:14:20.000000Z', end: '2023-11-14T22:17:40.000000Z' }],
      observedSeconds: 200,
      packets: 0,
      flows: 3,
    });
    expect(remarksOf(audit.notes)).toEqual([
      '2 of 3 flow records cross --since or --until: counted in full, and the window is extended to match',
    ]);
    // Three records of 1,000 bytes in 200 s, and the row spans all of them.
    const [host] = audit.hosts;
    expect(host.traffic.bytesOut).toBe(3000);
    expect(host.traffic.mbpsOut).toBeCloseTo((3000 * 8) / 200 / 1e6, 12);
    expect([audit.sessions[0].start, audit.sessions[0].end]).toEqual([audit.window.start, audit.window.end]);
    expect((await mergeAll([partOf(audit, 'whole')])).window).toEqual(audit.window);
  });

  it('are none where all lie inside', async () => {
    const audit = await scanInputs([file], { poolFiles: [pools] });
    expect(remarksOf(audit.notes)).toEqual([]);
    expect(audit.window.seconds).toBe(320);
    expect(headline({ ...audit, hosts: [] }, en)).toContain('in 5 conversations');
  });

  const exported = flowsFolder();
  it.skipIf(exported === null)(`are told in nfcapd, too (${exported ?? CORPUS_ABSENT})`, async () => {
    const log = path.join(exported ?? '', 'office-a-v9.nfcapd');
    const audit = await scanInputs([log], {
      sinceUs: us('2026-11-24T22:44:30Z'),
      untilUs: us('2026-11-24T22:44:31Z'),
    });
    // Counted in nfdump's own CSV of the same file.
    expect(textsOf(audit.notes)).toEqual([
      '15 of 21 flow records cross --since or --until: counted in full, and the window is extended to match',
      "nothing could be matched in the flow logs: the catalogue holds names, and these logs have none; look addresses up with 'minesweep pools resolve' and give the file with --pools, or give names with --names",
    ]);
  });
});
