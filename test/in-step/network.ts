/**
 * Networks with sessions that nobody can read, as the times of what their servers push: miners at pools with several ways
 * to send jobs between blocks, and programs that are no miners. Each is taken to bear every mark of mining, which is the
 * worst case for the programs. Times in seconds from the start of the capture.
 */
import type { Random } from '../support/random.ts';

export interface Pushed {
  readonly name: string;
  readonly isMiner: boolean;
  readonly client: string;
  readonly server: string;
  readonly times: readonly number[];
}

/** What a pool sends between blocks. */
type Jobs = 'blocks alone' | 'a clock' | 'a clock from each block on' | 'by chance' | 'two for a block';
const JOBS: readonly Jobs[] = [
  'blocks alone',
  'a clock',
  'a clock from each block on',
  'by chance',
  'two for a block',
];

export function poisson(draw: Random, mean: number, seconds: number): number[] {
  const times: number[] = [];
  for (let at = draw.exponential(mean); at < seconds; at += draw.exponential(mean)) times.push(at);
  return times;
}

function clock(period: number, phase: number, seconds: number): number[] {
  return Array.from({ length: Math.floor((seconds - phase) / period) + 1 }, (_, i) => phase + i * period);
}

/** A pool's delay behind the network: of its own for all blocks, and a little more for each. */
function arrivals(draw: Random, blocks: readonly number[]): number[] {
  const own = draw.next() * 0.8;
  return blocks.map((at) => at + own + draw.exponential(0.3));
}

export function poolJobs(draw: Random, kind: Jobs, blocks: readonly number[], seconds: number): number[] {
  const arrived = arrivals(draw, blocks);
  const period = draw.pick([20, 30, 60]);
  switch (kind) {
    case 'blocks alone':
      return arrived;
    case 'a clock':
      return [...arrived, ...clock(period, draw.next() * period, seconds)];
    case 'a clock from each block on':
      return [0, ...arrived].flatMap((at, i) => {
        const next = arrived[i] ?? seconds;
        return clock(period, 0, Math.max(0, next - at)).map((later) => at + later);
      });
    case 'by chance':
      return [...arrived, ...poisson(draw, 40, seconds)];
    case 'two for a block':
      return [
        ...arrived.flatMap((at) => [at, at + 1.5 + draw.next() * 4]),
        ...clock(60, draw.next() * 60, seconds),
      ];
  }
}

/** What a client hears of its server: all of it, a little later. */
function observed(draw: Random, times: readonly number[], seconds: number): number[] {
  const way = 0.01 + draw.next() * 0.1;
  return times
    .map((at) => at + way + draw.next() * 0.02)
    .filter((at) => at < seconds)
    .sort((a, b) => a - b);
}

/** Miners at so many pools. */
export function miners(draw: Random, count: number, blocks: readonly number[], seconds: number): Pushed[] {
  const pools = Array.from({ length: Math.max(2, Math.min(12, Math.ceil(count / 4))) }, (_, i) => ({
    server: `203.${i}.113.10`,
    times: poolJobs(draw, JOBS[i % JOBS.length] ?? 'a clock', blocks, seconds),
  }));
  return Array.from({ length: count }, (_, i) => {
    const pool = pools[i % pools.length] ?? pools[0];
    return {
      name: `miner at ${pool?.server}`,
      isMiner: true,
      client: `10.1.${i >> 8}.${i & 255}`,
      server: pool?.server ?? '',
      times: observed(draw, pool?.times ?? [], seconds),
    };
  });
}

/** Busy and quiet spells of messages, as people and markets have them. */
function bursts(draw: Random, seconds: number, spell: number, within: number): number[] {
  return poisson(draw, spell, seconds).flatMap((at) =>
    Array.from({ length: draw.between(1, 12) }, () => at + draw.exponential(within)),
  );
}

/** Programs in pairs, each pair as like each other as can be, `count` in all. */
export function decoys(draw: Random, count: number, seconds: number): Pushed[] {
  const found: Pushed[] = [];
  const pair = (name: string, isOneServer: boolean, times: () => readonly number[]): void => {
    for (const half of [0, 1]) {
      const id = found.length;
      const net = isOneServer ? id - half : id;
      found.push({
        name,
        isMiner: false,
        client: `10.2.${id >> 8}.${id & 255}`,
        server: `198.${net & 255}.${100 + (net >> 8)}.7`,
        times: observed(draw, times(), seconds),
      });
    }
  };
  while (found.length < count) {
    const chat = [...bursts(draw, seconds, 120, 20)];
    const feed = poisson(draw, 3, seconds);
    const trades = bursts(draw, seconds, 60, 4);
    const period = draw.pick([10, 30, 60, 120]);
    const phase = draw.next() * period;
    pair('two clients of one chat', true, () => chat);
    pair('two chats', false, () => bursts(draw, seconds, 120, 20));
    pair('two market feeds that push in the same second', false, () => feed.filter(() => draw.chance(0.9)));
    pair('two feeds of the same trades', false, () => trades);
    const three = bursts(draw, seconds, 90, 4);
    pair('four feeds of the same trades', false, () => three);
    pair('four feeds of the same trades', false, () => three);
    pair('keep-alives of one clock', false, () => clock(period, phase, seconds));
    pair('jobs of one clock, missed at times', false, () =>
      clock(period, phase, seconds).filter(() => draw.chance(0.9)),
    );
    pair('messages by chance', false, () => poisson(draw, 60, seconds));
  }
  return found.slice(0, count);
}
