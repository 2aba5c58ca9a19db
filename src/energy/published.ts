/**
 * Audits that others published, one file each (data/published), what follows from their figures, and factors that turn
 * electricity into coal and carbon (docs/reference/energy.md sections 4 and 5). For a comparison in reports, and as settings of
 * `--power-per-address`: comparison, never measurement.
 */
import jiangsu from '../../data/published/jiangsu-2021.json' with { type: 'json' };
import zhejiang from '../../data/published/zhejiang-2021.json' with { type: 'json' };
import { beginning, fail, reasonOf } from '../errors.ts';
import { readGivenSync } from '../given-file.ts';
import { checked, type Problem, readBack } from '../schema/check.ts';
import {
  amount,
  count,
  field,
  list,
  matching,
  type Of,
  optional,
  orNull,
  part,
  record,
} from '../schema/field.ts';

/** Prose: nothing in it acts in Markdown or HTML. */
const prose = matching('^[^\\p{Cc}<>|`]+$');
const said = record({
  en: field(prose, 'In English.'),
  zh: optional(prose, 'In Chinese; the English if absent.'),
});
export type Said = Of<typeof said>;

const publishedAudit = record({
  id: field(matching('^[a-z0-9-]+$'), 'Name for --compare.'),
  name: field(said, 'Of the place.'),
  by: field(said, 'Who published it, and when.'),
  addresses: field({ ...count, least: 1 }, 'Addresses that mine.'),
  kwhPerDay: field(amount, 'Electricity.'),
  mbps: field(orNull(amount), 'Traffic with pools, Mbit/s.'),
  sha256dHashesPerSecond: field(orNull(amount), 'Hashrate, as if all of it were SHA-256.'),
  hashrate: field(orNull(said), 'The same in its own words.'),
  institutions: field(
    record({ share: field(part, 'Of the addresses.'), said: field(said, 'In its own sense.') }),
    'Addresses at institutions.',
  ),
  coins: field(orNull(said), 'That it names.'),
  funnel: field(
    orNull(
      record({
        addresses: field(count, 'At institutions.'),
        units: field(count, 'Institutions.'),
        machines: field(said, 'That were found there.'),
        deliberate: field(count, 'Units that mined on purpose.'),
        hijacked: field(count, 'Units that were infected.'),
        undetermined: field(count, 'Units of which it does not say.'),
      }),
    ),
    'From addresses to units to machines.',
  ),
  notes: field(
    list(
      record({
        title: field(said, 'Heading.'),
        text: field(list(said), 'Paragraphs.'),
        table: optional(list(list(said)), 'Rows, the first with the titles of the columns.'),
      }),
    ),
    'What its figures can mean.',
  ),
  sources: field(list(said), 'Where the figures are from.'),
});

export type PublishedAudit = Of<typeof publishedAudit>;

export const PUBLISHED_AUDITS: readonly PublishedAudit[] = [jiangsu, zhejiang].map((audit) =>
  checked(audit, publishedAudit, ({ at, message }) => {
    throw new Error(`data/published/${audit.id}.json: ${at} ${message}`);
  }),
);

/** The audits' names, for help. */
export const PUBLISHED_NAMES = PUBLISHED_AUDITS.map(({ id }) => id).join(', ');

const MAX_FILE_BYTES = 1_000_000;

function publishedNamed(word: string): PublishedAudit | undefined {
  return PUBLISHED_AUDITS.find(({ id }) => id === word);
}

/** A published audit by name or file. Throws FILE_UNREADABLE or FILE_INVALID. */
export function publishedAuditOf(word: string, where: string): PublishedAudit {
  const known = publishedNamed(word);
  if (known !== undefined) return known;
  const hint = `Name one of ${PUBLISHED_NAMES}, or a file like those of data/published.`;
  let text: string;
  try {
    ({ text } = readGivenSync(word, MAX_FILE_BYTES));
  } catch (cause) {
    const what = `'${word}' is no published audit: ${reasonOf(cause)}`;
    return fail('FILE_UNREADABLE', what, { where, hint, cause });
  }
  const wrong = ({ at, message }: Problem): never =>
    fail('FILE_INVALID', `'${word}' is no published audit: ${`${at} ${message}`.trim()}`, { where, hint });
  const audit = readBack(text, publishedAudit, wrong);
  for (const [note, { table: [head = [], ...rows] = [] }] of audit.notes.entries()) {
    const at = rows.findIndex((row) => row.length !== head.length);
    if (at !== -1)
      wrong({
        at: `notes[${note}].table[${at + 1}]`,
        message: `must have ${head.length} cells, as the first row`,
      });
  }
  return audit;
}

/** What follows from an audit's own figures. */
export function derivedFigures(audit: PublishedAudit) {
  const { addresses, kwhPerDay, mbps, sha256dHashesPerSecond: rate } = audit;
  const meanWatts = (kwhPerDay * 1000) / 24;
  return {
    /** Mean power of all, W. */
    meanWatts,
    wattsPerAddress: meanWatts / addresses,
    kwhPerDayPerAddress: kwhPerDay / addresses,
    /** bit/s; null if no traffic was published. */
    bpsPerAddress: mbps === null ? null : (mbps * 1e6) / addresses,
    hashesPerSecondPerAddress: rate === null ? null : rate / addresses,
    /** Joules per 10^12 hashes if all were SHA256d. */
    joulesPerTerahash: rate === null ? null : meanWatts / (rate / 1e12),
    institutionalAddresses: audit.funnel?.addresses ?? Math.round(audit.institutions.share * addresses),
  };
}

/** Watts an address of `--power-per-address`: a number, or a published audit by name. Throws USAGE. */
export function parsePowerPerAddress(word: string, where: string): number {
  const audit = publishedNamed(word);
  if (audit !== undefined) return Math.round(derivedFigures(audit).wattsPerAddress);
  const watts = word.trim() === '' ? Number.NaN : Number(word);
  if (watts > 0 && watts <= 1e6) return watts;
  return fail('USAGE', `'${beginning(word)}' is not a power in watts`, {
    where,
    hint: `write a number up to 1000000, or one of: ${PUBLISHED_NAMES}`,
  });
}

/** kg per kWh: of standard coal by the Chinese convention of end use, and of CO2 by the old and by the grid's average. */
export const ENERGY_FACTORS = [
  { id: 'coal-cn', kgPerKwh: 0.404, year: '2021' },
  { id: 'co2-cn-old', kgPerKwh: 0.997, year: '2021' },
  { id: 'co2-cn-grid', kgPerKwh: 0.575, year: '2021-22' },
] as const;
