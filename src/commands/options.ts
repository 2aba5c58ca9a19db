/**
 * Every option, once: its name is the flag, the key in minesweep.json and, in capitals, the MINESWEEP_ variable.
 * Values arrive as words from whichever place spoke and are parsed here, with errors that name the place.
 */

import { isIP } from 'node:net';
import { ALERT_FORMATS } from '../alerts/index.ts';
import { parseSendTarget } from '../alerts/send-target.ts';
import { VERDICTS, type Verdict } from '../audit/audit.ts';
import { CHANGE_KINDS, type ChangeKind } from '../audit/diff.ts';
import {
  PUBLISHED_NAMES,
  type PublishedAudit,
  parsePowerPerAddress,
  publishedAuditOf,
} from '../energy/published.ts';
import { PUE_SETTINGS, type Pue, parsePue } from '../energy/pue.ts';
import { fail } from '../errors.ts';
import { isLimitName, LIMIT_NAMES, LIMITS, type LimitName } from '../limits.ts';
import { POOL_KINDS, type PoolKind } from '../pools/entry.ts';
import { PSEUDONYM_KINDS } from '../pseudonyms/kinds.ts';
import { parseColumnMap } from '../readers/tables/column-map.ts';
import { Zone } from '../readers/tables/zone.ts';
import { HOST_COLUMNS } from '../report/host-columns.ts';
import { FORMATS } from '../report/index.ts';
import { SORT_KEYS, type SortKey } from '../report/selection.ts';
import { LANGUAGES, type Language } from '../statements/languages.ts';
import type { PeriodLength } from '../watch/period.ts';

export interface Option<T> {
  /** Without dashes. */
  readonly name: string;
  readonly short?: string;
  /** What follows the flag; null for a switch. */
  readonly argument: string | null;
  /** True if it may be given more than once. */
  readonly repeats: boolean;
  readonly group: 'Input' | 'Detection' | 'Owners and power' | 'Output' | 'Messages';
  readonly description: string;
  /** True if it names what the program writes. */
  readonly isOutput?: true;
  /** The value of the words; none if the option was not given. Throws USAGE, `where` being who spoke. */
  parse(words: readonly string[], where: string): T;
}

function one<T>(parse: (word: string, where: string) => T, absent: T): Option<T>['parse'] {
  return (words, where) => {
    const word = words[words.length - 1];
    return word === undefined ? absent : parse(word, where);
  };
}

const asIs = (word: string): string => word;

/** A switch: present, or a word for yes or no. */
const asSwitch = one((word, where) => {
  const value = word.toLowerCase();
  if (['', 'true', '1', 'yes', 'on'].includes(value)) return true;
  if (['false', '0', 'no', 'off'].includes(value)) return false;
  return fail('USAGE', `'${word}' is neither true nor false`, { where, hint: 'Write true or false.' });
}, false);

