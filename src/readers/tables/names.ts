/**
 * Names that logs tie to connections and addresses, cleaned before they leave: lower case, no dot at the end, no
 * port, no address in place of a name, no control bytes, not longer than DNS allows (RFC 1035 section 2.3.4).
 */

import { isIP } from 'node:net';
import { canonicalAddress } from '../../address.ts';
import type { BatchWriter } from '../../rows/batches.ts';
import type { Observation } from '../../rows/flow-sink.ts';

const NAME_LIMIT = 253;

/** The name as it is looked up, or null if the text is none. */
export function cleanName(text: string): string | null {
  const name = text.trim().toLowerCase().replace(/\.$/, '');
  if (name === '' || name === '-' || name.length > NAME_LIMIT || isIP(name) !== 0) return null;
  return /^[^\s\p{Cc}()<>"']+$/u.test(name) ? name : null;
}

/** The host of a `Host` header or a URL's authority, without its port; null if it is an address. */
export function hostName(text: string): string | null {
  return cleanName(text.replace(/:\d{1,5}$/, ''));
}

/** The common name in a distinguished name (`CN=pool.example,O=…`), or null. */
export function commonName(subject: string): string | null {
  const match = /(?:^|[,/+]\s*)CN=((?:\\.|[^,/+\\])+)/i.exec(subject);
  return match?.[1] === undefined ? null : certificateName(match[1]);
}

/** A name of a certificate; wildcards stay. Common names that are not host names (a person, a product) are none. */
export function certificateName(text: string): string | null {
  const name = cleanName(text);
  return name?.includes('.') ? name : null;
}

/** Addresses that blockers answer with, and this machine's own: no server stands there. Canonical text. */
export function isNoServer(address: string): boolean {
  return /^(?:0\.|127\.|255\.255\.255\.255$)/.test(address) || address === '::' || address === '::1';
}

/** A look-up: one record for each address in the answers, or one for the question if there is none. */
export function reportLookup(
  query: string,
  answers: readonly string[],
  observation: Observation,
  writer: BatchWriter,
): void {
  const name = cleanName(query);
  if (name === null) return;
  let isAnswered = false;
  for (const answer of answers) {
    const server = canonicalAddress(answer.trim());
    if (server === null || isNoServer(server)) continue;
    isAnswered = true;
    writer.name({ ...observation, kind: 'dns-answer', name, server, serverPort: 0 });
  }
  if (!isAnswered) writer.name({ ...observation, kind: 'dns-query', name, server: '', serverPort: 0 });
}
