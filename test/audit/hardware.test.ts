/**
 * Machines by the hardware address in their frames: a test writes which address each frame has, and whether a router forwarded it.
 */
import { describe, expect, it } from 'vitest';
import { AlertLedger } from '../../src/alerts/ledger.ts';
import { History } from '../../src/report/history/days.ts';
import { renderHistoryCsv } from '../../src/report/history/machine.ts';
import { renderPrometheus } from '../../src/report/prometheus.ts';
import { conversation } from '../support/conversation.ts';
import { mergeAll, partOf } from '../support/merging.ts';
import { JOB, RESULT } from '../support/randomx-job.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const START_US = Date.UTC(2026, 10, 24, 8) * 1000;
const HOUR_US = 3_600_000_000;
const LAPTOP = '3c:52:82:11:22:33';
const DESKTOP = '3c:52:82:44:55:66';
const ROUTER = '00:09:0f:01:02:03';

interface Frames {
  readonly hardware: string;
  /** Routers between the machine and the capture. */
  readonly routers?: number;
  readonly login?: string;
  readonly startUs?: number;
}

/** A share of 10,000 hashes every ten seconds, twenty times: 1,000 H/s. */
function mining(ip: string, { hardware, routers = 0, login = 'user', startUs = START_US }: Frames) {
  const isIpv6 = ip.includes(':');
  const port = startUs === START_US ? 40001 : 40002;
  let talk = conversation({
    miner: isIpv6 ? `[${ip}]:${port}` : `${ip}:${port}`,
    pool: isIpv6 ? '[2001:db8:ffff::9]:3333' : '198.51.100.9:3333',
    startUs,
  })
    .connect()
    .minerSays({ id: 1, method: 'login', params: { login, pass: 'x', agent: 'XMRig/6.22.2' } })
    .poolSays({ id: 1, jsonrpc: '2.0', error: null, result: { id: 's', job: JOB, status: 'OK' } });
  for (let share = 0; share < 20; share++) {
    const nonce = share.toString(16).padStart(8, '0');
    const params = { id: 's', job_id: 'j1', nonce, result: `${nonce}${RESULT.slice(8)}` };
    talk = talk
      .after(10)
      .minerSays({ id: share + 2, method: 'submit', params })
      .poolSays({ id: share + 2, jsonrpc: '2.0', error: null, result: { status: 'OK' } });
  }
  const packets = talk.close().toPackets();
  const [{ bytes: first }] = packets;
  const endOf = (bytes: Uint8Array): string => sourceOf(bytes, isIpv6);
  const miner = endOf(first);
  for (const { bytes } of packets) {
    const isMiner = endOf(bytes) === miner;
    bytes.set(octets(isMiner ? hardware : ROUTER), 6);
    bytes[isIpv6 ? 21 : 22] = isMiner ? 64 - routers : 53;
  }
  return packets;
}

function sourceOf(bytes: Uint8Array, isIpv6: boolean): string {
  return Buffer.from(isIpv6 ? bytes.subarray(22, 38) : bytes.subarray(26, 30)).toString('hex');
}

function octets(mac: string): number[] {
  return mac.split(':').map((part) => Number.parseInt(part, 16));
}

let captures = 0;
const capture = (...talks: ReturnType<typeof mining>[]): string =>
  writeCapture(
    folder,
    `capture-${captures++}`,
    talks.flat().toSorted((a, b) => a.timeUs - b.timeUs),
  );

const machinesIn = ({ machines }: Awaited<ReturnType<typeof scanInputs>>) =>
  machines.map(({ id, basis, addresses }) => [id, basis, addresses.map(({ ip }) => ip)]);

const rateOf = ({ totals }: Awaited<ReturnType<typeof scanInputs>>): number =>
  Math.round((totals.hashrate.find(({ basis }) => basis === 'shares')?.estimate ?? 0) / 100) * 100;

