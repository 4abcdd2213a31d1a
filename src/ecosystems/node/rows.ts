// Room: ecosystems/node. What programs of Node do, as rows, and how npm and its kin start others.
import { ownProgram } from '../../effects/interpreters.ts';
import { HOME_UNKNOWN, anywhere, placesOf, tree } from '../../effects/places.ts';
import type { Call, Row, Told } from '../../effects/types.ts';
import type { WrapperRow } from '../../effects/wrappers.ts';
import { options } from '../../effects/words.ts';

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
  let at = 0;
  while (at < args.length && (args[at]?.value ?? args[at]?.raw ?? '').startsWith('-')) at += OWN.includes(args[at]?.value ?? '') ? 2 : 1;
  return ownProgram(call, at);
}

/** corepack puts its shims beside node, and brings package managers to its own cache. Source: nodejs/corepack, README. */
function corepack({ state }: Call): Told {
  const home =
    state.home === undefined ? anywhere(HOME_UNKNOWN) : { known: [tree('/usr/local/bin'), tree(`${state.home}/.cache/node/corepack`)] };
  return { does: { kind: 'configure', tool: 'corepack', brings: ['yarn', 'pnpm'] }, writes: home };
}

export const nodeRows: readonly Row[] = [
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
