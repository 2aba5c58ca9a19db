/**
 * Networks that a registry gave to an organisation itself (data/blocks.tsv): a database of origins has only the carrier
 * that announces them, and nothing of those that nobody announces.
 */
import blockText from '../../data/blocks.tsv?raw';
import type { Words } from '../address.ts';
import { holds, ownNetwork } from '../networks.ts';
import { oneOf, table, text } from '../schema/table.ts';
import { statement } from '../statements/index.ts';
import { OWNER_CLASSES, type OwnerAnswer } from './answer.ts';

const rows = table('blocks.tsv', blockText, {
  network: ownNetwork,
  class: oneOf(...OWNER_CLASSES),
  country: text,
  name: text,
});

/** A registry's word for an organisation, as of a WHOIS entry. */
const REGISTERED = 0.85;

type Block = ReturnType<typeof rows>[number];

/** The organisation that a registry gave the address to; null if the table has none. */
export function blockOf(words: Words): Block | null {
  return rows().find(({ network }) => holds(network, words)) ?? null;
}

export function blockAnswer({ class: owner, name }: Block): OwnerAnswer {
  const rule = statement('owner-block', { name });
  return { source: 'netname', class: owner, name, confidence: REGISTERED, rule };
}
