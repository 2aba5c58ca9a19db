/**
 * Limits that an operator may change with `--limit NAME=VALUE`: one table, which docs/limits.md prints. The values in force
 * hold for the whole program, as do its tables; threads are given them (batch/messages.ts).
 */
import type { Code } from './statements/index.ts';

export interface Limit {
  /** The default. */
  readonly value: number;
  /** The most that is possible: the kernel's tables have room for so many. */
  readonly most?: number;
  readonly title: string;
  readonly reached: string;
  /** What the audit says then. */
  readonly code: Code;
}

const KIB = 1024;
const MIB = 1024 * KIB;
const PARTLY_READ = 'its complete members are read, the rest is skipped';
const NOT_READ = 'not read';

const TABLE = {
  flows: {
    value: 1 << 20,
    most: 1 << 20,
    title: 'connections at once',
    reached:
      'an eighth end early: first those without an answer or closed, then the others, then those that nobody can tell, each the longest idle first; sessions last',
    code: 'limit-connections',
  },
  undecided: {
    value: 1 << 16,
    most: 1 << 20,
    title: 'connections at once that nobody can tell yet',
    reached: 'an eighth is given up, those without an answer first; coverage is lower by their bytes',
    code: 'limit-undecided',
  },
  watched: {
    value: 8192,
    most: 8192,
    title: 'connections at once that are watched for the marks of mining',
    reached:
      'further ones are not watched; those that offer the protocols of the web are not watched once half of it is reached',
    code: 'limit-opaque',
  },
  pushes: {
    value: 1 << 20,
    title: 'times of pushes of watched connections that are kept, and sizes and minutes of their shares',
    reached: 'further pushes are not compared with new blocks, and further shares not counted',
    code: 'limit-in-step',
  },
  blocks: {
    value: 1 << 17,
    title: 'new blocks that jobs tell of',
    reached: 'sessions are not compared with further ones',
    code: 'limit-in-step',
  },
  paired: {
    value: 1024,
    title: 'unreadable sessions that are compared with each other, those with the most pushes',
    reached: 'further ones are compared with known blocks alone',
    code: 'limit-in-step',
  },
  greetings: {
    value: 32 * MIB,
    title: 'bytes of TLS greetings that are kept',
    reached: 'further ones are not kept',
    code: 'limit-opaque',
  },
  state: {
    value: 1024 * MIB,
    title: 'bytes of a state (--state), unpacked',
    reached: 'connections that nobody can tell yet are given up; if that is not enough, no state is written',
    code: 'limit-undecided',
  },
  reorder: {
    value: 256 * KIB,
    title: 'bytes of a connection that wait for missing ones',
    reached: 'the missing bytes are a gap',
    code: 'not-captured',
  },
  waiting: {
    value: 8 * MIB,
    title: 'bytes of all connections that wait for missing ones, and 256 for each segment',
    reached: 'the missing bytes of those that have waited longest are gaps',
    code: 'not-captured',
  },
  sessions: {
    value: 1_000_000,
    title: 'sessions',
    reached: 'further ones are not kept; their connections count as not looked at',
    code: 'limit-sessions',
  },
  json: {
    value: 256 * KIB,
    title: 'bytes of a JSON object on a plain stream, which may be of any depth',
    reached: PARTLY_READ,
    code: 'limit-messages',
  },
  'http-body': {
    value: 256 * KIB,
    title: 'bytes of an HTTP body',
    reached: PARTLY_READ,
    code: 'limit-messages',
  },
  'http-unpacked': {
    value: MIB,
    title: 'bytes that an HTTP body unpacks to',
    reached: NOT_READ,
    code: 'limit-messages',
  },
  websocket: {
    value: 256 * KIB,
    title: 'bytes of a WebSocket message',
    reached: PARTLY_READ,
    code: 'limit-messages',
  },
  'websocket-unpacked': {
    value: 256 * KIB,
    title: 'bytes that a WebSocket message unpacks to',
    reached: NOT_READ,
    code: 'limit-messages',
  },
  names: {
    value: 100_000,
    title: 'addresses of pools that names are known of',
    reached: 'further ones are not kept',
    code: 'limit-names',
  },
  contacts: {
    value: 200_000,
    title: 'contacts of hosts with endpoints',
    reached: 'further ones are not kept',
    code: 'limit-contacts',
  },
  evidence: {
    value: 64,
    title: 'rows of evidence of a host',
    reached: 'later ones are left out',
    code: 'limit-evidence',
  },
  line: {
    value: 64 * KIB,
    most: MIB,
    title: 'bytes of a header or comment of a text log',
    reached: 'the rest of the line is not read',
    code: 'damage-long-line',
  },
  templates: {
    value: 4096,
    title: 'templates of an exporter',
    reached: 'further ones are not kept, and their records not read',
    code: 'damage-table-full',
  },
  'unpack-free': {
    value: 32 * MIB,
    title: 'bytes that any compressed input may unpack to',
    reached: 'what was unpacked is judged, the rest is not read',
    code: 'damage-compression-limit',
  },
  'unpack-ratio': {
    value: 250,
    title: 'further bytes for each stored byte; logs and captures reach 10 to 100',
    reached: 'likewise',
    code: 'damage-compression-limit',
  },
  'unpack-total': {
    value: 1024 * 1024 * MIB,
    title: 'bytes that a compressed input may unpack to at all, and so a bound on the time that it takes',
    reached: 'likewise',
    code: 'damage-compression-limit',
  },
} as const satisfies Readonly<Record<string, Limit>>;

export type LimitName = keyof typeof TABLE;
export const LIMITS: Readonly<Record<LimitName, Limit>> = TABLE;
export const LIMIT_NAMES = Object.keys(TABLE).filter(isLimitName);

/** The values in force. */
export const limits: Record<LimitName, number> = defaults();

export function isLimitName(name: string): name is LimitName {
  return Object.hasOwn(TABLE, name);
}

/** Puts the defaults in force, but for what was given. */
export function setLimits(given: Partial<Record<LimitName, number>>): void {
  Object.assign(limits, defaults(), given);
}

function defaults(): Record<LimitName, number> {
  const values: Partial<Record<LimitName, number>> = {};
  for (const name of LIMIT_NAMES) values[name] = LIMITS[name].value;
  return values as Record<LimitName, number>;
}
