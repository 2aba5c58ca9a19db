/** Special-purpose address space (IANA registries, RFC 6890 and its updates): nobody's by itself. */

import { isV4, parseWords, sharesPrefix, type Words } from '../address.ts';
import type { Space as SpaceName } from '../statements/en/owners.ts';
import type { OwnerClass } from './answer.ts';

export interface ReservedSpace {
  readonly space: SpaceName;
  readonly rfc: number;
  readonly class: OwnerClass;
}

const SPACES: readonly (readonly [prefix: string, space: SpaceName, rfc: number, owner?: OwnerClass])[] = [
  ['0.0.0.0/8', 'this-network', 791],
  ['10.0.0.0/8', 'private', 1918],
  // Between an operator's gateway and its customers: an access network by definition.
  ['100.64.0.0/10', 'shared', 6598, 'isp'],
  ['127.0.0.0/8', 'loopback', 1122],
  ['169.254.0.0/16', 'link-local', 3927],
  ['172.16.0.0/12', 'private', 1918],
  ['192.0.0.0/24', 'protocol', 6890],
  ['192.0.2.0/24', 'documentation', 5737],
  ['192.168.0.0/16', 'private', 1918],
  ['198.18.0.0/15', 'benchmark', 2544],
  ['198.51.100.0/24', 'documentation', 5737],
  ['203.0.113.0/24', 'documentation', 5737],
  ['224.0.0.0/4', 'multicast', 1112],
  ['240.0.0.0/4', 'reserved', 1112],
  ['::/8', 'reserved', 4291],
  ['100::/64', 'discard', 6666],
  ['2001:db8::/32', 'documentation', 3849],
  ['3fff::/20', 'documentation', 9637],
  ['fc00::/7', 'private', 4193],
  ['fe80::/10', 'link-local', 4291],
  ['ff00::/8', 'multicast', 4291],
];

interface Space extends ReservedSpace {
  readonly words: Words;
  readonly bits: number;
}

const isV6Space = (prefix: string): boolean => prefix.includes(':');

function spacesOf(isWanted: (prefix: string) => boolean): readonly Space[] {
  return SPACES.filter(([prefix]) => isWanted(prefix)).flatMap(([prefix, space, rfc, owner]) => {
    const [address, length] = prefix.split('/');
    const words = parseWords(address);
    const bits = Number(length) + (isV6Space(prefix) ? 0 : 96);
    return words === null ? [] : [{ words, bits, space, rfc, class: owner ?? 'unknown' }];
  });
}

const RESERVED_V4 = spacesOf((prefix) => !isV6Space(prefix));
/** First octets of IPv4 in which some space is special: all others need no search. */
const SPECIAL_OCTETS = new Uint8Array(256);
for (const { words, bits } of RESERVED_V4) {
  const first = words[3] >>> 24;
  SPECIAL_OCTETS.fill(1, first, first + 2 ** Math.max(0, 104 - bits));
}
let reservedV6: readonly Space[] | undefined;

/** Made for the first IPv6 address: Node takes 5 ms to learn what one looks like. */
function v6Spaces(): readonly Space[] {
  reservedV6 ??= spacesOf(isV6Space);
  return reservedV6;
}

/** The special-purpose space an address lies in, or null. */
export function reservedSpace(words: Words): ReservedSpace | null {
  // IPv4 is held as ::ffff:0:0/96, which ::/8 would swallow.
  if (isV4(words) && SPECIAL_OCTETS[words[3] >>> 24] === 0) return null;
  for (const space of isV4(words) ? RESERVED_V4 : v6Spaces()) {
    if (sharesPrefix(words, space.words, space.bits)) return space;
  }
  return null;
}

/** True of an address that belongs to somebody on the internet: of IPv6 only 2000::/3 is given out (RFC 4291 2.4). */
export function isPublic(ip: string): boolean {
  const words = parseWords(ip);
  return words !== null && reservedSpace(words) === null && (isV4(words) || words[0] >>> 29 === 1);
}
