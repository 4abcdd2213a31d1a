// Room: ecosystems/python. multi-stage for Poetry: the environment that it installs into, development groups left out, `poetry run` taken off the command.
import type { Edit } from '../../dockerfile/edits.ts';
import { commandRemoval } from '../../dockerfile/write.ts';
import { cleanPath, landingOf } from '../../facts/copies.ts';
import type { RunReading } from '../../facts/reading.ts';
import { refuse } from '../../refusal.ts';
import { pipInstall } from './managers.ts';
import { installedGroups } from './poetry-groups.ts';
import { ownEnvironment } from './own-environment.ts';
import { importedFromPoetry } from './poetry-brings.ts';
import { INSTALLERS } from './names.ts';
import { withoutPoetryRun } from './poetry-run.ts';
import { installerEnv } from './runtime.ts';
import { madeBefore, VENV, type Environment } from './split-environment.ts';
import type { PythonCase } from './split-case.ts';

/**
 * The environment that Poetry installs into: the file's own, the one inside the project where the file names it, else one in /opt that is
 * activated by VIRTUAL_ENV, which comes before every setting. Source: python-poetry.org/docs/basic-usage, "Using your virtual environment".
 */
export function poetryEnvironment(c: PythonCase): Environment {
  const first = c.installs.find((i) => i.install.manager.id === 'poetry');
  if (!first) return refuse('no-gain', 'Nothing is installed', c.run.at);
  if (!c.project.poetryLock) refuse('no-lockfile', 'No lock file: which packages Poetry installs is unknown', first.run.instruction.start);
  const named = besidePoetry(c, first.run);
  const place = ownOf(c, first.run) ?? inProject(c, first) ?? activated(c, first);
  const beside = place.path === VENV ? importedFromPoetry(c) : undefined;
  if (beside)
    refuse(
      'undeclared-package',
      `${beside.evidence.file}:${beside.evidence.line ?? 1} imports ${beside.module}, which ${c.project.poetryLock?.path ?? 'the lock'} does not have: it comes with Poetry, which stays in the build stage`,
      first.run.instruction.start,
      { evidence: [beside.evidence] },
    );
  const { edits, groups, extras, notes } = installedGroups(c);
  return {
    ...place,
    edits: [...place.edits, ...edits],
    packages: { lock: 'poetry', groups, extras },
    named,
    installer: 'Poetry',
    buildEnv: installerEnv('poetry', c.reading),
    announces: { keywords: ['CMD', 'ENTRYPOINT'], env: ['PATH', ...installerEnv('poetry', c.reading)] },
    notes,
    evidence: [{ file: c.project.poetryLock?.path ?? 'poetry.lock', says: 'locks the packages' }],
  };
}
type Placed = Pick<Environment, 'path' | 'own' | 'owner' | 'edits' | 'dropped' | 'rewritten'>;

const nameOf = (spec: string): string => /^[\w.-]+/.exec(spec)?.[0] ?? spec;

/** What pip adds to the environment by name. Packages that it puts into the image's Python before would not be seen from there. */
function besidePoetry(c: PythonCase, first: RunReading): ReadonlySet<string> {
  const named = new Set<string>();
  for (const run of c.reading.runs)
    for (const { command } of run.parts) {
      const read = pipInstall(command);
      if (!read) continue;
      const others = read.named.filter((spec) => !INSTALLERS.test(nameOf(spec)));
      const listed = [...read.requirements, ...read.editable];
      if (listed.length > 0 || read.project || (others.length > 0 && run.instruction.index <= first.instruction.index))
        refuse(
          'several-environments',
          `Line ${run.instruction.line} installs ${[...others, ...listed].join(', ') || 'the project'} with pip into the image's Python; the environment that Poetry fills in a split would not have it`,
          run.instruction.start,
          { allow: 'Install it with Poetry, or by name behind `poetry install`.' },
        );
      for (const spec of others) named.add(spec);
    }
  return named;
}

