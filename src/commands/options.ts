/**
 * Every option, once: its name is the flag, the key in minesweep.json and, in capitals, the MINESWEEP_ variable. Then
 * what follows the flag, the part of the help that lists it, what the help says of it, and how its words are read.
 */

import { ALERT_FORMATS } from '../alerts/index.ts';
import { parseSendTarget } from '../alerts/send-target.ts';
import { FORM_NAMES } from '../alerts/webhook-form.ts';
import { VERDICTS } from '../audit/audit.ts';
import { CHANGE_KINDS } from '../audit/diff.ts';
import { PUBLISHED_NAMES, parsePowerPerAddress, publishedAuditOf } from '../energy/published.ts';
import { PUE_SETTINGS, parsePue } from '../energy/pue.ts';
import { LIMIT_NAMES } from '../limits.ts';
import { POOL_KINDS } from '../pools/entry.ts';
import { PSEUDONYM_FORMS, PSEUDONYM_KINDS } from '../pseudonyms/kinds.ts';
import { DATE_ORDERS } from '../readers/flow-reading.ts';
import { HOST_COLUMNS } from '../report/host-columns.ts';
import { FORMATS } from '../report/index.ts';
import { SORT_KEYS } from '../report/selection.ts';
import { LANGUAGES, READERS } from '../statements/languages.ts';
import { flag, list, type Option, text, texts, value } from './option.ts';
import {
  asZone,
  each,
  networkWords,
  oneOf,
  ownNetworkWords,
  parseAlerts,
  parseCheckpoint,
  parseColumns,
  parseDays,
  parseDurationUs,
  parseFailOn,
  parseKinds,
  parseLimits,
  parseMode,
  parsePercent,
  parsePercentAbove,
  parseReportColumns,
  parseSampleOf,
  parseServer,
  parseTimeUs,
  parseUndecided,
  parseZone,
  separated,
  wholeNumber,
} from './option-values.ts';

const STYLES = ['official'] as const;
const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const ALERT_FORMAT_NAMES = ALERT_FORMATS.map(({ id }) => id);
const PUE_NAMES = PUE_SETTINGS.map(({ name }) => name);

