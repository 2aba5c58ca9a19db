/** Leases that stand among the lines of a flow log name the machines of its flows. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { scanInputs } from '../support/scanning.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MAC = '02:1c:f0:00:00:17';
const END_S = Date.UTC(2026, 10, 24, 20) / 1000;

const eventTime = (s: number): string => `eventtime=${s}000000000`;
const lease = (s: number, message: string): string =>
  `${eventTime(s)} logid="0100026001" type="event" subtype="system" dhcp_msg="${message}" mac="${MAC}" ip=10.20.30.40 lease=86400 hostname="LAB-PC-17"`;
const ends = 'srcip=10.20.30.40 srcport=50123 dstip=203.0.113.77 dstport=10343 proto=6';

it.each([
  [
    'key=value',
    (line: string): string => `date=2026-11-24 time=20:00:00 devname="fw" devid="FGT60F" ${line}`,
  ],
  [
    'CEF',
    (line: string): string =>
      `<189>Nov 24 20:00:00 FGT CEF:0|Fortinet|Fortigate|v7.4|00013|${line.includes('traffic') ? 'traffic:forward close' : 'event:system'}|3|${line
        .replaceAll('"', '')
        .replace(
          /\b(eventtime|logid|subtype|dhcp_msg|mac|ip|lease|hostname|duration|sentpkt|rcvdpkt)=/g,
          'FTNTFGT$1=',
        )
        .replace('srcip=', 'src=')
        .replace('srcport=', 'spt=')
        .replace('dstip=', 'dst=')
        .replace('dstport=', 'dpt=')
        .replace('sentbyte=', 'out=')
        .replace('rcvdbyte=', 'in=')}`,
  ],
])('%s', async (_, line) => {
  const file = path.join(temporaryFolder('log'), 'fw.log');
  const lines = [
    lease(END_S - 14_400, 'Ack'),
    `${eventTime(END_S - 10_000)} type="event" subtype="system" dhcp_msg="Request" mac="${MAC}" ip=10.20.30.40`,
    `${eventTime(END_S)} logid="0000000013" type="traffic" subtype="forward" ${ends} duration=7200 sentbyte=90000 rcvdbyte=120000 sentpkt=700 rcvdpkt=800`,
    lease(END_S + 60, 'Release'),
  ];
  writeFileSync(file, `${lines.map(line).join('\n')}\n`);
  const pools = path.join(temporaryFolder('pools'), 'pools.txt');
  writeFileSync(pools, '203.0.113.77:10343\n');
  const { hosts } = await scanInputs([file], { poolFiles: [pools] });
  expect(hosts.find(({ ip }) => ip === '10.20.30.40')?.machines).toMatchObject([
    {
      mac: MAC,
      hostname: 'LAB-PC-17',
      from: '2026-11-24T16:00:00.000000Z',
      to: '2026-11-24T20:01:00.000000Z',
    },
  ]);
});
