// Room: dockerfile/. What BuildKit refuses of an instruction that its parser has read. Source: BuildKit v0.34.2, frontend/dockerfile/instructions/parse.go and bflag.go.
import { isKeyword, type Node } from './arguments.ts';
import { heredocOf } from './heredoc.ts';
import { trim } from './lines.ts';
import { deviceError, mountError } from './mount.ts';

type FlagType = 'bool' | 'string' | 'strings';
const strings = (...names: string[]): [string, FlagType][] => names.map((name) => [name, 'string']);
const flagsOf = new Map<string, ReadonlyMap<string, FlagType>>([
  [
    'add',
    new Map([
      ...strings('chown', 'chmod', 'checksum'),
      ['link', 'bool'],
      ['keep-git-dir', 'bool'],
      ['unpack', 'bool'],
      ['exclude', 'strings'],
    ]),
  ],
  ['copy', new Map([...strings('chown', 'from', 'chmod'), ['link', 'bool'], ['exclude', 'strings'], ['parents', 'bool']])],
  ['from', new Map(strings('platform'))],
  ['run', new Map([...strings('network', 'security'), ['mount', 'strings'], ['device', 'strings']])],
  ['healthcheck', new Map(strings('interval', 'timeout', 'start-period', 'start-interval', 'retries'))],
]);
const none: ReadonlyMap<string, FlagType> = new Map();

/** The first thing that BuildKit refuses of an instruction; undefined when it takes it. */
export function refusalOf(node: Node): string | undefined {
  const keyword = node.keyword.value.toLowerCase();
  if (!isKeyword(keyword)) return `unknown instruction: ${node.keyword.value}`;
  const known = flagsOf.get(keyword) ?? none;
  const ignoresFlags =
    keyword === 'stopsignal' || keyword === 'arg' || (keyword === 'healthcheck' && node.args[0]?.toUpperCase() === 'NONE');
  const count = countError(keyword, node);
  const flags = ignoresFlags ? undefined : flagError(node, known);
  return (flagsFirst.has(keyword) ? (flags ?? count) : (count ?? flags)) ?? bodyError(keyword, node);
}

function flagError(node: Node, known: ReadonlyMap<string, FlagType>): string | undefined {
  if (node.flags.length === 0) return undefined;
  const used = new Set<string>();
  for (const { value: flag } of node.flags) {
    if (!flag.startsWith('--')) return `arg should start with -- : ${flag}`;
    const equals = flag.indexOf('=');
    const name = equals === -1 ? flag : flag.slice(0, equals);
    const type = known.get(name.slice(2));
    if (type === undefined) return `unknown flag: ${name}`;
    if (used.has(name) && type !== 'strings') return `duplicate flag specified: ${name}`;
    used.add(name);
    const value = flag.slice(equals + 1).toLowerCase();
    if (type !== 'bool' && equals === -1) return `missing a value on flag: ${name}`;
    if (type !== 'bool' || equals === -1) continue;
    if (value === '') return `missing a value on flag: ${name}`;
    if (value !== 'true' && value !== 'false') return `expecting boolean value for flag ${name}, not: ${value}`;
  }
  return undefined;
}

const flagsFirst = new Set(['env', 'label', 'shell']);
const exactlyOne = new Set(['workdir', 'user', 'stopsignal', 'maintainer']);
const atLeastOne = new Set(['env', 'label', 'arg', 'expose', 'volume', 'healthcheck', 'shell']);
function countError(keyword: string, node: Node): string | undefined {
  const upper = keyword.toUpperCase();
  if (keyword === 'onbuild') return node.trigger ? undefined : 'ONBUILD requires at least one argument';
  if (exactlyOne.has(keyword) && node.args.length !== 1) return `${upper} requires exactly one argument`;
  if (atLeastOne.has(keyword) && node.args.length === 0) return `${upper} requires at least one argument`;
  if ((keyword === 'copy' || keyword === 'add') && node.args.length < 2)
    return `${upper} requires at least two arguments, but only one was provided. Destination could not be determined`;
  if (keyword === 'from' && node.args.length !== 1 && !(node.args.length === 3 && node.args[1]?.toLowerCase() === 'as'))
    return 'FROM requires either one or three arguments';
  return undefined;
}

function bodyError(keyword: string, node: Node): string | undefined {
  switch (keyword) {
    case 'env':
    case 'label':
      return node.pairs.some((pair) => pair.name.value === '') ? `${keyword.toUpperCase()} names can not be blank` : undefined;
    case 'arg':
      return node.pairs.some((pair) => pair.assigned && pair.name.value === '') ? 'ARG names can not be blank' : undefined;
    case 'copy':
    case 'add':
      return isHeredoc(node.args[node.args.length - 1] ?? '')
        ? `${keyword.toUpperCase()} cannot accept a heredoc as a destination`
        : undefined;
    case 'from':
      return stageNameError(node.args[2]);
    case 'onbuild':
      return triggerError(node);
    case 'run':
      return runError(node);
    case 'healthcheck':
      return healthError(node);
    case 'volume':
      return node.args.some(isBlank) ? 'VOLUME specified can not be an empty string' : undefined;
    case 'shell':
      return node.json ? undefined : 'SHELL requires the arguments to be in JSON form';
    default:
      return undefined;
  }
}

