/** Names from DNS in captures and from the operator's files: which addresses are a pool's, and who asked for a pool. */
import { addressText, addressWords } from '../address.ts';
import type { Contact } from '../endpoints/contact.ts';
import { aliasesOf, NameBook, type NameListener } from '../endpoints/name-book.ts';
import { matchPool } from '../endpoints/pool-match.ts';
import { noTraffic } from '../endpoints/traffic.ts';
import { readDns, TYPE_PTR } from '../framing/dns.ts';
import type { Place } from '../place.ts';
import type { PoolSet } from '../pools/pool-set.ts';
import type { NameRecord } from '../rows/flow-sink.ts';
import { type Statement, statement } from '../statements/index.ts';
import type { SurveyOptions } from './lists.ts';
import { NOTHING_SAID } from './relation-contact.ts';
import { ReverseNames } from './reverse-names.ts';

/** The names that are of interest. */
type Lists = Pick<SurveyOptions, 'pools' | 'allowedNames'>;

export class HeardNames {
  /** Names of any kind. */
  count = 0;
  readonly reverse = new ReverseNames();
  readonly book: NameBook;

  constructor(
    public lists: Lists,
    listener: NameListener,
  ) {
    this.book = new NameBook(listener);
  }

  /** A dated name that the operator's files tie to an address. */
  learn({ name, server, timeUs, number }: NameRecord, input: number): void {
    this.count++;
    const words = server === '' || Number.isNaN(timeUs) ? null : addressWords(server);
    if (words === null || this.lists.pools.byName(name) === null) return;
    this.book.book(words, { name, client: '', isSaid: false, place: { timeUs, record: number, input } });
  }

  /**
   * A DNS message in bytes[from, to), between a client and its name server. `fits`: a question that can be answered, or the
   * first answer to one. Answers the contact of a client that looked up a pool's name; null if it is none.
   */
  message(
    bytes: Uint8Array,
    from: number,
    to: number,
    { timeUs, record, input }: Place,
    client: Int32Array,
    fits: boolean,
  ): Contact | null {
    const message = readDns(bytes, from, to);
    if (message === null) return null;
    if (message.type === TYPE_PTR) {
      this.count++;
      this.reverse.learn(message);
      return null;
    }
    if (!fits) return null;
    const clientIp = addressText(client);
    const place = { timeUs, record, input };
    if (message.isResponse && message.answers.length > 0) {
      this.book.learn(message, (name) => this.isOfInterest(name), clientIp, place);
    }
    const { pools } = this.lists;
    const asked = pools.byName(message.question);
    // A pool's own name says what it is for; any other may be another name of a pool.
    const names = asked === null ? [...aliasesOf(message)] : [message.question];
    const name = names.find((each) => pools.byName(each)?.use === 'mining');
    if (name === undefined) return null;
    return {
      ...lookUpContact(pools, name, clientIp, place, lookUpReason(message, name)),
      namedBy: 'client',
      count: message.isResponse ? 0 : 1,
    };
  }

  private isOfInterest(name: string): boolean {
    const { pools, allowedNames } = this.lists;
    if (pools.byName(name) !== null) return true;
    return allowedNames.some((allowed) => name === allowed || name.endsWith(`.${allowed}`));
  }
}

/** That a pool's name was looked up, by which name, and whether it exists. */
function lookUpReason({ code, question }: { code: number; question: string }, name: string): Statement {
  if (code === 3) return statement('looked-up-missing');
  return name === question ? statement('looked-up') : statement('looked-up-alias', { alias: question });
}

/** A client looked up the name of a pool. */
export function lookUpContact(
  pools: PoolSet,
  name: string,
  client: string,
  place: Place,
  reason: Statement,
): Contact {
  return {
    ...NOTHING_SAID,
    kind: 'dns-lookup',
    client: { ip: client, port: 0 },
    server: null,
    match: matchPool(pools, [name], '', 0, place.timeUs),
    place,
    verdict: 'listed',
    reason,
    startUs: place.timeUs,
    endUs: place.timeUs,
    traffic: noTraffic(),
  };
}
