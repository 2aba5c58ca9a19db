/**
 * A NetFlow v9 or IPFIX template (RFC 3954 section 5.2, RFC 7011 section 3.4) as two rows of numbers: what to do with
 * each field of a record, and how long it is. Fields that say nothing of use are passed over, neighbours at once.
 */

// What to do with a field. Names are those of IANA's registry of information elements.
export const SKIP = 0;
export const OCTETS = 1;
export const PACKETS = 2;
export const TOTAL_OCTETS = 3;
export const TOTAL_PACKETS = 4;
export const REVERSE_OCTETS = 5;
export const REVERSE_PACKETS = 6;
export const REVERSE_TOTAL_OCTETS = 7;
export const REVERSE_TOTAL_PACKETS = 8;
export const PROTOCOL = 9;
export const TCP_FLAGS = 10;
export const REVERSE_TCP_FLAGS = 11;
export const SOURCE_PORT = 12;
export const DESTINATION_PORT = 13;
export const SOURCE_IPV4 = 14;
export const DESTINATION_IPV4 = 15;
export const SOURCE_IPV6 = 16;
export const DESTINATION_IPV6 = 17;
export const IP_VERSION = 18;
export const START_UPTIME = 19;
export const END_UPTIME = 20;
export const START_SECONDS = 21;
export const END_SECONDS = 22;
export const START_MILLISECONDS = 23;
export const END_MILLISECONDS = 24;
export const START_NTP_MICRO = 25;
export const END_NTP_MICRO = 26;
export const START_NTP_NANO = 27;
export const END_NTP_NANO = 28;
export const START_DELTA = 29;
export const END_DELTA = 30;
export const BOOT_MILLISECONDS = 31;
export const DURATION_MILLISECONDS = 32;
export const DURATION_MICROSECONDS = 33;
export const OBSERVED_MILLISECONDS = 34;
export const DIRECTION = 35;
export const FORWARDING = 36;
export const BIFLOW_DIRECTION = 37;
export const FIREWALL_EVENT = 38;
export const SAMPLING_INTERVAL = 39;
export const RANDOM_INTERVAL = 40;
export const SAMPLER_ID = 41;
export const PACKET_INTERVAL = 42;
export const PACKET_SPACE = 43;
export const SAMPLING_SIZE = 44;
export const SAMPLING_POPULATION = 45;
export const SAMPLING_PROBABILITY = 46;
export const INGRESS = 47;
export const SCOPE_INTERFACE = 48;
export const OUTER_TAG = 49;
export const INNER_TAG = 50;
export const OUT_OCTETS = 51;
export const OUT_PACKETS = 52;
export const FRAME = 53;
export const IP_PACKET = 54;
export const FRAME_SIZE = 55;
export const FRAME_TYPE = 56;
export const OBSERVED_SECONDS = 57;
export const OBSERVED_NTP_MICRO = 58;
export const OBSERVED_NTP_NANO = 59;

const ACTIONS = new Uint8Array(512);
for (const [action, ids] of [
  [OCTETS, [1, 231]],
  [PACKETS, [2, 298]],
  [TOTAL_OCTETS, [85]],
  [TOTAL_PACKETS, [86]],
  [REVERSE_OCTETS, [232]],
  [REVERSE_PACKETS, [299]],
  [PROTOCOL, [4]],
  [TCP_FLAGS, [6]],
  [SOURCE_PORT, [7, 180, 182]],
  [DESTINATION_PORT, [11, 181, 183]],
  [SOURCE_IPV4, [8]],
  [DESTINATION_IPV4, [12]],
  [SOURCE_IPV6, [27]],
  [DESTINATION_IPV6, [28]],
  [IP_VERSION, [60]],
  [END_UPTIME, [21]],
  [START_UPTIME, [22]],
  [START_SECONDS, [150]],
  [END_SECONDS, [151]],
  [START_MILLISECONDS, [152]],
  [END_MILLISECONDS, [153]],
  [START_NTP_MICRO, [154]],
  [END_NTP_MICRO, [155]],
  [START_NTP_NANO, [156]],
  [END_NTP_NANO, [157]],
  [START_DELTA, [158]],
  [END_DELTA, [159]],
  [BOOT_MILLISECONDS, [160]],
  [DURATION_MILLISECONDS, [161]],
  [DURATION_MICROSECONDS, [162]],
  [OBSERVED_SECONDS, [322]],
  [OBSERVED_MILLISECONDS, [323]],
  [OBSERVED_NTP_MICRO, [324]],
  [OBSERVED_NTP_NANO, [325]],
  [DIRECTION, [61]],
  [FORWARDING, [89]],
  [BIFLOW_DIRECTION, [239]],
  [FIREWALL_EVENT, [233]],
  [SAMPLING_INTERVAL, [34]],
  [RANDOM_INTERVAL, [50]],
  [SAMPLER_ID, [48, 302]],
  [PACKET_INTERVAL, [305]],
  [PACKET_SPACE, [306]],
  [SAMPLING_SIZE, [309]],
  [SAMPLING_POPULATION, [310]],
  [SAMPLING_PROBABILITY, [311]],
  [INGRESS, [10]],
  [FRAME, [104, 315]], // layer2packetSectionData, dataLinkFrameSection
  [IP_PACKET, [313]],
  [FRAME_SIZE, [103, 312]],
  [FRAME_TYPE, [408]],
] as const) {
  for (const id of ids) ACTIONS[id] = action;
}
const OBSERVED = [OBSERVED_SECONDS, OBSERVED_MILLISECONDS, OBSERVED_NTP_MICRO, OBSERVED_NTP_NANO];
/** Used only if the template has no better counter: what leaves the router, after drops and rewriting. */
const POST_OCTETS = 23;
const POST_PACKETS = 24;
/** Octets with the link header (RFC 7133): used if no field counts those of IP. */
const LAYER2_OCTETS = 352;
const LAYER2_TOTAL_OCTETS = 353;

