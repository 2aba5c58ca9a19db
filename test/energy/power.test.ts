import { describe, expect, it } from 'vitest';
import { efficiencyOf, yearOf } from '../../src/energy/efficiency.ts';
import { familyOf, machineOf } from '../../src/energy/families.ts';
import { HARDWARE, modelNamed, WORK_UNITS } from '../../src/energy/hardware.ts';
import { conventionFor, type PowerInput, powerOf } from '../../src/energy/power.ts';
import { PUE_SETTINGS, parsePue } from '../../src/energy/pue.ts';
import { totalPower } from '../../src/energy/totals.ts';
import { textsOf } from '../support/texts.ts';

const OCTOBER_2021 = Date.UTC(2021, 9, 8) * 1000;
const NO_PUE = { name: 'none', low: 1, central: 1, high: 1 };
const ONE_RIG = { low: 1, high: 1 };

function input(changes: Partial<PowerInput>): PowerInput {
  return {
    parts: [],
    atUs: OCTOBER_2021,
    agents: [],
    workers: [],
    rigs: ONE_RIG,
    convention: 'total',
    pue: NO_PUE,
    ...changes,
  };
}

function measured(algorithm: string, rate: number, duty = 1) {
  return { algorithm, hashrate: { estimate: rate, low: rate, high: rate }, basis: 'shares' as const, duty };
}

/** As of one share or two: a rate that tells no machine. */
function uncertain(algorithm: string, rate: number, duty = 1) {
  const hashrate = { estimate: rate, low: rate / 10, high: rate * 5 };
  return { algorithm, hashrate, basis: 'shares' as const, duty };
}

function three(estimate: ReturnType<typeof powerOf>): number[] {
  if (estimate === null) throw new Error('no estimate');
  return [estimate.wattsLow, estimate.watts, estimate.wattsHigh].map((watts) => Number(watts.toPrecision(3)));
}

