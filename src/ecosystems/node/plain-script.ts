// Room: ecosystems/node. A script file that needs nothing but node itself.
import { withoutComments } from './comments.ts';
import { valueImports } from './imports.ts';

/** Core modules that touch no file and start nothing. https://nodejs.org/api/ */
const quietModules = new Set(
  'assert buffer constants crypto events os path process punycode querystring string_decoder timers url util perf_hooks'.split(' '),
);

/** True when a file imports quiet core modules alone, computes no import and names no file of the project. */
export function needsOnlyNode(source: string): boolean {
  if (source.length > 64 * 1024) return false;
  const text = withoutComments(source);
  const imports = valueImports(text).map((one) => one.specifier.replace(/^node:/, ''));
  if (!imports.every((name) => quietModules.has(name))) return false;
  const calls = text.match(/(?<![\w$.])(?:require|import)\s{0,20}\(/g)?.length ?? 0;
  const literalCalls = text.match(/(?<![\w$.])(?:require|import)\s{0,20}\(\s{0,50}['"]/g)?.length ?? 0;
  return (
    calls === literalCalls &&
    !/['"`]\.{1,2}\/|\beval\s{0,5}\(|\bnew\s{1,5}Function\b|\bprocess\.binding\b|createRequire|getBuiltinModule/.test(text)
  );
}
