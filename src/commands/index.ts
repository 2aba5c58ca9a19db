/**
 * The registry of commands. A new one is one file, one entry here, and its help and options in data/help.json. Options stand
 * there by name, several that go together as their group.
 */
import help from '../../data/help.json' with { type: 'json' };
import type { CommandSpec, Outcome } from './command.ts';
import type { Option } from './option.ts';
import { GROUPS, OPTIONS } from './options.ts';

/** How a command may end beside done, failed and wrong usage. */
export const ALL_OUTCOMES: readonly Outcome[] = ['matched', 'damaged', 'interrupted'];

const SPECS: Readonly<Record<keyof typeof help, Pick<CommandSpec, 'outcomes' | 'load'>>> = {
  scan: { outcomes: ALL_OUTCOMES, load: async () => (await import('./scan.ts')).runScan },
  nightly: { outcomes: ALL_OUTCOMES, load: async () => (await import('./nightly.ts')).runNightly },
  cases: { outcomes: [], load: async () => (await import('./cases.ts')).runCases },
  watch: { outcomes: [], load: async () => (await import('./watch.ts')).runWatch },
  health: { outcomes: [], load: async () => (await import('./health.ts')).runHealth },
  report: { outcomes: ['damaged', 'interrupted'], load: async () => (await import('./report.ts')).runReport },
  merge: { outcomes: ALL_OUTCOMES, load: async () => (await import('./merge.ts')).runMerge },
  history: { outcomes: ['damaged'], load: async () => (await import('./history.ts')).runHistory },
  diff: { outcomes: ['matched'], load: async () => (await import('./diff.ts')).runDiff },
  explain: { outcomes: [], load: async () => (await import('./explain.ts')).runExplain },
  pools: { outcomes: ['interrupted'], load: async () => (await import('./pools.ts')).runPools },
  owners: { outcomes: [], load: async () => (await import('./owners.ts')).runOwners },
  completions: { outcomes: [], load: async () => (await import('./completions.ts')).runCompletions },
  licences: { outcomes: [], load: async () => (await import('./licences.ts')).runLicences },
};

const HELP: Readonly<
  Record<
    string,
    Omit<CommandSpec, 'name' | 'options' | 'usual' | 'outcomes' | 'load'> & {
      options: string;
      usual?: string;
    }
  >
> = help;

/** Whoever has options has them from a file too. */
export const COMMANDS: readonly CommandSpec[] = Object.entries(SPECS).map(([name, spec]) => {
  const { options, usual, ...told } = HELP[name];
  return {
    name,
    ...told,
    ...spec,
    ...(usual === undefined
      ? {}
      : {
          usual: usual
            .split(' ')
            .flatMap(optionsOf)
            .map((each) => each.name),
        }),
    options: options === '' ? [] : `${options} config`.split(' ').flatMap(optionsOf),
  };
});

/** An option, or those of a group. */
function optionsOf(word: string): Option<unknown>[] {
  const groups: Readonly<Record<string, readonly string[] | undefined>> = GROUPS;
  const options: Readonly<Record<string, Option<unknown> | undefined>> = OPTIONS;
  return (groups[word] ?? [word]).map((id) => {
    const option = options[id];
    if (option === undefined) throw new Error(`data/help.json: there is no option ${id}`);
    return option;
  });
}

/** Every option of any command, each once: what minesweep.json may hold. */
export const ALL_OPTIONS: readonly Option<unknown>[] = [
  ...new Set(COMMANDS.flatMap((command) => command.options)),
];