describe('power of a host', () => {
  it('is rate times joules per hash of the year of the capture, if the rate tells no machine', () => {
    // 13.5 TH/s: 28 J/TH the best of 2021, 110 the worst in use, 47 to 52 the network's average in October.
    const host = powerOf(input({ parts: [uncertain('sha256d', 13.5e12)] }));
    expect(host?.wattsLow).toBeCloseTo(1.35 * 28);
    expect(host?.wattsHigh).toBeCloseTo(5 * 13.5 * 110);
    expect(host?.watts).toBeGreaterThan(13.5 * 44);
    expect(host?.watts).toBeLessThan(13.5 * 52);
    expect([host?.tier, host?.machine]).toEqual(['A', 'asic']);
    // The same rate in 2026 is another machine: 9 to 42 J/TH, and 28.2 of the last known average.
    const later = powerOf(
      input({ parts: [uncertain('sha256d', 13.5e12)], atUs: Date.UTC(2026, 5, 1) * 1000 }),
    );
    expect(later?.wattsLow).toBeCloseTo(1.35 * 9);
    expect(later?.wattsHigh).toBeCloseTo(5 * 13.5 * 42);
    expect(later?.watts).toBeCloseTo(13.5 * 28.2);
  });

  it('takes the limits of the rate into its own', () => {
    const part = { ...measured('sha256d', 100e12), hashrate: { estimate: 100e12, low: 20e12, high: 125e12 } };
    const host = powerOf(input({ parts: [part] }));
    expect(host?.wattsLow).toBeCloseTo(20 * 28);
    expect(host?.wattsHigh).toBeCloseTo(125 * 110);
  });

  it('counts a day by the time that the host mined, and the room by its PUE', () => {
    const host = powerOf(
      input({
        parts: [uncertain('sha256d', 100e12, 0.25)],
        pue: { name: 'x', low: 1, central: 1.5, high: 2 },
      }),
    );
    expect(host?.kwhPerDayLow).toBeCloseTo((10 * 28 * 24 * 0.25) / 1000);
    expect(host?.kwhPerDayHigh).toBeCloseTo((500 * 110 * 2 * 24 * 0.25) / 1000);
    expect(host?.wattsHigh).toBeCloseTo(500 * 110 * 2);
    expect(textsOf(host?.assumptions)).toContain('PUE 1.5 (1–2, x).');
  });

  it('adds watts of several algorithms, never their rates', () => {
    const alone = ['kawpow', 'rx/0'].map(
      (algorithm) => powerOf(input({ parts: [measured(algorithm, 2e4)] }))?.watts ?? 0,
    );
    const both = powerOf(input({ parts: [measured('kawpow', 2e4), measured('rx/0', 2e4)] }));
    expect(both?.watts).toBeCloseTo(alone[0] + alone[1]);
    expect(both?.machine).toBeNull();
  });

  it('has the processor of a hijacked host cost what it adds: 90 W at 3 kH/s', () => {
    const part = uncertain('rx/0', 3000);
    const host = powerOf(input({ parts: [part], convention: 'marginal' }));
    // 30 J/kH for a throttled machine; a processor of 2012 needs 110, and 15 % more at the wall.
    expect(host?.watts).toBeCloseTo(90);
    expect(host?.wattsHigh).toBeCloseTo(5 * 3 * 110 * 1.15);
    expect(textsOf(host?.assumptions)).toContain(
      'Only what mining adds is counted: the machines are on anyway.',
    );
  });

  it('has a whole rig of cards cost what the wall sees', () => {
    const host = powerOf(input({ parts: [uncertain('ethash', 423e6)] }));
    expect(host?.watts).toBeCloseTo(423 * 2.6);
    // 15 kW at most by its rate, but no rig has more than 10.
    expect(host?.wattsHigh).toBe(10_000);
    // Seven RTX 3070 of 120 W at the chip, or as many cards that need twice that.
    const certain = powerOf(input({ parts: [measured('ethash', 423e6)] }));
    expect(certain?.wattsLow).toBeLessThan(7 * 120 * 1.1);
    expect(certain?.wattsHigh).toBeGreaterThan(423 * 4);
  });

  it('takes the model that the miner names', () => {
    const host = powerOf(
      input({ parts: [measured('sha256d', 110e12)], agents: ['bmminer/2.0 Antminer S19 Pro'] }),
    );
    expect(three(host)).toEqual([3080, 3245, 3630].map((watts) => Number(watts.toPrecision(3))));
    const nameless = { algorithm: 'sha256d', hashrate: null, basis: 'shares' as const, duty: 1 };
    const plate = powerOf(input({ parts: [nameless], workers: ['s9_07'], rigs: { low: 2, high: 2 } }));
    expect([plate?.tier, ...three(plate)]).toEqual(['B', 2380, 2650, 2910]);
  });

  it('falls back on the kind of worker, wide, and says so', () => {
    const cpu = { algorithm: 'rx/0', hashrate: null, basis: 'shares' as const, duty: 1 };
    expect(three(powerOf(input({ parts: [cpu], convention: 'marginal' })))).toEqual([25, 90, 250]);
    const flow = { algorithm: null, hashrate: null, basis: null, duty: 1 };
    const unknown = powerOf(input({ parts: [flow], rigs: { low: 1, high: 4 } }));
    expect([unknown?.tier, ...three(unknown)]).toEqual(['C', 25, 580, 13600]);
    expect(textsOf(unknown?.assumptions)).toContain(
      'Rate not known: 290 W (25–3,400) per worker, of any kind; an estimate.',
    );
  });

  it('does not call a rate unknown where only the watts of the hardware are', () => {
    const host = powerOf(input({ parts: [measured('equihash', 331)] }));
    expect(textsOf(host?.assumptions)).toContain(
      'Rate known, but not the consumption of equihash on such a machine: 1.10 kW (120–1,600) per worker, machine with graphics cards (one card up to a whole rig); an estimate.',
    );
  });

  it('says where a rate is only the word of the miner', () => {
    const part = { ...measured('ethash', 25.2e6), basis: 'self-reported' as const };
    const host = powerOf(input({ parts: [part] }));
    expect(host?.tier).toBe('B');
    expect(textsOf(host?.assumptions)).toContain('Rate as reported by the miner.');
  });

  it('says where nobody can compute the hashes of shares again', () => {
    const says = (algorithm: string, rate: number): boolean =>
      textsOf(powerOf(input({ parts: [measured(algorithm, rate)] }))?.assumptions).some((text) =>
        text.startsWith('Rate from shares whose hashes nobody has computed again'),
      );
    expect([says('rx/0', 5000), says('ethash', 25.2e6), says('sha256d', 1e14)]).toEqual([true, true, false]);
  });

  it('never takes a modelled rate for a measured one, nor for a sign of the machine', () => {
    const [seen, modelled] = (['shares', 'modelled'] as const).map((basis) =>
      powerOf(input({ parts: [{ ...measured('randomx', 1e6), basis }] })),
    );
    // At this rate only an ASIC could be meant, if the rate were seen.
    expect([seen?.tier, seen?.machine, modelled?.tier, modelled?.machine]).toEqual(['A', 'asic', 'C', 'cpu']);
    expect(textsOf(modelled?.assumptions)).toContain(
      'Rate modelled from bytes and assumptions, not measured.',
    );
  });

  it('takes a modelled rate whose upper end is too slow for an ASIC for what is no ASIC, as a measured one', () => {
    const [seen, modelled] = (['shares', 'modelled'] as const).map((basis) =>
      powerOf(
        input({
          parts: [
            { algorithm: 'equihash', hashrate: { estimate: 340, low: 200, high: 700 }, basis, duty: 1 },
          ],
        }),
      ),
    );
    expect([seen?.tier, seen?.machine, ...three(seen)]).toEqual(['B', 'gpu', 120, 1100, 1600]);
    expect([modelled?.tier, modelled?.machine, ...three(modelled)]).toEqual(['C', 'gpu', 120, 1100, 1600]);
    expect(textsOf(modelled?.assumptions)).toContain(
      'Graphics cards assumed: too slow for an ASIC for equihash.',
    );
    // 60 kSol/s is within reach of the range: ASICs, as of the algorithm everywhere.
    const wide = { algorithm: 'equihash', hashrate: { estimate: 340, low: 20, high: 60e3 }, duty: 1 };
    expect(powerOf(input({ parts: [{ ...wide, basis: 'modelled' }] }))?.machine).toBe('asic');
  });

  it('has no more power than the rate can be at most, where no share came', () => {
    const none = (high: number) => ({
      ...{ algorithm: 'sha256d', hashrate: { estimate: 0, low: 0, high }, duty: 1 },
      basis: 'shares' as const,
    });
    // 0.2 TH/s at 110 J/TH, the worst of 2021, is 22 W; an ASIC of 1300 W and more is none of it.
    const slow = powerOf(input({ parts: [none(0.2e12)] }));
    expect([slow?.tier, slow?.wattsLow]).toEqual(['B', 0]);
    expect(slow?.wattsHigh).toBeCloseTo(22);
    expect(slow?.watts).toBeGreaterThan(0.2 * 44);
    expect(slow?.watts).toBeLessThan(0.2 * 52);
    expect(textsOf(slow?.assumptions)).toContain(
      'No share was seen: power is limited to what the highest possible rate needs.',
    );
    const named = powerOf(input({ parts: [none(0.2e12)], workers: ['s9_07'] }));
    expect([named?.tier, ...three(named)]).toEqual(['B', 0, 19.6, 22]);
    // 10 PH/s leaves room for whatever there is; 20 TH/s for an ASIC of at most 2200 W.
    expect(three(powerOf(input({ parts: [none(10e15)] })))).toEqual([1300, 2400, 3400]);
    const some = powerOf(input({ parts: [none(20e12)] }));
    expect([some?.wattsLow, some?.wattsHigh]).toEqual([0, 2200]);
    // Slower than any ASIC: a processor or card, which is no ASIC whatever the year.
    expect(powerOf(input({ parts: [none(1e9)] }))?.machine).toBe('gpu');
  });

  it('is of tier B where payload tells the kind of machine, and of C where nothing that was read does', () => {
    const unrated = { algorithm: 'scrypt', hashrate: null, basis: null, duty: 1 };
    expect(powerOf(input({ parts: [unrated], isParsed: true }))?.tier).toBe('B');
    expect(powerOf(input({ parts: [unrated] }))?.tier).toBe('C');
    expect(powerOf(input({ parts: [{ ...unrated, algorithm: null }], isParsed: true }))?.tier).toBe('C');
  });

  it('is one flat figure only where that is asked for', () => {
    const host = powerOf(
      input({ parts: [measured('sha256d', 1e15, 0.1)], flatWatts: 2406, pue: PUE_SETTINGS[3] }),
    );
    expect([host?.tier, host?.wattsLow, host?.watts, host?.wattsHigh, host?.kwhPerDay]).toEqual([
      'flat',
      2406,
      2406,
      2406,
      57.744,
    ]);
  });

  it('is nothing for a host that did not mine', () => {
    expect(powerOf(input({}))).toBeNull();
  });

  it('stays finite and in order for any input', () => {
    const rates = [0, Number.MIN_VALUE, 1, 1e30, Number.NaN];
    for (const algorithm of ['sha256d', 'rx/0', 'kawpow', 'nonsense', null]) {
      for (const rate of rates) {
        for (const year of [2009, 2016, 2021, 2040]) {
          const part = {
            algorithm,
            hashrate: { estimate: rate, low: null, high: null },
            basis: 'shares' as const,
            duty: Number.NaN,
          };
          const host = powerOf(input({ parts: [part], atUs: Date.UTC(year, 0, 2) * 1000 }));
          expect(host?.kwhPerDay).toBe(0);
          expect(host === null || (host.wattsLow <= host.watts && host.watts <= host.wattsHigh)).toBe(true);
        }
      }
    }
  });
});

