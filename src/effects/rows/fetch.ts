// Room: effects/rows. Programs that bring files from the network, and git. Sources: curl(1), wget(1), git's manual pages.
import type { Word } from '../../dockerfile/types.ts';
import { HOME_UNKNOWN, anywhere, file, nowhere, placeOf, placesOf, tree, valueOf } from '../places.ts';
import type { Call, Places, Row, ShellState, Told } from '../types.ts';
import { names, options } from '../words.ts';

const fetch: Told['does'] = { kind: 'fetch' };
const here = (state: ShellState): Places => (state.cwd === undefined ? anywhere('in an unknown directory') : { known: [tree(state.cwd)] });

const CURL_VALUED = names(
  '-o -H -d -u -A -e -x -X -b -c -T -F -m -w -y -Y -z -E -K --output --header --data --user --user-agent --referer --proxy --request --cookie --cookie-jar --max-time --retry --retry-delay --retry-max-time --connect-timeout --write-out --cacert --cert --key --output-dir --resolve --url --data-binary --data-raw --limit-rate',
);

/** `-o FILE`, `-O` (the name of the URL), else to standard output. */
function curl({ args, state }: Call): Told {
  const read = options(args, CURL_VALUED);
  const dir = read.value('--output-dir');
  const inside = dir ? { ...state, cwd: placeOf(dir, state, false)?.path } : state;
  const outputs = valuesOf(args, ['-o', '--output']);
  if (read.flags.has('-O') || read.flags.has('--remote-name') || read.flags.has('--remote-name-all'))
    return { does: fetch, writes: named(read.rest, inside) };
  const target = outputs.filter((word) => word.value !== '-' && word.value !== '/dev/stdout');
  if (target.some((word) => word.value === '/dev/null')) return { does: { kind: 'nothing' } };
  return { does: fetch, writes: target.length === 0 ? nowhere : placesOf(target, inside, false) };
}

