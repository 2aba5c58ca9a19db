/** Implausible power is said (docs/energy.md section 7): a flat figure that no machine of the algorithm needs, a load too large. */
import { describe, expect, it } from 'vitest';
import { powerNotes } from '../../src/audit/power-notes.ts';
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
});
