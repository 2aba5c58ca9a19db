/**
 * Mining hardware and its energy per unit of work, as facts with their sources (hardware-efficiency.csv of the project's
 * reference). Values are joules per unit of `unit`. Rows from general knowledge or judgement are not confirmed: only
 * their range is used, never the middle alone.
 */

export type Machine = 'cpu' | 'gpu' | 'asic';

export interface HardwareRow {
  readonly family: string;
  readonly device: string;
  readonly machine: Machine;
  /** Year of sale; null for any. */
  readonly year: number | null;
  /** Joules per unit of work: low is the best seen, high the worst. */
  readonly low: number;
  readonly value: number;
  readonly high: number;
  readonly unit: string;
  /** Watts at the wall as the maker states them; null if they are not stated. */
  readonly watts: number | null;
  /** `device`: the card or chip alone. `wall`: the whole machine. `average`: of all machines of that time. */
  readonly scope: 'device' | 'wall' | 'average';
  readonly isConfirmed: boolean;
  readonly source: string;
}

/** Hashes (solutions) in one unit of work. */
export const WORK_UNITS: Readonly<Record<string, number>> = {
  'J/TH': 1e12,
  'J/GH': 1e9,
  'J/MH': 1e6,
  'J/kH': 1e3,
  'J/kSol': 1e3,
  'J/Sol': 1,
};

const LIST = 'wall-watt list of asics-tools';
const GPU_TABLE = 'table of miningcalcbot (cards alone, tuned)';
const LAB = 'crypto-lab, measured February 2026';
const NAMEPLATE = 'nameplate, general knowledge';
const RANDOMX = 'hashrate of the RandomX README; power by judgement';

type Line = readonly [
  device: string,
  year: number | null,
  low: number,
  value: number,
  high: number,
  watts: number | null,
  source: string,
];

function rows(
  family: string,
  machine: Machine,
  unit: string,
  scope: HardwareRow['scope'],
  lines: readonly Line[],
): HardwareRow[] {
  return lines.map(([device, year, low, value, high, watts, source]) => ({
    family,
    device,
    machine,
    year,
    low,
    value,
    high,
    unit,
    watts,
    scope,
    isConfirmed: !/general knowledge|judgement/.test(source),
    source,
  }));
}

