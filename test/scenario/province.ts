/**
 * A synthetic province after the notice of Jiangsu's communications administration of October 2021: 4,502 addresses
 * that mine, 945 of them at government, education and enterprise, in thirteen cities. What they run is one set of
 * machines that keeps the published figures consistent (README.md beside); what the notice leaves open is invented.
 * Addresses are from the benchmark and documentation ranges, organisations are numbers. The same seed draws the same.
 */
import { type Random, random } from '../support/random.ts';

export type Work = 'sha256d' | 'ethash' | 'rx/0';
export type OwnerName = 'government' | 'education' | 'enterprise' | 'isp' | 'mobile' | 'hosting' | 'unknown';

export interface City {
  readonly name: string;
  readonly addresses: number;
}

/** The notice names the first three, in this order; all numbers are invented and add up to 4,502. */
export const CITIES: readonly City[] = [
  { name: 'Suzhou', addresses: 968 },
  { name: 'Xuzhou', addresses: 742 },
  { name: 'Nanjing', addresses: 655 },
  { name: 'Wuxi', addresses: 391 },
  { name: 'Changzhou', addresses: 312 },
  { name: 'Nantong', addresses: 287 },
  { name: 'Yancheng', addresses: 254 },
  { name: 'Yangzhou', addresses: 198 },
  { name: 'Taizhou', addresses: 171 },
  { name: "Huai'an", addresses: 165 },
  { name: 'Zhenjiang', addresses: 142 },
  { name: 'Suqian', addresses: 124 },
  { name: 'Lianyungang', addresses: 93 },
];

/** Addresses by what runs behind them and whose they are. Institutional: 187 + 452 + 306 = 945. */
export const GROUPS: readonly {
  readonly work: Work;
  readonly owner: OwnerName;
  readonly addresses: number;
}[] = [
  { work: 'sha256d', owner: 'hosting', addresses: 380 },
  { work: 'sha256d', owner: 'isp', addresses: 320 },
  { work: 'ethash', owner: 'isp', addresses: 2594 },
  { work: 'ethash', owner: 'unknown', addresses: 178 },
  { work: 'ethash', owner: 'mobile', addresses: 63 },
  { work: 'ethash', owner: 'hosting', addresses: 22 },
  { work: 'rx/0', owner: 'government', addresses: 187 },
  { work: 'rx/0', owner: 'education', addresses: 452 },
  { work: 'rx/0', owner: 'enterprise', addresses: 306 },
];

export interface Fleet {
  readonly machines: number;
  /** H/s of one machine in the mean, and the spread about it, relative. */
  readonly hashesPerSecond: number;
  readonly spread: number;
  readonly joulesPerHash: number;
  /** Hashes that a pool asks of a share. */
  readonly hashesPerShare: number;
  readonly secondsPerJob: number;
}

/** docs/reference/energy.md, section 4: 741 machines of the S9 class, 8,953 rigs of 1.1 kW, 945 servers at 90 W more each. */
export const FLEETS: Readonly<Record<Work, Fleet>> = {
  sha256d: {
    machines: 741,
    hashesPerSecond: 13.5e12,
    spread: 0.04,
    joulesPerHash: 98e-12,
    hashesPerShare: 65_536 * 2 ** 32,
    secondsPerJob: 30,
  },
  ethash: {
    machines: 8953,
    hashesPerSecond: 1100 / 2.6e-6,
    spread: 0.2,
    joulesPerHash: 2.6e-6,
    hashesPerShare: 1e10,
    secondsPerJob: 13,
  },
  'rx/0': {
    machines: 945,
    hashesPerSecond: 3000,
    spread: 0.4,
    joulesPerHash: 30e-3,
    hashesPerShare: 60_000,
    secondsPerJob: 60,
  },
};

/** Of every machine on a day; ten minutes it is off. */
export const HOURS_PER_DAY = 23 + 50 / 60;

export interface Endpoint {
  readonly work: Work;
  readonly name: string;
  readonly ip: string;
  readonly port: number;
  /** Of the addresses with this work, in parts of all weights. */
  readonly weight: number;
}

