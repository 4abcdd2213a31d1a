// Room: ecosystems/python. multi-stage for uv: the environment of the project, which `uv sync` makes, `uv run` taken off the command.
// Sources: https://docs.astral.sh/uv/guides/integration/docker/ · https://docs.astral.sh/uv/concepts/projects/config/#project-environment-path
import type { Edit, Piece } from '../../dockerfile/edits.ts';
import type { Command, Healthcheck } from '../../dockerfile/types.ts';
import { linesBefore } from '../../dockerfile/write.ts';
import { cleanPath, inside, landingOf } from '../../facts/copies.ts';
import type { RunReading } from '../../facts/reading.ts';
import { refuse } from '../../refusal.ts';
import { pipInstall } from './managers.ts';
import { INSTALLERS } from './names.ts';
import { installerEnv } from './runtime.ts';
import { strippedCommands } from './run-words.ts';
import { serviceThatCalls, serviceThatHides } from './services.ts';
import { installHead, type PythonCase } from './split-case.ts';
import { VENV, type Environment } from './split-environment.ts';
import { readToml } from './toml.ts';
import { otherUv, uvRunWords } from './uv-command.ts';
import type { UvInstall } from './uv-install.ts';
import { defaultGroups } from './uv-lock.ts';
import { otherPython, pythonOf } from './uv-python.ts';
import { addedByRun } from './uv-start.ts';

/** The environment that uv makes in the project, or where UV_PROJECT_ENVIRONMENT says. */
export function uvEnvironment(c: PythonCase): Environment {
  const [first] = c.uv;
  if (!first) return refuse('no-gain', 'Nothing is installed', c.run.at);
  const { tree } = c.subject.project;
  const at = first.run.instruction.start;
  const lock = [first.dir, 'uv.lock'].filter(Boolean).join('/');
  if (tree.stat(lock)?.kind !== 'file') refuse('no-lockfile', 'No lock file: which packages uv installs is unknown', at);
  oneEnvironment(c, first);
  ownPython(c, first);
  const moved = outOfImage(c, first);
  const path = moved ? VENV : placeOf(c, first);
  const value = c.reading.end.env.get('PATH');
  const own = value !== undefined && 'value' in value && value.value.split(':').includes(`${path}/bin`);
  const selection = { groups: groupsOf(c), extras: extrasOf(c) };
  return {
    path,
    own,
    owner: [],
    edits: moved ?? [],
    dropped: [],
    rewritten: withoutUvRun(c, path),
    packages: { lock: 'uv', ...selection },
    named: new Set(),
    installer: ofImage(c) ? undefined : 'uv',
    buildEnv: installerEnv('uv', c.reading),
    announces: { keywords: ['CMD', 'ENTRYPOINT'], env: ['PATH', ...(moved ? [PLACE] : []), ...installerEnv('uv', c.reading)] },
    notes: own || moved ? [] : ledThere(c, path),
    evidence: [{ file: lock, says: 'locks the packages' }],
  };
}

