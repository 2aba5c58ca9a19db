/** The registry of commands. A new one is one file and one entry here; help comes from this list. */
import type { CommandSpec } from './command.ts';
import type { Option } from './option.ts';
import { OPTIONS, type OptionName } from './options.ts';

/** Of commands that read inputs: how, and what they find there. */
const READING = ['input-format', 'columns', 'input-tz', 'jobs', 'limit'] as const;
const WINDOW = ['since', 'until', 'last'] as const;
/** Who owns a host, and what its mining takes. */
const JUDGEMENT = [
  'owners',
  'asn-db',
  'city-db',
  'malware',
  'pue',
  'power-per-address',
  'model',
  'assume',
] as const;
const DETECTION = [
  'local',
  'trust-tunnel',
  'trust-exporter',
  'pools',
  'pools-age',
  'names',
  'blocks',
  'allow',
  ...JUDGEMENT,
  'leases',
  'coverage-threshold',
] as const;
const WRITTEN = ['format', 'out', 'out-mode'] as const;
/** Which hosts are shown, and in which order. */
const SHOWN = ['sort', 'top', 'host', 'department', 'pool', 'verdict'] as const;
/** Who reads the result: in which zone and language. */
const READER = ['tz', 'lang', 'no-color'] as const;
const SHARING = ['pseudonymize', 'pseudonym-key'] as const;
/** What is told of the cases of a night. */
const NEWS = ['gone-after', 'send', 'send-always', 'mail-from'] as const;
const MESSAGES = ['log-level', 'log-format', 'quiet'] as const;

