/**
 * Query logs of name servers as JSON, an object a line, by their keys: Route 53 Resolver, Zscaler NSS DNS, AdGuard Home,
 * Google Cloud DNS, Cloudflare Gateway, and whatever spells them likewise. The keys may stand in an envelope. A question is a look-up by its client, an
 * answer gives the name to its addresses.
 */
import { addressText, canonicalAddress } from '../../address.ts';
import { readDns } from '../../framing/dns.ts';
import { isObject, parseText } from '../../json.ts';
import { toldFormat } from '../format-table.ts';
import { headLines, LineReader } from '../tables/line-reader.ts';
import { cleanName, isNoServer } from '../tables/names.ts';
import { rowFormat } from '../tables/row-reader.ts';

/** Keys in lower case; the best first. */
const NAMES = ['query_name', 'dns_req', 'qh', 'queryname'];
const CLIENTS = ['srcaddr', 'clt_sip', 'ip', 'sourceip', 'srcip'];
const ANSWERS = ['answers', 'dns_resp', 'resolvedips', 'rdata'];
/** A whole DNS message in base64 (AdGuard Home). */
const MESSAGES = ['answer'];
const MOST_MESSAGE = 65_536;
const TIMES = ['query_timestamp', 'datetime', 't', 'timegenerated', 'time', 'timestamp'];
/** Objects in which the keys may stand. */
const ENVELOPES = ['event', 'properties', 'message', 'jsonpayload'];
const MOST_ANSWERS = 32;
/** Objects that are looked at to recognise the log. */
const MOST_LINES = 100;

interface Query {
  readonly name: string;
  readonly client: string | null;
  readonly servers: readonly string[];
  readonly time: string;
}

/** Null if the object is no query. */
function queryOf(value: unknown): Query | null {
  if (!isObject(value)) return null;
  const outer = lowered(value);
  const inner = ENVELOPES.flatMap((key) => {
    const held = outer.get(key);
    const object = typeof held === 'string' && held.startsWith('{') ? parseText(held) : held;
    return isObject(object) ? [lowered(object)] : [];
  });
  for (const keys of [outer, ...inner]) {
    const at = (names: readonly string[]): unknown =>
      names.map((key) => keys.get(key)).find((each) => each != null);
    const given = at(NAMES);
    const name = typeof given === 'string' ? cleanName(given) : null;
    const asked = at(CLIENTS);
    const client = typeof asked === 'string' ? canonicalAddress(asked) : null;
    const servers = [...addressesOf(at(ANSWERS)), ...addressesIn(at(MESSAGES))];
    if (name === null || (client === null && servers.length === 0)) continue;
    const time = at(TIMES) ?? TIMES.map((key) => outer.get(key)).find((each) => each != null);
    return { name, client, servers, time: `${time ?? ''}` };
  }
  return null;
}

function lowered(object: Readonly<Record<string, unknown>>): Map<string, unknown> {
  return new Map(Object.entries(object).map(([key, value]) => [key.toLowerCase(), value]));
}

/** Addresses of a text, a list of texts, or of records with their data beside their type. */
function addressesOf(value: unknown): string[] {
  const all = Array.isArray(value)
    ? value.slice(0, MOST_ANSWERS)
    : typeof value === 'string'
      ? value.split(/[,;\s]+/)
      : [];
  return all
    .map((each: unknown) => (isObject(each) ? (each.Rdata ?? each.rdata ?? each.data) : each))
    .map((each) => (typeof each === 'string' ? canonicalAddress(each) : null))
    .filter((each) => each !== null);
}

/** Addresses that a DNS message in base64 answers with. */
function addressesIn(value: unknown): string[] {
  if (typeof value !== 'string' || value.length > MOST_MESSAGE) return [];
  const bytes = Buffer.from(value, 'base64');
  const answers = readDns(bytes, 0, bytes.length)?.answers ?? [];
  return answers.flatMap(({ address }) => (address === null ? [] : [addressText([...address])]));
}

class QueryJsonReader extends LineReader {
  protected line(text: string, at: number): void {
    if (text.trim() === '') return;
    const value = parseText(text);
    const query = queryOf(value);
    if (query === null) {
      this.damage.add(isObject(value) ? 'unknown-record' : 'bad-row', this.blockOffset + at);
      return;
    }
    const { name, client, servers, time } = query;
    const timeUs = this.time.ofText(time);
    for (const server of servers) if (!isNoServer(server)) this.answer(name, server, timeUs);
    if (client !== null) this.question(name, client, timeUs);
  }
}

export const queryJson = rowFormat(toldFormat('query-json'), QueryJsonReader, {
  sniff: (head) =>
    headLines(head)
      .slice(0, MOST_LINES)
      .some((line) => line.startsWith('{') && queryOf(parseText(line)) !== null),
  holdsNames: () => true,
});
