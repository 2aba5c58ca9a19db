/**
 * Formats as data/formats.tsv and data/logs.tsv tell them: what they are, what they call our fields, and how lines of logs are
 * written that need no reader of their own.
 */
import formatRows from '../../data/formats.tsv?raw';
import logRows from '../../data/logs.tsv?raw';
import * as Rules from '../kernel/records/rules.ts';
import * as Step from '../kernel/records/steps.ts';
import { type ByteLayer, IP_BYTES, LINK_BYTES, type NameRecord, PAYLOAD_BYTES } from '../rows/flow-sink.ts';
import { FLOW_FIELDS, type FlowField } from '../schema/flow-row.ts';
import { list, note, oneOf, table, text } from '../schema/table.ts';
import type { FlowAbilities, FlowFieldMap, FlowFormat } from './flow-format.ts';
import * as Column from './tables/roles.ts';

/** Ways in which a line is written, and what that says of it. */
const LINES: ReadonlyMap<string, number> = new Map([
  ['line', 0],
  ['opened', Step.BY_THE_SOURCE],
  ['names', Step.ONLY_NAMES],
  ['answers', Step.ONLY_NAMES | Step.ANSWERS],
  ['denied', Step.BY_THE_SOURCE | Step.REFUSED],
]);
const FACTS = [
  ...([
    'title',
    'reference',
    'abilities',
    'sampled',
    'rules',
    'cells',
    'needs',
    'first-line',
    'first-keys',
    'paths',
  ] as const),
  ...(['keys', 'word', 'counts', 'without', 'opens', 'machine', 'workload', 'inside', 'tcp', 'udp'] as const),
  ...([
    'reply',
    'counter',
    'protocol',
    'assign',
    'delimiter',
    'folded',
    'header',
    'unit',
    'layer',
    'names-are',
    'dates',
    'unknown',
    'leases',
  ] as const),
] as const;
const RULES: Readonly<Record<string, number>> = {
  'aws-status': Rules.AWS_STATUS,
  'argus-state': Rules.ARGUS_STATE,
  'silence-unknown': Rules.SILENCE_UNKNOWN,
  'hex-flags': Rules.HEX_FLAGS,
};

const CELLS = {
  format: list(' '),
  field: oneOf(...LINES.keys(), ...FACTS, ...Column.NAMED_ROLES.keys()),
  theirs: note,
  words: note,
};
const FIELDS = Object.keys(FLOW_FIELDS).filter((key): key is FlowField => key in FLOW_FIELDS);

const formatTable = table('formats.tsv', formatRows, CELLS);
const logTable = table('logs.tsv', logRows, { ...CELLS, theirs: text });

/** A field of ours and how the format calls it. */
interface ToldColumn {
  readonly field: string;
  readonly role: Column.Role;
  readonly theirs: string;
}

export interface ToldFormat {
  readonly id: string;
  readonly facts: Readonly<Partial<Record<(typeof FACTS)[number], string>>>;
  readonly lines: readonly { readonly marks: number; readonly form: string }[];
  /** The best of a role first. */
  readonly columns: readonly ToldColumn[];
  /** What a field is in words, where names do not say it. */
  readonly words: ReadonlyMap<string, string>;
}

function told(id: string, rows: ReturnType<typeof formatTable>): ToldFormat {
  const said = rows.filter(({ format }) => format.includes(id));
  return {
    id,
    facts: Object.fromEntries(
      said
        .filter(({ field }) => FACTS.some((fact) => fact === field))
        .map(({ field, theirs }) => [field, theirs]),
    ),
    lines: said
      .filter(({ field }) => LINES.has(field))
      .map(({ field, theirs }) => ({ marks: LINES.get(field) ?? 0, form: theirs })),
    columns: said.flatMap(({ field, theirs }) => {
      const role = Column.NAMED_ROLES.get(field)?.role;
      if (role === undefined || theirs === '') return [];
      return theirs.split(' ').map((each) => ({ field, role, theirs: each }));
    }),
    words: new Map(said.filter(({ words }) => words !== '').map(({ field, words }) => [field, words])),
  };
}

/** A format that has a reader of its own. */
export function toldFormat(id: string): ToldFormat {
  return told(id, formatTable());
}