describe('the kind of machine', () => {
  it.each([
    ['sha256d', [], 100e12, 'asic'],
    ['sha256d', [], 1e6, 'gpu'],
    ['sha256d', ['cpuminer/2.5.1'], 5e6, 'cpu'],
    ['rx/0', ['XMRig/6.21.0'], 4000, 'cpu'],
    ['rx/0', [], 212e3, 'asic'],
    ['ethash', [], 60e6, 'gpu'],
    ['ethash', [], 2.4e9, 'asic'],
    ['kheavyhash', ['lolMiner 1.88'], 5e8, 'gpu'],
    ['kheavyhash', ['IceRiver KS5L'], 12e12, 'asic'],
    ['kawpow', ['T-Rex/0.26.8'], 25e6, 'gpu'],
    ['verushash', [], null, 'cpu'],
    [null, [], null, null],
  ])('of %s by %j at %s H/s is %s', (algorithm, agents, rate, expected) => {
    const ratePerWorker = rate === null ? null : { low: rate, high: rate };
    expect(machineOf({ algorithm, agents, ratePerWorker, year: 2024 }).machine).toBe(expected);
  });

  it('says of a program that runs on any computer no more than that it drives ASICs', () => {
    const signs = { algorithm: 'sha256d', agents: ['bfgminer/5.2.0'], ratePerWorker: null, year: 2018 };
    expect(machineOf(signs)).toEqual({
      machine: 'asic',
      because: 'asic-agent',
    });
  });

  it('is told by the rate of a worker only where that holds for any number of them', () => {
    // Twenty rigs of cards behind one address, of which one worker alone would be an ASIC.
    const rigs = { low: 1, high: 20 };
    const cards = powerOf(input({ parts: [measured('ethash', 20 * 423e6)], rigs }));
    expect(cards?.machine).toBe('gpu');
    expect(cards?.watts).toBeGreaterThan(20 * 1000);
    expect(cards?.watts).toBeLessThan(20 * 1300);
    // Half a terahash of SHA-256 in a hundred workers at most: one ASIC behind many names, or a hundred toys.
    const parts = [measured('sha256d', 0.5e12)];
    expect(powerOf(input({ parts, rigs: { low: 1, high: 100 } }))?.machine).toBe('asic');
  });

  it('decides whose power counts', () => {
    expect([
      conventionFor('hijacked', 'gpu'),
      conventionFor('undetermined', 'cpu'),
      conventionFor('undetermined', 'gpu'),
      conventionFor('deliberate', 'cpu'),
    ]).toEqual(['marginal', 'marginal', 'total', 'total']);
  });

  it('names a model only where one is named', () => {
    expect(modelNamed(['s9_1', 's9_2'], 'sha256d')?.device).toBe('Antminer S9');
    expect(modelNamed(['s9_1', 's19-3'], 'sha256d')).toBeNull();
    expect(modelNamed(['L7-01'], 'sha256d')).toBeNull();
    expect(modelNamed(['ds9x', 'news7day'], 'sha256d')).toBeNull();
  });
});

