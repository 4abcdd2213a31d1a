// The rules of the house that a script can check: imports go downwards, transforms ask and do not read text, files have ends.
import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * The rooms from the ground up: a file imports from rooms below its own, and from its own; types as well as values. What stands in one row
 * knows nothing of its neighbours.
 */
const floors: string[][] = [
  ['src/facts/types.ts', 'src/once.ts', 'src/image'],
  ['src/dockerfile', 'src/context'],
  ['src/knowledge', 'src/types.ts'],
  ['src/effects', 'src/refusal.ts'],
  ['src/ecosystems/types.ts'],
  // What a FROM names: knowledge of images put to one Dockerfile. The choice of another base stands above the facts.
  ['src/ecosystems/system', 'src/effects/managers.ts', 'src/uses', 'src/base/base.ts'],
  ['src/facts'],
  ['src/runtime'],
  ['src/installs'],
  ['src/base', 'src/caches', 'src/ignore'],
  ['transforms/multi-stage/split.ts', 'transforms/multi-stage/shared-stage.ts'],
  ['transforms/multi-stage/given-away.ts'],
  ['transforms/multi-stage/distribute.ts', 'transforms/multi-stage/situation.ts'],
  ['transforms/multi-stage/gain.ts'],
  // Each behind its door: what is below asks it through the project, what is above through the list that the road is given.
  ['src/ecosystems'],
  ['src/transform.ts'],
  // The split that facts of an image decide, where no ecosystem reads the sources.
  ['src/layers'],
  ['transforms'],
  ['src/refactor.ts'],
  ['src/index.ts'],
  ['src/report'],
  ['src/process', 'src/checkout'],
  // Proof, from what drives an engine up to what is compared and measured; above them one Dockerfile's way through all of it.
  ['src/verify/types.ts'],
  ['src/verify/engine'],
  ['src/verify/image'],
  ['src/verify/run'],
  ['src/verify/compare'],
  ['src/verify/measure', 'src/verify/report'],
  // What an image holds, as a document: `verify` makes it of the original that it builds.
  ['src/observe'],
  ['src/verify', 'src/forge'],
  ['src/observe/observe.ts'],
  ['src/bulk', 'src/lsp'],
  ['src/cli'],
];
/** What the edges see of the core: the library, its types, and the tree on disk that they make. */
const doors = ['src/index.ts', 'src/image/types.ts', 'src/types.ts', 'src/facts/types.ts', 'src/context/types.ts', 'src/context/disk.ts'];
const edges = ['src/report', 'src/process', 'src/checkout', 'src/verify', 'src/observe', 'src/forge', 'src/bulk', 'src/lsp', 'src/cli'];
/** Hands the edges what the library does not publish; the one file of the edges that reaches deeper. */
const inner = 'src/checkout/core.ts';

interface Import {
  from: string;
  to: string;
  kind: 'value' | 'type';
}

const files = ['src', 'transforms'].flatMap((dir) =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(dir, name)),
);
const texts = new Map(files.map((path) => [path, readFileSync(path, 'utf8')]));
const imports = [...texts].flatMap(([path, text]) => importsOf(path, text));

