/** Rotated flow logs of several exporters, whatever they are called: a connection that goes on in the next is one. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { nfcapd2, v3Record } from '../support/flow-writer.ts';
import { scanInputs } from '../support/scanning.ts';
import { twoWayTable } from '../support/two-way-table.ts';

const work = mkdtempSync(path.join(tmpdir(), 'minesweep-order-'));
afterAll(() => rmSync(work, { recursive: true }));

const pools = path.join(work, 'pools.list');
writeFileSync(pools, '198.51.100.7:3333\n');
const START = Date.UTC(2026, 10, 24);
const HOURS = 12;

/** A record a minute of an hour; the connection is routed through `b` first, then through `a`. */
function hours(write: (hour: number, name: string) => void): string {
  const folder = mkdtempSync(path.join(work, 'log-'));
  for (const router of ['a', 'b']) mkdirSync(path.join(folder, router));
  for (let hour = 0; hour < HOURS; hour++) {
    write(hour, path.join(folder, hour < HOURS / 2 ? 'b' : 'a', `flows.${String(hour).padStart(2, '0')}`));
  }
  return folder;
}

const minutes = (hour: number): number[] =>
  Array.from({ length: 60 }, (_, at) => START + (hour * 60 + at) * 60_000);

it.each([
  {
    name: 'tables',
    folder: () =>
      hours((hour, file) => {
        const rows = minutes(hour).map(
          (ms) => `${ms},${ms + 55_000},192.0.2.1,50000,198.51.100.7,3333,6,10,900,9,1500`,
        );
        writeFileSync(file, twoWayTable(...rows));
      }),
  },
  {
    name: 'files of nfdump',
    folder: () =>
      hours((hour, file) => {
        const to = {
          source: '192.0.2.1',
          sourcePort: 50000,
          destination: '198.51.100.7',
          destinationPort: 3333,
        };
        const fro = {
          source: '198.51.100.7',
          sourcePort: 3333,
          destination: '192.0.2.1',
          destinationPort: 50000,
        };
        const records = minutes(hour).flatMap((firstMs) => {
          const times = { firstMs, lastMs: firstMs + 55_000 };
          return [
            v3Record({ ...times, ...to, packets: 10, bytes: 900 }),
            v3Record({ ...times, ...fro, packets: 9, bytes: 1500 }),
          ];
        });
        writeFileSync(file, nfcapd2([records]));
      }),
  },
])('$name are read in the order of their times', async ({ folder }) => {
  const { sessions, hosts } = await scanInputs([folder()], { poolFiles: [pools] });
  expect(hosts.map(({ ip, verdict }) => [ip, verdict])).toEqual([['192.0.2.1', 'probable']]);
  expect(sessions).toHaveLength(1);
  const [{ start, end, traffic, flow }] = sessions;
  expect([start, end]).toEqual(['2026-11-24T00:00:00.000000Z', '2026-11-24T11:59:55.000000Z']);
  expect([traffic.packetsOut, traffic.bytesOut, traffic.packetsIn, traffic.bytesIn]).toEqual([
    7200, 648_000, 6480, 1_080_000,
  ]);
  expect(flow).toMatchObject({ connections: 1, unanswered: 0, activeSeconds: HOURS * 3600 - 5 });
});
