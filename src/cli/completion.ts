// Room: cli/. `completion bash|zsh|fish`: what a shell completes, made of the command line itself.
import type { Command, Option } from 'commander';

export type Shell = 'bash' | 'zsh' | 'fish';
export const shells = ['bash', 'zsh', 'fish'] satisfies Shell[];

/** The script for a shell. In: the whole command line; ids that `--only`, `--skip` and `explain` take. */
export function completionScript(program: Command, shell: Shell, ids: readonly string[]): string {
  if (shell === 'fish') return fish(program, ids);
  const script = bash(program, ids);
  // zsh runs bash's completions: https://zsh.sourceforge.io/Doc/Release/Completion-System.html#Use-of-compinit
  return shell === 'bash' ? script : `#compdef dockerfile-mod\nautoload -U +X bashcompinit && bashcompinit\n${script}`;
}

const visibleOptions = (command: Command): Option[] => command.options.filter(({ hidden, long }) => !hidden && long !== undefined);
const names = (options: readonly Option[]): string[] => [...options.flatMap(({ long }) => long ?? []), '--help'];
const values = ({ long, argChoices }: Option, ids: readonly string[]): readonly string[] | undefined =>
  argChoices ?? (long === '--only' || long === '--skip' ? ids : undefined);
const takesValue = ({ required, optional }: Option): boolean => required || optional;

function bash(program: Command, ids: readonly string[]): string {
  const all = [...program.commands, program].flatMap((command) => [
    ...visibleOptions(command),
    ...command.commands.flatMap(visibleOptions),
  ]);
  const known = new Map(all.filter(takesValue).map((option) => [option.long ?? '', values(option, ids)]));
  const cases = [...known].map(([flag, words]) => {
    const reply = words ? `compgen -W '${words.join(' ')}' -- "$cur"` : 'compgen -f -- "$cur"';
    return `    ${flag}) mapfile -t COMPREPLY < <(${reply}); return ;;\n`;
  });
  const commands = program.commands.map((command) => {
    const own = [...names(visibleOptions(command)), ...command.commands.flatMap((sub) => names(visibleOptions(sub)))];
    return `    ${command.name()}) flags='${[...new Set([...own, ...names(visibleOptions(program))])].join(' ')}'; words='${wordsOf(command, ids).join(' ')}' ;;\n`;
  });
  const top = program.commands.map((command) => command.name());
  return `# Completion of dockerfile-mod for bash: source <(dockerfile-mod completion bash)
_dockerfile_mod() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command='' word flags words
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in ${top.join('|')}) command=$word; break ;; esac
  done
  case $prev in
${cases.join('')}  esac
  flags='${names(visibleOptions(program)).join(' ')}'; words='${top.join(' ')}'
  case $command in
${commands.join('')}  esac
  if [[ $cur == -* ]]; then mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$cur")
  else mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur"; compgen -f -- "$cur"); fi
}
complete -o filenames -F _dockerfile_mod dockerfile-mod
`;
}

/** Words that a command takes: its own commands, ids, shells. */
function wordsOf(command: Command, ids: readonly string[]): readonly string[] {
  if (command.name() === 'explain') return ids;
  if (command.name() === 'completion') return shells;
  return command.commands.map((sub) => sub.name());
}

function fish(program: Command, ids: readonly string[]): string {
  const lines = ['# Completion of dockerfile-mod for fish: dockerfile-mod completion fish | source'];
  const add = (option: Option, condition: string): void => {
    const words = values(option, ids);
    const value = !takesValue(option) ? '' : words ? ` -x -a ${quoted(words.join(' '))}` : ' -r';
    lines.push(
      `complete -c dockerfile-mod${condition} -l ${option.long?.replace(/^--/, '') ?? ''}${value} -d ${quoted(option.description)}`,
    );
  };
  for (const option of visibleOptions(program)) add(option, '');
  for (const command of program.commands) {
    const within = ` -n ${quoted(`__fish_seen_subcommand_from ${command.name()}`)}`;
    lines.push(`complete -c dockerfile-mod -n __fish_use_subcommand -a ${command.name()} -d ${quoted(command.description())}`);
    const words = wordsOf(command, ids);
    if (words.length > 0) lines.push(`complete -c dockerfile-mod${within} -f -a ${quoted(words.join(' '))}`);
    for (const option of visibleOptions(command)) add(option, within);
  }
  return `${lines.join('\n')}\n`;
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
