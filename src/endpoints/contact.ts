/**
 * Contacts with listed pool endpoints in which no protocol could be read: connections, and look-ups of a name.
 * Repeated contacts of one client with one endpoint fold into one row.
 */
import { behavesLikeMining } from '../evidence/behaviour.ts';
import type { PoolMatch } from './pool-match.ts';
import { addTraffic, type TrafficSum } from './traffic.ts';

export interface ContactPlace {
  readonly timeUs: number;
  readonly record: number;
  readonly input: number;
}

export type ContactVerdict = 'probable' | 'attempted' | 'listed';

export interface Contact {
  readonly kind: 'connection' | 'dns-lookup';
  readonly client: { readonly ip: string; readonly port: number };
  /** Null for a look-up. */
  readonly server: { readonly ip: string; readonly port: number } | null;
  readonly match: PoolMatch;
  /** Name in the client's own words (TLS server name …); '' where only DNS or a list tells. */
  readonly ownName: string;
  readonly isEncrypted: boolean;
  readonly place: ContactPlace;
  verdict: ContactVerdict;
  because: string;
  startUs: number;
  endUs: number;
  count: number;
  readonly traffic: TrafficSum;
}

export interface ConnectionSeen {
  readonly answered: boolean;
  readonly seconds: number;
  readonly bytesOut: number;
  readonly bytesIn: number;
  readonly pushesOut: number;
  readonly pushesIn: number;
}

const RANK: Readonly<Record<ContactVerdict, number>> = { probable: 2, attempted: 1, listed: 0 };

/**
 * What a connection to a listed endpoint amounts to, or null where it is none of our business (contract, Verdicts):
 * a pool's web site is nothing; an unanswered try is `attempted`; a dedicated name with a session that behaves like
 * mining is `probable`; the rest is `listed`.
 */
export function connectionVerdict(
  match: PoolMatch,
  port: number,
  seen: ConnectionSeen,
): { verdict: ContactVerdict; because: string } | null {
  if (match.use === null || match.use === 'web') return null;
  const isWebPort = port === 80 || port === 443 || port === 8080 || port === 8443;
  if (match.use === 'unsure' && (isWebPort || !match.portListed)) return null;
  if (!seen.answered) return { verdict: 'attempted', because: 'connection tried and not answered' };
  const isSure = match.use === 'mining' && (match.dedicated || (match.portListed && !isWebPort));
  if (isSure && behavesLikeMining(seen)) {
    return {
      verdict: 'probable',
      because: 'a dedicated pool endpoint, and a session that behaves like mining',
    };
  }
  return { verdict: 'listed', because: 'a listed pool endpoint was touched' };
}

/** Contacts of the run, folded by client, endpoint and kind. */
export class Contacts {
  readonly #rows = new Map<string, Contact>();
  /** Contacts that did not fit. */
  overflow = 0;
  readonly #limit: number;

  constructor(limit = 200_000) {
    this.#limit = limit;
  }

  add(contact: Contact): void {
    const { client, server, kind, match } = contact;
    const place = server === null ? match.name : `${server.ip} ${server.port} ${contact.ownName}`;
    const key = `${kind} ${client.ip} ${place}`;
    const known = this.#rows.get(key);
    if (known === undefined) {
      if (this.#rows.size < this.#limit) this.#rows.set(key, contact);
      else this.overflow++;
      return;
    }
    known.count += contact.count;
    known.startUs = Math.min(known.startUs, contact.startUs);
    known.endUs = Math.max(known.endUs, contact.endUs);
    addTraffic(known.traffic, contact.traffic);
    if (RANK[contact.verdict] > RANK[known.verdict]) {
      known.verdict = contact.verdict;
      known.because = contact.because;
    }
  }

  values(): Iterable<Contact> {
    return this.#rows.values();
  }
}
