/**
 * The chain of a job, from the content of the job: height in the coinbase (BIP 34), network difficulty in its compact
 * bits (docs/reference/protocols.md 1.5), and the major version of a Monero block (1.6). It gives an algorithm only if no other
 * chain with the same form of messages is similar.
 */
import { difficultyFromCompact } from './target.ts';

interface JobParts {
  readonly coinbase1: string;
  /** Compact bits and time, 8 digits each, most significant first. */
  readonly nbits: string;
  readonly ntime: string;
}

export interface ChainReading {
  /** On the Bitcoin scale; null if the bits are none. */
  readonly networkDifficulty: number | null;
  readonly algorithm: 'sha256d' | null;
  /** Chains that it may be, of those distinguished here; empty if nothing is known. */
  readonly coins: readonly string[];
}

/**
 * From here on only SHA256d chains: of the coins with this form of job, scrypt's (Litecoin with Dogecoin, about 1e8) and
 * X11's (about 2e8) stay below a fiftieth of it on the same scale. Decred, which came to 4e10, sends another form.
 */
const SHA256D_DIFFICULTY = 1e10;
/** Bitcoin Cash has not come above 2e12 on this scale, Bitcoin not below 5e12 since mid-2018. */
const BITCOIN_DIFFICULTY = 5e12;
/** With a height that fits Bitcoin's calendar this is enough: Bitcoin passed it in 2011, Litecoin ten years later. */
const EARLY_DIFFICULTY = 1e6;
const BITCOIN_CASH_TIME = 1_501_593_374;

/** Heights of Bitcoin's halvings, and their times in seconds since 1970; in between, blocks come evenly enough. */
const CALENDAR: readonly (readonly [number, number])[] = [
  [0, 1_231_006_505],
  [210_000, 1_354_116_278],
  [420_000, 1_468_082_773],
  [630_000, 1_589_225_023],
  [840_000, 1_713_571_767],
];
const CALENDAR_TOLERANCE = 12_000;

const MOST_COINBASE_DIGITS = 200_000;

/** Height of Bitcoin's chain at a time, within some thousand blocks. */
function bitcoinHeight(time: number): number {
  for (let era = 1; era < CALENDAR.length; era += 1) {
    const [fromHeight, from] = CALENDAR[era - 1] ?? [0, 0];
    const [toHeight, to] = CALENDAR[era] ?? [0, 0];
    if (time <= to) return fromHeight + ((time - from) / (to - from)) * (toHeight - fromHeight);
  }
  const [lastHeight, last] = CALENDAR.at(-1) ?? [0, 0];
  return lastHeight + (time - last) / 600;
}

/** Version 4 bytes, one input, no previous output, length of the script. */
const COINBASE = /^.{8}010{64}f{8}../i;

/** The coinbase that begins so, by its height: the first push of its script (BIP 34). Null if it is no coinbase. */
export function readCoinbase(coinbase1: string): { readonly height: number | null } | null {
  if (coinbase1.length > MOST_COINBASE_DIGITS || !/^[0-9a-fA-F]+$/.test(coinbase1)) return null;
  return COINBASE.test(coinbase1) ? { height: heightOf(Buffer.from(coinbase1, 'hex').subarray(42)) } : null;
}

/** Least significant byte first, or OP_1 to OP_16. */
function heightOf(script: Buffer): number | null {
  const size = script[0] ?? 0;
  if (size >= 0x51 && size <= 0x60) return size - 0x50;
  if (size < 1 || size > 4 || script.length < 1 + size) return null;
  const height = script.readUIntLE(1, size);
  return height < 2 ** 31 ? height : null;
}

/** What a Bitcoin-form job says of its chain. Nothing that does not fit throws. */
export function readChain(job: JobParts): ChainReading {
  const coinbase = readCoinbase(job.coinbase1);
  const height = coinbase?.height ?? null;
  const networkDifficulty = difficultyFromCompact(job.nbits);
  const poolTime = /^[0-9a-fA-F]{8}$/.test(job.ntime) ? Number.parseInt(job.ntime, 16) : null;
  const fitsCalendar =
    height !== null && poolTime !== null && Math.abs(height - bitcoinHeight(poolTime)) <= CALENDAR_TOLERANCE;
  const difficulty = networkDifficulty ?? 0;
  const isSha256d =
    coinbase !== null &&
    (difficulty >= SHA256D_DIFFICULTY || (fitsCalendar && difficulty >= EARLY_DIFFICULTY));
  let coins: readonly string[] = [];
  if (
    isSha256d &&
    (difficulty >= BITCOIN_DIFFICULTY || (fitsCalendar && (poolTime ?? 0) < BITCOIN_CASH_TIME))
  ) {
    coins = ['BTC'];
  } else if (isSha256d && fitsCalendar) coins = ['BTC', 'BCH', 'BSV', 'XEC'];
  return { networkDifficulty, algorithm: isSha256d ? 'sha256d' : null, coins };
}