describe('efficiencies', () => {
  it('cover each family of the table in any year, in order', () => {
    for (const { family, machine } of HARDWARE) {
      for (const year of [2012, 2018.5, 2021.78, 2024, 2026.9, 2035]) {
        for (const convention of ['total', 'marginal'] as const) {
          const found = efficiencyOf(family, machine, year, convention);
          expect(
            found === null
              ? 'none'
              : found.low > 0 && found.low <= found.central && found.central <= found.high,
          ).toBe(true);
        }
      }
    }
  });

  it('go from one known average of the network to the next', () => {
    const at = (year: number) =>
      (efficiencyOf('sha256d', 'asic', year, 'total')?.central ?? 0) * WORK_UNITS['J/TH'];
    expect(at(2018.54)).toBeCloseTo(89);
    expect(at(2021.5)).toBeCloseTo(50);
    expect(at(2023.37)).toBeCloseTo(33);
    expect(at(2024.5)).toBeCloseTo(28.2);
    expect(at(2026)).toBeCloseTo(28.2);
    expect(at(2022.4)).toBeGreaterThan(33);
    expect(at(2022.4)).toBeLessThan(50);
  });

  it('are of families, not of ids', () => {
    expect(
      ['rx/0', 'rx/wow', 'cn/r', 'etchash', 'sha256d', 'equihash125_4', 'nonsense'].map(familyOf),
    ).toEqual(['randomx', 'randomx', 'cryptonight', 'ethash', 'sha256d', 'equihash125_4', null]);
    expect(yearOf(Date.UTC(2024, 6, 2) * 1000)).toBeCloseTo(2024.5, 2);
  });
});