/** Names are those of the time; addresses are of the documentation range. */
export const POOLS: readonly Endpoint[] = [
  { work: 'sha256d', name: 'stratum.f2pool.com', ip: '203.0.113.10', port: 3333, weight: 4 },
  { work: 'sha256d', name: 'ss.antpool.com', ip: '203.0.113.30', port: 3333, weight: 3 },
  { work: 'sha256d', name: 'btc.viabtc.com', ip: '203.0.113.20', port: 3333, weight: 2 },
  { work: 'sha256d', name: 'stratum.slushpool.com', ip: '203.0.113.40', port: 3333, weight: 1 },
  { work: 'ethash', name: 'asia1.ethermine.org', ip: '203.0.113.60', port: 4444, weight: 4 },
  { work: 'ethash', name: 'asia-eth.hiveon.net', ip: '203.0.113.70', port: 4444, weight: 3 },
  { work: 'ethash', name: 'eth-asia1.nanopool.org', ip: '203.0.113.50', port: 9999, weight: 2 },
  { work: 'ethash', name: 'stratum-eth.antpool.com', ip: '203.0.113.31', port: 8008, weight: 1 },
  { work: 'rx/0', name: 'pool.minexmr.com', ip: '203.0.113.80', port: 4444, weight: 4 },
  { work: 'rx/0', name: 'pool.supportxmr.com', ip: '203.0.113.90', port: 3333, weight: 3 },
  { work: 'rx/0', name: 'mine.c3pool.com', ip: '203.0.113.100', port: 13333, weight: 2 },
  { work: 'rx/0', name: 'gulf.moneroocean.stream', ip: '203.0.113.110', port: 10128, weight: 1 },
];

/** Where the relays connect to, under TLS. */
export const RELAY_POOL = { name: 'btc-asia.f2pool.com', ip: '203.0.113.11', port: 1301 } as const;

export interface Machine {
  /** H/s. */
  readonly hashesPerSecond: number;
  readonly name: string;
}

export interface Miner {
  readonly ip: string;
  readonly city: City;
  readonly owner: OwnerName;
  readonly work: Work;
  readonly pool: Endpoint;
  readonly machines: readonly Machine[];
  /** True where a relay for miners outside the province stands at the address as well. */
  readonly passesLinesOn: boolean;
}

export interface Province {
  readonly miners: readonly Miner[];
  /** `--owners`. */
  readonly ownersCsv: string;
}

/** Places inside the /20 of a city: first address and size. */
const SPACE: Readonly<Record<OwnerName, readonly [first: number, size: number]>> = {
  isp: [0, 2048],
  government: [2048, 256],
  education: [2304, 512],
  enterprise: [2816, 448],
  hosting: [3264, 256],
  mobile: [3520, 128],
  unknown: [3648, 256],
};
const ORGANISATION_ADDRESSES = 16;
const FIRST_ADDRESS = 0xc6120000;
const CITY_ADDRESSES = 4096;
const RELAYS = 60;

/** Draws the province. */
export function drawProvince(seed: number): Province {
  const draw = random(seed);
  const places = draw.shuffle(CITIES.flatMap((city) => new Array<City>(city.addresses).fill(city)));
  const taken = new Set<number>();
  const drawn = GROUPS.flatMap(({ work, owner, addresses }) => {
    const cities = places.splice(0, addresses);
    return cities.map((city) => ({ work, owner, city, address: freeAddress(city, owner, taken, draw) }));
  });
  const relayedLines = new Set(
    drawn.filter(({ work, owner }) => work === 'sha256d' && owner === 'hosting').slice(0, RELAYS),
  );
  const machines = new Map<Work, Machine[][]>();
  for (const work of ['sha256d', 'ethash', 'rx/0'] as const) {
    const addresses = drawn.filter((each) => each.work === work).length;
    machines.set(work, drawMachines(FLEETS[work], work, addresses, draw));
  }
  const miners = drawn.map((each): Miner => {
    const { work, owner, city, address } = each;
    const behind = machines.get(work)?.pop() ?? [];
    const ip = addressText(address);
    return {
      ip,
      city,
      owner,
      work,
      pool: pickPool(work, draw),
      machines: behind,
      passesLinesOn: relayedLines.has(each),
    };
  });
  return { miners, ownersCsv: ownersCsv() };
}

/** The tenth of it that the captures show: of each kind every tenth address, in the order of what they compute. */
export function tenthOf(miners: readonly Miner[]): Miner[] {
  return (['sha256d', 'ethash', 'rx/0'] as const).flatMap((work) =>
    miners
      .filter((miner) => miner.work === work)
      .sort((a, b) => rateOf([a], work) - rateOf([b], work))
      .filter((_, i) => i % 10 === 4),
  );
}