/** Logs that need none, in the order of their table. */
export function toldLogs(): ToldFormat[] {
  const ids = new Set(logTable().flatMap(({ format }) => format));
  return [...ids].map((id) => told(id, logTable()));
}

/** The names of its columns, by role. */
export function namesOf({ columns }: Pick<ToldFormat, 'columns'>): Column.RoleNames {
  const names = new Map<Column.Role, string[]>();
  for (const { role, theirs } of columns) names.set(role, [...(names.get(role) ?? []), theirs]);
  return names;
}

/** What the bytes of its records count. */
export function byteLayerOf({ facts }: ToldFormat): ByteLayer {
  return facts.layer === 'link' ? LINK_BYTES : facts.layer === 'payload' ? PAYLOAD_BYTES : IP_BYTES;
}

/** Microseconds of 1 in a duration of its records. */
export function durationUnitUs({ facts }: ToldFormat): number {
  return Number(facts.unit ?? 1e6);
}

/** What it means by a row (kernel/records/rules.ts). */
export function rulesOf({ facts }: ToldFormat): number {
  return RULES[facts.rules ?? ''] ?? 0;
}

/** Who says the names that its records tell. */
export function nameKindOf({ facts }: ToldFormat): NameRecord['kind'] {
  const said = facts['names-are'];
  return said === 'sni' ? 'tls-sni' : said === 'answer' ? 'dns-answer' : 'http-host';
}

/** What a format calls our field of this name; a cell of a line has no name. */
function theirNames({ columns, lines }: ToldFormat, name: string): string[] {
  const theirs = columns.filter(({ field }) => field === name).map((column) => column.theirs);
  return lines.some(({ form }) => form.includes(`{${name}}`)) ? [...theirs, 'by its place'] : theirs;
}

function fieldsOf(format: ToldFormat): FlowFieldMap {
  const { lines, facts, words } = format;
  const said: Partial<Record<FlowField, string>> = {};
  for (const field of FIELDS) {
    const names = [...Column.NAMED_ROLES].flatMap(([name, told]) => (told.field === field ? [name] : []));
    const stated = names.flatMap((name) => words.get(name) ?? []);
    const theirs = stated.length > 0 ? stated : names.flatMap((name) => theirNames(format, name));
    if (theirs.length > 0) said[field] = [...new Set(theirs)].join(', ');
  }
  const isOpened = facts.opens !== undefined || lines.some(({ marks }) => (marks & Step.BY_THE_SOURCE) !== 0);
  const originator = isOpened ? 'the source' : facts.reply;
  return originator === undefined || said.originator !== undefined ? said : { ...said, originator };
}

const TIME = oneOf('flow', 'window', 'arrival');
const PARTLY = oneOf('yes', 'partial', 'no');
const PACKETS = oneOf('counted', 'interpolated', 'no');
const RECORDS = oneOf('many', 'one', 'either', 'none');

/** What behaviour can be read from it; of a log, what its fields show. */
function abilitiesOf(format: ToldFormat, fields: FlowFieldMap): FlowAbilities {
  const { facts } = format;
  const [time = '', tcpFlags = '', bothDirections = '', packets = '', records = ''] = facts.abilities?.split(
    ' ',
  ) ?? [
    fields.start !== undefined || theirNames(format, 'duration').length > 0 ? 'flow' : 'arrival',
    fields.tcpFlags === undefined ? 'no' : 'partial',
    fields.reverseBytes === undefined ? 'no' : 'yes',
    fields.packets === undefined ? 'no' : 'counted',
    facts.keys === undefined ? 'one' : 'either',
  ];
  return {
    time: TIME(time),
    tcpFlags: PARTLY(tcpFlags),
    bothDirections: PARTLY(bothDirections),
    packets: PACKETS(packets),
    records: RECORDS(records),
  };
}

/** What a format is, but for its code. */
export function describe(
  told: ToldFormat,
): Pick<FlowFormat, 'id' | 'title' | 'reference' | 'fields' | 'abilities'> {
  const { id, facts } = told;
  const fields = fieldsOf(told);
  const abilities = abilitiesOf(told, fields);
  return { id, title: facts.title ?? id, reference: facts.reference ?? '', fields, abilities };
}
