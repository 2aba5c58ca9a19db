/**
 * Every option, once: its name is the flag, the key in minesweep.json and, in capitals, the MINESWEEP_ variable. Then
 * what follows the flag, the part of the help that lists it, what the help says of it, and how its words are read.
 */

import { ALERT_FORMATS } from '../alerts/index.ts';
import { parseSendTarget } from '../alerts/send-target.ts';
import { VERDICTS } from '../audit/audit.ts';
import { CHANGE_KINDS } from '../audit/diff.ts';
import { PUBLISHED_NAMES, parsePowerPerAddress, publishedAuditOf } from '../energy/published.ts';
import { PUE_SETTINGS, parsePue } from '../energy/pue.ts';
import { LIMIT_NAMES } from '../limits.ts';
import { POOL_KINDS } from '../pools/entry.ts';
import { PSEUDONYM_KINDS } from '../pseudonyms/kinds.ts';
import { HOST_COLUMNS } from '../report/host-columns.ts';
import { FORMATS } from '../report/index.ts';
import { SORT_KEYS } from '../report/selection.ts';
import { LANGUAGES } from '../statements/languages.ts';
import { flag, list, text, texts, value } from './option.ts';
import {
  asZone,
  each,
  networkWords,
  oneOf,
  parseAlerts,
  parseCheckpoint,
  parseColumns,
  parseDays,
  parseDurationUs,
  parseLimits,
  parseMode,
  parsePercent,
  parsePercentAbove,
  parseReportColumns,
  parseServer,
  parseTimeUs,
  parseZone,
  separated,
  wholeNumber,
} from './option-values.ts';

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const FORMAT_NAMES = FORMATS.map(({ id }) => id);
const ALERT_FORMAT_NAMES = ALERT_FORMATS.map(({ id }) => id);
const PUE_NAMES = PUE_SETTINGS.map(({ name }) => name);

