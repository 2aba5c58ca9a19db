/**
 * The two provincial audits of 2021 that published energy, what follows from their figures, and factors that turn
 * electricity into coal and carbon (docs/energy.md sections 4 and 5). For the method section of a report, and as settings of
 * `--power-per-address`: comparison, never measurement.
 */
import { fail } from '../errors.ts';

export interface PublishedAudit {
  readonly id: 'jiangsu-2021' | 'zhejiang-2021';
  readonly title: string;
  readonly addresses: number;
  readonly kwhPerDay: number;
  /** Null if none was published. */
  readonly sha256dHashesPerSecond: number | null;
  readonly mbps: number | null;
  /** Part of addresses named as institutional, 0 to 1, in the audit's own sense. */
  readonly institutionalShare: number;
  readonly note: string;
}

export const PUBLISHED_AUDITS: readonly PublishedAudit[] = [
  {
    id: 'jiangsu-2021',
    title: 'Jiangsu Communications Administration, October 2021',
    addresses: 4502,
    kwhPerDay: 260_000,
    sha256dHashesPerSecond: 10e15,
    mbps: 136.77,
    institutionalShare: 0.21,
    note: 'party and government bodies, universities and enterprises, all called invaded and used; more than 10 PH/s',
  },
  {
    id: 'zhejiang-2021',
    title: 'Zhejiang, sampling of July 2021, published December 2021',
    addresses: 4699,
    kwhPerDay: 148_500,
    sha256dHashesPerSecond: null,
    mbps: null,
    institutionalShare: 183 / 4699,
    note: 'state units only; of 78 units 34 mined on purpose, 32 were infected',
  },
];

interface DerivedFigures {
  /** Mean power of all, W. */
  readonly meanWatts: number;
  readonly wattsPerAddress: number;
  readonly kwhPerDayPerAddress: number;
  /** bit/s; null if no traffic was published. */
  readonly bpsPerAddress: number | null;
  readonly bytesPerDay: number | null;
  readonly hashesPerSecondPerAddress: number | null;
  /** Joules per 10^12 hashes if all were SHA256d. */
  readonly joulesPerTerahash: number | null;
  readonly institutionalAddresses: number;
}

/** What follows from an audit's own figures. */
export function derivedFigures(audit: PublishedAudit): DerivedFigures {
  const meanWatts = (audit.kwhPerDay * 1000) / 24;
  const { addresses, mbps, sha256dHashesPerSecond: rate } = audit;
  return {
    meanWatts,
    wattsPerAddress: meanWatts / addresses,
    kwhPerDayPerAddress: audit.kwhPerDay / addresses,
    bpsPerAddress: mbps === null ? null : (mbps * 1e6) / addresses,
    bytesPerDay: mbps === null ? null : (mbps * 1e6 * 86_400) / 8,
    hashesPerSecondPerAddress: rate === null ? null : rate / addresses,
    joulesPerTerahash: rate === null ? null : meanWatts / (rate / 1e12),
    institutionalAddresses: Math.round(audit.institutionalShare * addresses),
  };
}

/** kWh a day that a SHA256d rate takes at an efficiency in J/TH, and the machines of a rate that it needs. */
export function sha256dDay(
  hashesPerSecond: number,
  joulesPerTerahash: number,
  machineHashesPerSecond: number,
): { kwhPerDay: number; machines: number } {
  const watts = (hashesPerSecond / 1e12) * joulesPerTerahash;
  return { kwhPerDay: (watts * 24) / 1000, machines: Math.ceil(hashesPerSecond / machineHashesPerSecond) };
}

/** Watts an address of `--power-per-address`: a number, or a published audit by name. Throws USAGE. */
export function parsePowerPerAddress(word: string, where: string): number {
  const audit = PUBLISHED_AUDITS.find((known) => known.id === word);
  if (audit !== undefined) return Math.round(derivedFigures(audit).wattsPerAddress);
  const watts = word.trim() === '' ? Number.NaN : Number(word);
  if (watts > 0 && watts <= 1e6) return watts;
  return fail('USAGE', `'${word}' is not a power in watts`, {
    where,
    hint: `write a number up to 1000000, or one of: ${PUBLISHED_AUDITS.map((known) => known.id).join(', ')}`,
  });
}

export interface EnergyFactor {
  readonly id: string;
  readonly title: string;
  /** kg per kWh. */
  readonly kgPerKwh: number;
  readonly year: string;
  readonly note: string;
}

export const ENERGY_FACTORS: readonly EnergyFactor[] = [
  {
    id: 'coal-cn',
    title: 'standard coal, Chinese convention of end use',
    kgPerKwh: 0.404,
    year: '2021',
    note: 'as Zhejiang used it: 60 t for 148,500 kWh',
  },
  {
    id: 'co2-cn-old',
    title: 'CO2, old Chinese convention',
    kgPerKwh: 0.997,
    year: '2021',
    note: 'as Zhejiang used it: 54,000 t a year',
  },
  {
    id: 'co2-cn-grid',
    title: 'CO2, average of the Chinese grid',
    kgPerKwh: 0.575,
    year: '2021-22',
    note: 'general knowledge, 0.57 to 0.58',
  },
  {
    id: 'co2-eu',
    title: 'CO2, average of the European Union',
    kgPerKwh: 0.24,
    year: '2023',
    note: 'general knowledge',
  },
];
