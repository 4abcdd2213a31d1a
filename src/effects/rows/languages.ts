// Room: effects/rows. Build tools and package managers of languages whose projects are not read: that they build is known, what they leave is not.
import { anywhere, placesOf, tree } from '../places.ts';
import type { Call, Row, Told } from '../types.ts';
import { names } from '../words.ts';

/** A language whose projects are not read. */
interface Language {
  /** For a sentence: "Ruby". */
  name: string;
  /** Programs that compile, or install a project's packages. */
  tools: string;
  /** Of these programs, the verbs that only look, set or serve. */
  looks?: Readonly<Record<string, string>>;
  /** Repositories of images that hold its compilers, and what a program of it runs on instead: `$` is the version that the tag begins with. */
  toolchains?: readonly { repository: RegExp; unless?: RegExp; runsOn?: string }[];
  source: string;
}

const JRE = 'eclipse-temurin:$-jre';

/** One row for a language. A tool that may do other things as well says so by its verbs. */
const languages: readonly Language[] = [
  {
    name: 'Ruby',
    tools: 'bundle bundler gem rake',
    looks: { bundle: 'config list show info env', bundler: 'config list show info env', gem: 'list env environment sources' },
    source: 'bundler.io/man; guides.rubygems.org/command-reference',
  },
  {
    name: 'PHP',
    tools: 'composer phpize pecl pear docker-php-ext-install docker-php-ext-configure install-php-extensions',
    looks: { composer: 'config show licenses diagnose', pecl: 'list', pear: 'config-set' },
    source: 'getcomposer.org/doc/03-cli.md; hub.docker.com/_/php; mlocati/docker-php-extension-installer',
  },
  {
    name: 'Java',
    tools: 'mvn mvnw mvnd gradle gradlew ant javac jar jlink native-image sbt mill kotlinc scalac lein clojure clj',
    toolchains: [
      {
        repository: /^(maven|gradle|openjdk|amazoncorretto|ibm-semeru-runtimes|sapmachine)$/,
        unless: /jre|headless|open-\d+-jre/,
        runsOn: JRE,
      },
      { repository: /^(eclipse-temurin|azul\/zulu-openjdk.*|bellsoft\/liberica-openjdk-.*)$/, unless: /jre/, runsOn: JRE },
      { repository: /^(clojure|sbtscala\/scala-sbt|hseeberger\/scala-sbt)$/ },
    ],
    source: 'maven.apache.org; docs.gradle.org; scala-sbt.org; leiningen.org; the READMEs of the images',
  },
  {
    name: '.NET',
    tools: 'dotnet nuget msbuild',
    looks: { dotnet: '--info --list-sdks --list-runtimes nuget dev-certs' },
    toolchains: [{ repository: /^dotnet\/sdk$/, runsOn: 'mcr.microsoft.com/dotnet/aspnet:$' }],
    source: 'learn.microsoft.com/dotnet/core/tools; dotnet/dotnet-docker',
  },
  {
    name: 'Elixir',
    tools: 'mix rebar3 rebar',
    looks: { mix: 'local.hex local.rebar' },
    toolchains: [{ repository: /^(elixir|hexpm\/elixir)$/ }],
    source: 'hexdocs.pm/mix; rebar3.org',
  },
  {
    name: 'Swift',
    tools: 'swift swiftc',
    toolchains: [{ repository: /^swift$/, unless: /slim/, runsOn: 'swift:$-slim' }],
    source: 'swift.org',
  },
  {
    name: 'Haskell',
    tools: 'stack cabal ghc',
    toolchains: [{ repository: /^(haskell|fpco\/stack-build)$/ }],
    source: 'docs.haskellstack.org; cabal.readthedocs.io',
  },
  { name: 'Dart', tools: 'dart flutter', toolchains: [{ repository: /^dart$/ }], source: 'dart.dev/tools' },
  {
    name: 'Crystal',
    tools: 'crystal shards',
    toolchains: [{ repository: /^crystallang\/crystal$/ }],
    source: 'crystal-lang.org/reference',
  },
  { name: 'Zig', tools: 'zig', source: 'ziglang.org/documentation' },
  {
    name: 'OCaml',
    tools: 'opam dune ocamlfind',
    toolchains: [{ repository: /^ocaml\/opam$/ }],
    source: 'opam.ocaml.org; dune.readthedocs.io',
  },
  { name: 'Perl', tools: 'cpan cpanm carton', source: 'metacpan.org' },
  { name: 'R', tools: 'Rscript R install2.r installGithub.r', source: 'cran.r-project.org; rocker-project.org' },
  { name: 'Julia', tools: 'julia', source: 'docs.julialang.org' },
  { name: 'Lua', tools: 'luarocks', source: 'luarocks.org' },
  { name: 'Deno', tools: 'deno', source: 'docs.deno.com' },
  {
    name: 'C and C++',
    tools: 'conan vcpkg qmake xmake',
    toolchains: [{ repository: /^gcc$/, runsOn: 'debian' }],
    source: 'docs.conan.io; learn.microsoft.com/vcpkg; the README of the image',
  },
];

