// Room: effects/rows. Commands that do nothing by themselves: people, or something outside, work in the container, with all that it has.
import { names } from '../words.ts';

interface PeopleRow {
  programs: string;
  source: string;
  /** Whether it is meant with these arguments; without it: with any. */
  when?: (args: readonly string[]) => boolean;
  /** It only waits. */
  waits?: true;
}
const plain = (args: readonly string[]): string[] => args.filter((arg) => !arg.startsWith('-'));
const bare = (args: readonly string[]): boolean => args.every((arg) => /^-[a-zA-Z]+$/.test(arg) && arg !== '-c' && arg !== '-e');
const MODULES = names('IPython ipython jupyter jupyterlab notebook bpython ptpython idlelib code');

const rows: readonly PeopleRow[] = [
  { programs: 'sleep', source: 'sleep(1)', waits: true },
  {
    programs: 'tail',
    source: 'tail(1), --follow',
    waits: true,
    when: (args) => args.some((arg) => /^(?:-[a-z0-9]*[fF]|--follow\b)/.test(arg)),
  },
  { programs: 'cat', source: 'cat(1): without a file it copies standard input', waits: true, when: (args) => args.length === 0 },
  { programs: 'pause catatonit', source: 'pause(2); github.com/openSUSE/catatonit, -P', waits: true },
  {
    programs: 'python python2 python3 node nodejs ruby php perl lua luajit R julia',
    source: 'python(1), node(1) and others: without a file they open a prompt, or run what standard input has',
    when: (args) => bare(args) || (args[0] === '-m' && MODULES.has(args[1] ?? '')),
  },
  { programs: 'ipython bpython ptpython irb pry iex ghci jshell erl scala', source: 'the manual of each: a prompt' },
  {
    programs: 'jupyter-lab jupyter-notebook jupyterhub jupyterhub-singleuser start-notebook.sh start-notebook.py',
    source: 'https://docs.jupyter.org',
  },
  {
    programs: 'jupyter',
    source: 'https://docs.jupyter.org/en/latest/use/using.html',
    when: (args) => names('lab labhub notebook server console qtconsole').has(plain(args)[0] ?? ''),
  },
  { programs: 'marimo', source: 'https://docs.marimo.io/cli, edit', when: (args) => ['edit', 'new'].includes(plain(args)[0] ?? '') },
  {
    programs: 'code-server openvscode-server code-tunnel rserver theia',
    source: 'coder/code-server; gitpod-io/openvscode-server; posit.co: an editor with a terminal',
  },
  { programs: 'ttyd gotty wetty tmux screen tmate', source: 'tsl0922/ttyd; tmux(1); screen(1): terminals' },
];
const table = new Map(rows.flatMap((row) => [...names(row.programs)].map((name): [string, PeopleRow] => [name, row])));

/**
 * Why what runs in the container is not told by its command, as the end of a sentence; undefined: the command is a program of its own. In: a program
 * without its directory, wrappers taken off, and its arguments.
 */
export function peopleWork(program: string, args: readonly string[]): string | undefined {
  const row = table.get(program);
  if (!row || row.when?.(args) === false) return undefined;
  return row.waits
    ? `\`${program}\` only waits: what is run beside it is not told`
    : `people work with \`${program}\`, and what they run is not told`;
}
