/**
 * SQL of one column by its type. Addresses are stored as IPv6, IPv4, UInt32, FixedString(16) or String, and are compared in
 * the stored type, so that skip indexes apply; times are DateTime, DateTime64 or numbers.
 */
import { addressText, addressWords, maskWords } from '../../address.ts';
import type { Network } from '../../networks.ts';
import type { Parameters } from './parameters.ts';

export interface Column {
  readonly name: string;
  /** ClickHouse type without LowCardinality and Nullable. */
  readonly type: string;
}

/** An address and a port; port 0 stands for every port. */
export interface StoreEndpoint {
  readonly words: Int32Array;
  readonly port: number;
}

export function quoted(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}

/** Types of addresses that can be compared; null if a column has another one. */
export function addressType(type: string): AddressType | null {
  return type in ADDRESS_TYPES ? ADDRESS_TYPES[type as keyof typeof ADDRESS_TYPES] : null;
}

interface AddressType {
  /** A value as sent, without signs that have to be escaped; null if the type cannot hold the address. */
  value(words: Int32Array): string | null;
  /** SQL of the stored value from one that was sent. */
  decode(value: string): string;
  /** SQL of the text that `readAddress` takes. */
  text(column: string): string;
}

const isMapped = (words: Int32Array): boolean => words[0] === 0 && words[1] === 0 && words[2] === 0xffff;
const mappedText = (words: Int32Array): string =>
  isMapped(words) ? `::ffff:${addressText(words)}` : addressText(words);

const ADDRESS_TYPES = {
  IPv6: { value: mappedText, decode: (value) => `toIPv6(${value})`, text: (column) => `toString(${column})` },
  IPv4: {
    value: (words) => (isMapped(words) ? addressText(words) : null),
    decode: (value) => `toIPv4(${value})`,
    text: (column) => `toString(${column})`,
  },
  UInt32: {
    value: (words) => (isMapped(words) ? String(words[3] >>> 0) : null),
    decode: (value) => `toUInt32(${value})`,
    text: (column) => `IPv4NumToString(${column})`,
  },
  String: { value: (words) => addressText(words), decode: (value) => value, text: (column) => column },
  // IPv4 stands left-aligned in the sixteen bytes, the rest is 0.
  'FixedString(16)': {
    value: (words) => {
      const hex = [...words].map((word) => (word >>> 0).toString(16).padStart(8, '0'));
      return (isMapped(words) ? (hex[3] ?? '').padEnd(32, '0') : hex.join('')).toUpperCase();
    },
    decode: (value) => `toFixedString(unhex(${value}), 16)`,
    text: (column) => `hex(${column})`,
  },
} as const satisfies Record<string, AddressType>;

const HEX = /^[0-9A-F]{32}$/;
const LEFT_ALIGNED = /^([0-9A-F]{8})0{24}$/;

/** An address as a query returns it, as words; null if it is none. */
export function readAddress(text: string): Int32Array | null {
  if (!HEX.test(text)) return addressWords(text);
  const short = LEFT_ALIGNED.exec(text)?.[1];
  if (short !== undefined) return Int32Array.of(0, 0, 0xffff, Number.parseInt(short, 16) | 0);
  return Int32Array.from({ length: 4 }, (_, i) => Number.parseInt(text.slice(8 * i, 8 * i + 8), 16) | 0);
}

/** Lists as they are sent, by what was listed and how: a long one is written once, for both sides and all queries. */
const WRITTEN = new WeakMap<object, Map<string, string>>();

/**
 * SQL of a set, for `IN`: rows of `items` as one text. So a list is one parameter and no part of the SQL, and indexes apply.
 * `write` gives the cells of an item, or null for one that the column cannot hold; `decode` the SQL of each cell.
 */
export function setOf<T>(
  items: readonly T[],
  how: string,
  write: (item: T) => readonly (string | number)[] | null,
  decode: readonly ((cell: string) => string)[],
  parameters: Parameters,
): string | null {
  const known = WRITTEN.get(items) ?? new Map<string, string>();
  WRITTEN.set(items, known);
  const text = known.get(how) ?? items.flatMap((item) => write(item)?.join(' ') ?? []).join(',');
  known.set(how, text);
  if (text === '') return null;
  const cells = decode.map((sql, i) => sql(`e[${i + 1}]`)).join(', ');
  const list = parameters.add('String', text);
  return `(SELECT ${cells} FROM (SELECT splitByChar(' ', arrayJoin(splitByChar(',', ${list}))) AS e))`;
}

