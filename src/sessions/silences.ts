/**
 * Times in which the run saw no packet of any connection. If bytes of mining connections are missing across one, nobody captured
 * then: it is a hole, which is no time that was watched. Nor is a pause of more than a day, bytes or not. Else the network was quiet.
 */
import type { TimeInterval } from '../time-interval.ts';
import type { Session } from './session.ts';

/** Shorter silences are not told of (kernel/packets/input.ts). The last ones are kept: bytes are missed soon after. */
const MOST_KEPT = 64;
const MOST_LACKS = 65_536;
/** So many connections that lack bytes across one silence do so for one reason; a single one only across a long silence. */
const LEAST_LACKING = 2;
const LONG_US = 120_000_000;
/** No network is without any packet for longer. */
const PAUSE_US = 86_400_000_000;
const MOST_PAUSES = 1024;

/** Bytes of a session that are missing across a silence. */
interface Lack {
  readonly silence: TimeInterval;
  readonly session: Session;
  readonly isOut: boolean;
  readonly bytes: number;
}

export class Silences {
  private readonly last: TimeInterval[] = [];
  private lacks: Lack[] = [];
  /** Between two packets of the run, of one file or of two. */
  readonly pauses: TimeInterval[] = [];

  add(startUs: number, endUs: number): void {
    if (endUs - startUs > PAUSE_US && this.pauses.length < MOST_PAUSES) this.pauses.push({ startUs, endUs });
    this.last.push({ startUs, endUs });
    if (this.last.length > MOST_KEPT) this.last.shift();
  }

  /** Takes bytes that one end of a session sent between these times and that are missing; false if there was no silence of all. */
  lack(session: Session, isOut: boolean, bytes: number, times: TimeInterval): boolean {
    const silence = this.last.findLast(
      ({ startUs, endUs }) => startUs >= times.startUs && endUs <= times.endUs,
    );
    if (silence === undefined || this.lacks.length >= MOST_LACKS) return false;
    this.lacks.push({ silence, session, isOut, bytes });
    return true;
  }

  /** The holes, in order. Bytes that are missing across other silences count as lost packets from now on. */
  settle(): TimeInterval[] {
    const lacking = new Map<TimeInterval, Set<Session>>();
    for (const { silence, session } of this.lacks) {
      const sessions = lacking.get(silence) ?? new Set();
      lacking.set(silence, sessions.add(session));
    }
    const isHole = (silence: TimeInterval): boolean =>
      (lacking.get(silence)?.size ?? 0) >= LEAST_LACKING || silence.endUs - silence.startUs >= LONG_US;
    for (const { silence, session, isOut, bytes } of this.lacks)
      if (!isHole(silence)) session.connections[isOut ? 'missedOut' : 'missedIn'] += bytes;
    this.lacks = [];
    return [...lacking.keys()].filter(isHole).sort((a, b) => a.startUs - b.startUs);
  }
}
