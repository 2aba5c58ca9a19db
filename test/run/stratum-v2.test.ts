/**
 * Encrypted Stratum V2 from the packets to the verdict: by its handshake it is called what it is, suspected alone and
 * `probable` at a dedicated pool; without its handshake it is suspected by its marks; its hashrate is nobody's to see.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CapturedPacket } from '../support/capture-reader.ts';
import { NOISE_MINERS, type NoiseMiner, noiseMining } from '../support/opaque-talk.ts';
import { random } from '../support/random.ts';
import { scanInputs } from '../support/scanning.ts';
import { writeCapture } from '../support/split.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { noise, type Sealed, sealedPackets } from '../support/tls.ts';

const folder = temporaryFolder();
const POOL = '198.51.100.77:34254';
let files = 0;

/** What follows act 2: the setup's answer, and a channel that is opened. */
const OPENING: readonly Sealed[] = [
  { at: 0.02, from: 'server', bytes: 44 },
  { at: 0.3, from: 'client', bytes: 91 },
  { at: 0.35, from: 'server', bytes: 95 },
];

function session(kind: NoiseMiner, seconds: number, seed: number): CapturedPacket[] {
  const draw = random(seed);
  const said = noiseMining(kind)(draw, seconds).map((message) => ({ ...message, at: message.at + 1 }));
  return sealedPackets([...OPENING, ...said], draw, {
    server: POOL,
    bare: true,
    hello: noise(draw, 64),
    serverFlight: noise(draw, 234),
  });
}

async function audited(packets: readonly CapturedPacket[], poolLines: readonly string[] = []) {
  const name = `noise-${++files}`;
  const list = path.join(folder, `${name}.txt`);
  if (poolLines.length > 0) writeFileSync(list, `${poolLines.join('\n')}\n`);
  const capture = writeCapture(folder, name, packets);
  return scanInputs([capture], { poolFiles: poolLines.length > 0 ? [list] : [] });
}

describe('encrypted Stratum V2', () => {
  for (const kind of NOISE_MINERS) {
    it(`with ${kind.name} is named by its handshake and suspected, its hashrate unknown`, async () => {
      const packets = session(kind, 600, 7);
      const audit = await audited(packets);
      const submitted = audit.sessions[0]?.shares.submitted ?? 0;
      expect(submitted).toBeGreaterThan(30);
      expect(audit.hosts).toMatchObject([{ ip: '192.0.2.77', verdict: 'suspected', hashrate: [] }]);
      expect(audit.sessions).toMatchObject([
        { dialect: 'stratum-v2', verdict: 'suspected', algorithm: null, hashrate: [] },
      ]);
      expect(audit.sessions[0]?.work.unpricedShares).toBe(submitted);
      expect(new Set(audit.sessions[0]?.series.map(({ hashrate }) => hashrate))).toEqual(new Set([null]));
    });

    it(`with ${kind.name} is probable at a pool that the operator lists`, async () => {
      const audit = await audited(session(kind, 600, 8), [POOL]);
      expect(audit.hosts).toMatchObject([{ verdict: 'probable', roles: ['miner'] }]);
    });

    it(`with ${kind.name} is suspected from its middle on`, async () => {
      const draw = random(9);
      const said = noiseMining(kind)(draw, 900);
      const audit = await audited(sealedPackets(said, draw, { server: POOL, bare: true, hello: null }));
      expect(audit.hosts).toMatchObject([{ ip: '192.0.2.77', verdict: 'suspected' }]);
      expect(audit.hosts[0]?.evidence.map(({ kind, strength }) => [kind, strength])).toEqual([
        ['mining-marks', 'weak'],
        ['shares-seen', 'hint'],
      ]);
      expect(audit.hosts[0]?.evidence[0]?.text).toContain('sizes of stratum-v2');
    });
  }

  it('that opens and never works is an attempt', async () => {
    const [kind] = NOISE_MINERS;
    const audit = kind === undefined ? null : await audited(session(kind, 0, 10));
    expect(audit?.hosts).toMatchObject([{ verdict: 'attempted' }]);
  });
});