function isBlank(arg: string): boolean {
  const { start, end } = trim(arg, 0, arg.length);
  return start === end;
}

function isHeredoc(word: string): boolean {
  const heredoc = heredocOf(word);
  return heredoc !== undefined && !('error' in heredoc);
}

/** Go's ToLower maps U+0130 and U+212A into ASCII; JavaScript does so for the second only, which is a letter here as there. */
function stageNameError(name: string | undefined): string | undefined {
  if (name === undefined || /^[a-z][a-z0-9-_.]*$/.test(name.toLowerCase())) return undefined;
  return `invalid name for build stage: "${name}", name can't start with a number or contain symbols`;
}

function triggerError(node: Node): string | undefined {
  const inner = node.trigger?.keyword.value.trim().toUpperCase() ?? '';
  if (inner === 'ONBUILD') return "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed";
  return inner === 'MAINTAINER' || inner === 'FROM' ? `${inner} isn't allowed as an ONBUILD trigger` : undefined;
}

/** The values of a flag, in order. */
export function flagValues(node: Node, name: string): string[] {
  return node.flags.filter((flag) => flag.value.startsWith(`--${name}=`)).map((flag) => flag.value.slice(name.length + 3));
}

function runError(node: Node): string | undefined {
  if (node.flags.length === 0) return undefined;
  const [network, security] = [flagValues(node, 'network')[0], flagValues(node, 'security')[0]];
  if (network !== undefined && !['default', 'none', 'host'].includes(network)) return `invalid network mode "${network}"`;
  if (security !== undefined && !['insecure', 'sandbox'].includes(security)) return `security "${security}" is not valid`;
  for (const value of flagValues(node, 'mount')) if (mountError(value) !== undefined) return mountError(value);
  for (const value of flagValues(node, 'device')) if (deviceError(value) !== undefined) return deviceError(value);
  return undefined;
}

function healthError(node: Node): string | undefined {
  const type = node.args[0] ?? '';
  if (type.toUpperCase() === 'NONE') return node.args.length > 1 ? 'HEALTHCHECK NONE takes no arguments' : undefined;
  if (type.toUpperCase() !== 'CMD') return `Unknown type ${JSON.stringify(type.toUpperCase())} in HEALTHCHECK (try CMD)`;
  if (node.args.length < 2) return 'Missing command after HEALTHCHECK CMD';
  for (const name of ['interval', 'timeout', 'start-period', 'start-interval']) {
    const error = durationError(name, flagValues(node, name)[0] ?? '');
    if (error !== undefined) return error;
  }
  const retries = flagValues(node, 'retries')[0] ?? '';
  if (retries === '') return undefined;
  if (!/^[+-]?[0-9]+$/.test(retries) || Math.abs(Number(retries)) > 0x7fffffff) return `invalid value for --retries: ${retries}`;
  return Number(retries) < 0 ? `--retries cannot be negative (${retries})` : undefined;
}

/** Milliseconds of Go's duration units (https://pkg.go.dev/time#ParseDuration). */
const units = new Map([['ns', 1e-6], ['us', 1e-3], ['µs', 1e-3], ['μs', 1e-3], ['ms', 1], ['s', 1e3], ['m', 6e4], ['h', 3.6e6]]); // prettier-ignore
function durationError(name: string, value: string): string | undefined {
  if (value === '') return undefined;
  const unsigned = value.replace(/^[+-]/, '');
  if (unsigned === '0') return undefined;
  let total = 0;
  let at = 0;
  while (at < unsigned.length) {
    const part = /^([0-9]*)(\.?)([0-9]*)([^0-9.]+)/.exec(unsigned.slice(at, at + 64));
    const unit = units.get(part?.[4] ?? '');
    if (/^[0-9.]+$/.test(unsigned.slice(at))) return `time: missing unit in duration "${value}"`;
    if (!part || unit === undefined || (part[1] === '' && part[3] === '')) return `time: invalid duration "${value}"`;
    total += Number(`${part[1] || '0'}.${part[3] || '0'}`) * unit;
    at += part[0].length;
  }
  if (unsigned === '' || total > 9.223372036854775e12) return `time: invalid duration "${value}"`;
  if (total < 1e-6) return undefined;
  return value.startsWith('-') || total < 1 ? `Interval "${name}" cannot be less than 1ms` : undefined;
}
