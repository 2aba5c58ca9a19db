/** `minesweep completions SHELL`: completions of commands and options for bash, zsh and fish, and a man page, from the registry. */
import { fail } from '../errors.ts';
import { POOL_EXPORT_FORMATS } from '../pools/export.ts';
import type { CommandSpec, Execute } from './command.ts';
import type { Option } from './option.ts';
import { writeAll } from './output.ts';

type Commands = readonly CommandSpec[];

const SHELLS: Readonly<Record<string, (commands: Commands) => string>> = { bash, zsh, fish, man: manPage };

/** Prints the script of the shell. Throws USAGE for a shell that is not known. */
export const runCompletions: Execute = async ([shell = ''], context) => {
  const make = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
  if (make === undefined) {
    return fail('USAGE', `'${shell}' is not a shell`, { hint: `One of: ${Object.keys(SHELLS).join(', ')}.` });
  }
  await writeAll(context.streams.stdout, [make(context.commands)]);
  return 'done';
};

/** Values that an option names in its description as 'a, b, c', for completion: formats, verdicts, sort keys. */
function wordsOf({ argument, description }: Option<unknown>): string[] {
  if (argument === null) return [];
  const list = /(?:^|: )((?:[a-z][a-z0-9-]*, )+[a-z][a-z0-9-]*)/.exec(description)?.[1];
  return list?.split(', ') ?? [];
}

/** Actions that a command takes as its first word, as its help names them: 'list, check or resolve'. */
function actionsOf({ arguments: words }: CommandSpec): string[] {
  return words['<action>']?.split(/, | or /) ?? [];
}

/** What follows an action, where it is one of a list. */
const FOLLOWING: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  pools: { export: POOL_EXPORT_FORMATS.map(({ id }) => id) },
};

/** The same as [command, action, words]. */
function following(only?: string): [command: string, action: string, words: string][] {
  return Object.entries(FOLLOWING).flatMap(([command, actions]) =>
    only === undefined || command === only
      ? Object.entries(actions).map(([action, words]): [string, string, string] => [
          command,
          action,
          words.join(' '),
        ])
      : [],
  );
}

function takesFile({ argument }: Option<unknown>): boolean {
  return argument === 'FILE' || argument === 'DIR';
}

function bash(commands: Commands): string {
  const names = commands.map(({ name }) => name).join(' ');
  const cases = commands.map(({ name, options }) => {
    const flags = options.flatMap((each) => [
      `--${each.name}`,
      ...(each.short === undefined ? [] : [`-${each.short}`]),
    ]);
    return `    ${name}) flags="${flags.join(' ')} --help" ;;`;
  });
  const actions = commands
    .filter((command) => actionsOf(command).length > 0)
    .map(
      (command) =>
        `      ${command.name}) COMPREPLY=($(compgen -W "${actionsOf(command).join(' ')}" -- "$word")); return ;;`,
    );
  const followed = following().map(
    ([command, action, words]) =>
      `      '${command} ${action}') COMPREPLY=($(compgen -W "${words}" -- "$word")); return ;;`,
  );
  const values = distinctOptions(commands)
    .filter((each) => wordsOf(each).length > 0)
    .map(
      (each) =>
        `    --${each.name}) COMPREPLY=($(compgen -W "${wordsOf(each).join(' ')}" -- "$word")); return ;;`,
    );
  return `# bash completion of minesweep: source <(minesweep completions bash)
_minesweep() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} flags=
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${names} help --help --version" -- "$word")); return
  fi
  if [ "$COMP_CWORD" -eq 2 ] && [[ "$word" != -* ]]; then
    case "$before" in
${actions.join('\n')}
    esac
  fi
  if [ "$COMP_CWORD" -eq 3 ] && [[ "$word" != -* ]]; then
    case "\${COMP_WORDS[1]} $before" in
${followed.join('\n')}
    esac
  fi
  case "$before" in
${values.join('\n')}
  esac
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  if [[ "$word" == -* ]]; then COMPREPLY=($(compgen -W "$flags" -- "$word")); else COMPREPLY=($(compgen -f -- "$word")); fi
}
complete -o filenames -F _minesweep minesweep
`;
}

