/** What was observed of a session: which kinds of messages, from which end, and when. */
import { agentShown } from '../evidence/agent-shown.ts';
import type { SentSecrets, Shown } from '../evidence/secrets.ts';
import { sharedText } from '../evidence/shared-text.ts';
import { earliest, type PacketRef } from '../packet-ref.ts';
import type { Observation } from './field-types.ts';
import { MessagesFields, ObservedFields } from './fields.ts';
import { join } from './groups.ts';
import { COUNT_OF, countMessage } from './message-counts.ts';
import { AGENT, joinObservation, type Kind, observationOf } from './observations.ts';

/** What the reader of a connection says once, and anew where it begins in the middle. */
const SAID_ONCE: ReadonlySet<string> = new Set(['coin', 'algorithm-share-hash']);

export class Observed extends ObservedFields {
  readonly messages = new MessagesFields();

  constructor(certain: boolean) {
    super();
    this.certain = certain;
  }

  /** A message said something of the kind, in words that may be shown. */
  note(
    kind: Kind,
    { timeUs, record, input }: PacketRef,
    saidBy: 'miner' | 'pool',
    detail: Shown,
    proof?: Observation['proof'],
  ): void {
    countMessage(this.messages, kind.origin, saidBy);
    if (timeUs < this.firstUs) this.firstUs = timeUs;
    if (timeUs > this.lastUs) {
      this.widenGap(timeUs - this.lastUs);
      this.lastUs = timeUs;
    }
    const known = observationOf(this.observations, kind.name);
    // Most was seen before, in the same words.
    if (known !== undefined && known.timeUs <= timeUs && known.detail === detail) known.count++;
    else {
      const seen: Observation = {
        kind: kind.name,
        timeUs,
        record,
        input,
        count: 1,
        detail: sharedText(detail),
      };
      if (proof !== undefined) seen.proof = proof;
      joinObservation(this.observations, seen);
    }
  }

  private widenGap(us: number): void {
    if (us > this.longestGapUs && us < Number.POSITIVE_INFINITY) this.longestGapUs = us;
  }

  /** True if these are the words that stand with the kind already, which need no second look. */
  isShown(kind: Kind, detail: string): detail is Shown {
    return observationOf(this.observations, kind.name)?.detail === detail;
  }

  /** Something speaks against the packets of the session. */
  doubt(doubt: keyof typeof COUNT_OF, count: number, { timeUs, record, input }: PacketRef): void {
    this.messages[COUNT_OF[doubt]] += count;
    if (doubt === 'stall') return; // finalized at the end
    const known = observationOf(this.observations, doubt);
    if (known === undefined)
      this.observations.push({ kind: doubt, timeUs, record, input, count, detail: '' });
    else known.count += count;
  }

  /** The clock was set: the last message is the one of this time, whatever came before. */
  leap({ timeUs, record, input }: PacketRef): void {
    this.lastUs = timeUs;
    joinObservation(this.observations, { kind: 'leap', timeUs, record, input, count: 1, detail: '' });
  }

  /** Where it was observed first; null if nothing was observed. */
  firstPacketRef(): PacketRef | null {
    return this.observations.length === 0 ? null : earliest(this.observations);
  }

  /** Takes out what was shown before it was known to be a secret. */
  conceal(secrets: SentSecrets): void {
    for (const observation of this.observations) {
      const { kind, detail } = observation;
      observation.detail = kind === AGENT.name ? agentShown(detail, secrets) : secrets.without(detail);
    }
  }

  /**
   * Adds what was observed of a later part of the session. `isOneConnection`: both are parts of one connection, whose reader
   * says some things once. `hasWork`: this part had a job or share, before which alone a request opens a session.
   */
  absorb(later: Observed, isOneConnection: boolean, hasWork: boolean): void {
    this.opened ||= hasWork ? later.openedByLogin : later.opened;
    this.widenGap(later.firstUs - this.lastUs);
    join('observed', this, later);
    join('messages', this.messages, later.messages);
    for (const observation of later.observations) {
      const isKnown = observationOf(this.observations, observation.kind) !== undefined;
      const again = isKnown && isOneConnection && SAID_ONCE.has(observation.kind) ? 1 : 0;
      joinObservation(this.observations, { ...observation, count: observation.count - again });
    }
  }
}
