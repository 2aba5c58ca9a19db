/**
 * What nfdump printed against the files it printed from: the tables that lie beside the laboratory's exports, and
 * every output mode of the nfdump that is installed, read back.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { nfdumpJson } from '../../../src/readers/json/nfdump-json.ts';
import { nfdumpCsv } from '../../../src/readers/tables/nfdump-csv.ts';
import { flowsFolder } from '../../support/corpus.ts';
import { readFlows, type SaidFlow } from '../../support/flow-reading.ts';

const folder = flowsFolder();
const EXPORTS = ['office-a-v5', 'office-a-v9', 'office-a-ipfix'];

function nfdump(file: string, mode: string, zone = 'UTC'): string | null {
  try {
    const options = {
      encoding: 'utf8' as const,
      env: { ...process.env, TZ: zone },
      stdio: ['ignore', 'pipe', 'ignore'] as const,
    };
    return execFileSync('nfdump', ['-q', '-r', file, '-o', mode], { ...options, stdio: [...options.stdio] });
  } catch {
    return null;
  }
}

const isInstalled = folder !== null && nfdump(path.join(folder, 'office-a-v5.nfcapd'), 'csv') !== null;
const WHY_NOT = 'nfdump or the laboratory exports are not here';

/** Without what the plain csv does not print. */
function plain({ flags: _flags, exporter: _exporter, ...flow }: SaidFlow): SaidFlow {
  return flow;
}

describe('tables of nfdump 1.7', () => {
  const HEADER = 'firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,flows';

  it('are of local time, multiplied, and print ICMP as type.code', async () => {
    const log = `${HEADER}\n2023-11-14 17:12:20.500,59.000,6,192.0.2.10,51000,198.51.100.20,3333,500,64000,1\n2023-11-14 17:12:20.500,0.000,58,::,0,ff02::1,135.0,1,72,1\n`;
    const { flows, damage, result } = await readFlows(nfdumpCsv, log, { timeZone: 'America/New_York' });
    expect(result.hasLocalTimes).toBe(true);
    const start = '2023-11-14T22:12:20.500000Z';
    const nobodyKnows = { sampling: 0, scaled: true };
    expect(flows).toEqual([
      {
        number: 1,
        start,
        end: '2023-11-14T22:13:19.500000Z',
        from: '192.0.2.10:51000',
        to: '198.51.100.20:3333',
        protocol: 6,
        sent: [500, 64000],
        ...nobodyKnows,
      },
      {
        number: 2,
        start,
        end: start,
        from: '[0000:0000:0000:0000:0000:0000:0000:0000]:0',
        to: '[ff02:0000:0000:0000:0000:0000:0000:0001]:0',
        protocol: 58,
        sent: [1, 72],
        ...nobodyKnows,
      },
    ]);
    expect(damage).toEqual({});
  });

  it('may carry the way back, flags and the exporter', async () => {
    const log = [
      'firstSeen,lastSeen,proto,srcAddr,srcPort,dstAddr,dstPort,flags,inPackets,inBytes,outPackets,outBytes,routerIP',
      '1699999940.500,1699999999.500,6,192.0.2.10,51000,198.51.100.20,3333,...AP.SF,8,640,6,590,127.0.0.1',
      '1699999940.500,1699999999.500,6,192.0.2.10,51000,198.51.100.20,3333,......S.,1,60,0,0,127.0.0.1',
      '',
    ].join('\n');
    const { flows, result } = await readFlows(nfdumpCsv, log);
    expect(result.hasLocalTimes).toBe(false);
    const same = {
      start: '2023-11-14T22:12:20.500000Z',
      end: '2023-11-14T22:13:19.500000Z',
      from: '192.0.2.10:51000',
      to: '198.51.100.20:3333',
      protocol: 6,
      sampling: 0,
      scaled: true,
      exporter: 1,
    };
    expect(flows).toEqual([
      { number: 1, ...same, sent: [8, 640], received: [6, 590], flags: 0x1b },
      { number: 2, ...same, sent: [1, 60], flags: 2 },
    ]);
  });
});

it('reads the table of nfdump 1.6 up to its summary', async () => {
  const log = [
    'ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt,in,out,sas,das,smk,dmk',
    '2023-11-14 22:12:20,2023-11-14 22:13:19,59.000,192.0.2.10,198.51.100.20,51000,3333,TCP,.AP.SF,0,0,8,640,0,0,3,4,0,0,24,24',
    'Summary',
    'flows,bytes,packets,avg_bps,avg_pps,avg_bpp',
    '1,640,8,86,0,80',
    '',
  ].join('\n');
  const { flows, damage } = await readFlows(nfdumpCsv, log);
  expect(flows.map(({ from, to, sent, protocol, flags }) => ({ from, to, sent, protocol, flags }))).toEqual([
    { from: '192.0.2.10:51000', to: '198.51.100.20:3333', sent: [8, 640], protocol: 6, flags: 0x1b },
  ]);
  expect(damage).toEqual({});
});

describe.skipIf(folder === null)('the laboratory exports', () => {
  it.each(EXPORTS)('%s.csv holds as many records and bytes as its lines', async (name) => {
    const text = readFileSync(path.join(folder ?? '', `${name}.csv`), 'utf8');
    const rows = text
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
    const { flows, damage } = await readFlows(nfdumpCsv, text);
    expect(damage).toEqual({});
    expect(flows.map(({ sent, protocol }) => [...sent, protocol])).toEqual(
      rows.map((cells) => [Number(cells[7]), Number(cells[8]), Number(cells[2])]),
    );
  });
});

describe.skipIf(!isInstalled)(`every output mode (${isInstalled ? 'nfdump is here' : WHY_NOT})`, () => {
  it.each(EXPORTS)('%s says the same', async (name) => {
    const file = path.join(folder ?? '', `${name}.nfcapd`);
    const beside = await readFlows(nfdumpCsv, readFileSync(path.join(folder ?? '', `${name}.csv`)));
    const read = async (mode: string, zone?: string): Promise<readonly SaidFlow[]> => {
      const reading = await readFlows(
        mode.endsWith('json') ? nfdumpJson : nfdumpCsv,
        nfdump(file, mode, zone) ?? '',
        zone === undefined ? {} : { timeZone: zone },
      );
      expect(reading.damage).toEqual({});
      return reading.flows;
    };
    const fast = await read('csv-fast');
    expect(fast.map(plain)).toEqual(beside.flows);
    expect(await read('csv', 'America/New_York')).toEqual(beside.flows);
    const json = await read('json');
    expect(json).toEqual(await read('ndjson', 'Asia/Kathmandu'));
    expect(json.map(({ exporter: _exporter, ...flow }) => flow)).toEqual(fast);
  });
});