function zsh(commands: Commands): string {
  const quoted = (text: string): string =>
    text.replace(/[[\]:'"\\`$]/g, (sign) => (sign === "'" ? "'\\''" : `\\${sign}`));
  const specs = commands.map((command) => {
    const { name, options } = command;
    const actions = actionsOf(command);
    const first = actions.length > 0 ? [`        '2:action:(${actions.join(' ')})'`] : [];
    const second = following(name).map(
      ([, action, words]) =>
        `        '3:word:{ if [[ $words[3] == ${action} ]]; then compadd ${words}; else _files; fi }'`,
    );
    const lines = options.map((each) => {
      const words = wordsOf(each);
      const action = words.length > 0 ? `(${words.join(' ')})` : takesFile(each) ? '_files' : '';
      const value = each.argument === null ? '' : `:${each.argument.toLowerCase()}:${action}`;
      return `        '${each.repeats ? '*' : ''}--${each.name}[${quoted(each.description)}]${value}'`;
    });
    return `      ${name}) _arguments \\\n${[...lines, ...first, ...second, "        '*:file:_files'"].join(' \\\n')} ;;`;
  });
  return `#compdef minesweep
# zsh completion of minesweep: minesweep completions zsh > "\${fpath[1]}/_minesweep"
_minesweep() {
  local -a commands=(
${commands.map(({ name, summary }) => `    '${name}:${quoted(summary)}'`).join('\n')}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  case "$words[2]" in
${specs.join('\n')}
  esac
}
# The first time that zsh loads this file, it runs it as the function.
if [ "$funcstack[1]" = _minesweep ]; then _minesweep "$@"; else compdef _minesweep minesweep; fi
`;
}

function fish(commands: Commands): string {
  const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
  const lines = commands.flatMap((command) => {
    const { name, summary, options } = command;
    const actions = actionsOf(command);
    return [
      `complete -c minesweep -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
      ...(actions.length > 0
        ? [`complete -c minesweep -n '__fish_seen_subcommand_from ${name}' -a ${quoted(actions.join(' '))}`]
        : []),
      ...following(name).map(
        ([, action, words]) =>
          `complete -c minesweep -n '__fish_seen_subcommand_from ${name}; and __fish_seen_subcommand_from ${action}' -a ${quoted(words)}`,
      ),
      ...options.map((each) => {
        const words = wordsOf(each);
        const short = each.short === undefined ? '' : ` -s ${each.short}`;
        const value =
          each.argument === null ? '' : words.length > 0 ? ` -xa ${quoted(words.join(' '))}` : ' -r';
        return `complete -c minesweep -n '__fish_seen_subcommand_from ${name}' -l ${each.name}${short}${value} -d ${quoted(each.description)}`;
      }),
    ];
  });
  return `# fish completion of minesweep: minesweep completions fish > ~/.config/fish/completions/minesweep.fish\n${lines.join('\n')}\n`;
}

function distinctOptions(commands: Commands): Option<unknown>[] {
  return [
    ...new Map(commands.flatMap(({ options }) => options.map((each) => [each.name, each] as const))).values(),
  ];
}

/** The man page, minesweep(1), from the help. */
function manPage(commands: Commands): string {
  const roff = (text: string): string =>
    text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replace(/^\./gm, '\\&.');
  const option = (each: Option<unknown>): string => {
    const short = each.short === undefined ? '' : `\\fB\\-${each.short}\\fR, `;
    const value = each.argument === null ? '' : ` \\fI${roff(each.argument)}\\fR`;
    return `.TP\n${short}\\fB${roff(`--${each.name}`)}\\fR${value}\n${roff(each.description)}`;
  };
  const sections = commands.map(({ name, arguments: args, description, options, meanings, examples }) =>
    [
      `.SS ${roff(`${name} ${Object.keys(args).join(' ')}`)}`,
      roff(description),
      ...Object.entries(args).map(([word, what]) => `.TP\n\\fI${roff(word)}\\fR\n${roff(what)}`),
      ...options.map((each) => option({ ...each, description: meanings?.[each.name] ?? each.description })),
      ...Object.entries(examples).map(([line, does]) => `.TP\n\\fB${roff(line)}\\fR\n${roff(does)}`),
    ].join('\n'),
  );
  return `.TH MINESWEEP 1
.SH NAME
minesweep \\- finds cryptocurrency mining in network traffic
.SH SYNOPSIS
.B minesweep
.I command
[\\fIoptions\\fR] \\fIarguments\\fR
.SH COMMANDS
${sections.join('\n')}
`;
}
