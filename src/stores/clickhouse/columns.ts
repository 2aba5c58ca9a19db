/**
 * SQL of one column by its type. Addresses are stored as IPv6, IPv4, UInt32, FixedString(16) or String, and are compared in
 * the stored type, so that skip indexes apply; times are DateTime, DateTime64 or numbers.
 */
import { addressText, addressWords } from '../../address.ts';
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
  /** Type of the parameter that a value is sent as. */
  readonly parameter: string;
  /** A value as sent; null if the type cannot hold the address. */
  value(words: Int32Array): string | number | null;
  /** SQL of the stored value from a parameter's value; null if it is compared as sent. */
  readonly decode: ((value: string) => string) | null;
  /** SQL of the text that `readAddress` takes. */
  text(column: string): string;
}

const isMapped = (words: Int32Array): boolean => words[0] === 0 && words[1] === 0 && words[2] === 0xffff;
const mappedText = (words: Int32Array): string =>
  isMapped(words) ? `::ffff:${addressText(words)}` : addressText(words);

const ADDRESS_TYPES = {
  IPv6: { parameter: 'IPv6', value: mappedText, decode: null, text: (column) => `toString(${column})` },
  IPv4: {
    parameter: 'IPv4',
    value: (words) => (isMapped(words) ? addressText(words) : null),
    decode: null,
    text: (column) => `toString(${column})`,
  },
  UInt32: {
    parameter: 'UInt32',
    value: (words) => (isMapped(words) ? words[3] >>> 0 : null),
    decode: null,
    text: (column) => `IPv4NumToString(${column})`,
  },
  String: {
    parameter: 'String',
    value: (words) => addressText(words),
    decode: null,
    text: (column) => column,
  },
  // IPv4 stands left-aligned in the sixteen bytes, the rest is 0.
  'FixedString(16)': {
    parameter: 'String',
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

/** SQL that is true if the column is one of the addresses, or with a port column one of the endpoints. */
export function isAmong(
  address: Column,
  port: Column | null,
  endpoints: readonly StoreEndpoint[],
  parameters: Parameters,
): string | null {
  const type = addressType(address.type);
  if (type === null) return null;
  const values = endpoints.flatMap((endpoint): [string | number, number][] => {
    const value = type.value(endpoint.words);
    return value === null ? [] : [[value, endpoint.port]];
  });
  if (values.length === 0) return null;
  const column = quoted(address.name);
  if (port === null) {
    const list = parameters.add(
      `Array(${type.parameter})`,
      values.map(([value]) => String(value)),
    );
    if (type.decode === null) return `${column} IN ${list}`;
    return `${column} IN (SELECT ${type.decode(`arrayJoin(${list})`)})`;
  }
  const list = parameters.add(`Array(Tuple(${type.parameter}, UInt16))`, values);
  const pair = `(${column}, ${quoted(port.name)})`;
  if (type.decode === null) return `${pair} IN ${list}`;
  return `${pair} IN (SELECT ${type.decode('e.1')}, e.2 FROM (SELECT arrayJoin(${list}) AS e))`;
}

/** SQL that is true if the column is an address below the prefix (`length` of 128 bits, IPv4 as ::ffff:a.b.c.d). */
export function isBelow(
  address: Column,
  { words, length }: { readonly words: Int32Array; readonly length: number },
  parameters: Parameters,
): string | null {
  const type = addressType(address.type);
  if (type === null) return null;
  const column = quoted(address.name);
  if (address.type === 'String') {
    const cidr = isMapped(words) ? `${addressText(words)}/${length - 96}` : `${addressText(words)}/${length}`;
    return `isIPAddressInRange(${column}, ${parameters.add('String', cidr)})`;
  }
  const last = words
    .map((word, i) => word | ~(-1 << Math.max(0, 32 - (length - 32 * i)))) // bits behind the prefix
    .map((word, i) => (length - 32 * i <= 0 ? -1 : length - 32 * i >= 32 ? (words[i] ?? 0) : word));
  const bounds = [type.value(words), type.value(last)];
  if (bounds.includes(null)) return null;
  const [low, high] = bounds.map((value) => {
    const sent = parameters.add(type.parameter, value ?? 0);
    return type.decode === null ? sent : type.decode(sent);
  });
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