/** H/s of miners, by algorithm: nothing is ever added across. */
export function rateOf(miners: readonly Miner[], work: Work): number {
  return miners
    .filter((miner) => miner.work === work)
    .flatMap(({ machines }) => machines)
    .reduce((sum, { hashesPerSecond }) => sum + hashesPerSecond, 0);
}

/** Watts at the wall while mining, without overhead of the site. */
export function wattsOf(miners: readonly Miner[]): number {
  return (['sha256d', 'ethash', 'rx/0'] as const).reduce(
    (sum, work) => sum + rateOf(miners, work) * FLEETS[work].joulesPerHash,
    0,
  );
}

function freeAddress(city: City, owner: OwnerName, taken: Set<number>, draw: Random): number {
  const [first, size] = SPACE[owner];
  const base = FIRST_ADDRESS + CITIES.indexOf(city) * CITY_ADDRESSES + first;
  for (;;) {
    const offset = draw.below(size);
    // Neither network nor broadcast address of an organisation's prefix.
    const inside = offset % ORGANISATION_ADDRESSES;
    if (inside === 0 || inside === ORGANISATION_ADDRESSES - 1 || taken.has(base + offset)) continue;
    taken.add(base + offset);
    return base + offset;
  }
}

/** Machines of a fleet behind so many addresses: at least one each, few with many; rates add up to the fleet's. */
function drawMachines(fleet: Fleet, work: Work, addresses: number, draw: Random): Machine[][] {
  const behind = Array.from({ length: addresses }, () => 1);
  const weights = behind.map(() => draw.exponential(1) ** 1.2);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const rest = fleet.machines - addresses;
  let given = 0;
  for (const [i, weight] of weights.entries()) {
    const more = Math.floor((weight / whole) * rest);
    behind[i] = 1 + more;
    given += more;
  }
  for (; given < rest; given++) {
    const i = draw.below(addresses);
    behind[i] = (behind[i] ?? 0) + 1;
  }
  const rates = Array.from({ length: fleet.machines }, () => 1 + fleet.spread * (2 * draw.next() - 1));
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  let ordinal = 0;
  return behind.map((count) =>
    Array.from({ length: count }, (): Machine => {
      const rate = rates[ordinal++] ?? 1;
      return { hashesPerSecond: (rate / mean) * fleet.hashesPerSecond, name: machineName(work, ordinal) };
    }),
  );
}

function machineName(work: Work, ordinal: number): string {
  const digits = String(ordinal).padStart(4, '0');
  return work === 'sha256d' ? `a${digits}` : work === 'ethash' ? `rig${digits}` : `srv${digits}`;
}

function pickPool(work: Work, draw: Random): Endpoint {
  const fit = POOLS.filter((pool) => pool.work === work);
  return draw.pick(fit.flatMap((pool) => new Array<Endpoint>(pool.weight).fill(pool)));
}

/** The operator's records: the access network of each city, and inside it leased lines, halls and what is unknown. */
function ownersCsv(): string {
  const rows = ['prefix,organisation,class,city,region,country'];
  for (const [i, city] of CITIES.entries()) {
    const base = FIRST_ADDRESS + i * CITY_ADDRESSES;
    const row = (first: number, bits: number, organisation: string, owner: OwnerName): void => {
      rows.push(`${addressText(base + first)}/${bits},${organisation},${owner},${city.name},Jiangsu,CN`);
    };
    row(0, 20, `Access network of ${city.name}`, 'isp');
    for (const owner of ['government', 'education', 'enterprise'] as const) {
      const [first, size] = SPACE[owner];
      for (let at = 0; at < size; at += ORGANISATION_ADDRESSES) {
        row(first + at, 28, `${city.name} ${owner} body ${at / ORGANISATION_ADDRESSES + 1}`, owner);
      }
    }
    for (const [owner, organisation] of [
      ['hosting', 'Data centre of'],
      ['mobile', 'Mobile network of'],
      ['unknown', 'Unassigned lines of'],
    ] as const) {
      const [first, size] = SPACE[owner];
      for (let at = 0; at < size; at += 64) row(first + at, 26, `${organisation} ${city.name}`, owner);
    }
  }
  return `${rows.join('\n')}\n`;
}

/** 198.18.0.1 of 0xc6120001. */
export function addressText(word: number): string {
  return [24, 16, 8, 0].map((shift) => (word >>> shift) & 255).join('.');
}
