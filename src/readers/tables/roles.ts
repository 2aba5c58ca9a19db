/** What a column of a table means to us, and how its name in a header is found: once a file. */

import {
  BYTES,
  DAY,
  END,
  END_DAY,
  PAYLOAD,
  REVERSE_BYTES,
  REVERSE_PAYLOAD,
  SKIP,
  START,
  TOTAL_BYTES,
} from '../../kernel/records/roles.ts';

export * from '../../kernel/records/roles.ts';

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
