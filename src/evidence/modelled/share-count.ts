/**
 * How many shares a connection carried of which only bytes and packets are known, by the size of a share. Upstream are
 * shares, logins, keep-alives and bare acknowledgements: payload is what headers leave, and no more shares can have gone up
 * than packets went either way, because each is answered. Everything that is not known widens the range; nothing is measured
 * here.
 */
import shareSizes from '../../../data/share-sizes.tsv?raw';
import type { Estimate } from '../../estimate.ts';
import { number, oneOf, pattern, table } from '../../schema/table.ts';
import { wordsOf } from '../../statements/index.ts';
import { poissonInterval } from '../poisson.ts';

const bytes = number(1, 65_535);
const sizes = table('share-sizes.tsv', shareSizes, {
  algorithms: pattern,
  low: bytes,
  central: bytes,
  high: bytes,
  form: (cell) => oneOf(...wordsOf('modelled-share-size', 'form'))(cell),
});
/** What TLS adds at most (docs/reference/protocols.md 4.4: 22 to 34 bytes). */
const TLS_RECORD = 34;

/** Payload bytes of one share of an algorithm, in the clear or inside a TLS record, with what it holds. */
export function shareSize(algorithm: string): Omit<ReturnType<typeof sizes>[number], 'algorithms'> {
  const rows = sizes();
  const { low, central, high, form } =
    rows.find(({ algorithms }) => algorithms.test(algorithm)) ?? rows[rows.length - 1];
  return { low, central, high: high + TLS_RECORD, form };
}

/** What flow records say of the connections with one server; out is client to server. */
export interface ThinTraffic {
  /** IP bytes and packets, sampling multiplied. */
  readonly bytesOut: number;
  readonly packetsOut: number;
  readonly packetsIn: number;
  /** TCP connections. */
  readonly connections: number;
  /** Time over which they were open, s. */
  readonly seconds: number;
  readonly isIpv6: boolean;
  /** One packet in so many was looked at; 1: all. */
  readonly samplingInterval: number;
  /** Packets that were looked at. */
  readonly observedPackets: number;
}

/** IP and TCP headers of a packet: without options, and with timestamps, as Linux and firmware send them. */
const HEADERS = { least: 40, usual: 51, most: 52 };
/** IPv6 headers are longer by this. */
const IPV6_MORE = 20;
/** Upstream payload of one opening: login alone, and handshake of TLS, subscription, login, extensions. */
const OPENING: Estimate = { low: 60, central: 400, high: 1700 };
/** What a client sends beside shares: keep-alives, its claimed rate, polls; bytes a second. */
const HOUSEKEEPING: Estimate = { low: 0, central: 0.5, high: 6 };
/** Packets of a connection that carry no share: handshake, login, end. */
const BARE_OUT = 3;
const BARE_IN = 2;
/** Fewer packets that were looked at tell nothing of a sampled connection. */
const LEAST_OBSERVED = 10;
const Z = 1.96;

/** The number of shares, low to high with 95 % for the chance in it; null if sampling left too little. */
export function shareCount(traffic: ThinTraffic, size: Estimate): Estimate | null {
  const { bytesOut, packetsOut, packetsIn, samplingInterval, observedPackets, seconds, connections } =
    traffic;
  if (!(seconds > 0) || connections < 1) return null;
  const isSampled = samplingInterval > 1;
  if (isSampled && observedPackets < LEAST_OBSERVED) return null;
  const more = traffic.isIpv6 ? IPV6_MORE : 0;
  const payload = (headers: number, opening: number, housekeeping: number): number =>
    Math.max(0, bytesOut - packetsOut * (headers + more) - connections * opening - seconds * housekeeping);
  // Sampled counts scatter by the square root of what was looked at; sizes of packets scatter as well.
  const scatter = isSampled
    ? Math.exp((1.5 * Z * Math.sqrt(1 - 1 / samplingInterval)) / Math.sqrt(observedPackets))
    : 1;
  const most =
    scatter * Math.max(0, Math.min(packetsOut - BARE_OUT * connections, packetsIn - BARE_IN * connections));
  const low = payload(HEADERS.most, OPENING.high, HOUSEKEEPING.high) / size.high / scatter;
  const high = (payload(HEADERS.least, OPENING.low, HOUSEKEEPING.low) / size.low) * scatter;
  const central = payload(HEADERS.usual, OPENING.central, HOUSEKEEPING.central) / size.central;
  const bounded = { low: Math.min(low, most), high: Math.min(high, most) };
  return {
    low: poissonInterval(bounded.low)?.low ?? 0,
    central: Math.min(bounded.high, Math.max(bounded.low, central)),
    high: poissonInterval(bounded.high)?.high ?? bounded.high,
  };
}
