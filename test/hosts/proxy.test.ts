import { describe, expect, it } from 'vitest';
import type { CapturedPacket } from '../support/capture-reader.ts';
import { conversation } from '../support/conversation.ts';
import { departures, mergeAll, partOf, scanParts } from '../support/merging.ts';
import { JOB, RESULT } from '../support/randomx-job.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();

/** Ten shares of 10,000 hashes in 100 s: 1,000 H/s. */
function session(
  miner: string,
  pool: string,
  startUs: number,
  { agent = 'XMRig/6.22.2', target = null }: { agent?: string; target?: string | null } = {},
) {
  const line = conversation({ miner, pool, startUs }).connect();
  const connected =
    target === null
      ? line
      : line
          .minerSays(Buffer.from(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`))
          .poolSays(Buffer.from('HTTP/1.1 200 Connection established\r\n\r\n'));
  let talk = connected
    .minerSays({ id: 1, method: 'login', params: { login: 'user', pass: 'x', agent } })
    .poolSays({ id: 1, jsonrpc: '2.0', error: null, result: { id: 's', job: JOB, status: 'OK' } });
  for (let share = 0; share < 10; share++) {
    const id = share + 2;
    talk = talk
      .after(10)
      .minerSays({
        id,
        method: 'submit',
        params: {
          id: 's',
          job_id: 'j1',
          nonce: `0000000${share}`,
          result: `0000000${share}${RESULT.slice(8)}`,
        },
      })
      .poolSays({ id, jsonrpc: '2.0', error: null, result: { status: 'OK' } });
  }
  return talk.toPackets();
}

describe('a proxy between miners and their pool', () => {
  const START = 1_790_000_000_000_000;
  const packets = [
    ...session('192.0.2.21:40001', '192.0.2.5:3333', START),
    ...session('192.0.2.22:40002', '192.0.2.5:3333', START + 50),
    ...session('192.0.2.5:40003', '198.51.100.9:3333', START + 100),
  ].sort((a, b) => a.timeUs - b.timeUs);

  it('is called one, and its work is not added to that of its miners again', async () => {
    const audit = await scanInputs([writeCapture(folder, 'proxy', packets)]);
    expect(audit.hosts.map(({ ip, verdict, roles }) => [ip, verdict, roles])).toEqual([
      ['192.0.2.21', 'confirmed', ['miner']],
      ['192.0.2.22', 'confirmed', ['miner']],
      ['192.0.2.5', 'confirmed', ['proxy']],
    ]);
    const [total] = audit.totals.hashrate.filter(({ basis }) => basis === 'shares');
    expect(Math.round(total.estimate)).toBe(2000);
    expect(total.hosts).toBe(2);
    expect(audit.totals.machines).toEqual({ low: 2, high: 2 });
    expect(audit.totals.minerAddresses).toBe(3);
    // The power of the two miners, and nothing for what the proxy passes on.
    const watts = audit.hosts.map(({ power }) => power?.watts ?? 0);
    expect(watts[2]).toBe(0);
    expect(audit.totals.power?.watts).toBeCloseTo((watts[0] ?? 0) + (watts[1] ?? 0), 9);
    expect(watts[0]).toBeGreaterThan(0);
  });

  const both = [
    ...session('192.0.2.21:40001', '192.0.2.5:3128', START, { target: '198.51.100.9:3333' }),
    ...session('192.0.2.5:40003', '198.51.100.9:3333', START + 100),
  ].sort((a, b) => a.timeUs - b.timeUs);
  const payloadOf = (packets: readonly CapturedPacket[], from: number, to: number): number[] =>
    packets.flatMap(({ bytes }) => {
      const frame = Buffer.from(bytes);
      const at = 14 + (frame[14] & 15) * 4;
      const isOne = frame.readUInt16BE(at) === from && frame.readUInt16BE(at + 2) === to;
      return isOne ? [frame.readUInt16BE(16)] : [];
    });
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

  it('makes one session of both sides, with the traffic and shares of its connection to the pool', async () => {
    const audit = await scanInputs([writeCapture(folder, 'connect', both)]);
    expect(audit.hosts.map(({ ip, verdict, roles }) => [ip, verdict, roles])).toEqual([
      ['192.0.2.21', 'confirmed', ['miner']],
    ]);
    expect(audit.sessions).toHaveLength(1);
    const [{ miner, pool, via, shares, connections, traffic }] = audit.sessions;
    expect([miner.ip, miner.port, pool.ip, shares.submitted]).toEqual([
      '192.0.2.21',
      40001,
      '198.51.100.9',
      10,
    ]);
    const outer = sum(payloadOf(both, 40003, 3333));
    expect(traffic.bytesOut).toBe(outer);
    expect(connections.map(({ port, bytesOut }) => [port, bytesOut])).toEqual([[40003, outer]]);
    expect(via.map(({ ip, port, kind }) => [ip, port, kind])).toEqual([['192.0.2.5', 3128, 'http-connect']]);
    expect(via[0].traffic?.bytesOut).toBe(sum(payloadOf(both, 40001, 3128)));
    expect(audit.totals.traffic.bytesOut).toBe(outer);
    const [total] = audit.totals.hashrate.filter(({ basis }) => basis === 'shares');
    expect(Math.round(total.estimate)).toBe(1000);
    expect(audit.totals.machines).toEqual({ low: 1, high: 1 });
    expect(audit.notes.filter(({ text }) => text.includes('both sides'))).toEqual([]);
  });

  it('makes the same session of parts that are merged, and of audits that were merged before', async () => {
    const whole = await scanInputs([writeCapture(folder, 'connect-whole', both)]);
    const parts = await scanParts(folder, both, [30]);
    const merged = await mergeAll(parts);
    // Nonces of two parts are read apart, and what crosses the cut is counted.
    const left = departures(whole, merged).filter(
      (line) => !/^\/(coverage\/atSeam|sessions\/0\/counter)/.test(line),
    );
    expect(left).toEqual([]);
    expect(merged.sessions[0].via[0].traffic).toEqual(whole.sessions[0].via[0].traffic);
    expect(departures(merged, await mergeAll([partOf(merged, 'merged')]))).toEqual([]);
  });

  it('joins each miner with its own connection to the pool, if the proxy has one for each', async () => {
    const packets = [1, 2, 3]
      .flatMap((i) => [
        ...session(`192.0.2.${20 + i}:4000${i}`, '192.0.2.5:3333', START + i * 1e6),
        ...session(`192.0.2.5:4100${i}`, '198.51.100.9:3333', START + i * 1e6 + 100),
      ])
      .sort((a, b) => a.timeUs - b.timeUs);
    const { sessions } = await scanInputs([writeCapture(folder, 'balanced', packets)]);
    expect(
      sessions.map(({ miner, via, connections }) => [miner.ip, via[0]?.kind, connections[0]?.port]),
    ).toEqual([
      ['192.0.2.21', 'relay', 41001],
      ['192.0.2.22', 'relay', 41002],
      ['192.0.2.23', 'relay', 41003],
    ]);
  });

  it('is not taken for one if what it mines itself is for another pool, or at another time', async () => {
    const other = [
      ...session('192.0.2.21:40001', '192.0.2.5:3128', START, { target: '198.51.100.9:3333' }),
      ...session('192.0.2.5:40003', '198.51.100.10:3333', START + 100),
      ...session('192.0.2.5:40004', '198.51.100.9:3333', START + 70e6),
    ].sort((a, b) => a.timeUs - b.timeUs);
    const { sessions } = await scanInputs([writeCapture(folder, 'apart', other)]);
    expect(sessions).toHaveLength(3);
    expect(sessions.every(({ via }) => via.every(({ traffic }) => traffic === undefined))).toBe(true);
  });

  it('is called one too where its own software says so and its miners were not captured', async () => {
    const agent = 'xmrig-proxy/6.26.0 (Linux x86_64) libuv/1.48.0';
    const upstream = session('192.0.2.5:40003', '198.51.100.9:3333', START, { agent });
    const audit = await scanInputs([writeCapture(folder, 'upstream', upstream)]);
    expect(audit.hosts.map(({ ip, verdict, roles }) => [ip, verdict, roles])).toEqual([
      ['192.0.2.5', 'confirmed', ['proxy']],
    ]);
    const [total] = audit.totals.hashrate.filter(({ basis }) => basis === 'shares');
    expect(Math.round(total.estimate)).toBe(1000);
  });
});
