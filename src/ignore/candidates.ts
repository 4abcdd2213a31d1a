// Room: ignore/. The patterns that each ecosystem and every repository may want hidden.
import type { Subject } from '../facts/subject.ts';

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
/** A pattern that hides itself as it is written, unless told otherwise. */
export const candidate = (pattern: string, more: Partial<Candidate> = {}): Candidate => ({
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

/** Who may have patterns of its own. */
export interface Ignoring {
  ignored?(subject: Subject): Candidate[];
}

/** Every candidate for this Dockerfile and its context, in the order in which they are written. */
export function candidates(subject: Subject, ecosystems: readonly Ignoring[]): Candidate[] {
  const { tree, context } = subject.project;
  // the history lies at the repository's root; a submodule has a file of the name
  const below = context.repository !== undefined && !['', '.'].includes(context.repository.contextPath) && !tree.stat('.git');
  const list: Candidate[] = below ? [] : [candidate('.git', { essential: true })];
  for (const name of IF_PRESENT) if (tree.stat(name)) list.push(candidate(name));
  for (const ecosystem of ecosystems) list.push(...(ecosystem.ignored?.(subject) ?? []));
  for (const name of ['.env', '.env.local']) if (tree.stat(name)) list.push(candidate(name, { review: true }));
  list.push(
    // Its own name: the file may be called `dockerfile`.
    candidate(subject.project.context.dockerfilePath === 'dockerfile' ? 'dockerfile*' : 'Dockerfile*', {
      sample: subject.project.context.dockerfilePath?.includes('/') === false ? subject.project.context.dockerfilePath : 'Dockerfile',
    }),
    candidate('.dockerignore'),
  );
  return list;
}
