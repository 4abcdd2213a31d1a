// Room: ecosystems/python. What passes a virtual environment by: absolute paths of the image's Python, shells that set PATH anew, settings of pip.
import { spawnedBy } from '../../runtime/spawned.ts';
import { walk } from '../../context/walk.ts';
import { parseShell } from '../../dockerfile/shell.ts';
import type { ShellCommand, Word } from '../../dockerfile/types.ts';
import type { Evidence } from '../types.ts';
import { pipInstall } from './pip-command.ts';
import { consoleScripts } from './console-scripts.ts';
import { INSTALLERS } from './names.ts';
import type { PythonCase } from './split-case.ts';

/** Why a program would not find the environment, and what mends it. */
export interface PassedBy {
  message: string;
  allow: string;
  evidence: Evidence;
}

/** Places where the image's own Python is named by its path. Source: Dockerfiles of docker-library/python, Debian's python3. */
const ABSOLUTE = /\/usr\/local\/bin\/([\w.-]+)|\/usr\/local\/lib\/python[\d.]+|#!\s*\/usr\/bin\/python[\d.]*/g;

/** The first thing that passes the environment by; undefined: PATH leads every program to it. */
export function passedBy(c: PythonCase): PassedBy | undefined {
  return settings(c) ?? inHome(c) ?? absolute(c) ?? inUses(c) ?? freshPath(c) ?? givenPath(c);
}

/** Variables that send pip elsewhere, or Python. Sources: pip, "Configuration"; docs.python.org/3/using/cmdline.html. */
const SETTINGS = ['PIP_TARGET', 'PIP_PREFIX', 'PIP_ROOT', 'PIP_USER', 'PYTHONUSERBASE', 'PYTHONHOME'];
function settings(c: PythonCase): PassedBy | undefined {
  for (const i of c.reading.stage.instructions) {
    const name = i.keyword === 'ENV' || i.keyword === 'ARG' ? i.pairs.find((pair) => SETTINGS.includes(pair.name))?.name : undefined;
    if (name !== undefined)
      return {
        message: `Dockerfile:${i.line} sets ${name}: packages would not stand in a virtual environment`,
        allow: `Install without ${name}.`,
        evidence: { file: 'Dockerfile', line: i.line, says: `sets ${name}` },
      };
  }
  return undefined;
}

const byPath = (evidence: Evidence): PassedBy => ({
  message: `${evidence.file}:${evidence.line ?? 1} uses ${evidence.says}`,
  allow: evidence.says.startsWith('/usr/local/lib')
    ? 'Keep it in the application, and name that directory in PYTHONPATH.'
    : 'Name the program without its directory: PATH finds it.',
  evidence,
});

