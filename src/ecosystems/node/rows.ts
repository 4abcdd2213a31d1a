// Room: ecosystems/node. What programs of Node do, as rows, and how npm and its kin start others.
import { buildRows, packageProgram, runnerRows } from './build-rows.ts';
import { ownProgram } from '../../effects/interpreters.ts';
import { HOME_UNKNOWN, anywhere, placeOf, placesOf, tree } from '../../effects/places.ts';
import type { Call, Row, Told } from '../../effects/types.ts';
import type { WrapperRow } from '../../effects/wrappers.ts';
import { options } from '../../effects/words.ts';
import { loadsUnknown } from './own-scripts.ts';
import { nodeProcessManagers } from './process-managers.ts';
import { nodeServers } from './server-rows.ts';

const OWN = [
  '-r',
  '--require',
  '--import',
  '--loader',
  '--experimental-loader',
  '-C',
  '--conditions',
  '--env-file',
  '--max-old-space-size',
];

/** `node FILE`; `-e`, `-p` and a module on standard input are programs that are not read. Source: nodejs.org/api/cli.html. */
function node(call: Call): Told {
  const { args } = call;
  if (args.length > 0 && args.every((word) => ['-v', '--version', '-h', '--help'].includes(word.value ?? '')))
    return { does: { kind: 'nothing' } };
  const text = args.find((word) => ['-e', '--eval', '-p', '--print'].includes(word.value ?? ''));
  if (text) {
    const why = `runs \`node ${text.raw}\`, whose effects are not known`;
    return { does: { kind: 'unknown', why }, writes: anywhere(why), reads: anywhere(why), startsUnknown: why };
  }
  let at = 0;
  while (at < args.length && (args[at]?.value ?? args[at]?.raw ?? '').startsWith('-')) at += OWN.includes(args[at]?.value ?? '') ? 2 : 1;
  const ofPackage = packageProgram(call, at);
  if (ofPackage) return ofPackage;
  const word = args[at];
  const script = word && placeOf(word, call.state, false);
  const { runs, ...told } = ownProgram(call, at, 'node', (source) => loadsUnknown(source, script?.path, call.state.read));
  // what is loaded before the file reads files of its own (tsconfig-paths, instrumentation): the file is not all that runs
  const preloads = args.slice(0, at).some((word) => PRELOADS.test(word.value ?? word.raw));
  return preloads || runs === undefined ? told : { ...told, runs };
}
const PRELOADS = /^(?:-r|--require|--import|--loader|--experimental-loader)(?:=|$)/;

/** corepack puts its shims beside node, and brings package managers to its own cache. Source: nodejs/corepack, README. */
function corepack({ state }: Call): Told {
  const home =
    state.home === undefined ? anywhere(HOME_UNKNOWN) : { known: [tree('/usr/local/bin'), tree(`${state.home}/.cache/node/corepack`)] };
  return { does: { kind: 'configure', tool: 'corepack', brings: ['yarn', 'pnpm'] }, writes: home };
}

export const nodeRows: readonly Row[] = [
  ...runnerRows,
  ...nodeServers,
  ...nodeProcessManagers,
  ...buildRows,
  {
    programs: 'ts-node ts-node-esm ts-node-script tsx esno vite-node babel-node',
    source: 'https://typestrong.org/ts-node/docs/options; https://tsx.is/node-enhancement; https://babeljs.io/docs/babel-node',
    tell: node,
  },
  { programs: 'node nodejs', source: 'https://nodejs.org/api/cli.html', tell: node },
  { programs: 'corepack', source: 'https://github.com/nodejs/corepack', tell: corepack },
  {
    programs: 'rimraf del-cli',
    source: 'https://github.com/isaacs/rimraf',
    tell: ({ args, state }) => ({ does: { kind: 'files' }, removes: placesOf(options(args).rest, state, true) }),
  },
];

/** Starting a program of a package by its name is the manager's own (`invocation.ts`); these start whatever follows. */
export const nodeWrappers: readonly WrapperRow[] = [];
