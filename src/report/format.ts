/** What a format of reports is given to print, and how. */
import type { Audit } from '../audit/audit.ts';
import type { Night } from '../cases/case.ts';
import type { PublishedAudit } from '../energy/published.ts';
import type { Language, Reader } from '../statements/languages.ts';
import type { Selection } from './selection.ts';
import type { SampleOf } from './survey.ts';

export interface ReportOptions {
  /** Columns of the page; used by the table alone. */
  readonly width: number;
  /** True if the page shows ANSI colours; used by the table alone. */
  readonly color: boolean;
  /** IANA time zone of reports for people; formats for machines stay in UTC. */
  readonly zone: string;
  /** Language of reports for people and of JUnit; names of fields and identifiers stay as they are. */
  readonly language: Language;
  /** Who is advised; null or absent: found from the audit. */
  readonly reader?: Reader | null;
  /** How many addresses the miners were sampled from; null or absent: they are all. */
  readonly sampleOf?: SampleOf | null;
  /** Published audits that this one is to stand beside. */
  readonly compare?: readonly PublishedAudit[];
  /** Which hosts are shown, and in which order; absent: all. Never of JSON. */
  readonly selection?: Selection;
  /** The night that the audit is of: what is new in it comes first; used by the page alone. */
  readonly night?: Night;
  /** The first screen in place of the table of addresses; used by the table alone. */
  readonly screen?: Screen;
}

interface Screen {
  /** Machines shown at most if nothing else is asked for; null: all. */
  readonly most: number | null;
  /** Where the audit is, for the next command; null if it was not written. */
  readonly audit: string | null;
}

/** Damaged inputs that the first screen names. */
export const DAMAGED_NAMED = 3;

const WRITE_SIZE = 256 * 1024;

/** Pieces put together to about that many characters, as each writing costs. */
export function* gathered(pieces: Iterable<string>): Generator<string> {
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length < WRITE_SIZE) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

/** Prints an audit piece by piece, so that a large one is never one string. */
export type Render = (audit: Audit, options: ReportOptions) => Iterable<string>;
