// Room: effects/. Programs that start the rest of their words with the same meaning: taken off in one place.
import type { Assignment, ShellCommand, Word } from '../dockerfile/types.ts';
import type { Wrapper } from './types.ts';
import { names, programOf } from './words.ts';

/** How a program starts another one. */
export interface WrapperRow {
  /** Names, divided by spaces. */
  programs: string;
  source: string;
  /** Options that take the next word, divided by spaces. */
  valued?: string;
  /** How many words that are no options stand before the command (`timeout 60 cmd`: 1). */
  own?: number;
  /** `A=b` before the command is its environment. */
  assigns?: true;
  /** The command stands behind `--` alone; without one this is no wrapper. */
  dashes?: true;
  /** The first of its own words must be one of these (`poetry run`), and is then taken off. */
  verbs?: string;
  /** Which of its own words, or which option, names the user that the command runs as. */
  user?: number | string;
  /** It comes with the project's packages: no package of the system brings it. */
  ofProject?: true;
  /** What it starts a file with: ending and program (`uv run main.py`). */
  files?: readonly [ending: string, program: string];
  /** Options with which it starts nothing (`command -v`). */
  unless?: string;
}

/** Wrappers of the system. Package managers bring theirs (`npx`, `poetry run`). */
export const systemWrappers: readonly WrapperRow[] = [
  { programs: 'exec', valued: '-a', source: 'POSIX, exec' },
  { programs: 'command builtin', unless: '-v -V', source: 'POSIX, command' },
  {
    programs: 'sudo',
    valued: '-u -g -h -p -C -T -U --user --group',
    assigns: true,
    user: '-u --user',
    unless: '-v -l -k -K',
    source: 'sudo(8)',
  },
  { programs: 'env', valued: '-u -C -S --unset --chdir', assigns: true, source: 'env(1)' },
  { programs: 'time', valued: '-f -o --format --output', source: 'time(1)' },
  { programs: 'nice', valued: '-n --adjustment', source: 'nice(1)' },
  { programs: 'ionice', valued: '-c -n', source: 'ionice(1)' },
  { programs: 'nohup setsid eatmydata fakeroot catchsegv unbuffer', source: 'nohup(1), setsid(1), eatmydata(1), fakeroot(1), expect(1)' },
  { programs: 'timeout', valued: '-s -k --signal --kill-after', own: 1, source: 'timeout(1)' },
  { programs: 'stdbuf', valued: '-i -o -e', source: 'stdbuf(1)' },
  { programs: 'taskset chrt', own: 1, source: 'taskset(1), chrt(1)' },
  { programs: 'xargs', valued: '-I -n -L -P -d -s -a -E --replace --max-args --max-procs --delimiter', source: 'xargs(1)' },
  { programs: 'xvfb-run', valued: '-n -s -e -f -p -w --server-num --server-args --error-file', source: 'xvfb-run(1)' },
  { programs: 'gosu su-exec chpst setuidgid s6-setuidgid', own: 1, user: 0, source: 'tianon/gosu; ncopa/su-exec; runit, chpst(8); s6' },
  { programs: 'runuser', valued: '-u -g -G --user --group', user: '-u --user', unless: '-c -l --command --login', source: 'runuser(1)' },
  { programs: 'setpriv', valued: '--reuid --regid --groups --bounding-set --inh-caps', user: '--reuid', source: 'setpriv(1)' },
  { programs: 'tini catatonit', valued: '-p -e', source: 'krallin/tini' },
  { programs: 'dumb-init', valued: '-r --rewrite', source: 'Yelp/dumb-init' },
  { programs: 'cross-env cross-env-shell', assigns: true, source: 'kentcdodds/cross-env' },
  { programs: 'dotenv', valued: '-e -v -p -c', dashes: true, source: 'entropitor/dotenv-cli' },
  { programs: 'dotenvx', valued: '-f --env-file -e --env', verbs: 'run', source: 'dotenvx/dotenvx' },
  { programs: 'env-cmd', valued: '-f -e --file --environments', source: 'toddbluhm/env-cmd' },
  {
    programs: 'wait-for-it.sh wait-for-it wait-for wait-for.sh wait-for-port',
    dashes: true,
    source: 'vishnubob/wait-for-it; eficode/wait-for',
  },
  { programs: 'dockerize', valued: '-wait -timeout -template -stdout -stderr -delims -wait-retry-interval', source: 'jwilder/dockerize' },
  { programs: 'doppler', verbs: 'run', dashes: true, source: 'docs.doppler.com/docs/cli' },
  { programs: 'infisical', verbs: 'run', dashes: true, source: 'infisical.com/docs/cli' },
  { programs: 'newrelic-admin', verbs: 'run-program', source: 'docs.newrelic.com, Python agent admin script' },
  { programs: 'bundle bundler', verbs: 'exec', ofProject: true, source: 'bundler.io/man/bundle-exec.1.html' },
  { programs: 'ddtrace-run opentelemetry-instrument', source: 'ddtrace.readthedocs.io; opentelemetry.io, Python zero-code' },
];

