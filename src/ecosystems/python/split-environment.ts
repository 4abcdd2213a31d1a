// Room: ecosystems/python. multi-stage for Python: the virtual environment that carries the packages from one stage to the other.
import type { Edit, Piece } from '../../dockerfile/edits.ts';
import type { Command, Word } from '../../dockerfile/types.ts';
import { commandRemoval, linesBefore } from '../../dockerfile/write.ts';
import { devGroups, pipInstall, poetryInstall } from './managers.ts';
import { installerEnv } from './runtime.ts';
import { cleanPath, isPlainName, landingOf } from '../../facts/copies.ts';
import { isRoot, type RunReading } from '../../facts/reading.ts';
import type { Evidence } from '../../facts/types.ts';
import { refuse } from '../../refusal.ts';
import type { Announced } from '../../types.ts';
import type { Note } from '../../types.ts';
import { ownEnvironment } from './own-environment.ts';
import { hidesPrograms } from './passed-by.ts';
import { installHead, type PythonCase } from './split-case.ts';

export interface Environment {
  /** Absolute path of the virtual environment. */
  path: string;
  /** The file makes it itself, and says how it is found. */
  own: boolean;
  /** `--chown=…` of its files, where a user installs them. */
  owner: readonly string[];
  edits: Edit[];
  dropped: { index: number; reason: string }[];
  rewritten: Map<number, Piece[]>;
  /** Where the packages are listed. */
  packages: { lock: 'poetry' } | { requirements: string[] };
  /** Packages that the Dockerfile names itself. */
  named: ReadonlySet<string>;
  /** A package manager of its own that stays in the build stage. */
  installer: string | undefined;
  buildEnv: ReadonlySet<string>;
  announces: Announced;
  notes: Omit<Note, 'transform'>[];
  evidence: Evidence[];
}

const VENV = '/opt/venv';

/** pip: a virtual environment in front of the first install; the installs stay as they are. */
export function pipEnvironment(c: PythonCase): Environment {
  const requirements: string[] = [];
  for (const { install, run } of c.installs) {
    const read = pipInstall(install.part.command);
    if (read?.target)
      refuse(
        'pip-user-install',
        '`--user`, `--target` or `--prefix` puts packages where a virtual environment would not find them',
        run.instruction.start,
      );
    requirements.push(...install.files);
  }
  const pipRuns = c.reading.runs.filter((r) => r.parts.some((p) => p.manager?.id === 'pip'));
  const first = pipRuns[0] ?? c.installs[0]?.run;
  if (!first) return refuse('no-gain', 'Nothing is installed', c.run.at);
  const named = pipRuns.flatMap((r) => r.parts.flatMap((p) => pipInstall(p.command)?.named ?? []));
  const own = ownEnvironment(c, pipRuns);
  const made = own === undefined ? madeBefore(c, first) : { edits: [], rewritten: new Map<number, Piece[]>(), owner: [] };
  return {
    path: own ?? VENV,
    own: own !== undefined,
    ...made,
    dropped: [],
    packages: { requirements },
    named: new Set(named),
    installer: undefined,
    buildEnv: installerEnv('pip', c.reading),
    announces: { env: ['PATH', ...installerEnv('pip', c.reading)] },
    notes: [],
    evidence: [{ file: 'Dockerfile', line: first.instruction.line, says: 'installs the packages' }],
  };
}

