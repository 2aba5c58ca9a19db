/**
 * The marks of mining: real sessions bear all of them, seen by size and time alone as TLS would show them; what
 * resembles mining misses at least one in thousands of draws.
 */

import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasAllMarks, type MiningMark, miningMarks } from '../../src/evidence/mining-marks.ts';
import { measureOpaque } from '../../src/evidence/opaque-session.ts';
import { TCP } from '../../src/packets/packet.ts';
import { DECODED } from '../../src/packets/skip-reason.ts';
import { CORPUS_ABSENT, corpusFolder } from '../support/corpus.ts';
import { eachPacket } from '../support/each-packet.ts';
import {
  BARE_LOOK_ALIKES,
  LOOK_ALIKES,
  MINERS,
  mining,
  NOISE_MINERS,
  noiseMining,
} from '../support/opaque-talk.ts';
import { random } from '../support/random.ts';
import { runs } from '../support/runs.ts';
import type { Sealed } from '../support/tls.ts';
import { FIXTURES } from '../support/truth.ts';

const KEPT = 256;
/** Seeds that are drawn: of a miner, and of what resembles one. */
const MINER_SEEDS = runs(25, 200);
const OTHER_SEEDS = runs(6, 60);
const TLS = { tlsShare: 1, randomShare: 0, hiddenShare: 0 };
const BARE = { tlsShare: 0, randomShare: 1, hiddenShare: 0 };

function marksOf(said: readonly Sealed[], opacity = TLS): readonly MiningMark[] {
  const last = said.toSorted((a, b) => a.at - b.at).slice(-KEPT);
  const measures = measureOpaque({
    timesUs: last.map(({ at }) => at * 1e6),
    sizes: last.map(({ from, bytes }) => (from === 'client' ? bytes : -bytes)),
  });
  return measures === null ? [] : miningMarks(measures, opacity);
}

function missing(marks: readonly MiningMark[]): string[] {
  return marks.length === 0 ? ['all'] : marks.filter((mark) => !mark.holds).map((mark) => mark.name);
}

function share(talk: (seed: number) => readonly MiningMark[], runs: number): number {
  let hits = 0;
  for (let seed = 1; seed <= runs; seed++) {
    const marks = talk(seed);
    if (marks.length > 0 && hasAllMarks(marks)) hits++;
  }
  return hits / runs;
}

/** The payloads of the capture's busiest connection, as records of TLS 1.3 would carry them. */
async function asIfSealed(file: string): Promise<Sealed[]> {
  const flows = new Map<string, { client: string; said: Sealed[]; next: Map<string, number> }>();
  await eachPacket(file, ({ timeUs }, packet, reason) => {
    if (reason !== DECODED || packet.protocol !== TCP || packet.payloadBytes === 0) return;
    const source = `${packet.source3}:${packet.sourcePort}`;
    const target = `${packet.destination3}:${packet.destinationPort}`;
    const key = [source, target].toSorted().join(' ');
    const flow = flows.get(key) ?? { client: source, said: [], next: new Map<string, number>() };
    flows.set(key, flow);
    const next = flow.next.get(source);
    if (next !== undefined && ((packet.sequence - next) | 0) < 0) return;
    flow.next.set(source, (packet.sequence + packet.payloadBytes) | 0);
    flow.said.push({
      at: timeUs / 1e6,
      from: source === flow.client ? 'client' : 'server',
      bytes: packet.payloadBytes + 17,
    });
  });
  const [busiest] = [...flows.values()].toSorted((a, b) => b.said.length - a.said.length);
  return busiest?.said ?? [];
}