function oneOf<T extends string>(values: readonly T[], noun: string): (word: string, where: string) => T {
  return (word, where) =>
    values.find((value) => value === word) ??
    fail('USAGE', `'${word}' is not a ${noun}`, { where, hint: `One of: ${values.join(', ')}.` });
}

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const CONFIG: Option<string | null> = {
  name: 'config',
  argument: 'FILE',
  repeats: false,
  group: 'Input',
  description:
    'read settings from this file, whoever owns it (default: minesweep.json in the working directory)',
  parse: one(asIs, null),
};
export const FORMAT: Option<string | null> = {
  name: 'format',
  short: 'f',
  argument: 'FORMAT',
  repeats: false,
  group: 'Output',
  description: `${FORMATS.map((format) => format.id).join(', ')} (default: table on a terminal, else json)`,
  parse: one(
    oneOf(
      FORMATS.map((format) => format.id),
      'report format',
    ),
    null,
  ),
};
export const OUT: Option<string | null> = {
  name: 'out',
  short: 'o',
  argument: 'DIR',
  repeats: false,
  group: 'Output',
  isOutput: true,
  description: 'also write audit.json, report.html and hosts, sessions, pools and totals as CSV there',
  parse: one(asIs, null),
};
export const OUT_MODE: Option<number> = {
  name: 'out-mode',
  argument: 'MODE',
  repeats: false,
  group: 'Output',
  description: 'permissions of the files of --out, in octal (default: 600, only the owner can read them)',
  parse: one(parseMode, 0o600),
};
export const POOLS_OUT: Option<string | null> = {
  name: 'out',
  short: 'o',
  argument: 'FILE',
  repeats: false,
  group: 'Output',
  isOutput: true,
  description: 'for import and resolve: the file to write, a list for --pools',
  parse: one(asIs, null),
};
export const EXTRACT: Option<string | null> = {
  name: 'extract',
  short: 'x',
  argument: 'FILE',
  repeats: false,
  group: 'Output',
  isOutput: true,
  description:
    "also write the packets of the host's sessions to this file, from the captures that were scanned",
  parse: one(asIs, null),
};
export const BUNDLE: Option<string | null> = {
  name: 'bundle',
  argument: 'FILE.zip',
  repeats: false,
  group: 'Output',
  description: 'also write a case file: page, explanation, packets, what to look for at the machine, hashes',
  parse: one(asIs, null),
};
export const LETTER: Option<boolean> = {
  name: 'letter',
  argument: null,
  repeats: false,
  group: 'Output',
  description:
    "print letters to the abuse contacts of pools instead, one for each account of the host; the pool's address is for you to look up",
  parse: asSwitch,
};
export const CAPTURES: Option<string | null> = {
  name: 'captures',
  argument: 'DIR',
  repeats: false,
  group: 'Input',
  description:
    'where the captures of the audit are now, for --extract and --bundle (default: where they were)',
  parse: one(asIs, null),
};
export const WITH_SECRETS: Option<boolean> = {
  name: 'with-secrets',
  argument: null,
  repeats: false,
  group: 'Output',
  description: 'keep passwords in the packets of --extract (default: known ones are overwritten)',
  parse: asSwitch,
};
export const TZ: Option<string> = {
  name: 'tz',
  argument: 'ZONE',
  repeats: false,
  group: 'Output',
  description: 'time zone of table, markdown and html, as in Asia/Shanghai (default: UTC)',
  parse: one(parseZone, 'UTC'),
};
export const LANG: Option<Language> = {
  name: 'lang',
  argument: 'LANGUAGE',
  repeats: false,
  group: 'Output',
  description: `language of table, markdown and html: ${LANGUAGES.join(', ')} (default: en)`,
  parse: one<Language>(oneOf(LANGUAGES, 'language'), 'en'),
};
export const NO_COLOR: Option<boolean> = {
  name: 'no-color',
  argument: null,
  repeats: false,
  group: 'Output',
  description: 'no colours in the table',
  parse: asSwitch,
};
export const FAIL_ON: Option<Verdict | null> = {
  name: 'fail-on',
  argument: 'VERDICT',
  repeats: false,
  group: 'Output',
  description: `exit with 3 if a host has this verdict or a stronger one: ${VERDICTS.join(', ')}`,
  parse: one<Verdict | null>(oneOf(VERDICTS, 'verdict'), null),
};
export const LEAST_VERDICT: Option<Verdict> = {
  name: 'least',
  argument: 'VERDICT',
  repeats: false,
  group: 'Detection',
  description: 'ignore hosts with a weaker verdict (default: suspected)',
  parse: one<Verdict>(oneOf(VERDICTS, 'verdict'), 'suspected'),
};
export const HASHRATE_CHANGE: Option<number> = {
  name: 'hashrate-change',
  argument: 'PERCENT',
  repeats: false,
  group: 'Detection',
  description:
    'report a hashrate that changed by more than this, if the intervals do not overlap (default: 50)',
  parse: one(parsePercentAbove, 0.5),
};
export const TRAFFIC_CHANGE: Option<number> = {
  name: 'traffic-change',
  argument: 'PERCENT',
  repeats: false,
  group: 'Detection',
  description: 'report mean traffic that changed by more than this (default: 100)',
  parse: one(parsePercentAbove, 1),
};
export const FAIL_ON_CHANGE: Option<readonly ChangeKind[]> = {
  name: 'fail-on-change',
  argument: 'KINDS',
  repeats: true,
  group: 'Output',
  description: `exit with 3 also on these changes: ${CHANGE_KINDS.join(', ')}`,
  parse: (words, where) =>
    words
      .flatMap((word) => word.split(','))
      .map((word) => oneOf(CHANGE_KINDS, 'kind of change')(word.trim(), where)),
};
export const STRICT: Option<boolean> = {
  name: 'strict',
  argument: null,
  repeats: false,
  group: 'Output',
  description: 'exit with 1, not 4, if some input was damaged',
  parse: asSwitch,
};
export const STORE_PASSWORD_FILE: Option<string | null> = {
  name: 'store-password-file',
  argument: 'FILE',
  repeats: false,
  group: 'Input',
  description: 'file with the password of a store (clickhouse://…); or set MINESWEEP_STORE_PASSWORD',
  parse: one(asIs, null),
};
export const INSTANCE_ROLE: Option<boolean> = {
  name: 'instance-role',
  argument: null,
  repeats: false,
  group: 'Input',
  description:
    'for objects (s3://…): ask the metadata service of this machine for credentials if environment and profile have none',
  parse: asSwitch,
};
export const EXPLAIN_SQL: Option<boolean> = {
  name: 'explain-sql',
  argument: null,
  repeats: false,
  group: 'Input',
  description: 'print the SQL queries for a store, and send nothing',
  parse: asSwitch,
};
export const INPUT_FORMAT: Option<string | null> = {
  name: 'input-format',
  argument: 'FORMAT',
  repeats: false,
  group: 'Input',
  description: 'format of every input (default: found from the content)',
  parse: one(asIs, null),
};
export const JOBS: Option<number | null> = {
  name: 'jobs',
  argument: 'N',
  repeats: false,
  group: 'Input',
  description: 'most threads to use (default: one per core); the audit is the same for any number',
  parse: one((word, where) => {
    if (/^[1-9]\d{0,3}$/.test(word)) return Number(word);
    return fail('USAGE', `'${word}' is not a number of threads`, {
      where,
      hint: 'Write 1, 2, 4, for example.',
    });
  }, null),
};
export const SINCE: Option<number | null> = {
  name: 'since',
  argument: 'TIME',
  repeats: false,
  group: 'Input',
  description:
    'only from this time on, for example 2026-03-02T08:00:00Z (UTC if no offset is given), or yesterday, today 08:00 (of this machine); flow records that cross it count',
  parse: one(parseTimeUs, null),
};
export const UNTIL: Option<number | null> = {
  name: 'until',
  argument: 'TIME',
  repeats: false,
  group: 'Input',
  description: 'only before this time (flow records that cross it count)',
  parse: one(parseTimeUs, null),
};
export const HASH: Option<boolean> = {
  name: 'hash',
  argument: null,
  repeats: false,
  group: 'Input',
  description: "write each input's SHA-256 into the audit (with --out: always)",
  parse: asSwitch,
};
export const LOCAL: Option<readonly string[]> = {
  name: 'local',
  argument: 'CIDR',
  repeats: true,
  group: 'Detection',
  description: 'own network; may be repeated, or several separated by commas',
  parse: networkWords,
};
export const TRUST_TUNNEL: Option<readonly string[]> = {
  name: 'trust-tunnel',
  argument: 'NETWORK',
  repeats: true,
  group: 'Detection',
  description:
    'believe tunnels (VXLAN, GRE, ERSPAN, …) whose packets come from here; of others only those between own networks count, if they carry both directions; may be repeated',
  parse: networkWords,
};
export const TRUST_EXPORTER: Option<readonly string[]> = {
  name: 'trust-exporter',
  argument: 'NETWORK',
  repeats: true,
  group: 'Detection',
  description:
    'believe NetFlow, IPFIX and sFlow in captures that come from here, as well as from own networks; may be repeated',
  parse: networkWords,
};
export const POOLS: Option<readonly string[]> = {
  name: 'pools',
  argument: 'FILE',
  repeats: true,
  group: 'Detection',
  description: 'further pool endpoints; may be repeated',
  parse: (words) => words,
};
export const POOLS_AGE: Option<number> = {
  name: 'pools-age',
  argument: 'DAYS',
  repeats: false,
  group: 'Detection',
  description:
    "how many days an address from 'pools resolve' proves its pool; an older file causes a warning (default: 7)",
  parse: one((word, where) => {
    const days = Number(word.replace(/\s*d$/, ''));
    if (word.trim() !== '' && days > 0 && days <= 36_500) return days;
    return fail('USAGE', `'${word}' is not a number of days`, { where, hint: 'Write 7, for example.' });
  }, 7),
};
export const SERVER: Option<string | null> = {
  name: 'server',
  argument: 'IP',
  repeats: false,
  group: 'Input',
  description: "resolver to ask, with or without a port (default: the system's)",
  parse: one((word, where) => {
    const bare = /^\[(.+)\](?::\d{1,5})?$/.exec(word)?.[1] ?? word.replace(/^([\d.]+):\d{1,5}$/, '$1');
    if (isIP(bare) !== 0) return word;
    return fail('USAGE', `'${word}' is not an address`, {
      where,
      hint: 'Write 192.0.2.53 or 192.0.2.53:5353.',
    });
  }, null),
};
export const RATE: Option<number> = {
  name: 'rate',
  argument: 'N',
  repeats: false,
  group: 'Input',
  description: 'most questions per second to the resolver (default: 50)',
  parse: one((word, where) => {
    if (/^[1-9]\d{0,3}$/.test(word)) return Number(word);
    return fail('USAGE', `'${word}' is not a rate`, { where, hint: 'Write a number from 1 to 9999.' });
  }, 50),
};
export const NAMES: Option<readonly string[]> = {
  name: 'names',
  argument: 'FILE',
  repeats: true,
  group: 'Detection',
  description:
    'file with names of addresses: resolver log, Zeek or Suricata DNS log, passive DNS (JSON lines), table or hosts file; may be repeated',
  parse: (words) => words,
};
export const POOLS_NAMES: Option<readonly string[]> = {
  name: 'names',
  argument: '[FILE]',
  repeats: true,
  group: 'Input',
  description:
    'for export: names, not addresses, where a format takes either; for resolve: file of further hosts to look up, one per line, with or without a port',
  parse: (words) => words,
};
export const DOMAINS: Option<boolean> = {
  name: 'domains',
  argument: null,
  repeats: false,
  group: 'Output',
  description: 'for export: whole domains of pools, their web sites included',
  parse: asSwitch,
};
export const POOL_CLASS: Option<readonly PoolKind[]> = {
  name: 'class',
  argument: 'CLASS',
  repeats: true,
  group: 'Output',
  description: `for export: only of these classes: ${POOL_KINDS.join(', ')} (default: all)`,
  parse: (words, where) =>
    words
      .flatMap((word) => word.split(','))
      .map((word) => oneOf(POOL_KINDS, 'class of pools')(word.trim(), where)),
};
export const BLOCKS: Option<readonly string[]> = {
  name: 'blocks',
  argument: 'FILE',
  repeats: true,
  group: 'Detection',
  description:
    'file that says when blocks were found (CSV or JSON lines: time, coin); encrypted sessions of captures are compared with it; may be repeated',
  parse: (words) => words,
};
/** A map of input columns names ours with '=', or all columns in order as '${version} …'; else it is a list for reports. */
const isColumnMap = (word: string): boolean => /[=$]/.test(word);

