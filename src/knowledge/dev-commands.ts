// Room: knowledge/. Commands that say what an image is for: development servers, programs that need root, supervisors of several services.

interface DevRow {
  programs: readonly string[];
  /** The first argument that is no option is one of these. */
  first?: readonly string[];
  /** One of these words (or `word=…`) stands among the arguments. */
  any?: readonly string[];
  /** The first argument that is no option matches this. */
  named?: RegExp;
  /** One of these options stands before the first argument that is none: behind it they are the script's own. */
  option?: readonly string[];
  /** Nor is the first argument that is no option one of these. */
  unless?: readonly string[];
}

/** Scripts of a package manager that are development by name. */
const devScript = /^(dev|develop|development|watch|start:dev|start:debug|start:watch|serve:dev|dev[:-].+|watch[:-].+)$/;

/** A command is a development server, or builds when it starts, when one row holds whole. Sources: each tool's own CLI manual. */
const devRows: readonly DevRow[] = [
  { programs: ['npm', 'yarn', 'pnpm', 'bun'], named: devScript },
  {
    programs: [
      'nodemon',
      'ts-node-dev',
      'tsnd',
      'node-dev',
      'webpack-dev-server',
      'air',
      'reflex',
      'gin',
      'CompileDaemon',
      'cargo-watch',
      'rerun',
      'spring-boot-devtools',
    ],
  },
  { programs: ['node', 'tsx', 'bun', 'deno', 'ts-node'], option: ['--watch', '--hot', '--watch-path'] },
  { programs: ['tsx', 'parcel'], first: ['watch', 'serve'] },
  { programs: ['deno'], any: ['--watch', '--watch-hmr'] },
  { programs: ['webpack', 'nest', 'rollup', 'tsc', 'tsup', 'esbuild', 'ncc'], any: ['--watch', '-w', '--serve'] },
  { programs: ['webpack'], first: ['serve', 's', 'server'] },
  { programs: ['vite'], unless: ['build', 'preview', 'optimize'] },
  { programs: ['next'], unless: ['start', 'build', 'export', 'lint', 'info', 'telemetry', 'typegen', 'experimental-test'] },
  {
    programs: [
      'nuxt',
      'nuxi',
      'astro',
      'remix',
      'react-router',
      'svelte-kit',
      'vinxi',
      'wrangler',
      'gridsome',
      'strapi',
      'medusa',
      'quasar',
      'fastapi',
      'vitepress',
      'vuepress',
    ],
    first: ['dev', 'develop'],
  },
  { programs: ['gatsby'], first: ['develop'] },
  { programs: ['react-scripts', 'react-app-rewired', 'craco', 'docusaurus', 'expo'], first: ['start'] },
  {
    programs: ['ng', 'ember', 'vue-cli-service', 'eleventy', 'jekyll', 'mkdocs', 'hugo', 'symfony', 'gulp'],
    first: ['serve', 's', 'server', 'server:start', 'watch'],
  },
  { programs: ['flask'], any: ['--debug', '--debugger', '--reload'] },
  {
    programs: ['uvicorn', 'gunicorn', 'hypercorn', 'granian', 'daphne', 'sanic', 'waitress', 'litestar'],
    any: ['--reload', '--dev', '--debug'],
  },
  { programs: ['manage.py', 'django-admin'], any: ['runserver', 'runserver_plus'] },
  { programs: ['rails'], any: ['development', '-edevelopment', '--environment=development'] },
  { programs: ['go'], first: ['run'] },
  { programs: ['cargo'], first: ['run', 'r', 'watch', 'leptos', 'shuttle'] },
  {
    programs: ['mvn', 'mvnw'],
    any: ['spring-boot:run', 'quarkus:dev', 'jetty:run', 'tomcat7:run', 'exec:java', 'compile', 'liberty:dev', 'mn:run'],
  },
  { programs: ['gradle', 'gradlew'], any: ['bootRun', 'run', 'quarkusDev', 'appRun', ':bootRun'] },
  { programs: ['sbt', 'lein', 'mix'], first: ['run', 'phx.server'] },
  { programs: ['dotnet'], first: ['watch', 'run'] },
  { programs: ['artisan'], first: ['serve'] },
  { programs: ['php'], any: ['-S'] },
];

/** Words that only start another command: they and their options are passed over. `args`: how many words of their own follow. */
const launchers: Readonly<Record<string, readonly string[]>> = {
  npx: [],
  bunx: [],
  pnpx: [],
  exec: [],
  nohup: [],
  time: [],
  'dumb-init': [],
  tini: [],
  catatonit: [],
  env: [],
  'cross-env': [],
  'cross-env-shell': [],
  dotenv: [],
  'docker-entrypoint.sh': [],
  'docker-php-entrypoint': [],
  stdbuf: [],
  npm: ['exec', 'x'],
  yarn: ['exec', 'dlx', 'node'],
  pnpm: ['exec', 'dlx'],
  bun: ['x'],
  poetry: ['run'],
  pipenv: ['run'],
  uv: ['run'],
  pdm: ['run'],
  hatch: ['run'],
  rye: ['run'],
  bundle: ['exec'],
};
const runners: ReadonlySet<string> = new Set(['npm', 'yarn', 'pnpm', 'bun']);
const interpreters = /^(python[\d.]*|php|ruby|node|bin)$/;

