// Room: observe/. The operating system's packages: which are there, who asked for them, and which file belongs to which.
import { apkPackages, dpkgPackages } from '../verify/image/packages.ts';
import type { ImageContents, OsPackage } from '../verify/types.ts';
import { apkDatabases, apkWorld, aptStates, dpkgInfo, dpkgStatus, dpkgStatusFiles } from './wanted.ts';

type Texts = ReadonlyMap<string, string>;

/** The packages that the databases in these texts name, sorted; undefined when none of the texts is a database. */
export function packagesIn(texts: Texts): OsPackage[] | undefined {
  const status = texts.get(dpkgStatus);
  const single = [...texts].filter(([path]) => path.startsWith(dpkgStatusFiles)).map(([, text]) => text);
  const apk = apkDatabases.flatMap((path) => texts.get(path) ?? []);
  if (status === undefined && single.length === 0 && apk.length === 0) return undefined;
  const found = [...(status === undefined ? [] : dpkgPackages(status)), ...single.flatMap(dpkgPackages), ...apk.flatMap(apkPackages)];
  return found.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** Whether a package was asked for by name; undefined: the databases do not say. Sources: apt-mark(8), apk-world(5). */
export function manualIn(texts: Texts): ((one: OsPackage) => boolean) | undefined {
  const states = texts.get(aptStates);
  const world = texts.get(apkWorld);
  if (states === undefined && world === undefined) return undefined;
  const automatic = new Set(
    (states ?? '').split(/\n\n+/).flatMap((paragraph) => {
      const name = /^Package: (.+)$/m.exec(paragraph)?.[1];
      return name !== undefined && /^Auto-Installed: 1$/m.test(paragraph) ? [name.trim()] : [];
    }),
  );
  // `name`, `name=1.2`, `name>3`, `name@edge`, `!conflict`
  const wanted = new Set((world ?? '').split(/\s+/).flatMap((word) => /^[\w.+-]+/.exec(word)?.[0] ?? []));
  return ({ manager, name }) => (manager === 'dpkg' ? !automatic.has(name) : wanted.has(name));
}

/**
 * What each package depends on, of those that are there: the first of several that would do. Sources: deb-control(5), Depends and Pre-Depends;
 * https://wiki.alpinelinux.org/wiki/Apk_spec, `D:` and `p:`
 */
export function dependsIn(texts: Texts, all: readonly OsPackage[]): (name: string) => readonly string[] {
  const there = new Set(all.map(({ name }) => name));
  const dpkg = [...texts].filter(([path]) => path === dpkgStatus || path.startsWith(dpkgStatusFiles)).map(([, text]) => text);
  const found = new Map<string, readonly string[]>();
  for (const paragraph of dpkg.flatMap((text) => text.split(/\n\n+/))) {
    const name = /^Package: (.+)$/m.exec(paragraph)?.[1]?.trim();
    const groups = [...paragraph.matchAll(/^(?:Pre-)?Depends: (.+)$/gm)].flatMap(([, list = '']) => list.split(','));
    const names = groups.flatMap(
      (group) =>
        group
          .split('|')
          .map((one) => /[\w.+-]+/.exec(one)?.[0] ?? '')
          .find((one) => there.has(one)) ?? [],
    );
    if (name !== undefined && names.length > 0) found.set(name, [...new Set(names)].sort());
  }
  for (const path of apkDatabases) apkDepends(texts.get(path) ?? '', there, found);
  return (name) => found.get(name) ?? [];
}

function apkDepends(text: string, there: ReadonlySet<string>, found: Map<string, readonly string[]>): void {
  const words = (paragraph: string, key: string): string[] =>
    (new RegExp(`^${key}:(.+)$`, 'm').exec(paragraph)?.[1] ?? '').split(' ').flatMap((word) => /^[\w:.+/-]+/.exec(word)?.[0] ?? []);
  const paragraphs = text.split(/\n\n+/).map((paragraph) => ({ paragraph, name: words(paragraph, 'P')[0] ?? '' }));
  const providers = new Map(
    paragraphs.flatMap(({ paragraph, name }) => words(paragraph, 'p').map((provided): [string, string] => [provided, name])),
  );
  for (const { paragraph, name } of paragraphs) {
    const names = words(paragraph, 'D').flatMap((word) => (there.has(word) ? word : (providers.get(word) ?? [])));
    if (names.length > 0) found.set(name, [...new Set(names)].filter((one) => one !== name).sort());
  }
}

/** The package that a file belongs to. In: what is in the image. Sources: dpkg-query(1) `--search`; https://wiki.alpinelinux.org/wiki/Apk_spec */
export function ownersIn({ texts }: Pick<ImageContents, 'texts'>): (path: string) => string | undefined {
  const owners = new Map<string, string>();
  for (const [path, text] of texts) {
    if (!path.startsWith(dpkgInfo)) continue;
    const name = path.slice(dpkgInfo.length).replace(/(?::[\w-]+)?\.list$/, '');
    for (const line of text.split('\n')) if (line !== '/.' && line !== '') owners.set(line, name);
  }
  for (const path of apkDatabases) readApk(texts.get(path) ?? '', owners);
  // Since the merge of /usr, a file that dpkg knows as /lib/x stands in /usr/lib/x: https://wiki.debian.org/UsrMerge
  return (path) => owners.get(path) ?? owners.get(path.replace(/^\/usr(?=\/(?:lib|lib64|bin|sbin)\/)/, '')) ?? owners.get(`/usr${path}`);
}

/** `P:` begins a package, `F:` a directory of it, `R:` a file in that. */
function readApk(text: string, owners: Map<string, string>): void {
  let [name, directory] = ['', ''];
  for (const line of text.split('\n')) {
    const value = line.slice(2);
    if (line.startsWith('P:')) name = value;
    else if (line.startsWith('F:')) directory = value;
    else if (line.startsWith('R:')) owners.set(`/${directory === '' ? '' : `${directory}/`}${value}`, name);
  }
}