export const asPort = (cell: string): string => `toUInt16(${cell})`;

/** SQL that is true if the column is one of the addresses with any port, or with the other column one of the endpoints. */
export function isAmong(
  address: Column,
  port: Column,
  endpoints: readonly StoreEndpoint[],
  parameters: Parameters,
): string[] {
  const type = addressType(address.type);
  if (type === null) return [];
  const column = quoted(address.name);
  const among = (hasPort: boolean): string | null =>
    setOf(
      endpoints,
      `${address.type}${hasPort ? ' with port' : ''}`,
      (endpoint) => {
        const value = (endpoint.port !== 0) === hasPort ? type.value(endpoint.words) : null;
        return value === null ? null : hasPort ? [value, endpoint.port] : [value];
      },
      hasPort ? [type.decode, asPort] : [type.decode],
      parameters,
    );
  const [whole, withPort] = [among(false), among(true)];
  return [
    ...(withPort === null ? [] : [`(${column}, ${quoted(port.name)}) IN ${withPort}`]),
    ...(whole === null ? [] : [`${column} IN ${whole}`]),
  ];
}

/** SQL that is true if the column is an address below the prefix (`length` of 128 bits, IPv4 as ::ffff:a.b.c.d). */
export function isBelow(address: Column, network: Network, parameters: Parameters): string | null {
  const type = addressType(address.type);
  if (type === null) return null;
  const { length } = network;
  const words = Int32Array.from(network.words);
  const column = quoted(address.name);
  if (address.type === 'String') {
    const cidr = isMapped(words) ? `${addressText(words)}/${length - 96}` : `${addressText(words)}/${length}`;
    return `isIPAddressInRange(${column}, ${parameters.add('String', cidr)})`;
  }
  const ofPrefix = maskWords([-1, -1, -1, -1], length);
  const last = words.map((word, i) => word | ~ofPrefix[i]);
  const bounds = [type.value(words), type.value(last)];
  if (bounds.includes(null)) return null;
  const [low, high] = bounds.map((value) => type.decode(parameters.add('String', value ?? '')));
  return `${column} BETWEEN ${low} AND ${high}`;
}

/** SQL of a time as us since 1970. */
export function microseconds({ name, type }: Column): string {
  const column = quoted(name);
  if (type.startsWith('DateTime64')) return `toUnixTimestamp64Micro(toDateTime64(${column}, 6))`;
  if (type.startsWith('DateTime')) return `toInt64(toUnixTimestamp(${column})) * 1000000`;
  const { multiply, divide } = unitOf(name);
  return divide === 1 ? `toInt64(${column}) * ${multiply}` : `intDiv(toInt64(${column}), ${divide})`;
}

/** SQL that is true from the first time on and before the second one, in the column's own type, so that keys apply. */
export function isBetween(
  { name, type }: Column,
  fromUs: number,
  toUs: number,
  parameters: Parameters,
): string {
  const column = quoted(name);
  const both = (sql: (us: number) => string): string =>
    `${column} >= ${sql(fromUs)} AND ${column} < ${sql(toUs)}`;
  if (type.startsWith('DateTime64'))
    return both((us) => `fromUnixTimestamp64Micro(${parameters.add('Int64', us)})`);
  if (type.startsWith('DateTime')) {
    return both((us) => `fromUnixTimestamp(${parameters.add('Int64', Math.ceil(us / 1e6))})`);
  }
  const { multiply, divide } = unitOf(name);
  return both((us) => parameters.add('Int64', Math.ceil((us * divide) / multiply)));
}

/** Numbers of a column are so many us (`multiply`), or so many make one (`divide`). */
function unitOf(name: string): { readonly multiply: number; readonly divide: number } {
  if (/ns$/i.test(name)) return { multiply: 1, divide: 1000 };
  if (/us$/i.test(name)) return { multiply: 1, divide: 1 };
  if (/ms$/i.test(name)) return { multiply: 1000, divide: 1 };
  return { multiply: 1_000_000, divide: 1 };
}