export interface MoneroReading {
  readonly algorithm: string;
  readonly majorVersion: number;
  /**
   * 'height': the job's height and the block's time lie in the era of the version, which no other chain shares. 'time':
   * the job has no height; before version 12 other CryptoNote coins used the number too, some with variants of their
   * own.
   */
  readonly basis: 'height' | 'time';
}

/** Major versions of Monero's blocks: version, first height, time of the first block in seconds since 1970. */
const MONERO_ERAS = (
  [
    [1, 0, '2014-04-18', 'cn/0'],
    [2, 1_009_827, '2016-03-22', 'cn/0'],
    [3, 1_141_317, '2016-09-21', 'cn/0'],
    [4, 1_220_516, '2017-01-05', 'cn/0'],
    [5, 1_288_616, '2017-04-15', 'cn/0'],
    [6, 1_400_000, '2017-09-16', 'cn/0'],
    [7, 1_546_000, '2018-04-06', 'cn/1'],
    [8, 1_685_555, '2018-10-18', 'cn/2'],
    [9, 1_686_275, '2018-10-19', 'cn/2'],
    [10, 1_788_000, '2019-03-09', 'cn/r'],
    [11, 1_788_720, '2019-03-10', 'cn/r'],
    [12, 1_978_433, '2019-11-30', 'rx/0'],
    [13, 2_210_000, '2020-10-17', 'rx/0'],
    [14, 2_210_720, '2020-10-18', 'rx/0'],
    [15, 2_688_888, '2022-08-13', 'rx/0'],
    [16, 2_689_608, '2022-08-14', 'rx/0'],
  ] as const
).map(([version, height, day, algorithm]) => ({
  version,
  height,
  algorithm,
  seconds: Date.parse(day) / 1000,
}));
const DAY = 86_400;
/** Monero has a block every 120 s since version 2, within some thousand blocks over the years. */
const MONERO_TOLERANCE = 15_000;

/** A number of CryptoNote, seven bits a byte, least significant first; null if it does not end. */
export function varint(bytes: Uint8Array, from: number): { value: number; end: number } | null {
  let value = 0;
  for (let at = from, worth = 1; at < bytes.length && at < from + 7; at += 1, worth *= 128) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * worth;
    if (byte < 0x80) return { value, end: at + 1 };
  }
  return null;
}

/**
 * Algorithm of a Monero job by the major version of its blob, where the block's time, and the job's height if it has one,
 * fit the era of that version on Monero's chain; null otherwise. Version 16 is also read for what comes after it.
 */
export function readMoneroBlob(blob: string, height: number | null): MoneroReading | null {
  if (!/^[0-9a-fA-F]{86,}$/.test(blob.slice(0, 512))) return null;
  const bytes = Buffer.from(blob.slice(0, 512), 'hex');
  const major = varint(bytes, 0);
  const minor = major === null ? null : varint(bytes, major.end);
  const time = minor === null ? null : varint(bytes, minor.end);
  if (major === null || time === null) return null;
  const index = MONERO_ERAS.findIndex(({ version }) => version === major.value);
  if (index === -1) return null;
  const { version: majorVersion, height: firstHeight, seconds, algorithm } = MONERO_ERAS[index];
  const next = MONERO_ERAS.at(index + 1);
  const until = next === undefined ? Number.POSITIVE_INFINITY : next.seconds + 2 * DAY;
  if (time.value < seconds - DAY || time.value > until) return null;
  if (height === null) return { algorithm, majorVersion, basis: 'time' };
  const expected = firstHeight + (time.value - seconds) / (majorVersion === 1 ? 73 : 120);
  const fits =
    height >= firstHeight &&
    height < (next?.height ?? Number.POSITIVE_INFINITY) &&
    Math.abs(height - expected) <= MONERO_TOLERANCE;
  return fits ? { algorithm, majorVersion, basis: 'height' } : null;
}
