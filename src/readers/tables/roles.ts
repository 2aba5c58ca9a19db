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
/** Addresses of the packet, where SOURCE and DESTINATION may be those of a gateway (AWS). */
export const PACKET_SOURCE = 12;
export const PACKET_DESTINATION = 13;
/** Why a row holds no flow (AWS log-status). */
export const STATUS = 14;
/** Which way (Argus): `->`, `<-`, `<->`, with `?` where Argus guesses. */
export const ARROW = 15;
/** From here on: plain numbers. */
export const SOURCE_PORT = 16;
export const DESTINATION_PORT = 17;
export const PACKETS = 18;
export const BYTES = 19;
export const REVERSE_PACKETS = 20;
export const REVERSE_BYTES = 21;
export const SAMPLING = 22;
/** Bytes of payload, taken where those of the IP layer are absent. */
export const PAYLOAD = 23;
export const REVERSE_PAYLOAD = 24;

export type Role = number;

/** Names of columns, by role: spelled as the format's own documents do. Earlier names win over later ones. */
export type RoleNames = ReadonlyMap<Role, readonly string[]>;

/** A name in a header, without case and what stands between words: `id.orig_h` and `idOrigH` are the same. */
export function plainName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/^"(.*)"$/, '$1')
    .replace(/[_\-. ]/g, '');
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

/** Columns without which a row is no flow; START and END stand in for each other. */
export function missingRoles(roles: Uint8Array, needed: readonly Role[]): readonly Role[] {
  return needed.filter((role) => !roles.includes(role) && !(role === START && roles.includes(END)));
}
