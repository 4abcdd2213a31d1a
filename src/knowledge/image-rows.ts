// Room: knowledge/. The configuration of published base images, as rows. Read 2026-08 from each image's Dockerfile; the row's `source` names it.
import { distributionRows } from './distribution-rows.ts';
import type { ImageRow } from './types.ts';

const official = (name: string): string => `docker-library/${name}, Dockerfile templates`;
const shell = ['/bin/sh'];
const bash = ['bash'];
const alpineTag = /(^|-)alpine/;

/** README of each repository: Debian up to 9, Ubuntu from 10. */
const dotnetSuites = [
  ['6', 'bullseye'],
  ['8', 'bookworm'],
  ['10', 'noble'],
] as const;
const DOTNET: Readonly<Record<string, Pick<ImageRow, 'tags' | 'programs'>>> = {
  sdk: {
    tags: { ordinary: /^(preview|rc)$/, suites: dotnetSuites },
    programs: [{ names: 'dotnet pwsh' }, { names: 'curl git wget', variants: ['full', 'slim'] }],
  },
  aspnet: { tags: { ordinary: /^(preview|rc|extra|composite)$/, suites: dotnetSuites }, programs: [{ names: 'dotnet' }] },
  runtime: { tags: { ordinary: /^(preview|rc|extra)$/, suites: dotnetSuites }, programs: [{ names: 'dotnet' }] },
};

export const imageRows: readonly ImageRow[] = [
  ...distributionRows,
  {
    repository: 'ruby',
    cmd: ['irb'],
    interactive: true,
    path: '/usr/local/bundle/bin',
    versionEnv: 'RUBY_VERSION',
    unknownEnv: ['RUBY_VERSION', 'RUBY_DOWNLOAD_URL', 'RUBY_DOWNLOAD_SHA256'],
    source: official('ruby'),
    env: { LANG: 'C.UTF-8', GEM_HOME: '/usr/local/bundle', BUNDLE_APP_CONFIG: '/usr/local/bundle', BUNDLE_SILENCE_ROOT_WARNING: '1' },
    tags: {
      slim: 'before-suite',
      ordinary: /^(rc|preview)\d*$/,
      suites: [
        ['2.6.3', 'buster'],
        ['2.6.8', 'bullseye'],
        ['2.7', 'buster'],
        ['2.7.4', 'bullseye'],
        ['3.0', 'buster'],
        ['3.0.2', 'bullseye'],
        ['3.1.4', 'bookworm'],
        ['3.2', 'bullseye'],
        ['3.2.2', 'bookworm'],
        ['3.2.9', 'trixie'],
        ['3.3', 'bookworm'],
        ['3.3.9', 'trixie'],
        ['3.4', 'bookworm'],
        ['3.4.5', 'trixie'],
      ],
      suiteTags: {
        bullseye: [
          ['2.6.8', '2.6'],
          ['2.7.4', '2.7'],
          ['3.0.2', '3.1'],
          ['3.2', '3.2.9'],
          ['3.3', '3.3.9'],
          ['3.4', '3.4.5'],
        ],
        bookworm: [['3.1.4', '3.1'], ['3.2.2']],
        trixie: [['3.2.9', '3.2'], ['3.3.9', '3.3'], ['3.4.5']],
      },
    },
    programs: [{ names: 'ruby gem bundle bundler irb rake erb rdoc ri' }, { names: 'update-ca-certificates openssl', variants: ['slim'] }],
    level: 'full',
    certificates: 'all',
  },
  {
    repository: 'php',
    entrypoint: ['docker-php-entrypoint'],
    entry: { program: 'php' },
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
    tags: { ordinary: /^(rc|cli|fpm|apache|zts)$/ },
    programs: [
      {
        names:
          'php phpize php-config pecl docker-php-entrypoint docker-php-ext-install docker-php-ext-enable docker-php-ext-configure curl xz update-ca-certificates openssl',
      },
      { names: 'gcc cc g++ c++ make autoconf file pkg-config re2c', variants: ['full'] },
    ],
    level: 'debian',
    runAs: { uid: 33, name: 'www-data', alpineUid: 82 },
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
    programs: [{ names: 'composer php git unzip zip bash ssh hg svn tini' }],
  },
  {
    repository: 'oven/bun',
    entrypoint: ['/usr/local/bin/docker-entrypoint.sh'],
    entry: { program: 'bun', endings: ['.js', '.ts', '.mjs', '.tsx', '.jsx'] },
    cmd: ['/usr/local/bin/bun'],
    interactive: true,
    workdir: '/home/bun/app',
    env: { BUN_RUNTIME_TRANSPILER_CACHE_PATH: '0', BUN_INSTALL_BIN: '/usr/local/bin' },
    users: [{ name: 'bun', uid: 1000, gid: 1000, home: '/home/bun' }],
    source: 'oven-sh/bun, dockerhub/debian/Dockerfile',
    tags: { slim: 'last', ordinary: /^debian$/ },
    programs: [{ names: 'bun bunx docker-entrypoint.sh' }],
    level: 'debian',
    runAs: { uid: 1000, name: 'bun' },
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
    ...DOTNET[kind],
    level: 'debian',
    runAs: { uid: 1654, name: 'app', user: '$APP_UID', since: 8 },
    under: [
      {
        tag: /^[5-7](\.|-|$)/,
        // the SDK takes it away again
        env: { DOTNET_RUNNING_IN_CONTAINER: 'true', ...(kind === 'sdk' ? {} : { ASPNETCORE_URLS: 'http://+:80' }) },
        users: [],
        unknownEnv: ['DOTNET_VERSION', 'ASPNET_VERSION', 'ASPNETCORE_URLS', 'NUGET_XMLDOC_MODE'],
      },
      { tag: alpineTag, cmd: shell },
      { tag: /chiseled/, cmd: undefined, user: '1654', interactive: false },
    ],
  })),
];
