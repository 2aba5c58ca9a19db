/** One clock that is wrong makes no window of decades; archives of several years are left alone. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { REPO_ROOT } from '../support/corpus.ts';
import { scanInputs } from '../support/scanning.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
let files = 0;
function log(startSeconds: number, rows: number): string {
  const file = path.join(folder, `${files++}.csv`);
  const row = (i: number): string =>
    `${startSeconds + i},${startSeconds + i + 1},10.0.0.5,40000,198.51.100.9,3333,6,10,1000\n`;
  writeFileSync(
    file,
    `start,end,src,sport,dst,dport,proto,packets,bytes\n${Array.from({ length: rows }, (_, i) => row(i)).join('')}`,
  );
  return file;
}

it('an input whose clock was never set is told apart, and said', async () => {
  const outlier = log(100, 2);
  const { window, notes } = await scanInputs([log(1_700_000_000, 50), outlier, log(1_700_003_000, 50)]);
  expect(window.start?.slice(0, 10)).toBe('2023-11-14');
  expect(window.seconds).toBeLessThan(4000);
  expect(
    notes.map(({ code, text }) => [code, text.includes(outlier), text.includes('1970-01-01')]),
  ).toContainEqual(['times-apart', true, true]);
});

it('a clock ahead by decades likewise', async () => {
  const { window } = await scanInputs([log(1_700_000_000, 50), log(3_600_000_000, 2)]);
  expect(window.end?.slice(0, 4)).toBe('2023');
});

it('archives of two years are both in the window', async () => {
  const { window, notes } = await scanInputs([log(1_600_000_000, 50), log(1_700_000_000, 50)]);
  expect([window.start?.slice(0, 4), window.end?.slice(0, 4)]).toEqual(['2020', '2023']);
  expect(notes.map(({ code }) => code)).not.toContain('times-apart');
});

it('a log of its own clock near 1970 has its own window', async () => {
  const { window, notes } = await scanInputs([log(100, 5)]);
  expect(window.start?.slice(0, 10)).toBe('1970-01-01');
  expect(notes.map(({ code }) => code)).not.toContain('times-apart');
});

it('a few records of one file with another clock are told apart, and said', async () => {
  const file = log(1_700_000_000, 50);
  const row = (at: number): string => `${at},${at + 1},10.0.0.5,40000,198.51.100.9,3333,6,10,1000\n`;
  appendFileSync(file, row(3_600_000_000) + row(1_700_000_060));
  const { window, notes, inputs } = await scanInputs([file]);
  expect([window.start?.slice(0, 10), window.end?.slice(0, 10)]).toEqual(['2023-11-14', '2023-11-14']);
  expect(inputs[0]?.last?.slice(0, 10)).toBe('2023-11-14');
  expect(notes.map(({ code, text }) => [code, text.includes(file), text.includes('2084')])).toContainEqual([
    'times-apart',
    true,
    true,
  ]);
});

it('a file of two years is whole, whichever has more', async () => {
  const file = log(1_600_000_000, 30);
  const row = (at: number): string => `${at},${at + 1},10.0.0.5,40000,198.51.100.9,3333,6,10,1000\n`;
  appendFileSync(file, Array.from({ length: 9 }, (_, i) => row(1_700_000_000 + i)).join(''));
  const { window } = await scanInputs([file]);
  expect([window.start?.slice(0, 4), window.end?.slice(0, 4)]).toEqual(['2020', '2023']);
});

it.each([60, 66, 67, 132])('a packet of 2103 in a session (%i) makes it no longer', async (packet) => {
  const clean = path.join(REPO_ROOT, 'fixtures/stratum-v1/btc-minerd.pcap');
  const bytes = readFileSync(clean);
  let at = 24;
  for (let i = 0; i < packet; i++) at += 16 + bytes.readUInt32LE(at + 8);
  bytes.writeUInt32LE(4_200_000_000, at);
  const file = path.join(folder, `${files++}.pcap`);
  writeFileSync(file, bytes);
  const [of, whole] = [await scanInputs([file]), await scanInputs([clean])];
  expect(of.sessions[0]?.end.slice(0, 19)).toBe(whole.sessions[0]?.end.slice(0, 19));
  const [rate, true95] = [of, whole].map(({ hosts }) =>
    hosts[0]?.hashrate.find((row) => row.basis === 'shares'),
  );
  expect((rate?.estimate ?? 0) / (true95?.estimate ?? 1)).toBeCloseTo(1, 1);
});

it('records without a time leave the window as it is', async () => {
  const file = log(1_700_000_000, 3000);
  // Alone they are only counted, between two batches of records.
  appendFileSync(file, 'x,x,10.0.0.5,40000,198.51.100.9,3333,6,10,1000\n');
  appendFileSync(file, '1700003000,1700003001,10.0.0.5,40000,198.51.100.9,3333,6,10,1000\n');
  const { window } = await scanInputs([file]);
  expect([window.start, window.end]).toEqual(['2023-11-14T22:13:20.000000Z', '2023-11-14T23:03:21.000000Z']);
});
