// Room: ecosystems/. String literals of sources that look like paths of files: what a call that nobody knows may open.
import type { FileTree } from '../context/types.ts';
import type { NamedPath } from './types.ts';

const MOST = 4000;
const LONGEST = 2000;
/** A quoted path with an ending, relative or absolute; no address, no module. Or a directory. */
const LITERAL = /(["'`])((?:\.{0,2}\/)?[\w@.-]+(?:\/[\w@.%(){}$-]+){0,8}\.\w{1,8}|\/?[\w@.-]+(?:\/[\w@.%(){}$-]+){0,8}\/?)\1/g;

/** A quoted absolute path, behind the scheme of a file perhaps (`sqlite:////data/app.db`). */
const ABSOLUTE = /(["'`])((?:sqlite[\w+]{0,20}:\/{2,3}|file:(?:\/\/)?|unix:(?:\/\/)?|badger:\/\/)?)(\/[\w.@{$%][^"'`\n\\?*|<>^]{0,200})\1/g;
/** What stands before the end of a path whose beginning is computed: `os.getcwd() + "/logs"`, `concat!(env!("CARGO_MANIFEST_DIR"), "/static")`. */
const JOINED = /[\w)\]}"'`]\s{0,20}\+\s{0,20}[frbu]?$|\bconcat!\(\s{0,20}env!\([^()]{0,60}\)\s{0,20},\s{0,20}$/;
/** The literal names a module. */
const MODULE = /(?:\b(?:require(?:\.resolve)?|import)\s*\(|\b(?:from|import))\s*$/;
/** The literal is a key of a table of tables: paths of an OpenAPI document, of a proxy. */
const KEY = /^\s{0,10}:\s{0,10}\{/;
/** A comment behind the code. */
const BEHIND = /\s(?:\/\/|#)\s/;
const COMMENT = /^\s*(?:#|\/\/|\*|\/\*|--)/;

/** The literals of these files, each with its place. A directory is told where what it is given to says that it is one. Bounded. */
export function literalPaths(tree: FileTree, files: readonly string[]): NamedPath[] {
  const found: NamedPath[] = [];
  for (const file of files) {
    const read = tree.read(file);
    if (read.kind !== 'text') continue;
    for (const [n, line] of read.text.split('\n').entries()) {
      if (line.length > LONGEST || COMMENT.test(line)) continue;
      const at = { file, line: n + 1 };
      for (const match of line.matchAll(ABSOLUTE)) {
        const before = line.slice(0, match.index);
        if (BEHIND.test(before) || JOINED.test(before) || KEY.test(line.slice(match.index + match[0].length))) continue;
        found.push({ ...at, text: match[3] ?? '', before: before + (match[2] ?? ''), ...givenIn(before) });
      }
      for (const match of line.matchAll(LITERAL)) {
        const before = line.slice(0, match.index);
        const text = JOINED.test(before) ? (match[2] ?? '').replace(/^\//, '') : (match[2] ?? '');
        const given = text.includes('/') ? givenIn(before) : {};
        if (!text.startsWith('/') && (given.given !== undefined || text.includes('/') || /\.\w{1,8}$/.test(text)) && !MODULE.test(before))
          found.push({ ...at, text: plain(text), before, ...given });
      }
      if (found.length > MOST) return found;
    }
  }
  return found;
}
/** Up to the first part that is computed. */
function plain(text: string): string {
  const at = text.search(/[%{($]/);
  return at === -1 ? text : text.slice(0, text.lastIndexOf('/', at) + 1);
}

/** Names of variables, options and settings that hold a place of files, by a word in them; and those of addresses. */
const PLACE =
  /(?:^|_|-)(?:dirs?|directory|folder|file|filename|home|cache|logs?|logfile|db|database|out|output|outdir|outfile|outtmpl|dest|destination|storage|uploads?|media|persist|tmp|temp|workdir|workspace|data|models?|downloads?|save|state|sessions?)(?:$|_|-)/;
const ADDRESS =
  /(?:^|_|-)(?:url|uri|route|endpoint|prefix|href|link|api|templates?|static|ssl|tls|cert|key|secrets?|action|redirect|src|icon|image|css|js)(?:$|_|-)/;
/** Calls that write what they are given. */
const WRITES =
  /(?:^|\.)(?:save\w*|dump|imwrite|write(?:_\w+|File\w*)|appendFile\w*|outputFile\w*|ensure(?:Dir|File)\w*|createWriteStream|extract(?:all)?|export_\w+|download\w*|urlretrieve|install_cache|mkdtemp|mkstemp|mkdir\w*|makedirs|TemporaryDirectory|NamedTemporaryFile|to_(?:csv|json|excel|parquet|pickle|html|file|feather|hdf|sql|image\w*)|chdir|move|rename|copy(?:2|file|tree)|Cache|FileCache|FileStorage|ZipFile|create_in|set_dir|toFile|Database|destination|add_user|from_(?:string|url|file)|bind)$/;

function givenIn(before: string): Pick<NamedPath, 'given'> {
  const given = givenTo(before);
  return given === undefined ? {} : { given };
}

/** What a literal is given to, by the text before it: `cache_dir=`, `"filename":`, `OUT || `, `np.save(`. */
function givenTo(before: string): NamedPath['given'] {
  if (/^\s*@/.test(before)) return undefined;
  const name =
    /(?:getenv|environ\.get|environ\.setdefault)\(\s*["'](\w+)["']\s*,\s*$/.exec(before)?.[1] ??
    /process\.env\.(\w+)\s*(?:\|\||\?\?)\s*$/.exec(before)?.[1] ??
    (/\bdefault\s*=\s*$/.test(before) ? /--([\w-]+)/.exec(before)?.[1] : undefined) ??
    /(?:\b(\w+)|["'](\w+)["']\]?)\s*(?:=|:)\s*(?:Path\(\s*)?$/.exec(before)?.slice(1).find(Boolean);
  if (name !== undefined) {
    const words = name.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
    return PLACE.test(words) && !ADDRESS.test(words) ? 'place' : undefined;
  }
  const call = /([\w.]+)\(\s*\(?(?:[^()"']{0,80},\s*|["'][^"']{0,80}["']\s*,\s*){0,3}$/.exec(before)?.[1];
  return call !== undefined && WRITES.test(call) ? 'write' : undefined;
}
