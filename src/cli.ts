/**
 * The program: arguments to a command, its outcome to an exit status. The only file that reads argv, env and the
 * process's streams. Commands load their code when they are called, so that --version and --help answer at once.
 */
import { isIP } from 'node:net';
import { Option as CliOption, Command, CommanderError } from 'commander';
import type { CommandSpec, Outcome, Streams } from './commands/command.ts';
import { CONFIG_FILE, readConfigFile, Settings, variableName } from './commands/config.ts';
import { ALL_OPTIONS, ALL_OUTCOMES, COMMANDS } from './commands/index.ts';
import { createLog } from './commands/log.ts';
import type { Option } from './commands/option.ts';
import { pageWidth } from './commands/output.ts';
import { beginning, codeOf, fail, MinesweepError } from './errors.ts';
import { escapeTerminal } from './escape.ts';
import { hanging } from './report/width.ts';
import { withoutCredentials } from './secret.ts';
import { VERSION } from './version.ts';

/** From outcome to exit status: the one table, for the program and its help. */
export const EXIT: Readonly<Record<Outcome, { readonly status: number; readonly meaning: string }>> = {
  done: { status: 0, meaning: 'done' },
  failed: { status: 1, meaning: 'the run failed, or every input was unreadable' },
  usage: { status: 2, meaning: 'wrong usage' },
  matched: { status: 3, meaning: 'done, and --fail-on matched' },
  damaged: {
    status: 4,
    meaning: 'done, but input was damaged or no data was in range (--strict makes it 1)',
  },
  interrupted: { status: 5, meaning: 'interrupted; the audit is partial and says so' },
};

/** Help is no wider than this on any terminal. */
const HELP_AT_MOST = 100;

/** Runs the program and returns its exit status. Throws nothing; a bug is printed with its stack. */
export async function main(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  streams: Streams = process,
): Promise<number> {
  // A reader that goes away is not a failure; writers look at their own errors.
  for (const stream of [streams.stdout, streams.stderr]) stream.on('error', () => undefined);
  try {
    return EXIT[await run(argv, env, streams)].status;
  } catch (error) {
    return EXIT[printError(error, argv[0], streams)].status;
  }
}

async function run(argv: readonly string[], env: NodeJS.ProcessEnv, streams: Streams): Promise<Outcome> {
  let outcome: Outcome = 'done';
  const width = Math.min(HELP_AT_MOST, pageWidth(streams.stdout, env));
  const isHelp = argv[0] === 'help' || argv.includes('--help') || argv.includes('-h');
  const isWhole = isHelp && argv.includes('--all');
  const words = isWhole ? argv.filter((word) => word !== '--all') : argv;
  const program = buildProgram(streams, width, isWhole, async (command, args, flags) => {
    const named = new Settings(flags, env, new Map()).read('config');
    const { words: set, messages } = readConfigFile(workingFolder(), named, ALL_OPTIONS);
    const settings = new Settings(flags, env, set, named ?? CONFIG_FILE);
    if (messages.length > 0) {
      const log = await createLog({ settings, streams, env });
      for (const [level, message] of messages) log.write(level, message);
      log.close();
    }
    const execute = await command.load();
    outcome = await execute(args, { streams, env, settings, commands: COMMANDS });
  });
  if (argv.length === 0) {
    streams.stderr.write(program.helpInformation());
    return 'usage';
  }
  const [word, asked] = words;
  if (word === 'help' && asked !== undefined && !COMMANDS.some(({ name }) => name === asked)) {
    fail('USAGE', `there is no command '${beginning(asked)}'`, {
      hint: `Commands: ${COMMANDS.map(({ name }) => name).join(', ')}.`,
    });
  }
  try {
    await program.parseAsync([...spreadNetworks(words)], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError && (error.exitCode === 0 || HELP_SHOWN.has(error.code)))
      return 'done';
    throw error;
  }
  return outcome;
}

/** What commander throws behind a help or version that it has printed. */
const HELP_SHOWN: ReadonlySet<string> = new Set([
  'commander.help',
  'commander.helpDisplayed',
  'commander.version',
]);

/** The working directory; one that was deleted has no settings file. */
function workingFolder(): string {
  try {
    return process.cwd();
  } catch {
    return '.';
  }
}

