/**
 * Captures of many probes or hours with miners in each, for the speed of `merge`: Stratum v1, ETHPROXY and CryptoNote in
 * turn, a job each half minute and shares between. Either every part has miners of its own, or the same connections go
 * on from part to part.
 */

import { CITIES, FLEETS, type Miner, POOLS } from '../scenario/province.ts';
import { session } from '../scenario/sessions.ts';
import type { CapturedPacket } from '../support/capture-reader.ts';
import { random } from '../support/random.ts';
import { writeCapture } from '../support/split.ts';

export type Miners = 'own' | 'same';

const START_US = Date.UTC(2026, 10, 1) * 1000;
const WORKS = ['sha256d', 'ethash', 'rx/0'] as const;
const [CITY] = CITIES;

/** Writes so many parts of so many seconds, one behind the other, and returns their files. */
export function writeParts(
  folder: string,
  miners: Miners,
  parts: number,
  perPart: number,
  seconds: number,
): string[] {
  const spanUs = seconds * 1e6;
  const all = Array.from({ length: parts }, (): CapturedPacket[] => []);
  const put = (packets: readonly CapturedPacket[]): void => {
    for (const packet of packets) {
      const timeUs = Math.floor(packet.timeUs);
      all[Math.floor((timeUs - START_US) / spanUs)]?.push({ ...packet, timeUs });
    }
  };
  if (miners === 'same') {
    for (let i = 0; i < perPart; i++) put(talk(i, START_US, START_US + parts * spanUs));
  } else {
    for (let i = 0; i < parts * perPart; i++) {
      const startUs = START_US + Math.floor(i / perPart) * spanUs;
      put(talk(i, startUs, startUs + spanUs));
    }
  }
  return all.map((packets, i) =>
    writeCapture(
      folder,
      `part-${String(i).padStart(4, '0')}`,
      packets.sort((a, b) => a.timeUs - b.timeUs),
    ),
  );
}

/** Packets of one miner, from its handshake on. */
function talk(i: number, fromUs: number, endUs: number): CapturedPacket[] {
  const draw = random(i + 1);
  const work = WORKS[i % WORKS.length] ?? 'sha256d';
  const pools = POOLS.filter((pool) => pool.work === work);
  const machine = { hashesPerSecond: FLEETS[work].hashesPerSecond, name: `rig${i}` };
  const miner: Miner = {
    ip: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`,
    city: CITY,
    owner: 'enterprise',
    work,
    pool: draw.pick(pools),
    machines: [machine],
    isRelay: false,
  };
  const startUs = fromUs + draw.below(1_000_000);
  return session({ miner, machine, clientPort: 40_000, startUs, endUs }, draw).toPackets({ seed: i + 1 });
}