/** Cisco ASA's NF_F_FW_EVENT, of NetFlow v9. */
const ASA_EVENT = 40005;

/** RFC 5103: the same elements the other way round have this enterprise number. */
const REVERSE_ENTERPRISE = 29305;
const REVERSE_ACTIONS: Readonly<Record<number, number>> = {
  1: REVERSE_OCTETS,
  2: REVERSE_PACKETS,
  6: REVERSE_TCP_FLAGS,
  85: REVERSE_TOTAL_OCTETS,
  86: REVERSE_TOTAL_PACKETS,
};

/** A field's length if each record says it itself. */
export const VARIABLE = 65535;
/** No exporter sends so many. */
export const MOST_FIELDS = 512;

/** A field as a template lists it. */
export interface FieldSpecifier {
  readonly id: number;
  readonly length: number;
  /** 0: IANA's own numbers. */
  readonly enterprise: number;
}

/** Id for an interface as scope of a v9 options template, which numbers scopes apart; in IPFIX they are elements. */
export const V9_SCOPE_INTERFACE = -2;

export interface Template {
  readonly id: number;
  /** One a field or run of fields passed over. */
  readonly actions: Uint8Array;
  /** Bytes, or VARIABLE. */
  readonly lengths: Uint32Array;
  /** Bytes of the shortest record; of every record if none of the fields is variable. */
  readonly leastBytes: number;
  readonly isOptions: boolean;
  /** True if both directions stand in one record because the exporter follows connections. */
  readonly isInitiatorFirst: boolean;
  readonly hasReverse: boolean;
  readonly hasTotals: boolean;
  /** True if a record says when its flow was. */
  readonly hasTimes: boolean;
  /** True if counters of what goes out stand beside those of what comes in. */
  readonly countsOut: boolean;
  /** True if octets are those of frames, link header included. */
  readonly countsFrames: boolean;
}

/** The template of these fields (`scopes` of them scope), or null if it describes no record. */
export function compileTemplate(
  id: number,
  fields: readonly FieldSpecifier[],
  isOptions: boolean,
): Template | null {
  const has = (element: number): boolean =>
    fields.some((field) => field.enterprise === 0 && field.id === element);
  const countsFrames =
    (has(LAYER2_OCTETS) || has(LAYER2_TOTAL_OCTETS)) && ![1, 85, 231, POST_OCTETS].some(has);
  const countsOut =
    [1, 2, POST_OCTETS, POST_PACKETS].every(has) &&
    ![231, 232, 298, 299].some(has) &&
    !fields.some(({ enterprise }) => enterprise === REVERSE_ENTERPRISE);
  const actions: number[] = [];
  const lengths: number[] = [];
  let leastBytes = 0;
  for (const field of fields) {
    const wanted =
      (countsOut ? outActionOf(field) : null) ??
      (countsFrames ? frameActionOf(field, has) : null) ??
      actionOf(field, has);
    const action = readable(wanted, field.length);
    leastBytes += field.length === VARIABLE ? 1 : field.length;
    const before = actions.length - 1;
    if (
      action === SKIP &&
      field.length !== VARIABLE &&
      actions[before] === SKIP &&
      lengths[before] !== VARIABLE
    ) {
      lengths[before] += field.length;
    } else {
      actions.push(action);
      lengths.push(field.length);
    }
  }
  if (leastBytes === 0) return null;
  const some = (...wanted: number[]): boolean => wanted.some((action) => actions.includes(action));
  return {
    id,
    actions: Uint8Array.from(actions),
    lengths: Uint32Array.from(lengths),
    leastBytes,
    isOptions,
    isInitiatorFirst: has(231) || has(298),
    hasReverse: some(REVERSE_OCTETS, REVERSE_PACKETS, REVERSE_TOTAL_OCTETS, REVERSE_TOTAL_PACKETS),
    countsOut,
    countsFrames,
    hasTimes: actions.some(
      (action) => (action >= START_UPTIME && action <= END_DELTA) || OBSERVED.includes(action),
    ),
    hasTotals: some(TOTAL_OCTETS, TOTAL_PACKETS, REVERSE_TOTAL_OCTETS, REVERSE_TOTAL_PACKETS),
  };
}

