// Room: ecosystems/node. What `npm start`, `yarn x`, `npx x` and their kin start: the script's commands, its hooks, a program of a package.
import { parseShell } from '../../dockerfile/shell.ts';
import type { ShellCommand, Word } from '../../dockerfile/types.ts';
import { anywhere, cleaned, file, placesOf, tree } from '../../effects/places.ts';
import type { Call, ShellState, StartedText, Told } from '../../effects/types.ts';
import type { CommandKind } from '../types.ts';
import { invocation, type Invocation } from './invocation.ts';
import { fields, keyLines, parseJson, stringFields } from './json.ts';
import { wordsOf } from './kinds.ts';

/** What a call that starts something starts; undefined: it starts nothing that is told by name. Sources: docs.npmjs.com/cli/v11/using-npm/scripts, and the manuals of `invocation.ts`. */
export function startsOf(call: Call, kind: CommandKind): Told | undefined {
  const asked = invocation(wordsOf(call.command));
  if (!asked) return undefined;
  const does: Told['does'] = { kind: 'package', manager: asked.manager, what: kind };
  const plain = { ...call.command, assignments: [], redirects: [], before: undefined };
  if (asked.verb === 'node' && asked.manager !== 'bun')
    return { does, starts: [{ ...plain, words: [wordOf('node'), ...tail(call, asked.operands)] }] };
  if (asked.bin !== undefined) {
    // `bun server.ts`: bun itself runs it, and its sources are not read as Node's are
    if (asked.bin[0] === asked.manager) {
      const [file] = placesOf(tail(call, asked.bin.slice(1, 2)), call.state, false).known;
      const why = 'what its sources say, which are not read';
      return { does: { kind: 'serve' }, writes: anywhere(why), reads: anywhere(why), ...(file ? { runs: file } : {}) };
    }
    return { does, starts: [{ ...plain, words: asked.bin.map((text) => original(call, text)) }] };
  }
  return asked.script === undefined ? undefined : scriptOf(asked, asked.script, call, does);
}

/** The last words of a call that these texts are. */
const tail = (call: Call, texts: readonly string[]): Word[] => texts.map((text) => original(call, text));
const original = (call: Call, text: string): Word => call.command.words.find((word) => (word.value ?? word.raw) === text) ?? wordOf(text);
const wordOf = (text: string): Word => ({
  start: 0,
  end: 0,
  raw: text,
  value: /[$`]/.test(text) ? undefined : text,
  variables: [],
});

function scriptOf(asked: Invocation, name: string, call: Call, does: Told['does']): Told {
  if (asked.workspace) return refused(does, `\`${wordsOf(call.command).join(' ')}\` runs a script of another package of the workspace`);
  const place = manifestOf(asked, call.state);
  if (call.state.cwd === undefined) return refused(does, `the directory that ${asked.manager} runs in is not known`);
  if (!place) return refused(does, `package.json with the script ${name} is not in the build context`);
  const parsed = parseJson(place.text);
  if ('broken' in parsed) return refused(does, `${place.path} cannot be read`);
  const scripts = stringFields(fields(parsed.value).get('scripts'));
  // npm's default. Source: docs.npmjs.com/cli/v11/using-npm/scripts#npm-start
  const main = scripts.get(name) ?? (name === 'start' ? 'node server.js' : undefined);
  // the others run a program of a package where there is no script. Sources: the manuals of yarn run, pnpm run, bun run
  if (main === undefined && asked.manager !== 'npm')
    return {
      does,
      starts: [{ ...call.command, assignments: [], redirects: [], before: undefined, words: tail(call, [name, ...asked.operands]) }],
    };
  if (main === undefined) return refused(does, `package.json has no script ${name}`);
  return following([scripts.get(`pre${name}`), withArguments(main, asked), scripts.get(`post${name}`)], place, name, does);
}

/** The commands of a script and of its hooks, which run before and behind it. */
function following(texts: readonly (string | undefined)[], place: Manifest, name: string, does: Told['does']): Told {
  const scripts = texts.map((text) => (text === undefined ? undefined : parseShell(text)));
  const lists = scripts.map((one): readonly ShellCommand[] => (one?.opaque === undefined ? (one?.commands ?? []) : one.seen));
  const opaque = scripts[1]?.opaque;
  const line = keyLines(place.text).get(`scripts\0${name}`) ?? 1;
  const within: StartedText = {
    file: place.path,
    text: texts.filter((text) => text !== undefined).join('\n'),
    line: () => line,
    ...(opaque === undefined ? {} : { opaque: `the script ${name} holds ${opaque}` }),
    cwd: place.dir,
    stays: (lists[0]?.length ?? 0) + (lists[1]?.length ?? 0) - 1,
  };
  const starts = lists.flat();
  return starts.length === 0
    ? refused(does, `the script ${name} runs nothing`)
    : { does, starts, within, reads: { known: [file(place.path), tree(place.dir)] } };
}

/** `npm start -- --port 80`: what stands behind the script's name is given to its last command. */
function withArguments(text: string, asked: Invocation): string {
  const given = asked.operands.filter((word) => word !== '--' && /^[\w./:=@%+,-]+$/.test(word));
  return given.length === 0 ? text : `${text} ${given.join(' ')}`;
}

interface Manifest {
  path: string;
  dir: string;
  text: string;
}

/** The nearest package.json, as npm looks for it. */
function manifestOf(asked: Invocation, state: ShellState): Manifest | undefined {
  if (state.cwd === undefined || !state.read) return undefined;
  const from = asked.dir === undefined ? state.cwd : cleaned(asked.dir.startsWith('/') ? asked.dir : `${state.cwd}/${asked.dir}`);
  const parts = from.split('/').filter(Boolean);
  for (let n = parts.length; n >= 0; n -= 1) {
    const dir = `/${parts.slice(0, n).join('/')}`;
    const path = cleaned(`${dir}/package.json`);
    const text = state.read(path);
    if (text !== undefined) return { path, dir, text };
  }
  return undefined;
}

/** It runs something of the project, and what cannot be told. */
const refused = (does: Told['does'], why: string): Told => ({
  does,
  writes: anywhere(why),
  reads: anywhere(why),
  startsUnknown: why,
  unread: why,
});
