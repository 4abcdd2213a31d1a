// Room: runtime/. What an entry of the build context is for, told by its name.

/** `build`: not read at run time. `asset`: read at run time where it is read at all. `manifest`: package.json and the like. `unknown`: cannot be told by the name. */
export type EntryKind = 'build' | 'asset' | 'manifest' | 'unknown';

/** How projects of an ecosystem are laid out: what of them the program does not read when it runs. */
export interface Layout {
  /** Names of the files that say what is installed (lower case). */
  manifests?: ReadonlySet<string>;
  /** Names of the files that are compiled, or say how (lower case). */
  compiled: RegExp;
  /** Directories that hold nothing but sources, by convention. */
  sourceDirs?: ReadonlySet<string>;
  /** The ending of sources that are compiled in: a directory of nothing else is not read. */
  ending?: string;
  /** As `ending`, for several: TypeScript. */
  compiledIn?: RegExp;
  /** Names of sources and manifests: a directory with one of them is never copied whole. */
  sources: RegExp;
  /** Names of sources that run as they are, and the text by which one loads another beside it. */
  loads?: { file: RegExp; text: RegExp };
}

const words = (text: string): Set<string> => new Set(text.split(/\s+/).filter(Boolean));

const ASSET_DIRS =
  words(`public static assets views templates layouts partials locales locale i18n lang translations migrations alembic seeds prisma drizzle config configs conf settings
  fixtures data resources proto protos schemas schema graphql certs fonts emails mail-templates scripts bin sql web www html db images img css js`);
const BUILD_DIRS =
  words(`src test tests __tests__ __mocks__ spec specs e2e cypress playwright docs doc documentation .github .gitlab .circleci .vscode .idea .husky .git .devcontainer .changeset coverage
  examples example benches bench benchmark benchmarks .cargo .storybook .yarn .tox .pytest_cache .mypy_cache .ruff_cache __pycache__ node_modules k8s kubernetes helm charts deploy deployment deployments terraform infra ci .ci .nyc_output screenshots`);
const BUILD_FILES =
  words(`makefile license licence copying notice authors contributors codeowners changelog readme procfile jenkinsfile vagrantfile justfile tiltfile skaffold.yaml fly.toml railway.json render.yaml vercel.json netlify.toml
  app.json now.json heroku.yml renovate.json cloudbuild.yaml appveyor.yml codecov.yml codecov.yaml .codecov.yml .codecov.yaml .coveralls.yml sonar-project.properties lerna.json nx.json turbo.json jsconfig.json nodemon.json typedoc.json tsup.config.ts .editorconfig .gitignore .gitattributes
  .gitmodules .dockerignore .npmignore .nvmrc .node-version .python-version .tool-versions .travis.yml .gitlab-ci.yml .golangci.yml .golangci.yaml .goreleaser.yml .goreleaser.yaml .pre-commit-config.yaml .prettierrc .prettierignore .eslintrc
  .eslintignore .babelrc .browserslistrc .swcrc .mocharc.json .mocharc.yml .nycrc .markdownlint.json .stylelintrc .huskyrc .lintstagedrc .commitlintrc .flake8 .pylintrc .coveragerc tox.ini pytest.ini mypy.ini ruff.toml noxfile.py setup.cfg
  rustfmt.toml clippy.toml .rustfmt.toml deny.toml rust-toolchain rust-toolchain.toml build.rs nest-cli.json angular.json tslint.json .air.toml air.toml .yarnrc .yarnrc.yml .npmrc pnpm-workspace.yaml .ds_store .envrc .env.example .env.sample .env.template .env.dist example.env sample.env
  cspell.json .cspell.json cspell.yaml cspell.config.yaml makefile.toml dprint.json biome.json biome.jsonc knip.json lefthook.yml taplo.toml .taplo.toml typos.toml _typos.toml cliff.toml bacon.toml tarpaulin.toml`);

/** Classifies a top-level entry of the application's directory by its name. */
export function entryKind(name: string, kind: 'file' | 'dir' | 'other', layout: Layout): EntryKind {
  const lower = name.toLowerCase();
  if (kind === 'dir')
    return BUILD_DIRS.has(lower) ? 'build' : ASSET_DIRS.has(lower) ? 'asset' : layout.sourceDirs?.has(lower) ? 'build' : 'unknown';
  if (layout.manifests?.has(lower)) return 'manifest';
  return layout.compiled.test(lower) || buildFile(lower) ? 'build' : 'unknown';
}

/** By its name (lower case) a file that says how to build, test, start or publish: no program of the container reads it. */
export function buildFile(lower: string): boolean {
  const stem = lower.replace(/\.(md|txt|rst|adoc)$/, '');
  if (BUILD_FILES.has(lower) || BUILD_FILES.has(stem) || lower.endsWith('.md')) return true;
  // written for who sets the program up: it reads the file that is made of it
  if (/\.(?:example|sample)$/.test(lower)) return true;
  // requests that an editor sends. Sources: jetbrains.com/help/idea, "HTTP Client"; the README of VS Code's REST Client
  if (/\.(?:http|rest)$/.test(lower)) return true;
  if (/^(dockerfile|containerfile)(\.|$)|\.dockerfile$|^(docker-)?compose([.-].*)?\.ya?ml$/.test(lower)) return true;
  if (/^tsconfig(\..+)?\.json$/.test(lower)) return true;
  // a dot file whose name ends in `rc` sets up a tool; .sequelizerc is read by its command line at run time
  if (/^\.[\w-]+rc(\.(json|js|cjs|mjs|ts|ya?ml|toml))?$/.test(lower) && lower !== '.sequelizerc') return true;
  return /^\.?(vite|webpack|rollup|babel|postcss|tailwind|jest|vitest|eslint|prettier|commitlint|lint-staged|cypress|playwright|karma|gulpfile|gruntfile|esbuild|tsup|typedoc|stylelint|svgo|metro|release|mocharc|eslintrc|prettierrc|lintstagedrc)(\..*)?\.(js|cjs|mjs|ts|mts|cts|json|ya?ml)$/.test(
    lower,
  );
}
