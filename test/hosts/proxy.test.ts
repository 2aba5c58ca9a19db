import { describe, expect, it } from 'vitest';
import { conversation } from '../support/conversation.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const BLOB = `1010f1e2d3c4b5${'ab'.repeat(32)}00000000${'cd'.repeat(33)}`;
/** Meets any target: its last eight bytes, the ones that count, are 0. */
const RESULT = 'ab'.repeat(24) + '00'.repeat(8);

/** Ten shares of 10,000 hashes in 100 s: 1,000 H/s. */
function session(
  miner: string,
  pool: string,
  startUs: number,
  { agent = 'XMRig/6.22.2', target = null }: { agent?: string; target?: string | null } = {},
) {
  const job = {
    blob: BLOB,
    job_id: 'j1',
    target: 'b88d0600',
    algo: 'rx/0',
    height: 3_310_021,
    seed_hash: RESULT,
  };
  const line = conversation({ miner, pool, startUs }).connect();
  const connected =
    target === null
      ? line
      : line
          .minerSays(Buffer.from(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`))
          .poolSays(Buffer.from('HTTP/1.1 200 Connection established\r\n\r\n'));
  let talk = connected
    .minerSays({ id: 1, method: 'login', params: { login: 'user', pass: 'x', agent } })
    .poolSays({ id: 1, jsonrpc: '2.0', error: null, result: { id: 's', job, status: 'OK' } });
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
    expect(audit.totals.rigs).toEqual({ low: 2, high: 2 });
    expect(audit.totals.minerAddresses).toBe(3);
    // The power of the two miners, and nothing for what the proxy passes on.
    const watts = audit.hosts.map(({ power }) => power?.watts ?? 0);
    expect(watts[2]).toBe(0);
    expect(audit.totals.power?.watts).toBeCloseTo((watts[0] ?? 0) + (watts[1] ?? 0), 9);
    expect(watts[0]).toBeGreaterThan(0);
  });

  it('is called one where it only connects miners, and both of its sides were captured', async () => {
    const both = [
      ...session('192.0.2.21:40001', '192.0.2.5:3128', START, { target: '198.51.100.9:3333' }),
      ...session('192.0.2.5:40003', '198.51.100.9:3333', START + 100),
    ].sort((a, b) => a.timeUs - b.timeUs);
    const audit = await scanInputs([writeCapture(folder, 'connect', both)]);
    expect(audit.hosts.map(({ ip, verdict, roles }) => [ip, verdict, roles])).toEqual([
      ['192.0.2.21', 'confirmed', ['miner']],
      ['192.0.2.5', 'confirmed', ['proxy']],
    ]);
    const [total] = audit.totals.hashrate.filter(({ basis }) => basis === 'shares');
    expect(Math.round(total.estimate)).toBe(1000);
    expect(audit.totals.rigs).toEqual({ low: 1, high: 1 });
    expect(audit.notes.filter(({ text }) => text.includes('both sides'))).toEqual([]);
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
