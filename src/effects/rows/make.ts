// Room: effects/rows. make: the commands of the recipes that it runs. Source: GNU make manual, "How to Run make", "Summary of Options".
import type { Known, ShellCommand, Word } from '../../dockerfile/types.ts';
import { UNKNOWN } from '../make/expand.ts';
import { UNTOLD, madeBy, type Line } from '../make/run.ts';
import { anywhere, cleaned, environmentOf, file, joined, tree, valueOf } from '../places.ts';
import type { Call, Row, ShellState, Told } from '../types.ts';

const NAMES = ['GNUmakefile', 'makefile', 'Makefile'];
/** Options without a value that change nothing of what is run. */
const QUIET =
  /^(?:-[bBjmOrRsSw]+|-j\d+|--(?:always-make|no-keep-going|stop|silent|quiet|no-silent|print-directory|no-print-directory|no-builtin-rules|no-builtin-variables|jobs|jobs=.*|output-sync|output-sync=.*|trace|warn-undefined-variables|load-average|load-average=.*))$/;

interface Request {
  file: string | undefined;
  dir: string;
  goals: string[];
  given: [string, string][];
}

/** The words of a call; undefined: one of them cannot be told, or changes what make does. */
function requestOf({ args, command, state }: Call, cwd: string): Request | undefined {
  const asked: Request = { file: undefined, dir: cwd, goals: [], given: inherited(environmentOf({ command, state })) };
  for (let n = 0; n < args.length; n += 1) {
    const word = args[n] as Word;
    const named = /^([A-Za-z_.][\w.-]*)(?:::?)?=/.exec(word.raw.replace(/^["']/, ''));
    const text = valueOf(word, state) ?? (named ? `${named[0]}${UNKNOWN}` : undefined);
    if (text === undefined) {
      if (word.raw.startsWith('-j')) continue;
      return undefined;
    }
    const option = /^(?:-([fC])|--(file|makefile|directory)(?:=|$))(.*)$/s.exec(text);
    if (option) {
      const next = args[n + 1];
      const value = option[3] === '' && !text.endsWith('=') ? next && valueOf(next, state) : option[3];
      if (option[3] === '') n += 1;
      if (value === undefined || value === '') return undefined;
      if (option[1] === 'C' || option[2] === 'directory') asked.dir = cleaned(value.startsWith('/') ? value : `${asked.dir}/${value}`);
      else if (asked.file !== undefined) return undefined;
      else asked.file = value;
    } else if (text === '-j' || text === '-l') {
      if (/^[\d.]+$/.test(args[n + 1]?.value ?? '') || args[n + 1]?.value === undefined) n += 1;
    } else if (named) {
      const equals = text.indexOf('=');
      asked.given.push([named[1] ?? '', text.slice(equals + 1)]);
    } else if (text.startsWith('-')) {
      if (!QUIET.test(text)) return undefined;
    } else if (text !== '') asked.goals.push(text);
  }
  return asked;
}

/** Variables of the command line of the make that started this one. */
const inherited = ({ lookup }: ShellState): [string, string][] => {
  const flags = lookup('MAKEFLAGS');
  const words = flags && 'value' in flags ? flags.value.split(' ') : [];
  return words
    .filter((word) => /^[A-Za-z_]\w*=/.test(word))
    .map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]);
};

/** What make does: the recipes of its goals are started, each line in a shell of its own. */
function tell(call: Call): Told {
  const { name, args, state } = call;
  if (args.length > 0 && args.every((word) => /^(--?v(ersion)?|--help|-h)$/.test(word.value ?? ''))) return { does: { kind: 'nothing' } };
  if (state.cwd === undefined) return unread(name, `runs \`${name}\` in a directory that is not known`);
  const asked = requestOf(call, state.cwd);
  if (!asked) return unread(name, `runs \`${name}\` with words that are not known`);
  const names = asked.file === undefined ? NAMES : [asked.file];
  const path = names
    .map((one) => cleaned(one.startsWith('/') ? one : `${asked.dir}/${one}`))
    .find((one) => state.read?.(one) !== undefined);
  const text = path === undefined ? undefined : state.read?.(path);
  const shown = [name, ...asked.goals].join(' ').slice(0, 60);
  if (path === undefined || text === undefined) return unread(name, `runs \`${shown}\`, whose makefile is not in the repository`);
  // a makefile is read anew for every call
  if (state.budget) state.budget.left -= 20;
  const made = madeBy({
    path,
    text,
    cwd: asked.dir,
    given: asked.given,
    goals: asked.goals,
    env: (one) => (one === 'HOME' && state.home !== undefined ? { value: state.home } : environmentOf(call).lookup(one)),
    read: (one) => state.read?.(one),
  });
  if ('unknown' in made) return unread(name, `runs \`${shown}\`, whose makefile ${made.unknown}`);
  return {
    does: { kind: 'build', tool: name },
    starts: made.lines.map(commandOf),
    within: { cwd: asked.dir },
    reads: joined({ known: made.reads.map(file) }, made.readsMore ? { known: [tree(asked.dir)] } : undefined),
  };
}

/** A line as `sh -c LINE`, with what make exports. */
function commandOf({ shell, text, env, mayFail }: Line): ShellCommand {
  const word = (value: string): Word => ({ start: 0, end: 0, raw: value, value, variables: [] });
  const given: [string, Known][] = [...env, [UNTOLD, { unknown: 'a variable of make' }]];
  return {
    start: 0,
    end: 0,
    assignments: given.map(([name, known]) => ({ start: 0, end: 0, name, value: 'value' in known ? known.value : undefined })),
    words: [...shell, text].map(word),
    redirects: [],
    before: undefined,
    negated: false,
    decoded: true,
    ...(mayFail ? { optional: 'may-fail' as const } : {}),
  };
}

const unread = (name: string, why: string): Told => ({
  does: { kind: 'build', tool: name },
  writes: anywhere(why),
  reads: anywhere(why),
  startsUnknown: why,
  unread: why,
});

export const makeRows: readonly Row[] = [{ programs: 'make gmake', source: 'GNU make manual', tell }];
