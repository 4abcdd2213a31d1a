// Room: observe/. Packages of the languages, by the files that their installers leave.
import type { LanguagePackageFacts } from '../image/types.ts';
import type { ImageContents } from '../verify/types.ts';

interface Kind {
  type: string;
  /** In: the path of a file. Groups: `name`, `version`. */
  pattern: RegExp;
}

const kinds: readonly Kind[] = [
  // https://packaging.python.org/en/latest/specifications/recording-installed-packages/
  { type: 'pypi', pattern: /\/(?:site|dist)-packages\/(?<name>[\w.]+)-(?<version>[\w.!+]+)\.dist-info\/METADATA$/ },
  { type: 'pypi', pattern: /\/(?:site|dist)-packages\/(?<name>[\w.]+)-(?<version>[\w.!+]+?)(?:-py[\d.]+)?\.egg-info(?:\/PKG-INFO)?$/ },
  // https://guides.rubygems.org/command-reference/#gem-environment
  { type: 'gem', pattern: /\/specifications\/(?:default\/)?(?<name>[\w.-]+?)-(?<version>\d[\w.]*)(?:-[\w-]+)?\.gemspec$/ },
  // https://maven.apache.org/repositories/layout.html
  { type: 'maven', pattern: /\/(?<name>[\w.-]+?)-(?<version>\d[\w.-]*)\.jar$/ },
];
const nodePackage = /^(?<path>.*\/node_modules\/(?<name>(?:@[^/]+\/)?[^/]+))\/package\.json$/;

/** The packages in an image, by path. */
export function languagePackages({ files, texts }: Pick<ImageContents, 'files' | 'texts'>): LanguagePackageFacts[] {
  const found: LanguagePackageFacts[] = [];
  for (const [path, { kind }] of files) {
    if (kind === 'dir') continue;
    const node = nodePackage.exec(path)?.groups;
    if (node) found.push({ type: 'npm', name: node['name'] ?? '', version: versionIn(texts.get(path)), path: node['path'] ?? '' });
    else found.push(...byPath(path).map((one) => ({ ...one, ...platformIn(texts.get(path.replace(/METADATA$/, 'WHEEL'))) })));
    if (path.endsWith('/vendor/composer/installed.json')) found.push(...composerPackages(path, texts.get(path)));
  }
  return found;
}

function byPath(path: string): LanguagePackageFacts[] {
  for (const { type, pattern } of kinds) {
    const groups = pattern.exec(path)?.groups;
    if (groups) return [{ type, name: groups['name'] ?? '', version: groups['version'] ?? '', path }];
  }
  return [];
}

/** `Tag: cp312-cp312-manylinux_2_17_x86_64`. Source: https://packaging.python.org/en/latest/specifications/binary-distribution-format/ */
function platformIn(wheel: string | undefined): { platform?: string } {
  const platform = /^Tag: [\w.]+-[\w.]+-([\w.]+)\s*$/m.exec(wheel ?? '')?.[1];
  return platform === undefined ? {} : { platform };
}

function versionIn(text: string | undefined): string {
  const version = fieldOf(parsed(text), 'version');
  return typeof version === 'string' ? version.slice(0, 100) : '';
}

/** Source: https://getcomposer.org/doc/07-runtime.md */
function composerPackages(path: string, text: string | undefined): LanguagePackageFacts[] {
  const told = parsed(text);
  const list: unknown = Array.isArray(told) ? told : fieldOf(told, 'packages');
  if (!Array.isArray(list)) return [];
  const directory = path.slice(0, -'composer/installed.json'.length);
  return list.flatMap((one: unknown): LanguagePackageFacts[] => {
    const [name, version] = [fieldOf(one, 'name'), fieldOf(one, 'version')];
    if (typeof name !== 'string') return [];
    return [{ type: 'composer', name, version: typeof version === 'string' ? version : '', path: `${directory}${name}` }];
  });
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '') as unknown;
  } catch {
    return undefined;
  }
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
