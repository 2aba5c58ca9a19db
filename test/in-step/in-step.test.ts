/**
 * Unreadable sessions in step with new blocks, from the packets to the verdict; and what looks like it and stays what it
 * was. All miners and look-alikes here bear every mark of mining by themselves.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { auditProblem } from '../../src/audit/schema.ts';
import type { CapturedPacket } from '../support/capture-reader.ts';
import { conversation } from '../support/conversation.ts';
import { mergeAll, partOf } from '../support/merging.ts';
import { random } from '../support/random.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { cutInto, scanInTurn } from '../support/states.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { plainHello, type Sealed, sealedPackets } from '../support/tls.ts';
import { poisson } from './network.ts';

const folder = temporaryFolder();
const START_US = 1_795_560_000_000_000;
const HOUR = 3600;
const BLOCKS = poisson(random(3), 120, HOUR);
const OTHER_BLOCKS = poisson(random(4), 120, HOUR);
let files = 0;

/** Shares by chance, each answered, and what the server pushes: jobs. */
function talk(seed: number, pushes: readonly number[], seconds = HOUR): Sealed[] {
  const draw = random(seed);
  return [
    ...poisson(draw, 8, seconds).flatMap((at): Sealed[] => [
      { at, from: 'client', bytes: 259 },
      { at: at + 0.05, from: 'server', bytes: 80 },
    ]),
    ...pushes.map((at): Sealed => ({ at, from: 'server', bytes: 313 + draw.below(3) })),
  ];
}

function session(
  seed: number,
  host: number,
  server: string,
  pushes: readonly number[],
  hello = plainHello(null),
): CapturedPacket[] {
  const client = `10.7.0.${host}:50123`;
  return sealedPackets(talk(seed, pushes), random(seed), { client, server: `${server}:443`, hello });
}

const late = (seed: number, times: readonly number[]): number[] => {
  const draw = random(seed);
  const own = draw.next() * 0.8;
  return times.map((at) => at + own + draw.exponential(0.3)).filter((at) => at < HOUR);
};
/** Jobs upon blocks, and between them by chance. */
const jobs = (seed: number, blocks: readonly number[]): number[] => [
  ...late(seed, blocks),
  ...poisson(random(seed + 100), 90, HOUR),
];

const digits = (value: number): string => value.toString(16).padStart(64, '0');
const WALLET =
  '47ovx7MnDnX43u2cy78JHZ24jtVhk3yXNVeh2i588T45RQ6eeEX2cn3hDcyNueJXQPHedcNiwYDofctLwpTX6DPgDGGHo2F';

/** A session that can be read: a job upon each block, built on it, and another one on the same block later. */
function readable(blocks: readonly number[], host = 200): CapturedPacket[] {
  const talk = conversation({ miner: `10.7.0.${host}:40000`, pool: '203.0.113.9:3333', startUs: START_US });
  const job = (block: number, turn: number): object => ({
    job_id: `${block}.${turn}`,
    blob: `1010d7a1b2c306${digits(7_000_000 + block)}00000000${digits(turn)}05`,
    target: 'b88d0600',
    algo: 'rx/0',
  });
  const login = { login: WALLET, pass: 'x', agent: 'XMRig/6.21.0' };
  talk.connect().minerSays({ id: 1, method: 'login', params: login });
  talk.poolSays({ id: 1, result: { id: 'a', job: job(0, 0), status: 'OK' }, error: null });
  let now = 0;
  for (const [i, at] of blocks.entries()) {
    talk.after(at - now).poolSays({ method: 'job', params: job(i + 1, 0) });
    const later = Math.min(10, ((blocks[i + 1] ?? HOUR) - at) / 2);
    talk.after(later).poolSays({ method: 'job', params: job(i + 1, 1) });
    now = at + later;
    const share = { id: 'a', job_id: `${i + 1}.1`, nonce: '0000abcd', result: digits(i) };
    talk.minerSays({ id: 2 + i, method: 'submit', params: share });
    talk.poolSays({ id: 2 + i, result: { status: 'OK' }, error: null });
  }
  return talk.toPackets();
}

