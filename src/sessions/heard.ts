/** What was heard of a session: which kinds of messages, from which end, and when. */
import type { SentSecrets, Shown } from '../evidence/secrets.ts';
import { sharedText } from '../evidence/shared-text.ts';
import { earliest, type Place } from '../place.ts';
import type { Sighting } from './field-types.ts';
import { HeardFields, VoicesFields } from './fields.ts';
import { join } from './groups.ts';
import { joinSighting, type Kind, sightingOf } from './sightings.ts';
import { countVoice, VOICE_OF } from './voices.ts';

/** What the reader of a connection says once, and anew where it begins in the middle. */
const SAID_ONCE: ReadonlySet<string> = new Set(['coin', 'algorithm-share-hash']);

export class Heard extends HeardFields {
  readonly voices = new VoicesFields();

  constructor(certain: boolean) {
    super();
    this.certain = certain;
  }

  /** A message said something of the kind, in words that may be shown. */
  note(
    kind: Kind,
    { timeUs, record, input }: Place,
    saidBy: 'miner' | 'pool',
    detail: Shown,
    proof?: Sighting['proof'],
  ): void {
    countVoice(this.voices, kind.voice, saidBy);
    if (timeUs < this.firstUs) this.firstUs = timeUs;
    if (timeUs > this.lastUs) this.lastUs = timeUs;
    const known = sightingOf(this.sightings, kind.name);
    // Most was seen before, in the same words.
    if (known !== undefined && known.timeUs <= timeUs && known.detail === detail) known.count++;
    else {
      const seen: Sighting = { kind: kind.name, timeUs, record, input, count: 1, detail: sharedText(detail) };
      if (proof !== undefined) seen.proof = proof;
      joinSighting(this.sightings, seen);
    }
  }

  /** True if these are the words that stand with the kind already, which need no second look. */
  isShown(kind: Kind, detail: string): detail is Shown {
    return sightingOf(this.sightings, kind.name)?.detail === detail;
  }

  /** Something speaks against the packets of the session. */
  doubt(doubt: keyof typeof VOICE_OF, count: number, { timeUs, record, input }: Place): void {
    this.voices[VOICE_OF[doubt]] += count;
    if (doubt === 'stall') return; // settled at the end
    const known = sightingOf(this.sightings, doubt);
    if (known === undefined) this.sightings.push({ kind: doubt, timeUs, record, input, count, detail: '' });
    else known.count += count;
  }

  /** The clock was set: the last message is the one of this time, whatever came before. */
  leap({ timeUs, record, input }: Place): void {
    this.lastUs = timeUs;
    joinSighting(this.sightings, { kind: 'leap', timeUs, record, input, count: 1, detail: '' });
  }

  /** Where it was heard first; null if nothing was heard. */
  firstPlace(): Place | null {
    return this.sightings.length === 0 ? null : earliest(this.sightings);
  }

  /** Takes out what was shown before it was known to be a secret. */
  conceal(secrets: SentSecrets): void {
    for (const sighting of this.sightings) sighting.detail = secrets.without(sighting.detail);
  }

  /**
   * Adds what was heard of a later part of the session. `isOneConnection`: both are parts of one connection, whose reader
   * says some things once. `hasWork`: this part had a job or share, before which alone a request opens a session.
   */
  absorb(later: Heard, isOneConnection: boolean, hasWork: boolean): void {
    this.opened ||= hasWork ? later.openedByLogin : later.opened;
    join('heard', this, later);
    join('voices', this.voices, later.voices);
    for (const sighting of later.sightings) {
      const isKnown = sightingOf(this.sightings, sighting.kind) !== undefined;
      const again = isKnown && isOneConnection && SAID_ONCE.has(sighting.kind) ? 1 : 0;
      joinSighting(this.sightings, { ...sighting, count: sighting.count - again });
    }
  }
}
