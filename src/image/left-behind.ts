// Room: image/. What a build leaves in an image that no container reads. What is not here is kept.

/** One kind of it. */
export interface LeftRow {
  what: string;
  /** Of a path: of the directory itself, or of anything below it. */
  pattern: RegExp;
  /** Programs that read it when they are started, divided by spaces: where the container starts one, it is kept. */
  tools?: string;
  /** Only where a RUN says so. */
  where?: RegExp;
  /** Files below it that a program may read all the same. */
  except?: RegExp;
  /** Files that are hard links to what is kept: without them nothing is smaller. */
  links?: true;
}

export const leftRows: readonly LeftRow[] = [
  // https://manpages.debian.org/stable/apt/apt.conf.5.en.html (Dir::Cache, Dir::State), https://wiki.alpinelinux.org/wiki/Local_APK_cache, dnf.conf(5)
  {
    what: 'lists and caches of the package manager',
    pattern: /^\/var\/(?:lib\/apt\/lists|cache\/(?:apt|apk|dnf|yum|debconf|ldconfig|man))(?:\/|$)/,
  },
  {
    what: 'the database of the package manager',
    pattern: /^\/(?:var\/lib\/(?:dpkg|apt|rpm|dnf)|(?:usr\/)?lib\/(?:apk|sysimage\/rpm))(?:\/|$)/,
  },
  { what: 'logs of installs', pattern: /^\/var\/log\/(?:apt(?:\/|$)|dpkg\.log|alternatives\.log|bootstrap\.log|apk\.log|dnf[.\w]*log$)/ },
  // file-hierarchy(7)
  { what: 'temporary files', pattern: /^\/(?:var\/)?tmp\/./ },
  // https://docs.npmjs.com/cli/v11/commands/npm-cache, https://classic.yarnpkg.com/en/docs/cli/cache, https://github.com/nodejs/node-gyp#readme
  { what: 'the npm cache', pattern: /\/\.npm\/_(?:cacache|logs)(?:\/|$)/ },
  { what: 'the Yarn cache', pattern: /\/(?:\.cache\/yarn|usr\/local\/share\/\.cache\/yarn)(?:\/|$)/ },
  { what: 'headers of Node.js', pattern: /\/\.(?:cache\/node-gyp|node-gyp)(?:\/|$)/ },
  { what: 'the pnpm store', pattern: /\/\.local\/share\/pnpm\/store(?:\/|$)/, links: true },
  { what: 'caches of bundlers', pattern: /\/node_modules\/\.cache(?:\/|$)/ },
  // https://pip.pypa.io/en/stable/topics/caching/, https://docs.astral.sh/uv/reference/storage/, https://python-poetry.org/docs/configuration/#cache-dir
  { what: 'the pip cache', pattern: /\/\.cache\/pip(?:\/|$)/ },
  { what: 'the uv cache', pattern: /\/\.cache\/uv(?:\/|$)/, tools: 'uv uvx', links: true },
  { what: 'the Poetry cache', pattern: /\/\.cache\/pypoetry\/(?:cache|artifacts)(?:\/|$)/ },
  // Made again from the sources, which the image below has: https://peps.python.org/pep-3147/
  {
    what: 'byte code of the standard library',
    pattern: /\/lib\/python3[\d.]*\/(?!(?:site|dist)-packages\/)(?:[^/]+\/)*__pycache__(?:\/|$)/,
  },
  // https://go.dev/ref/mod#module-cache, https://pkg.go.dev/cmd/go#hdr-Build_and_test_caching
  { what: 'the Go caches', pattern: /(?:^|\/)(?:go\/pkg\/(?:mod|sumdb)|\.cache\/go-build)(?:\/|$)/, tools: 'go air CompileDaemon' },
  // https://doc.rust-lang.org/cargo/guide/cargo-home.html, https://rust-lang.github.io/rustup/installation/index.html
  { what: 'the Cargo cache', pattern: /\/\.?cargo\/(?:registry|git)(?:\/|$)/, tools: 'cargo rustc rustup' },
  { what: 'the Rust toolchain', pattern: /\/\.rustup(?:\/|$)/, tools: 'cargo rustc rustup' },
  {
    what: 'objects of Cargo',
    pattern: /\/target\/(?:release|debug)\/(?:deps|build|incremental|\.fingerprint)(?:\/|$)/,
    tools: 'cargo cargo-watch',
  },
  // https://maven.apache.org/guides/introduction/introduction-to-repositories.html
  { what: 'the Maven repository', pattern: /\/\.m2(?:\/|$)/, tools: 'mvn mvnw mvnd' },
  // https://docs.gradle.org/current/userguide/directory_layout.html
  { what: 'Gradle and its caches', pattern: /\/\.gradle(?:\/|$)/, tools: 'gradle gradlew' },
  // https://www.scala-sbt.org/1.x/docs/sbt-reference.html, https://get-coursier.io/docs/cache
  { what: 'sbt and its caches', pattern: /\/(?:\.sbt|\.ivy2|\.cache\/coursier)(?:\/|$)/, tools: 'sbt coursier cs' },
  // https://getcomposer.org/doc/06-config.md#cache-dir, https://guides.rubygems.org/command-reference/#gem-environment
  { what: 'the Composer cache', pattern: /\/\.(?:composer\/cache|cache\/composer)(?:\/|$)/ },
  { what: 'downloaded gems', pattern: /\/(?:bundle(?:\/ruby\/[\d.]+)?|ruby\/(?:gems\/)?[\d.]+)\/cache(?:\/|$)/ },
  // A debug build reads it where it is started: https://learn.microsoft.com/dotnet/core/runtime-config/ (probing paths of runtimeconfig.dev.json)
  { what: 'NuGet packages', pattern: /\/\.nuget(?:\/|$)/, tools: 'run watch msbuild', where: /\bdotnet\s+publish\b/ },
  { what: 'the NuGet cache', pattern: /\/\.local\/share\/NuGet(?:\/|$)/ },
  // https://docs.haskellstack.org/en/stable/topics/stack_root/, https://cabal.readthedocs.io/en/stable/config.html#directories
  {
    what: 'Stack, its compiler and its packages',
    pattern: /\/\.stack(?:\/|$)/,
    tools: 'stack ghc runghc runhaskell',
    except: /\/share\/(?!doc\/|man\/)[^/]+\/[^/]+\/[^/]+\//,
  },
  { what: 'packages of cabal', pattern: /\/\.(?:cabal|cache\/cabal)\/(?:packages|logs)(?:\/|$)/, tools: 'cabal' },
  { what: 'headers', pattern: /^\/usr\/local\/include\/./, tools: 'gcc g++ cc make clang' },
  { what: 'static libraries', pattern: /^\/usr\/local\/lib\/(?:[^/]+\/)?[^/]+\.l?a$/, tools: 'gcc g++ cc make clang' },
];
