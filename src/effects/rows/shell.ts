// Room: effects/rows. Commands of the shell, and programs that only look. Sources: POSIX, Shell Command Language and Utilities; GNU coreutils, findutils, grep.
import { parseShell } from '../../dockerfile/shell.ts';
import type { Word } from '../../dockerfile/types.ts';
import { anywhere, cleaned, joined, nowhere, placeOf, placesOf, valueOf } from '../places.ts';
import type { Call, Row, ShellState, StartedText, Told } from '../types.ts';
import { options } from '../words.ts';
import { textRows } from './texts.ts';

const nothing: Told = { does: { kind: 'nothing' } };

/** Says what it is asked, and leaves nothing: its words are paths that it reads, or are not. */
const looks = (call: Call): Told => ({ does: { kind: 'nothing' }, reads: placesOf(existing(call), call.state, true) });
const existing = ({ args }: Call): Word[] => args.filter((word) => !(word.value ?? word.raw).startsWith('-'));

/** `find DIR… EXPRESSION`: looks, or works on what it finds. */
function find(call: Call): Told | undefined {
  const at = call.args.findIndex((word) => /^[-(!]/.test(word.value ?? word.raw));
  const roots = at === -1 ? call.args : call.args.slice(0, at);
  const places = roots.length === 0 ? placesOf([{ ...wordOf('.'), value: '.' }], call.state, true) : placesOf(roots, call.state, true);
  const texts = call.args.map((word) => word.value ?? word.raw);
  const run = texts.findIndex((text) => ['-exec', '-execdir', '-ok', '-okdir'].includes(text));
  if (run !== -1) {
    const program = texts[run + 1] ?? '';
    const named = ['rm', 'chmod', 'chown', 'chgrp', 'strip', 'sed', 'touch', 'rmdir'].includes(program);
    const removed = program === 'rm' || program === 'rmdir';
    if (!named) {
      return {
        does: { kind: 'unknown', why: `runs \`${program}\` on what it finds` },
        writes: anywhere('by find -exec'),
        reads: places,
        also: [
          program,
          ...(texts[run + 2] === '-c' ? parseShell(texts[run + 3] ?? '').seen.flatMap(({ words }) => words[0]?.value ?? []) : []),
        ],
      };
    }
    return { does: { kind: 'files' }, reads: places, ...(removed ? { removes: places } : { writes: places }) };
  }
  return texts.includes('-delete')
    ? { does: { kind: 'files' }, removes: places, reads: places }
    : { does: { kind: 'nothing' }, reads: places };
}
const wordOf = (value: string): Word => ({ start: 0, end: 0, raw: value, value, variables: [] });

/** What is computed may be anything. */
function evaluates({ args }: Call): Told {
  const why = 'runs a command that is computed (eval)';
  const texts = args.map((word) => word.value);
  return texts.includes(undefined)
    ? {
        does: { kind: 'unknown', why },
        writes: anywhere(why),
        removes: anywhere(why),
        reads: anywhere(why),
        startsUnknown: why,
        unread: why,
      }
    : { does: { kind: 'nothing' }, starts: parseShell(texts.join(' ')).seen };
}

const moved = (state: ShellState, cwd: string | undefined): ShellState => ({ ...state, cwd });

/** `"$(dirname "$0")/.."`: a directory as seen from the script's own. */
function besideScript({ raw }: Word, { script, cwd }: ShellState): string | undefined {
  const found = /^"?\$\(dirname (?:-- )?"?\$(?:0|\{0\}|BASH_SOURCE|\{BASH_SOURCE(?:\[0\])?\})"?\)"?((?:\/[\w.-]+)*)\/?"?$/.exec(raw);
  if (!found || script === undefined || (!script.startsWith('/') && cwd === undefined)) return undefined;
  return cleaned(`${script}/..${found[1] ?? ''}`);
}

function cd({ args, state }: Call): Told {
  const [to] = args.filter((word) => !/^-[LPe@]+$/.test(word.value ?? ''));
  const beside = to && besideScript(to, state);
  if (beside !== undefined) return { does: { kind: 'state' }, after: moved(state, beside) };
  const place = to === undefined ? undefined : placeOf(to, state, false);
  const cwd = to === undefined ? state.home : place && cleaned(place.path);
  return { does: { kind: 'state' }, after: moved(state, to?.value === '-' ? undefined : cwd) };
}

/** `export A=b`: the value for the commands behind it. */
function exports({ args, state }: Call): Told {
  const set = new Map<string, { value: string } | { unknown: string }>();
  for (const word of args) {
    const text = valueOf(word, state) ?? word.raw;
    const name = /^([A-Za-z_]\w*)=/.exec(text)?.[1];
    if (name === undefined) continue;
    const value = valueOf(word, state);
    set.set(name, value === undefined ? { unknown: `${name} is computed` } : { value: value.slice(name.length + 1) });
  }
  return { does: { kind: 'state' }, after: { ...state, lookup: (name) => set.get(name) ?? state.lookup(name) } };
}

/** `test -f FILE`: the operands of operators on files are paths, all others are texts. Source: test(1). */
function tested({ args, state }: Call): Told {
  const paths = args.filter(
    (_, n) => /^-[bcdefgGhkLNOprsSuwx]$|^-(nt|ot|ef)$/.test(args[n - 1]?.value ?? '') || /^-(nt|ot|ef)$/.test(args[n + 1]?.value ?? ''),
  );
  return { does: { kind: 'nothing' }, reads: placesOf(paths, state, false) };
}

/** `trap 'rm -f x' EXIT`: the commands run when the shell ends. Source: POSIX, trap. */
function trapped({ args, state }: Call): Told {
  const [text] = args.filter((word) => word.value !== '--');
  const value = text && valueOf(text, state);
  if (value === undefined) return args.length === 0 ? nothing : unread('runs a computed script when the shell ends');
  return value === '' || value.startsWith('-') ? { does: { kind: 'state' } } : { ...startedText(value), does: { kind: 'state' } };
}

/** `. FILE`, `source FILE`: the file's commands run in this shell. */
function sourced({ args, state }: Call): Told {
  const [file] = args;
  const place = file && placeOf(file, state, false);
  const text = place && state.read?.(place.path);
  if (text !== undefined) {
    const script = parseShell(text);
    return { does: { kind: 'state' }, starts: script.seen, reads: { known: place ? [place] : [] }, after: moved(state, undefined) };
  }
  // an environment's activate script sets variables alone
  if (place?.path.endsWith('/bin/activate')) return { does: { kind: 'state' }, reads: { known: place ? [place] : [] } };
  return { does: { kind: 'unknown', why: `reads \`${file?.raw ?? ''}\`, which is not known` }, writes: anywhere('by a script') };
}

/** `sh -c '…'`, `bash FILE`, `… | sh`: the commands of the text. Source: sh(1p). */
function shell(call: Call): Told {
  const { args, command, state } = call;
  const c = args.findIndex((word) => /^-[a-z]*c$/.test(word.value ?? ''));
  const text = c === -1 ? undefined : args[c + 1];
  if (c !== -1) {
    const value = text && (text.value ?? valueOf(text, state) ?? quoted(text.raw));
    return value === undefined
      ? unread(`runs a computed script (${text?.raw.slice(0, 40) ?? ''})`)
      : startedText(value, { args: args.slice(c + 3) });
  }
  const first = args.findIndex((word, n) => !/^[-+][a-z]+$/i.test(word.value ?? '') && !/^[-+][a-z]*o$/i.test(args[n - 1]?.value ?? ''));
  // `-` and `--` end the options; with `-s`, or without an operand, standard input is read (bash(1), INVOCATION)
  const at = first !== -1 && ['-', '--'].includes(args[first]?.value ?? '') ? first + 1 : first;
  const input = args.slice(0, first === -1 ? undefined : first).some((word) => /^-[a-z]*s[a-z]*$/.test(word.value ?? ''));
  const named = at === -1 || input ? undefined : args[at];
  if (named) {
    const place = placeOf(named, state, false);
    const script = place && state.read?.(place.path);
    const reads = { known: place ? [place] : [] };
    return script === undefined
      ? { ...unread(`runs \`${named.raw}\`, which no COPY brings`), reads: joined(reads, anywhere('by a script')) }
      : { ...startedText(script, { ...(place ? { file: place.path } : {}), args: args.slice(at + 1) }), reads };
  }
  const body = command.redirects.find((redirect) => redirect.body !== undefined)?.body;
  if (body !== undefined) return startedText(body);
  if (args.some((word) => ['--version', '--help'].includes(word.value ?? ''))) return nothing;
  const given = command.before?.operator === '|' || command.redirects.some((redirect) => redirect.operator.startsWith('<'));
  return unread(given ? 'runs a script that it is given by another program' : 'is an interactive shell');
}
/**
 * The script of `sh -c "exec app --port ${PORT:-80}"`, whose variables the shell outside puts in: read as if the shell inside did. Undefined: a
 * command is put in, too, or other quotes stand beside.
 */
function quoted(raw: string): string | undefined {
  const inside = /^"((?:[^"\\`$]|\\.|\$(?!\())*)"$/s.exec(raw)?.[1];
  return inside?.replace(/\\(["\\$`])/g, '$1');
}
/** What the commands of a script text do, as what one program starts. `file`: the path of the image that it stands at. */
export function startedText(text: string, within: Pick<StartedText, 'file' | 'args' | 'cwd'> = {}): Told {
  const script = parseShell(text);
  const { opaque } = script;
  if (script.seen.length === 0 && opaque !== undefined) return unread(`runs a script that cannot be read (${opaque})`);
  return {
    does: { kind: 'nothing' },
    starts: opaque === undefined ? script.commands : script.seen,
    within: {
      ...within,
      ...(within.file === undefined ? {} : { text, line: (offset: number) => text.slice(0, offset).split('\n').length }),
      ...(opaque === undefined ? { seen: script.seen } : { opaque }),
      ...(script.certain ? { certain: script.certain } : {}),
    },
  };
}
const unread = (why: string): Told => ({
  does: { kind: 'unknown', why },
  writes: anywhere('by a script'),
  reads: anywhere('by a script'),
  startsUnknown: why,
  unread: why,
});