function importsOf(path: string, text: string): Import[] {
  const found = [...text.matchAll(/^(?:import|export)\s+(type\s)?([^;'"]*?)\s*from\s*'(\.[^']+)'/gm)].map((match): Import => {
    const names = /\{([^}]*)\}/.exec(match[2] ?? '')?.[1];
    const allTypes = names !== undefined && names.split(',').every((name) => name.trim() === '' || name.trim().startsWith('type '));
    return { from: path, to: normalize(join(path, '..', match[3] ?? '')), kind: match[1] !== undefined || allTypes ? 'type' : 'value' };
  });
  const lazy = [...text.matchAll(/\bimport\(\s*'(\.[^']+)'\s*\)/g)].map((match): Import => ({
    from: path,
    to: normalize(join(path, '..', match[1] ?? '')),
    kind: 'value',
  }));
  return [...found, ...lazy];
}

/** The room of a file: the longest name that fits. */
function roomOf(path: string): string | undefined {
  const rooms = floors.flat().filter((room) => path === room || path.startsWith(`${room}/`));
  return rooms.toSorted((a, b) => b.length - a.length)[0];
}
const floorOf = (room: string): number => floors.findIndex((floor) => floor.includes(room));
const told = ({ from, to }: Import): string => `${from} -> ${to}`;
const isEdge = (path: string): boolean => edges.some((room) => path.startsWith(`${room}/`));

describe('rooms', () => {
  it('every file is in one', () => {
    expect(files.filter((path) => roomOf(path) === undefined)).toEqual([]);
  });

  it('imports go downwards', () => {
    const up = imports.filter(({ from, to }) => {
      const [own, other] = [roomOf(from), roomOf(to)];
      return own !== undefined && other !== undefined && own !== other && floorOf(other) >= floorOf(own);
    });
    expect(up.map(told)).toEqual([]);
  });

  it('the edges come in by the doors', () => {
    const through = imports.filter(
      ({ from, to }) => isEdge(from) && from !== inner && !isEdge(to) && !doors.includes(to) && to !== 'package.json',
    );
    expect(through.map(told)).toEqual([]);
  });

  it('no files import each other in a circle, types neither', () => {
    const targets = new Map(files.map((file) => [file, new Set<string>()]));
    for (const { from, to } of imports) targets.get(from)?.add(to);
    // What imports nothing that is left, or is imported by nothing that is left, is in no circle.
    for (let left = -1; left !== targets.size;) {
      left = targets.size;
      for (const [file, of] of targets) if (![...of].some((other) => targets.has(other))) targets.delete(file);
      const imported = new Set([...targets.values()].flatMap((of) => [...of]));
      for (const file of [...targets.keys()]) if (!imported.has(file)) targets.delete(file);
    }
    expect([...targets.keys()]).toEqual([]);
  });

  it('nothing imports an edge but an edge', () => {
    expect(imports.filter(({ from, to }) => isEdge(to) && !isEdge(from)).map(told)).toEqual([]);
  });

  it('the core has no Node API', () => {
    const core = [...texts].filter(([path]) => !isEdge(path) && path !== 'src/context/disk.ts');
    expect(
      core.filter(([, text]) => /from\s*'node:|\bprocess\.|\bBuffer\b\s*[.(]/.test(withoutComments(text))).map(([path]) => path),
    ).toEqual([]);
  });
});

describe('ecosystems', () => {
  /** Names of ecosystems, of their images and package managers, and ways to ask for one of them. */
  const naming = /'(?:node|python|go|golang|rust|npm|yarn|pnpm|bun|pip|pipenv|poetry|uv|cargo)'|ecosystems\/(?:node|python|go|rust)\//;
  /** Files of the core that name one all the same, with the reason. None of them asks for an ecosystem. */
  const allowed: Readonly<Record<string, string>> = {
    'src/knowledge/debian-packages.ts': "Debian's packages, one of which is called cargo",
    'src/effects/rows/development.ts': 'rows of commands that start a development server',
    'src/knowledge/image-rows.ts': 'the user of an image that belongs to no ecosystem',
    'src/effects/rows/servers.ts': 'rows of programs that the container starts',
  };
  const core = [...texts].filter(([path]) => !isEdge(path) && !path.startsWith('src/ecosystems/'));

  it('are named by no file of the core outside of their folders', () => {
    const found = core.filter(([path, text]) => allowed[path] === undefined && naming.test(withoutComments(text))).map(([path]) => path);
    expect(found).toEqual([]);
  });

  it('are imported by nothing below them, and by no transform but through the door', () => {
    const inside = /^src\/ecosystems\/(?!system\/)[a-z-]+\//;
    expect(imports.filter(({ from, to }) => inside.test(to) && !from.startsWith('src/ecosystems/')).map(told)).toEqual([]);
  });

  it('are one folder each, which exports one object of that name', async () => {
    const folders = readdirSync('src/ecosystems', { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
    const { ecosystems } = await import('../src/ecosystems/index.ts');
    expect(ecosystems.map((ecosystem) => ecosystem.id).sort()).toEqual(folders.sort());
    for (const ecosystem of ecosystems)
      expect(Object.values(await import(`../src/ecosystems/${ecosystem.id}/index.ts`))).toEqual([ecosystem]);
  });

  it('know nothing of each other', () => {
    const own = (path: string): string | undefined => /^src\/ecosystems\/([a-z-]+)\//.exec(path)?.[1];
    const across = imports.filter(
      ({ from, to }) => own(from) !== undefined && own(to) !== undefined && own(from) !== own(to) && own(to) !== 'system',
    );
    expect(across.map(told)).toEqual([]);
  });
});

describe('transforms', () => {
  const transforms = [...texts].filter(([path]) => path.startsWith('transforms/'));
  it.each([
    ['no regular expression', /new RegExp|(?<=[=(,:!&|?\s])\/(?![/*\s])(?:[^/\n\\]|\\.)+\/[dgimsuy]*(?=[\s.,;)])/],
    ['no .split( .slice( .replace(', /\.(?:split|slice|replace|replaceAll)\(/],
  ])('ask and do not read text: %s', (_, forbidden) => {
    const found = transforms.flatMap(([path, text]) =>
      withoutComments(text)
        .split('\n')
        .flatMap((line, i) => (forbidden.test(withoutStrings(line)) ? [`${path}:${i + 1}: ${line.trim()}`] : [])),
    );
    expect(found).toEqual([]);
  });
});

describe('files', () => {
  it('say in their first line what they are', () => {
    expect([...texts].filter(([, text]) => !text.startsWith('// ')).map(([path]) => path)).toEqual([]);
  });
  it('name no class of helpers', () => {
    expect(files.filter((path) => /util|helper|common|misc|manager\.ts/i.test(path))).toEqual([]);
  });
});

/** Comments blanked, line numbers kept. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' ')).replace(/(^|\s)\/\/.*$/gm, '$1');
}

/** String literals emptied, so that paths and URLs are no regular expressions. */
function withoutStrings(line: string): string {
  return line.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`/g, "''");
}
