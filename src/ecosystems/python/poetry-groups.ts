// Room: ecosystems/python. Which groups Poetry installs for the image: those of development stay out where nothing uses their packages.
import type { Edit } from '../../dockerfile/edits.ts';
import type { ShellCommand, Word } from '../../dockerfile/types.ts';
import type { Note } from '../../types.ts';
import { developmentGroups } from './groups.ts';
import { modulesOf } from './modules.ts';
import { normalName } from './names.ts';
import { poetryInstall, type PoetryInstall } from './poetry-command.ts';
import type { PythonCase } from './split-case.ts';
import type { PythonProject } from './types.ts';

export interface Installed {
  edits: Edit[];
  /** Besides main. */
  groups: string[];
  extras: string[] | 'all';
  notes: Omit<Note, 'transform'>[];
}

/** The groups and extras that the installs of a file bring, with the edits that leave development out. */
export function installedGroups(c: PythonCase): Installed {
  const found: Installed = { edits: [], groups: [], extras: [], notes: [] };
  const used = usedOfDevelopment(c);
  const extras = new Set<string>();
  for (const { install } of c.installs) {
    const read = poetryInstall(install.part.command);
    if (!read) continue;
    const out = leftOut(c, read, used);
    found.edits.push(...groupEdits(c, install.part.command, read, out));
    found.groups.push(...groupsOf(c.project, read).filter((name) => !out.includes(name)));
    if (read.extras === 'all') found.extras = 'all';
    else for (const extra of read.extras) extras.add(extra);
  }
  if (found.extras !== 'all') found.extras = [...extras];
  const kept = [...used].filter(([group]) => found.groups.includes(group));
  found.notes = kept.slice(0, 1).map(([group, name]) => ({
    id: 'runtime-uses-devdep',
    message: `\`${name}\` is in the group ${group} but used in the image; the group is kept`,
  }));
  return found;
}

/** Source: Poetry docs, "install": --only switches off the other two; optional groups are asked for by --with. */
export function groupsOf({ pyproject }: PythonProject, read: PoetryInstall): string[] {
  const groups = pyproject?.groups ?? [];
  if (read.only.length > 0) return read.only.filter((name) => name !== 'main');
  return groups
    .filter(({ name, optional }) => read.allGroups || read.with.includes(name) || !optional)
    .map(({ name }) => name)
    .filter((name) => !read.without.includes(name) && !(read.noDev && name === 'dev'));
}

/** Groups of development, where the command does not say which groups it wants. */
function leftOut(c: PythonCase, read: PoetryInstall, used: ReadonlyMap<string, string>): string[] {
  if (read.only.length > 0 || read.without.length > 0 || read.with.length > 0 || read.allGroups || read.noDev) return [];
  return groupsOf(c.project, read).filter((name) => developmentGroups.includes(name) && !used.has(name));
}

function groupEdits(c: PythonCase, command: ShellCommand, read: PoetryInstall, out: readonly string[]): Edit[] {
  const noDev = command.words.find((w): w is Word => w.value === '--no-dev');
  const old = c.project.poetryLock?.writtenBy?.startsWith('1.') ?? false;
  if (noDev) return old ? [] : [{ start: noDev.start, end: noDev.end, text: ['--only main'] }];
  if (out.length === 0) return [];
  const text = out.length === groupsOf(c.project, read).length ? ' --only main' : ` --without ${out.join(',')}`;
  const verb = command.words.find((w) => w.value === 'install' || w.value === 'sync') ?? command.words[command.words.length - 1];
  return verb ? [{ start: verb.end, end: verb.end, text: [text] }] : [];
}

/** Groups of development of which the image uses a package: by an import, a name in settings, a command of a RUN or at the start. */
function usedOfDevelopment(c: PythonCase): ReadonlyMap<string, string> {
  const used = new Map<string, string>();
  const main = namesOf(c, []);
  const groups = (c.project.pyproject?.groups ?? []).filter(({ name }) => developmentGroups.includes(name));
  if (groups.length === 0) return used;
  const named = namedInSources(c);
  const programs = wordsOfCommands(c);
  for (const { name: group } of groups) {
    const own = new Set([...namesOf(c, [group])].filter((name) => !main.has(name)));
    const one =
      [...own].find((name) => modulesOf(name).some((module) => named.has(module))) ??
      programs.find((word) => own.has(c.project.consoleScript(word) ?? normalName(word)));
    if (one !== undefined) used.set(group, one);
  }
  return used;
}

function namesOf({ project }: PythonCase, groups: string[]): ReadonlySet<string> {
  const listed = project.packages({ lock: 'poetry', groups, extras: 'all' });
  return new Set('value' in listed ? listed.value.map(({ name }) => name) : []);
}

/** Modules that sources import, and names in a text that loads modules by their names (Django's settings). */
function namedInSources({ project, subject }: PythonCase): ReadonlySet<string> {
  const found = new Set<string>();
  for (const path of project.sources()) {
    const read = subject.project.tree.read(path);
    if (read.kind !== 'text') continue;
    for (const match of read.text.matchAll(/^[ \t]*(?:from[ \t]+(\w+)|import[ \t]+([^\n#]{1,300}))/gm))
      for (const name of match[1] === undefined ? (match[2] ?? '').split(',') : [match[1]]) found.add(/\w+/.exec(name)?.[0] ?? '');
    if (/INSTALLED_APPS|MIDDLEWARE|import_module|import_string|__import__/.test(read.text))
      for (const match of read.text.matchAll(/["']([A-Za-z_]\w*)(?:\.[\w.]+)?["']/g)) found.add(match[1] ?? '');
  }
  return found;
}

/** The words of what RUNs behind the installs and the container start, taken apart: `-k uvicorn.workers.UvicornWorker`, `--worker-class=gevent`. */
function wordsOfCommands({ reading, installs, run }: PythonCase): string[] {
  const first = installs[0]?.run.instruction.index ?? 0;
  const built = reading.runs
    .filter(({ instruction }) => instruction.index >= first)
    .flatMap(({ parts }) => parts.filter(({ kind }) => !['install', 'install-named'].includes(kind)).map((p) => p.command));
  const commands = [...built, ...run.started.map(({ effects }) => effects.command)];
  const texts = [
    ...commands.flatMap(({ words }) => words.map((w) => w.value ?? w.raw)),
    ...run.scripts.map(({ text }) => text),
    run.program,
    ...run.args,
  ];
  return [...new Set(texts.flatMap((text) => text.split(/[^\w-]+/)))].filter((word) => /^[A-Za-z]/.test(word));
}