/** `su - web -c '…'`. Source: su(1). */
function su({ args, state }: Call): Told {
  const read = options(args, new Set(['-c', '--command', '-s', '--shell', '-g', '-G']));
  const text = read.value('-c', '--command');
  const value = text && (valueOf(text, state) ?? quoted(text.raw));
  return value === undefined ? unread('runs a shell of another user') : startedText(value);
}

/** `shift` and `set -- WORDS` change what the script is given. Source: POSIX, special built-in utilities. */
function positional({ name, args, state }: Call): Told {
  const [first, ...rest] = args;
  if (name === 'shift') {
    const count = first === undefined ? 1 : Number(first.value);
    const { args: given, ...rested } = state;
    const known = given !== undefined && Number.isInteger(count);
    return { does: { kind: 'state' }, after: known ? { ...rested, args: given.slice(count) } : rested };
  }
  return first?.value === '--' ? { does: { kind: 'state' }, after: { ...state, args: rest } } : { does: { kind: 'state' } };
}

export const shellRows: readonly Row[] = [
  {
    programs:
      'echo printf true : false date id whoami uname sleep pwd hostname nproc arch uptime printenv env wait exit return type which hash times read break continue local let getopts basename dirname seq yes tty logname groups users who tput clear expr bc kill ps free lscpu dmesg man',
    source: 'POSIX utilities; GNU coreutils',
    tell: () => nothing,
  },
  {
    programs:
      'ls cat head tail grep egrep fgrep zgrep stat file du df wc cut tr diff cmp md5sum sha1sum sha256sum sha512sum b2sum cksum ldd readlink realpath jq nm strings od hexdump base64 less more nl tac rev fold column comm paste join objdump readelf zcat tree getent getconf locale lsb_release pkg-config command builtin',
    source: 'POSIX utilities; GNU coreutils, grep; jq(1)',
    tell: looks,
  },
  ...textRows(looks),
  { programs: 'xargs', source: 'xargs(1): without a command it runs echo', tell: () => nothing },
  { programs: 'find', source: 'find(1)', tell: find },
  { programs: 'eval', source: 'POSIX, eval', tell: evaluates },
  { programs: 'cd pushd', source: 'POSIX, cd', tell: cd },
  { programs: 'popd', source: 'bash(1)', tell: ({ state }) => ({ does: { kind: 'state' }, after: moved(state, undefined) }) },
  { programs: 'export readonly declare typeset', source: 'POSIX, export, readonly; bash(1), declare', tell: exports },
  {
    programs: 'set shift',
    source: 'POSIX, special built-in utilities',
    tell: positional,
  },
  {
    programs: 'unset umask ulimit alias unalias shopt',
    source: 'POSIX, special built-in utilities',
    tell: () => ({ does: { kind: 'state' }, writes: nowhere }),
  },
  {
    programs: 'exec',
    source: 'POSIX, exec: without a command (an empty "$@") it changes the redirections of the shell alone',
    tell: () => ({ does: { kind: 'state' } }),
  },
  { programs: 'trap', source: 'POSIX, trap', tell: trapped },
  { programs: 'test [ [[', source: 'test(1)', tell: tested },
  { programs: '. source', source: 'POSIX, dot', tell: sourced },
  { programs: 'sh bash ash dash zsh ksh', source: 'sh(1p), bash(1)', tell: shell },
  { programs: 'su', source: 'su(1)', tell: su },
];
