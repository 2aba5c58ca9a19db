/** The edges of a run, from the tap's counts and the survey's flows and sessions. */
import type { AuditEdges, Weight } from '../audit/edges.ts';
import type { Contact } from '../endpoints/contact.ts';
import { SKIP_REASONS } from '../packets/skip-reason.ts';
import type { Tap } from '../packets/tap.ts';
import type { FlowSurvey } from './flow-survey.ts';
import type { Survey } from './survey.ts';

type Weights = Omit<AuditEdges['weights'], 'encrypted' | 'oneSided'>;

/** What was read, and what became of it. */
export function weightsOf(tap: Tap, { conversations }: FlowSurvey): Weights {
  const reasons: Record<string, Weight> = {};
  SKIP_REASONS.forEach((reason, i) => {
    if (tap.reasonPackets[i] > 0)
      reasons[reason] = { packets: tap.reasonPackets[i], bytes: tap.reasonBytes[i] };
  });
  const { recoveredPackets, recoveredBytes } = tap.packet.fragments;
  return {
    all: { packets: tap.packets, bytes: tap.bytes },
    truncated: { packets: tap.truncatedPackets, bytes: tap.truncatedBytes },
    cutBytes: tap.cutBytes,
    recovered: { packets: recoveredPackets, bytes: recoveredBytes },
    reasons,
    records: { packets: conversations.packets, bytes: conversations.bytes },
    sampled: { packets: conversations.sampledPackets, bytes: conversations.sampledBytes },
  };
}

/** What a merge needs of the run. Call once, after the last packet and before the tap ends. */
export function carryEdges(
  survey: Survey,
  tap: Tap,
  flows: FlowSurvey,
  window: AuditEdges['window'],
  options: AuditEdges['options'],
): AuditEdges {
  return survey.carry({ window, options, records: [] }, weightsOf(tap, flows));
}

/** An end of a session or contact; without a port it is that of a look-up. */
export interface AllowedEnd {
  readonly ip: string;
  readonly port: number | null;
}

/** True where an end, or a name of the pool's end, is allowed for. */
export type Allowance = (miner: AllowedEnd, pool: AllowedEnd, names: readonly string[]) => boolean;

/** The pool's end of a look-up of its name. */
const NO_END: AllowedEnd = { ip: '', port: null };

/** Whether a contact is allowed for, by its ends or by a name. */
export function isAllowed({ client, server, match, ownName }: Contact, allow: Allowance): boolean {
  return allow(client, server ?? NO_END, [...match.names, ownName]);
}

/** The edges without what the operator's list allows for. */
export function allowedEdges(edges: AuditEdges, allow: Allowance): AuditEdges {
  const kept = edges.sessions.map(({ miner, pool, names }) => !allow(miner, pool, names));
  const isLeft = (contact: Contact): boolean => !isAllowed(contact, allow);
  if (kept.every(Boolean) && edges.contacts.length + edges.records.length + edges.flows.length === 0)
    return edges;
  let count = 0;
  const numbers = kept.map((isKept) => (isKept ? count++ : null));
  const flows = edges.flows.map((flow) => {
    const [a, b] = flow.ends;
    const name = flow.name === null ? [] : [flow.name.name];
    const session = numbers[flow.session ?? -1] ?? null;
    if (!allow(a, b, name) && !allow(b, a, name))
      return session === flow.session ? flow : { ...flow, session };
    // Share tokens refer to flows by their place, so it stays.
    return { ...flow, session: null, body: null, head: [], tail: [], name: null, dialect: null };
  });
  return {
    ...edges,
    contacts: edges.contacts.filter(isLeft),
    records: edges.records.filter(isLeft),
    sessions: edges.sessions.filter((_, i) => kept[i]),
    flows,
  };
}
