/**
 * Questions to name servers, and whether an answer is one to a question: the same ends and ports, the same id, the same
 * name and type (RFC 5452 9.1). An answer that nobody asked for says nothing of anybody.
 */
import type { DnsMessage } from '../framing/dns.ts';
import type { Endpoint } from '../sessions/session.ts';

/** Questions that wait at once, the newest; a resolver under load has some thousands. */
const MOST = 65_536;
/** Resolvers give up after seconds. */
const LONGEST_US = 60_000_000;

export class Lookups {
  /** Time of each question, us, by what an answer must repeat. */
  private readonly asked = new Map<string, number>();

  /** True for a question, and for the first answer to one. */
  isWanted(message: DnsMessage, client: Endpoint, server: Endpoint, timeUs: number): boolean {
    const { id, question, type, isResponse } = message;
    const key = `${client.ip} ${client.port} ${server.ip} ${server.port} ${id} ${type} ${question}`;
    if (isResponse) {
      const askedUs = this.asked.get(key);
      this.asked.delete(key);
      return askedUs !== undefined && Math.abs(timeUs - askedUs) <= LONGEST_US;
    }
    this.asked.delete(key);
    this.asked.set(key, timeUs);
    if (this.asked.size > MOST) {
      for (const oldest of this.asked.keys()) {
        this.asked.delete(oldest);
        break;
      }
    }
    return true;
  }
}
