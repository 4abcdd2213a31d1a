// Commands of the documents that test/docs/commands.test.ts does not run, and what runs them.

/** What needs a container engine: without one, that is what the command says; commands.e2e.test.ts runs it with one. */
export const needsEngine = (command: string): boolean => /dockerfile-mod (?:verify|observe)\b|--verify\b|--image-facts\b/.test(command);

/** `where` holds `holds`: the test, or the check of CI, that does the same. */
export const elsewhere: readonly { line: RegExp; where: string; holds: string }[] = [
  // The checks of a clone.
  { line: /^npm ci && npm test$/, where: '.ci/run', holds: 'counted npm test' },
  { line: /^npm ci$/, where: '.ci/run', holds: 'npm ci --no-audit' },
  { line: /^npm ci && npx dockerfile-mod --dry-run/, where: '.ci/run', holds: 'npx dockerfile-mod' },
  { line: /^npm test$/, where: '.ci/run', holds: 'counted npm test' },
  { line: /^npm run lint$/, where: '.ci/run', holds: 'npm run --silent lint' },
  { line: /^npm run typecheck$/, where: '.ci/run', holds: 'npm run --silent typecheck' },
  { line: /^npm run docs:build$/, where: '.ci/run', holds: 'npm run --silent docs:build' },
  { line: /^\.ci\/run$/, where: '.ci/run', holds: 'finish' },
  { line: /^npm pack && npm install --global/, where: 'test/package.test.ts', holds: "'npm', ['pack'" },
  { line: /^npm run vsix$/, where: 'test/lsp/vsix.test.ts', holds: 'packed()' },
  { line: /^git clone … && cd dockerfile-mod && npm ci$/, where: '.ci/run', holds: 'npm ci --no-audit' },
  // What a publisher does once, with addresses of theirs.
  { line: /^npm pkg set /, where: 'docs/releasing.md', holds: 'npm pkg set' },
  { line: /^npm run build:js && cp -r dist \.github\/image\/$/, where: '.ci/run', holds: 'npm run --silent build' },
  { line: /^docker (?:build -t dockerfile-mod|run --rm --user) /, where: 'docs/releasing.md', holds: 'docker build' },
  // Hours, with an engine.
  { line: /^npm run e2e:goldens\b/, where: 'test/e2e/goldens/rows.test.ts', holds: "describe('what is chosen'" },
  // Programs of others.
  { line: /^code --install-extension /, where: 'docs/editors.md', holds: 'code --install' },
  { line: /^multi-gitter run /, where: 'docs/recipes/multi-gitter.md', holds: 'multi-gitter' },
  { line: /^az repos pr create /, where: 'docs/bulk.md', holds: 'az repos' },
  // With a Redis, a worker that runs until it is stopped, a host that is not there, and a server.
  { line: /bulk (?:enqueue|work)\b/, where: 'test/e2e/bulk/redis.ts', holds: "'enqueue'" },
  { line: /--platform git --base-url/, where: 'test/bulk/git.test.ts', holds: 'describe(' },
  { line: /bulk plan .*--verify/, where: 'test/bulk/proof.test.ts', holds: 'verify' },
  { line: /dockerfile-mod serve\b/, where: 'test/bulk/serve/serve.test.ts', holds: 'serve' },
];

export const isRunHere = (command: string): boolean => !elsewhere.some(({ line }) => line.test(command));