/** Whether a command is a development server or builds when it starts. In: an argv, assignments and launchers (`npx`, `poetry run`) allowed before it; shell syntax is not. */
export function devServer(words: readonly string[]): boolean {
  const [program, ...args] = launched(words.slice(0, 64));
  if (program === undefined) return false;
  const rest = args.filter((arg) => !arg.startsWith('-') && arg !== '--');
  const first = runners.has(program) && (rest[0] === 'run' || rest[0] === 'run-script') ? rest[1] : rest[0];
  return devRows.some((row) => row.programs.includes(program) && holds(row, first, args));
}

function holds(row: DevRow, first: string | undefined, args: readonly string[]): boolean {
  if (row.unless && first !== undefined && row.unless.includes(first)) return false;
  const own = args.slice(0, args.findIndex((arg) => !arg.startsWith('-')) >>> 0);
  if (row.option && !own.some((arg) => row.option?.includes(arg.split('=')[0] ?? ''))) return false;
  if (row.first && (first === undefined || !row.first.includes(first))) return false;
  if (row.named && (first === undefined || !row.named.test(first))) return false;
  return (
    row.any === undefined ||
    args.some((arg) => row.any?.some((word) => arg === word || (word.startsWith('--') && arg.startsWith(`${word}=`))))
  );
}

const nameOf = (word: string): string => word.slice(word.lastIndexOf('/') + 1);

/** The command behind assignments, launchers and `python -m`; a script of an interpreter (`python manage.py`, `php artisan`) is the program. */
function launched(words: readonly string[]): string[] {
  let rest = [...words];
  for (let guard = 0; guard < 16; guard += 1) {
    const name = nameOf(rest[0] ?? '');
    const own = Object.hasOwn(launchers, name) ? launchers[name] : undefined;
    if (/^[A-Za-z_]\w*=/.test(rest[0] ?? '') || (guard > 0 && rest.length > 1 && rest[0]?.startsWith('-'))) rest = rest.slice(1);
    else if (own?.length === 0) rest = rest.slice(1);
    else if (own && own.includes(rest[1] ?? '')) rest = rest.slice(2);
    else if (interpreters.test(name)) return scriptOf(name, rest);
    else break;
  }
  return rest.length === 0 ? [] : [nameOf(rest[0] ?? ''), ...rest.slice(1)];
}

function scriptOf(name: string, rest: readonly string[]): string[] {
  if (rest[1] === '-m' && rest[2] !== undefined) return rest.slice(2);
  const script = nameOf(rest[1] ?? '');
  return ['manage.py', 'artisan', 'rails', 'django-admin'].includes(script) ? [script, ...rest.slice(2)] : [name, ...rest.slice(1)];
}

/** Programs that start and watch several services, or an init of their own: what the container runs is then in their files. */
export const supervisors: ReadonlySet<string> = new Set([
  'supervisord',
  's6-svscan',
  's6-supervise',
  's6-overlay-suexec',
  'runsvdir',
  'runsvdir-start',
  'runit',
  'runit-init',
  'runsv',
  'my_init',
  'systemd',
  'systemctl',
  'openrc',
  'openrc-init',
  'monit',
  'circusd',
  'cron',
  'crond',
  'anacron',
  'supercronic',
  'honcho',
  'foreman',
  'forego',
  'hivemind',
  'overmind',
  'multirun',
  'concurrently',
  'parallel',
]);

/** Programs of an entry point that need root: they change users, owners, packages or the system. */
export const rootPrograms: ReadonlySet<string> = new Set([
  'gosu',
  'su-exec',
  'su',
  'sudo',
  'runuser',
  'setpriv',
  'setuidgid',
  's6-setuidgid',
  'chpst',
  'chown',
  'chgrp',
  'useradd',
  'adduser',
  'usermod',
  'groupadd',
  'addgroup',
  'groupmod',
  'userdel',
  'deluser',
  'passwd',
  'chpasswd',
  'fixuid',
  'apt-get',
  'apt',
  'dpkg',
  'apk',
  'yum',
  'dnf',
  'microdnf',
  'zypper',
  'sysctl',
  'iptables',
  'ip6tables',
  'iptables-restore',
  'nft',
  'ufw',
  'ip',
  'ifconfig',
  'route',
  'cron',
  'crond',
  'crontab',
  'service',
  'systemctl',
  'rc-service',
  'update-rc.d',
  'mount',
  'umount',
  'setcap',
  'chroot',
  'sshd',
  'rsyslogd',
  'syslogd',
  'supervisord',
  'update-ca-certificates',
  'ldconfig',
  'modprobe',
  'insmod',
  'mknod',
  'dockerd',
  'containerd',
  'wg',
  'wg-quick',
  'openvpn',
]);

/** Programs that need a capability which a user other than root does not have. */
export const capabilityPrograms: ReadonlySet<string> = new Set([
  'ping',
  'ping6',
  'fping',
  'arping',
  'tcpdump',
  'traceroute',
  'mtr',
  'nmap',
  'setcap',
  'getcap',
  'mount',
  'umount',
  'chroot',
  'unshare',
  'nsenter',
  'tc',
  'strace',
  'perf',
  'hping3',
  'ethtool',
]);