/** The program is called by its name, and the original has nothing of the environment on PATH: it is not there, or has none of the packages. */
function ledThere({ reading, run }: PythonCase, path: string): Environment['notes'] {
  const value = reading.end.env.get('PATH');
  const program = run.program.replace(/^.*\//, '');
  if ((value && !('value' in value)) || program !== run.program || run.wrappers.some(([first]) => first === 'uv')) return [];
  return [
    {
      id: 'environment-on-path',
      message: `\`${program}\` is that of ${path} in the last stage: the original does not have ${path}/bin on PATH, and starts without its packages`,
    },
  ];
}

/** Everything goes into one environment, made by `uv sync` in one directory. */
function oneEnvironment(c: PythonCase, first: UvInstall): void {
  const [other] = [
    ...c.installs.map(({ run }) => run),
    ...c.projects.filter((one) => !c.uv.some(({ part }) => part === one.part)).map(({ run }) => run),
  ];
  const moved = c.uv.find(({ cwd }) => cwd !== first.cwd);
  const outside = other ?? moved?.run;
  const at = (run: RunReading): number => run.instruction.start;
  if (outside)
    refuse(
      'several-environments',
      `Line ${outside.instruction.line} installs outside of the environment of uv in ${first.cwd}`,
      at(outside),
      {
        allow: 'Install everything with uv sync, in one directory.',
      },
    );
  for (const run of c.reading.runs)
    for (const { command } of run.parts) {
      const beside = pipInstall(command)?.named.find((spec) => !INSTALLERS.test(/^[\w.-]+/.exec(spec)?.[0] ?? spec));
      const told = otherUv(command) ?? (beside === undefined ? undefined : `pip install ${beside}`);
      if (told !== undefined)
        refuse('several-environments', `\`${told}\` at line ${run.instruction.line} works outside of what uv sync makes`, at(run), {
          allow: 'Install everything with uv sync.',
        });
    }
}

const PLACE = 'UV_PROJECT_ENVIRONMENT';

/**
 * `ENV UV_PROJECT_ENVIRONMENT=/usr/local`: the packages stand among those of the image. The build stage gets an environment of its own instead,
 * which PATH finds first; undefined: it has one.
 */
function outOfImage(c: PythonCase, { run }: UvInstall): Edit[] | undefined {
  const all = c.reading.stage.instructions.flatMap((i) =>
    i.keyword === 'ENV' || i.keyword === 'ARG' ? i.pairs.filter(({ name }) => name === PLACE).map((pair) => ({ i, pair })) : [],
  );
  const [only, ...others] = all;
  if (!only || others.length > 0 || only.i.keyword !== 'ENV' || only.i.index > run.instruction.index) return undefined;
  const { pair } = only;
  const { value = '' } = pair;
  const at = pair.start + pair.raw.lastIndexOf(value);
  if (!/^\/usr\/local\/?$/.test(value) || !pair.raw.includes(value)) return undefined;
  return [{ start: at, end: at + value.length, text: [VENV] }, linesBefore(installHead(c, run), [[`ENV PATH="${VENV}/bin:$PATH"`]])];
}

/** Where the environment lies. Source: docs.astral.sh/uv/reference/environment, UV_PROJECT_ENVIRONMENT */
function placeOf(c: PythonCase, { run, cwd, dir }: UvInstall): string {
  const set = c.reading.shell(run.instruction).lookup('UV_PROJECT_ENVIRONMENT');
  const named = set && 'value' in set ? cleanPath(set.value.startsWith('/') ? set.value : `${cwd}/${set.value}`) : undefined;
  if (set && (named === undefined || named === '/' || inside('/usr/local/lib', named) || inside(named, '/usr/local')))
    refuse('several-environments', 'UV_PROJECT_ENVIRONMENT puts the packages into the Python of the image', run.instruction.start, {
      allow: 'Leave UV_PROJECT_ENVIRONMENT out.',
    });
  const hidden = [dir, '.venv'].filter(Boolean).join('/');
  if (named === undefined && !c.subject.project.ignore.ignores(hidden) && landingOf(c.reading.copies, hidden) !== undefined)
    refuse(
      'host-artifacts-in-context',
      `${hidden} is not ignored; COPY would bring the virtual environment of the machine that builds`,
      run.instruction.start,
      { allow: `List ${hidden} in .dockerignore.` },
    );
  return named ?? cleanPath(`${cwd}/.venv`);
}

/** The image has uv itself: the last stage has it too. */
const ofImage = ({ reading: { base } }: PythonCase): boolean =>
  base.family?.row.programs?.some(({ names }) => names.split(' ').includes('uv')) === true;

/**
 * The environment links to the Python that uv found: that of the image, where the project allows it; else one that uv downloads, which no other
 * image has. Source: docs.astral.sh/uv/concepts/python-versions
 */
function ownPython(c: PythonCase, { run, dir }: UvInstall): void {
  const { base } = c.reading;
  const version = pythonOf(base.family?.repository, base.tag.version);
  const settings = ['UV_PYTHON', 'UV_MANAGED_PYTHON', 'UV_PYTHON_PREFERENCE'].find((name) => c.reading.shell(run.instruction).lookup(name));
  const asked = settings ?? otherPython(c.subject.project.tree, dir, version)?.says;
  if (asked !== undefined)
    refuse(
      'uv-managed-python',
      `uv may install a Python of its own: ${asked}, the image has ${version ?? 'a version that is not told'}`,
      run.instruction.start,
      { allow: 'Name the version of Python in FROM, and the same in .python-version.' },
    );
}

function manifestOf(c: PythonCase): object | undefined {
  const [first] = c.uv;
  const manifest = readToml(c.subject.project.tree, [first?.dir, 'pyproject.toml'].filter(Boolean).join('/'));
  return manifest && 'table' in manifest ? manifest.table : undefined;
}

function groupsOf(c: PythonCase): string[] {
  const all = c.project.pyproject?.groups.map(({ name }) => name) ?? [];
  const manifest = manifestOf(c);
  const given = manifest ? defaultGroups(manifest) : 'all';
  const found = c.uv.flatMap(({ sync }) => {
    const defaults = !sync.defaults ? [] : given === 'all' ? all : given;
    return [...(sync.allGroups ? all : defaults), ...sync.groups].filter((name) => !sync.without.includes(name));
  });
  return [...new Set(found)];
}

function extrasOf({ uv: all }: PythonCase): string[] | 'all' {
  return all.some(({ sync }) => sync.extras === 'all') ? 'all' : [...new Set(all.flatMap(({ sync }) => sync.extras as string[]))];
}

/** The run command without `uv run`; refuses where uv is needed for more than to find the environment. */
function withoutUvRun(c: PythonCase, path: string): Map<number, Piece[]> {
  const uses = c.run.wrappers.filter(([program]) => program === 'uv').length;
  const stripped = strippedCommands([c.run.entrypoint, c.run.cmd], uvRunWords);
  const named = [c.run.entrypoint, c.run.cmd, c.run.healthcheck].flatMap((command) => (command ? uvWords(command) : []));
  const asked = c.run.needs.find(({ program }) => isUv(program))?.evidence ?? (ofImage(c) ? undefined : serviceThatCalls(c, isUv));
  if (stripped.length !== uses || named.length > stripped.length || asked)
    refuse('uv-at-runtime', 'uv is called at run time', c.run.at, { evidence: asked ? [asked] : [] });
  const hidden = stripped.length > 0 ? serviceThatHides(c, path) : undefined;
  if (hidden)
    refuse(
      'uv-at-runtime',
      `${hidden.evidence.file} mounts a host directory on ${hidden.target}, which hides ${path}: \`uv run\` makes it again there`,
      c.run.at,
      {
        evidence: [hidden.evidence],
        allow: `Put the environment elsewhere (UV_PROJECT_ENVIRONMENT=/opt/venv), or mount a volume on ${path}.`,
      },
    );
  const isSet = (name: string): boolean => c.reading.end.env.has(name);
  const manifest = manifestOf(c);
  const groups = c.project.pyproject?.groups.map(({ name }) => name) ?? [];
  const syncs = c.uv.map(({ sync }) => sync);
  for (const { read } of stripped) {
    const added = manifest && addedByRun({ manifest, groups }, { syncs, options: read.options, isSet });
    if (added !== undefined)
      refuse('uv-at-runtime', `\`uv run\` installs ${added} when the container starts, which the image does not have`, c.run.at, {
        allow: 'Install in a RUN (uv sync) all that the program needs; then write uv run --no-sync, or the program without uv run.',
      });
  }
  return new Map(stripped.map(({ index, text }) => [index, text]));
}
const isUv = (word: string): boolean => /(?:^|\/)uvx?$/.test(word);
const uvWords = (command: Command | Healthcheck): string[] =>
  (command.json ?? command.script?.seen.flatMap((one) => one.words) ?? []).map((word) => word.value ?? word.raw).filter(isUv);