describe('PUE', () => {
  it('is a setting, a number, or three', () => {
    expect(parsePue('farm', '--pue')).toEqual({ name: 'farm', low: 1.01, central: 1.05, high: 1.2 });
    expect(parsePue('1.3', '--pue')).toEqual({ name: '1.3', low: 1.3, central: 1.3, high: 1.3 });
    expect(parsePue('1,1.2,1.5', '--pue')).toEqual({ name: '1,1.2,1.5', low: 1, central: 1.2, high: 1.5 });
    for (const word of ['', 'x', '0.9', '6', '1.5,1.2,1', '1,2', '1,2,3,4', 'NaN', ',,']) {
      expect(() => parsePue(word, '--pue')).toThrow(`'${word}' is not a PUE`);
    }
  });
});

describe('totals', () => {
  it('count the shares of all hosts together, and add what is wrong about hardware and PUE', () => {
    // One share each: the exact limits of a Poisson mean are 0.0253 and 5.572 for one, 81.36 and 121.63 for a hundred.
    const rate = 50e12;
    const hashrate = { estimate: rate, low: rate * 0.025318, high: rate * 5.5716 };
    const one = powerOf(
      input({
        parts: [{ algorithm: 'sha256d', hashrate, basis: 'shares', duty: 1 }],
        pue: { name: 'x', low: 1, central: 1.1, high: 1.5 },
      }),
    );
    if (one === null) throw new Error('no estimate');
    expect([one.wattsLow, one.wattsHigh].map((watts) => Math.round(watts))).toEqual([35, 45966]);
    const { estimated } = totalPower(Array.from({ length: 100 }, () => one));
    expect(estimated.wattsLow / (100 * 50 * 28 * 0.8136)).toBeCloseTo(1, 2);
    expect(estimated.wattsHigh / (100 * 50 * 110 * 1.5 * 1.2163)).toBeCloseTo(1, 2);
    expect(estimated.watts).toBeCloseTo(100 * one.watts);
    expect(totalPower([one]).estimated.wattsLow).toBeCloseTo(one.wattsLow);
  });

  it('keep flow-only hosts apart', () => {
    const exact = (rate: number) => ({
      ...uncertain('sha256d', rate),
      hashrate: { estimate: rate, low: null, high: null },
    });
    const hosts = [
      powerOf(input({ parts: [exact(100e12)] })),
      powerOf(input({ parts: [exact(50e12)] })),
      powerOf(input({ parts: [{ algorithm: null, hashrate: null, basis: null, duty: 1 }] })),
    ].filter((host) => host !== null);
    const totals = totalPower(hosts);
    const sum = (field: 'wattsLow' | 'wattsHigh') => (hosts[0]?.[field] ?? 0) + (hosts[1]?.[field] ?? 0);
    expect(totals.estimated.wattsLow).toBeCloseTo(sum('wattsLow'));
    expect(totals.estimated.wattsHigh).toBeCloseTo(sum('wattsHigh'));
    expect(totals.modelled.watts).toBe(290);
    expect(totals.hosts).toEqual({ A: 2, B: 0, C: 1, flat: 0 });
  });
});
