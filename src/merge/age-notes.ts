/**
 * Notes on how old the databases of owners and the catalogue of pools were: in a part, they refer to the times of
 * that part. For the merged audit they are made again, for the time at which it ends.
 */
import type { Audit } from '../audit/audit.ts';
import { ageWarning } from '../owners/age.ts';
import type { Statement } from '../statements/index.ts';

export class AgeNotes {
  /** Databases that were told to be old in a part, by title and day. */
  readonly #databases = new Map<string, { readonly title: string; readonly date: string }>();

  /** The notes of a part but for those. */
  rest(part: Audit): Statement[] {
    for (const { title, date } of part.sources) {
      const isTold = part.notes.some(
        ({ code, params }) => code === 'old-owners' && params.title === title && params.date === date,
      );
      if (date !== null && isTold) this.#databases.set(`${title} ${date}`, { title, date });
    }
    return part.notes.filter(({ code }) => code !== 'old-owners' && code !== 'old-catalogue');
  }

  /** Those of databases for the whole, where its owners are those that the parts name. */
  ofOwners(whole: Audit): Statement[] {
    const endUs = endOf(whole);
    return [...this.#databases.values()]
      .map(({ title, date }) => ageWarning(title, date, endUs))
      .filter((warning) => warning !== null);
  }
}

function endOf({ window, generated }: Audit): number {
  return Date.parse(window.end ?? generated) * 1000;
}
