/**
 * JSON that holds flows in another form than an object with usual names: nProbe without `--json-labels`, whose keys are
 * field numbers; vflow, whose objects hold a list of records with numbered fields each (`DataSets`); and CloudWatch Logs,
 * whose objects hold lines of AWS VPC Flow Logs (`logEvents`, AWS user guide "Subscription filters").
 */
import { isObject } from '../../json.ts';
import { elements } from '../../schema/elements.ts';
import { VERSION_2 } from '../tables/aws-vpc.ts';

/** Elements of IPFIX that are read. */
const READ = [1, 2, 4, 6, 7, 8, 11, 12, 27, 28, 34, 150, 151, 152, 153, 154, 155];
/** Fields of NetFlow v9 and IPFIX (IANA) by the names under which they are understood. */
const FIELDS: ReadonlyMap<number, string> = new Map([
  ...elements().flatMap(({ number, name }) => (READ.includes(number) ? [[number, name] as const] : [])),
  // What nProbe means by these.
  [21, 'LAST_SWITCHED'],
  [22, 'FIRST_SWITCHED'],
  [23, 'OUT_BYTES'],
  [24, 'OUT_PKTS'],
  [130, 'EXPORTER_IPV4_ADDRESS'],
]);
/** Times since the boot of the exporter, ms. */
const SINCE_BOOT: ReadonlyMap<number, string> = new Map([
  [22, 'flowStartMilliseconds'],
  [21, 'flowEndMilliseconds'],
]);
const MOST_LINES = 100_000;

type JsonObject = Readonly<Record<string, unknown>>;

/** True for the paths of keys of an object that holds flows in one of these forms. */
export function isFolded(paths: readonly string[]): boolean {
  const has = (path: string): boolean => paths.includes(path);
  return (has('AgentID') && has('DataSets')) || (has('messageType') && has('logEvents')) || isNumbered(paths);
}

function isNumbered(keys: readonly string[]): boolean {
  return ['8', '12'].every((key) => keys.includes(key)) || ['27', '28'].every((key) => keys.includes(key));
}

/** The flows in an object, each with usual names; null if it is a flow itself. `layout`: the columns of lines of AWS. */
export function unfolded(value: object, layout: string | undefined): readonly JsonObject[] | null {
  if (!isObject(value)) return null;
  if (Array.isArray(value.DataSets)) return dataSets(value, value.DataSets);
  if (value.messageType === 'CONTROL_MESSAGE') return [];
  if (Array.isArray(value.logEvents)) return logEvents(value.logEvents, layout ?? VERSION_2);
  return isNumbered(Object.keys(value)) ? [named(Object.entries(value), FIELDS)] : null;
}

function named(
  fields: Iterable<readonly [unknown, unknown]>,
  names: ReadonlyMap<number, string>,
): JsonObject {
  const flow: Record<string, unknown> = {};
  for (const [key, value] of fields) {
    const name = names.get(Number(key));
    if (name !== undefined) flow[name] = value;
  }
  return flow;
}

/** Each data set is a list of fields: `{"I":8,"V":"10.0.0.1"}`, in older versions `{"ID":8,"Value":"10.0.0.1"}`. */
function dataSets({ AgentID: exporter, Header: head }: JsonObject, sets: readonly unknown[]): JsonObject[] {
  const { SysUpTime: upMs, UNIXSecs: seconds } = isObject(head) ? head : {};
  const bootMs = typeof upMs === 'number' && typeof seconds === 'number' ? seconds * 1000 - upMs : null;
  return sets.map((set) => {
    const fields = (Array.isArray(set) ? set : []).filter(isObject);
    const pairs = fields.map(
      ({ I: id, V: value, ID: oldId, Value: oldValue }) => [id ?? oldId, value ?? oldValue] as const,
    );
    const flow = named(pairs, FIELDS);
    const times = named(pairs, SINCE_BOOT);
    // Without the boot time they are not times at all.
    const { FIRST_SWITCHED: _, LAST_SWITCHED: __, ...rest } = flow;
    const dated = Object.entries(times).map(([name, ms]) => [
      name,
      bootMs === null ? null : bootMs + Number(ms),
    ]);
    return { ...rest, ...Object.fromEntries(dated), exporter };
  });
}

/** Lines of VPC Flow Logs. */
function logEvents(events: readonly unknown[], layout: string): JsonObject[] {
  const names = layout.split(' ');
  return events
    .slice(0, MOST_LINES)
    .filter(isObject)
    .map(({ message }) => {
      const cells = typeof message === 'string' ? message.trim().split(/\s+/) : [];
      // A line of another layout is no flow, and is counted as such.
      return cells.length === names.length
        ? Object.fromEntries(names.map((name, i) => [name, cells[i]]))
        : {};
    });
}
