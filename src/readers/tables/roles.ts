/**
 * What a column of a table means to us, and how its name in a header is found. The numbers index `switch`es and bits
 * of the hot row loop; everything here else runs once a file.
 */

export const SKIP = 0;
export const START = 1;
export const END = 2;
export const DURATION = 3;
export const SOURCE = 4;
export const DESTINATION = 5;
export const PROTOCOL = 6;
export const TCP_FLAGS = 7;
export const REVERSE_TCP_FLAGS = 8;
/** What a firewall did; a word of refusal makes the flow denied. */
export const ACTION = 9;
export const EXPORTER = 10;
/** Zeek's letters for what happened. */
export const HISTORY = 11;
/** Addresses of the packet, if SOURCE and DESTINATION may be those of a gateway (AWS). */
export const PACKET_SOURCE = 12;
export const PACKET_DESTINATION = 13;
/** Why a row holds no flow (AWS log-status). */
export const STATUS = 14;
/** Which way (Argus): `->`, `<-`, `<->`, with `?` if Argus guesses. */
export const ARROW = 15;
/** Date and time of day in two columns, of START and of END. */
export const DAY = 16;
export const CLOCK = 17;
export const END_DAY = 18;
export const END_CLOCK = 19;
/** From here on: plain numbers. */
export const SOURCE_PORT = 20;
export const DESTINATION_PORT = 21;
export const PACKETS = 22;
export const BYTES = 23;
export const REVERSE_PACKETS = 24;
export const REVERSE_BYTES = 25;
export const SAMPLING = 26;
/** Bytes of payload, taken if those of the IP layer are absent. */
export const PAYLOAD = 27;
export const REVERSE_PAYLOAD = 28;
/** Of both directions together. */
export const TOTAL_PACKETS = 29;
export const TOTAL_BYTES = 30;

export type Role = number;

/** Names of columns, by role: spelled as the format's own documents do. Earlier names win over later ones. */
export type RoleNames = ReadonlyMap<Role, readonly string[]>;

/** A name in a header, without case and what stands between words: `id.orig_h` and `idOrigH` are the same. */
export function plainName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/^"(.*)"$/, '$1')
    .replace(/^[#@]/, '')
    .replace(/[_\-. :/()[\]]/g, '');
}

/** The role of each column of a header. A role goes to one column only: the one whose name stands first in its list. */
export function rolesOf(header: readonly string[], names: RoleNames): Uint8Array {
  const roles = new Uint8Array(header.length);
  const plain = header.map(plainName);
  for (const [role, candidates] of names) {
    for (const candidate of candidates) {
      const column = plain.indexOf(plainName(candidate));
      if (column < 0 || roles[column] !== SKIP) continue;
      roles[column] = role;
      break;
    }
  }
  return roles;
}

/** Columns without which a row is no flow. Any time stands in for START. */
export function missingRoles(roles: Uint8Array, needed: readonly Role[]): readonly Role[] {
  return needed.filter(
    (role) =>
      !roles.includes(role) && !(role === START && [END, DAY, END_DAY].some((time) => roles.includes(time))),
  );
}

/** Names of columns that may count bytes, and of those that count something else about bytes. */
const MAY_COUNT =
  /byte|octet|volume|traffic|(^|tot|total|flow|data|ip)(length|len|size)$|^(in|out|up|down|tx|rx|sent|recv|rcvd|received)$|[km]b$/;
const COUNTS_NO_FLOW =
  /mean|avg|average|min|max|std|dev|var|rate|persec|pers$|ps$|win|hdr|header|missed|lost|loss|retrans|idle|ratio|bulk|good|segment|subflow|ttl|entropy|type|name|id$|flag|pk(t)?(size|len)|packet(size|len)|frame|bytess$|octetss$/;

/** Columns of a header that may count bytes and mean nothing to us, so that they can be said. */
export function unreadCounters(header: readonly string[], roles: Uint8Array): string[] {
  const isTwoWay = roles.includes(REVERSE_BYTES) || roles.includes(REVERSE_PAYLOAD);
  return header.filter((name, column) => {
    const plain = plainName(name);
    if (roles[column] !== SKIP || !MAY_COUNT.test(plain) || COUNTS_NO_FLOW.test(plain)) return false;
    // A total says nothing new of a row that has both directions, nor has payload beside the bytes of IP.
    return !(
      isTwoWay && /^(tot|total|bytes|octets|flowbytes|bidirectional|network|app|srcapp|dstapp)/.test(plain)
    );
  });
}

/** True if no column counts bytes. */
export function countsNothing(roles: Uint8Array): boolean {
  return ![BYTES, PAYLOAD, TOTAL_BYTES].some((role) => roles.includes(role));
}
