/** The table of networks by AS number: class of the network, country of its holder. */
import { OWNER_CLASSES, type OwnerClass } from './answer.ts';
import { INSTITUTION_NETWORKS } from './networks-institutions.ts';
import { OPERATOR_NETWORKS } from './networks-operators.ts';

interface KnownNetwork {
  readonly asn: number;
  readonly class: OwnerClass;
  readonly name: string;
  /** ISO 3166 alpha-2. */
  readonly country: string;
  /** A research and education network: education is said of those behind it, not of itself. */
  readonly isResearchNetwork: boolean;
}

let table: ReadonlyMap<number, KnownNetwork> | undefined;

/** The network of an AS number, null if the table does not have it. */
export function knownNetwork(asn: number): KnownNetwork | null {
  table ??= readTable();
  return table.get(asn) ?? null;
}

function readTable(): ReadonlyMap<number, KnownNetwork> {
  const blocks: Readonly<Record<string, string>> = { ...INSTITUTION_NETWORKS, ...OPERATOR_NETWORKS };
  const rows = new Map<number, KnownNetwork>();
  for (const owner of OWNER_CLASSES) readBlock(rows, blocks[owner] ?? '', owner, false);
  readBlock(rows, INSTITUTION_NETWORKS.researchNetwork, 'education', true);
  return rows;
}

function readBlock(
  rows: Map<number, KnownNetwork>,
  block: string,
  owner: OwnerClass,
  isResearchNetwork: boolean,
): void {
  for (const line of block.split('\n')) {
    const match = /^\s*(\d+) ([A-Z]{2}) (.+)$/.exec(line);
    if (match === null) continue;
    const asn = Number(match[1]);
    rows.set(asn, { asn, class: owner, country: match[2], name: match[3].trim(), isResearchNetwork });
  }
}