const byTool = new Map(languages.flatMap((language) => [...names(language.tools)].map((tool) => [tool, language] as const)));

/** The language that a program builds, where its projects are not read. */
export const languageOf = (program: string): string | undefined => byTool.get(program)?.name;

/** What an image is that holds the compilers of such a language: the language, and the image that its programs run on. In: the repository as on its own registry. */
export function toolchainOf(repository: string, tag: string | undefined): { language: string; runsOn: string | undefined } | undefined {
  for (const { name, toolchains } of languages) {
    const found = toolchains?.find((one) => one.repository.test(repository) && one.unless?.test(tag ?? '') !== true);
    if (!found) continue;
    const version = /(?:^|-)(\d+(?:\.\d+)*)(?!.*-(?:jdk-|temurin-|jdk)\d)/.exec(tag ?? '')?.[1];
    const java = /(?:jdk|temurin|openjdk|corretto|java)-?(\d+)/.exec(tag ?? '')?.[1];
    const release =
      name === 'Java' && ['maven', 'gradle'].includes(repository) ? java : (version?.split('.', name === 'Java' ? 1 : 2).join('.') ?? java);
    const runsOn =
      found.runsOn?.includes('$') === true ? (release === undefined ? undefined : found.runsOn.replace('$', release)) : found.runsOn;
    return { language: name, runsOn };
  }
  return undefined;
}

/** What a build tool of such a language does, where a row of its own says no more. */
export const buildsUnread = (call: Call): Told => builds(call);

/** It works on the project in the working directory, in caches of a home directory, and runs what the project tells it to. */
function builds({ name, args, state }: Call): Told {
  const language = byTool.get(name);
  const verb = args.find((word) => word.value !== undefined && !word.value.startsWith('-'))?.value ?? args[0]?.value;
  const looks = names(language?.looks?.[name] ?? '');
  if (verb !== undefined && looks.has(verb))
    return {
      does: { kind: 'configure', tool: name },
      writes: state.home === undefined ? anywhere('to a home directory') : { known: [tree(state.home)] },
    };
  if (name === 'dotnet' && verb?.endsWith('.dll')) return serves(args, state);
  // guides.rubyonrails.org, "Active Record Migrations": tasks of the database
  if ((name === 'rails' || name === 'rake') && verb?.startsWith('db:'))
    return { does: { kind: 'database' }, writes: anywhere('to the database that its settings name'), reads: anywhere(`by \`${name}\``) };
  const why = `runs \`${name}\`, and ${language?.name ?? 'its language'} projects are not read`;
  return { does: { kind: 'build', tool: name }, writes: anywhere(`by \`${name}\``), reads: anywhere(`by \`${name}\``), startsUnknown: why };
}

/** A program of such a language that runs until it is stopped: what it writes is the program's own affair. */
function serves(args: Call['args'], state: Call['state']): Told {
  const files = args.filter((word) => /\.(jar|war|dll|rb|ru|php)$/.test(word.value ?? ''));
  return { does: { kind: 'serve' }, writes: anywhere('by a program that is not read'), reads: placesOf(files, state, false) };
}

export const languageRows: readonly Row[] = [
  { programs: [...byTool.keys()].join(' '), source: languages.map(({ source }) => source).join('; '), tell: builds },
  {
    programs: 'java catalina.sh puma unicorn thin rackup rails sidekiq passenger php-fpm apache2-foreground apachectl',
    source: 'docs.oracle.com, java; the manuals of puma, unicorn, thin, rack, Rails, Sidekiq, Passenger, PHP-FPM and Apache',
    tell: ({ args, name, state }) =>
      name === 'rails' && !['server', 's', 'console', 'runner'].includes(args[0]?.value ?? '')
        ? { startsUnknown: 'runs `rails`, and Ruby projects are not read', ...builds({ name, args, state } as Call) }
        : serves(args, state),
  },
];
