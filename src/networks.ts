/**
 * Networks that operators type (`--local`, `--host`, owners, allow-lists, pools): an address, or an address and a length.
 * ip-cidr says which texts are networks; it is loaded when there is one to read, because it delays the start.
 */

import specialNetworks from '../data/special-networks.tsv?raw';
import {
  addressText,
  addressWords,
  isV4,
  maskWords,
  parseWords,
  sharesPrefix,
  type Words,
} from './address.ts';
import { beginning, fail } from './errors.ts';
import { number, oneOf, table } from './schema/table.ts';
import { wordsOf } from './statements/index.ts';

export interface Network {
  /** The first address. */
  readonly words: Words;
  /** Bits that all its addresses share, of 128; those of IPv4 begin at 96. */
  readonly length: number;
}

/** Null for what is no network. Zone ids are refused: they mean nothing on another machine. */
export async function networkParser(): Promise<(text: string) => Network | null> {
  const { default: IpCidr } = await import('ip-cidr');
  return (text) => {
    const slash = text.indexOf('/');
    const words = parseWords(slash < 0 ? text : text.slice(0, slash));
    if (words === null || slash < 0) return words === null ? null : { words, length: 128 };
    const isV6 = text.includes(':');
    const bits = text.slice(slash);
    // What needs no second look: ip-cidr takes half a minute for a million networks.
    const isPlain = (isV6 ? PLAIN_V6 : PLAIN_V4).test(bits);
    // Of several lengths it takes the last, and the dotted end of an address of IPv6 for an address of IPv4.
    if (!isPlain && !LENGTH.test(bits)) return null;
    if (!isPlain && !IpCidr.isValidCIDR(`${isV6 ? groupsOf(words) : text.slice(0, slash)}${bits}`))
      return null;
    const length = Number(bits.slice(1)) + (isV6 ? 0 : 96);
    return { words: maskWords(words, length), length };
  };
}

const PLAIN_V4 = /^\/(?:[12]?\d|3[0-2])$/;
const PLAIN_V6 = /^\/(?:[1-9]?\d|1[01]\d|12[0-8])$/;
const LENGTH = /^\/\d{1,3}$/;

/** The eight groups of an address, in hex. */
function groupsOf(words: Words): string {
  return words.map((word) => `${(word >>> 16).toString(16)}:${(word & 0xffff).toString(16)}`).join(':');
}

/** True for a network of IPv4 alone. */
export function isV4Network({ words, length }: Network): boolean {
  return length >= 96 && isV4(words);
}

/** Canonical text, an address alone for a network of one. */
export function networkText(network: Network): string {
  const { words, length } = network;
  const bits = length - (isV4Network(network) ? 96 : 0);
  return length === 128 ? addressText(words) : `${addressText(words)}/${bits}`;
}

/** True if an address is of the network; one of IPv4 is of no network of IPv6. */
export function holds({ words, length }: Network, address: ArrayLike<number>): boolean {
  return sharesPrefix(words, address, length) && (length >= 96 || !isV4(address));
}

/** A network that the program itself names. */
export function ownNetwork(cell: string): Network {
  const [address = '', bits = ''] = cell.split('/');
  const words = parseWords(address);
  if (words === null) throw new Error('is no network');
  const before = isV4(words) ? 96 : 0;
  return { words, length: before + number(0, 128 - before)(bits) };
}

const special = table('special-networks.tsv', specialNetworks, {
  network: ownNetwork,
  space: (cell) => oneOf(...wordsOf('owner-reserved', 'space'))(cell),
  rfc: number(1, 99_999),
});

/** The special-purpose space that an address lies in, which is nobody's by itself; null if it lies in none. */
export function specialSpace(address: ArrayLike<number>): ReturnType<typeof special>[number] | null {
  return special().find(({ network }) => holds(network, address)) ?? null;
}

/** True of an address that belongs to somebody on the internet: of IPv6 only 2000::/3 is given out (RFC 4291 2.4). */
export function isPublic(ip: string): boolean {
  const words = parseWords(ip);
  return words !== null && specialSpace(words) === null && (isV4(words) || words[0] >>> 29 === 1);
}

/** A set of networks. */
export class Networks {
  private readonly list: Network[] = [];

  /** Networks that the program itself names. */
  static own(texts: readonly string[]): Networks {
    const networks = new Networks();
    for (const text of texts) networks.list.push(ownNetwork(text));
    return networks;
  }

  /** `where` says who typed it. Throws USAGE if a text is no network. */
  static async parse(texts: readonly string[], where?: string): Promise<Networks> {
    const networks = new Networks();
    if (texts.length === 0) return networks;
    const parse = await networkParser();
    for (const text of texts) {
      const network =
        parse(text) ??
        fail('USAGE', `'${beginning(text)}' is not a network`, {
          where,
          hint: 'Write it as 192.0.2.0/24 or 2001:db8::/32.',
        });
      networks.list.push(network);
    }
    return networks;
  }

  get isEmpty(): boolean {
    return this.list.length === 0;
  }

  containsAddress(ip: string): boolean {
    const words = this.isEmpty ? null : addressWords(ip);
    return words !== null && this.contains(words);
  }

  contains(words: ArrayLike<number>): boolean {
    return this.list.some((network) => holds(network, words));
  }
}
