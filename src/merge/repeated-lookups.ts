/**
 * Look-ups from a log of names that several scans were given: they count once. If a client also looked the name up
 * elsewhere, the sum does not show how many came from the log: it stays, and is too high.
 */
import type { AuditInput } from '../audit/audit.ts';
import type { Contact } from '../endpoints/contact.ts';
import { holdsTraffic, inputKey } from './parts.ts';

export class RepeatedLookups {
  readonly #told = new Set<string>();

  /** The contacts of the next scan's records, without the look-ups that were told before. */
  without(contacts: readonly Contact[], inputs: readonly AuditInput[]): readonly Contact[] {
    return contacts.filter((contact) => {
      const input = inputs[contact.place.input];
      if (contact.kind !== 'dns-lookup' || input === undefined || holdsTraffic(input)) return true;
      const { client, match, count, startUs, endUs, place } = contact;
      const key = JSON.stringify([
        inputKey(input),
        place.record,
        client.ip,
        match.name,
        count,
        startUs,
        endUs,
      ]);
      const isNew = !this.#told.has(key);
      this.#told.add(key);
      return isNew;
    });
  }
}