export const CONFIG = text('config', 'FILE', 'Input', 'read settings from this file, whoever owns it (default: minesweep.json in the working directory)');
export const FORMAT = value('format', 'FORMAT', 'Output', `${FORMAT_NAMES.join(', ')} (default: table on a terminal, else json)`, oneOf(FORMAT_NAMES, 'report format'), null, { short: 'f' });
export const OUT = text('out', 'DIR', 'Output', 'also write audit.json, report.html and hosts, sessions, pools and totals as CSV there', { short: 'o', isOutput: true });
export const OUT_MODE = value('out-mode', 'MODE', 'Output', 'permissions of the files of --out, in octal (default: 600, only the owner can read them)', parseMode, 0o600);
export const POOLS_OUT = text('out', 'FILE', 'Output', 'for import and resolve: the file to write, a list for --pools', { short: 'o', isOutput: true });
export const EXTRACT = text('extract', 'FILE', 'Output', "also write the packets of the host's sessions to this file, from the captures that were scanned", { short: 'x', isOutput: true });
export const BUNDLE = text('bundle', 'FILE.zip', 'Output', 'also write a case file: page, explanation, packets, what to look for at the machine, hashes');
export const LETTER = flag('letter', 'Output', "print letters to the abuse contacts of pools instead, one for each account of the host; the pool's address is for you to look up");
export const CAPTURES = text('captures', 'DIR', 'Input', 'where the captures of the audit are now, for --extract and --bundle (default: where they were)');
export const WITH_SECRETS = flag('with-secrets', 'Output', 'keep passwords in the packets of --extract (default: known ones are overwritten)');
export const TZ = value('tz', 'ZONE', 'Output', 'time zone of table, markdown and html, as in Asia/Shanghai (default: UTC)', parseZone, 'UTC');
export const LANG = value('lang', 'LANGUAGE', 'Output', `language of table, markdown and html: ${LANGUAGES.join(', ')} (default: en)`, oneOf(LANGUAGES, 'language'), 'en');
export const NO_COLOR = flag('no-color', 'Output', 'no colours in the table');
export const FAIL_ON = value('fail-on', 'VERDICT', 'Output', `exit with 3 if a host has this verdict or a stronger one: ${VERDICTS.join(', ')}`, oneOf(VERDICTS, 'verdict'), null);
export const LEAST_VERDICT = value('least', 'VERDICT', 'Detection', 'ignore hosts with a weaker verdict (default: suspected)', oneOf(VERDICTS, 'verdict'), 'suspected');
export const HASHRATE_CHANGE = value('hashrate-change', 'PERCENT', 'Detection', 'report a hashrate that changed by more than this, if the intervals do not overlap (default: 50)', parsePercentAbove, 0.5);
export const TRAFFIC_CHANGE = value('traffic-change', 'PERCENT', 'Detection', 'report mean traffic that changed by more than this (default: 100)', parsePercentAbove, 1);
export const FAIL_ON_CHANGE = list('fail-on-change', 'KINDS', 'Output', `exit with 3 also on these changes: ${CHANGE_KINDS.join(', ')}`, separated(oneOf(CHANGE_KINDS, 'kind of change')));
export const STRICT = flag('strict', 'Output', 'exit with 1, not 4, if some input was damaged');
export const STORE_PASSWORD_FILE = text('store-password-file', 'FILE', 'Input', 'file with the password of a store (clickhouse://…); or set MINESWEEP_STORE_PASSWORD');
export const INSTANCE_ROLE = flag('instance-role', 'Input', 'for objects (s3://…): ask the metadata service of this machine for credentials if environment and profile have none');
export const EXPLAIN_SQL = flag('explain-sql', 'Input', 'print the SQL queries for a store, and send nothing');
export const INPUT_FORMAT = text('input-format', 'FORMAT', 'Input', 'format of every input (default: found from the content)');
export const JOBS = value('jobs', 'N', 'Input', 'most threads to use (default: one per core); the audit is the same for any number', wholeNumber(9999, 'number of threads', 'Write 1, 2, 4, for example.'), null);
export const SINCE = value('since', 'TIME', 'Input', 'only from this time on, for example 2026-03-02T08:00:00Z (UTC if no offset is given), or yesterday, today 08:00 (of this machine); flow records that cross it count', parseTimeUs, null);
export const UNTIL = value('until', 'TIME', 'Input', 'only before this time (flow records that cross it count)', parseTimeUs, null);
export const HASH = flag('hash', 'Input', "write each input's SHA-256 into the audit (with --out: always)");
export const LOCAL = list('local', 'CIDR', 'Detection', 'own network; may be repeated, or several separated by commas', networkWords);
export const TRUST_TUNNEL = list(
  'trust-tunnel',
  'NETWORK',
  'Detection',
  'believe tunnels (VXLAN, GRE, ERSPAN, …) whose packets come from here; of others only those between own networks count, if they carry both directions; may be repeated',
  networkWords,
);
export const TRUST_EXPORTER = list('trust-exporter', 'NETWORK', 'Detection', 'believe NetFlow, IPFIX and sFlow in captures that come from here, as well as from own networks; may be repeated', networkWords);
export const POOLS = texts('pools', 'FILE', 'Detection', 'further pool endpoints; may be repeated');
export const POOLS_AGE = value('pools-age', 'DAYS', 'Detection', "how many days an address from 'pools resolve' proves its pool; an older file causes a warning (default: 7)", parseDays, 7);
export const SERVER = value('server', 'IP', 'Input', "resolver to ask, with or without a port (default: the system's)", parseServer, null);
export const RATE = value('rate', 'N', 'Input', 'most questions per second to the resolver (default: 50)', wholeNumber(9999, 'rate', 'Write a number from 1 to 9999.'), 50);
export const NAMES = texts('names', 'FILE', 'Detection', 'file with names of addresses: resolver log, Zeek or Suricata DNS log, passive DNS (JSON lines), table or hosts file; may be repeated');
export const POOLS_NAMES = texts('names', '[FILE]', 'Input', 'for export: names, not addresses, where a format takes either; for resolve: file of further hosts to look up, one per line, with or without a port');
export const DOMAINS = flag('domains', 'Output', 'for export: whole domains of pools, their web sites included');
export const POOL_CLASS = list('class', 'CLASS', 'Output', `for export: only of these classes: ${POOL_KINDS.join(', ')} (default: all)`, separated(oneOf(POOL_KINDS, 'class of pools')));
export const BLOCKS = texts('blocks', 'FILE', 'Detection', 'file that says when blocks were found (CSV or JSON lines: time, coin); encrypted sessions of captures are compared with it; may be repeated');
export const COLUMNS = list('columns', 'MAP|LIST', 'Input', `columns of a table of flows: src=…,dst=…,bytes=…; or columns of the host list (table, csv, markdown): all, ${HOST_COLUMNS.join(', ')}`, parseColumns);
export const REPORT_COLUMNS = list('columns', 'LIST', 'Output', `columns of the host list (table, csv, markdown): all, ${HOST_COLUMNS.join(', ')}`, parseReportColumns);
export const SORT = value('sort', 'KEY', 'Output', `order of hosts: ${SORT_KEYS.join(', ')} (default: verdict, then power, then hashrate)`, oneOf(SORT_KEYS, 'sort key'), 'verdict');
export const TOP = value('top', 'N', 'Output', 'show at most this many hosts', wholeNumber(999_999_999, 'number of hosts', 'Write 10, for example.'), null);
export const HOST = list('host', 'CIDR', 'Output', 'audit only hosts in this network, or this address, with totals of their own; may be repeated, or several separated by commas', networkWords);
export const DEPARTMENT = texts('department', 'NAME', 'Output', "audit only hosts of this department of the owners table ('' for those without one); may be repeated");
export const POOL = text('pool', 'NAME', 'Output', 'audit only hosts with this text in the name of a pool');
export const SHOWN_VERDICT = value('verdict', 'VERDICT', 'Output', `audit only hosts with this verdict or a stronger one: ${VERDICTS.join(', ')}`, oneOf(VERDICTS, 'verdict'), null);
export const COMPARE = list('compare', 'AUDIT', 'Output', `compare with a published audit, in markdown and html: ${PUBLISHED_NAMES}, or a file like those of data/published; may be repeated`, each(publishedAuditOf));
export const LAST = value('last', 'DURATION', 'Input', 'only the last 24h, 7d or 90min before --until, or before now; replaces --since', parseDurationUs, null);
export const STATE = text('state', 'FILE', 'Input', 'continue from the state that an earlier run saved in this file, and save the state for the next run; the file is private', { isOutput: true });
export const CHECKPOINT = value('checkpoint', 'WHEN', 'Input', 'also save --state during the run: after this many inputs (20) or this much time (10min)', parseCheckpoint, null);
export const EVERY = value('every', 'DURATION', 'Output', 'how often to write the current audit (default: 5min)', parseDurationUs, 300e6);
export const PERIOD = value('period', 'LENGTH', 'Output', 'length of one audit: day or hour, in UTC (default: day)', oneOf(['day', 'hour'], 'period'), 'day');
export const QUIET_TIME = value('quiet-time', 'DURATION', 'Input', 'a file is complete if nothing was written to it for this long (default: 30s)', parseDurationUs, 30e6);
export const ALERTS = value(
  'alerts',
  'FORMAT[:TARGET]',
  'Output',
  `send alerts about hosts at once: ${ALERT_FORMAT_NAMES.join(', ')}, to a file, - (default) or syslog:udp://host:514, syslog:tcp://host:601, syslog:unix:/dev/log`,
  parseAlerts,
  null,
  { isOutput: true },
);
export const ALERT_FROM = value('alert-from', 'VERDICT', 'Output', 'send alerts about hosts with this verdict or a stronger one (default: probable)', oneOf(VERDICTS, 'verdict'), 'probable');
export const ALERT_REPEAT = value('alert-repeat', 'DURATION', 'Output', 'repeat the alert about a host that goes on mining, after this long (default: never)', parseDurationUs, null);
export const INPUT_TZ = value('input-tz', 'ZONE', 'Input', 'time zone of flow logs that print local times (default: UTC)', asZone, null);
export const OWNERS = text('owners', 'FILE', 'Owners and power', 'owners table: a network, and any of department, contact, organisation, class, city (subnet;department;contact)');
export const LEASES = texts('leases', 'FILE', 'Owners and power', 'who had which address when: leases or logs of dnsmasq, ISC dhcpd or Kea, FreeRADIUS accounting, arpwatch, Zeek dhcp.log, ip neigh with times, or a table; may be repeated');
export const CASES = text('cases', 'FILE', 'Output', 'what is known from night to night: a file of cases, made in the first night');
export const PACKS = text('packs', 'DIR', 'Output', 'also write a folder for each department of the owners table: page, ticket, CSV, audit, and a mail to its contact, of its hosts only');
export const GONE_AFTER = value('gone-after', 'NIGHTS', 'Output', 'a machine is gone if so many complete nights did not see it (default: 7)', wholeNumber(999, 'number of nights', 'Write 7, for example.'), 7);
export const SEND = list(
  'send',
  'TARGET',
  'Output',
  'send the news of the night: mail:ADDRESS (by sendmail, or by the server of MINESWEEP_SMTP_URL) or webhook:URL (Slack, Teams, Mattermost, or a program); may be repeated',
  each(parseSendTarget),
);
export const SEND_ALWAYS = flag('send-always', 'Output', 'send a digest also if there is no news');
export const MAIL_FROM = text('mail-from', 'ADDRESS', 'Output', 'sender of the mails of --send');
export const BECAUSE = text('because', 'TEXT', 'Input', 'why: of an acknowledgement, or of closing a case');
export const BY = text('by', 'NAME', 'Input', 'who says so (default: the user of the system)');
export const ASN_DB = text('asn-db', 'FILE', 'Owners and power', 'database of networks (MMDB, CSV or TSV), used before the built-in one');
export const CITY_DB = text('city-db', 'FILE', 'Owners and power', 'database of places (MMDB)');
export const MALWARE = texts('malware', 'FILE', 'Owners and power', 'list of accounts, agents and hosts of malware, one per line; a match is a sign of hijacking; may be repeated');
export const PUE = value('pue', 'PUE', 'Owners and power', `power usage effectiveness: 1.2, or 1.1,1.2,1.5 (low, central, high), or ${PUE_NAMES.join(', ')} (default: unknown)`, parsePue, null);
export const POWER_PER_ADDRESS = value('power-per-address', 'WATTS', 'Owners and power', 'use one fixed power for every miner: watts, or the figure of jiangsu-2021 or zhejiang-2021', parsePowerPerAddress, null);
export const MODEL = flag('model', 'Owners and power', 'estimate the hashrate of miners without readable shares (flow logs, encryption) from bytes and assumptions; a wide range, not included in measured totals');
export const ASSUME = texts('assume', 'RULE', 'Owners and power', "assume this difficulty of a pool or miner, implies --model: 'miner=… pool=… port=… coin=… algorithm=… difficulty=low..high', or a file of such rules; may be repeated");
export const OUTPUT = text('output', 'FILE', 'Output', 'the file to write', { isOutput: true });
export const ATTRIBUTION = text('attribution', 'TEXT', 'Output', 'attribution that the licence of the data requires; reports print it');
export const DATA_DATE = value('data-date', 'DATE', 'Output', 'date of the data (default: that of the newest file)', parseTimeUs, null);
export const PSEUDONYMIZE = list('pseudonymize', 'KINDS', 'Output', 'replace accounts, addresses or both by keyed pseudonyms: safe to share', separated(oneOf(PSEUDONYM_KINDS, 'kind of pseudonym')));
export const PSEUDONYM_KEY = text('pseudonym-key', 'FILE', 'Output', 'file with the secret for --pseudonymize, 16 bytes or more; the same key gives the same pseudonyms');
export const ALLOW = text(
  'allow',
  'FILE',
  'Detection',
  "list of known endpoints and hosts, not to be reported, one per line: a name, '*.name', an address or network, also with ':port'; then 'until 2027-01-31' if it expires, and '# reason'",
);
export const LIMIT = list('limit', 'NAME=VALUE', 'Input', `change a limit, for example sessions=100000 or line=64k; the limits are ${LIMIT_NAMES.join(', ')} (docs/limits.md)`, parseLimits);
export const COVERAGE_THRESHOLD = value('coverage-threshold', 'PERCENT', 'Detection', 'coverage counts as complete from this share of decoded bytes on (default: 99)', parsePercent, 0.99);
export const LOG_LEVEL = value('log-level', 'LEVEL', 'Messages', `${LOG_LEVELS.join(', ')} (default: warn)`, oneOf(LOG_LEVELS, 'log level'), 'warn');
export const LOG_FORMAT = value('log-format', 'FORMAT', 'Messages', 'text (default) or json, one object per line', oneOf(['text', 'json'], 'log format'), 'text');
export const QUIET = flag('quiet', 'Messages', 'no progress bar, and only error messages', { short: 'q' });
export const NO_PROGRESS = flag('no-progress', 'Messages', 'no progress bar');