describe('a machine without a lease', () => {
  it('keeps its identity when its address changes, in a scan and in a merge', async () => {
    const before = mining('10.20.21.54', { hardware: LAPTOP });
    const after = mining('10.20.21.107', { hardware: LAPTOP, startUs: START_US + HOUR_US });
    const whole = await scanInputs([capture(before, after)]);
    const parts = [await scanInputs([capture(before)]), await scanInputs([capture(after)])];
    const merged = await mergeAll(parts.map((audit, i) => partOf(audit, String(i))));
    for (const audit of [whole, merged]) {
      expect(machinesIn(audit)).toEqual([[LAPTOP, 'hardware', ['10.20.21.54', '10.20.21.107']]]);
      expect(audit.totals.machines).toEqual({ low: 1, high: 1 });
      expect(rateOf(audit)).toBe(rateOf(parts[0]));
      expect(audit.totals.power?.watts).toBeCloseTo(parts[0].totals.power?.watts ?? Number.NaN, 6);
    }
  });

  it('goes on in alerts, and is one machine on the days of a history', async () => {
    const day = 24 * HOUR_US;
    const audits = [
      await scanInputs([capture(mining('10.20.21.54', { hardware: LAPTOP }))]),
      await scanInputs([
        capture(
          mining('10.20.21.54', { hardware: LAPTOP, startUs: START_US + day }),
          mining('10.20.21.107', { hardware: LAPTOP, startUs: START_US + day + HOUR_US }),
          mining('10.20.21.200', { hardware: DESKTOP, startUs: START_US + day + HOUR_US }),
        ),
      ]),
    ];
    const journal = `${folder}/journal`;
    const said = audits.flatMap((audit) => {
      // A restart reads the journal again.
      const ledger = new AlertLedger({ least: 'probable', repeatUs: null, journal });
      const events = [...ledger.take(audit)].map(({ kind, ip }) => [kind, ip]);
      ledger.close();
      return events;
    });
    expect(said).toEqual([
      ['appeared', '10.20.21.54'],
      ['appeared', '10.20.21.200'],
    ]);
    const history = new History('UTC');
    for (const audit of audits) history.add(audit);
    const lines = [...renderHistoryCsv(history)].join('').split('\r\n');
    const counted = (figure: string): string[] =>
      lines.flatMap((line) => line.split(`,*,,${figure},confirmed,`)[1]?.split(',')[0] ?? []);
    expect([counted('machines'), counted('hosts')]).toEqual([
      ['1', '2'],
      ['1', '3'],
    ]);
    expect([...renderPrometheus(audits[1])].join('')).toContain('minesweep_miner_machines_high 2\n');
  });

  it('is one with both its IPv4 and its IPv6 address', async () => {
    const audit = await scanInputs([
      capture(mining('10.20.21.54', { hardware: LAPTOP }), mining('2001:db8:1:2::7', { hardware: LAPTOP })),
    ]);
    expect(machinesIn(audit)).toEqual([[LAPTOP, 'hardware', ['10.20.21.54', '2001:db8:1:2::7']]]);
    // Both sessions run at one time: their rates add up.
    expect(rateOf(audit)).toBe(2000);
  });

  it('is one with temporary addresses in two networks, with no name for its worker', async () => {
    const addresses = ['2001:db8:1:2::a1', '2001:db8:1:2::b2', '2001:db8:1:3::c3', '2001:db8:1:3::d4'];
    const audit = await scanInputs([
      capture(
        ...addresses.map((ip, i) => mining(ip, { hardware: LAPTOP, startUs: START_US + i * 300_000_000 })),
      ),
    ]);
    expect(machinesIn(audit)).toEqual([[LAPTOP, 'hardware', addresses]]);
    expect(audit.totals.machines).toEqual({ low: 1, high: 1 });
  });

  it('is its address behind a router, whose own hardware address the frames have', async () => {
    const audit = await scanInputs([
      capture(
        mining('10.20.21.54', { hardware: ROUTER, routers: 1 }),
        mining('10.20.21.107', { hardware: '00:09:0f:aa:aa:aa', routers: 1, startUs: START_US + HOUR_US }),
      ),
    ]);
    expect(machinesIn(audit)).toEqual([
      ['10.20.21.107', 'address', ['10.20.21.107']],
      ['10.20.21.54', 'address', ['10.20.21.54']],
    ]);
  });

  it('is no machine of frames that have one address for both ends, as rewritten captures do', async () => {
    const audit = await scanInputs([
      capture(
        mining('10.20.21.54', { hardware: ROUTER }).map((packet) => {
          packet.bytes[packet.bytes[12] === 8 ? 22 : 21] = 64;
          return packet;
        }),
      ),
    ]);
    expect(machinesIn(audit)).toEqual([['10.20.21.54', 'address', ['10.20.21.54']]]);
  });

  it('is not sure if several IPv4 addresses have one hardware address at one time', async () => {
    const audit = await scanInputs([
      capture(
        mining('10.20.21.54', { hardware: LAPTOP, login: 'anna' }),
        mining('10.20.21.107', { hardware: LAPTOP, login: 'ben' }),
        mining('10.20.21.200', { hardware: DESKTOP }),
      ),
    ]);
    expect(machinesIn(audit).map(([id, basis]) => [id, basis])).toEqual([
      ['10.20.21.107', 'address'],
      ['10.20.21.54', 'address'],
      [DESKTOP, 'hardware'],
    ]);
    expect(audit.totals.machines).toEqual({ low: 2, high: 3 });
    expect(audit.notes.find(({ code }) => code === 'machines-one-hardware')?.params).toEqual({
      count: 1,
      ips: ['10.20.21.107', '10.20.21.54'],
      more: 0,
    });
  });

  it('is one if frames show its own side in one session, and only the pool in another', async () => {
    const poolOnly = mining('10.20.21.54', { hardware: LAPTOP, startUs: START_US + HOUR_US }).filter(
      ({ bytes }) => bytes[22] === 53,
    );
    const audit = await scanInputs([capture(mining('10.20.21.54', { hardware: LAPTOP }), poolOnly)]);
    expect(audit.sessions).toHaveLength(2);
    expect(machinesIn(audit)).toEqual([[LAPTOP, 'hardware', ['10.20.21.54']]]);
    expect(audit.totals.machines).toEqual({ low: 1, high: 1 });
  });

  it('is two if two machines had its address, one after the other', async () => {
    const audit = await scanInputs([
      capture(
        mining('10.20.21.54', { hardware: LAPTOP, login: 'anna' }),
        mining('10.20.21.54', { hardware: DESKTOP, login: 'ben', startUs: START_US + HOUR_US }),
      ),
    ]);
    expect(machinesIn(audit).map(([id]) => id)).toEqual([LAPTOP, DESKTOP]);
    expect(audit.totals.machines).toEqual({ low: 2, high: 2 });
  });
});
