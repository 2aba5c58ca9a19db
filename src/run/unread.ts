/**
 * The part of the inputs that was not read: bytes that were skipped as damage, files that could not be opened or are not
 * recognised, and the rest after a read error. It counts with its bytes, and as one packet or more.
 */
import type { AuditInput, Weight } from '../audit/audit.ts';
import { wordList } from '../schema/words.ts';

/** Reasons in the coverage under which they stand. */
export const DAMAGED = 'damaged bytes';
export const UNREAD = 'unread input';
/** Connections that were not looked at as too many were open, by the bytes of what would have been looked at. */
export const CROWDED = 'not looked at';
/** What connections said that have had their looks, and messages that were too long, by the bytes that were passed over. */
export const PASSED = 'passed over';
/** Sessions beyond the limit: how much they said nobody has counted. */
export const LEFT_OUT = 'sessions left out';

/** How much is lost nobody knows. */
const UNMEASURED = wordList('unmeasured-damage');

interface Unread {
  readonly damaged: Weight;
  /** Inputs that were not read, or not to their end. */
  readonly unread: Weight;
}

export function unreadOf(inputs: readonly AuditInput[]): Unread {
  const damaged = { packets: 0, bytes: 0 };
  const unread = { packets: 0, bytes: 0 };
  for (const { kind, bytes, damage } of inputs) {
    const failure = damage.find((row) => UNMEASURED.has(row.kind));
    if (failure !== undefined) {
      unread.packets++;
      unread.bytes += kind === 'unreadable' ? bytes : Math.max(0, bytes - failure.at);
    } else if (kind === 'unreadable') {
      damaged.packets += bytes > 0 ? 1 : 0;
      damaged.bytes += bytes;
    } else {
      for (const row of damage) {
        if (row.kind !== 'skipped-bytes') continue;
        damaged.packets++;
        damaged.bytes += row.count;
      }
    }
  }
  return { damaged, unread };
}
