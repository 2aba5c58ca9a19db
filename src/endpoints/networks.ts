/** A set of CIDR prefixes (`--local`): parsed by ip-cidr, matched on address words. */
import { fail } from '../errors.ts';
import { addressWords } from './address.ts';

interface Prefix {
  readonly words: Int32Array;
  readonly bits: number;
}

export class Networks {
  private readonly prefixes: Prefix[] = [];

  /** @throws MinesweepError USAGE if a prefix is none. */
  static async parse(cidrs: readonly string[]): Promise<Networks> {
    const networks = new Networks();
    if (cidrs.length === 0) return networks;
    const { default: IpCidr } = await import('ip-cidr'); // loaded only if a prefix is given: it delays the start
    for (const cidr of cidrs) networks.prefixes.push(parsePrefix(cidr, (text) => IpCidr.isValidCIDR(text)));
    return networks;
  }

  get isEmpty(): boolean {
    return this.prefixes.length === 0;
  }

  containsAddress(ip: string): boolean {
    const words = this.isEmpty ? null : addressWords(ip);
    return words !== null && this.contains(words);
  }

  contains(words: ArrayLike<number>): boolean {
    return this.prefixes.some((prefix) => matches(prefix, words));
  }
}

function parsePrefix(cidr: string, isValid: (text: string) => boolean): Prefix {
  const text = cidr.includes('/') ? cidr : `${cidr}/${cidr.includes(':') ? 128 : 32}`;
  const address = isValid(text) ? addressWords(text.slice(0, text.indexOf('/'))) : null;
  if (address === null) {
    fail('USAGE', `not a network prefix: ${cidr}`, {
      where: cidr,
      hint: 'Write it like 10.0.0.0/8 or 2001:db8::/32.',
    });
  }
  const bits = Number(text.slice(text.indexOf('/') + 1));
  return { words: address, bits: cidr.includes(':') ? bits : bits + 96 };
}

function matches(prefix: Prefix, words: ArrayLike<number>): boolean {
  let bits = prefix.bits;
  for (let i = 0; i < 4 && bits > 0; i++, bits -= 32) {
    const mask = bits >= 32 ? -1 : ~(0xffffffff >>> bits);
    if (((prefix.words[i] ^ words[i]) & mask) !== 0) return false;
  }
  return true;
}
