// Room: knowledge/. Files whose text says that a build or a program asks git about its own repository. What belongs to an ecosystem stands in its `history`.
// Seen 2026-11: the manuals of the tools that the patterns name.

/** A kind of file, and what in it says that git is asked. */
export interface GitReader {
  /** Programs that read these files: of them it is known whether they ask git. */
  programs?: string;
  /** Paths of the context. */
  files: RegExp;
  pattern: RegExp;
  /** The text says that git is asked whether files are changed or which are tracked; without: it always is. */
  changes?: RegExp;
  /** The text opens a repository that is there, when the program runs. */
  opens?: RegExp;
}

/** Calls of git that ask about the repository, in a shell or as words of a list (`spawn('git', ['describe'])`); not the kind of a repository (`"type": "git"` of package.json). Source: git(1). */
export const GIT_CALL =
  /\bgit\s+(?:-[Cc]\s+\S+\s+)?(?:describe|rev-parse|rev-list|log|show|status|diff|diff-index|ls-files|ls-tree|name-rev|symbolic-ref|shortlog|tag|branch)\b|(?<!["'`]?\btype["'`]?\s{0,9}:\s{0,9})["'`]git["'`]\s*[,\]]|(?:^|[\s"'`=(<:/])\.git\/(?:HEAD|refs|logs|index|packed-refs|config|ORIG_HEAD)\b/m;
/** Those that ask which files are tracked or changed. */
export const GIT_CHANGES = /--dirty|--broken|\bstatus\b|\bdiff(?:-index)?\b|ls-files|is_dirty|isDirty/;

/** Asked for its commit alone. */
const NEVER = /(?!)/;

/** Readers that belong to no ecosystem that is read. */
export const gitReaders: readonly GitReader[] = [
  {
    programs: 'make gmake task just',
    files: /(^|\/)((GNU)?[Mm]akefile|[^/]*\.mk|[Tt]askfile\.ya?ml|\.?[Jj]ustfile|magefile\.go)$/,
    pattern: GIT_CALL,
    changes: GIT_CHANGES,
  },
  // CMake's FindGit, meson's vcs_tag
  {
    programs: 'cmake ninja',
    files: /(^|\/)(CMakeLists\.txt|[^/]*\.cmake)$/,
    pattern: /find_package\(\s*Git\b|GIT_EXECUTABLE|COMMAND\s+git\b/i,
  },
  { files: /(^|\/)meson\.build$/, pattern: /vcs_tag|run_command\(\s*['"]git/ },
  // .NET
  {
    programs: 'dotnet msbuild',
    files: /(\.(cs|fs|vb)proj|(^|\/)Directory\.(Build\.(props|targets)|Packages\.props))$/,
    pattern: /MinVer|GitVersion|Nerdbank\.GitVersioning|GitInfo|Microsoft\.SourceLink|LibGit2Sharp|GitHash|Command="git\b/i,
  },
  // learn.microsoft.com, "Source Link included in the .NET SDK": from SDK 8 on the commit stands in the version of an assembly
  {
    programs: 'dotnet msbuild',
    files: /\.(cs|fs|vb)proj$/,
    pattern: /^(?![\s\S]*IncludeSourceRevisionInInformationalVersion>\s*false)[\s\S]*<TargetFrameworks?>[^<]*\bnet(?:[89]|[1-9]\d)\.\d/i,
    changes: NEVER,
  },
  // Maven, Gradle, sbt
  {
    programs: 'mvn mvnw',
    files: /(^|\/)pom\.xml$/,
    pattern: /git-commit-id|git-build-hook|buildnumber-maven-plugin|jgitver|maven-git-versioning|org\.eclipse\.jgit|ratchetFrom/,
  },
  {
    programs: 'gradle gradlew sbt',
    files: /(^|\/)([^/]*\.gradle(\.kts)?|build\.sbt|plugins\.sbt)$/,
    pattern:
      /git-properties|git-version|gitVersion|axion-release|nebula\.release|jgitver|grgit|org\.eclipse\.jgit|org\.ajoberstar|ratchetFrom|sbt-git|sbt-dynver|["'`]git["'`]|\bgit\s+(describe|rev-parse|log|rev-list|status)/,
  },
  // Ruby
  { programs: 'bundle gem rake rails ruby', files: /\.gemspec$/, pattern: /\bgit\b/ },
  {
    programs: 'jekyll middleman nanoc',
    files: /(^|\/)(Gemfile|_config\.ya?ml)$/,
    pattern:
      /jekyll[-_](?:last[-_]modified|git|github[-_]metadata|gitinfo)|git[-_](?:metadata|revision|version|hash|info)|["'](?:rugged|git|ruby-git)["']/,
  },
  {
    files: /(^|\/)(Rakefile|Gemfile|config\/(application|initializers\/[^/]+|deploy)\.rb)$/,
    pattern: /\bgit\s+(describe|rev-parse|log|show|rev-list)|['"]rugged['"]/,
  },
  // Elixir, Haskell, PHP
  { programs: 'mix', files: /(^|\/)mix\.exs$/, pattern: /System\.cmd\(\s*"git"|:os\.cmd\([^)]*git/ },
  { programs: 'stack cabal', files: /(\.cabal|(^|\/)package\.yaml)$/, pattern: /\bgitrev\b|\bgithash\b/ },
  {
    programs: 'composer php',
    files: /(^|\/)composer\.json$/,
    pattern: /pretty-package-versions|sentry\/sentry|sebastian\/version|git\s+(describe|rev-parse|log)/,
  },
  // pages that show when they were changed
  { programs: 'mkdocs', files: /(^|\/)mkdocs\.ya?ml$/, pattern: /git-revision-date|git-authors|git-committers/ },
  { programs: 'hugo', files: /(^|\/)(hugo|config)\.(toml|ya?ml|json)$/, pattern: /enableGitInfo\W+true/ },
];
