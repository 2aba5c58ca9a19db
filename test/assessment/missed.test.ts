/** Packets that a capture misses: work is corrected for the shares among them, and the audit says so. */
import { describe, expect, it } from 'vitest';
import type { Audit } from '../../src/audit/audit.ts';
import { type CapturedPacket, readCapture } from '../support/capture-reader.ts';
import { layersOf } from '../support/layers.ts';
import { mergeAll, scanParts } from '../support/merging.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { laboratoryCapture } from '../support/truth.ts';

const folder = temporaryFolder();
const truth = laboratoryCapture('xmr-many-shares');
const whole = readCapture(truth.capture);
const POOL_PORT = truth.pool.port;

function payloadBytes(packet: CapturedPacket): number {
  const layers = layersOf(packet);
  return layers === null || layers.tcp === null ? 0 : layers.end - layers.payload;
}

/** Every third of the packets with payload is missing, once the miner has its first job; and how much of the miner's that is. */
function patchy(): { readonly packets: CapturedPacket[]; readonly missing: number; readonly said: number } {
  const packets: CapturedPacket[] = [];
  let [nth, missing, said] = [0, 0, 0];
  for (const packet of whole) {
    const bytes = payloadBytes(packet);
    const own = isOfMiner(packet) ? bytes : 0;
    said += own;
    nth += bytes > 0 ? 1 : 0;
    if (bytes > 0 && nth > 6 && nth % 3 === 0) missing += own;
    else packets.push(packet);
  }
  return { packets, missing, said };
}

function isOfMiner(packet: CapturedPacket): boolean {
  const layers = layersOf(packet);
  return layers !== null && layers.tcp !== null && layers.view.getUint16(layers.tcp + 2) === POOL_PORT;
}

const NOTE = 'loss-corrected';

function rates({ hosts }: Audit) {
  const miner = hosts.find(({ ip }) => ip === truth.miner);
  const of = (basis: string) => miner?.hashrate.find((row) => row.basis === basis);
  return { miner, shares: of('shares'), counter: of('counter') };
}

describe('a capture that misses every third packet of a miner', () => {
  const { packets, missing, said } = patchy();
  const file = writeCapture(folder, 'patchy.pcap', packets);

  it('says how much is missing', async () => {
    const { notes } = await scanInputs([file]);
    const { bytes, percent } = notes.find(({ code }) => code === NOTE)?.params ?? {};
    // What is lost behind the last packet of a direction, nobody can tell.
    expect(Number(bytes)).toBeLessThanOrEqual(missing);
    expect(Number(bytes)).toBeGreaterThan(0.95 * missing);
    expect(Math.abs(Number(percent) - (100 * missing) / said)).toBeLessThan(2);
  });

  it('has a rate from shares that is corrected, and one from nonces that is not', async () => {
    const audit = await scanInputs([file]);
    const { shares, counter } = rates(audit);
    const factor = 1 / (1 - missing / said);
    expect(shares?.correction?.because).toBe('loss');
    expect(Math.abs((shares?.correction?.factor ?? 0) / factor - 1)).toBeLessThan(0.03);
    expect(counter?.correction).toBeUndefined();
    const alone = rates(await scanInputs([truth.capture])).shares;
    expect(Math.abs((shares?.estimate ?? 0) / (alone?.estimate ?? 0) - 1)).toBeLessThan(0.1);
    expect(counter?.low95).toBeLessThan(truth.hashrate ?? 0);
    expect(counter?.high95).toBeGreaterThan(truth.hashrate ?? 0);
  });

  it('says so if it was scanned in two parts', async () => {
    const merged = await mergeAll(await scanParts(folder, packets, [packets.length >> 1]));
    expect(merged.notes.filter(({ code }) => code === NOTE)).toHaveLength(1);
  });
});

it('a whole capture misses nothing', async () => {
  const audit = await scanInputs([truth.capture]);
  expect(audit.notes.filter(({ code }) => code === NOTE)).toEqual([]);
  expect(rates(audit).miner).toBeDefined();
});

describe.each(['btc-minerd', 'eth-nicehash'])('%s without one of the first packets', (name) => {
  const { capture } = laboratoryCapture(name);
  const packets = readCapture(capture);
  const headline = ({ hosts }: Audit) =>
    hosts.flatMap(({ hashrate }) => hashrate).find((row) => row.headline);
  const spoken = packets.flatMap((packet, at) => (payloadBytes(packet) > 0 ? [at] : [])).slice(0, 12);

  it('has a rate near that of all packets, or none', async () => {
    const known = headline(await scanInputs([capture]));
    if (known === undefined) throw new Error('a rate was wanted');
    for (const lost of spoken) {
      const audit = await scanInputs([
        writeCapture(
          folder,
          `${name}-${lost}`,
          packets.filter((_, at) => at !== lost),
        ),
      ]);
      const rate = headline(audit);
      if (rate === undefined) continue;
      expect(rate.estimate, `without packet ${lost}`).toBeGreaterThan(known.estimate / 2);
      expect(rate.estimate, `without packet ${lost}`).toBeLessThan(known.estimate * 2);
    }
  });
});

describe('a capture of what a pool says alone', () => {
  it('has no limit of the rate: nobody saw whether the miner sent a share', async () => {
    const portOf = (
      packet: CapturedPacket | undefined,
      end: 'source' | 'destination',
    ): number | undefined => {
      const layers = packet === undefined ? null : layersOf(packet);
      return layers?.view.getUint16((layers.tcp ?? 0) + (end === 'source' ? 0 : 2));
    };
    const poolPort = portOf(whole[0], 'destination');
    const packets = whole.filter((packet) => portOf(packet, 'source') === poolPort);
    expect(packets.length).toBeLessThan(whole.length);
    const { hosts } = await scanInputs([writeCapture(folder, 'pool-alone', packets)]);
    expect(hosts.map(({ hashrate }) => hashrate)).toEqual([[]]);
  });
});
