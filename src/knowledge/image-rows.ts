// Room: knowledge/. The configuration of published base images (rule book T1), as rows. Read 2026-08 from each image's Dockerfile; the row's `source` names it.
import type { ImageFamily } from './types.ts';

/** What a row may say of an image; what it leaves out is what `images.ts` takes for granted (user root, workdir /, nothing exposed). */
export interface ImageFacts {
  entrypoint?: string[];
  cmd?: string[];
  workdir?: string;
  user?: string;
  env?: Readonly<Record<string, string>>;
  /** Directories that the image puts before the ordinary PATH. */
  path?: string;
  /** Variables whose value depends on the tag. */
  unknownEnv?: string[];
  /** Too much of ENV (PATH) depends on the tag to say anything of it. */
  envUnknown?: boolean;
  /** The variable that holds the version, known when the tag has it in full. */
  versionEnv?: string;
  users?: ImageFamily['users'];
  volumes?: string[];
  exposes?: string[];
  stopSignal?: string;
  interactive?: boolean;
}
export interface ImageRow extends ImageFacts {
  /** '' for Docker Hub. */
  registry?: string;
  repository: string;
  service?: boolean;
  source: string;
  /** What is different under some tags; later rows win. */
  under?: (ImageFacts & { tag: RegExp })[];
}

const official = (name: string): string => `docker-library/${name}, Dockerfile templates`;
const shell = ['/bin/sh'];
const bash = ['bash'];
const alpineTag = /(^|-)alpine/;