export const COLUMNS: Option<Readonly<Record<string, string>> | null> = {
  name: 'columns',
  argument: 'MAP|LIST',
  repeats: true,
  group: 'Input',
  description: `columns of a table of flows: src=…,dst=…,bytes=…; or columns of the host list (table, csv, markdown): all, ${HOST_COLUMNS.join(', ')}`,
  parse: (words) => {
    const maps = words.filter(isColumnMap);
    return maps.length === 0 ? null : parseColumnMap(maps.join(','));
  },
};
export const REPORT_COLUMNS: Option<readonly string[] | null> = {
  name: 'columns',
  argument: 'LIST',
  repeats: true,
  group: 'Output',
  description: `columns of the host list (table, csv, markdown): all, ${HOST_COLUMNS.join(', ')}`,
  parse: (words, where) => {
    const asked = words
      .filter((word) => !isColumnMap(word))
      .flatMap((word) => word.split(','))
      .map((word) => oneOf(['all', ...HOST_COLUMNS], 'column')(word.trim().toLowerCase(), where));
    return asked.length === 0 ? null : asked;
  },
};
export const SORT: Option<SortKey> = {
  name: 'sort',
  argument: 'KEY',
  repeats: false,
  group: 'Output',
  description: `order of hosts: ${SORT_KEYS.join(', ')} (default: verdict, then power, then hashrate)`,
  parse: one<SortKey>(oneOf(SORT_KEYS, 'sort key'), 'verdict'),
};
export const TOP: Option<number | null> = {
  name: 'top',
  argument: 'N',
  repeats: false,
  group: 'Output',
  description: 'show at most this many hosts',
  parse: one((word, where) => {
    const count = Number(word);
    if (/^\d{1,9}$/.test(word) && count > 0) return count;
    return fail('USAGE', `'${word}' is not a number of hosts`, { where, hint: 'Write 10, for example.' });
  }, null),
};
export const HOST: Option<readonly string[]> = {
  name: 'host',
  argument: 'CIDR',
  repeats: true,
  group: 'Output',
  description:
    'audit only hosts in this network, or this address, with totals of their own; may be repeated, or several separated by commas',
  parse: networkWords,
};
export const DEPARTMENT: Option<readonly string[]> = {
  name: 'department',
  argument: 'NAME',
  repeats: true,
  group: 'Output',
  description:
    "audit only hosts of this department of the owners table ('' for those without one); may be repeated",
  parse: (words) => words,
};
export const POOL: Option<string | null> = {
  name: 'pool',
  argument: 'NAME',
  repeats: false,
  group: 'Output',
  description: 'audit only hosts with this text in the name of a pool',
  parse: one(asIs, null),
};
export const SHOWN_VERDICT: Option<Verdict | null> = {
  name: 'verdict',
  argument: 'VERDICT',
  repeats: false,
  group: 'Output',
  description: `audit only hosts with this verdict or a stronger one: ${VERDICTS.join(', ')}`,
  parse: one<Verdict | null>(oneOf(VERDICTS, 'verdict'), null),
};
export const COMPARE: Option<readonly PublishedAudit[]> = {
  name: 'compare',
  argument: 'AUDIT',
  repeats: true,
  group: 'Output',
  description: `compare with a published audit, in markdown and html: ${PUBLISHED_NAMES}, or a file like those of data/published; may be repeated`,
  parse: (words, where) => words.map((word) => publishedAuditOf(word, where)),
};
export const LAST: Option<number | null> = {
  name: 'last',
  argument: 'DURATION',
  repeats: false,
  group: 'Input',
  description: 'only the last 24h, 7d or 90min before --until, or before now; replaces --since',
  parse: one(parseDurationUs, null),
};
export const STATE: Option<string | null> = {
  name: 'state',
  argument: 'FILE',
  repeats: false,
  group: 'Input',
  isOutput: true,
  description:
    'continue from the state that an earlier run saved in this file, and save the state for the next run; the file is private',
  parse: one(asIs, null),
};
export const CHECKPOINT: Option<{ readonly inputs: number } | { readonly us: number } | null> = {
  name: 'checkpoint',
  argument: 'WHEN',
  repeats: false,
  group: 'Input',
  description: 'also save --state during the run: after this many inputs (20) or this much time (10min)',
  parse: one(parseCheckpoint, null),
};
export const EVERY: Option<number> = {
  name: 'every',
  argument: 'DURATION',
  repeats: false,
  group: 'Output',
  description: 'how often to write the current audit (default: 5min)',
  parse: one(parseDurationUs, 300e6),
};
export const PERIOD: Option<PeriodLength> = {
  name: 'period',
  argument: 'LENGTH',
  repeats: false,
  group: 'Output',
  description: 'length of one audit: day or hour, in UTC (default: day)',
  parse: one(oneOf(['day', 'hour'], 'period'), 'day'),
};
export const QUIET_TIME: Option<number> = {
  name: 'quiet-time',
  argument: 'DURATION',
  repeats: false,
  group: 'Input',
  description: 'a file is complete if nothing was written to it for this long (default: 30s)',
  parse: one(parseDurationUs, 30e6),
};
export const ALERTS: Option<{ readonly format: string; readonly target: string } | null> = {
  name: 'alerts',
  argument: 'FORMAT[:TARGET]',
  repeats: false,
  group: 'Output',
  isOutput: true,
  description: `send alerts about hosts at once: ${ALERT_FORMATS.map(({ id }) => id).join(', ')}, to a file, - (default) or syslog:udp://host:514, syslog:tcp://host:601, syslog:unix:/dev/log`,
  parse: one(parseAlerts, null),
};
export const ALERT_FROM: Option<Verdict> = {
  name: 'alert-from',
  argument: 'VERDICT',
  repeats: false,
  group: 'Output',
  description: 'send alerts about hosts with this verdict or a stronger one (default: probable)',
  parse: one(oneOf(VERDICTS, 'verdict'), 'probable'),
};
export const ALERT_REPEAT: Option<number | null> = {
  name: 'alert-repeat',
  argument: 'DURATION',
  repeats: false,
  group: 'Output',
  description: 'repeat the alert about a host that goes on mining, after this long (default: never)',
  parse: one(parseDurationUs, null),
};
export const INPUT_TZ: Option<string | null> = {
  name: 'input-tz',
  argument: 'ZONE',
  repeats: false,
  group: 'Input',
  description: 'time zone of flow logs that print local times (default: UTC)',
  parse: one(asZone, null),
};
export const OWNERS: Option<string | null> = {
  name: 'owners',
  argument: 'FILE',
  repeats: false,
  group: 'Owners and power',
  description:
    'owners table: a network, and any of department, contact, organisation, class, city (subnet;department;contact)',
  parse: one(asIs, null),
};
export const LEASES: Option<readonly string[]> = {
  name: 'leases',
  argument: 'FILE',
  repeats: true,
  group: 'Owners and power',
  description:
    'who had which address when: leases or logs of dnsmasq, ISC dhcpd or Kea, FreeRADIUS accounting, arpwatch, Zeek dhcp.log, ip neigh with times, or a table; may be repeated',
  parse: (words) => words,
};
export const CASES: Option<string | null> = {
  name: 'cases',
  argument: 'FILE',
  repeats: false,
  group: 'Output',
  description: 'what is known from night to night: a file of cases, made in the first night',
  parse: one(asIs, null),
};
export const PACKS: Option<string | null> = {
  name: 'packs',
  argument: 'DIR',
  repeats: false,
  group: 'Output',
  description:
    'also write a folder for each department of the owners table: page, ticket, CSV, audit, and a mail to its contact, of its hosts only',
  parse: one(asIs, null),
};
export const GONE_AFTER: Option<number> = {
  name: 'gone-after',
  argument: 'NIGHTS',
  repeats: false,
  group: 'Output',
  description: 'a machine is gone if so many complete nights did not see it (default: 7)',
  parse: one((word, where) => {
    if (/^[1-9]\d{0,2}$/.test(word)) return Number(word);
    return fail('USAGE', `'${word}' is not a number of nights`, { where, hint: 'Write 7, for example.' });
  }, 7),
};
export const SEND: Option<readonly string[]> = {
  name: 'send',
  argument: 'TARGET',
  repeats: true,
  group: 'Output',
  description:
    'send the news of the night: mail:ADDRESS (by sendmail, or by the server of MINESWEEP_SMTP_URL) or webhook:URL (Slack, Teams, Mattermost, or a program); may be repeated',
  parse: (words, where) => words.map((word) => parseSendTarget(word, where)),
};
export const SEND_ALWAYS: Option<boolean> = {
  name: 'send-always',
  argument: null,
  repeats: false,
  group: 'Output',
  description: 'send a digest also if there is no news',
  parse: asSwitch,
};
export const MAIL_FROM: Option<string | null> = {
  name: 'mail-from',
  argument: 'ADDRESS',
  repeats: false,
  group: 'Output',
  description: 'sender of the mails of --send',
  parse: one(asIs, null),
};
export const BECAUSE: Option<string | null> = {
  name: 'because',
  argument: 'TEXT',
  repeats: false,
  group: 'Input',
  description: 'why: of an acknowledgement, or of closing a case',
  parse: one(asIs, null),
};
export const BY: Option<string | null> = {
  name: 'by',
  argument: 'NAME',
  repeats: false,
  group: 'Input',
  description: 'who says so (default: the user of the system)',
  parse: one(asIs, null),
};
export const ASN_DB: Option<string | null> = {
  name: 'asn-db',
  argument: 'FILE',
  repeats: false,
  group: 'Owners and power',
  description: 'database of networks (MMDB, CSV or TSV), used before the built-in one',
  parse: one(asIs, null),
};
export const CITY_DB: Option<string | null> = {
  name: 'city-db',
  argument: 'FILE',
  repeats: false,
  group: 'Owners and power',
  description: 'database of places (MMDB)',
  parse: one(asIs, null),
};
export const MALWARE: Option<readonly string[]> = {
  name: 'malware',
  argument: 'FILE',
  repeats: true,
  group: 'Owners and power',
  description:
    'list of accounts, agents and hosts of malware, one per line; a match is a sign of hijacking; may be repeated',
  parse: (words) => words,
};
export const PUE: Option<Pue | null> = {
  name: 'pue',
  argument: 'PUE',
  repeats: false,
  group: 'Owners and power',
  description: `power usage effectiveness: 1.2, or 1.1,1.2,1.5 (low, central, high), or ${PUE_SETTINGS.map(({ name }) => name).join(', ')} (default: unknown)`,
  parse: one(parsePue, null),
};
export const POWER_PER_ADDRESS: Option<number | null> = {
  name: 'power-per-address',
  argument: 'WATTS',
  repeats: false,
  group: 'Owners and power',
  description: 'use one fixed power for every miner: watts, or the figure of jiangsu-2021 or zhejiang-2021',
  parse: one(parsePowerPerAddress, null),
};
export const MODEL: Option<boolean> = {
  name: 'model',
  argument: null,
  repeats: false,
  group: 'Owners and power',
  description:
    'estimate the hashrate of miners without readable shares (flow logs, encryption) from bytes and assumptions; a wide range, not included in measured totals',
  parse: asSwitch,
};
export const ASSUME: Option<readonly string[]> = {
  name: 'assume',
  argument: 'RULE',
  repeats: true,
  group: 'Owners and power',
  description:
    "assume this difficulty of a pool or miner, implies --model: 'miner=… pool=… port=… coin=… algorithm=… difficulty=low..high', or a file of such rules; may be repeated",
  parse: (words) => words,
};
export const OUTPUT: Option<string | null> = {
  name: 'output',
  argument: 'FILE',
  repeats: false,
  group: 'Output',
  isOutput: true,
  description: 'the file to write',
  parse: one(asIs, null),
};
export const ATTRIBUTION: Option<string | null> = {
  name: 'attribution',
  argument: 'TEXT',
  repeats: false,
  group: 'Output',
  description: 'attribution that the licence of the data requires; reports print it',
  parse: one(asIs, null),
};
export const DATA_DATE: Option<number | null> = {
  name: 'data-date',
  argument: 'DATE',
  repeats: false,
  group: 'Output',
  description: 'date of the data (default: that of the newest file)',
  parse: one(parseTimeUs, null),
};
export const PSEUDONYMIZE: Option<readonly string[]> = {
  name: 'pseudonymize',
  argument: 'KINDS',
  repeats: true,
  group: 'Output',
  description: 'replace accounts, addresses or both by keyed pseudonyms: safe to share',
  parse: (words, where) =>
    words
      .flatMap((word) => word.split(','))
      .map((word) => oneOf(PSEUDONYM_KINDS, 'kind of pseudonym')(word.trim(), where)),
};
export const PSEUDONYM_KEY: Option<string | null> = {
  name: 'pseudonym-key',
  argument: 'FILE',
  repeats: false,
  group: 'Output',
  description:
    'file with the secret for --pseudonymize, 16 bytes or more; the same key gives the same pseudonyms',
  parse: one(asIs, null),
};
export const ALLOW: Option<string | null> = {
  name: 'allow',
  argument: 'FILE',
  repeats: false,
  group: 'Detection',
  description:
    "list of known endpoints and hosts, not to be reported, one per line: a name, '*.name', an address or network, also with ':port'; then 'until 2027-01-31' if it expires, and '# reason'",
  parse: one(asIs, null),
};
export const LIMIT: Option<Partial<Record<LimitName, number>>> = {
  name: 'limit',
  argument: 'NAME=VALUE',
  repeats: true,
  group: 'Input',
  description: `change a limit, for example sessions=100000 or line=64k; the limits are ${LIMIT_NAMES.join(', ')} (docs/limits.md)`,
  parse: (words, where) => Object.fromEntries(words.map((word) => parseLimit(word, where))),
};
export const COVERAGE_THRESHOLD: Option<number> = {
  name: 'coverage-threshold',
  argument: 'PERCENT',
  repeats: false,
  group: 'Detection',
  description: 'coverage counts as complete from this share of decoded bytes on (default: 99)',
  parse: one(parsePercent, 0.99),
};
export const LOG_LEVEL: Option<LogLevel> = {
  name: 'log-level',
  argument: 'LEVEL',
  repeats: false,
  group: 'Messages',
  description: `${LOG_LEVELS.join(', ')} (default: warn)`,
  parse: one<LogLevel>(oneOf(LOG_LEVELS, 'log level'), 'warn'),
};
const LOG_FORMATS = ['text', 'json'] as const;
export const LOG_FORMAT: Option<(typeof LOG_FORMATS)[number]> = {
  name: 'log-format',
  argument: 'FORMAT',
  repeats: false,
  group: 'Messages',
  description: 'text (default) or json, one object per line',
  parse: one<(typeof LOG_FORMATS)[number]>(oneOf(LOG_FORMATS, 'log format'), 'text'),
};
export const QUIET: Option<boolean> = {
  name: 'quiet',
  short: 'q',
  argument: null,
  repeats: false,
  group: 'Messages',
  description: 'no progress bar, and only error messages',
  parse: asSwitch,
};
export const NO_PROGRESS: Option<boolean> = {
  name: 'no-progress',
  argument: null,
  repeats: false,
  group: 'Messages',
  description: 'no progress bar',
  parse: asSwitch,
};