describe('a real session, seen by size and time alone, bears every mark', () => {
  it.each(['xmr-plain-vardiff', 'xmr-many-shares'])('in the laboratory capture %s', async (name) => {
    expect(missing(marksOf(await asIfSealed(path.join(FIXTURES, 'cryptonote', `${name}.pcap`))))).toEqual([]);
  });

  it('in the laboratory capture btc-minerd', async () => {
    expect(missing(marksOf(await asIfSealed(path.join(FIXTURES, 'stratum-v1', 'btc-minerd.pcap'))))).toEqual(
      [],
    );
  });

  const folder = corpusFolder();
  const labelled = [
    'cj-1574720899_9M3tc',
    'cj-1579224329_7LLzY',
    'cj-1588106557_Rd6ZK',
    'cj-1588128490_tdAx5',
    'cj-1613759102_1bM5i',
    'cj-1617834909_dYo3e',
    'cj-1618550187_hQST8',
    'cj-1619161248_k15Ni',
  ];
  it.skipIf(folder === null).each(labelled)(
    `recorded by others in %s (or skipped: ${CORPUS_ABSENT})`,
    async (name) => {
      const said = await asIfSealed(path.join(folder ?? '', 'real', `${name}.pcap`));
      expect(missing(marksOf(said))).toEqual([]);
    },
  );
});

describe('of drawn conversations', () => {
  for (const miner of MINERS) {
    it(`at least 24 in 25 of ${miner.name} bear every mark in a quarter of an hour`, () => {
      const talk = mining(miner);
      expect(share((seed) => marksOf(talk(random(seed), 900)), MINER_SEEDS)).toBeGreaterThanOrEqual(0.96);
    });
  }

  for (const miner of NOISE_MINERS) {
    it(`at least 24 in 25 of ${miner.name} bear every mark in a quarter of an hour, in no TLS`, () => {
      const talk = noiseMining(miner);
      expect(share((seed) => marksOf(talk(random(seed), 900), BARE), MINER_SEEDS)).toBeGreaterThanOrEqual(
        0.96,
      );
      expect(share((seed) => marksOf(talk(random(seed), 900), TLS), MINER_SEEDS)).toBe(0);
    });
  }

  const others = [
    ...Object.entries(LOOK_ALIKES).map(([name, talk]) => ({ name, talk, opacity: TLS })),
    ...Object.entries(BARE_LOOK_ALIKES).map(([name, talk]) => ({ name, talk, opacity: BARE })),
  ];
  for (const { name, talk, opacity } of others) {
    it(`none of ${name} does, however long`, () => {
      for (const seconds of [300, 1200, 7200]) {
        expect(share((seed) => marksOf(talk(random(seed), seconds), opacity), OTHER_SEEDS)).toBe(0);
      }
    });
  }
});

describe('a miner’s marks', () => {
  const [xmrig] = MINERS;
  const said = xmrig === undefined ? [] : mining(xmrig)(random(3), 900);

  it('are all but one where anybody could read the conversation', () => {
    expect(missing(marksOf(said, { tlsShare: 0.2, randomShare: 0.1, hiddenShare: 0 }))).toEqual([
      'encrypted',
    ]);
  });

  it('are all there behind a block cipher, whose MAC and padding add up to 53 bytes', () => {
    const inBlocks = said.map((message) => ({
      ...message,
      bytes: 16 + Math.ceil((message.bytes - 17 + 20 + 1) / 16) * 16,
    }));
    expect(missing(marksOf(inBlocks))).toEqual([]);
    // No other cipher adds so much.
    const longer = said.map((message) => ({ ...message, bytes: message.bytes + 75 }));
    expect(missing(marksOf(longer))).toEqual(['sizes']);
  });

  it('want jobs, answers and shares', () => {
    const without = (from: Sealed['from'], low: number, high: number): Sealed[] =>
      said.filter((message) => message.from !== from || message.bytes < low || message.bytes > high);
    expect(missing(marksOf(without('server', 300, 330)))).toContain('jobs');
    expect(missing(marksOf(without('server', 70, 130)))).toContain('answers');
    expect(missing(marksOf(without('client', 0, 9999)))).toEqual(['all']);
  });

  it('want sizes that lines of a dialect could have', () => {
    const doubled = said.map((message) => ({ ...message, bytes: message.bytes * 3 }));
    expect(missing(marksOf(doubled))).toContain('sizes');
  });
});
