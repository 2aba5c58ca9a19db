/** The registry of commands. A new one is one file and one entry here; help comes from this list. */
import type { CommandSpec } from './command.ts';
import {
  ALLOW,
  ASN_DB,
  ASSUME,
  ATTRIBUTION,
  CITY_DB,
  COLUMNS,
  COVERAGE_THRESHOLD,
  DATA_DATE,
  EXTRACT,
  FAIL_ON,
  FAIL_ON_CHANGE,
  FORMAT,
  HASH,
  HASHRATE_CHANGE,
  INPUT_FORMAT,
  INPUT_TZ,
  LANG,
  LEAST_VERDICT,
  LOCAL,
  LOG_LEVEL,
  MODEL,
  NAMES,
  NO_COLOR,
  NO_PROGRESS,
  type Option,
  OUT,
  OUTPUT,
  OWNERS,
  POOLS,
  POWER_PER_ADDRESS,
  PSEUDONYM_KEY,
  PSEUDONYMIZE,
  PUE,
  QUIET,
  SINCE,
  STRICT,
  TRAFFIC_CHANGE,
  TZ,
  UNTIL,
} from './options.ts';

export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'scan',
    arguments: [
      {
        name: '<input...>',
        description: 'capture or flow log: a file, a folder (walked), a glob, or - for standard input',
      },
    ],
    summary: 'captures and flow logs in, one audit out',
    description:
      'Finds cryptocurrency mining in captures and flow logs and prints the audit. Format and compression come from content.',
    options: [
      INPUT_FORMAT,
      COLUMNS,
      INPUT_TZ,
      SINCE,
      UNTIL,
      HASH,
      LOCAL,
      POOLS,
      NAMES,
      ALLOW,
      OWNERS,
      ASN_DB,
      CITY_DB,
      PUE,
      POWER_PER_ADDRESS,
      MODEL,
      ASSUME,
      COVERAGE_THRESHOLD,
      FORMAT,
      OUT,
      TZ,
      LANG,
      NO_COLOR,
      PSEUDONYMIZE,
      PSEUDONYM_KEY,
      FAIL_ON,
      STRICT,
      LOG_LEVEL,
      QUIET,
      NO_PROGRESS,
    ],
    examples: [
      { line: 'minesweep scan edge.pcap.gz', does: 'the table, on a terminal' },
      {
        line: 'minesweep scan /var/captures --out audit',
        does: 'a folder; audit.json, CSV files and report.html as well',
      },
      { line: 'tcpdump -w - | minesweep scan - --format ndjson', does: 'live, one object a line' },
      {
        line: 'minesweep scan *.pcap --fail-on probable --quiet',
        does: 'for a script: exit status 3 where found',
      },
    ],
    load: async () => (await import('./scan.ts')).runScan,
  },
  {
    name: 'report',
    arguments: [{ name: '<audit.json>', description: 'an audit that scan wrote, or - for standard input' }],
    summary: 'an audit again in another format',
    description: 'Prints an audit that was made before in another format.',
    options: [FORMAT, OUT, TZ, LANG, NO_COLOR, PSEUDONYMIZE, PSEUDONYM_KEY],
    examples: [
      { line: 'minesweep report audit.json --format markdown', does: 'for a ticket or a wiki' },
      {
        line: 'minesweep report audit.json --format html --lang zh > report.html',
        does: 'one page, in Chinese',
      },
    ],
    load: async () => (await import('./report.ts')).runReport,
  },
  {
    name: 'merge',
    arguments: [
      { name: '<audit.json...>', description: 'audits that scan or merge wrote, or - for standard input' },
    ],
    summary: 'one audit out of several',
    description:
      'Merges audits into the one that a single scan of all their inputs would give, whatever the order they are named in. Connections that go on from one input to the next are read on. Give the options that change what is found as they were given to scan.',
    options: [
      LOCAL,
      POOLS,
      OWNERS,
      ASN_DB,
      CITY_DB,
      PUE,
      POWER_PER_ADDRESS,
      MODEL,
      ASSUME,
      FORMAT,
      OUT,
      TZ,
      LANG,
      NO_COLOR,
      PSEUDONYMIZE,
      PSEUDONYM_KEY,
      FAIL_ON,
      LOG_LEVEL,
      QUIET,
    ],
    examples: [
      { line: 'minesweep merge mon.json tue.json wed.json --out week', does: 'a week out of its days' },
      { line: 'minesweep merge site-*.json --format markdown', does: 'all sites in one table' },
    ],
    load: async () => (await import('./merge.ts')).runMerge,
  },
  {
    name: 'diff',
    arguments: [
      { name: '<old.json>', description: 'the audit to compare with, or - for standard input' },
      { name: '<new.json>', description: 'the audit of later' },
    ],
    summary: 'new, gone and changed miners',
    description:
      'Says which miners are new, gone, moved to another pool or account, grew, shrank or have another verdict. Exits with 3 where a host is new, or has become, probable or confirmed (--fail-on), and on the changes that --fail-on-change names.',
    options: [LEAST_VERDICT, HASHRATE_CHANGE, TRAFFIC_CHANGE, FORMAT, TZ, NO_COLOR, FAIL_ON, FAIL_ON_CHANGE],
    meanings: {
      format: 'table, json or markdown (default: table on a terminal, else json)',
      tz: 'time zone of table and markdown, as in Asia/Shanghai (default: UTC)',
      'fail-on':
        'exit with 3 where a host is new with this verdict or a stronger one, or has come to it: confirmed, probable, suspected, attempted, listed (default: probable)',
    },
    examples: [
      { line: 'minesweep diff yesterday.json today.json', does: 'one line a host, on a terminal' },
      {
        line: 'minesweep diff base.json now.json -f markdown --fail-on-change moved,grew',
        does: 'for a pipeline: exit status 3 on new, moved and grown miners',
      },
    ],
    load: async () => (await import('./diff.ts')).runDiff,
  },
  {
    name: 'explain',
    arguments: [
      { name: '<ip>', description: 'address of a host in the audit' },
      { name: '<audit.json>', description: 'an audit that scan wrote, or - for standard input' },
    ],
    summary: 'why an address has its verdict, fact by fact',
    description:
      'Tells the story of one host of an audit: verdict and rule, each fact and where it stands, sessions, rates, what was not seen.',
    options: [EXTRACT, TZ],
    meanings: { tz: 'time zone of times, as in Asia/Shanghai (default: UTC)' },
    examples: [
      { line: 'minesweep explain 192.0.2.11 audit.json', does: 'the story in sentences' },
      {
        line: 'minesweep explain 192.0.2.11 audit.json --extract case.pcap',
        does: 'and the packets of its sessions, for the case file',
      },
    ],
    load: async () => (await import('./explain.ts')).runExplain,
  },
  {
    name: 'pools',
    arguments: [
      { name: '<action>', description: 'list, check or import' },
      { name: '[words...]', description: 'what to list, the hosts to check, the files to import' },
    ],
    summary: 'the catalogue of pool endpoints',
    description:
      'Lists the catalogue, says what it knows of a host and why, or what would come in from a feed.',
    options: [FORMAT, POOLS],
    meanings: { format: 'of list: table, json or csv (default: table)' },
    examples: [
      { line: 'minesweep pools list monero', does: 'entries with the word in name, domain or coin' },
      {
        line: 'minesweep pools check xmr-eu1.nanopool.org:14444',
        does: 'pool or web site, and by which rule',
      },
      { line: 'minesweep pools import feed.txt', does: 'what --pools would take of it, and what not' },
    ],
    load: async () => (await import('./pools.ts')).runPools,
  },
  {
    name: 'owners',
    arguments: [
      { name: '<action>', description: 'build' },
      { name: '<csv...>', description: 'tables of address ranges: ip-location-db, iptoasn; also gzipped' },
    ],
    summary: 'an owner database from newer data',
    description: 'Compiles tables of address ranges to a database for --asn-db.',
    options: [OUTPUT, ATTRIBUTION, DATA_DATE],
    examples: [
      { line: 'minesweep owners build asn-ipv4.csv asn-ipv6.csv --output owners.mmdb', does: 'for --asn-db' },
    ],
    load: async () => (await import('./owners.ts')).runOwners,
  },
];

/** Every option of any command, each once: what minesweep.json may hold. */
export const ALL_OPTIONS: readonly Option<unknown>[] = [
  ...new Set(COMMANDS.flatMap((command) => command.options)),
];