export interface Stripped {
  command: ShellCommand;
  wrappers: Wrapper[];
  /** The command's words come from its input as well (`xargs`). */
  fed: boolean;
}

export const wrapperTable = (rows: readonly WrapperRow[]): ReadonlyMap<string, WrapperRow> =>
  new Map(rows.flatMap((row) => [...names(row.programs)].map((name): [string, WrapperRow] => [name, row])));

/** Takes the wrappers off. A wrapper without a command behind it is the command itself. */
export function stripped(given: ShellCommand, table: ReadonlyMap<string, WrapperRow>): Stripped {
  const found: Stripped = { command: given, wrappers: [], fed: false };
  for (let depth = 0; depth < 16; depth += 1) {
    const name = programOf(found.command);
    const row = table.get(name);
    const taken = row && takes(row, found.command.words);
    if (!row || !taken) break;
    const words = found.command.words.slice(0, taken.length);
    found.wrappers.push({
      program: name,
      words,
      ...(taken.user === undefined ? {} : { user: taken.user }),
      ...(row.ofProject ? { ofProject: true } : {}),
    });
    if (name === 'xargs') found.fed = true;
    found.command = {
      ...found.command,
      assignments: [...found.command.assignments, ...taken.assigned],
      words: started(row, found.command.words.slice(taken.length)),
    };
  }
  return found;
}

/** The words behind a wrapper, with the program that a bare file is started with. */
function started(row: WrapperRow, words: Word[]): Word[] {
  const [first] = words;
  const [ending, program] = row.files ?? [];
  if (!first || ending === undefined || program === undefined || !first.value?.endsWith(ending)) return words;
  return [{ ...first, raw: program, value: program, variables: [] }, ...words];
}

/** `A=b` as a word of `env`. */
const assignmentOf = ({ start, end, raw, value }: Word): Assignment => ({
  start,
  end,
  name: raw.slice(0, raw.indexOf('=')),
  value: value?.slice(value.indexOf('=') + 1),
});

function takes(row: WrapperRow, words: readonly Word[]): { length: number; user: string | undefined; assigned: Assignment[] } | undefined {
  const valued = names(row.valued ?? '');
  const unless = names(row.unless ?? '');
  const asUser = typeof row.user === 'string' ? names(row.user) : undefined;
  const assigned: Assignment[] = [];
  let own = row.own ?? 0;
  let verb = row.verbs !== undefined;
  let user: string | undefined;
  let n = 1;
  for (; n < words.length; n += 1) {
    const text = words[n]?.value ?? words[n]?.raw ?? '';
    if (text === '--' && !verb) return n + 1 < words.length ? { length: n + 1, user, assigned } : undefined;
    if (text.startsWith('-') && text !== '-') {
      const [name = ''] = text.split('=');
      if (unless.has(name)) return undefined;
      if (asUser?.has(name)) user = text.includes('=') ? text.slice(name.length + 1) : words[n + 1]?.value;
      if (valued.has(text)) n += 1;
    } else if (verb) {
      if (!names(row.verbs ?? '').has(text)) return undefined;
      verb = false;
    } else if (row.assigns && /^[A-Za-z_]\w*=/.test(text)) assigned.push(assignmentOf(words[n] as Word));
    else if (row.dashes) continue;
    else if (own > 0) {
      if (row.user === (row.own ?? 0) - own) user = words[n]?.value;
      own -= 1;
    } else break;
  }
  return n < words.length && !verb && !row.dashes ? { length: n, user, assigned } : undefined;
}