const BINARY: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** `name=1000`, `name=64k`: a limit and its value. */
function parseLimit(word: string, where: string): [LimitName, number] {
  const [, name = '', digits = '', unit = ''] = /^([a-z-]+)=(\d{1,15})([kmg]?)$/i.exec(word) ?? [];
  if (!isLimitName(name)) {
    return fail('USAGE', `'${word}' is not a limit`, {
      where,
      hint: `NAME=VALUE: ${LIMIT_NAMES.join(', ')}.`,
    });
  }
  const value = Number(digits) * BINARY[unit.toLowerCase()];
  const { most = Number.MAX_SAFE_INTEGER } = LIMITS[name];
  if (value >= 1 && value <= most) return [name, value];
  return fail('USAGE', `${name} cannot be ${digits}${unit}`, { where, hint: `From 1 to ${most}.` });
}

/** Words that may be separated by commas; what is no network is refused where it is read (src/networks.ts). */
function networkWords(words: readonly string[]): string[] {
  return words
    .flatMap((word) => word.split(','))
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** A zone as logs may be of: an IANA name, or an offset. Throws USAGE for what is none. */
function asZone(word: string): string {
  return new Zone(word).name;
}

function parseZone(word: string, where: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: word }).resolvedOptions().timeZone;
  } catch {
    return fail('USAGE', `'${word}' is not a time zone`, {
      where,
      hint: 'Use an IANA name such as Europe/Berlin.',
    });
  }
}