function blocksFile(times: readonly number[], coin: string, shape: 'csv' | 'json' = 'csv'): string {
  const file = path.join(folder, `blocks-${++files}.${shape}`);
  const stamps = times.map((at) => new Date(START_US / 1000 + at * 1000).toISOString().slice(0, 19));
  const lines =
    shape === 'csv'
      ? ['time,coin', ...stamps.map((time) => `${time}Z,${coin}`)]
      : stamps.map((time) => JSON.stringify({ time: `${time}Z`, coin }));
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

async function scanned(
  parts: readonly CapturedPacket[][],
  blockFiles: readonly string[] = [],
): Promise<Audit> {
  const packets = parts.flat().sort((a, b) => a.timeUs - b.timeUs);
  const audit = await scanInputs([writeCapture(folder, `step-${++files}`, packets)], { blockFiles });
  expect(auditProblem(audit)).toBeNull();
  return audit;
}

const verdicts = (audit: Audit): Record<string, string> =>
  Object.fromEntries(audit.hosts.map(({ ip, verdict }) => [ip, verdict]));
const evidenceOf = (audit: Audit, ip: string): readonly string[] =>
  (audit.hosts.find((host) => host.ip === ip)?.evidence ?? [])
    .filter(({ kind }) => kind === 'in-step')
    .map(({ text }) => text);

describe('an unreadable session', () => {
  const alone = session(11, 1, '198.51.100.1', jobs(1, BLOCKS));

  it('stays suspected where nobody tells of blocks', async () => {
    const audit = await scanned([alone]);
    expect(verdicts(audit)).toEqual({ '10.7.0.1': 'suspected' });
    expect(evidenceOf(audit, '10.7.0.1')).toEqual([]);
  });

  it.each(['csv', 'json'] as const)('is probable in step with the blocks of a %s file', async (shape) => {
    const audit = await scanned([alone], [blocksFile(BLOCKS, 'xmr', shape), blocksFile(OTHER_BLOCKS, 'LTC')]);
    expect(verdicts(audit)).toEqual({ '10.7.0.1': 'probable' });
    expect(audit.sessions[0]?.coin).toBe('XMR');
    expect(audit.hosts[0]?.coins).toEqual(['XMR']);
    const [said = ''] = evidenceOf(audit, '10.7.0.1');
    expect(said).toMatch(/^pushes of 198\.51\.100\.1:443 followed \d+ of \d+ blocks of XMR in --blocks/);
    expect(said).toMatch(/by chance 1 in 10\^12, after 2 tests$/);
  });

  it('stays suspected beside blocks of another coin alone', async () => {
    const audit = await scanned([alone], [blocksFile(OTHER_BLOCKS, 'LTC')]);
    expect(verdicts(audit)).toEqual({ '10.7.0.1': 'suspected' });
  });

  it('is probable in step with the jobs of another session that can be read', async () => {
    const audit = await scanned([alone, readable(BLOCKS)]);
    expect(verdicts(audit)).toEqual({ '10.7.0.1': 'probable', '10.7.0.200': 'confirmed' });
    expect(audit.sessions.find(({ miner }) => miner.ip === '10.7.0.1')?.coin).toBe('XMR');
    expect(evidenceOf(audit, '10.7.0.1')[0]).toMatch(/new blocks in readable jobs of XMR/);
  });

  it('stays suspected beside readable jobs of another chain', async () => {
    const audit = await scanned([alone, readable(OTHER_BLOCKS)]);
    expect(verdicts(audit)).toEqual({ '10.7.0.1': 'suspected', '10.7.0.200': 'confirmed' });
  });

  it('is probable of which only headers were captured, too', async () => {
    const cut = alone.map((packet) => ({ ...packet, bytes: packet.bytes.subarray(0, 54) }));
    expect(verdicts(await scanned([cut], [blocksFile(BLOCKS, 'XMR')]))).toEqual({ '10.7.0.1': 'probable' });
  });

  it('keeps its verdict and its evidence in a merge', async () => {
    const audit = await scanned([alone], [blocksFile(BLOCKS, 'XMR')]);
    const merged = await mergeAll([partOf(audit, 'step')]);
    expect(verdicts(merged)).toEqual({ '10.7.0.1': 'probable' });
    expect(evidenceOf(merged, '10.7.0.1')).toEqual(evidenceOf(audit, '10.7.0.1'));
  });

  it('is probable where a state carries it over parts of a capture', async () => {
    const packets = [alone, readable(BLOCKS)].flat().sort((a, b) => a.timeUs - b.timeUs);
    const audit = await scanInTurn(path.join(folder, 'state'), cutInto(folder, 'parts', packets, 3));
    expect(verdicts(audit)).toEqual({ '10.7.0.1': 'probable', '10.7.0.200': 'confirmed' });
    expect(evidenceOf(audit, '10.7.0.1')).toEqual(evidenceOf(await scanned([packets]), '10.7.0.1'));
  });

  it('of two has its evidence, of three unrelated ones is probable', async () => {
    const three = ['198.51.100.1', '203.0.113.1', '192.0.2.1'].map((server, i) =>
      session(21 + i, i + 1, server, late(31 + i, BLOCKS)),
    );
    const two = await scanned(three.slice(0, 2));
    expect(verdicts(two)).toEqual({ '10.7.0.1': 'suspected', '10.7.0.2': 'suspected' });
    expect(evidenceOf(two, '10.7.0.1')[0]).toMatch(
      /an unreadable session of another host with an unrelated server/,
    );
    const all = await scanned(three);
    expect(verdicts(all)).toEqual({ '10.7.0.1': 'probable', '10.7.0.2': 'probable', '10.7.0.3': 'probable' });
    expect(all.sessions.map(({ coin }) => coin)).toEqual([null, null, null]);
  });
});

describe('nobody is framed', () => {
  const PUSHES = poisson(random(71), 100, HOUR);

  it('for clients of one chat server that get the same messages', async () => {
    const parts = [1, 2, 3, 4].map((host) => session(40 + host, host, '198.51.100.1', late(host, PUSHES)));
    const audit = await scanned([...parts, readable(BLOCKS)], [blocksFile(BLOCKS, 'XMR')]);
    for (const host of [1, 2, 3, 4]) {
      expect(verdicts(audit)[`10.7.0.${host}`]).toBe('suspected');
      expect(evidenceOf(audit, `10.7.0.${host}`)).toEqual([]);
    }
  });

  it('for clients of servers of one name', async () => {
    const parts = ['198.51.100.1', '203.0.113.1', '192.0.2.1'].map((server, i) =>
      session(50 + i, i + 1, server, late(i, PUSHES), plainHello(`chat-${i}.talk.example`)),
    );
    expect(new Set(Object.values(verdicts(await scanned(parts))))).toEqual(new Set(['suspected']));
  });

  it('for one host with several servers: its own link delays them all', async () => {
    const parts = ['198.51.100.1', '203.0.113.1', '192.0.2.1'].map((server, i) =>
      session(55 + i, 1, server, late(i, PUSHES)),
    );
    expect(verdicts(await scanned(parts))).toEqual({ '10.7.0.1': 'suspected' });
  });

  it('for market feeds that push in the same second', async () => {
    const ticks = poisson(random(72), 4, HOUR);
    const parts = ['198.51.100.1', '203.0.113.1', '192.0.2.1'].map((server, i) =>
      session(60 + i, i + 1, server, late(i, ticks)),
    );
    const audit = await scanned([...parts, readable(BLOCKS)], [blocksFile(BLOCKS, 'XMR')]);
    for (const host of [1, 2, 3])
      expect(verdicts(audit)[`10.7.0.${host}`] ?? 'none').toMatch(/^(suspected|none)$/);
  });

  it('for feeds of unrelated servers that tell of the same trades', async () => {
    const draw = random(73);
    const trades = poisson(draw, 90, HOUR).flatMap((at) =>
      Array.from({ length: draw.between(3, 12) }, () => at + draw.exponential(4)),
    );
    const parts = ['198.51.100.1', '203.0.113.1', '192.0.2.1'].map((server, i) =>
      session(
        60 + i,
        i + 1,
        server,
        trades.filter((at) => at < HOUR),
      ),
    );
    const audit = await scanned(parts);
    for (const host of [1, 2, 3]) {
      expect(verdicts(audit)[`10.7.0.${host}`] ?? 'suspected').toBe('suspected');
      expect(evidenceOf(audit, `10.7.0.${host}`)).toEqual([]);
    }
  });

  it('for jobs by one clock, with a few more by chance', async () => {
    const clock = Array.from({ length: 119 }, (_, i) => 30 * (i + 1));
    const parts = ['198.51.100.1', '203.0.113.1', '192.0.2.1'].map((server, i) =>
      session(65 + i, i + 1, server, [...clock, ...poisson(random(80 + i), 60, HOUR)]),
    );
    const audit = await scanned([...parts, readable(BLOCKS)], [blocksFile(BLOCKS, 'XMR')]);
    for (const host of [1, 2, 3]) {
      expect(verdicts(audit)[`10.7.0.${host}`] ?? 'suspected').toBe('suspected');
      expect(evidenceOf(audit, `10.7.0.${host}`)).toEqual([]);
    }
  });

  it('who is told of new blocks, and does not behave like a miner', async () => {
    const told: Sealed[] = late(9, BLOCKS).map((at) => ({ at, from: 'server', bytes: 313 }));
    const polls: Sealed[] = Array.from({ length: 119 }, (_, i) => 30 * (i + 1)).flatMap((at): Sealed[] => [
      { at, from: 'client', bytes: 79 },
      { at: at + 0.05, from: 'server', bytes: 57 },
    ]);
    const wallet = sealedPackets([...told, ...polls], random(1), { client: '10.7.0.1:50000' });
    const audit = await scanned([wallet, readable(BLOCKS)], [blocksFile(BLOCKS, 'XMR')]);
    expect(verdicts(audit)).toEqual({ '10.7.0.200': 'confirmed' });
  });
});

describe('the file of blocks', () => {
  const capture = [session(90, 1, '198.51.100.1', jobs(1, BLOCKS))];
  const written = (text: string): string => {
    const file = path.join(folder, `blocks-${++files}.csv`);
    writeFileSync(file, text);
    return file;
  };

  it('of another day is said', async () => {
    const audit = await scanned(capture, [written('time,coin\n2020-01-01T00:00:00Z,XMR\n')]);
    expect(audit.notes.map(({ code }) => code)).toContain('blocks-apart');
  });

  it('takes seconds since 1970, other columns, and another separator', async () => {
    const rows = BLOCKS.map((at, i) => `${i};${Math.floor(START_US / 1e6 + at)};xmr`);
    const audit = await scanned(capture, [written(`height;time;coin\n${rows.join('\n')}\n`)]);
    expect(verdicts(audit)).toEqual({ '10.7.0.1': 'probable' });
  });

  it.each([
    ['2026-11-27T20:00:00Z,XMR\n', /the column time or coin is missing/],
    ['time,coin\nyesterday,XMR\n', /time must be a time/],
    ['time,coin\n2026-11-27T20:00:00Z,\n', /coin must match/],
    ['{"time":"2026-11-27T20:00:00Z","coin":"XMR"}\nnonsense\n', /not a JSON object/],
    ['{"time":["2026-11-27T20:00:00Z"],"coin":"XMR"}\n', /time must be text/],
    ['{"time":"2026-11-27T20:00:00Z","coin":"XMR","coin":"BTC"}\n', /not a JSON object/],
  ])('that cannot be read is refused: %j', async (text, message) => {
    await expect(scanned(capture, [written(text)])).rejects.toThrow(message);
  });
});
