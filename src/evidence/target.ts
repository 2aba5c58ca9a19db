/**
 * Targets as pools send them, turned into work: the expected number of hashes (solutions, graphs) behind one share,
 * 2^256/target (docs/reference/protocols.md 5.1 to 5.6). Input is what a peer sent: anything malformed gives null, nothing
 * throws. Results are correctly rounded doubles (relative error below 2e-16) unless a floor is the pool's own rule.
 */
import type { Difficulty } from './fact.ts';

const TWO_64 = 1n << 64n;
const MAX_64 = TWO_64 - 1n;
const TWO_256 = 1n << 256n;
/** Difficulty 1 of the Bitcoin scale: 0xFFFF·2^208. */
const DIFFICULTY_ONE = 0xffffn << 208n;
const HEX = /^[0-9a-fA-F]+$/;

/**
 * Work of the hardest target of 256 bits, which is 1. Units of Stratum difficulty are taken for Bitcoin's, 2^32 hashes
 * each: those of other algorithms are worth less, and nobody will ever search as much as that either.
 */
const HARDEST = { hashes: 2 ** 256, units: 2 ** 224 } as const;
/** Stands for every difficulty beyond: its square is still a number, and so are sums of it. */
const BEYOND = 2 ** 300;

/** The difficulty; one that no hash can meet, infinity included, as a number that can be written and read back. */
export function boundedDifficulty(difficulty: Difficulty): Difficulty {
  return isReachable(difficulty) ? difficulty : { scale: difficulty.scale, value: BEYOND };
}

/** True if some hash can meet the difficulty. */
export function isReachable({ scale, value }: Difficulty): boolean {
  return value <= HARDEST[scale];
}

/** The difficulty where it is known and can be met: only then does a share of it stand for work. */
export function priceable(difficulty: Difficulty | null): Difficulty | null {
  return difficulty !== null && isReachable(difficulty) ? difficulty : null;
}

/** True for a hashrate that any machines could have, in hashes per second. */
export function isPossibleRate(hashesPerSecond: number): boolean {
  return hashesPerSecond <= HARDEST.hashes;
}

/** Digits without a leading 0x, or null if there are none, more than `most`, or other characters. */
function digitsOf(text: unknown, most: number): string | null {
  if (typeof text !== 'string' || text.length > most + 2) return null;
  const digits = text.startsWith('0x') || text.startsWith('0X') ? text.slice(2) : text;
  return digits.length <= most && HEX.test(digits) ? digits : null;
}

/** Bytes in reverse order, of an even number of digits. */
function reversed(digits: string): string {
  let text = '';
  for (let at = digits.length - 2; at >= 0; at -= 2) text += digits.slice(at, at + 2);
  return text;
}

/** Quotient of two positive integers as a double, whatever their size. */
function ratio(numerator: bigint, denominator: bigint): number {
  const scaled = (numerator << 128n) / denominator;
  return Number(scaled) / 2 ** 128;
}

function hashesFromTarget(target: bigint): number | null {
  return target > 0n ? ratio(TWO_256, target) : null;
}

/**
 * Work of a 256-bit target in big-endian hex (Ethereum boundary, Equihash `mining.set_target`, KawPow, EIP-1571
 * `target` with its zeros trimmed): shorter digits are padded on the left. At least 1.
 */
export function hashesFromTarget256(hex: unknown): number | null {
  const digits = digitsOf(hex, 64);
  return digits === null ? null : hashesFromTarget(BigInt(`0x${digits}`));
}

/** Work of a 256-bit target whose 32 bytes are sent least significant first (Stratum V2): exactly 64 digits. */
export function hashesFromTarget256LittleEndian(hex: unknown): number | null {
  const digits = digitsOf(hex, 64);
  return digits?.length === 64 ? hashesFromTarget(BigInt(`0x${reversed(digits)}`)) : null;
}

/** Work of a target sent as a decimal integer, string or number (Ergo's `b`, Nimiq's settings). */
export function hashesFromTargetDecimal(value: unknown): number | null {
  if (typeof value === 'number') {
    return value >= 1 && value < 2 ** 256 ? 2 ** 256 / value : null;
  }
  if (typeof value !== 'string' || value.length > 78 || !/^[0-9]+$/.test(value)) return null;
  const target = BigInt(value);
  return target < TWO_256 ? hashesFromTarget(target) : null;
}

