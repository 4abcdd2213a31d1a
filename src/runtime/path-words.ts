// Room: runtime/. Whether an absolute path that stands in a text is a file that a program may write, an address, or a file that is only read: told by the words before it.
import type { NamedPath } from '../ecosystems/types.ts';

/** What stands at a path; `either`: it may be written, and whether it is a file or a directory cannot be told. */
export type PathKind = 'file' | 'directory' | 'either';

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));
/** The path behind these is an address of the network, a name of another system, or a pattern. */
const ADDRESS = set(
  'url urls uri uris route routes router endpoint endpoints prefix href link links redirect request requests fetch axios http https callback webhook api pathname mimetype topic topics channel xpath selector regex regexp pattern matcher namespace blueprint cookie health healthz header origin referer navigate startswith endswith includes login logout page pages nav menu command commands cmd cmds api',
);
/** Words for a directory, for a file, and for calls and settings that write one. */
const DIRECTORY = set(
  'dir dirs directory folder folders storage store root basedir datadir logdir outdir workdir cwd extract extractall unpack unzip makedirs mkdir mkdirp mkdtemp cachedir jobdir',
);
const FILE = set('file files filename filepath logfile pidfile pid sock socket uds outfile sqlite database dbname unix accesslog errorlog');
const WRITES = set(
  'upload uploads cache cached caching memory memoize log logs logger logging db index idx out output outputs dest destination save saves saved write writes writer dump persist persistent persistence state queue spool download downloads export exports archive archives backup backups media pdf screenshot record create touch copy move rename workspace checkpoint checkpoints results result reports report data schedule snapshot snapshots session sessions wal journal sink handler',
);
/** A call that reads, or a setting of what is there to be read. */
const READS = set(
  'exists isfile isdir stat lstat listdir readdir scandir read reads load loads loader require import imports template templates font fonts cert certs certificate certfile keyfile ca cafile key pem ssl tls static statics public pretrained locale locales module executable binary bin interpreter python shell which spawn exec include',
);
/** The path is the first argument of what brings requests to a function, or makes one: `app.get('/x'`, `client.post<Folder>('/x'`, `@router.post("/x"`, `path('x'`. */
const ROUTED =
  /(?:@[\w.]+|\b(?:get|post|put|patch|delete|head|options|all|use|any|handle|handlefunc|handler|group|mount|route|router|websocket|ws|add_url_rule|add_api_route|add_route|add_(?:get|post|put|delete|static|head|view)|include_router|re_path|path|scope|resource|service|nest|nest_service|redirect\w*|push|replace|goto|navigate|reverse|at|subscribe|publish|commands?|hears|onText|expect|visit)!?)\s*(?:<[^()]{0,80}>\s*)?\(\s*[frbu]?$|\b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)["'`]?\)?,\s*$|[=!]==?\s*$|\b(?:case\s+|in\s*[[(]\s*)(?:["'][^"']*["']\s*,\s*)*$|(?:\bto|\bhref|\bsrc|\baction)\s*=\s*\{?\s*$/i;
/** A class of the network, or one that takes no path of files: `new X('/a')` of any other may write there. */
const NETWORK =
  /rout|url|uri|regexp|request|response|error|socket|server|client|gateway|event|worker|link|page|api|http|map|set$|date|font|static/i;
const NEW = /\bnew\s+([\w.$]+)\((?:[^(){}]*,)?\s*$/;
/** `path: '/users'` of routers in JavaScript; in Python a keyword of this name is a path of files as often. */
const OPTIONS_OF = /([\w.$]+)\s*\(\s*(?:(?:[^(){}]*,\s*)?\{[^{}]*|[^(){}]*)$/;
const ROUTE_KEY = /(?:^|[\s{,(])["']?path["']?\s*[:=]\s*[frbu]?$/;
/** A text for people. */
const TOLD =
  /\b(?:console\.\w+|print\w*!?|puts|echo|(?:log|logger|logging)\.(?:log|info|warn|warning|error|debug|trace|exception|critical|fatal)|reply\w*|send_message|sendMessage|Errorf?|Exception|raise\s+\w+|throw\s+new\s+\w+)\(\s*[^()]*$/;
/** First parts of addresses: not a directory of the system that people make. */
const ADDRESSES =
  /^\/(?:api|v\d+|users?|auth|login|logout|sign\w*|register|admin|health\w*|ready\w*|live\w*|status|ping|metrics|docs|redoc|swagger|openapi|graphql|static|assets|public|css|js|img|images?|favicon|robots|about|contact|dashboard|search|products?|orders?|cart|checkout|posts?|items?|me|profile|settings|account|callback|webhooks?|oauth\w*|ws|socket\.io|home|index|\.well-known|_next|sitemap|manifest)(?:[./:?#-]|$)/i;
/** Directories of the system whose files are there to be read. */
const SYSTEM = /^\/(?:etc|usr|bin|sbin|lib|lib32|lib64|libx32|opt|boot|proc|sys|snap|nix)(?:\/|$)/;
/** Directories that hold data by the standard for file systems. Source: FHS 3.0, chapters 3 and 5. */
const DATA = /^\/(?:var|srv|mnt|home|root|run|media)\/[\w.{$%-]/;
/** What an orchestrator puts there for reading, and sockets of other programs. Source: docs.docker.com, secrets; kubernetes.io, service accounts. */
const GIVEN = /^(?:\/var)?\/run\/(?:secrets|docker\.sock|mysqld|postgresql|systemd|dbus)(?:\/|$)|^\/var\/(?:task|runtime)(?:\/|$)/;
/** A method of gRPC: `/shop.v1.Orders/List`. Source: grpc.io, "gRPC over HTTP2", Path */
const METHOD = /^\/(?:\w+\.)+\w+\/[A-Z]\w*$/;
const ENDING = /\.[A-Za-z]\w{0,9}$/;
const DATA_ENDING =
  /\.(?:json|jsonl|ndjson|csv|tsv|txt|log|db|db3|sqlite3?|pkl|pickle|joblib|dat|npy|npz|pt|pth|h5|parquet|feather|arrow|xlsx|session|lock|pid|sock|bak|rdb|wal|zip|tar|gz)$/i;

/** In: the path, what stands before it on its line, and what it is given to. Undefined: no file, or one that is only read. */
export function kindOfPath(path: string, before: string, given?: NamedPath['given']): PathKind | undefined {
  // nobody but root enters it, also for reading
  if (/^\/root(?:\/|$)/.test(path)) return 'either';
  if (/\s/.test(path.replace(/\{[^}]*\}/g, '')) || path.startsWith('/path/to/') || TOLD.test(before.slice(-200))) return undefined;
  const scheme = /(?:sqlite[\w+]*:\/{2,3}|file:(?:\/\/)?|unix:(?:\/\/)?|badger:\/\/)$/i.exec(before);
  if (GIVEN.test(path) || METHOD.test(path)) return undefined;
  if (scheme) return /^badger/i.test(scheme[0]) ? 'directory' : 'file';
  const tail = tailOf(before);
  if (ROUTED.test(tail) && !os(tail)) return undefined;
  const words = wordsOf(tail);
  const near = words.slice(-5);
  // `const api = { upload: '/files'`
  const among = wordsOf(/(\w+)\s*[:=]\s*\{[^{}]*$/.exec(before.slice(-200))?.[1] ?? '');
  const has = (known: ReadonlySet<string>, among = words): boolean =>
    among.some((word) => known.has(word) || known.has(word.replace(/(?:s|e?r|or|e?d|ing)$/, '')));
  // what a call that writes is given beside the path (`urlretrieve(url, '/data/x')`) tells nothing of the path
  const address = (given === undefined && has(ADDRESS, near)) || has(ADDRESS, among);
  if (address || /^\/\/|[?#&]|:\w+(?:\/|$)|<\w+/.test(path)) return undefined;
  const strong = has(DIRECTORY, near) || /(?:dir|folder)\b/i.test(tail.slice(-40)) ? 'directory' : has(FILE, near) ? 'file' : undefined;
  const weak = has(WRITES) || /(?:db|log|cache|index)\b/i.test(tail);
  const last = words.slice(-1);
  if (has(READS, last) && !has(WRITES, last)) return undefined;
  if (has(READS, words.slice(-3)) && !has(WRITES, near)) return undefined;
  const kind = kindBy(path, strong);
  if (SYSTEM.test(path)) return has(WRITES, near) || strong === 'directory' ? kind : undefined;
  if (DATA.test(path)) return kind;
  if (ROUTE_KEY.test(tail)) {
    const whose = OPTIONS_OF.exec(before.slice(-200))?.[1] ?? '';
    const told = [WRITES, DIRECTORY, ...(NETWORK.test(whose) ? [] : [FILE])].some((known) => has(known, wordsOf(whose)));
    return told ? kind : undefined;
  }
  const made = NEW.exec(tail)?.[1];
  if (made !== undefined) return NETWORK.test(made) ? undefined : kind;
  if (strong === undefined && ADDRESSES.test(path)) return undefined;
  if (strong !== undefined || DATA_ENDING.test(path)) return kind;
  if (given === 'place' && !ADDRESSES.test(path)) return kindBy(path, 'directory');
  return weak || wordsOf(path).some((word) => WRITES.has(word) || WRITES.has(`${word}s`)) ? kind : undefined;
}

const tailOf = (before: string): string =>
  (
    before
      .slice(-120)
      .split(/[;{}]|=>/)
      .at(-1) ?? ''
  ).replace(/["'`]\s*$/, '');

/** What stands there is compared, or brings requests or messages to a function: `text.startswith("/price")`; and no part of it is a word for what is written. */
export function isAddressed(path: string, before: string): boolean {
  const tail = tailOf(before);
  if (ENDING.test(path) || SYSTEM.test(path) || DATA.test(path) || os(tail)) return false;
  const told = wordsOf(path).some((word) => [WRITES, DIRECTORY].some((known) => known.has(word) || known.has(`${word}s`)));
  return !told && (ROUTED.test(tail) || /\b(?:starts_?with|startsWith)\s*\(\s*$/.test(tail));
}

/** `os.path.join('/data'`, `path.join('/data'`: of files. */
const os = (tail: string): boolean => /\bos\.|\bpath\.|\bfs\.|\bPath\($/.test(tail.slice(-30));

const wordsOf = (text: string): string[] =>
  text
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');

const kindBy = (path: string, strong: PathKind | undefined): PathKind => {
  if (path.endsWith('/')) return 'directory';
  if (ENDING.test(path)) return 'file';
  // a file of the root directory would have an ending
  if (strong === 'file' && path.lastIndexOf('/') === 0) return 'either';
  return strong ?? 'either';
};
