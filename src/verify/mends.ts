// Room: verify/. What a failure names as missing, as facts: the next round of the same candidate keeps it.
import type { ImageFacts, Need } from '../image/types.ts';
import { isSeen } from '../image/types.ts';
import { ownersIn } from '../observe/os-packages.ts';
import { newErrors } from './compare/compare.ts';
import { lostLibraries } from './compare/libraries.ts';
import { errorsOf, type LoggedError } from './compare/log.ts';
import { findProgram, nameOf, realPath } from './image/lookup.ts';
import type { RewriteTrial, Stage } from './trial.ts';
import type { ImageContents } from './types.ts';

/** What the next round keeps: a package, a file or directory, or a directory that is written to. */
export interface Mend extends Need {
  kind: 'package' | 'file' | 'writable';
}

/** Rounds of one Dockerfile, over all candidates. */
export const mostRounds = 5;

/** What the failed checks of a candidate name, and the original has. Empty: they name nothing. */
export function mendsOf(trial: RewriteTrial, stage: Stage): Mend[] {
  const { contents: after, built, observed, checks } = trial;
  if (!after || !built || !observed) return [];
  const { contents: before } = stage;
  const scene: Scene = { stage, after, ownerOf: ownersOf(before) };
  const failed = checks.filter(({ outcome }) => outcome === 'failed');
  const told = failed.map(({ detail, log }) => `${detail}\n${log ?? ''}`).join('\n');
  const libraries = failed.some(({ id }) => id === 'libraries')
    ? lostLibraries(before, after, { before: stage.built.config.env, after: built.config.env })
    : [];
  const loaded = failed.filter(({ id }) => id === 'loaded').flatMap(({ about }) => about ?? []);
  const found = [
    ...libraries.flatMap(({ file, needs }) => libraryMend(needs, `${file} needs ${needs}`, scene)),
    ...loaded.flatMap((path) => fileMend(path, `the original loads ${path}`, scene)),
    ...[...newErrors(stage.observed, observed), ...errorsOf(told)].flatMap((error) => errorMend(error, scene)),
  ];
  return [...new Map(found.map((mend) => [`${mend.kind} ${mend.name}`, mend])).values()];
}

/** The facts with what was learnt. */
export function withMends(facts: ImageFacts, mends: readonly Mend[]): ImageFacts {
  if (mends.length === 0) return facts;
  const of = (kind: Mend['kind']): Need[] => mends.filter((one) => one.kind === kind).map(({ name, says }) => ({ name, says }));
  const files = of('file');
  const { running } = facts;
  const names = (needs: readonly Need[]): string[] => needs.map(({ name }) => name);
  return {
    ...facts,
    needs: { packages: of('package'), files },
    running: isSeen(running)
      ? {
          ...running,
          written: [...running.written, ...names(of('writable'))],
          mapped: [...(isSeen(running.mapped) ? running.mapped : []), ...names(files)],
        }
      : running,
  };
}

interface Scene {
  stage: Stage;
  after: ImageContents;
  ownerOf: (path: string) => string | undefined;
}

function ownersOf(before: ImageContents): (path: string) => string | undefined {
  const owners = ownersIn(before);
  // Databases of merged systems name files by either path: https://wiki.debian.org/UsrMerge
  return (path) => owners(path) ?? owners(path.startsWith('/usr/') ? path.slice('/usr'.length) : `/usr${path}`);
}

/** The package, where the last stage can install one; else the file itself. */
function owned(path: string, says: string, { after, ownerOf }: Scene): Mend {
  const owner = ownerOf(path);
  const installs = ['/usr/bin/apt-get', '/sbin/apk', '/usr/sbin/apk'].some((one) => after.files.has(one));
  return owner !== undefined && installs
    ? { kind: 'package', name: owner, says: `${says}, of ${owner}` }
    : { kind: 'file', name: path, says };
}

function libraryMend(name: string, says: string, scene: Scene): Mend[] {
  const { files } = scene.stage.contents;
  const path = name.startsWith('/') ? name : [...files.keys()].find((candidate) => nameOf(candidate) === name);
  return path !== undefined && files.has(path) && !scene.after.files.has(path) ? [owned(path, says, scene)] : [];
}

/** A file that the original has and the candidate lacks. */
function fileMend(path: string, says: string, { stage, after }: Scene): Mend[] {
  return realPath(stage.contents.files, path) !== undefined && realPath(after.files, path) === undefined
    ? [{ kind: 'file', name: path, says }]
    : [];
}

const bundle = '/etc/ssl/certs/ca-certificates.crt';

function errorMend({ class: kind, subject = '' }: LoggedError, scene: Scene): Mend[] {
  const { stage, after } = scene;
  const { workdir, env } = stage.built.config;
  const says = `a candidate said: ${kind.replaceAll('-', ' ')} (${subject})`;
  if (kind === 'library-not-found') return libraryMend(subject, says, scene);
  if (kind === 'permission-denied') return subject.startsWith('/') ? [{ kind: 'writable', name: subject, says }] : [];
  if (kind === 'certificate') return stage.contents.files.has(bundle) && !after.files.has(bundle) ? [owned(bundle, says, scene)] : [];
  if (kind === 'command-not-found') {
    const path = findProgram(stage.contents, subject, env['PATH']);
    return path !== undefined && findProgram(after, subject, env['PATH']) === undefined ? [owned(path, says, scene)] : [];
  }
  if (kind !== 'file-not-found' && kind !== 'module-not-found') return [];
  const at = subject.startsWith('/') ? subject : `${workdir === '/' ? '' : workdir}/${subject.replace(/^\.\//, '')}`;
  const places = kind === 'file-not-found' ? [at] : [at, ...moduleFiles(subject, workdir, stage.contents)];
  return places.flatMap((path) => fileMend(path, says, scene)).slice(0, 1);
}

/** Where a module that is named may lie. https://nodejs.org/api/modules.html#loading-from-node_modules-folders, https://docs.python.org/3/library/site.html */
function moduleFiles(name: string, workdir: string, { files }: ImageContents): string[] {
  const [scope = '', own] = name.split('/');
  const [top = ''] = name.split('.');
  const inPython = [...files.keys()].filter(
    (path) => /\/(?:site|dist)-packages\/[^/]+$/.test(path) && [top, `${top}.py`].includes(nameOf(path)),
  );
  return [`${workdir}/node_modules/${name.startsWith('@') ? `${scope}/${own}` : scope}`, ...inPython];
}