/** An environment that the file makes and activates itself. */
function ownOf(c: PythonCase, first: RunReading): Placed | undefined {
  const path = ownEnvironment(
    c,
    c.reading.runs.filter((run) => run.parts.some(({ manager }) => manager?.id === 'poetry')),
  );
  if (path === undefined) return undefined;
  const set = c.reading.shell(first.instruction).lookup('VIRTUAL_ENV');
  const activates = first.parts.some(({ effects }) => effects.reads.known.some((read) => read.path === `${path}/bin/activate`));
  if (!activates && !(set && 'value' in set && set.value === path))
    refuse(
      'several-environments',
      `The file makes the environment ${path}, and whether Poetry installs into it is unknown`,
      first.instruction.start,
      { allow: `Set VIRTUAL_ENV=${path}.` },
    );
  return { path, own: true, owner: [], edits: [], dropped: [], rewritten: withoutPoetryRun(c) };
}

/** `.venv` in the project, where the file sets it so and names it: it stays there. */
function inProject(c: PythonCase, first: PythonCase['installs'][number]): Placed | undefined {
  const path = cleanPath(`${first.install.cwd ?? c.workdir}/.venv`);
  const named = c.reading.stage.instructions.some(
    (i) => !['COPY', 'ADD'].includes(i.keyword) && /(?:^|[\s="':/])\.venv\b/.test(i.logical.text),
  );
  if (!named && !c.run.scripts.some(({ text }) => /\.venv\b/.test(text))) return undefined;
  const hidden = [first.install.dir, '.venv'].filter(Boolean).join('/');
  if (!c.subject.project.ignore.ignores(hidden) && landingOf(c.reading.copies, hidden) !== undefined)
    refuse(
      'host-artifacts-in-context',
      `${hidden} is not ignored; COPY would bring the virtual environment of the machine that builds`,
      first.run.instruction.start,
      { allow: `List ${hidden} in .dockerignore.` },
    );
  if (!setInProject(c, first))
    refuse('several-environments', `The file names ${path}, and whether Poetry installs into it is unknown`, first.run.instruction.start, {
      allow: 'Set POETRY_VIRTUALENVS_IN_PROJECT=true.',
    });
  const value = c.reading.end.env.get('PATH');
  const own = value !== undefined && 'value' in value && value.value.split(':').includes(`${path}/bin`);
  return { path, own, owner: [], edits: [], dropped: [], rewritten: withoutPoetryRun(c) };
}

/** Source: python-poetry.org/docs/configuration, virtualenvs.in-project. */
function setInProject(c: PythonCase, { install, run }: PythonCase['installs'][number]): boolean {
  const state = c.reading.shell(run.instruction);
  const variable = state.lookup('POETRY_VIRTUALENVS_IN_PROJECT');
  if (variable && 'value' in variable) return /^(?:true|1)$/i.test(variable.value);
  const configured = c.reading.runs.some((one) =>
    one.parts.some(({ command }) => {
      const words = command.words.map((word) => word.value ?? '');
      return words[words.indexOf('virtualenvs.in-project') + 1] === 'true' && words.includes('virtualenvs.in-project');
    }),
  );
  const settings = c.subject.project.tree.read([install.dir, 'poetry.toml'].filter(Boolean).join('/'));
  return configured || (settings.kind === 'text' && /^\s*in-project\s*=\s*true/m.test(settings.text));
}

/** An environment outside of the application, which a mount on its directory would hide. */
function activated(c: PythonCase, first: PythonCase['installs'][number]): Placed {
  const edits: Edit[] = [];
  const dropped: Environment['dropped'] = [];
  systemInstall(c, edits, dropped);
  const made = madeBefore(c, first.run, [[`ENV VIRTUAL_ENV=${VENV} PATH="${VENV}/bin:$PATH"`]]);
  edits.push(...made.edits, ...installerOutside(c, first));
  return { path: VENV, own: false, owner: made.owner, edits, dropped, rewritten: new Map([...made.rewritten, ...withoutPoetryRun(c)]) };
}

/** `pip install poetry && poetry install`: Poetry itself stays in the image's Python. */
function installerOutside(c: PythonCase, { run, install }: PythonCase['installs'][number]): Edit[] {
  return run.parts.flatMap(({ command, manager }) => {
    const [word] = command.words;
    if (manager?.id !== 'pip' || command.start > install.part.command.start || !word || word.value?.includes('/') !== false) return [];
    if (c.reading.base.family?.repository !== 'python')
      refuse('several-environments', 'Poetry is installed in the RUN that installs with it', run.instruction.start, {
        allow: 'Install Poetry in a RUN of its own.',
      });
    return [{ start: word.start, end: word.start, text: ['/usr/local/bin/'] }];
  });
}

/** `poetry config virtualenvs.create false` says nothing any more where an environment is activated. */
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
}