/** Of commands that read inputs: how, and what they find there. */
export const READING = [INPUT_FORMAT, COLUMNS, INPUT_TZ, JOBS, LIMIT];
export const WINDOW = [SINCE, UNTIL, LAST];
/** Who owns a host, and what its mining takes. */
export const JUDGEMENT = [OWNERS, ASN_DB, CITY_DB, MALWARE, PUE, POWER_PER_ADDRESS, MODEL, ASSUME];
export const DETECTION = [LOCAL, TRUST_TUNNEL, TRUST_EXPORTER, POOLS, POOLS_AGE, NAMES, BLOCKS, ALLOW, ...JUDGEMENT, LEASES, COVERAGE_THRESHOLD];
export const WRITTEN = [FORMAT, OUT, OUT_MODE];
/** Which hosts are shown, and in which order. */
export const SHOWN = [SORT, TOP, HOST, DEPARTMENT, POOL, SHOWN_VERDICT];
/** Who reads the result: in which zone and language. */
export const READER = [TZ, LANG, NO_COLOR];
export const SHARING = [PSEUDONYMIZE, PSEUDONYM_KEY];
/** What is told of the cases of a night. */
export const NEWS = [GONE_AFTER, SEND, SEND_ALWAYS, MAIL_FROM];
export const MESSAGES = [LOG_LEVEL, LOG_FORMAT, QUIET];
