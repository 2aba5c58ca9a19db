/** Implausible power is said (docs/reference/energy.md section 7): a flat figure that no machine of the algorithm needs, a load too large. */
import { describe, expect, it } from 'vitest';
import type { AuditHost, HashrateRow, HostHashrateRow } from '../../src/audit/audit.ts';
import { powerNotes } from '../../src/audit/power-notes.ts';
import { sampleAudit } from '../support/sample-audit.ts';
import { scanInputs } from '../support/scanning.ts';
import { laboratoryCapture } from '../support/truth.ts';

const { capture } = laboratoryCapture('zec-zip301');

describe('the notes on power', () => {
  it('say where watts that were given are none of the algorithm that was seen', async () => {
    // 326 Sol/s at 100 kW are 307 J a solution; Equihash machines needed 0.1 to some hundreds of J a kSol.
    const { notes } = await scanInputs([capture], { wattsPerAddress: 100_000 });
    const [warning] = notes.filter(({ code }) => code === 'implausible-efficiency');
    expect(warning?.text).toMatch(/^[\d,.]+ J\/kSol is implausible for equihash in \d{4}: machines needed /);
    expect((await scanInputs([capture])).notes.filter(({ text }) => text.includes('implausible'))).toEqual(
      [],
    );
  });

  it('say where hosts draw more than owners of their class have', async () => {
    const audit = await scanInputs([capture], { wattsPerAddress: 60_000 });
    const [host] = audit.hosts;
    if (host === undefined) throw new Error('no host');
    const said = (ownerClass: typeof host.owner.class): string[] => {
      host.owner = { ...host.owner, class: ownerClass };
      return powerNotes(audit)
        .filter(({ text }) => text.includes('behind one address'))
        .map(({ text }) => text);
    };
    expect(said('education')).toEqual([
      '1 host draws more power than owners of their class (education) have behind one address: the rate, the number of machines or the owner is wrong',
    ]);
    expect(said('hosting')).toEqual([]);
  });

  it('say which algorithm has more than its whole network, the headlines of miners together', () => {
    const audit = sampleAudit();
    const [first] = audit.hosts;
    const rate = (estimate: number, more: Partial<HashrateRow> = {}): HostHashrateRow => ({
      ...{ algorithm: 'rx/0', unit: 'H/s', basis: 'shares', low95: null, high95: null, headline: true },
      ...{ activeSeconds: 1, estimate, ...more },
    });
    const said = (...hosts: Partial<AuditHost>[]) =>
      powerNotes({ ...audit, hosts: hosts.map((host) => ({ ...first, power: null, ...host })) }).map(
        ({ code, params }) => [code, params.algorithm, params.rate, params.unit],
      );
    // Monero's largest year had 6.8 GH/s.
    const half = { hashrate: [rate(3e10)] };
    expect(said(half, half)).toEqual([['more-than-network', 'rx/0', 6e10, 'H/s']]);
    expect(said({ hashrate: [rate(1e9)] }, { hashrate: [rate(1e9)] })).toEqual([]);
    expect(said({ hashrate: [rate(6e10, { headline: false })] })).toEqual([]);
    expect(said({ ...half, verdict: 'suspected' }, { hashrate: [rate(6e10)], verdict: 'suspected' })).toEqual(
      [],
    );
  });

  it('doubt watts that were given only of one algorithm with a rate that was seen', () => {
    const audit = sampleAudit();
    const [first] = audit.hosts;
    const [rate] = first.hashrate;
    const figures = {
      wattsLow: 1e5,
      watts: 1e5,
      wattsHigh: 1e5,
      kwhPerDayLow: 1,
      kwhPerDay: 1,
      kwhPerDayHigh: 1,
    };
    const said = (host: Partial<AuditHost>, tier: 'A' | 'flat' = 'flat') =>
      powerNotes({
        ...audit,
        hosts: [
          { ...first, owner: { ...first.owner, class: 'hosting' }, power: { ...figures, tier }, ...host },
        ],
      }).map(({ code }) => code);
    expect(said({})).toEqual(['implausible-efficiency']);
    expect(said({ power: { ...figures, watts: 20, tier: 'flat' } })).toEqual([]);
    expect(said({}, 'A')).toEqual([]);
    // Of its family no machine was measured.
    expect(
      said({ algorithms: ['argon2/chukwav2'], hashrate: [{ ...rate, algorithm: 'argon2/chukwav2' }] }),
    ).toEqual([]);
    expect(said({ hashrate: [{ ...rate, basis: 'modelled' }] })).toEqual([]);
    expect(said({ hashrate: [{ ...rate, headline: false }] })).toEqual([]);
    expect(said({ hashrate: [rate, { ...rate, algorithm: 'kawpow' }] })).toEqual([]);
    expect(said({ algorithms: ['rx/0', 'kawpow'] })).toEqual([]);
  });
});