/** The lines that make an environment in front of the first install: by root, before a USER whose packages it shall hold. */
function madeBefore(c: PythonCase, first: RunReading): Pick<Environment, 'edits' | 'rewritten' | 'owner'> {
  const state = c.reading.before(first.instruction);
  const path = [`ENV PATH="${VENV}/bin:$PATH"`];
  const rewritten = laterPath(c, first);
  if (isRoot(state)) return { edits: [linesBefore(installHead(c, first), [[`RUN python -m venv ${VENV}`], path])], rewritten, owner: [] };
  const user = 'value' in state.user ? state.user.value : undefined;
  const change = c.reading.stage.instructions.findLast((i) => i.keyword === 'USER' && i.index < first.instruction.index);
  if (!change || user === undefined || !isPlainName(user) || !isRoot(c.reading.before(change)) || c.shared?.own.has(change.index))
    return refuse(
      'install-as-user',
      `The packages are installed by the user ${user ?? 'of the base image'}, who may not make a virtual environment in ${VENV}`,
      first.instruction.start,
      { allow: 'Install the packages before USER.' },
    );
  return {
    edits: [linesBefore(change, [[`RUN python -m venv ${VENV} && chown -R ${user} ${VENV}`], path])],
    rewritten,
    owner: [`--chown=${user}`],
  };
}