/** A program of a user's own directory, to which pip installs where it is not told otherwise and the user is not root. */
export const IN_HOME = /[^\s"'=]*\/\.local\/bin\/([\w.-]+)/;

/** The container starts a program of the packages where a user's own installs have it. */
function inHome(c: PythonCase): PassedBy | undefined {
  for (const one of [c.run.entrypoint, c.run.cmd, c.run.healthcheck]) {
    const [says, name = ''] = IN_HOME.exec(one?.logical.text ?? '') ?? [];
    if (one && says !== undefined && pythonProgram(c, name) && !INSTALLERS.test(name))
      return byPath({ file: 'Dockerfile', line: one.line, says });
  }
  return undefined;
}

function absolute(c: PythonCase): PassedBy | undefined {
  const own = ownPaths(c);
  const find = (file: string, line: number, text: string, all: boolean): PassedBy | undefined => {
    for (const match of text.matchAll(ABSOLUTE)) {
      const name = match[1];
      if (name !== undefined && (own.has(match[0]) || (!all && !pythonProgram(c, name)))) continue;
      return byPath({ file, line, says: match[0] });
    }
    return undefined;
  };
  const build = namedByPath(c);
  for (const i of c.reading.stage.instructions) {
    const runs = ['CMD', 'ENTRYPOINT', 'HEALTHCHECK', 'ENV', 'SHELL'].includes(i.keyword);
    const { text } = i.logical;
    // nothing else in that RUN is named by its path
    const named = build.filter(({ run }) => run === i.index).length;
    if (named > 0 && named === [...text.matchAll(ABSOLUTE)].length) continue;
    const found = runs || ['RUN', 'COPY', 'ADD'].includes(i.keyword) ? find('Dockerfile', i.line, text, runs) : undefined;
    if (found) return found;
  }
  for (const { path, text, all } of textsThatRun(c))
    for (const [n, line] of text.split('\n').entries()) {
      const found = find(path, n + 1, line, all);
      if (found) return found;
    }
  return undefined;
}

/** Commands of RUNs that name pip or Python by its path: in the build stage the name alone finds that of the environment. `run`: the RUN, by its index. */
export const namedByPath = ({ reading }: PythonCase): { run: number; name: string; word: Word }[] =>
  reading.runs.flatMap(({ instruction, parts }) =>
    parts.flatMap(({ command }) => {
      const [word] = command.words;
      const name = word?.value;
      return word && name !== undefined && !command.decoded && PIP.test(name) && pipInstall(command)?.place === undefined
        ? [{ run: instruction.index, name, word }]
        : [];
    }),
  );
const PIP = /^\/usr\/local\/bin\/(?:python|pip)[\d.]*$/;

/** What compose, CI and platforms start in the image, how they ask for its health, and what they mount among its packages. */
function inUses({ subject }: PythonCase): PassedBy | undefined {
  for (const { command, entrypoint, healthcheck, mounts, evidence } of subject.project.uses().services) {
    const words = [command, entrypoint, healthcheck, ...mounts.map(({ target }) => target)].flat().join(' ');
    const [says] = [...words.matchAll(ABSOLUTE)].flat();
    if (says !== undefined) return byPath({ ...evidence, says });
  }
  return undefined;
}

const pythonProgram = ({ project }: PythonCase, name: string): boolean =>
  /^(?:python|pip)[\d.]*$/.test(name) || consoleScripts.has(name) || project.consoleScript(name) !== undefined;

/** What the Dockerfile itself puts into /usr/local/bin. */
function ownPaths({ reading }: PythonCase): ReadonlySet<string> {
  const copied = reading.copies.flatMap(({ dest, sources }) =>
    dest === undefined ? [] : [dest, ...sources.flatMap((s) => s.files.map((file) => `${dest}/${file.slice(file.lastIndexOf('/') + 1)}`))],
  );
  const written = reading.runs.flatMap((r) => r.parts.flatMap((p) => p.effects.writes.known.flatMap((w) => (w.below ? [] : [w.path]))));
  return new Set([...copied, ...written]);
}

/** Settings of process managers, crontabs, manifests and scripts, by name. */
const SERVICES = /(?:^|\/)(?:[^/]*cron[^/]*|supervisord?[^/]*|Procfile|[^/]*\.(?:conf|cfg|ini|service|timer|sh|bash|s6|ya?ml|toml|json))$/i;
const MOST = 400;
/** A longer one is data. */
const LONGEST = 200_000;

/** Entry scripts and the file that runs, whole; other settings, scripts and sources of the context. */
function* textsThatRun(c: PythonCase): Generator<{ path: string; text: string; all: boolean }> {
  const { tree, ignore } = c.subject.project;
  for (const { path, text } of c.run.scripts) yield { path, text, all: true };
  const file = c.run.imagePath?.endsWith(c.run.program.replace(/^\.+/, '')) === true ? c.run.file : undefined;
  const own = file === undefined ? undefined : tree.read(file);
  if (file !== undefined && own?.kind === 'text' && own.text.startsWith('#!'))
    yield { path: file, text: own.text.split('\n', 1)[0] ?? '', all: true };
  for (const entry of walk(tree, '', { limit: MOST })) {
    if (entry.kind !== 'file' || !SERVICES.test(entry.path) || ignore.ignores(entry.path)) continue;
    const read = tree.read(entry.path);
    if (read.kind === 'text' && read.text.length <= LONGEST) yield { path: entry.path, text: read.text, all: false };
  }
  yield* sourcesThatRun(c);
}

/** First-party sources. The first line of one counts where a program starts the file itself. */
function* sourcesThatRun({ project, subject }: PythonCase): Generator<{ path: string; text: string; all: boolean }> {
  const started = project.hits().flatMap(({ kind, literal }) => (kind === 'spawn' && literal?.endsWith('.py') ? [literal] : []));
  for (const path of project.sources()) {
    const read = subject.project.tree.read(path);
    if (read.kind !== 'text') continue;
    const byItself = started.some((name) => path.endsWith(name.replace(/^\.\//, '')));
    yield { path, text: byItself ? read.text : read.text.replace(/^#![^\n]*/, ''), all: false };
  }
}

/** A service of compose or of a cluster that gives the container a PATH of its own. */
function givenPath({ subject }: PythonCase): PassedBy | undefined {
  const { tree } = subject.project.context.repository ?? subject.project.context;
  for (const file of new Set(subject.project.uses().services.map((one) => one.file))) {
    const read = tree.read(file);
    for (const [n, line] of (read.kind === 'text' ? read.text.split('\n') : []).entries()) {
      const value = /^[\s-]*["']?PATH["']?\s*[:=]\s*["']?([^"'\s]+)/.exec(line)?.[1];
      if (value !== undefined && hidesPrograms(value)) return fresh(file, n + 1, `PATH=${value}`);
    }
  }
  return undefined;
}

/** A shell that reads /etc/profile, or a program that gives what it starts a PATH of its own. Sources: bash(1), su(1), sudoers(5) secure_path, crontab(5). */
const fresh = (file: string, line: number, what: string): PassedBy => ({
  message: `${file}:${line} ${what.startsWith('PATH=') ? 'has' : 'runs'} \`${what}\`, which sets PATH anew: the programs of a virtual environment would not be found`,
  allow: what.startsWith('PATH=')
    ? 'Leave PATH as the image sets it, or add to it behind $PATH.'
    : 'Start the program with the PATH of the image (gosu, setpriv, a shell without -l).',
  evidence: { file, line, says: what },
});
function freshPath(c: PythonCase): PassedBy | undefined {
  for (const i of c.reading.stage.instructions) {
    const words = i.keyword === 'SHELL' ? i.words.map((word) => word.value.replace(/^[["',]+|["'\],]+$/g, '')) : undefined;
    const found = words && resets(words);
    if (found) return fresh('Dockerfile', i.line, found);
    if (i.keyword !== 'CMD' && i.keyword !== 'ENTRYPOINT' && i.keyword !== 'HEALTHCHECK') continue;
    const exec = i.json?.map((word) => word.value);
    const commands = exec ? [exec, ...inner(exec)] : (i.script?.seen ?? []).flatMap(wordsOf);
    const what = commands.map(resets).find((one) => one !== undefined) ?? (i.script?.seen ?? []).map(setsPath).find(Boolean);
    if (what) return fresh('Dockerfile', i.line, what);
  }
  for (const { words, evidence } of c.run.others) {
    const what = [words, ...inner(words)].map(resets).find(Boolean);
    if (what) return fresh(evidence.file, evidence.line ?? 1, what);
  }
  for (const { path, text, script } of c.run.scripts)
    for (const command of script.seen) {
      const what = wordsOf(command).map(resets).find(Boolean) ?? setsPath(command);
      if (what) return fresh(path, text.slice(0, command.start).split('\n').length, what);
    }
  for (const { hit, effects } of spawnedBy(c.subject)) {
    if (!effects.some(({ program }) => pythonProgram(c, program))) continue;
    const what = effects.map(({ given }) => resets(given.words.map((word) => word.value ?? word.raw))).find(Boolean);
    if (what) return fresh(hit.file, hit.line, what);
  }
  return undefined;
}

/** The words of a command, and those of the commands that a shell among them is given as a text. */
function wordsOf(command: ShellCommand): string[][] {
  const words = command.words.map((word) => word.value ?? word.raw);
  return [words, ...inner(words)];
}
function inner(words: readonly string[]): string[][] {
  const at = words.findIndex((word, n) => n > 0 && /^-[a-z]*c$/.test(word));
  const text = at === -1 ? undefined : words[at + 1];
  return text === undefined ? [] : parseShell(text).seen.map((command) => command.words.map((word) => word.value ?? word.raw));
}

const SHELLS = new Set(['sh', 'bash', 'ash', 'dash', 'zsh', 'ksh']);
function resets(words: readonly string[]): string | undefined {
  for (const [n, word] of words.entries()) {
    const name = word.slice(word.lastIndexOf('/') + 1);
    const next = words[n + 1] ?? '';
    if (SHELLS.has(name) && /^(?:-[a-z]*l[a-z]*|--login)$/.test(next)) return `${name} ${next}`;
    const login = words.slice(n + 1).find((one) => ['-', '-l', '--login'].includes(one));
    if ((name === 'su' || name === 'runuser') && login !== undefined) return `${name} ${login}`;
    if (n === 0 && ['sudo', 'cron', 'crond', 'anacron', 'login'].includes(name)) return name;
    if (name === 'env' && ['-i', '-', '--ignore-environment'].includes(next)) return `env ${next}`;
    if (word.startsWith('PATH=') && hidesPrograms(word.slice('PATH='.length))) return word;
  }
  return words[0] === 'exec' || words[0] === 'service' ? resets(words.slice(1)) : undefined;
}

/** `PATH=/usr/local/bin:$PATH`, `export PATH=/usr/bin`: the image's own programs before those of the environment. */
function setsPath(command: ShellCommand): string | undefined {
  const raws = [
    ...command.assignments.flatMap((a) => (a.name === 'PATH' && a.value !== undefined ? [`PATH=${a.value}`] : [])),
    ...command.words.slice(1).map((word) => word.raw.replaceAll(/["']/g, '')),
  ];
  return raws.find((raw) => raw.startsWith('PATH=') && hidesPrograms(raw.slice('PATH='.length)));
}

/** A value of PATH that finds the image's own programs first, or alone. */
export function hidesPrograms(value: string): boolean {
  const at = value.search(/\$\{?PATH\b/);
  const before = (at === -1 ? value : value.slice(0, at)).split(':');
  return at === -1 || before.some((dir) => ['/usr/local/bin', '/usr/bin', '/bin'].includes(dir));
}
