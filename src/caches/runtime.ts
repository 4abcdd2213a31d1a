// Room: caches/. Caches that the container reads when it runs: they must not be mounts.
import type { FileTree } from '../context/types.ts';
import type { EcosystemProject, PackageManager } from '../ecosystems/types.ts';
import { installsOf } from '../installs/sites.ts';
import { onceEach, oncePer } from '../once.ts';
import type { CopyReading } from '../facts/copies.ts';
import type { RunReading, StageReading } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';
import { refusal, type Refusal } from '../refusal.ts';

/** What is installed links into the cache, and would lead nowhere without its mount. */
export function linkedInstall(run: RunReading, manager: PackageManager): Refusal | undefined {
  const links = manager.linksIntoCache;
  if (!links) return undefined;
  const linked = run.parts.some(({ command, effects }, n) => {
    const set = command.assignments.find(({ name }) => name === links.env) ?? effects.after.lookup(links.env);
    const option = command.words.findIndex(({ value }) => value === links.option || value === `${links.option}=${links.value}`);
    const word = command.words[option];
    return (
      run.parts[n]?.manager === manager &&
      ((set && 'value' in set && set.value === links.value) ||
        (word !== undefined && (word.value !== links.option || command.words[option + 1]?.value === links.value)))
    );
  });
  return linked
    ? refusal('cache-read-at-runtime', `The package cache is read at run time (${links.env} is ${links.value})`, run.instruction.start, {
        allow: `Take ${links.env} out, or set it to copy.`,
      })
    : undefined;
}

/**
 * Some RUN installs offline from what an earlier one downloaded: with the download in a mount, its layer is kept where the mount is gone
 * (another machine, a cleaned builder), and nothing is left to install from.
 */
export const offlineInstall = (reading: StageReading, manager: PackageManager): Refusal | undefined => offlineOf(reading)(manager);

const offlineOf = oncePer((reading: StageReading) => onceEach((manager: PackageManager) => offlineRefusal(reading, manager)));
function offlineRefusal(reading: StageReading, manager: PackageManager): Refusal | undefined {
  const options = new Set(manager.offline?.options);
  const settings = manager.offline?.env ?? [];
  const env = settings.find(({ name, value }) => {
    const set = reading.end.env.get(name);
    return set !== undefined && (value === undefined || ('value' in set && set.value === value));
  });
  const run = reading.runs.find(
    (r) =>
      r.parts.some((p) => p.manager === manager) &&
      (r.instruction.flags.some((f) => f.name === 'network' && f.value === 'none') ||
        r.parts.some(
          (p) =>
            p.manager === manager &&
            (p.command.words.some((w) => options.has(w.value ?? '')) ||
              p.command.assignments.some((a) => settings.some((s) => s.name === a.name && s.value !== undefined && s.value === a.value))),
        )),
  );
  if (!run && !env) return undefined;
  return refusal(
    'offline-run',
    `${run ? `Line ${run.instruction.line}` : `With ${env?.name}, a RUN`} installs offline from what an earlier RUN downloaded, which a mount may no longer hold`,
    run?.instruction.start ?? reading.stage.from.start,
  );
}

/** The project whose packages a RUN installs. */
const projectOf = (subject: Subject, reading: StageReading, run: RunReading, manager: PackageManager): EcosystemProject | undefined =>
  subject.project.of(manager.ecosystem, installsOf(reading, run, subject)[0]?.dir ?? '');

/** The project itself forbids the mount: packages are loaded out of the cache, or its configuration moves it. */
export function projectObjection(subject: Subject, reading: StageReading, run: RunReading, manager: PackageManager): Refusal | undefined {
  const found = projectOf(subject, reading, run, manager)?.cacheObjection?.(manager);
  return found && refusal(found.id, found.message, run.instruction.start, { allow: found.allow, evidence: found.evidence });
}

/** The row of a manager as this project uses it: yarn 2 and newer keep their packages elsewhere than yarn 1; vendored Go modules are not downloaded. */
export const rowFor = (subject: Subject, reading: StageReading, run: RunReading, manager: PackageManager): PackageManager =>
  projectOf(subject, reading, run, manager)?.row?.(manager) ?? manager;

/** A file of settings that a COPY brings says that the cache lies elsewhere, or that there is none. */
export function settledByFile(subject: Subject, reading: StageReading, run: RunReading, manager: PackageManager): Refusal | undefined {
  const found = settingsOf(reading)(manager)(subject.project.tree);
  if (!found || found.copy.instruction.index > run.instruction.index) return undefined;
  return refusal('cache-dir-unknown', `${found.path} settles where or whether ${manager.id} keeps its cache`, run.instruction.start, {
    evidence: [{ file: found.path, says: `settings of ${manager.id}` }],
  });
}
const settingsOf = oncePer((reading: StageReading) =>
  oncePer(({ settings }: PackageManager) =>
    oncePer((tree: FileTree): { copy: CopyReading; path: string } | undefined => {
      if (!settings) return undefined;
      for (const copy of reading.copies) {
        if (!copy.fromContext) continue;
        const listed = copy.sources.flatMap(({ kind, path }) => (kind === 'dir' ? (tree.list(path) ?? []).map((entry) => entry.path) : []));
        const path = [...copy.sources.flatMap(({ files }) => files), ...listed].find((one) => {
          const read = settings.files.test(one) ? tree.read(one) : undefined;
          return read?.kind === 'text' && settings.moves.test(read.text);
        });
        if (path !== undefined) return { copy, path };
      }
      return undefined;
    }),
  ),
);
