/**
 * Which pool names belong to which addresses in this input: learned from answers of DNS (CNAME chains followed) and
 * from what clients call their servers (TLS server name, HTTP Host), never from a list of addresses, because
 * pools rent theirs. A name counts only for the client that asked for it or sent it: it accuses nobody else. Only
 * names that the catalogue or the operator's lists know are kept, so the book stays small on any network.
 */

import { addressText } from '../address.ts';
import type { DnsMessage } from '../framing/dns.ts';
import { limits } from '../limits.ts';
import type { PacketRef } from '../packet-ref.ts';

/** A pool name of an address, and where it was learned. */
export interface BookedName {
  readonly name: string;
  /** The client for which it holds; '' for all, as in files of the operator. */
  readonly client: string;
  /** True if the client said so itself, and no answer did. */
  readonly isSaid: boolean;
  readonly packetRef: PacketRef;
}

const MAX_NAMES_PER_ADDRESS = 4096;

/** The name asked for, and what it stands for by the answer's aliases, in their order. */
export function aliasesOf(message: DnsMessage): ReadonlySet<string> {
  const names = new Set([message.question]);
  for (const answer of message.answers) {
    // An alias of a name in the chain stands for the same addresses.
    if (answer.address === null && names.has(answer.name)) names.add(answer.target);
  }
  return names;
}

/** Hears of each name of an address when it is learned. */
export interface NameListener {
  learned(address: ArrayLike<number>, booked: BookedName): void;
}

export class NameBook {
  private readonly byAddress = new Map<string, BookedName[]>();
  /** Last words of all booked addresses: a cheap "certainly not" before any text is made. */
  private readonly lastWords = new Set<number>();
  /** Addresses that did not fit. */
  overflow = 0;

  constructor(private readonly listener: NameListener | null = null) {}

  /**
   * Books the addresses of an answer under the name asked for, if `isPoolName` is true for it or for one of its
   * aliases.
   */
  learn(
    message: DnsMessage,
    isPoolName: (name: string) => boolean,
    client: string,
    packetRef: BookedName['packetRef'],
  ): void {
    const names = aliasesOf(message);
    const poolNames = [...names].filter(isPoolName);
    if (poolNames.length === 0) return;
    for (const answer of message.answers) {
      if (answer.address === null || !names.has(answer.name)) continue;
      for (const name of poolNames) {
        this.book(answer.address, { name, client, isSaid: false, packetRef });
      }
    }
  }

  /** False if the address is certainly not in the book. */
  mayHave(words: ArrayLike<number>): boolean {
    return this.lastWords.has(words[3]);
  }

  /** Names of an address for a client, in the order in which they were learned. */
  namesOf(ip: string, client: string): readonly BookedName[] {
    const booked = this.byAddress.get(ip) ?? [];
    return booked.filter((each) => each.client === '' || each.client === client);
  }

  /** Every booked name with its address, in the order of booking; the time is null if nobody said one. */
  entries() {
    return [...this.byAddress].flatMap(([ip, names]) =>
      names.map(({ name, client, isSaid, packetRef: { timeUs, record, input } }) => ({
        ...{ ip, name, client, isSaid },
        ...{ timeUs: Number.isNaN(timeUs) ? null : timeUs, record, input },
      })),
    );
  }

  /** Books one address under a pool's name. */
  book(address: ArrayLike<number>, booking: BookedName): void {
    const { name, client, isSaid } = booking;
    const ip = addressText(address);
    const known = this.byAddress.get(ip);
    if (known === undefined) {
      if (this.byAddress.size >= limits.names) {
        this.overflow++;
        return;
      }
      this.byAddress.set(ip, [booking]);
      this.lastWords.add(address[3]);
      this.listener?.learned(address, booking);
      return;
    }
    const isKnown = known.some(
      (each) => each.name === name && each.client === client && each.isSaid === isSaid,
    );
    if (isKnown) return;
    if (known.length >= MAX_NAMES_PER_ADDRESS) this.overflow++;
    else {
      known.push(booking);
      this.listener?.learned(address, booking);
    }
  }
}
