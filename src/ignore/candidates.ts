// Room: ignore/. The patterns that each ecosystem and every repository may want hidden.
import { landingOf, originOf, resolvePath } from '../facts/copies.ts';
import type { Subject } from '../facts/subject.ts';
import { goBuild } from '../ecosystems/go/build.ts';
import { installsOf } from '../installs/sites.ts';

export interface Candidate {
  pattern: string;
  /** A path that the pattern hides, to see whether it is hidden already. */
  sample: string;
  /** Worth adding to a file that exists. */
  essential: boolean;
  /** Hides what a machine installed or built. */
  review: boolean;
  /** Made again by the build: an instruction may name it. */
  made: boolean;
}
const plain = (pattern: string, more: Partial<Candidate> = {}): Candidate => ({
  pattern,
  sample: pattern,
  essential: false,
  review: false,
  made: false,
  ...more,
});

/** Entries that no image needs, listed where they are there. */
const IF_PRESENT = [
  '.github',
  '.gitlab-ci.yml',
  '.circleci',
  '.vscode',
  '.idea',
  '.gitignore',
  '.gitattributes',
  'coverage',
  '.nyc_output',
  '.pytest_cache',
  '.mypy_cache',
  '.ruff_cache',
  '.tox',
  '.nox',
  'htmlcov',
  '.coverage',
  'npm-debug.log',
  'yarn-error.log',
  'docker-compose.yml',
  'docker-compose.yaml',
  'compose.yml',
  'compose.yaml',
  'docker-compose.override.yml',
];

/** Every candidate for this Dockerfile and its context, in the order in which they are written. */
export function candidates(subject: Subject): Candidate[] {
  const { tree } = subject.project;
  const list: Candidate[] = [plain('.git', { essential: true })];
  for (const name of IF_PRESENT) if (tree.stat(name)) list.push(plain(name));
  list.push(...nodeCandidates(subject), ...pythonCandidates(subject), ...goCandidates(subject), ...rustCandidates(subject));
  for (const name of ['.env', '.env.local']) if (tree.stat(name)) list.push(plain(name, { review: true }));
  list.push(
    plain('Dockerfile*', {
      sample: subject.project.context.dockerfilePath?.includes('/') === false ? subject.project.context.dockerfilePath : 'Dockerfile',
    }),
    plain('.dockerignore'),
  );
  return list;
}

function nodeCandidates(subject: Subject): Candidate[] {
  const installs = subject.stages
    .flatMap((s) => s.runs.flatMap((r) => installsOf(s, r, subject)))
    .filter((i) => i.manager.ecosystem === 'node');
  const project = subject.project.node(installs[0]?.dir ?? '');
  if (!project || installs.length === 0) return [];
  const list = [plain('**/node_modules', { sample: 'node_modules', essential: true, review: true })];
  const scripts = subject.stages.flatMap((s) =>
    s.runs.flatMap((r) =>
      r.parts
        .filter((p) => p.manager?.ecosystem === 'node' && (p.kind === 'build' || p.kind === 'run'))
        .map(
          (p) => p.command.words.map((w) => w.value ?? '').filter((w) => !w.startsWith('-') && w !== 'run' && w !== 'run-script')[1] ?? '',
        ),
    ),
  );
  for (const script of new Set(scripts)) {
    const outputs = script === '' ? undefined : project.outputs(script);
    if (!outputs || 'unknown' in outputs) continue;
    for (const output of outputs.value)
      list.push(plain([project.dir, output].filter(Boolean).join('/'), { essential: true, review: true, made: true }));
  }
  return list;
}

function pythonCandidates(subject: Subject): Candidate[] {
  if (subject.final.base.family?.repository !== 'python' && !subject.stages.some((s) => s.base.family?.repository === 'python')) return [];
  return [
    plain('**/__pycache__', { sample: '__pycache__' }),
    plain('**/*.py[cod]', { sample: 'x.pyc' }),
    plain('.venv', { essential: true, review: true }),
    ...(subject.project.tree.stat('venv/pyvenv.cfg') ? [plain('venv', { essential: true, review: true })] : []),
  ];
}

function goCandidates(subject: Subject): Candidate[] {
  const list: Candidate[] = [];
  for (const reading of subject.stages)
    for (const run of reading.runs)
      for (const part of run.parts) {
        const output = part.manager?.id === 'go' ? goBuild(part.command)?.output : undefined;
        const state = reading.before(run.instruction);
        const path = output === undefined || !('value' in state.workdir) ? undefined : resolvePath(state.workdir.value, output);
        const root = 'value' in state.workdir ? originOf(reading.copies, subject.project.tree, state.workdir.value) : undefined;
        const name =
          path === undefined || root === undefined || !('value' in state.workdir)
            ? undefined
            : path.slice(state.workdir.value.length + (state.workdir.value === '/' ? 0 : 1));
        if (
          name &&
          !name.startsWith('..') &&
          path?.startsWith('value' in state.workdir ? state.workdir.value : '/') &&
          !subject.project.tree.stat(name)
        )
          list.push(plain([root, name].filter(Boolean).join('/'), { review: true, made: true }));
      }
  return list;
}

function rustCandidates(subject: Subject): Candidate[] {
  const builds = subject.stages.some((s) => s.runs.some((r) => r.parts.some((p) => p.manager?.id === 'cargo' && p.kind === 'build')));
  const copied = landingOf(
    subject.stages.flatMap((s) => s.copies),
    'target',
  );
  return builds && copied !== undefined ? [plain('target', { essential: true, review: true, made: true })] : [];
}
