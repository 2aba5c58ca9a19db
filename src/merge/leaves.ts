/**
 * The scans that audits are made of, in the order of time. An audit that was merged carries the edges of its scans side
 * by side while they are few, so that a part which lies between them still fits in; beyond that they are joined for
 * good, and what lies between them and goes on with their connections is refused: it could be counted, but not rightly.
 */
import type { Audit, AuditInput } from '../audit/audit.ts';
import type { AuditEdges, FlowState } from '../audit/edges.ts';
import { DIALECTS } from '../dialects/index.ts';
import { fail } from '../errors.ts';
import type { SessionState } from '../sessions/carry.ts';

/** An audit to be merged, read when it is needed: many do not fit into memory at once. */
export interface MergePart {
  /** For messages. */
  readonly where: string;
  read(): Promise<Audit>;
}

/** One scan, or several that were joined for good. */
export interface Leaf {
  readonly where: string;
  readonly startUs: number;
  readonly endUs: number;
  readonly inputs: readonly AuditInput[];
  readonly options: AuditEdges['options'];
  readonly isSealed: boolean;
  /** Start of the last scan in it, where it is of several; null of one. */
  readonly lastStartUs: number | null;
  /** Sessions and flows that its edges hold. */
  readonly rows: number;
  /** Messages that were lost at seams within it, by input. */
  readonly lost: readonly number[];
  /** Ends of the connections that touch an edge of it. */
  readonly ends: readonly string[];
  /** True of the first leaf of its audit. */
  readonly isFirst: boolean;
  /** The whole audit that it is in. */
  audit(): Promise<Audit>;
  edges(): Promise<AuditEdges>;
}

export const SEAM_DAMAGE = 'message-cut-at-seam';
/** Rows of audits that are kept from the first reading; the others are read again when their turn comes. */
const KEPT_ROWS = 20_000;
/** Rows of edges up to which scans are carried side by side. */
export const MOST_ROWS_APART = 4096;
/** Requests of one miner to one endpoint belong to one session while gaps stay below this (contract, Session). */
const FOLD_GAP_US = 120_000_000;

/** Leaves of the audits, by the time of their first packet. Throws FILE_INVALID where two audits do not go together. */
export async function leavesOf(
  parts: readonly MergePart[],
  warn: (message: string) => void,
): Promise<Leaf[]> {
  const leaves: Leaf[] = [];
  const holders = new Map<string, string>();
  let room = KEPT_ROWS;
  for (const part of parts) {
    const audit = await part.read();
    const edges = edgesOf(audit, part.where);
    if (isRepeated(audit, part.where, holders, warn)) continue;
    room -= rowsOf(edges) + audit.hosts.length + audit.sessions.length;
    leaves.push(...leavesIn(audit, edges, room >= 0 ? async () => audit : lastRead(part), part.where));
  }
  // Equal times keep the order in which they were named: the sort is stable.
  leaves.sort((a, b) => (a.startUs === b.startUs ? 0 : a.startUs - b.startUs));
  await refuseBetween(leaves);
  return leaves;
}

/**
 * True where all inputs of the audit are those of another one; refused where only some are. Those without packets or flows
 * hold no sessions: a table of names may go with every scan.
 */
function isRepeated(
  audit: Audit,
  where: string,
  holders: Map<string, string>,
  warn: (message: string) => void,
): boolean {
  const keys = audit.inputs.map(inputKey).filter((key) => key !== null);
  if (keys.length > 0 && keys.every((key) => holders.has(key))) {
    warn(`${where}: left out, its inputs are those of ${holders.get(keys[0])}`);
    return true;
  }
  for (const input of audit.inputs) {
    const key = inputKey(input);
    const holder = key === null ? undefined : holders.get(key);
    if (holder === undefined || !holdsTraffic(input)) continue;
    fail('FILE_INVALID', `holds the same input as ${holder}: ${input.path}`, {
      where,
      hint: 'Its sessions would count twice. Scan the inputs that are in one audit only, and merge those.',
    });
  }
  for (const key of keys) holders.set(key, where);
  return false;
}

/** False of logs of names, and of what could not be read. */
export function holdsTraffic({ packets = 0, flows = 0 }: AuditInput): boolean {
  return packets + flows > 0;
}

/** The same input by content, or else by name, size and times; null where nothing tells. */
export function inputKey({ path, kind, bytes, sha256, first, last }: AuditInput): string | null {
  // Nothing of it counts, so that nothing counts twice.
  if (kind === 'unreadable') return null;
  if (sha256 !== null) return sha256;
  return path === '-' && first === null ? null : JSON.stringify([path, bytes, first, last]);
}

function edgesOf(audit: Audit, where: string): AuditEdges {
  if (audit.edges !== undefined) return audit.edges;
  return fail('FILE_INVALID', 'this audit carries nothing to merge it by', {
    where,
    hint: 'Scan its inputs again with this version.',
  });
}

function rowsOf({ sessions, flows, parts = [] }: AuditEdges): number {
  return parts.reduce((sum, part) => sum + rowsOf(part.edges), sessions.length + flows.length);
}

/** Reads the audit when one of its leaves is asked for, and forgets it when the next one has been. */
function lastRead(part: MergePart): () => Promise<Audit> {
  let read: WeakRef<Audit> | null = null;
  return async () => {
    const known = read?.deref();
    if (known !== undefined) return known;
    const audit = await part.read();
    read = new WeakRef(audit);
    return audit;
  };
}