export const imageRows: readonly ImageRow[] = [
  { repository: 'debian', cmd: bash, interactive: true, source: 'debuerreotype/docker-debian-artifacts' },
  {
    repository: 'ubuntu',
    cmd: ['/bin/bash'],
    interactive: true,
    source: 'git.launchpad.net cloud-images/+oci/ubuntu-base',
    users: [{ name: 'ubuntu', uid: 1000, gid: 1000, home: '/home/ubuntu' }],
    under: [{ tag: /^(trusty|xenial|bionic|focal|jammy|1[468]\.|2[02]\.)/, users: [] }],
  },
  { repository: 'alpine', cmd: shell, interactive: true, source: 'alpinelinux/docker-alpine' },
  { repository: 'buildpack-deps', cmd: bash, interactive: true, source: official('buildpack-deps') },
  { repository: 'scratch', source: 'moby/buildkit dockerfile2llb/image.go, emptyImage' },
  {
    repository: 'node',
    entrypoint: ['docker-entrypoint.sh'],
    cmd: ['node'],
    interactive: true,
    versionEnv: 'NODE_VERSION',
    unknownEnv: ['NODE_VERSION', 'YARN_VERSION'],
    users: [{ name: 'node', uid: 1000, gid: 1000, home: '/home/node' }],
    source: 'nodejs/docker-node, Dockerfile-*.template',
    under: [{ tag: /^2[6-9](\.|-|$)/, unknownEnv: ['NODE_VERSION'] }],
  },
  {
    repository: 'python',
    cmd: ['python3'],
    interactive: true,
    path: '/usr/local/bin',
    versionEnv: 'PYTHON_VERSION',
    unknownEnv: ['PYTHON_VERSION', 'GPG_KEY', 'PYTHON_SHA256'],
    source: official('python'),
    under: [
      { tag: /^(2|3\.\d|3\.1[0-2])(\.|-|$)/, env: { LANG: 'C.UTF-8' } },
      { tag: /^2(\.|-|$)/, cmd: ['python2'] },
    ],
  },
  {
    repository: 'golang',
    cmd: bash,
    interactive: true,
    workdir: '/go',
    path: '/go/bin:/usr/local/go/bin',
    env: { GOPATH: '/go', GOTOOLCHAIN: 'local' },
    versionEnv: 'GOLANG_VERSION',
    unknownEnv: ['GOLANG_VERSION'],
    source: official('golang'),
    under: [
      { tag: alpineTag, cmd: shell },
      { tag: /^1\.(\d|1\d|20)(\.|-|$)/, env: { GOPATH: '/go' } },
    ],
  },
  {
    repository: 'rust',
    cmd: bash,
    interactive: true,
    path: '/usr/local/cargo/bin',
    env: { RUSTUP_HOME: '/usr/local/rustup', CARGO_HOME: '/usr/local/cargo' },
    versionEnv: 'RUST_VERSION',
    unknownEnv: ['RUST_VERSION'],
    source: 'rust-lang/docker-rust, Dockerfile-*.template',
    under: [{ tag: alpineTag, cmd: shell }],
  },
  {
    repository: 'ruby',
    cmd: ['irb'],
    interactive: true,
    path: '/usr/local/bundle/bin',
    versionEnv: 'RUBY_VERSION',
    unknownEnv: ['RUBY_VERSION', 'RUBY_DOWNLOAD_URL', 'RUBY_DOWNLOAD_SHA256'],
    source: official('ruby'),
    env: { LANG: 'C.UTF-8', GEM_HOME: '/usr/local/bundle', BUNDLE_APP_CONFIG: '/usr/local/bundle', BUNDLE_SILENCE_ROOT_WARNING: '1' },
  },
  {
    repository: 'php',
    entrypoint: ['docker-php-entrypoint'],
    cmd: ['php', '-a'],
    interactive: true,
    versionEnv: 'PHP_VERSION',
    source: official('php'),
    env: { PHP_INI_DIR: '/usr/local/etc/php' },
    unknownEnv: [
      'PHP_VERSION',
      'PHPIZE_DEPS',
      'PHP_CFLAGS',
      'PHP_CPPFLAGS',
      'PHP_LDFLAGS',
      'GPG_KEYS',
      'PHP_URL',
      'PHP_ASC_URL',
      'PHP_SHA256',
    ],
    users: [{ name: 'www-data', uid: 33, gid: 33, home: '/var/www' }],
    under: [
      { tag: alpineTag, users: [{ name: 'www-data', uid: 82, gid: 82, home: '/home/www-data' }] },
      { tag: /(^|-)fpm(-|$)/, cmd: ['php-fpm'], interactive: false, workdir: '/var/www/html', exposes: ['9000'], stopSignal: 'SIGQUIT' },
      {
        tag: /(^|-)apache(-|$)/,
        cmd: ['apache2-foreground'],
        interactive: false,
        workdir: '/var/www/html',
        exposes: ['80'],
        stopSignal: 'SIGWINCH',
        unknownEnv: [
          'PHP_VERSION',
          'PHPIZE_DEPS',
          'PHP_CFLAGS',
          'PHP_CPPFLAGS',
          'PHP_LDFLAGS',
          'GPG_KEYS',
          'PHP_URL',
          'PHP_ASC_URL',
          'PHP_SHA256',
          'APACHE_CONFDIR',
          'APACHE_ENVVARS',
        ],
      },
    ],
  },
  {
    repository: 'composer',
    entrypoint: ['/docker-entrypoint.sh'],
    cmd: ['composer'],
    interactive: true,
    workdir: '/app',
    env: { COMPOSER_ALLOW_SUPERUSER: '1', COMPOSER_HOME: '/tmp' },
    unknownEnv: ['COMPOSER_VERSION', 'PHP_VERSION'],
    source: 'composer/docker, latest/Dockerfile',
  },
  {
    repository: 'oven/bun',
    entrypoint: ['/usr/local/bin/docker-entrypoint.sh'],
    cmd: ['/usr/local/bin/bun'],
    interactive: true,
    workdir: '/home/bun/app',
    env: { BUN_RUNTIME_TRANSPILER_CACHE_PATH: '0', BUN_INSTALL_BIN: '/usr/local/bin' },
    users: [{ name: 'bun', uid: 1000, gid: 1000, home: '/home/bun' }],
    source: 'oven-sh/bun, dockerhub/debian/Dockerfile',
  },
  {
    // an ENTRYPOINT of its own clears Ubuntu's CMD; jshell came with Java 9
    repository: 'eclipse-temurin',
    entrypoint: ['/__cacert_entrypoint.sh'],
    cmd: ['jshell'],
    interactive: true,
    path: '/opt/java/openjdk/bin',
    unknownEnv: ['JAVA_VERSION'],
    source: 'adoptium/containers, docker_templates',
    env: { JAVA_HOME: '/opt/java/openjdk', LANG: 'en_US.UTF-8', LC_ALL: 'en_US.UTF-8', LANGUAGE: 'en_US:en' },
    users: [{ name: 'ubuntu', uid: 1000, gid: 1000, home: '/home/ubuntu' }],
    under: [
      { tag: /-(jammy|focal|bionic|xenial|alpine|ubi\d*|centos)/, users: [] },
      { tag: /-jre(-|$)|^8/, cmd: undefined },
    ],
  },
  {
    repository: 'maven',
    entrypoint: ['/usr/local/bin/mvn-entrypoint.sh'],
    cmd: ['mvn'],
    interactive: true,
    path: '/opt/java/openjdk/bin',
    env: {
      MAVEN_HOME: '/usr/share/maven',
      MAVEN_CONFIG: '/root/.m2',
      JAVA_HOME: '/opt/java/openjdk',
      LANG: 'en_US.UTF-8',
      LC_ALL: 'en_US.UTF-8',
      LANGUAGE: 'en_US:en',
    },
    unknownEnv: ['JAVA_VERSION'],
    source: 'carlossg/docker-maven',
    users: [{ name: 'ubuntu', uid: 1000, gid: 1000, home: '/home/ubuntu' }],
    under: [
      { tag: /-(alpine|openjdk|amazoncorretto|slim|focal|jammy)/, users: [] },
      { tag: /openjdk|corretto|ibm|sapmachine|graalvm|liberica|zulu|microsoft|^\d[\d.]*-jdk/, envUnknown: true },
    ],
  },
  {
    repository: 'gradle',
    entrypoint: ['/__cacert_entrypoint.sh'],
    cmd: ['gradle'],
    interactive: true,
    workdir: '/home/gradle',
    path: '/opt/java/openjdk/bin',
    env: { GRADLE_HOME: '/opt/gradle', JAVA_HOME: '/opt/java/openjdk', LANG: 'en_US.UTF-8', LC_ALL: 'en_US.UTF-8', LANGUAGE: 'en_US:en' },
    unknownEnv: ['GRADLE_VERSION', 'JAVA_VERSION'],
    users: [{ name: 'gradle', uid: 1000, gid: 1000, home: '/home/gradle' }],
    volumes: ['/home/gradle/.gradle'],
    source: 'gradle/docker-gradle, jdk*/Dockerfile',
  },
  {
    repository: 'openjdk',
    cmd: ['jshell'],
    interactive: true,
    envUnknown: true,
    source: official('openjdk'),
    under: [{ tag: /^8/, cmd: bash }],
  },
  ...['sdk', 'aspnet', 'runtime', 'runtime-deps'].map((kind): ImageRow => ({
    registry: 'mcr.microsoft.com',
    repository: `dotnet/${kind}`,
    cmd: bash,
    interactive: true,
    env: { DOTNET_RUNNING_IN_CONTAINER: 'true', ASPNETCORE_HTTP_PORTS: '8080', APP_UID: '1654' },
    unknownEnv:
      kind === 'sdk'
        ? [
            'DOTNET_VERSION',
            'DOTNET_SDK_VERSION',
            'ASPNET_VERSION',
            'NUGET_XMLDOC_MODE',
            'DOTNET_GENERATE_ASPNET_CERTIFICATE',
            'DOTNET_NOLOGO',
            'DOTNET_USE_POLLING_FILE_WATCHER',
            'POWERSHELL_DISTRIBUTION_CHANNEL',
          ]
        : ['DOTNET_VERSION', 'ASPNET_VERSION'],
    users: [{ name: 'app', uid: 1654, gid: 1654, home: '/home/app' }],
    source: 'dotnet/dotnet-docker, src/*',
    under: [
      {
        tag: /^[5-7](\.|-|$)/,
        env: { DOTNET_RUNNING_IN_CONTAINER: 'true' },
        users: [],
        unknownEnv: ['DOTNET_VERSION', 'ASPNET_VERSION', 'ASPNETCORE_URLS', 'NUGET_XMLDOC_MODE'],
      },
      { tag: alpineTag, cmd: shell },
      { tag: /chiseled/, cmd: undefined, user: '1654', interactive: false },
    ],
  })),
];
