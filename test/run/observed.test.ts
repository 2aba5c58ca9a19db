/** Observed time: what lies between captures nobody watched, and it is no time without mining. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { coarse } from '../../src/audit/coarse.ts';
import { type CapturedPacket, readCapture } from '../support/capture-reader.ts';
import { layersOf } from '../support/layers.ts';

import { mergeAll, partOf } from '../support/merging.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { laboratoryCapture } from '../support/truth.ts';

const folder = temporaryFolder('observed');
const night = readCapture(laboratoryCapture('xmr-plain-vardiff').capture);
const SECONDS = (night[night.length - 1].timeUs - night[0].timeUs) / 1e6;

/** The capture again, later and from another port of the client: each night has its own connection. */
function later(seconds: number, port: number, packets = night): CapturedPacket[] {
  const client = portsOf(packets[0])[0];
  return packets.map((packet) => {
    const bytes = Uint8Array.from(packet.bytes);
    const view = new DataView(bytes.buffer);
    const at = layersOf(packet)?.tcp ?? 0;
    for (const place of [at, at + 2]) if (view.getUint16(place) === client) view.setUint16(place, port);
    return { ...packet, bytes, timeUs: packet.timeUs + seconds * 1e6 };
  });
}

function portsOf(packet: CapturedPacket): number[] {
  const view = new DataView(Uint8Array.from(packet.bytes).buffer);
  const at = layersOf(packet)?.tcp ?? 0;
  return [view.getUint16(at), view.getUint16(at + 2)];
}

const DAY = 86_400;
const files = [0, 1, 2].map((days) =>
  writeCapture(folder, `night-${days}`, later(days * DAY, 50_000 + days)),
);

describe('three nights of one machine', () => {
  it('are observed for three nights, in a window of more than two days', async () => {
    const { window } = await scanInputs(files);
    expect(window.observed).toHaveLength(3);
    expect(window.observedSeconds).toBeCloseTo(3 * SECONDS, 3);
    expect(window.seconds).toBeCloseTo(2 * DAY + SECONDS, 3);
  });

  it('have the duty, the traffic a second, the rate and the energy a day of one', async () => {
    const [one, all] = [await scanInputs(files.slice(0, 1)), await scanInputs(files)];
    const [host] = one.hosts;
    const [again] = all.hosts;
    expect(again.duty).toBeCloseTo(host.duty ?? Number.NaN, 2);
    expect(again.traffic.mbpsOut).toBeCloseTo(host.traffic.mbpsOut, 6);
    expect(again.hashrate[0].estimate / host.hashrate[0].estimate).toBeCloseTo(1, 1);
    const kwh = (audit: typeof one): number => audit.totals.power?.kwhPerDay ?? Number.NaN;
    expect(kwh(all) / kwh(one)).toBeCloseTo(1, 1);
  });

  it('are the same if their audits are merged', async () => {
    const parts = [];
    for (const file of files) parts.push(partOf(await scanInputs([file]), file));
    const [merged, whole] = [await mergeAll(parts), await scanInputs(files)];
    expect(merged.window).toEqual(whole.window);
    expect(merged.hosts[0].duty).toBeCloseTo(whole.hosts[0].duty ?? Number.NaN, 6);
  });
});

it('a pause of a minute between two files is no hole', async () => {
  const next = writeCapture(folder, 'next', later(SECONDS + 59, 50_009));
  const { window } = await scanInputs([files[0], next]);
  expect(window.observed).toHaveLength(1);
  expect(window.observedSeconds).toBe(window.seconds);
});

it('a pause of more than a day within a capture is no time that was watched', async () => {
  const far = writeCapture(folder, 'far', [...night, ...later(400 * DAY, 50_010)]);
  const [audit, one] = [await scanInputs([far]), await scanInputs(files.slice(0, 1))];
  expect(audit.window.observed).toHaveLength(2);
  expect(audit.window.observedSeconds).toBeCloseTo(2 * SECONDS, 3);
  expect(audit.hosts[0].duty).toBeCloseTo(one.hosts[0].duty ?? Number.NaN, 2);
  expect(audit.notes).toContainEqual(
    expect.objectContaining({
      code: 'capture-pause',
      params: expect.objectContaining({ count: 1, seconds: Math.round(400 * DAY - SECONDS) }),
    }),
  );
});

