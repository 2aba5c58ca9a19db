/** This audit in the rows of the published ones, so that each figure stands beside those it will be held against. */
import type { Audit } from '../audit/audit.ts';
import { minersOf } from '../audit/miners.ts';
import { grouped } from '../statements/figures.ts';
import { bitrate, hashrateWithInterval, percent, si, significant } from './figures.ts';
import { joined, type Phrase, wire } from './phrase.ts';
import { institutionalOf, tally } from './shares.ts';
import type { ReportText } from './text/en.ts';

const COINS_SHOWN = 4;

interface OwnColumn {
  readonly by: Phrase;
  readonly addresses: Phrase;
  readonly traffic: Phrase;
  readonly hashrate: Phrase;
  readonly energy: Phrase;
  readonly share: Phrase;
  readonly coins: Phrase;
  readonly power: Phrase;
  readonly perAddress: Phrase;
  readonly energyPerAddress: Phrase;
  readonly trafficPerAddress: Phrase;
  readonly hashratePerAddress: Phrase;
  readonly joules: Phrase;
  /** Mass a day by a factor in kg/kWh. */
  mass(kgPerKwh: number): Phrase;
}

/** The column, or null if nobody mines: then there is nothing to hold against anything. */
export function ownColumn(audit: Audit, text: ReportText): OwnColumn | null {
  const { totals } = audit;
  const { traffic, minerAddresses: addresses } = totals;
  // What is only modelled says so in its own cell; both together are not figure.
  const power = totals.power ?? totals.modelledPower ?? null;
  const modelled = totals.power === null && power !== null ? ` ${text.basis.modelled}` : '';
  if (addresses === 0) return null;
  const { rows } = text.method.published;
  const { notAssessed } = text.page;
  const found = institutionalOf(audit);
  const mbps = traffic.mbpsOut + traffic.mbpsIn;
  const rates = totals.hashrate.filter(({ headline }) => headline);
  const coins = tally(minersOf(audit), (host) => host.coins);
  const energy = (format: (kwhPerDay: number) => string): Phrase => [
    power === null ? notAssessed : format(power.kwhPerDay),
  ];
  const rateText = (rate: (typeof rates)[number]): Phrase => [
    wire(rate.algorithm),
    ` ${hashrateWithInterval(rate)}${rate.basis === 'modelled' ? ` ${text.basis.modelled}` : ''}`,
  ];
  const named = coins
    .slice(0, COINS_SHOWN)
    .map(({ name, addresses: by }): Phrase => [wire(name), ` (${grouped(by)})`]);
  const [only] = rates;
  return {
    by: [`${audit.tool.name} ${audit.tool.version}`],
    addresses: [grouped(addresses)],
    traffic: [rows.ownTraffic(bitrate(mbps))],
    hashrate: rates.length === 0 ? [rows.notObserved] : joined(rates.map(rateText), text.semicolon),
    energy:
      power === null
        ? [notAssessed]
        : [
            `${significant(power.kwhPerDay)} kWh (${significant(power.kwhPerDayLow)}–${significant(power.kwhPerDayHigh)})${modelled}`,
          ],
    share:
      found === null
        ? [notAssessed]
        : [rows.ownShare(text.count.addresses(found.addresses), percent(found.share))],
    coins: named.length === 0 ? ['–'] : joined(named, text.comma),
    power: energy((kwh) => si((kwh * 1000) / 24, 'W')),
    perAddress: energy((kwh) => si((kwh * 1000) / 24 / addresses, 'W')),
    energyPerAddress: energy((kwh) => `${significant(kwh / addresses)} kWh`),
    trafficPerAddress: [si((mbps * 1e6) / addresses, 'bit/s')],
    hashratePerAddress: [
      rates.length === 1 && only !== undefined ? si(only.estimate / addresses, only.unit) : '–',
    ],
    joules: [joulesOfSha256(audit)],
    mass: (kgPerKwh) => energy((kwh) => tonnes(kwh, kgPerKwh)),
  };
}

/** What so many kWh are by a factor in kg/kWh: '60.0 t'. */
export function tonnes(kwh: number, kgPerKwh: number): string {
  return `${significant((kwh * kgPerKwh) / 1000)} t`;
}

/** Power of those that mine SHA-256 and nothing else, over their rate. */
function joulesOfSha256(audit: Audit): string {
  let watts = 0;
  let terahashes = 0;
  for (const { algorithms, power, hashrate } of minersOf(audit)) {
    const rate = hashrate.find(({ headline, algorithm }) => headline && algorithm === 'sha256d');
    if (algorithms.length !== 1 || power === null || rate === undefined || rate.basis === 'modelled')
      continue;
    watts += power.watts;
    terahashes += rate.estimate / 1e12;
  }
  return terahashes > 0 ? `${significant(watts / terahashes)} J/TH` : '–';
}