const TABLE = {
  config: text('FILE', 'Input', 'read settings from this file, whoever owns it (default: minesweep.json in the working directory)'),
  format: value('FORMAT', 'Output', `${FORMATS.join(', ')} (default: table on a terminal, else json)`, oneOf(FORMATS, 'report format'), null, { short: 'f' }),
  out: text('DIR', 'Output', 'also write audit.json, report.html and CSV there: hosts, sessions, pools and totals', { short: 'o', isOutput: true }),
  'out-mode': value('MODE', 'Output', 'permissions of the files of --out, in octal (default: 600, only the owner can read them)', parseMode, 0o600),
  'pools-out': text('FILE', 'Output', 'for import and resolve: the file to write, a list for --pools; for export: the file, or the folder for suricata-dataset', { short: 'o', isOutput: true }),
  extract: text('FILE', 'Output', "also write the packets of the host's sessions to this file, from the captures that were scanned", { short: 'x', isOutput: true }),
  bundle: text('FILE.zip', 'Output', 'also write a case file: page, explanation, packets, what to look for at the machine, hashes'),
  letter: flag('Output', "print letters to the abuse contacts of pools instead, one for each account of the host; the pool's address is for you to look up"),
  all: flag('Output', 'also print every fact, the sessions, the rates and what was not seen'),
  captures: text('DIR', 'Input', 'where the captures of the audit are now, for --extract and --bundle (default: where they were)'),
  'with-secrets': flag('Output', 'keep passwords in the packets of --extract (default: known ones are overwritten)'),
  for: value('READER', 'Output', `whom the advice is for: ${READERS.join(', ')} (default: isp if the miners are at public addresses and --owners names nobody; ci with --accept, sarif or github; else admin)`, oneOf(READERS, 'reader'), null),
  tz: value('ZONE', 'Output', 'time zone of table, markdown and html, as in Asia/Shanghai (default: UTC)', parseZone, 'UTC'),
  lang: value('LANGUAGE', 'Output', `language of reports for people and of junit: ${LANGUAGES.join(', ')} (default: en)`, oneOf(LANGUAGES, 'language'), 'en'),
  style: value('STYLE', 'Output', `${STYLES.join(', ')}: one page in the form of a notice of an authority, with a table of leads, instead of --format`, oneOf(STYLES, 'style'), null),
  'sample-of': value('N', 'Output', 'of --style: the miners are a sample of N addresses, or by class of owner, as in government=187,isp=2914', parseSampleOf, null),
  'no-color': flag('Output', 'no colours in the table'),
  'fail-on': list('VERDICT|undecided[:N]', 'Output', `exit with 3 if a host has at least this verdict: ${VERDICTS.join(', ')}; or if N conversations or more could not be judged (default: 1); may be repeated`, parseFailOn),
  undecided: value('[N]', 'Output', 'also list the longest N conversations not judged (default: 20)', parseUndecided, null),
  least: value('VERDICT', 'Detection', 'ignore hosts with a weaker verdict (default: suspected)', oneOf(VERDICTS, 'verdict'), 'suspected'),
  'hashrate-change': value('PERCENT', 'Detection', 'report a hashrate that changed by more than this, if the intervals do not overlap (default: 50)', parsePercentAbove, 0.5),
  'traffic-change': value('PERCENT', 'Detection', 'report mean traffic that changed by more than this (default: 100)', parsePercentAbove, 1),
  'fail-on-change': list('KINDS', 'Output', `exit with 3 also on these changes: ${CHANGE_KINDS.join(', ')}`, separated(oneOf(CHANGE_KINDS, 'kind of change'))),
  strict: flag('Output', 'exit with 1, not 4, if some input was damaged'),
  'store-password-file': text('FILE', 'Input', 'file with the password of a store (clickhouse://…); or set MINESWEEP_STORE_PASSWORD'),
  'instance-role': flag('Input', 'for objects (s3://…): ask the metadata service of this machine for credentials if environment and profile have none'),
  'explain-sql': flag('Input', 'print the SQL queries for a store, and send nothing'),
  'input-format': text('FORMAT', 'Input', 'format of every input (default: found from the content)'),
  jobs: value('N', 'Input', 'most threads to use (default: one per core); the audit is the same for any number', wholeNumber(9999, 'number of threads', 'Write 1, 2, 4, for example.'), null),
  since: value('TIME', 'Input', 'only from this time on: for example 2026-03-02T08:00:00Z (UTC if no offset is given), or yesterday, today 08:00 (of this machine); flow records that cross it count', parseTimeUs, null),
  until: value('TIME', 'Input', 'only before this time (flow records that cross it count)', parseTimeUs, null),
  hash: flag('Input', "write each input's SHA-256 into the audit (with --out: always)"),
  local: list('CIDR', 'Detection', 'own network; may be repeated, or several separated by commas', ownNetworkWords),
  'trust-tunnel': list('NETWORK', 'Detection', 'believe tunnels (VXLAN, GRE, ERSPAN, …) whose packets come from here; of others only those between own networks count, if they carry both directions; may be repeated', networkWords),
  'trust-exporter': list('NETWORK', 'Detection', 'believe NetFlow, IPFIX and sFlow in captures that come from here, as well as from own networks; may be repeated', networkWords),
  pools: texts('FILE', 'Detection', 'further pool endpoints; may be repeated'),
  'pools-age': value('DAYS', 'Detection', "how many days an address from 'pools resolve' proves its pool; an older file causes a warning (default: 7)", parseDays, 7),
  server: value('IP', 'Input', "resolver to ask, with or without a port (default: the system's)", parseServer, null),
  rate: value('N', 'Input', 'most questions per second to the resolver (default: 50)', wholeNumber(9999, 'rate', 'Write a number from 1 to 9999.'), 50),
  names: texts('FILE', 'Detection', 'file with names of addresses: resolver log, Zeek or Suricata DNS log, passive DNS (JSON lines), table or hosts file; may be repeated'),
  'pools-names': texts('[FILE]', 'Input', 'for export: names, not addresses, where a format takes either; for resolve: file of further hosts to look up, one per line, with or without a port'),
  domains: flag('Output', 'for export: whole domains of pools, their web sites included'),
  shared: flag('Output', 'for export: also addresses that others use (such as those of a CDN); a rule or block list then hits their users as well'),
  from: texts('AUDIT', 'Input', 'for export: the endpoints of the sessions of this audit, in place of --pools; may be repeated'),
  class: list('CLASS', 'Output', `for export: only of these classes: ${POOL_KINDS.join(', ')} (default: all)`, separated(oneOf(POOL_KINDS, 'class of pools'))),
  blocks: texts('FILE', 'Detection', 'file that says when blocks were found (CSV or JSON lines: time, coin); encrypted sessions of captures are compared with it; may be repeated'),
  columns: list('MAP|LIST', 'Input', `columns of a table of flows: src=…,dst=…,bytes=…; or columns of the host list (table, csv, markdown): all, ${HOST_COLUMNS.join(', ')}`, parseColumns),
  'report-columns': list('LIST', 'Output', `columns of the host list (table, csv, markdown): all, ${HOST_COLUMNS.join(', ')}`, parseReportColumns),
  sort: value('KEY', 'Output', `order of hosts: ${SORT_KEYS.join(', ')} (default: verdict, then power, then hashrate)`, oneOf(SORT_KEYS, 'sort key'), 'verdict'),
  top: value('N', 'Output', 'show at most this many machines or hosts (default: all, but on a terminal 20 machines)', wholeNumber(999_999_999, 'number of hosts', 'Write 10, for example.'), null),
  wide: flag('Output', 'the table of addresses with all totals; without it, the summary by machine'),
  host: list('CIDR|MACHINE', 'Output', 'audit only hosts in this network; or the machine of this address, name, hardware address or user; totals are theirs; may be repeated, or several separated by commas', networkWords),
  department: texts('NAME', 'Output', "audit only hosts of this department of the owners table ('' for those without one); may be repeated"),
  pool: text('NAME', 'Output', 'audit only hosts with this text in the name of a pool'),
  verdict: value('VERDICT', 'Output', `audit only hosts with this verdict or a stronger one: ${VERDICTS.join(', ')}`, oneOf(VERDICTS, 'verdict'), null),
  compare: list('AUDIT', 'Output', `compare with a published audit, in markdown and html: ${PUBLISHED_NAMES}, or a file like those of data/published; may be repeated`, each(publishedAuditOf)),
  last: value('DURATION', 'Input', 'only the last 24h, 7d or 90min (before --until, or before now); replaces --since', parseDurationUs, null),
  state: text('FILE', 'Input', 'continue from the state that an earlier run saved in this file, and save the state for the next run; the file is private', { isOutput: true }),
  checkpoint: value('WHEN', 'Input', 'also save --state during the run: after this many inputs (20) or this much time (10min)', parseCheckpoint, null),
  every: value('DURATION', 'Output', 'how often to write the current audit (default: 5min)', parseDurationUs, 300e6),
  period: value('LENGTH', 'Output', 'length of one audit: day or hour, in UTC (default: day)', oneOf(['day', 'hour'], 'period'), 'day'),
  health: text('FILE', 'Output', 'write every minute whether the watch works (in the text format of Prometheus); minesweep health reads it', { isOutput: true }),
  expect: value('DURATION', 'Input', 'warn, and note in the audit, if no input comes for this long (default: never)', parseDurationUs, null),
  'quiet-time': value('DURATION', 'Input', 'a file that cannot be read as it grows (compressed, nfcapd, Parquet) is complete if nothing was written to it for this long (default: 30s)', parseDurationUs, 30e6),
  alerts: list(
    'FORMAT[:TARGET]',
    'Output',
    `send alerts about hosts at once: ${ALERT_FORMAT_NAMES.join(', ')}, to a file, - (default) or syslog:udp://host:514, syslog:tcp://host:601, syslog:unix:/dev/log; or to people: webhook:URL[#FORM] or mail:ADDRESS, as with --send; may be repeated`,
    each(parseAlerts),
    { isOutput: true },
  ),
  'alert-from': value('VERDICT', 'Output', 'send alerts about hosts with at least this verdict (default: probable)', oneOf(VERDICTS, 'verdict'), 'probable'),
  'alert-repeat': value('DURATION', 'Output', 'repeat the alert about a host that goes on mining, after this long (default: never)', parseDurationUs, null),
  'input-tz': value('ZONE', 'Input', 'time zone of flow logs that print local times (default: UTC)', asZone, null),
  'input-dates': value('ORDER', 'Input', `what dates such as 03/04/2026 in flow logs begin with: ${DATE_ORDERS.join(' or ')} (default: as other dates of the file tell)`, oneOf(DATE_ORDERS, 'order of dates'), null),
  owners: text('FILE', 'Owners and power', 'owners table: a network, and any of department, contact, organisation, class, city (subnet;department;contact)'),
  leases: texts('FILE', 'Owners and power', 'who had which address when: leases or logs of dnsmasq, ISC dhcpd or Kea, FreeRADIUS accounting, arpwatch, Zeek dhcp.log, ip neigh with times, or a table; may be repeated'),
  cases: text('FILE', 'Output', 'what is known from night to night: a file of cases, made in the first night'),
  'fail-on-new': flag('Output', 'exit with 3 only if there is news, not while a case is open'),
  accept: text('FILE', 'Input', 'list of machines that are accepted: JSON, [{"machine", "until", "because"}]; no case of them is news or makes the exit status 3'),
  packs: text('DIR', 'Output', 'also write a folder for each department of the owners table: page, ticket, CSV, audit, and a mail to its contact, of its hosts only'),
  'gone-after': value('NIGHTS', 'Output', 'a machine is gone if so many complete nights did not see it (default: 7)', wholeNumber(999, 'number of nights', 'Write 7, for example.'), 7),
  send: list(
    'TARGET',
    'Output',
    `send the news of the night: mail:ADDRESS (by sendmail, or by the server of MINESWEEP_SMTP_URL) or webhook:URL, with #FORM behind it if the host does not tell: ${FORM_NAMES.join(', ')}, or a file with a template of your own; may be repeated`,
    each(parseSendTarget),
  ),
  'send-always': flag('Output', 'send a digest also if there is no news'),
  'mail-from': text('ADDRESS', 'Output', 'sender of mails'),
  because: text('TEXT', 'Input', 'why: of an acknowledgement, or of closing a case'),
  by: text('NAME', 'Input', 'who says so (default: the user of the system)'),
  'asn-db': text('FILE', 'Owners and power', 'database of networks (MMDB, CSV or TSV), used before the built-in one'),
  'city-db': text('FILE', 'Owners and power', 'database of places (MMDB)'),
  malware: texts('FILE', 'Owners and power', 'list of accounts, agents and hosts of malware, one per line; a match is a sign of hijacking; may be repeated'),
  pue: value('PUE', 'Owners and power', `power usage effectiveness: 1.2, or 1.1,1.2,1.5 (low, central, high), or ${PUE_NAMES.join(', ')} (default: unknown)`, parsePue, null),
  'power-per-address': value('WATTS', 'Owners and power', 'use one fixed power for every miner: watts, or the figure of jiangsu-2021 or zhejiang-2021', parsePowerPerAddress, null),
  model: flag('Owners and power', 'estimate the hashrate of miners without readable shares (flow logs, encryption) from bytes and assumptions; a wide range, not included in measured totals'),
  assume: texts('RULE', 'Owners and power', "assume this difficulty of a pool or miner, implies --model: 'miner=… pool=… port=… coin=… algorithm=… difficulty=low..high', or a file of such rules; may be repeated"),
  output: text('FILE', 'Output', 'the file to write', { isOutput: true }),
  attribution: text('TEXT', 'Output', 'attribution that the licence of the data requires; reports print it'),
  'data-date': value('DATE', 'Output', 'date of the data (default: that of the newest file)', parseTimeUs, null),
  pseudonymize: list('KINDS', 'Output', 'replace accounts, addresses, or both, by keyed pseudonyms: safe to share', parseKinds(PSEUDONYM_KINDS, 'kind of pseudonym')),
  'pseudonymize-as': value('FORM', 'Output', 'prefix (default): addresses of one network keep a prefix in common; random: they do not', oneOf(PSEUDONYM_FORMS, 'form of pseudonyms'), 'prefix'),
  coarse: flag('Output', 'with --pseudonymize: times to a minute, sizes to one digit, no client ports or record numbers; a flow log of the site then identifies fewer hosts'),
  'pseudonym-key': text('FILE', 'Output', 'file with the secret for --pseudonymize, 16 bytes or more; the same key gives the same pseudonyms'),
  allow: text('FILE', 'Detection', "list of known endpoints and hosts, not to be reported, one per line: a name, '*.name', an address or network, also with ':port'; then 'until 2027-01-31' if it expires, and '# reason'"),
  limit: list('NAME=VALUE', 'Input', `change a limit, for example sessions=100000 or line=64k; the limits are ${LIMIT_NAMES.join(', ')} (docs/reference/limits.md)`, parseLimits),
  'coverage-threshold': value('PERCENT', 'Detection', 'coverage counts as complete if this share of conversations was seen whole (default: 99)', parsePercent, 0.99),
  'log-level': value('LEVEL', 'Messages', `${LOG_LEVELS.join(', ')} (default: warn)`, oneOf(LOG_LEVELS, 'log level'), 'warn'),
  'log-format': value('FORMAT', 'Messages', 'text (default) or json, one object per line', oneOf(['text', 'json'], 'log format'), 'text'),
  quiet: flag('Messages', 'no progress bar, and only error messages', { short: 'q' }),
  'no-progress': flag('Messages', 'no progress bar'),
};

