/**
 * A NetFlow v9 or IPFIX template (RFC 3954 section 5.2, RFC 7011 section 3.4) as the kernel goes by it: what to do with each
 * field of a record, and how long it is. Fields that say nothing of use are passed over, neighbours at once.
 */
import {
  BIFLOW_DIRECTION,
  BOOT_MILLISECONDS,
  COUNTS_FRAMES,
  COUNTS_OUT,
  DESTINATION_IPV4,
  DESTINATION_IPV6,
  DESTINATION_PORT,
  DIRECTION,
  DURATION_MICROSECONDS,
  DURATION_MILLISECONDS,
  END_DELTA,
  END_MILLISECONDS,
  END_NTP_MICRO,
  END_NTP_NANO,
  END_SECONDS,
  END_UPTIME,
  FIREWALL_EVENT,
  FORWARDING,
  FRAME,
  FRAME_SIZE,
  FRAME_TYPE,
  HAS_REVERSE,
  HAS_TIMES,
  HAS_TOTALS,
  INGRESS,
  INNER_TAG,
  IP_PACKET,
  IP_VERSION,
  IS_INITIATOR_FIRST,
  OBSERVED_MILLISECONDS,
  OBSERVED_NTP_MICRO,
  OBSERVED_NTP_NANO,
  OBSERVED_SECONDS,
  OCTETS,
  OUT_OCTETS,
  OUT_PACKETS,
  OUTER_TAG,
  PACKET_INTERVAL,
  PACKET_SPACE,
  PACKETS,
  PROTOCOL,
  RANDOM_INTERVAL,
  REVERSE_OCTETS,
  REVERSE_PACKETS,
  REVERSE_TCP_FLAGS,
  REVERSE_TOTAL_OCTETS,
  REVERSE_TOTAL_PACKETS,
  SAMPLER_ID,
  SAMPLING_INTERVAL,
  SAMPLING_POPULATION,
  SAMPLING_PROBABILITY,
  SAMPLING_SIZE,
  SCOPE_INTERFACE,
  SKIP,
  SOURCE_IPV4,
  SOURCE_IPV6,
  SOURCE_PORT,
  START_DELTA,
  START_MILLISECONDS,
  START_NTP_MICRO,
  START_NTP_NANO,
  START_SECONDS,
  START_UPTIME,
  TCP_FLAGS,
  TOTAL_OCTETS,
  TOTAL_PACKETS,
  VARIABLE,
} from '../../kernel/records/template-fields.ts';

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
const OBSERVED: readonly number[] = [
  OBSERVED_SECONDS,
  OBSERVED_MILLISECONDS,
  OBSERVED_NTP_MICRO,
  OBSERVED_NTP_NANO,
];
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
  /** What to do with each field or run of fields passed over, and its bytes. */
  readonly plan: Int32Array;
  /** Bytes of the shortest record; of every record if none of the fields is variable. */
  readonly leastBytes: number;
  readonly isOptions: boolean;
  /** What holds for all records (kernel/records/template-fields.ts). */
  readonly marks: number;
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
  const marks =
    (has(231) || has(298) ? IS_INITIATOR_FIRST : 0) |
    (some(REVERSE_OCTETS, REVERSE_PACKETS, REVERSE_TOTAL_OCTETS, REVERSE_TOTAL_PACKETS) ? HAS_REVERSE : 0) |
    (some(TOTAL_OCTETS, TOTAL_PACKETS, REVERSE_TOTAL_OCTETS, REVERSE_TOTAL_PACKETS) ? HAS_TOTALS : 0) |
    (actions.some(isTime) ? HAS_TIMES : 0) |
    (countsOut ? COUNTS_OUT : 0) |
    (countsFrames ? COUNTS_FRAMES : 0);
  const plan = Int32Array.from(actions.flatMap((action, i) => [action, lengths[i]]));
  return { id, plan, leastBytes, isOptions, marks };
}

/** True of a field by which a record says when its flow was. */
function isTime(action: number): boolean {
  return (action >= START_UPTIME && action <= END_DELTA) || OBSERVED.includes(action);
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
