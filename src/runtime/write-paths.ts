// Room: runtime/. Where the running process writes (rule book §3.8): absolute directories of the image, or unknown.
import { walk } from '../context/walk.ts';
import { inside, isPlainName, landingOf, originThrough, resolvePath } from '../facts/copies.ts';
import { hitsOf } from '../facts/project.ts';
import type { Subject } from '../facts/subject.ts';
import type { Evidence } from '../facts/types.ts';
import { refusal, type Refusal } from '../refusal.ts';
import type { Note } from '../types.ts';
import { runCommand } from './run-command.ts';
import { scriptWrites } from './script-writes.ts';

export interface WritePaths {
  /** Directories, made where they are not there. */
  paths: string[];
  /** Files that the original copied and the process writes. */
  files: string[];
  evidence: Evidence[];
  notes: Omit<Note, 'transform'>[];
}

const FREE = ['/tmp', '/dev', '/var/tmp', '/proc', '/run'];

/** The directories to give to the user, or why they cannot be listed. At `max`, what cannot be listed is a note. */
export function writePaths(subject: Subject): WritePaths | Refusal {
  const found: WritePaths = { paths: [], files: [], evidence: [], notes: [] };
  const { final } = subject;
  const at = final.stage.from.start;
  const workdir = 'value' in final.end.workdir ? final.end.workdir.value : undefined;
  const unknown = (message: string, evidence: Evidence[]): Refusal | undefined => {
    if (subject.options.level !== 'max')
      return refusal('write-path-unknown', message, at, { evidence, allow: 'Use --level max and check what it writes.' });
    found.notes.push({ id: 'assumed', message: `Assumed (level max): ${message}` });
    return undefined;
  };
  for (const hit of hitsOf(subject.project)) {
    if (hit.kind !== 'write') continue;
    const evidence: Evidence = { file: hit.file, line: hit.line, says: `writes: ${hit.text}` };
    const path = hit.literal === undefined ? undefined : resolvePath(workdir, hit.literal);
    const refused = path === undefined ? unknown(`${hit.file}:${hit.line} writes to a computed path`, [evidence]) : undefined;
    if (refused) return refused;
    if (path === undefined || FREE.some((dir) => path === dir || path.startsWith(`${dir}/`))) continue;
    found.evidence.push(evidence);
    found.paths.push(directoryOf(path));
    const origin = originThrough(subject.stages, final, subject.project.tree, path);
    if (origin !== undefined && subject.project.tree.stat(origin)?.kind === 'file' && !subject.project.ignore.ignores(origin))
      found.files.push(path);
  }
  const scripted = scripts(subject, found, unknown);
  if (scripted) return scripted;
  const starter = buildsAtStart(subject);
  const builds = starter
    ? refusal('write-path-unknown', `\`${starter}\` builds when the container starts, and writes its output then`, at, {
        evidence: [{ file: 'Dockerfile', says: `runs ${starter}` }],
      })
    : undefined;
  if (builds) return builds;
  const migration = migrationOf(subject);
  const filled = migration
    ? unknown(`line ${migration.line} fills a database while building, so the program may write to a file of the image`, [
        { file: 'Dockerfile', line: migration.line, says: 'runs a migration' },
      ])
    : undefined;
  if (filled) return filled;
  if (subject.options.level === 'max') assumedVolumes(subject, found);
  for (const file of copiedDatabases(subject)) {
    found.files.push(file);
    found.paths.push(directoryOf(file));
  }
  const store = subject.project.all('').flatMap((found) => found.store?.() ?? [])[0];
  const refused =
    store && found.paths.length === 0
      ? unknown(`${store.package} keeps ${store.what}, whose path cannot be told`, [store.evidence])
      : undefined;
  if (refused) return refused;
  found.paths = [...new Set(found.paths)].sort();
  found.files = [...new Set(found.files)].sort();
  const system = found.paths.find(
    (p) => p === '/' || ['/etc', '/usr', '/bin', '/root', '/opt'].some((dir) => p === dir || p.startsWith(`${dir}/`)),
  );
  if (system)
    return refusal('write-path-unknown', `The program writes to ${system}, which belongs to the system`, at, { evidence: found.evidence });
  const odd = [...found.paths, ...found.files].find((p) => !isPlainName(p));
  if (odd)
    return refusal(
      'write-path-unknown',
      `The program writes to ${JSON.stringify(odd)}, which cannot be written in a RUN as it stands`,
      at,
      { evidence: found.evidence },
    );
  return unreadable(subject) ?? found;
}