/** What to do with a field of what goes out; null of any other. */
function outActionOf({ id, enterprise }: FieldSpecifier): number | null {
  if (enterprise !== 0) return null;
  return id === POST_OCTETS ? OUT_OCTETS : id === POST_PACKETS ? OUT_PACKETS : null;
}

/** What to do with a field that concerns frames; null of any other. */
function frameActionOf(field: FieldSpecifier, has: (element: number) => boolean): number | null {
  const isReverse = field.enterprise === REVERSE_ENTERPRISE;
  if (field.enterprise !== 0 && !isReverse) return null;
  switch (field.id) {
    case LAYER2_OCTETS:
      return isReverse ? REVERSE_OCTETS : OCTETS;
    case LAYER2_TOTAL_OCTETS:
      if (has(LAYER2_OCTETS)) return SKIP;
      return isReverse ? REVERSE_TOTAL_OCTETS : TOTAL_OCTETS;
    case 58: // vlanId
    case 243: // dot1qVlanId
      return isReverse ? null : OUTER_TAG;
    case 245: // dot1qCustomerVlanId
      return isReverse ? null : INNER_TAG;
    default:
      return null;
  }
}

function actionOf(field: FieldSpecifier, has: (element: number) => boolean): number {
  if (field.id === V9_SCOPE_INTERFACE) return SCOPE_INTERFACE;
  if (field.enterprise === REVERSE_ENTERPRISE) {
    const action = REVERSE_ACTIONS[field.id] ?? SKIP;
    if (action === REVERSE_TOTAL_OCTETS || action === REVERSE_TOTAL_PACKETS)
      return has(1) || has(2) ? SKIP : action;
    return action;
  }
  if (field.enterprise !== 0) return SKIP;
  switch (field.id) {
    case 85: // totals beside increments say nothing new
      return has(1) ? SKIP : TOTAL_OCTETS;
    case 86:
      return has(2) ? SKIP : TOTAL_PACKETS;
    case 231:
      return has(1) || has(85) ? SKIP : OCTETS;
    case 298:
      return has(2) || has(86) ? SKIP : PACKETS;
    case POST_OCTETS:
      return has(1) || has(85) || has(231) ? SKIP : OCTETS;
    case POST_PACKETS:
      return has(2) || has(86) || has(298) ? SKIP : PACKETS;
    case ASA_EVENT: // before firewallEvent had a number
      return has(233) ? SKIP : FIREWALL_EVENT;
    default:
      return ACTIONS[field.id] ?? SKIP;
  }
}

/** The action, or SKIP where the field has a length that it cannot have. */
function readable(action: number, length: number): number {
  switch (action) {
    case SKIP:
      return SKIP;
    case SOURCE_IPV4:
    case DESTINATION_IPV4:
      return length === 4 ? action : SKIP;
    case SOURCE_IPV6:
    case DESTINATION_IPV6:
      return length === 16 ? action : SKIP;
    case FRAME:
    case IP_PACKET:
      return action;
    case START_NTP_MICRO:
    case END_NTP_MICRO:
    case START_NTP_NANO:
    case END_NTP_NANO:
    case OBSERVED_NTP_MICRO:
    case OBSERVED_NTP_NANO:
      return length === 8 ? action : SKIP;
    case SAMPLING_PROBABILITY:
      return length === 4 || length === 8 ? action : SKIP;
    default:
      // Any integer may be sent in fewer bytes (RFC 7011, section 6.2); of variable ones the record decides.
      return (length >= 1 && length <= 8) || length === VARIABLE ? action : SKIP;
  }
}
