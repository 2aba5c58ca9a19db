/**
 * Local time to UTC, for logs that print their machine's clock without a zone (nfdump csv and json, Argus, firewall
 * tables). An hour that a change of the clocks repeats is read as its first pass; one that it leaves out, as if the
 * clocks had not changed yet.
 */
import { fail } from '../../errors.ts';

const HOUR_US = 3600e6;
/** Offsets kept, one a quarter of an hour; 1,024 of them span more than ten days. */
const SLOTS = 1024;
const QUARTER_US = HOUR_US / 4;

export class Zone {
  readonly #fixedUs: number | null;
  readonly #format: Intl.DateTimeFormat | null;
  readonly #keys = new Float64Array(SLOTS).fill(-1);
  readonly #offsetsUs = new Float64Array(SLOTS);

  /** Throws USAGE for a name that is not a zone. */
  constructor(
    /** The name as given: an IANA zone, `UTC`, or an offset like `+02:00`. */
    readonly name: string,
  ) {
    this.#fixedUs = fixedOffsetUs(name);
    this.#format = this.#fixedUs === null ? formatOf(name) : null;
  }

  /** Microseconds since 1970, UTC, of a local time given as if it were UTC. */
  toUtc(localUs: number): number {
    if (this.#fixedUs !== null) return localUs - this.#fixedUs;
    const key = Math.floor(localUs / QUARTER_US);
    const slot = ((key % SLOTS) + SLOTS) % SLOTS;
    if (this.#keys[slot] !== key) {
      this.#keys[slot] = key;
      this.#offsetsUs[slot] = this.#offsetAtLocal(key * QUARTER_US);
    }
    return localUs - this.#offsetsUs[slot];
  }

  /** The offset from UTC in force when clocks there show `localUs`. */
  #offsetAtLocal(localUs: number): number {
    const before = this.#offsetAt(localUs - 24 * HOUR_US);
    const after = this.#offsetAt(localUs + 24 * HOUR_US);
    if (before === after) return before;
    // A change within two days: the offset before it counts as long as it still held at that instant, or if neither did.
    if (this.#offsetAt(localUs - before) === before) return before;
    return this.#offsetAt(localUs - after) === after ? after : before;
  }

  #offsetAt(utcUs: number): number {
    const parts = this.#format?.formatToParts(utcUs / 1000);
    const name = parts?.find(({ type }) => type === 'timeZoneName')?.value ?? '';
    return fixedOffsetUs(name) ?? 0;
  }
}

/** Of `UTC`, `+02:00` or `GMT+02:00`, of old times with seconds behind; null if the name is none of these. */
function fixedOffsetUs(name: string): number | null {
  if (/^(utc|z|gmt)$/i.test(name)) return 0;
  const match = /^(?:GMT)?([+-])(\d\d):?(\d\d)(?::(\d\d))?$/.exec(name);
  if (match === null) return null;
  const [, sign, hours, minutes, seconds = '0'] = match;
  const us = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1e6;
  return sign === '-' ? -us : us;
}

function formatOf(name: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  } catch (cause) {
    return fail('USAGE', `${JSON.stringify(name)} is not a time zone`, {
      hint: 'Name one of the IANA database, like Europe/Berlin, or an offset, like +02:00.',
      cause,
    });
  }
}
