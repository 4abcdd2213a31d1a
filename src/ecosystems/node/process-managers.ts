// Room: ecosystems/node. Programs that start another one and stay above it: what they start is named on their command line, or in a file of theirs.
import { anywhere, cleaned, tree } from '../../effects/places.ts';
import type { Call, Row, Told } from '../../effects/types.ts';
import { names, options } from '../../effects/words.ts';
import { parseShell } from '../../dockerfile/shell.ts';

const COMPUTED = 'starts a command that is computed';
const computed: Told = {
  does: { kind: 'unknown', why: COMPUTED },
  writes: anywhere(COMPUTED),
  reads: anywhere(COMPUTED),
  startsUnknown: COMPUTED,
};

const here = ({ state }: Call): Told['reads'] => ({ known: state.cwd === undefined ? [] : [tree(state.cwd)] });
/** It runs the project's sources by Node.js, or these commands. */
const runs = (call: Call, commands: readonly string[], writes: Told['writes'] = { known: [] }): Told => ({
  does: { kind: 'serve' },
  sources: 'node',
  writes,
  reads: here(call),
  ...(commands.length > 0 ? { starts: commands.flatMap((text) => parseShell(text).seen) } : {}),
});

const textIn = ({ state }: Call, name: string): string | undefined =>
  state.cwd === undefined ? undefined : state.read?.(cleaned(`${state.cwd}/${name}`));

/** `--exec` of nodemon, also in nodemon.json and package.json. Source: github.com/remy/nodemon, "Running non-node scripts". */
function nodemon(call: Call): Told {
  const valued = names('-e --ext -w --watch -i --ignore -d --delay -x --exec -C --config -s --signal -I --cwd');
  const read = options(call.args, valued);
  const given = read.value('-x', '--exec');
  const file = read.rest.map((word) => word.value ?? '').join(' ');
  if (given && given.value === undefined) return computed;
  const settings = textIn(call, read.value('--config')?.value ?? 'nodemon.json') ?? ofPackage(textIn(call, 'package.json'));
  const exec = given?.value ?? /"exec"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(settings ?? '')?.[1]?.replaceAll('\\"', '"');
  return runs(call, exec === undefined ? [] : [`${exec} ${file}`]);
}
const ofPackage = (text: string | undefined): string | undefined => /"nodemonConfig"\s*:\s*\{([^}]*)\}/.exec(text ?? '')?.[1];

/** `-c COMMAND` of forever. Source: github.com/foreversd/forever, "Options". */
function forever(call: Call): Told {
  const read = options(
    call.args,
    names('-m -l -o -e -p -c -a --pidFile --sourceDir --workingDir --minUptime --spinSleepTime --killSignal --uid'),
  );
  const command = read.value('-c', '--command');
  if (command && command.value === undefined) return computed;
  const [verb, ...others] = read.rest;
  const rest = verb?.value === 'start' ? others : read.rest;
  return runs(call, command ? [`${command.value} ${rest.map((word) => word.value ?? word.raw).join(' ')}`] : []);
}

/** By which program pm2 starts a file. Source: Unitech/pm2, lib/API/interpreter.json. */
const INTERPRETERS: readonly (readonly [ending: RegExp, program: string | undefined])[] = [
  [/\.[cm]?js$/, undefined],
  [/\.tsx?$/, 'ts-node'],
  [/\.py$/, 'python3'],
  [/\.sh$/, 'bash'],
  [/\.rb$/, 'ruby'],
  [/\.php$/, 'php'],
  [/\.pl$/, 'perl'],
];
interface App {
  script: string;
  args: string;
  interpreter: string | undefined;
}
/** The command of an application; undefined: Node.js runs it. */
function commandOf({ script, args, interpreter }: App): string | undefined {
  const row = INTERPRETERS.find(([ending]) => ending.test(script));
  const program = interpreter ?? row?.[1] ?? 'none';
  if (row && /^(?:node|none)$/.test(program)) return undefined;
  return [program === 'none' ? '' : program, script, args].filter((part) => part !== '').join(' ');
}

/** `pm2-runtime ecosystem.config.js`, `pm2-runtime start worker.py`, `pm2-runtime start npm -- run serve`. Source: pm2.keymetrics.io/docs. */
function pm2(call: Call): Told {
  const { args, state } = call;
  const home = state.lookup('PM2_HOME');
  const dir = home ? ('value' in home ? home.value : undefined) : state.home && `${state.home}/.pm2`;
  const writes = { known: dir === undefined ? [] : [tree(dir)] };
  const cut = args.findIndex((word) => word.value === '--');
  const read = options(
    cut === -1 ? args : args.slice(0, cut),
    names(
      '-i --instances -n --name --env --interpreter --node-args -o -e -l --output --error --log --max-memory-restart --cwd --only --delay --ext --watch-delay --exp-backoff-restart-delay',
    ),
  );
  const [verb, ...others] = read.rest;
  const [named] = verb?.value === 'start' ? others : read.rest;
  if (!named) return runs(call, [], writes);
  const file = named.value;
  if (file === undefined) return computed;
  const behind =
    cut === -1
      ? ''
      : args
          .slice(cut + 1)
          .map((word) => word.value ?? word.raw)
          .join(' ');
  const listed = /\.(?:config\.[cm]?js|json5?|ya?ml)$/.test(file);
  const apps = listed
    ? appsOf(textIn(call, file) ?? '')
    : [{ script: file, args: behind, interpreter: read.value('--interpreter')?.value }];
  const commands = apps.map(commandOf);
  // where all are run by Node.js, the sources tell what they do
  return runs(
    call,
    commands.every((one) => one === undefined) ? [] : apps.map((app, n) => commands[n] ?? `node ${app.script} ${app.args}`),
    writes,
  );
}

/** The applications of a list of processes, as far as they are written out. */
function appsOf(text: string): App[] {
  const value = (part: string, key: string): string | undefined =>
    new RegExp(`["']?\\b${key}["']?\\s*:\\s*(["'\`])([^"'\`\\n$]*)\\1`).exec(part)?.[2];
  return text.split(/(?<=\{|,|^)\s*(?=\{|- )/m).flatMap((part) => {
    const script = value(part, 'script');
    const interpreter = value(part, '(?:exec_)?interpreter');
    return script === undefined ? [] : [{ script, args: value(part, 'args') ?? '', interpreter }];
  });
}

export const nodeProcessManagers: readonly Row[] = [
  { programs: 'nodemon', source: 'https://github.com/remy/nodemon', tell: nodemon },
  { programs: 'forever', source: 'https://github.com/foreversd/forever', tell: forever },
  { programs: 'pm2 pm2-runtime pm2-docker', source: 'https://pm2.keymetrics.io/docs: PM2_HOME is ~/.pm2', tell: pm2 },
];