export type OptionName = keyof typeof TABLE;
/** What an option reads as. */
export type ValueOf<Name extends OptionName> = ReturnType<(typeof TABLE)[Name]['parse']>;

/** Flags that mean something else to some commands. */
const FLAGS: Partial<Record<string, string>> = { 'pools-out': 'out', 'report-columns': 'columns', 'pools-names': 'names' };

export const OPTIONS = Object.fromEntries(Object.entries(TABLE).map(([id, option]) => [id, { ...option, name: FLAGS[id] ?? id }])) as {
  readonly [Name in OptionName]: Option<ValueOf<Name>>;
};

/** Who owns a host, and what its mining takes. */
const JUDGEMENT = ['owners', 'asn-db', 'city-db', 'malware', 'pue', 'power-per-address', 'model', 'assume'] as const;
/** Options that several commands have together. */
export const GROUPS = {
  /** Of commands that read inputs: how, and what they find there. */
  reading: ['input-format', 'columns', 'input-tz', 'input-dates', 'jobs', 'limit'],
  window: ['since', 'until', 'last'],
  judgement: JUDGEMENT,
  detection: ['local', 'trust-tunnel', 'trust-exporter', 'pools', 'pools-age', 'names', 'blocks', 'allow', ...JUDGEMENT, 'leases', 'coverage-threshold'],
  written: ['format', 'out', 'out-mode'],
  /** Which hosts are shown, and in which order. */
  shown: ['sort', 'top', 'wide', 'host', 'department', 'pool', 'verdict'],
  /** Who reads the result, in which zone and language. */
  reader: ['for', 'tz', 'lang', 'no-color'],
  sharing: ['pseudonymize', 'pseudonymize-as', 'coarse', 'pseudonym-key'],
  /** What is told of the cases of a night. */
  news: ['accept', 'gone-after', 'send', 'send-always', 'mail-from'],
  messages: ['log-level', 'log-format', 'quiet'],
} as const satisfies Record<string, readonly OptionName[]>;
