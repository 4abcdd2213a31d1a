// Room: ecosystems/node. Sources that stay behind where the image gets the whole application: a computed read does not mean what was compiled.
import type { Entry, FileTree } from '../../context/types.ts';
import { walk } from '../../context/walk.ts';
import { inside, isPlainName, landingOf } from '../../facts/copies.ts';
import { compiledAlone, type RuntimeFiles } from '../../runtime/files.ts';
import { withoutComments } from './comments.ts';
import { valueImports } from './imports.ts';
import { nodeLayout } from './layout.ts';
import { inImage, type NodeCase } from './split-case.ts';

/** Files that may name what the container reads: settings, scripts, what starts containers. Those of compilers and linters name what they compile. */
const TELLS = /\.(?:ya?ml|json|toml|sh|[cm]?js|env)$|^(?:Procfile|Makefile|\.env.*)$/;
const OF_THE_BUILD =
  /^(?:tsconfig.*|package(?:-lock)?|nest-cli|jest.*|tslint|\.eslintrc|\.swcrc|biome|nodemon|angular|renovate|turbo|nx|typedoc)\.(?:json|[cm]?js|ya?ml)$|(?:eslint|jest|vitest|vite|webpack|rollup|tsup|babel|prettier)(?:\.[\w-]+)?\.config\./;
/** Scripts that no container runs. */
const FOR_PEOPLE = /^(?:(?:pre|post)?(?:build|dev|watch|test|lint|format|check|typecheck|prepare|debug|clean|coverage))(?:$|[:._-])/;

/** Names of directories of the application that hold nothing but TypeScript, which the build has compiled, and which nothing names. */
export function sourcesBehind(c: NodeCase, files: RuntimeFiles): string[] {
  const { tree } = c.subject.project;
  const candidates = (tree.list(c.dir) ?? []).filter(
    ({ path, name, kind }) =>
      kind === 'dir' &&
      isPlainName(name) &&
      inImage(c, path) &&
      compiledAlone(tree, path, nodeLayout) &&
      landingOf(c.reading.copies, path) === `${c.workdir}/${name}` &&
      !files.named.some((one) => inside(one, path) || inside(path, one)),
  );
  if (candidates.length === 0) return [];
  const cut: string[] = [];
  const others = walk(tree, '', { onCut: (why) => cut.push(why) }).filter(
    ({ kind, name, path }) => kind === 'file' && TELLS.test(name) && !OF_THE_BUILD.test(name) && !path.startsWith('.github/'),
  );
  const scripts = [...c.project.scripts.values()].filter(({ name }) => !FOR_PEOPLE.test(name)).map(({ text }) => text);
  return candidates.flatMap((dir) => (cut.length === 0 && !isNamed(c, dir, others, scripts) ? [dir.name] : []));
}

function isNamed(c: NodeCase, { name }: Entry, others: readonly Entry[], scripts: readonly string[]): boolean {
  const { tree } = c.subject.project;
  const word = new RegExp(`(?<![\\w-])${name.replaceAll('.', '\\.')}/`);
  const quoted = new RegExp(`(['"\`])(?:\\.{0,2}/|[^'"\`\\n]{0,100}/)?${name.replaceAll('.', '\\.')}(?:/[^'"\`\\n]{0,200})?\\1`);
  return (
    scripts.some((text) => word.test(text)) ||
    others.some(({ path }) => word.test(textAt(tree, path))) ||
    c.project.sources().some((path) => quoted.test(withoutImports(textAt(tree, path))))
  );
}

function textAt(tree: FileTree, path: string): string {
  const read = tree.read(path);
  return read.kind === 'text' ? read.text : '';
}

/** A source whose imports are blank: they are compiled in. */
function withoutImports(given: string): string {
  const text = withoutComments(given);
  const specifiers = new Set(valueImports(text).map((one) => one.specifier));
  return [...specifiers].reduce((rest, one) => rest.replaceAll(`'${one}'`, "''").replaceAll(`"${one}"`, '""'), text);
}
