/** The registry of commands. A new one is one file, one entry here, and its help in data/help.json. */
import help from '../../data/help.json' with { type: 'json' };
import type { CommandSpec } from './command.ts';
import type { Option } from './option.ts';
import { GROUPS, OPTIONS, type OptionName } from './options.ts';

const SPECS: Readonly<
  Record<
    keyof typeof help,
    Pick<CommandSpec, 'outcomes' | 'load'> & { readonly options: readonly OptionName[] }
  >
> = {
  scan: {
    options: [
      ...GROUPS.reading,
      ...GROUPS.window,
      'state',
      'checkpoint',
      'instance-role',
      'store-password-file',
      'explain-sql',
      'hash',
      ...GROUPS.detection,
      ...GROUPS.written,
      'packs',
      ...GROUPS.shown,
      'compare',
      ...GROUPS.reader,
      ...GROUPS.sharing,
      'fail-on',
      'strict',
      ...GROUPS.messages,
      'no-progress',
    ],
    outcomes: ['matched', 'damaged', 'interrupted'],
    load: async () => (await import('./scan.ts')).runScan,
  },
  nightly: {
    options: [
      'cases',
      ...GROUPS.news,
      ...GROUPS.reading,
      ...GROUPS.window,
      'instance-role',
      'store-password-file',
      'hash',
      ...GROUPS.detection,
      ...GROUPS.written,
      'packs',
      'compare',
      ...GROUPS.reader,
      'fail-on',
      'strict',
      ...GROUPS.messages,
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
      ...GROUPS.reading,
      'state',
      'quiet-time',
      ...GROUPS.detection,
      'out',
      'out-mode',
      'every',
      'period',
      'alerts',
      'alert-from',
      'alert-repeat',
      'cases',
      ...GROUPS.news,
      'fail-on',
      'tz',
      'lang',
      'compare',
      ...GROUPS.sharing,
      ...GROUPS.messages,
    ],
    outcomes: [],
    load: async () => (await import('./watch.ts')).runWatch,
  },
  report: {
    options: [
      ...GROUPS.written,
      'packs',
      ...GROUPS.shown,
      'compare',
      'report-columns',
      ...GROUPS.reader,
      ...GROUPS.sharing,
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
      ...GROUPS.judgement,
      ...GROUPS.written,
      ...GROUPS.shown,
      'compare',
      'report-columns',
      ...GROUPS.reader,
      ...GROUPS.sharing,
      'fail-on',
      'strict',
      ...GROUPS.messages,
    ],
    outcomes: ['matched', 'damaged', 'interrupted'],
    load: async () => (await import('./merge.ts')).runMerge,
  },
  history: {
    options: ['format', 'tz', 'lang', 'strict', ...GROUPS.messages],
    outcomes: ['damaged'],
    load: async () => (await import('./history.ts')).runHistory,
  },
  diff: {
    options: [
      'least',
      'hashrate-change',
      'traffic-change',
      'format',
      ...GROUPS.reader,
      'fail-on',
      'fail-on-change',
    ],
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
