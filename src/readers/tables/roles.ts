/** What a column of a table means to us, and how its name in a header is found: once a file. */

import * as Roles from '../../kernel/records/roles.ts';
import type { FlowField } from '../../schema/flow-row.ts';

export * from '../../kernel/records/roles.ts';

export type Role = number;

/** What column maps of an operator call each role, and the field of a flow that it tells. */
const OPERATORS: readonly (readonly [name: string, role: Role, field?: FlowField])[] = [
  ['start', Roles.START, 'start'],
  ['end', Roles.END, 'end'],
  ['duration', Roles.DURATION, 'end'],
  ['src', Roles.SOURCE, 'source'],
  ['dst', Roles.DESTINATION, 'destination'],
  ['sport', Roles.SOURCE_PORT, 'sourcePort'],
  ['dport', Roles.DESTINATION_PORT, 'destinationPort'],
  ['proto', Roles.PROTOCOL, 'protocol'],
  ['packets', Roles.PACKETS, 'packets'],
  ['bytes', Roles.BYTES, 'bytes'],
  ['reverse-packets', Roles.REVERSE_PACKETS, 'reversePackets'],
  ['reverse-bytes', Roles.REVERSE_BYTES, 'reverseBytes'],
  ['flags', Roles.TCP_FLAGS, 'tcpFlags'],
  ['reverse-flags', Roles.REVERSE_TCP_FLAGS, 'reverseTcpFlags'],
  ['sampling', Roles.SAMPLING, 'samplingInterval'],
  ['action', Roles.ACTION, 'denied'],
  ['exporter', Roles.EXPORTER, 'exporter'],
];
/** Further ones of formats in data/, which an operator does not name. */
const FORMATS: typeof OPERATORS = [
  ['day', Roles.DAY, 'start'],
  ['clock', Roles.CLOCK],
  ['end-day', Roles.END_DAY, 'end'],
  ['end-clock', Roles.END_CLOCK],
  ['total-packets', Roles.TOTAL_PACKETS],
  ['total-bytes', Roles.TOTAL_BYTES, 'bytes'],
  ['payload', Roles.PAYLOAD],
  ['reverse-payload', Roles.REVERSE_PAYLOAD],
  ['packet-src', Roles.PACKET_SOURCE],
  ['packet-dst', Roles.PACKET_DESTINATION],
  ['status', Roles.STATUS],
  ['history', Roles.HISTORY],
  ['arrow', Roles.ARROW, 'originator'],
  ['originator', Roles.SKIP, 'originator'],
  ['name', Roles.NAME, 'name'],
  ['zone', Roles.ZONE],
];
export const NAMED_ROLES: ReadonlyMap<string, { readonly role: Role; readonly field?: FlowField }> = new Map(
  [...OPERATORS, ...FORMATS].map(([name, role, field]) => [name, { role, field }]),
);

/** Our names of columns, as an operator says them. */
export const COLUMN_ROLES: ReadonlyMap<string, Role> = new Map(OPERATORS.map(([name, role]) => [name, role]));

/** Our name of what a column means. */
export function roleName(role: Role): string {
  return OPERATORS.find(([, meant]) => meant === role)?.[0] ?? '';
}

/** What columns were taken for, as `--columns` writes it: `src=source_ip`. */
export function takenFor(names: readonly string[], roles: Uint8Array): string[] {
  const ours = new Map([...NAMED_ROLES].map(([name, { role }]) => [role, name]));
  return names.flatMap((name, column) => {
    const our = roles[column] === Roles.SKIP ? undefined : ours.get(roles[column]);
    return our === undefined ? [] : [`${our}=${name.slice(0, 64)}`];
  });
}

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
      if (column < 0 || roles[column] !== Roles.SKIP) continue;
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
      !roles.includes(role) &&
      !(role === Roles.START && [Roles.END, Roles.DAY, Roles.END_DAY].some((time) => roles.includes(time))),
  );
}

/** Names of columns that may count bytes, and of those that count something else about bytes. */
const MAY_COUNT =
  /byte|octet|volume|traffic|(^|tot|total|flow|data|ip)(length|len|size)$|^(in|out|up|down|tx|rx|sent|recv|rcvd|received)$|[km]b$/;
const COUNTS_NO_FLOW =
  /mean|avg|average|min|max|std|dev|var|rate|persec|pers$|ps$|win|hdr|header|missed|lost|loss|retrans|idle|ratio|bulk|good|segment|subflow|ttl|entropy|type|name|id$|flag|pk(t)?(size|len)|packet(size|len)|frame|bytess$|octetss$/;

/** Columns of a header that may count bytes and mean nothing to us, so that they can be said. */
export function unreadCounters(header: readonly string[], roles: Uint8Array): string[] {
  const isTwoWay = roles.includes(Roles.REVERSE_BYTES) || roles.includes(Roles.REVERSE_PAYLOAD);
  return header.filter((name, column) => {
    const plain = plainName(name);
    if (roles[column] !== Roles.SKIP || !MAY_COUNT.test(plain) || COUNTS_NO_FLOW.test(plain)) return false;
    // A total says nothing new of a row that has both directions, nor has payload beside the bytes of IP.
    return !(
      isTwoWay && /^(tot|total|bytes|octets|flowbytes|bidirectional|network|app|srcapp|dstapp)/.test(plain)
    );
  });
}

/** True if no column counts bytes. */
export function countsNothing(roles: Uint8Array): boolean {
  return ![Roles.BYTES, Roles.PAYLOAD, Roles.TOTAL_BYTES].some((role) => roles.includes(role));
}
