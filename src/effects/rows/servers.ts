// Room: effects/rows. Programs that a container runs: those that ask other servers, and interpreters of languages whose sources nobody reads here.
import { anywhere, placesOf } from '../places.ts';
import type { Call, Row, Told } from '../types.ts';

const nothing: Told = { does: { kind: 'nothing' } };

/** Runs the application: what it writes is the affair of sources that are not read. */
const application = ({ args, state }: Call): Told => ({
  does: { kind: 'serve' },
  writes: anywhere('what its sources say, which are not read'),
  reads: placesOf(
    args.filter((word) => /\.\w{1,4}$/.test(word.value ?? '')),
    state,
    false,
  ),
});
const asks = ({ args }: Call): boolean =>
  args.length > 0 && args.every((word) => ['-v', '-V', '--version', '-version', '--help', '--info', '-m'].includes(word.value ?? ''));
const first = ({ args }: Call): string => args.find((word) => !(word.value ?? word.raw).startsWith('-'))?.value ?? '';

/** An interpreter that is given a file; with a text (`-e`, `-r`) it is another row's, or unknown. */
const interpreter = (programs: string, source: string): Row => ({
  programs,
  source,
  tell: (call) => {
    if (asks(call)) return nothing;
    return call.args.some((word) => ['-e', '-r', '-E', '--eval'].includes(word.value ?? '')) ? undefined : application(call);
  },
});
/** A tool of which these verbs run the application. */
const runs = (programs: string, verbs: readonly string[], source: string): Row => ({
  programs,
  source,
  tell: (call) => (asks(call) ? nothing : verbs.includes(first(call)) || /\.\w{2,3}$/.test(first(call)) ? application(call) : undefined),
});

/** Servers that hand out files, and run no program beside them. Sources: nginx.org/en/docs; httpd.apache.org/docs; caddyserver.com/docs. */
const FILE_SERVERS: ReadonlySet<string> = new Set(['nginx', 'httpd', 'httpd-foreground', 'caddy']);
export const isFileServer = (program: string): boolean => FILE_SERVERS.has(program.replace(/^.*\//, ''));

export const serverRows: readonly Row[] = [
  {
    programs:
      'nc ncat netcat ping nslookup dig host pg_isready mysqladmin redis-cli mongosh mongo rabbitmqctl traceroute telnet ss netstat lsof pidof pgrep',
    source: 'nc(1), ping(8), dig(1); postgresql.org/docs, pg_isready; redis.io/docs, redis-cli: they ask, and keep no file',
    tell: () => nothing,
  },
  interpreter(
    'php php-cgi artisan frankenphp rr',
    'php.net/manual, command line; laravel.com/docs, "Directory Permissions": storage and bootstrap/cache; symfony.com/doc: var',
  ),
  interpreter('ruby irb falcon resque foreman hanami', 'ruby(1); guides.rubyonrails.org, configuring: tmp and log'),
  runs('jekyll middleman nanoc', ['serve', 's', 'server', 'build', 'b'], 'https://jekyllrb.com/docs/configuration: _site, .jekyll-cache'),
  runs('deno', ['run', 'serve', 'task', 'start'], 'https://docs.deno.com: DENO_DIR is ~/.cache/deno'),
  interpreter('bun', 'https://bun.com/docs/cli/run'),
  interpreter('perl hypnotoad morbo plackup starman', 'perlrun(1)'),
  interpreter('Rscript julia lua luajit resty guile racket sbcl tclsh pwsh groovy', 'the manual of each'),
  interpreter('elixir iex erl beam.smp', 'https://hexdocs.pm/elixir: erl_crash.dump in the working directory'),
];
