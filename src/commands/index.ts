/** The registry of commands. A new one is one file, one entry here, and its help in data/help.json. */
import help from '../../data/help.json' with { type: 'json' };
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

const SPECS: Readonly<
  Record<
    keyof typeof help,
    Pick<CommandSpec, 'outcomes' | 'load'> & { readonly options: readonly OptionName[] }
  >
> = {
  scan: {
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
    load: async () => (await import('./scan.ts')).runScan,
  },
  nightly: {
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
    load: async () => (await import('./nightly.ts')).runNightly,
  },
  cases: {
    options: ['until', 'because', 'by', 'format', 'tz', 'lang'],
    outcomes: [],
    load: async () => (await import('./cases.ts')).runCases,
  },
  watch: {
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
    load: async () => (await import('./watch.ts')).runWatch,
  },
  report: {
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
    load: async () => (await import('./report.ts')).runReport,
  },
  merge: {
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
    load: async () => (await import('./merge.ts')).runMerge,
  },
  history: {
    options: ['format', 'tz', 'lang', 'strict', ...MESSAGES],
    outcomes: ['damaged'],
    load: async () => (await import('./history.ts')).runHistory,
  },
  diff: {
    options: ['least', 'hashrate-change', 'traffic-change', 'format', ...READER, 'fail-on', 'fail-on-change'],
    outcomes: ['matched'],
    load: async () => (await import('./diff.ts')).runDiff,
  },
  explain: {
    options: ['captures', 'extract', 'bundle', 'letter', 'with-secrets', 'tz', 'lang'],
    outcomes: [],
    load: async () => (await import('./explain.ts')).runExplain,
  },
  pools: {
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
    load: async () => (await import('./pools.ts')).runPools,
  },
  owners: {
    options: ['output', 'attribution', 'data-date'],
    outcomes: [],
    load: async () => (await import('./owners.ts')).runOwners,
  },
  completions: {
    options: [],
    outcomes: [],
    load: async () => (await import('./completions.ts')).runCompletions,
  },
  licences: {
    options: [],
    outcomes: [],
    load: async () => (await import('./licences.ts')).runLicences,
  },
};

const HELP: Readonly<Record<string, Omit<CommandSpec, 'name' | 'options' | 'outcomes' | 'load'>>> = help;

/** Whoever has options has them from a file too. */
export const COMMANDS: readonly CommandSpec[] = Object.entries(SPECS).map(([name, { options, ...spec }]) => {
  const names: readonly OptionName[] = options.length === 0 ? [] : [...options, 'config'];
  return { name, ...HELP[name], ...spec, options: names.map((id) => OPTIONS[id]) };
});

/** Every option of any command, each once: what minesweep.json may hold. */
export const ALL_OPTIONS: readonly Option<unknown>[] = [
  ...new Set(COMMANDS.flatMap((command) => command.options)),
];
