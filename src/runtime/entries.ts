// Room: runtime/. What an entry of the build context is for, told by its name (rule book §3.1, step 1).

/** `build`: not read at run time. `asset`: read at run time where it is read at all. `manifest`: package.json and the like. `unknown`: cannot be told by the name. */
export type EntryKind = 'build' | 'asset' | 'manifest' | 'unknown';
export type Language = 'node' | 'python' | 'go' | 'rust';

const words = (text: string): Set<string> => new Set(text.split(/\s+/).filter(Boolean));

const ASSET_DIRS =
  words(`public static assets views templates layouts partials locales locale i18n lang translations migrations alembic seeds prisma drizzle config configs conf settings
  fixtures data resources proto protos schemas schema graphql certs fonts emails mail-templates scripts bin sql web www html db images img css js`);
const BUILD_DIRS =
  words(`test tests __tests__ __mocks__ spec specs e2e cypress playwright docs doc documentation .github .gitlab .circleci .vscode .idea .husky .git .devcontainer .changeset coverage
  examples example benches bench benchmark benchmarks .cargo .storybook .yarn .tox .pytest_cache .mypy_cache .ruff_cache __pycache__ node_modules k8s kubernetes helm charts deploy deployment deployments terraform infra ci .ci .nyc_output screenshots`);
const BUILD_FILES =
  words(`makefile license licence copying notice authors contributors codeowners changelog readme procfile jenkinsfile vagrantfile justfile tiltfile skaffold.yaml fly.toml railway.json render.yaml vercel.json netlify.toml
  app.json now.json heroku.yml renovate.json cloudbuild.yaml appveyor.yml codecov.yml sonar-project.properties lerna.json nx.json turbo.json jsconfig.json nodemon.json typedoc.json tsup.config.ts .editorconfig .gitignore .gitattributes
  .gitmodules .dockerignore .npmignore .nvmrc .node-version .python-version .tool-versions .travis.yml .gitlab-ci.yml .golangci.yml .golangci.yaml .goreleaser.yml .goreleaser.yaml .pre-commit-config.yaml .prettierrc .prettierignore .eslintrc
  .eslintignore .babelrc .browserslistrc .swcrc .mocharc.json .mocharc.yml .nycrc .markdownlint.json .stylelintrc .huskyrc .lintstagedrc .commitlintrc .flake8 .pylintrc .coveragerc tox.ini pytest.ini mypy.ini ruff.toml noxfile.py setup.cfg
  rustfmt.toml clippy.toml .rustfmt.toml deny.toml rust-toolchain rust-toolchain.toml build.rs nest-cli.json angular.json tslint.json .air.toml air.toml .yarnrc .yarnrc.yml .npmrc pnpm-workspace.yaml .ds_store .envrc .env.example .env.sample .env.template .env.dist example.env sample.env`);
const MANIFESTS = words('package.json package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock bun.lockb');
const GO_MANIFESTS = words('go.mod go.sum go.work go.work.sum');
const RUST_MANIFESTS = words('cargo.toml cargo.lock');

/** Classifies a top-level entry of the application's directory by its name. */
export function entryKind(name: string, kind: 'file' | 'dir' | 'other', language: Language): EntryKind {
  const lower = name.toLowerCase();
  if (kind === 'dir')
    return BUILD_DIRS.has(lower) || (lower === 'src' && language !== 'python')
      ? 'build'
      : ASSET_DIRS.has(lower)
        ? 'asset'
        : sourceDir(lower, language)
          ? 'build'
          : 'unknown';
  if (language === 'node' && MANIFESTS.has(lower)) return 'manifest';
  if ((language === 'go' && GO_MANIFESTS.has(lower)) || (language === 'rust' && RUST_MANIFESTS.has(lower))) return 'build';
  if (buildFile(lower)) return 'build';
  if (language === 'go' && lower.endsWith('.go')) return 'build';
  if (language === 'rust' && lower.endsWith('.rs')) return 'build';
  if (language === 'node' && /\.(ts|tsx|mts|cts|jsx)$/.test(lower)) return 'build';
  return 'unknown';
}

/** Directories that hold nothing but sources by the convention of the language. Source: go.dev "Organizing a Go module"; The Cargo Book, "Package layout". */
const sourceDir = (lower: string, language: Language): boolean =>
  (language === 'go' && ['cmd', 'internal', 'pkg', 'vendor', 'api', 'tools', 'hack'].includes(lower)) ||
  (language === 'rust' && ['crates', 'target', 'tests', 'examples'].includes(lower));

function buildFile(lower: string): boolean {
  const stem = lower.replace(/\.(md|txt|rst|adoc)$/, '');
  if (BUILD_FILES.has(lower) || BUILD_FILES.has(stem) || lower.endsWith('.md')) return true;
  if (/^(dockerfile|containerfile)(\.|$)|\.dockerfile$|^(docker-)?compose([.-].*)?\.ya?ml$/.test(lower)) return true;
  if (/^tsconfig(\..+)?\.json$/.test(lower)) return true;
  // a dot file whose name ends in `rc` sets up a tool; .sequelizerc is read by its command line at run time
  if (/^\.[\w-]+rc(\.(json|js|cjs|mjs|ts|ya?ml|toml))?$/.test(lower) && lower !== '.sequelizerc') return true;
  return /^\.?(vite|webpack|rollup|babel|postcss|tailwind|jest|vitest|eslint|prettier|commitlint|lint-staged|cypress|playwright|karma|gulpfile|gruntfile|esbuild|tsup|typedoc|stylelint|svgo|metro|release|mocharc|eslintrc|prettierrc|lintstagedrc)(\..*)?\.(js|cjs|mjs|ts|mts|cts|json|ya?ml)$/.test(
    lower,
  );
}