/** What entry scripts and shell commands write before the program starts: listed in `found`, or why it cannot be told. */
function scripts(
  subject: Subject,
  found: WritePaths,
  unknown: (message: string, evidence: Evidence[]) => Refusal | undefined,
): Refusal | undefined {
  const { final, project } = subject;
  const run = runCommand(subject);
  const workdir = 'value' in final.end.workdir ? final.end.workdir.value : undefined;
  for (const { directory, file, evidence } of 'value' in run ? scriptWrites(run.value.ran) : []) {
    const path = directory === undefined ? undefined : resolvePath(workdir, directory);
    const ran = evidence.says.replace(/^runs /, '');
    const told = `runs \`${ran.length > 60 ? `${ran.slice(0, 59)}…` : ran}\``;
    const refused =
      path === undefined
        ? unknown(`${evidence.file}:${evidence.line ?? 1} ${told}, which writes to a path that cannot be told`, [evidence])
        : undefined;
    if (refused) return refused;
    if (path === undefined || FREE.some((dir) => inside(path, dir))) continue;
    found.evidence.push(evidence);
    found.paths.push(path);
    const target = file === undefined ? undefined : resolvePath(workdir, file);
    const origin = target === undefined ? undefined : originThrough(subject.stages, final, project.tree, target);
    if (target !== undefined && origin !== undefined && project.tree.stat(origin)?.kind === 'file' && !project.ignore.ignores(origin))
      found.files.push(target);
  }
  return undefined;
}

/** Run commands that compile the application before they start it. */
function buildsAtStart(subject: Subject): string | undefined {
  const run = runCommand(subject);
  if ('unknown' in run) return undefined;
  const builders = [
    'cargo',
    'go',
    'dotnet',
    'mvn',
    'gradle',
    'make',
    'nest',
    'tsc',
    'vite',
    'webpack',
    'nuxt',
    'gatsby',
    'astro',
    'remix',
    'strapi',
    'ng',
    'react-scripts',
    'vue-cli-service',
    'parcel',
    'rollup',
    'esbuild',
    'tsup',
  ];
  if (builders.includes(run.value.program)) return [run.value.program, ...run.value.args.slice(0, 1)].join(' ');
  return run.value.needs.find((need) => builders.includes(need.program))?.program;
}

/** A RUN that migrates or seeds a database: without a server, that is a file of the image. */
function migrationOf(subject: Subject): { line: number } | undefined {
  const words = new Set(['migrate', 'upgrade', 'db:migrate', 'db:seed', 'loaddata', 'seed', 'syncdb']);
  const programs = new Set([
    'flask',
    'alembic',
    'python',
    'python3',
    'npx',
    'npm',
    'prisma',
    'sequelize',
    'knex',
    'diesel',
    'sqlx',
    'sqlite3',
    'django-admin',
  ]);
  const run = subject.final.runs.find((r) =>
    r.parts.some((p) => programs.has(p.name) && (p.name === 'sqlite3' || p.command.words.some((w) => words.has(w.value ?? '')))),
  );
  return run && { line: run.instruction.line };
}

/** Level max: volumes are taken to be new, so that Docker gives them the owner of the image's directory. What compose mounts is noted. */
function assumedVolumes(subject: Subject, found: WritePaths): void {
  for (const i of subject.final.stage.instructions) {
    if (i.keyword !== 'VOLUME') continue;
    const paths = (i.json ?? i.words).map((word) => word.value).filter((path) => path.startsWith('/'));
    found.paths.push(...paths);
    found.notes.push({ id: 'assumed', message: `Assumed (level max): no volume on ${paths.join(', ')} holds data of root` });
  }
  for (const service of subject.project.uses().services)
    for (const mount of service.mounts)
      found.notes.push({
        id: 'assumed',
        message: `Assumed (level max): the user may write to ${mount.target}, which ${service.file} mounts`,
      });
}

/** Database files that the final stage copies from the context: whoever opens one writes to it, and to its directory. */
function copiedDatabases({ final }: Subject): string[] {
  const named = final.copies.flatMap((copy) => copy.sources.flatMap((source) => (source.kind === 'file' ? source.files : [])));
  return named
    .filter((file) => /\.(db|db3|sqlite|sqlite3|s3db|bolt|mdb|duckdb)$/i.test(file))
    .flatMap((file) => landingOf(final.copies, file) ?? []);
}

/** What has an extension is a file: its directory is given to the user. */
function directoryOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.includes('.') ? path.slice(0, path.lastIndexOf('/')) || '/' : path;
}

/** COPY keeps modes: a file that others may not read is unreadable for the user (a `.env` is given to the user). */
function unreadable(subject: Subject): Refusal | undefined {
  const copies = subject.stages.flatMap((s) => s.copies);
  for (const entry of walk(subject.project.tree, '')) {
    if (
      entry.kind !== 'file' ||
      entry.name === '.env' ||
      entry.mode === undefined ||
      (entry.mode & 0o004) !== 0 ||
      subject.project.ignore.ignores(entry.path)
    )
      continue;
    if (landingOf(copies, entry.path) !== undefined)
      return refusal(
        'unreadable-mode',
        `${entry.path} has mode ${(entry.mode & 0o777).toString(8)}; the user could not read it`,
        subject.final.stage.from.start,
        { allow: `chmod o+r ${entry.path}` },
      );
  }
  return undefined;
}
