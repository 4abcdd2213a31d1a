// Room: dockerfile/. From framed lines to typed instructions. Where dockerfile-ast and BuildKit differ, BuildKit is right (see test/conformance/).
import type { PairToken } from './arguments.ts';
import { unquote } from './expand.ts';
import type { Framed } from './frame.ts';
import { spanIn } from './lines.ts';
import { mountOptions } from './mount.ts';
import type { Token } from './split.ts';
import type {
  Arg,
  Command,
  CopyLike,
  EnvLike,
  Flag,
  From,
  Healthcheck,
  Instruction,
  InstructionBase,
  Keyword,
  Mount,
  Onbuild,
  Pair,
  Plain,
  Run,
} from './types.ts';

/** Instructions without what only their surroundings tell: a FROM's image, the scripts. */
export interface Surroundings {
  index: number;
  stage: number;
  escape: '\\' | '`';
}

/**
 * The model of one framed instruction; its keyword is one that BuildKit knows. Images and scripts are filled in by the caller.
 * It is written onto what all have, not spread from it: V8 11 (Node.js 20) takes microseconds for each name behind a spread.
 */
export function modelOf(framed: Framed, at: Surroundings): Instruction {
  const base = baseOf(framed, at);
  const keyword = framed.node.keyword.value.toUpperCase() as Keyword;
  const words = (): Arg[] => base.json ?? framed.node.words.map((word) => argOf(framed, word, at.escape));
  switch (keyword) {
    case 'FROM':
      return fromOf(framed, base, at.escape);
    case 'RUN':
      return Object.assign(base, { keyword, script: undefined, mounts: mountsOf(base.flags) }) satisfies Run;
    case 'COPY':
    case 'ADD':
      return copyOf(base, keyword, words());
    case 'ENV':
    case 'LABEL':
    case 'ARG':
      return Object.assign(base, { keyword, pairs: framed.node.pairs.map((pair) => pairOf(framed, pair, at.escape)) }) satisfies EnvLike;
    case 'CMD':
    case 'ENTRYPOINT':
      return Object.assign(base, {
        keyword,
        form: base.json ? ('exec' as const) : ('shell' as const),
        script: undefined,
      }) satisfies Command;
    case 'HEALTHCHECK':
      return healthOf(framed, base);
    case 'ONBUILD':
      return onbuildOf(framed, base, at.escape);
    default:
      return Object.assign(base, { keyword, words: words() }) satisfies Plain;
  }
}

function baseOf(framed: Framed, at: Surroundings): InstructionBase {
  const { node, logical } = framed;
  const keywordSpan = spanIn(logical, node.keyword.start, node.keyword.end);
  const strings = node.keyword.value.toLowerCase() === 'healthcheck' ? node.words.slice(1) : node.words;
  return {
    index: at.index,
    stage: at.stage,
    start: keywordSpan.start,
    end: framed.end,
    line: framed.line,
    endLine: framed.endLine,
    lineStart: framed.lineStart,
    leadStart: framed.leadStart,
    lineEnd: framed.lineEnd,
    keywordRaw: node.keyword.value,
    keywordSpan,
    flags: node.flags.map((flag) => flagOf(framed, flag)),
    args: node.trigger ? [] : node.args,
    json: node.json
      ? strings.map((word) => {
          const { start, end } = spanIn(logical, word.start, word.end);
          return { start, end, raw: logical.text.slice(word.start, word.end), value: word.value };
        })
      : undefined,
    heredocs: framed.heredocs,
    logical,
    bodyStart: node.rest.end > node.rest.start ? logical.toSource(node.rest.start) : framed.end,
  };
}

function flagOf(framed: Framed, flag: Token): Flag {
  const equals = flag.value.indexOf('=');
  const value = equals === -1 ? undefined : flag.value.slice(equals + 1);
  const { start, end } = spanIn(framed.logical, flag.start, flag.end);
  return {
    start,
    end,
    name: equals === -1 ? flag.value.slice(2) : flag.value.slice(2, equals),
    value,
    raw: framed.logical.text.slice(flag.start, flag.end),
  };
}

function argOf(framed: Framed, word: Token, escape: string): Arg {
  const raw = framed.logical.text.slice(word.start, word.end);
  const { start, end } = spanIn(framed.logical, word.start, word.end);
  return { start, end, raw, value: unquote(word.value, escape) };
}

function pairOf(framed: Framed, pair: PairToken, escape: string): Pair {
  const value = pair.assigned === undefined ? undefined : unquote(pair.assigned.value, escape);
  const { start, end } = spanIn(framed.logical, pair.start, pair.end);
  return {
    start,
    end,
    name: unquote(pair.name.value, escape),
    value,
    raw: framed.logical.text.slice(pair.start, pair.end),
  };
}

/** The value of a flag, the last one when it is repeated. */
const flagValue = (flags: readonly Flag[], name: string): string | undefined => flags.findLast((flag) => flag.name === name)?.value;

function fromOf(framed: Framed, base: InstructionBase, escape: string): From {
  const [image, , alias] = framed.node.words;
  const span = image ? spanIn(framed.logical, image.start, image.end) : { start: base.end, end: base.end };
  const unresolved = {
    raw: image?.value ?? '',
    span,
    resolved: undefined,
    registry: '',
    repository: '',
    tag: undefined,
    digest: undefined,
    variables: [],
  };
  return Object.assign(base, {
    keyword: 'FROM' as const,
    image: unresolved,
    platform: flagValue(base.flags, 'platform'),
    alias: alias && argOf(framed, alias, escape),
  });
}

function mountsOf(flags: readonly Flag[]): Mount[] {
  return flags
    .filter((flag) => flag.name === 'mount')
    .map((flag) => {
      const options = mountOptions(flag.value ?? '');
      return {
        flag,
        type: options.get('type')?.toLowerCase() ?? 'bind',
        target: options.get('target'),
        id: options.get('id'),
        from: options.get('from'),
        options,
      };
    });
}

/** In JSON form the strings are the words; a heredoc word (`<<EOF`) is one of the sources. */
function copyOf(base: InstructionBase, keyword: 'COPY' | 'ADD', words: Arg[]): CopyLike {
  const link = base.flags.find((flag) => flag.name === 'link');
  return Object.assign(base, {
    keyword,
    sources: words.slice(0, -1),
    dest: words[words.length - 1],
    from: flagValue(base.flags, 'from'),
    chown: flagValue(base.flags, 'chown'),
    chmod: flagValue(base.flags, 'chmod'),
    link: link !== undefined && link.value?.toLowerCase() !== 'false',
  });
}

function healthOf(framed: Framed, base: InstructionBase): Healthcheck {
  const none = framed.node.args[0]?.toUpperCase() === 'NONE';
  return { ...base, keyword: 'HEALTHCHECK', none, form: none ? undefined : base.json ? 'exec' : 'shell', script: undefined };
}

function onbuildOf(framed: Framed, base: InstructionBase, escape: string): Onbuild {
  const trigger = framed.node.trigger;
  const node = trigger ?? framed.node;
  const words = node.words.map((word) => argOf(framed, word, escape));
  return {
    ...base,
    keyword: 'ONBUILD',
    inner: node.keyword.value.toUpperCase(),
    trigger: { flags: node.flags.map((flag) => flagOf(framed, flag)), args: node.args, json: node.json, words },
  };
}