it('a silence of seconds took not what two connections lack over minutes', async () => {
  const [{ timeUs: startUs }] = night;
  const at = ({ timeUs }: CapturedPacket): number => (timeUs - startUs) / 1e6;
  const slow = [50_020, 50_021]
    .flatMap((port) => later(0, port))
    .map((packet) => ({ ...packet, timeUs: startUs + 4 * (packet.timeUs - startUs) }));
  const lost = slow.filter((packet) => at(packet) < SECONDS || at(packet) > 3 * SECONDS);
  // Others went on meanwhile, but for 12 s.
  const others = Array.from({ length: Math.ceil(SECONDS) }, (_, i) => 4 * i)
    .filter((seconds) => Math.abs(seconds - 2 * SECONDS) > 6)
    .map((seconds, i) => ({ ...later(0, 52_000 + i)[0], timeUs: startUs + seconds * 1e6 }));
  const packets = [...lost, ...others].toSorted((a, b) => a.timeUs - b.timeUs);
  const { notes } = await scanInputs([writeCapture(folder, 'lost', packets)]);
  const codes = notes.map(({ code }) => code);
  expect([codes.includes('hole'), codes.includes('loss-corrected')]).toEqual([false, true]);
});

/**
 * A probe that watched from half a minute before the night to long after it, and sees another machine, which mines now and then;
 * its files are one series.
 */
describe('a probe that sees other machines', () => {
  const elsewhere = readCapture(laboratoryCapture('zec-zip301').capture).filter(
    (packet) => layersOf(packet)?.tcp != null,
  );
  const from = (seconds: number): CapturedPacket[] => {
    const by = (night[0].timeUs - elsewhere[0].timeUs) / 1e6;
    return later(by + seconds, 51_000 + Math.round(seconds), elsewhere);
  };
  const long = writeCapture(folder, 'long', [...from(-30), ...from(3 * SECONDS)]);
  const series = [-30, 80, 3 * SECONDS].map((at, i) => writeCapture(folder, `hour-0${i}`, from(at)));
  const [alone] = files;

  it.each([
    ['one file', [long]],
    ['a series', series],
  ])('in %s, changes nothing of a machine that a shorter capture shows', async (_, others) => {
    const [one, all] = [await scanInputs([alone]), await scanInputs([...others, alone])];
    const [host] = one.hosts;
    const found = all.hosts.find(({ ip }) => ip === host.ip);
    expect(found?.observedSeconds).toBeCloseTo(SECONDS, 3);
    expect(found?.duty).toBe(host.duty);
    expect(found?.hashrate).toEqual(host.hashrate);
    expect(found?.power).toEqual(host.power);
    expect(found?.traffic).toEqual(host.traffic);
    const sum = all.hosts.reduce((bits, { traffic }) => bits + traffic.mbpsOut, 0);
    expect(all.totals.traffic.mbpsOut).toBeCloseTo(sum, 12);
    const energyOf = ({ machines }: typeof one) => machines.find(({ id }) => id === host.ip)?.energy;
    expect(energyOf(all)).toEqual(energyOf(one));
  });

  it('makes no lost packets of a time in which nobody watched a connection', async () => {
    const [{ timeUs: startUs }] = night;
    const slow = night.map((packet) => ({ ...packet, timeUs: startUs + 4 * (packet.timeUs - startUs) }));
    const rotated = [
      slow.filter(({ timeUs }) => timeUs - startUs < SECONDS * 1e6),
      slow.filter(({ timeUs }) => timeUs - startUs > 3 * SECONDS * 1e6),
    ].map((packets, i) => writeCapture(folder, `edge-${i}`, packets));
    // So busy that there is no silence of all.
    const every = Array.from({ length: Math.ceil((4 * SECONDS) / 5) }, (_, i) => {
      const [packet] = later(0, 52_000 + i, elsewhere);
      return { ...packet, timeUs: startUs + i * 5e6 };
    });
    const busy = writeCapture(folder, 'busy', every);
    const [one, all] = [await scanInputs(rotated), await scanInputs([...rotated, busy])];
    expect([one.window.observed.length, all.window.observed.length]).toEqual([2, 1]);
    const sharesOf = ({ hosts }: typeof one) =>
      hosts.find(({ ip }) => ip === one.hosts[0].ip)?.hashrate.find(({ basis }) => basis === 'shares');
    expect(sharesOf(one)?.correction).toBeUndefined();
    expect(sharesOf(all)).toEqual(sharesOf(one));
    const codes = [...one.notes, ...all.notes].map(({ code }) => code);
    expect(codes.filter((code) => ['hole', 'loss-corrected', 'difficulty-unsure'].includes(code))).toEqual(
      [],
    );
  });

  it('changes nothing of its rate and duty in a coarse audit', async () => {
    const [one, all] = [coarse(await scanInputs([alone])), coarse(await scanInputs([long, alone]))];
    const [host] = one.hosts;
    const found = all.hosts.find(({ ip }) => ip === host.ip);
    expect([found?.duty, found?.hashrate, found?.power]).toEqual([host.duty, host.hashrate, host.power]);
  });

  it('is left out where audits are merged, too', async () => {
    const parts = [];
    for (const file of [alone, long]) parts.push(partOf(await scanInputs([file]), file));
    const [merged, whole] = [await mergeAll(parts), await scanInputs([alone, long])];
    const dutyOf = ({ hosts }: typeof merged) =>
      hosts.map(({ ip, duty, observedSeconds }) => [ip, duty, observedSeconds]);
    expect(dutyOf(merged)).toEqual(dutyOf(whole));
  });

  it('counts for a machine that one of its packets shows', async () => {
    const copy = writeCapture(
      folder,
      'copy',
      [...later(0, 50_000), ...from(3 * SECONDS)].toSorted((a, b) => a.timeUs - b.timeUs),
    );
    const { hosts, inputs, window } = await scanInputs([alone, copy]);
    expect(inputs.some(({ copies = 0 }) => copies > 0)).toBe(true);
    expect(hosts.every(({ observedSeconds }) => observedSeconds === undefined)).toBe(true);
    expect(window.observedSeconds).toBeGreaterThan(2 * SECONDS);
  });
});

