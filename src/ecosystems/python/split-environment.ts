// Room: ecosystems/python. multi-stage for pip: the virtual environment that carries the packages from one stage to the other.
import type { Edit, Piece } from '../../dockerfile/edits.ts';
import { linesBefore } from '../../dockerfile/write.ts';
import { anyPipInstall, pipArguments } from './pip-command.ts';
import { namedPlace } from './named-place.ts';
import { INSTALLERS } from './names.ts';
import { usesPipenv } from './pipenv-split.ts';
import { installerEnv } from './runtime.ts';
import { isPlainName } from '../../facts/copies.ts';
import { isRoot, type RunReading } from '../../facts/reading.ts';
import type { Evidence } from '../../facts/types.ts';
import { refuse } from '../../refusal.ts';
import type { Announced } from '../../types.ts';
import type { Note } from '../../types.ts';
import { ownEnvironment } from './own-environment.ts';
import { hidesPrograms, namedByPath } from './passed-by.ts';
import { installHead, type PythonCase } from './split-case.ts';
import { bringsOnly, isUvPackage, refuseOtherPython, usesUvPip } from './uv-pip.ts';

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
  packages: { lock: 'poetry' | 'uv'; groups: string[]; extras: string[] | 'all' } | { requirements: string[] };
  /** Packages that the Dockerfile names itself. */
  named: ReadonlySet<string>;
  /** A package manager of its own that stays in the build stage. */
  installer: string | undefined;
  buildEnv: ReadonlySet<string>;
  announces: Announced;
  notes: Omit<Note, 'transform'>[];
  evidence: Evidence[];
}

export const VENV = '/opt/venv';

/** pip: a virtual environment in front of the first install; the installs stay as they are. */
export function pipEnvironment(c: PythonCase): Environment {
  const requirements: string[] = [];
  elsewhere(c);
  refuseOtherPython(c);
  for (const { install } of c.installs) requirements.push(...install.files);
  const byUv = usesUvPip(c);
  const byPipenv = usesPipenv(c);
  const all = c.reading.runs.filter((r) => r.parts.some((p) => p.manager?.id === 'pip' || anyPipInstall(p.command)));
  // uv is left in the image's own Python, in front of the environment
  const pipRuns = byUv ? all.slice(all.findIndex((run) => !bringsOnly(run, INSTALLERS))) : all;
  const first = pipRuns[0] ?? c.installs[0]?.run;
  if (!first) return refuse('no-gain', 'Nothing is installed', c.run.at);
  const named = pipRuns.flatMap((r) => r.parts.flatMap((p) => anyPipInstall(p.command)?.named ?? []));
  const environment = ownEnvironment(c, pipRuns);
  const place = environment === undefined ? namedPlace(c, pipRuns) : undefined;
  const own = environment ?? place?.path;
  if (byPipenv && own !== undefined)
    refuse(
      'several-environments',
      `Pipenv installs into the Python that it runs with, beside the packages in ${own}`,
      first.instruction.start,
      {
        allow: 'Install everything into one environment.',
      },
    );
  const made =
    own === undefined
      ? withNames(c, madeBefore(c, first, [[`ENV PATH="${VENV}/bin:$PATH"`], ...(byUv ? [[`ENV UV_PYTHON="${VENV}"`]] : [])]))
      : { edits: [], rewritten: new Map<number, Piece[]>(), owner: place?.owner ?? [] };
  const settings = new Set([...installerEnv('pip', c.reading), ...(byUv ? installerEnv('uv', c.reading) : [])]);
  return {
    path: own ?? VENV,
    own: own !== undefined,
    ...made,
    dropped: [],
    packages: { requirements },
    named: new Set(named),
    installer: byUv && !named.some(isUvPackage) ? 'uv' : undefined,
    buildEnv: settings,
    announces: { env: ['PATH', ...(byUv ? ['UV_PYTHON'] : []), ...settings] },
    notes: [],
    evidence: [{ file: 'Dockerfile', line: first.instruction.line, says: 'installs the packages' }],
  };
}

/** `/usr/local/bin/python -m pip install x` would install beside the environment; `python` finds the one in it. */
const withNames = (c: PythonCase, made: ReturnType<typeof madeBefore>): ReturnType<typeof madeBefore> => ({
  ...made,
  edits: [
    ...made.edits,
    ...namedByPath(c).map(({ name, word }) => ({ start: word.start, end: word.end, text: [name.slice(name.lastIndexOf('/') + 1)] })),
  ],
});

/** What pip does to itself, in the image's own Python. */
function elsewhere({ reading }: PythonCase): void {
  for (const { instruction, parts } of reading.runs)
    for (const { command } of parts) {
      const own = pipArguments(command);
      const removed = own?.subcommand === 'uninstall' ? own.given.positional.find((name) => OWN.has(name)) : undefined;
      if (removed !== undefined)
        refuse(
          'several-environments',
          `Line ${instruction.line} removes ${removed} from the Python of the image, beside which a virtual environment would stand`,
          instruction.start,
          { allow: `Leave ${removed} where it is.` },
        );
    }
}
/** What the image brings beside Python. Source: Dockerfiles of docker-library/python. */
const OWN: ReadonlySet<string> = new Set(['pip', 'setuptools', 'wheel']);

/** The lines that make an environment in front of the first install: by root, before a USER whose packages it shall hold. */
export function madeBefore(
  c: PythonCase,
  first: RunReading,
  lines: string[][] = [[`ENV PATH="${VENV}/bin:$PATH"`]],
): Pick<Environment, 'edits' | 'rewritten' | 'owner'> {
  const state = c.reading.before(first.instruction);
  const rewritten = laterPath(c, first);
  if (isRoot(state))
    return { edits: [linesBefore(installHead(c, first), [[`RUN python -m venv ${VENV}`], ...lines])], rewritten, owner: [] };
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
    edits: [linesBefore(change, [[`RUN python -m venv ${VENV} && chown -R ${user} ${VENV}`], ...lines])],
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