function leavesIn(audit: Audit, edges: AuditEdges, read: () => Promise<Audit>, where: string): Leaf[] {
  const { parts = [] } = edges;
  const readEdges = async (): Promise<AuditEdges> => edgesOf(await read(), where);
  if (parts.length === 0) {
    return [leafOf(where, edges, audit.inputs, audit.inputs.map(lostIn), true, read, readEdges)];
  }
  let from = 0;
  return parts.map((part, i) => {
    const inputs = audit.inputs.slice(from, from + part.lost.length);
    from += part.lost.length;
    const again = inputs.map((input, k) => withLoss(input, part.lost[k] ?? 0));
    return leafOf(where, part.edges, again, part.lost, i === 0, read, async () => {
      const { parts: found = [] } = await readEdges();
      return (
        found[i]?.edges ?? fail('FILE_INVALID', 'the file was changed while it was being read', { where })
      );
    });
  });
}

function leafOf(
  where: string,
  edges: AuditEdges,
  inputs: readonly AuditInput[],
  lost: readonly number[],
  isFirst: boolean,
  audit: () => Promise<Audit>,
  readEdges: () => Promise<AuditEdges>,
): Leaf {
  const { window, options, sealed, lastStartUs = null } = edges;
  return {
    where,
    startUs: window?.startUs ?? Number.POSITIVE_INFINITY,
    endUs: window?.endUs ?? Number.NEGATIVE_INFINITY,
    ...{ inputs, options, isSealed: sealed, lastStartUs, rows: rowsOf(edges), lost, isFirst },
    ends: edges.flows.map(({ ends }) => endsKey(ends[0], ends[1])),
    audit,
    edges: readEdges,
  };
}

function lostIn({ damage }: AuditInput): number {
  return damage.reduce((sum, { kind, count }) => (kind === SEAM_DAMAGE ? sum + count : sum), 0);
}

/** The input with so many messages lost at seams, and no others. */
export function withLoss(input: AuditInput, lost: number): AuditInput {
  const others = input.damage.filter(({ kind }) => kind !== SEAM_DAMAGE);
  return { ...input, damage: lost === 0 ? others : [...others, { kind: SEAM_DAMAGE, count: lost, at: 0 }] };
}

/** Scans that were joined for good leave no room between them for what goes on with their connections. */
async function refuseBetween(leaves: readonly Leaf[]): Promise<void> {
  for (const joined of leaves) {
    const { lastStartUs, startUs } = joined;
    if (lastStartUs === null) continue;
    const within = leaves.filter(
      (leaf) => leaf !== joined && leaf.startUs >= startUs && leaf.startUs < lastStartUs,
    );
    if (within.length === 0) continue;
    const known = new Connections(await joined.edges());
    for (const leaf of within) {
      if (!known.goesOnWith(await leaf.edges())) continue;
      fail(
        'FILE_INVALID',
        `goes on with connections of ${joined.where}, between parts that were merged without it`,
        {
          where: leaf.where,
          hint: `Merge it together with the audits that ${joined.where} was made of, in one command.`,
        },
      );
    }
  }
}

/** Connections and folded sessions of an audit, to be asked whether another one has them too. */
class Connections {
  readonly #ends = new Set<string>();
  readonly #sessions = new Map<string, { readonly fromUs: number; readonly toUs: number }[]>();

  constructor({ flows, sessions, contacts }: AuditEdges) {
    for (const { ends } of flows) this.#ends.add(endsKey(ends[0], ends[1]));
    for (const { client, server } of contacts) if (server !== null) this.#ends.add(endsKey(client, server));
    for (const session of sessions) {
      this.#ends.add(endsKey(session.miner, session.via[0] ?? session.pool));
      const known = this.#sessions.get(foldKey(session)) ?? [];
      known.push({ fromUs: session.firstHeardUs ?? 0, toUs: session.heardUs ?? 0 });
      this.#sessions.set(foldKey(session), known);
    }
  }

  goesOnWith({ flows, sessions }: AuditEdges): boolean {
    if (flows.some(({ ends }) => this.#ends.has(endsKey(ends[0], ends[1])))) return true;
    return sessions.some((session) => {
      if (!FOLDED.has(session.dialect)) return false;
      const fromUs = (session.firstHeardUs ?? 0) - FOLD_GAP_US;
      const toUs = (session.heardUs ?? 0) + FOLD_GAP_US;
      const known = this.#sessions.get(foldKey(session)) ?? [];
      return known.some((each) => each.fromUs <= toUs && each.toUs >= fromUs);
    });
  }
}

/** Dialects whose sessions are made of many connections. */
const FOLDED = new Set(DIALECTS.filter(({ perRequest }) => perRequest === true).map(({ id }) => id));

function foldKey({ dialect, miner, pool }: SessionState): string {
  return `${dialect} ${miner.ip} ${pool.ip} ${pool.port}`;
}

/** Says of a connection of one leaf, by its place in the order, whether a later leaf has it too. */
export function laterConnections(leaves: readonly Leaf[]): (flow: FlowState, place: number) => boolean {
  const last = new Map<string, number>();
  for (const [place, { ends }] of leaves.entries()) for (const key of ends) last.set(key, place);
  return ({ ends }, place) => (last.get(endsKey(ends[0], ends[1])) ?? -1) > place;
}

interface End {
  readonly ip: string;
  readonly port: number;
}

function endsKey(a: End | undefined, b: End | undefined): string {
  const [first, second] = [`${a?.ip} ${a?.port}`, `${b?.ip} ${b?.port}`].sort();
  return `${first} ${second}`;
}