const SPECS: readonly (Omit<CommandSpec, 'options'> & { readonly options: readonly OptionName[] })[] = [
  {
    name: 'scan',
    arguments: {
      '<input...>':
        'capture or flow log: a file, a folder (walked), a glob, - for standard input, objects (s3://bucket/prefix), or the address of a store (clickhouse://…)',
    },
    summary: 'scan captures and flow logs into one audit',
    description:
      'Finds cryptocurrency mining in captures and flow logs and prints the audit. It recognises format and compression by the content.',
    options: [
      ...READING,
      ...WINDOW,
      'state',
      'checkpoint',
      'instance-role',
      'store-password-file',
      'explain-sql',
      'hash',
      ...DETECTION,
      ...WRITTEN,
      'packs',
      ...SHOWN,
      'compare',
      ...READER,
      ...SHARING,
      'fail-on',
      'strict',
      ...MESSAGES,
      'no-progress',
    ],
    outcomes: ['matched', 'damaged', 'interrupted'],
    examples: {
      'minesweep scan edge.pcap.gz': 'one capture; prints the table on a terminal',
      'minesweep scan /var/captures --out audit':
        'a folder; also writes audit.json, CSV files and report.html',
      'tcpdump -w - | minesweep scan - --format ndjson': 'live; prints one JSON object per line',
      'minesweep scan *.pcap --fail-on probable --quiet': 'for a script: exit status 3 if a miner was found',
      'minesweep scan "clickhouse://ch:8123/default?table=flows" --pools pools.txt':
        'the last 24 hours of a flow store',
    },
    load: async () => (await import('./scan.ts')).runScan,
  },
  {
    name: 'nightly',
    arguments: { '<input...>': 'captures or flow logs of the night, as for scan' },
    summary: 'scan a night and tell only what is new',
    description:
      'Scans like scan, compares with the cases in --cases, and tells only news: machines that are new, back, worse or gone. A run that fails leaves the cases as they were; a night that is not complete closes none.',
    options: [
      'cases',
      ...NEWS,
      ...READING,
      ...WINDOW,
      'instance-role',
      'store-password-file',
      'hash',
      ...DETECTION,
      ...WRITTEN,
      'packs',
      'compare',
      ...READER,
      'fail-on',
      'strict',
      ...MESSAGES,
      'no-progress',
    ],
    outcomes: ['matched', 'damaged', 'interrupted'],
    meanings: {
      out: 'also write the audit of the night, in a folder of its date there',
      packs:
        'also write a folder for each department, in a folder of the date there: page, ticket, CSV, audit, and a mail to its contact',
      format:
        'table, ticket, json, ndjson, junit, html; or eve, ecs, ocsf, misp, stix, arkime of the hosts that are news (default: table on a terminal, else json)',
      'fail-on':
        'news of this verdict or a stronger one are told, and make the exit status 3: confirmed, probable, suspected, attempted, listed (default: probable)',
    },
    examples: {
      'minesweep nightly /var/captures --last 24h --cases c.json --send mail:root': 'a mail if there is news',
      'minesweep nightly a.pcap --cases c.json --format junit > news.xml':
        'for a pipeline: exit status 3 if there is news',
    },
    load: async () => (await import('./nightly.ts')).runNightly,
  },
  {
    name: 'cases',
    arguments: {
      '<action>': 'list, show, ack or close',
      '<words...>': 'the file of --cases; then cases, by address, hardware address, host name, user or id',
    },
    summary: 'show, acknowledge or close the cases that nightly keeps',
    description:
      'list prints the cases, show their history. ack says that a case is known: nothing is told of it until a day, and again afterwards. close says that it is settled: if the machine mines again, that is news.',
    options: ['until', 'because', 'by', 'format', 'tz', 'lang'],
    outcomes: [],
    meanings: {
      until: 'the last day of an acknowledgement, for example 2027-01-31',
      format: 'table or json (default: table)',
    },
    examples: {
      'minesweep cases list c.json': 'a line for each case',
      'minesweep cases ack c.json 192.0.2.11 --until 2027-01-31 --because course':
        'no news of this machine until then',
    },
    load: async () => (await import('./cases.ts')).runCases,
  },
  {
    name: 'watch',
    arguments: { '<folder...>': 'folders into which files rotate, or - for a pipe' },
    summary: 'keep an audit current while files rotate in',
    description:
      'Reads each file of the folders once, as soon as it is complete, and keeps the audit in --out current. The audit of each finished period goes to a folder of its own there. SIGTERM ends the program, SIGHUP makes it read the lists again.',
    options: [
      ...READING,
      'state',
      'quiet-time',
      ...DETECTION,
      'out',
      'out-mode',
      'every',
      'period',
      'alerts',
      'alert-from',
      'alert-repeat',
      'cases',
      ...NEWS,
      'fail-on',
      'tz',
      'lang',
      'compare',
      ...SHARING,
      ...MESSAGES,
    ],
    outcomes: [],
    meanings: {
      'fail-on': 'news of --cases: of this verdict or a stronger one (default: probable)',
      state: 'save the state in this file, so that a restart continues from it; the file is private',
    },
    examples: {
      'minesweep watch /var/captures --out audits --state audits/state':
        'the audit of today in audits, those of earlier days in folders there',
      'tcpdump -U -w - | minesweep watch - --out audits --alerts eve:alerts.json':
        'a live capture, with alerts in the format of Suricata (EVE)',
    },
    load: async () => (await import('./watch.ts')).runWatch,
  },
  {
    name: 'report',
    arguments: { '<audit.json>': 'an audit that scan wrote, or - for standard input' },
    summary: 'print an audit in another format',
    description: 'Prints an existing audit in another format.',
    options: [
      ...WRITTEN,
      'packs',
      ...SHOWN,
      'compare',
      'report-columns',
      ...READER,
      ...SHARING,
      'strict',
      'log-format',
    ],
    outcomes: ['damaged', 'interrupted'],
    examples: {
      'minesweep report audit.json --format markdown': 'for a ticket or a wiki',
      'minesweep report audit.json --format html --lang zh > report.html': 'one page, in Chinese',
    },
    load: async () => (await import('./report.ts')).runReport,
  },
  {
    name: 'merge',
    arguments: {
      '<audit.json...>': 'audits that scan or merge wrote, or - for standard input',
    },
    summary: 'merge several audits into one',
    description:
      'Merges audits into one, in any order. Joins sessions that continue from one audit to the next, and counts what cannot be joined. Give the same detection options as for scan.',
    options: [
      'local',
      'pools',
      ...JUDGEMENT,
      ...WRITTEN,
      ...SHOWN,
      'compare',
      'report-columns',
      ...READER,
      ...SHARING,
      'fail-on',
      'strict',
      ...MESSAGES,
    ],
    outcomes: ['matched', 'damaged', 'interrupted'],
    examples: {
      'minesweep merge mon.json tue.json wed.json --out week': 'one audit of three days',
      'minesweep merge site-*.json --format markdown': 'all sites in one table',
    },
    load: async () => (await import('./merge.ts')).runMerge,
  },
  {
    name: 'history',
    arguments: {
      '<dir...>': 'folders with audits of many days (every audit.json below them), or audits',
    },
    summary: 'show many audits by day and by owner',
    description:
      'Shows miners, traffic, electricity and hashrate by day and by owner, from the audits that scan, watch or nightly wrote. An audit whose inputs are counted already, and one of some hosts only, is left out.',
    options: ['format', 'tz', 'lang', 'strict', ...MESSAGES],
    outcomes: ['damaged'],
    meanings: {
      strict: 'exit with 1, not 4, if an audit could not be read',
      format: 'csv, html, prometheus (default: csv)',
      tz: 'time zone of the days, as in Asia/Shanghai (default: UTC)',
      lang: 'language of html: en, zh (default: en)',
    },
    examples: {
      'minesweep history /var/audits --format html > history.html': 'a page with charts',
      'minesweep history site-a site-b --tz Europe/Berlin > history.csv':
        'two sites, in days of that zone, a figure a line',
    },
    load: async () => (await import('./history.ts')).runHistory,
  },
  {
    name: 'diff',
    arguments: {
      '<old.json>': 'the audit to compare with, or - for standard input',
      '<new.json>': 'the later audit',
    },
    summary: 'show new, gone and changed miners',
    description:
      'Lists miners that are new, gone, moved to another pool or account, grew, shrank or changed verdict. Exits with 3 if a host is now probable or confirmed and was not before (--fail-on), and on the changes that --fail-on-change names.',
    options: ['least', 'hashrate-change', 'traffic-change', 'format', ...READER, 'fail-on', 'fail-on-change'],
    outcomes: ['matched'],
    meanings: {
      format: 'table, json or markdown (default: table on a terminal, else json)',
      tz: 'time zone of table and markdown, as in Asia/Shanghai (default: UTC)',
      least: 'ignore hosts with a weaker verdict (default: suspected, or that of --fail-on)',
      'fail-on':
        'exit with 3 if a host has this verdict or a stronger one, and had not before: confirmed, probable, suspected, attempted, listed (default: probable)',
    },
    examples: {
      'minesweep diff yesterday.json today.json': 'prints one line per host on a terminal',
      'minesweep diff base.json now.json -f markdown --fail-on-change moved,grew':
        'for a pipeline: exit status 3 on new, moved and grown miners',
    },
    load: async () => (await import('./diff.ts')).runDiff,
  },
  {
    name: 'explain',
    arguments: {
      '<ip>': 'address of a host in the audit',
      '<audit.json>': 'an audit that scan wrote, its folder, or - for standard input',
    },
    summary: 'explain why an address has its verdict',
    description:
      'Explains one host of an audit: the verdict and its rule, each fact and where it was seen, the sessions, the rates, and what could not be observed.',
    options: ['captures', 'extract', 'bundle', 'letter', 'with-secrets', 'tz', 'lang'],
    outcomes: [],
    meanings: { tz: 'time zone of times, as in Asia/Shanghai (default: UTC)' },
    examples: {
      'minesweep explain 192.0.2.11 audit.json': 'the explanation as text',
      'minesweep explain 192.0.2.11 audit.json --extract case.pcap':
        'also writes the packets of its sessions',
      'minesweep explain 192.0.2.11 audits/mon --bundle case.zip --captures /archive':
        'a case file, with packets from where the captures are now',
      'minesweep explain 192.0.2.11 audit.json --letter > letter.txt':
        'a letter to the pool, with account and times, to be signed and sent',
    },
    load: async () => (await import('./explain.ts')).runExplain,
  },
  {
    name: 'pools',
    arguments: {
      '<action>': 'list, check, import, export or resolve',
      '[words...]': 'what to list, the hosts to check, the files to import, the format to export',
    },
    summary: 'list, check, extend or export the catalogue of pools',
    description:
      'list prints the catalogue. check says what the catalogue knows about a host, and why. import turns a feed into a list for --pools. export writes addresses or names for another tool. resolve looks up the addresses of mining names; it is the only command that uses DNS.',
    options: [
      'format',
      'pools',
      'pools-out',
      'domains',
      'class',
      'server',
      'rate',
      'pools-names',
      'log-level',
      'quiet',
      'no-progress',
    ],
    outcomes: ['interrupted'],
    meanings: {
      format: 'for list: table, json or csv (default: table)',
    },
    examples: {
      'minesweep pools list monero': 'entries with the word in name, domain or coin',
      'minesweep pools check xmr-eu1.nanopool.org:14444':
        'says if it is a pool or a web site, and by which rule',
      'minesweep pools import threatfox.csv --out miners.csv':
        'makes a list for --pools from a feed; reports what was refused',
      'minesweep pools export nfdump --pools endpoints.txt':
        'prints the addresses of a list as a filter; also suricata-rules, suricata-dataset, csv, akvorado',
      'minesweep pools export rpz > mining.rpz':
        'prints the names of mining hosts; also hosts, dnsmasq, adblock, zeek-intel, suricata-json, misp-warninglist',
      'minesweep pools resolve --out endpoints.csv':
        'looks mining names up in DNS and writes a list for --pools',
    },
    load: async () => (await import('./pools.ts')).runPools,
  },
  {
    name: 'owners',
    arguments: {
      '<action>': 'build',
      '<csv...>': 'tables of address ranges: ip-location-db, iptoasn; also gzipped',
    },
    summary: 'build an owner database from newer data',
    description: 'Builds a database for --asn-db from tables of address ranges.',
    options: ['output', 'attribution', 'data-date'],
    outcomes: [],
    examples: {
      'minesweep owners build asn-ipv4.csv asn-ipv6.csv --output owners.mmdb': 'for --asn-db',
    },
    load: async () => (await import('./owners.ts')).runOwners,
  },
  {
    name: 'completions',
    arguments: { '<shell>': 'bash, zsh or fish; or man for the man page' },
    summary: 'print completions for a shell, or the man page',
    description: 'Prints completions for a shell, or the man page.',
    options: [],
    outcomes: [],
    examples: {
      'source <(minesweep completions bash)': 'in ~/.bashrc',
      'minesweep completions man | man -l -': 'the man page',
    },
    load: async () => (await import('./completions.ts')).runCompletions,
  },
  {
    name: 'licences',
    arguments: {},
    summary: 'print the licences of what is shipped with the program',
    description: 'Prints each package and data set that is part of the program, with its licence.',
    options: [],
    outcomes: [],
    examples: { 'minesweep licences | less': 'to read them' },
    load: async () => (await import('./licences.ts')).runLicences,
  },
];

/** Whoever has options has them from a file too. */
export const COMMANDS: readonly CommandSpec[] = SPECS.map(({ options, ...spec }) => {
  const names: readonly OptionName[] = options.length === 0 ? [] : [...options, 'config'];
  return { ...spec, options: names.map((name) => OPTIONS[name]) };
});

/** Every option of any command, each once: what minesweep.json may hold. */
export const ALL_OPTIONS: readonly Option<unknown>[] = [
  ...new Set(COMMANDS.flatMap((command) => command.options)),
];