/** Every value of an option that may be given several times, also at the end of a bundle (`-fsSLo`). */
function valuesOf(args: readonly Word[], flags: readonly string[]): Word[] {
  const [short = '', long = ''] = flags;
  return args.flatMap((word, n) => {
    const text = word.value ?? word.raw;
    if (text === long || (/^-[A-Za-z#]+$/.test(text) && text.endsWith(short.slice(1)))) return args[n + 1] ?? [];
    if (text.startsWith(`${long}=`)) return { ...word, raw: word.raw.slice(long.length + 1), value: word.value?.slice(long.length + 1) };
    return [];
  });
}

/** The files that URLs are saved to under their own names. */
function named(urls: readonly Word[], state: ShellState): Places {
  const paths = urls.map((url) => {
    const text = valueOf(url, state);
    const name = text === undefined ? undefined : /\/([^/?#]+)$/.exec(text.replace(/^\w+:\/\//, ''))?.[1];
    return name === undefined || state.cwd === undefined ? undefined : file(`${state.cwd === '/' ? '' : state.cwd}/${name}`);
  });
  return paths.some((path) => path === undefined) ? here(state) : { known: paths.flatMap((path) => path ?? []) };
}

/** `-O FILE`, `-P DIR`, else the name of the URL in the working directory. */
function wget({ args, state }: Call): Told {
  const read = options(
    args,
    names(
      '-O -P -o -a -i -t -T -U -e -A -R -w --output-document --directory-prefix --header --timeout --tries --user-agent --user --password --output-file --waitretry',
    ),
  );
  const output = read.value('-O', '--output-document');
  if (output) {
    if (output.value === '-') return { does: fetch };
    return output.value === '/dev/null' ? { does: { kind: 'nothing' } } : { does: fetch, writes: placesOf([output], state, false) };
  }
  if (read.flags.has('--spider')) return { does: { kind: 'nothing' } };
  const dir = read.value('-P', '--directory-prefix');
  const recursive = read.flags.has('-r') || read.flags.has('--recursive') || read.flags.has('-i');
  const inside = dir ? { ...state, cwd: placeOf(dir, state, false)?.path } : state;
  return { does: fetch, writes: recursive ? here(inside) : named(read.rest, inside) };
}

/** Verbs of git that only look. Source: git(1), "Low-level commands (plumbing)", and the pages of log, show, status. */
const GIT_LOOKS = names(
  'rev-parse describe log show status rev-list ls-files ls-tree branch tag diff shortlog name-rev symbolic-ref cat-file blame grep remote version help --version',
);
const GIT_SETTLES = names('config lfs init-templates credential maintenance');
/** Source: git-lfs(1): these put files in the place of their pointers. */
const GIT_LFS_BRINGS: ReadonlySet<string> = new Set(['lfs pull', 'lfs fetch', 'lfs checkout', 'lfs smudge']);

/** git reads the history of the working directory, or brings one. The verb may stand behind `-C DIR` and `-c NAME=VALUE`. */
function git({ args, state }: Call): Told {
  const valued = names('-C -c --git-dir --work-tree --namespace --exec-path');
  const at = args.findIndex((word, n) => !(word.value ?? word.raw).startsWith('-') && !valued.has(args[n - 1]?.value ?? ''));
  const before = options(args.slice(0, Math.max(0, at)), valued);
  const dir = before.value('-C');
  const cwd = dir ? placeOf(dir, state, false)?.path : state.cwd;
  const verb = args[at]?.value ?? args[0]?.value ?? '';
  const rest = options(
    args.slice(at + 1),
    names('-b --branch --depth -o --origin --reference --jobs -j --filter -c --config --template --separate-git-dir'),
  );
  const repository: Places = cwd === undefined ? anywhere('of a repository of git') : { known: [tree(cwd)] };
  if (verb === 'clone') return { does: fetch, writes: cloned(rest.rest, state) };
  if (GIT_SETTLES.has(verb) && !GIT_LFS_BRINGS.has(`${verb} ${rest.rest[0]?.value ?? ''}`))
    return { does: { kind: 'configure', tool: 'git' }, writes: settings(args, cwd, state) };
  if (GIT_LOOKS.has(verb)) return { does: { kind: 'nothing' }, reads: repository };
  if (
    [
      'init',
      'add',
      'commit',
      'checkout',
      'reset',
      'clean',
      'apply',
      'am',
      'stash',
      'restore',
      'switch',
      'merge',
      'rebase',
      'mv',
      'rm',
      'worktree',
      'sparse-checkout',
    ].includes(verb)
  )
    return { does: { kind: 'files' }, writes: repository, reads: repository };
  if (['fetch', 'pull', 'submodule', 'lfs'].includes(verb)) return { does: fetch, writes: repository, reads: repository };
  return { does: { kind: 'unknown', why: `runs \`git ${verb}\`` }, writes: anywhere('by git'), reads: anywhere('by git') };
}
/** `git clone URL [DIR]`: the directory is the last part of the URL without `.git`. Source: git-clone(1). */
function cloned(words: readonly Word[], state: ShellState): Places {
  const [url, dir] = words;
  if (dir) return placesOf([dir], state, true);
  const text = url && valueOf(url, state);
  const name = text === undefined ? undefined : /([^/:]+?)(?:\.git)?\/?$/.exec(text)?.[1];
  return name === undefined || state.cwd === undefined ? here(state) : { known: [tree(`${state.cwd === '/' ? '' : state.cwd}/${name}`)] };
}
/** Source: git-config(1), FILES. */
function settings(args: readonly Word[], cwd: string | undefined, state: ShellState): Places {
  const flags = args.map((word) => word.value);
  if (flags.includes('--system')) return { known: [file('/etc/gitconfig')] };
  if (flags.includes('--global') || flags.includes('lfs'))
    return state.home === undefined ? anywhere(HOME_UNKNOWN) : { known: [file(`${state.home}/.gitconfig`)] };
  return cwd === undefined ? anywhere('to a repository') : { known: [tree(`${cwd === '/' ? '' : cwd}/.git`)] };
}

export const fetchRows: readonly Row[] = [
  { programs: 'curl', source: 'curl(1)', tell: curl },
  { programs: 'wget', source: 'wget(1)', tell: wget },
  { programs: 'git', source: 'git(1)', tell: git },
  { programs: 'aria2c', source: 'aria2c(1)', tell: ({ state }) => ({ does: fetch, writes: here(state) }) },
];
