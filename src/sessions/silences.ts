/**
 * Times in which the run saw no packet of any connection. If bytes of mining connections are missing across one, nobody captured
 * then: it is a hole, which is no time that was watched. Nor is a pause of more than a day, bytes or not. Else the network was quiet.
 * Bytes that are missing while no input watched the session tell of neither: that time is none of the session's.
 */
import { under } from '../order.ts';
import { between, ROTATION_US, type TimeInterval } from '../time-interval.ts';
import type { Session } from './session.ts';

/** Shorter silences are not told of (kernel/packets/input.ts). The last ones are kept: bytes are missed soon after. */
const MOST_KEPT = 64;
const MOST_LACKS = 65_536;
/** So many connections that lack bytes across one silence do so for one reason; a single one only across a long silence. */
const LEAST_LACKING = 2;
const LONG_US = 120_000_000;
/** A silence that is a smaller part of the time between two messages did not take what is missing between them. */
const LEAST_PART = 0.25;
/** No network is without any packet for longer. */
const PAUSE_US = 86_400_000_000;
const MOST_PAUSES = 1024;

/** Bytes of a session that are missing across a silence of all, or for so long that perhaps no input watched the session. */
interface Lack {
  readonly times: TimeInterval;
  readonly silence: TimeInterval | undefined;
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

  /** Takes bytes that one end of a session sent between these times and that are missing; false if they are lost in any case. */
  lack(session: Session, isOut: boolean, bytes: number, times: TimeInterval): boolean {
    const longUs = times.endUs - times.startUs;
    const silence = this.last.findLast(
      ({ startUs, endUs }) =>
        startUs >= times.startUs && endUs <= times.endUs && endUs - startUs >= LEAST_PART * longUs,
    );
    const isLong = longUs > ROTATION_US;
    if ((silence === undefined && !isLong) || this.lacks.length >= MOST_LACKS) return false;
    this.lacks.push({ times, silence, session, isOut, bytes });
    return true;
  }

  /**
   * The holes, in order. Bytes that are missing across other times count as lost packets from now on, but for those of times in
   * which an input watched, and then none, and then one again.
   */
  finalize(watchedOf: (session: Session) => readonly TimeInterval[]): TimeInterval[] {
    const unwatched = new Map<Session, readonly TimeInterval[]>();
    const lacks = this.lacks.filter(
      ({ session, times }) =>
        !under(unwatched, session, () => between(watchedOf(session))).some(
          ({ startUs, endUs }) => startUs >= times.startUs && endUs <= times.endUs,
        ),
    );
    const lacking = new Map<TimeInterval, Set<Session>>();
    for (const { silence, session } of lacks)
      if (silence !== undefined) under(lacking, silence, () => new Set()).add(session);
    const isHole = (silence: TimeInterval): boolean =>
      (lacking.get(silence)?.size ?? 0) >= LEAST_LACKING || silence.endUs - silence.startUs >= LONG_US;
    for (const { silence, session, isOut, bytes } of lacks)
      if (silence === undefined || !isHole(silence))
        session.connections[isOut ? 'missedOut' : 'missedIn'] += bytes;
    this.lacks = [];
    return [...lacking.keys()].filter(isHole).sort((a, b) => a.startUs - b.startUs);
  }
}
