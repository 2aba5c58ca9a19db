/** The table of networks by AS number (data/networks.tsv): class of the network, country of its holder. */
import networks from '../../data/networks.tsv?raw';
import { number, oneOf, table, text } from '../schema/table.ts';
import { OWNER_CLASSES, type OwnerClass } from './answer.ts';

interface KnownNetwork {
  readonly asn: number;
  readonly class: OwnerClass;
  readonly name: string;
  /** ISO 3166 alpha-2. */
  readonly country: string;
  /** A research and education network: education is said of those behind it, not of itself. */
  readonly isResearchNetwork: boolean;
}

const rows = table('networks.tsv', networks, {
  asn: number(1, 2 ** 32 - 1),
  class: oneOf(...OWNER_CLASSES, 'research-network'),
  country: text,
  name: text,
});

let known: ReadonlyMap<number, KnownNetwork> | undefined;

/** The network of an AS number, null if the table does not have it. */
export function knownNetwork(asn: number): KnownNetwork | null {
  known ??= new Map(
    rows().map((row) => {
      const isResearchNetwork = row.class === 'research-network';
      const owner = row.class === 'research-network' ? 'education' : row.class;
      return [row.asn, { ...row, class: owner, isResearchNetwork }];
    }),
  );
  return known.get(asn) ?? null;
}