export const HARDWARE: readonly HardwareRow[] = [
  ...rows('sha256d', 'asic', 'J/TH', 'wall', [
    ['Antminer S7', 2015, 230, 256, 290, null, 'scholarly table (Randi, table S1)'],
    ['Antminer S9', 2016, 80, 98, 110, 1323, `${LIST}; Randi, table S1`],
    ['Avalon 1066', 2019, 60, 65, 72, 3250, LIST],
    ['Antminer S17e', 2019, 42, 45, 50, 2880, LIST],
    ['Whatsminer M20S', 2019, 48, 52, 56, null, LIST],
    ['Whatsminer M21S', 2019, 58, 66, 70, 3300, LIST],
    ['Whatsminer M31S', 2020, 42, 46, 50, 3404, LIST],
    ['Whatsminer M30S', 2020, 36, 38, 42, 3344, LIST],
    ['Whatsminer M30S++', 2020, 30, 32.8, 35, 3472, LIST],
    ['Antminer S19', 2020, 30, 34.2, 36, 3250, LIST],
    ['Antminer S19 Pro', 2020, 28, 29.5, 33, 3250, LIST],
    ['Antminer S19j Pro', 2021, 28, 30.5, 33, 3050, `${LIST}; lmc-mining`],
    ['Avalon 1246', 2021, 36, 38, 42, 3420, LIST],
    ['Antminer S19 XP', 2022, 21, 21.5, 24, 3010, LIST],
    ['Whatsminer M50', 2022, 27, 29, 31, 3422, LIST],
    ['Antminer S21', 2023, 17, 17.5, 19, 3500, 'd-central glossary; miningftw sheet'],
    ['Whatsminer M66', 2023, 18.5, 19.9, 21, 5492, 'miningftw sheet (immersion)'],
    ['Antminer S21+', 2024, 15, 15.2, 16.5, 3564, 'miningftw sheet'],
    ['Antminer S21 Pro', 2024, 14.5, 15, 16, 3510, 'lmc-mining; asicmarketplace'],
    ['best machine with air cooling', 2026, 11, 13.5, 15, null, 'lmc-mining; low end by judgement'],
  ]),
  ...rows('sha256d', 'asic', 'J/TH', 'average', [
    ['average of the network, July 2018', 2018.54, 80, 89, 100, null, 'Coin Metrics, nonce fingerprints'],
    [
      'average of the network, 2021',
      2021.5,
      35,
      50,
      70,
      null,
      'judgement between the averages of 2018 and 2023',
    ],
    ['average of the network, May 2023', 2023.37, 28, 33, 38, null, 'Coin Metrics, nonce fingerprints'],
    ['average of the network, 2025-26', 2026, 16, 20, 26, null, 'judgement'],
  ]),
  ...rows('sha256d', 'gpu', 'J/TH', 'wall', [
    ['graphics card or processor', null, 200_000, 1_000_000, 100_000_000, null, 'judgement'],
  ]),
  ...rows('scrypt', 'asic', 'J/MH', 'wall', [
    ['Antminer L3+', 2017, 1.5, 1.6, 1.8, 800, NAMEPLATE],
    ['Antminer L7', 2021, 0.34, 0.36, 0.4, 3425, NAMEPLATE],
    ['Antminer L9', 2024, 0.2, 0.21, 0.23, 3250, 'astera.ru'],
  ]),
  ...rows('ethash', 'gpu', 'J/MH', 'device', [
    ['RX 570', 2017, 2.5, 2.7, 4.5, null, GPU_TABLE],
    ['RX 580', 2017, 2.9, 4, 5, null, GPU_TABLE],
    ['GTX 1080 Ti', 2017, 3.5, 4.6, 5.5, null, GPU_TABLE],
    ['RTX 2060', 2019, 3.2, 4, 4.5, null, GPU_TABLE],
    ['GTX 1660 Super', 2019, 2.3, 2.4, 4, null, GPU_TABLE],
    ['RX 5700 XT', 2019, 2, 2.2, 2.8, null, GPU_TABLE],
    ['RTX 3060 Ti', 2020, 1.9, 2.2, 2.5, null, GPU_TABLE],
    ['RTX 3070', 2020, 1.9, 2, 2.5, null, GPU_TABLE],
    ['RTX 3080', 2020, 2.1, 2.3, 2.6, null, 'MiningCalculator'],
    ['RTX 3090', 2020, 2.4, 2.8, 3, null, GPU_TABLE],
  ]),
  ...rows('ethash', 'gpu', 'J/MH', 'wall', [
    ['whole rig of cards', 2021, 2.2, 2.6, 4.5, null, 'judgement: cards, 60 W a host of six, 8 to 10 % lost'],
    ['desktop as it is', 2021, 3, 4.5, 7, null, 'judgement: stock clocks, whole machine'],
  ]),
  ...rows('ethash', 'asic', 'J/MH', 'wall', [
    ['Antminer E9', 2022, 0.75, 0.8, 0.9, 1920, NAMEPLATE],
    ['Jasminer X16-P', 2023, 0.3, 0.33, 0.37, 1900, 'miningftw sheet'],
  ]),
  ...rows('randomx', 'cpu', 'J/kH', 'device', [
    ['Core i3-3220', 2012, 60, 88, 110, null, RANDOMX],
    ['Ryzen 7 1700', 2017, 15, 18, 22, null, RANDOMX],
    ['Core i7-8550U', 2017, 9, 12, 18, null, RANDOMX],
    ['Core i9-9900K', 2018, 16, 19, 25, null, RANDOMX],
    ['EPYC 7742 class', 2019, 5, 6, 9, null, 'general knowledge'],
    ['Ryzen 9 5950X class', 2020, 6.5, 7.8, 10, null, 'general knowledge'],
    ['Ryzen 9 9950X', 2024, 9, 10.5, 12, null, 'benchmark of SChernykh (no power limit)'],
    ['virtual or throttled processor', null, 12, 30, 100, null, 'judgement: no huge pages, few threads'],
  ]),
  ...rows('randomx', 'asic', 'J/kH', 'wall', [['Antminer X5', 2023, 6, 6.4, 7, 1350, NAMEPLATE]]),
  ...rows('kawpow', 'gpu', 'J/MH', 'device', [
    ['GTX 1660 Super', 2019, 6.5, 7.7, 9, null, LAB],
    ['RTX 3070', 2020, 4.5, 5.5, 6.5, null, 'GPUBenchmarkMining; power by judgement'],
    ['RTX 3080', 2020, 5, 6, 7, null, 'MiningCalculator'],
    ['RTX 3060', 2021, 5, 12.5, 13, null, `${LAB} (unhealthy run)`],
  ]),
  ...rows('autolykos2', 'gpu', 'J/MH', 'device', [
    ['GTX 1660 Super', 2019, 1.1, 1.6, 1.8, null, LAB],
    ['RTX 3070', 2020, 0.7, 0.85, 1.1, null, 'GPUBenchmarkMining; power by judgement'],
    ['RTX 3060', 2021, 0.8, 1.15, 1.3, null, LAB],
  ]),
  ...rows('octopus', 'gpu', 'J/MH', 'device', [
    ['RTX 3080', 2020, 2.6, 3, 3.4, null, 'MiningCalculator'],
    ['RTX 3060', 2021, 1.3, 1.4, 3.2, null, `${LAB} (rate looks high)`],
  ]),
  ...rows('equihash', 'asic', 'J/kSol', 'wall', [
    ['Antminer Z9 mini', 2018, 28, 30, 33, 300, 'Zcash forum'],
    ['Antminer Z11', 2019, 10, 10.5, 11, null, 'Luxor on the Z15'],
    ['Antminer Z15', 2020, 3.5, 3.6, 4, 1510, 'Luxor on the Z15'],
  ]),
  ...rows('equihash144_5', 'gpu', 'J/Sol', 'device', [
    ['RTX 3080', 2020, 1.7, 1.85, 2.2, null, 'MiningCalculator'],
  ]),
  ...rows('equihash125_4', 'gpu', 'J/Sol', 'device', [['RTX 3060', 2021, 2.4, 2.7, 3, null, LAB]]),
  ...rows('kheavyhash', 'gpu', 'J/GH', 'device', [
    ['RTX 3060 class', 2022, 150, 220, 300, null, 'general knowledge'],
  ]),
  ...rows('kheavyhash', 'asic', 'J/GH', 'wall', [
    ['Antminer KS3', 2023, 0.35, 0.37, 0.4, 3500, NAMEPLATE],
    ['Antminer KS5 Pro', 2024, 0.15, 0.15, 0.17, 3150, NAMEPLATE],
  ]),
  ...rows('cryptonight', 'cpu', 'J/kH', 'device', [
    ['desktop processor of 2018', 2018, 120, 160, 300, null, RANDOMX],
  ]),
  ...rows('x11', 'asic', 'J/GH', 'wall', [['Antminer D9', 2023, 1.5, 1.6, 1.8, 2839, NAMEPLATE]]),
  ...rows('eaglesong', 'asic', 'J/TH', 'wall', [['Antminer K7', 2023, 47, 48.5, 52, 3080, NAMEPLATE]]),
  ...rows('ghostrider', 'cpu', 'J/kH', 'device', [
    ['modern desktop processor', 2022, 25, 35, 80, null, 'general knowledge; XMRig README for old ones'],
  ]),
];

/** Watts of one worker of which nothing but its kind is known, by judgement. */
export const WORKER_WATTS = {
  asic: { low: 1300, central: 2400, high: 3400 },
  /** One card to a whole rig. */
  gpu: { low: 120, central: 1100, high: 1600 },
  /** Beyond what the machine draws anyway. */
  cpu: { low: 25, central: 90, high: 250 },
} as const satisfies Readonly<Record<Machine, { low: number; central: number; high: number }>>;
