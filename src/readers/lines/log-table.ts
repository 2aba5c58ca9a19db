/** Products whose logs are told in data/logs.tsv: how their lines are written, and what their fields mean. */
import rows from '../../../data/logs.tsv?raw';
import * as Step from '../../kernel/records/steps.ts';
import {
  type ByteLayer,
  IP_BYTES,
  LINK_BYTES,
  type NameRecord,
  PAYLOAD_BYTES,
} from '../../rows/flow-sink.ts';
import type { FlowField } from '../../schema/flow-row.ts';
import { oneOf, table, text } from '../../schema/table.ts';
import type { FlowFieldMap, FlowFormat } from '../flow-format.ts';
import { COLUMN_ROLES } from '../tables/column-map.ts';
import * as Column from '../tables/roles.ts';

/** Fields that a column map of an operator does not name, as their logs have a reader of their own. */
const ROLES: ReadonlyMap<string, Column.Role> = new Map([
  ...COLUMN_ROLES,
  ['day', Column.DAY],
  ['clock', Column.CLOCK],
  ['end-day', Column.END_DAY],
  ['end-clock', Column.END_CLOCK],
  ['total-packets', Column.TOTAL_PACKETS],
  ['total-bytes', Column.TOTAL_BYTES],
  ['name', Column.NAME],
]);
/** Ways in which a line is written, and what that says of it. */
const LINES: ReadonlyMap<string, number> = new Map([
  ['line', 0],
  ['opened', Step.BY_THE_SOURCE],
  ['names', Step.ONLY_NAMES],
  ['denied', Step.BY_THE_SOURCE | Step.REFUSED],
]);
const FACTS = [
  'title',
  'reference',
  'keys',
  'word',
  'counts',
  'without',
  'opens',
  'machine',
  'workload',
  'inside',
  'tcp',
  'udp',
  'reply',
  'assign',
  'delimiter',
  'folded',
  'header',
  'unit',
  'layer',
  'names-are',
] as const;

const logTable = table('logs.tsv', rows, {
  product: text,
  field: oneOf(...LINES.keys(), ...FACTS, ...ROLES.keys()),
  theirs: text,
});

/** A field of ours and how the product calls it. */
interface LogColumn {
  readonly field: string;
  readonly role: Column.Role;
  readonly theirs: string;
}

export interface LogProduct {
  readonly id: string;
  readonly facts: Readonly<Partial<Record<(typeof FACTS)[number], string>>>;
  readonly lines: readonly { readonly marks: number; readonly form: string }[];
  /** The best of a role first. */
  readonly columns: readonly LogColumn[];
}

/** Our field of a name in the table. */
export function logRole(name: string): Column.Role {
  const role = ROLES.get(name);
  if (role === undefined) throw new Error(`${name} is no field of a flow`);
  return role;
}

/** All products, in the order of the table. */
export function logProducts(): LogProduct[] {
  const ids = new Set(logTable().map(({ product }) => product));
  return [...ids].map((id) => {
    const said = logTable().filter(({ product }) => product === id);
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
      columns: said
        .filter(({ field }) => ROLES.has(field))
        .flatMap(({ field, theirs }) =>
          theirs.split(' ').map((each) => ({ field, role: logRole(field), theirs: each })),
        ),
    };
  });
}

/** What the bytes of its records count. */
export function byteLayerOf({ facts }: LogProduct): ByteLayer {
  return facts.layer === 'link' ? LINK_BYTES : facts.layer === 'payload' ? PAYLOAD_BYTES : IP_BYTES;
}

/** Microseconds of 1 in a duration of its records. */
export function durationUnitUs({ facts }: LogProduct): number {
  return Number(facts.unit ?? 1e6);
}

/** Who says the names that its records tell. */
export function nameKindOf({ facts }: LogProduct): NameRecord['kind'] {
  const said = facts['names-are'];
  return said === 'sni' ? 'tls-sni' : said === 'answer' ? 'dns-answer' : 'http-host';
}

/** The field of a flow row for each name in the table, as readers/FORMATS.md lists them. */
const FIELD_OF: readonly (readonly [name: string, field: FlowField])[] = [
  ['start', 'start'],
  ['day', 'start'],
  ['end', 'end'],
  ['end-day', 'end'],
  ['duration', 'end'],
  ['src', 'source'],
  ['dst', 'destination'],
  ['sport', 'sourcePort'],
  ['dport', 'destinationPort'],
  ['proto', 'protocol'],
  ['packets', 'packets'],
  ['bytes', 'bytes'],
  ['total-bytes', 'bytes'],
  ['reverse-packets', 'reversePackets'],
  ['reverse-bytes', 'reverseBytes'],
  ['flags', 'tcpFlags'],
  ['action', 'denied'],
  ['exporter', 'exporter'],
  ['name', 'name'],
];

/** What a product calls our field of this name in the table; a cell of a line has no name. */
function theirNames({ columns, lines }: LogProduct, name: string): string[] {
  const theirs = columns.filter(({ role }) => role === logRole(name)).map((column) => column.theirs);
  return lines.some(({ form }) => form.includes(`{${name}}`)) ? [...theirs, 'by its place'] : theirs;
}

function fieldsOf(product: LogProduct): FlowFieldMap {
  const { lines, facts } = product;
  const said = new Map<FlowField, Set<string>>();
  for (const [name, field] of FIELD_OF) {
    const theirs = theirNames(product, name);
    if (theirs.length > 0) said.set(field, new Set([...(said.get(field) ?? []), ...theirs]));
  }
  const isOpened = facts.opens !== undefined || lines.some(({ marks }) => (marks & Step.BY_THE_SOURCE) !== 0);
  const originator = isOpened ? 'the source' : facts.reply;
  if (originator !== undefined) said.set('originator', new Set([originator]));
  return Object.fromEntries([...said].map(([field, theirs]) => [field, [...theirs].join(', ')]));
}

/** What the format of a product says of itself, whether its logs are lines or JSON. */
export function formatFacts(
  product: LogProduct,
  records: FlowFormat['abilities']['records'],
): Pick<FlowFormat, 'id' | 'title' | 'reference' | 'fields' | 'abilities'> {
  const { id, facts } = product;
  const fields = fieldsOf(product);
  const hasSpan = fields.start !== undefined || theirNames(product, 'duration').length > 0;
  return {
    id,
    title: facts.title ?? id,
    reference: facts.reference ?? '',
    fields,
    abilities: {
      time: hasSpan ? 'flow' : 'arrival',
      tcpFlags: fields.tcpFlags === undefined ? 'no' : 'partial',
      bothDirections: fields.reverseBytes === undefined ? 'no' : 'yes',
      packets: fields.packets === undefined ? 'no' : 'counted',
      records,
    },
  };
}