const DURATION_US: Readonly<Record<string, number>> = {
  s: 1e6,
  min: 60e6,
  m: 60e6,
  h: 3600e6,
  d: 86_400e6,
  w: 7 * 86_400e6,
};

/** '24h', '7d', '90min' to us. */
/** FORMAT, or FORMAT:TARGET. */
function parseAlerts(word: string, where: string): { format: string; target: string } {
  const [, format = '', target = '-'] = /^([^:]*)(?::(.+))?$/.exec(word) ?? [];
  const known = ALERT_FORMATS.map(({ id }) => id);
  return { format: oneOf(known, 'format of alerts')(format, where), target };
}

/** So many inputs, or so long. */
function parseCheckpoint(word: string, where: string): { inputs: number } | { us: number } {
  if (/^[1-9]\d{0,8}$/.test(word)) return { inputs: Number(word) };
  return { us: parseDurationUs(word, where) };
}

function parseDurationUs(word: string, where: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/i.exec(word.trim());
  const unit = DURATION_US[match?.[2]?.toLowerCase() ?? ''];
  const count = Number(match?.[1]);
  if (unit !== undefined && count > 0) return count * unit;
  return fail('USAGE', `'${word}' is not a duration`, { where, hint: 'Write 24h, 7d or 90min.' });
}

const TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,9}))?(Z|[+-]\d{2}:?\d{2})?)?$/i;

const RELATIVE = /^(yesterday|today)(?: (\d{1,2}):(\d{2})(?::(\d{2}))?)?$/i;

/**
 * ISO 8601 to us since 1970; a date alone is its midnight, a time without an offset is UTC. Yesterday and today are those
 * of this machine's clock and zone, as for cron.
 */
function parseTimeUs(word: string, where: string): number {
  const [, relative, hour = '0', minute = '0', second = '0'] = RELATIVE.exec(word.trim()) ?? [];
  if (relative !== undefined && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60) {
    const time = new Date();
    time.setDate(time.getDate() - (relative.toLowerCase() === 'yesterday' ? 1 : 0));
    return time.setHours(Number(hour), Number(minute), Number(second), 0) * 1000;
  }
  if (word.trim().toLowerCase() === 'now') return Date.now() * 1000;
  const match = TIME.exec(word);
  if (match !== null) {
    const [, date, clock = '00:00', fraction = '', offset = 'Z'] = match;
    const zone = /^[+-]\d{4}$/.test(offset)
      ? `${offset.slice(0, 3)}:${offset.slice(3)}`
      : offset.toUpperCase();
    const ms = Date.parse(`${date}T${clock}${zone}`);
    // Date.parse rolls 30 February over into March: such a date is a mistake.
    const real = new Date(`${date}T00:00Z`);
    if (!Number.isNaN(ms) && !Number.isNaN(real.getTime()) && real.toISOString().startsWith(`${date}T`)) {
      return ms * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6));
    }
  }
  return fail('USAGE', `'${word}' is not a time`, {
    where,
    hint: 'Write it as 2026-03-02T08:00:00Z, yesterday or today 08:00.',
  });
}

/** A part of any size, 0.5 for 50. */
function parseMode(text: string): number {
  if (/^0?[0-7]{3}$/.test(text)) return Number.parseInt(text, 8);
  return fail('USAGE', `not permissions: ${text}`, {
    where: '--out-mode',
    hint: 'Three octal digits, such as 640.',
  });
}

function parsePercentAbove(word: string, where: string): number {
  const percent = Number(word.replace(/\s*%$/, ''));
  if (word.trim() !== '' && percent >= 0 && Number.isFinite(percent)) return percent / 100;
  return fail('USAGE', `'${word}' is not a percentage`, { where, hint: 'Write a number from 0 on.' });
}

function parsePercent(word: string, where: string): number {
  const percent = Number(word.replace(/\s*%$/, ''));
  if (word.trim() !== '' && percent >= 0 && percent <= 100) return percent / 100;
  return fail('USAGE', `'${word}' is not a percentage`, { where, hint: 'Write a number from 0 to 100.' });
}