describe('an exporter that sees other machines', () => {
  const HEAD = 'start,end,src,dst,sport,dport,proto,packets,bytes,exporter';
  const timeOf = (seconds: number): string => new Date(Date.UTC(2026, 2, 2) + seconds * 1000).toISOString();
  /** A record each way every five minutes, over so many hours. */
  const rows = (hours: number, exporter: string, client: string, server: string, port: number): string[] =>
    Array.from({ length: hours * 12 }, (_, i) => {
      const times = `${timeOf(i * 300)},${timeOf(i * 300 + 299)}`;
      const out = `${times},${client},${server},50000,${port},tcp,30,4000,${exporter}`;
      return [out, `${times},${server},${client},${port},50000,tcp,30,9000,${exporter}`];
    }).flat();
  const miner = rows(6, '192.0.2.1', '10.1.0.5', '203.0.113.9', 3333);
  const others = rows(24, '192.0.2.2', '10.2.0.7', '198.51.100.8', 443);
  const pools = path.join(folder, 'pools.txt');
  writeFileSync(pools, '203.0.113.9:3333\n');
  const scanned = (name: string, lines: readonly string[]) => {
    const file = path.join(folder, `${name}.csv`);
    writeFileSync(file, `${[HEAD, ...lines.toSorted()].join('\n')}\n`);
    return scanInputs([file], { poolFiles: [pools] });
  };

  it('changes nothing of a machine that a shorter one sees', async () => {
    const [alone, both] = [await scanned('alone', miner), await scanned('both', [...miner, ...others])];
    const [host] = both.hosts;
    // Six hours of records each five minutes, the last of which lasts 299 s.
    expect([both.window.observedSeconds, host.observedSeconds]).toEqual([24 * 3600 - 1, 6 * 3600 - 1]);
    expect([host.duty, host.power]).toEqual([1, alone.hosts[0].power]);
    expect(both.machines[0].energy).toEqual(alone.machines[0].energy);
  });

  it('counts for a machine that both see', async () => {
    const later = rows(24, '192.0.2.2', '10.1.0.5', '203.0.113.9', 3333).slice(-24);
    const { hosts } = await scanned('seen', [...miner, ...others, ...later]);
    expect(hosts[0].observedSeconds).toBeUndefined();
    // Six hours and one of 24.
    expect(hosts[0].duty).toBeCloseTo(7 / 24, 2);
  });
});