/** A later `ENV PATH` that finds the image's own programs first gets the environment's put in front again. */
function laterPath(c: PythonCase, first: RunReading): Map<number, Piece[]> {
  const lastRun = c.reading.runs[c.reading.runs.length - 1]?.instruction.index ?? -1;
  const texts = new Map<number, Piece[]>();
  for (const i of c.reading.stage.instructions) {
    if (i.keyword !== 'ENV' || i.index < first.instruction.index || c.shared?.own.has(i.index)) continue;
    if (!i.pairs.some((pair) => pair.name === 'PATH' && hidesPrograms(pair.raw.replaceAll(/["']/g, '')))) continue;
    if (i.index < lastRun)
      refuse(
        'absolute-python-path',
        `Dockerfile:${i.line} sets PATH without what stood there: a virtual environment would not be found`,
        i.start,
        {
          allow: 'Write ENV PATH="…:$PATH".',
        },
      );
    texts.set(i.index, [{ start: i.leadStart, end: i.end }, `\nENV PATH="${VENV}/bin:$PATH"`]);
  }
  return texts;
}

/** poetry: the environment inside the project (`.venv`), development groups left out, `poetry run` taken off the command. */
export function poetryEnvironment(c: PythonCase): Environment {
  const first = c.installs.find((i) => i.install.manager.id === 'poetry');
  if (!first) return refuse('no-gain', 'Nothing is installed', c.run.at);
  if (!c.project.poetryLock) refuse('no-lockfile', 'No lock file: which packages Poetry installs is unknown', first.run.instruction.start);
  const hidden = [first.install.dir, '.venv'].filter(Boolean).join('/');
  if (!c.subject.project.ignore.ignores(hidden) && landingOf(c.reading.copies, hidden) !== undefined)
    refuse(
      'host-artifacts-in-context',
      `${hidden} is not ignored; COPY would bring the virtual environment of the machine that builds`,
      first.run.instruction.start,
      { allow: `List ${hidden} in .dockerignore.` },
    );
  const head = installHead(c, first.run);
  const edits: Edit[] = [linesBefore(head, [['ENV POETRY_VIRTUALENVS_IN_PROJECT=1']])];
  const dropped: Environment['dropped'] = [];
  systemInstall(c, edits, dropped);
  const notes: Environment['notes'] = [];
  for (const { install } of c.installs) groupEdits(c, install.part.command, edits);
  return {
    path: cleanPath(`${first.install.cwd ?? c.workdir}/.venv`),
    own: false,
    owner: [],
    edits,
    dropped,
    rewritten: withoutPoetryRun(c),
    packages: { lock: 'poetry' },
    named: new Set(),
    installer: 'Poetry',
    buildEnv: installerEnv('poetry', c.reading),
    announces: { keywords: ['CMD', 'ENTRYPOINT'], env: ['PATH', ...installerEnv('poetry', c.reading)] },
    notes,
    evidence: [{ file: c.project.poetryLock?.path ?? 'poetry.lock', says: 'locks the packages' }],
  };
}

/** `poetry config virtualenvs.create false` and its variable would install into the image's own Python. */
function systemInstall(c: PythonCase, edits: Edit[], dropped: Environment['dropped']): void {
  for (const run of c.reading.runs)
    for (const part of run.parts) {
      if (
        part.manager?.id !== 'poetry' ||
        !part.command.words.some((w) => w.value === 'virtualenvs.create' || w.value === 'virtualenvs.in-project')
      )
        continue;
      const edit = commandRemoval(run.instruction.script?.commands ?? [], part.command);
      if (edit) edits.push(edit);
      else dropped.push({ index: run.instruction.index, reason: 'packages go into a virtual environment' });
    }
  for (const i of c.reading.stage.instructions)
    if (i.keyword === 'ENV')
      for (const pair of i.pairs)
        if (pair.name === 'POETRY_VIRTUALENVS_CREATE' && pair.value !== 'true' && pair.value !== '1')
          edits.push({ start: pair.start, end: pair.end, text: ['POETRY_VIRTUALENVS_CREATE=true'] });
}

/** Leaves development groups out where the command does not say which groups it wants. Source: Poetry docs, "install". */
function groupEdits(c: PythonCase, command: PythonCase['installs'][number]['install']['part']['command'], edits: Edit[]): void {
  const read = poetryInstall(command);
  const groups = c.project.pyproject?.groups.filter((g) => !g.optional) ?? [];
  if (!read || read.onlyMain || read.without.length > 0 || read.with.length > 0) return;
  const noDev = command.words.find((w): w is Word => w.value === '--no-dev');
  const old = c.project.poetryLock?.writtenBy?.startsWith('1.') ?? false;
  if (noDev) {
    if (!old) edits.push({ start: noDev.start, end: noDev.end, text: ['--only main'] });
    return;
  }
  const development = groups.filter((g) => devGroups.includes(g.name));
  if (development.length === 0) return;
  const text = development.length === groups.length ? ' --only main' : ` --without ${development.map((g) => g.name).join(',')}`;
  const verb = command.words.find((w) => w.value === 'install' || w.value === 'sync') ?? command.words[command.words.length - 1];
  if (verb) edits.push({ start: verb.end, end: verb.end, text: [text] });
}

/** The run command without `poetry run`: the environment's programs are on PATH. */
function withoutPoetryRun(c: PythonCase): Map<number, Piece[]> {
  const texts = new Map<number, Piece[]>();
  const uses = c.run.wrappers.filter((w) => w[0] === 'poetry').length;
  const stripped = [c.run.entrypoint, c.run.cmd].flatMap((command) => {
    const text = command && stripOne(command);
    return text && command ? [[command.index, text] as const] : [];
  });
  const named = [c.run.entrypoint, c.run.cmd].flatMap((command) => (command ? poetryWords(command) : []));
  const asked = c.run.needs.find((need) => isPoetry(need.program));
  if (stripped.length !== uses || named.length > stripped.length || asked)
    refuse('poetry-at-runtime', 'Poetry is called at run time', c.run.at, { evidence: asked ? [asked.evidence] : [] });
  for (const [index, text] of stripped) texts.set(index, text);
  return texts;
}
const isPoetry = (word: string): boolean => word === 'poetry' || word.endsWith('/poetry');
/** Where a command names Poetry, be it as an argument: a program that we do not know may start what it is given. */
const poetryWords = (command: Command): string[] =>
  (command.json ?? command.script?.seen.flatMap((c) => c.words) ?? []).map((word) => word.value ?? word.raw).filter(isPoetry);

function stripOne(command: Command): Piece[] | undefined {
  const words = command.form === 'exec' ? command.json : command.script?.commands[0]?.words;
  const [first, second, third] = words ?? [];
  if (first?.value !== 'poetry' || second?.value !== 'run' || !third) return undefined;
  return [
    { start: command.leadStart, end: first.start },
    { start: third.start, end: command.end },
  ];
}
