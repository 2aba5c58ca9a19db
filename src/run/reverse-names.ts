/**
 * Names of addresses from reverse look-ups in the traffic (RFC 1035 3.5, RFC 3596 2.5): the names that a network gives
 * its own hosts. The first name of an address counts. Bounded; minesweep itself sends no query.
 */

import { addressWords } from '../address.ts';
import type { DnsMessage } from '../framing/dns.ts';

/** Names under which addresses are looked up. */
export const REVERSE_DOMAINS = ['in-addr.arpa', 'ip6.arpa'] as const;
const MOST_NAMES = 50_000;

export class ReverseNames {
  /** By the name that was looked up: 18.2.0.192.in-addr.arpa. */
  private readonly names = new Map<string, string>();

  /** Takes the answer to a reverse look-up. */
  learn({ question, answers }: DnsMessage): void {
    const name = answers.find(({ target }) => target !== '' && !target.endsWith('.arpa'))?.target;
    if (name === undefined || this.names.has(question) || this.names.size >= MOST_NAMES) return;
    this.names.set(question, name);
  }

  /** The name of an address; null if none was answered. */
  nameOf(ip: string): string | null {
    if (this.names.size === 0) return null;
    return this.names.get(questionOf(ip)) ?? null;
  }
}

function questionOf(ip: string): string {
  const words = addressWords(ip);
  if (words === null) return '';
  if (!ip.includes(':')) return `${ip.split('.').reverse().join('.')}.in-addr.arpa`;
  const digits = [...words].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  return `${[...digits].reverse().join('.')}.ip6.arpa`;
}