/** A CryptoNote job's target: the work of a share, and the 64-bit word that the share's high word must not exceed. */
interface CryptonoteTarget {
  readonly hashes: number;
  readonly target64: bigint;
}

/**
 * CryptoNote target: 4 or 8 bytes, least significant first, with XMRig's integer arithmetic (5.4). For rx/yada, and behind
 * `0x`, the digits are one plain number, most significant first (1.6).
 */
export function cryptonoteTarget(hex: unknown, algorithm?: string | null): CryptonoteTarget | null {
  const digits = digitsOf(hex, 16);
  if (digits === null) return null;
  if (algorithm === 'rx/yada' || /^0x/i.test(String(hex))) return withTarget64(BigInt(`0x${digits}`));
  if (digits.length !== 8 && digits.length !== 16) return null;
  const littleEndian = BigInt(`0x${reversed(digits)}`);
  if (digits.length === 16 || littleEndian === 0n) return withTarget64(littleEndian);
  return withTarget64(MAX_64 / (0xffffffffn / littleEndian));
}

function withTarget64(target64: bigint): CryptonoteTarget | null {
  return target64 > 0n ? { hashes: Number(MAX_64 / target64), target64 } : null;
}

/** BEAM's packed difficulty: order in the high byte, 24 bits of mantissa; work in solutions (5.3). */
export function hashesFromBeamDifficulty(packed: unknown): number | null {
  if (typeof packed !== 'number' || !Number.isInteger(packed) || packed < 0 || packed > 0xffffffff)
    return null;
  const order = Math.floor(packed / 2 ** 24);
  return (1 + (packed % 2 ** 24) / 2 ** 24) * 2 ** order;
}

/** Compact target of a block header (`nbits`, 8 digits, most significant first) as an integer; null if invalid. */
function targetFromCompact(hex: unknown): bigint | null {
  const digits = digitsOf(hex, 8);
  if (digits?.length !== 8) return null;
  const exponent = Number.parseInt(digits.slice(0, 2), 16);
  const mantissa = BigInt(`0x${digits.slice(2)}`);
  // The high bit of the mantissa is a sign, and no target is negative.
  if (mantissa === 0n || mantissa > 0x7fffffn) return null;
  const target =
    exponent >= 3 ? mantissa << BigInt(8 * (exponent - 3)) : mantissa >> BigInt(8 * (3 - exponent));
  return target > 0n && target < TWO_256 ? target : null;
}

/** Network difficulty on the Bitcoin scale, 0xFFFF·2^208/target (5.2). */
export function difficultyFromCompact(nbits: unknown): number | null {
  const target = targetFromCompact(nbits);
  return target === null ? null : ratio(DIFFICULTY_ONE, target);
}

/** Expected hashes of a block, 2^256/target. */
export function hashesFromCompact(nbits: unknown): number | null {
  const target = targetFromCompact(nbits);
  return target === null ? null : hashesFromTarget(target);
}

/** Difficulty on the Bitcoin scale that a hash reaches, its 32 bytes read least significant first. */
export function difficultyOfHash(hash: Uint8Array): number | null {
  if (hash.length !== 32) return null;
  const value = BigInt(`0x${Buffer.from(hash).reverse().toString('hex')}`);
  return value === 0n ? null : ratio(DIFFICULTY_ONE, value);
}

/**
 * Difficulty that a share's hash of 64 digits reaches, read least significant byte first, as CryptoNote's, or most
 * significant first, as SHA3x's: whichever is more, for messages do not say; 0 if it is none. Random digits reach d with a
 * chance of 2/d.
 */
export function difficultiesOfResult(result: unknown): number {
  if (typeof result !== 'string' || result.length !== 64 || !HEX.test(result)) return 0;
  const most = BigInt(`0x${result.slice(0, 16)}`);
  const least = BigInt(`0x${reversed(result.slice(48))}`);
  const value = most < least ? most : least;
  return value === 0n ? 2 ** 64 : Number(MAX_64 / value);
}

/** Difficulty as a decimal text of a 64-bit number of expected hashes; null for anything else. */
export function hashesFromDifficulty(text: string): number | null {
  if (!/^[1-9][0-9]{0,19}$/.test(text)) return null;
  const value = BigInt(text);
  return value < TWO_64 ? Number(value) : null;
}
