// Room: ecosystems/python. Names of dependency groups that are there for development only.

/** Groups that production installs leave out. Names as people write them, 2026-11; compared normalised (PEP 503). */
export const developmentGroups: readonly string[] = [
  ...['dev', 'test', 'tests', 'lint', 'linting', 'docs', 'doc', 'typing', 'types', 'ci', 'format', 'pre-commit'],
];
