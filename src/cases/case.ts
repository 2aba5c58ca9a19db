/**
 * What is known from night to night: a case for every machine that mined. It follows the machine, not the address, where
 * leases tell which machine that was.
 */
import { ACTIONS } from '../audit/action.ts';
import { type AuditUndecided, OWNER_CLASSES, VERDICTS } from '../audit/audit.ts';
import { BASES, declared } from '../audit/declared.ts';
import {
  address,
  amount,
  count,
  date,
  field,
  flag,
  list,
  map,
  matching,
  type Of,
  oneOf,
  optional,
  orNull,
  record,
  text,
  time,
} from '../schema/field.ts';

export const CASES_SCHEMA = 'minesweep.cases/1';
export const NIGHT_SCHEMA = 'minesweep.night/1';

/** Nights of a case that are kept, and nights of the file. */
export const NIGHTS_KEPT = 400;

const verdict = oneOf(VERDICTS);

const caseMachine = record({
  ip: field(address, 'That it had last.'),
  mac: field(orNull(text), 'Hardware address.'),
  hostname: field(orNull(text), 'Name of the host.'),
  user: field(orNull(text), 'Who was logged in.'),
});
export type CaseMachine = Of<typeof caseMachine>;

const caseNight = record({
  date: field(date, 'Day of the traffic, in the zone of --tz.'),
  verdict: field(verdict, 'Of this night.'),
  algorithm: field(orNull(text), 'Of the rate.'),
  rate: field(orNull(amount), 'In `unit` per second; null if it is not known.'),
  unit: field(orNull(text), 'Of the rate.'),
  low95: field(orNull(amount), 'Lower 95 % limit of the rate.'),
  high95: field(orNull(amount), 'Upper 95 % limit of the rate.'),
  kwh: field(orNull(amount), 'Of this night; null if the power is not known.'),
  basis: optional(oneOf(BASES), 'What the rate rests on.'),
  tier: optional(oneOf(['A', 'B', 'C', 'flat']), 'How well the power is known, as in an audit; C: modelled.'),
  pool: field(orNull(text), 'Where most of the traffic went.'),
});
/** What a case mined in one night. */
export type CaseNight = Of<typeof caseNight>;

const newsCase = {
  id: field(matching('^\\S{1,64}$'), 'Of the case.'),
  machine: field(caseMachine, 'That mined.'),
  opened: field(time, 'When it was first seen.'),
  lastSeen: field(time, 'When it was last seen.'),
  state: field(oneOf(['open', 'acknowledged', 'gone', 'back', 'closed']), 'Where the case stands.'),
  changed: field(time, 'When the state last changed: the time of the traffic, or of the command.'),
  until: field(orNull(date), 'Of an acknowledgement: the last day that it holds.'),
  because: field(orNull(text), 'Why it was acknowledged or closed.'),
  by: field(orNull(text), 'Who did that.'),
  verdict: field(verdict, 'The strongest so far.'),
  owner: field(
    record({
      class: field(oneOf(OWNER_CLASSES), 'Kind of owner.'),
      name: field(orNull(text), 'Of the owner.'),
      department: field(orNull(text), 'By the owners table.'),
      contact: field(orNull(text), 'By the owners table.'),
    }),
    'Whose the machine is.',
  ),
  kwh: field(amount, 'Of all its nights.'),
  stayedOpen: optional(
    list(date),
    'Nights since then in which it did not mine, as far as could be judged, and a conversation of it could not.',
  ),
};
const aCase = record({ ...newsCase, nights: field(list(caseNight), 'In order of date, the last ones.') });
export type Case = Of<typeof aCase>;

/** Kinds of news, the gravest first. */
export const NEWS_KINDS = ['new', 'back', 'worse', 'gone'] as const;
export type NewsKind = (typeof NEWS_KINDS)[number];

const news = record({
  kind: field(oneOf(NEWS_KINDS), 'Of news.'),
  reason: field(
    oneOf(['first-seen', 'seen-again', 'acknowledgement-ended', 'stronger', 'faster', 'not-seen']),
    'Why the case is news.',
  ),
  before: field(orNull(verdict), 'The verdict before; null if there was none.'),
  account: field(orNull(text), 'That it mined for.'),
  watts: field(orNull(amount), 'Power while it mined.'),
  action: field(oneOf(ACTIONS), 'What to do.'),
  case: field(record(newsCase), 'The case, without its nights.'),
  night: field(caseNight, 'What was seen last.'),
});
export type News = Of<typeof news>;
/** A case without its nights. */
export type NewsCase = News['case'];
export type NewsReason = News['reason'];

const night = record({
  schema: field(oneOf([NIGHT_SCHEMA]), 'Version of this schema.'),
  tool: field(
    record({ name: field(text, 'minesweep'), version: field(text, 'Its version.') }),
    'Who wrote it.',
  ),
  generated: field(time, 'Time of writing.'),
  date: field(date, 'Of the night.'),
  window: field(
    record({ start: field(orNull(time), 'First record.'), end: field(orNull(time), 'Last record.') }),
    'Of the audit.',
  ),
  complete: field(flag, 'False if mining may have been missed: then no case is closed.'),
  damaged: field(flag, 'True if some input was damaged.'),
  threshold: field(verdict, 'The verdict from which on news count for the exit status.'),
  matched: field(flag, 'True if the exit status is 3: a case stands, or with --fail-on-new there is news.'),
  news: field(list(news), 'What is new.'),
  openCases: optional(
    list(record(newsCase)),
    'Cases of the threshold that are open and neither acknowledged nor accepted.',
  ),
  open: field(
    record({
      pairs: field(count, 'Pairs of hosts with a conversation that could not be judged.'),
      fresh: field(count, 'Of these new in this night.'),
      longest: field(list(declared<AuditUndecided>('undecided')), 'The longest of the new ones.'),
    }),
    'What could not be judged.',
  ),
  rest: field(
    record({
      mining: field(count, 'Cases that are no news and were seen.'),
      weaker: field(count, 'The same with a verdict below the threshold.'),
      acknowledged: field(count, 'Known to be allowed.'),
      unseen: field(count, 'Open, and not seen.'),
      closed: field(count, 'Gone or closed.'),
    }),
    'Cases that are no news.',
  ),
});
/** What a night brought. */
export type Night = Of<typeof night>;

/** The file of cases. */
export const CASES = record({
  schema: field(oneOf([CASES_SCHEMA]), 'Version of this schema.'),
  cases: field(list(aCase), 'One for every machine that mined.'),
  nights: field(
    list(record({ date: field(date, 'Of the night.'), complete: field(flag, 'True if it was read.') })),
    'Nights that counted; of an incomplete one nobody can say that a machine did not mine.',
  ),
  unsent: field(
    list(record({ to: field(text, 'Target of --send.'), night: field(night, 'Its news.') })),
    'Digests that could not be sent.',
  ),
  pairs: optional(
    map(date),
    "Pairs of hosts of which a conversation could not be judged, 'client server port transport', with the night of the last.",
  ),
});
export type Cases = Of<typeof CASES>;

export function noCases(): Cases {
  return { schema: CASES_SCHEMA, cases: [], nights: [], unsent: [] };
}