type Action = (
  command: CommandSpec,
  args: readonly string[],
  flags: ReadonlyMap<string, readonly string[]>,
) => Promise<void>;

function buildProgram(streams: Streams, width: number, isWhole: boolean, action: Action): Command {
  const program = new Command('minesweep')
    .description('Finds cryptocurrency mining in network traffic and turns it into an audit.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .configureHelp({ helpWidth: width })
    .configureOutput({
      writeOut: (text) => streams.stdout.write(text),
      // Errors are printed by main, in two lines.
      writeErr: () => undefined,
      outputError: () => undefined,
    })
    .exitOverride()
    .addHelpText('after', `\n${exitHelp(ALL_OUTCOMES, width)}`);
  for (const spec of COMMANDS) addCommand(program, spec, width, isWhole, action);
  return program;
}

/** Examples in the help that fits a screen. */
const EXAMPLES_OF_SHORT = 2;
/** Groups of usual options that would be one line each. */
const SMALL_GROUPS = ['Messages'];

/** `isWhole`: its help lists all options in full; else the usual ones, a line or two each, so that it fits a screen. */
function addCommand(
  program: Command,
  spec: CommandSpec,
  width: number,
  isWhole: boolean,
  action: Action,
): void {
  const { usual } = spec;
  const flags = new Map<string, string[]>();
  const command = program.command(spec.name).summary(spec.summary).description(spec.description);
  for (const [name, description] of Object.entries(spec.arguments))
    command.argument(name, isWhole ? description : briefly(description));
  for (const option of spec.options) {
    const meaning = spec.meanings?.[option.name] ?? option.description;
    const described = isWhole
      ? new CliOption(flagsOf(option), meaning)
      : new CliOption(flagsOf(option).replace(/\|[^>]*(?=>)/, ''), briefly(meaning));
    const group = !isWhole && SMALL_GROUPS.includes(option.group) ? 'Output' : option.group;
    described.helpGroup(`${group}:`).hideHelp(!isWhole && usual?.includes(option.name) === false);
    command.addOption(described);
    command.on(`option:${option.name}`, (word: string | null | undefined) => {
      const words = flags.get(option.name) ?? [];
      words.push(word ?? '');
      flags.set(option.name, words);
    });
  }
  command
    .optionsGroup(isWhole ? 'Help:' : 'Output:')
    .helpOption('-h, --help', 'print this help')
    .configureHelp({ helpWidth: width })
    .addHelpText(
      'after',
      isWhole
        ? `\n${examplesHelp(spec, width)}\n${settingsHelp(spec, width)}${exitHelp(spec.outcomes, width)}`
        : `\n${examplesHelp(spec, width, EXAMPLES_OF_SHORT)}\n${hanging('', moreHelp(spec), width).join('\n')}\n`,
    )
    .action(async () => action(spec, command.args, flags));
}

function flagsOf(option: Option<unknown>): string {
  const short = option.short === undefined ? '' : `-${option.short}, `;
  const { argument } = option;
  const value = argument === null ? '' : argument.startsWith('[') ? ` ${argument}` : ` <${argument}>`;
  return `${short}--${option.name}${value}`;
}

function examplesHelp(spec: CommandSpec, width: number, most?: number): string {
  const all = Object.entries(spec.examples);
  const examples =
    most === undefined
      ? all
      : all.slice(0, most).map(([line, does]): [string, string] => [line, does.split('; ')[0] ?? '']);
  const widest = Math.max(...examples.map(([line]) => line.length));
  const fits = examples.every(([, does]) => widest + does.length + 4 <= width);
  // If there is no room beside the lines, the explanation goes below each line.
  const lines = examples.flatMap(([line, does]) =>
    fits ? [`  ${line.padEnd(widest)}  ${does}`] : [`  ${line}`, ...hanging('      ', does, width)],
  );
  return `Examples:\n${lines.join('\n')}\n`;
}

function moreHelp({ name, options, usual = [] }: CommandSpec): string {
  const more = usual.length > 0 ? `${options.length - usual.length} more options` : 'all values';
  return `minesweep help ${name} --all lists ${more}, settings and exit statuses.`;
}

/** The beginning of a description: without values, defaults and exceptions. */
function briefly(description: string): string {
  const clause = /^for [\w, ]+: /.exec(description)?.[0] ?? '';
  const [said = ''] = description.slice(clause.length).split(/; | \(|: /);
  return `${clause}${said}`;
}

function settingsHelp(spec: CommandSpec, width: number): string {
  if (spec.options.length === 0) return '';
  const name = spec.options.some((option) => option.name === 'fail-on')
    ? 'fail-on'
    : (spec.options[0]?.name ?? '');
  const sentences = [
    `Every option can also be set in the environment and in ${CONFIG_FILE} in the working directory; flags take precedence over the environment, the environment over the file.`,
    `--${name}, ${variableName(name)} and "${name}" in ${CONFIG_FILE} are the same.`,
    'NO_COLOR, FORCE_COLOR, TERM=dumb and COLUMNS are respected.',
  ];
  return `Settings:\n${sentences.flatMap((each) => hanging('  ', each, width)).join('\n')}\n\n`;
}

/** The statuses that a command may end with: done, failed and wrong usage always. */
function exitHelp(outcomes: readonly Outcome[], width: number): string {
  const ends: readonly Outcome[] = ['done', 'failed', 'usage', ...outcomes];
  const lines = ends.flatMap((end) => hanging(`  ${EXIT[end].status}  `, EXIT[end].meaning, width));
  return `Exit status:\n${lines.join('\n')}\n`;
}

/** `--local A B` means both: words that can only be networks belong to the --local before them. */
function* spreadNetworks(argv: readonly string[]): Generator<string> {
  const flag = '--local';
  let after = 0;
  for (const word of argv) {
    if (after >= 2 && isPrefix(word)) yield flag;
    else if (after >= 2) after = 0;
    if (word === flag) after = 1;
    else if (after > 0) after++;
    yield word;
  }
}

function isPrefix(word: string): boolean {
  return /\/\d{1,3}$/.test(word) && isIP(word.slice(0, word.lastIndexOf('/'))) !== 0;
}

function helpHint(word: string | undefined): string {
  // Whoever names a file first wants it scanned.
  if (word !== undefined && /[./*:]/.test(word))
    return `To scan it: minesweep scan ${escapeTerminal(withoutCredentials(word))}`;
  return COMMANDS.some(({ name }) => name === word)
    ? `minesweep help ${word} lists its arguments and options.`
    : 'minesweep --help lists the commands.';
}

/** What an argument that is missing is, with an example; null for another message. */
function argumentHint(message: string, word: string | undefined): string | null {
  const missing = /^missing required argument '(.+)'$/.exec(message)?.[1];
  const spec = COMMANDS.find(({ name }) => name === word);
  const found = spec?.arguments[`<${missing}>`] ?? spec?.arguments[`<${missing}...>`];
  if (spec === undefined || found === undefined) return null;
  const [example = ''] = Object.keys(spec.examples);
  return `${missing}: ${briefly(found)}. For example: ${example}`;
}

function printError(error: unknown, word: string | undefined, streams: Streams): Outcome {
  const print = (line: string): boolean => streams.stderr.write(`${line}\n`);
  if (error instanceof CommanderError) {
    const [message = '', suggestion = ''] = error.message.replace(/^error: /, '').split('\n');
    // Behind the name of an option that there is none of may stand a password.
    const shown = withoutCredentials(message).replace(/^(unknown option '[^=]*)=.*'$/, `$1'`);
    print(`minesweep: ${escapeTerminal(shown)}`);
    print(
      `  ${argumentHint(message, word) ?? (suggestion === '' ? helpHint(word) : escapeTerminal(suggestion))}`,
    );
    return 'usage';
  }
  if (error instanceof MinesweepError) {
    const where = error.where === undefined ? '' : `${error.where}: `;
    print(`minesweep: ${escapeTerminal(where + error.message)}`);
    if (error.hint !== undefined) print(`  ${escapeTerminal(error.hint)}`);
    return error.code === 'USAGE' ? 'usage' : 'failed';
  }
  if (codeOf(error) === 'EMFILE') {
    print('minesweep: the system lets the program open too few files at once');
    print('  Raise the limit: ulimit -n 256.');
    return 'failed';
  }
  print('minesweep: this is a bug; please report it with these lines');
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  for (const line of stack.split('\n')) print(escapeTerminal(withoutCredentials(line)));
  return 'failed';
}
