// Room: ecosystems/python. What calls of first-party sources say about files, programs and the network.
// Sources: the standard library's manual (https://docs.python.org/3/library/), and those of the frameworks named.
import type { SourceHit } from '../types.ts';
import type { Finding, Meaning, Pattern } from './scan-types.ts';
import { COMPILE_CALL } from '../../knowledge/compile-calls.ts';
import { mediaTypePatterns } from './media-types.ts';
import { shellLine } from './shell-lines.ts';
import { argumentOf, callArguments, literalOf } from './source-text.ts';
import { firstExpression } from './values.ts';

const first =
  (kind: SourceHit['kind'], ...names: string[]): Meaning =>
  (given) =>
    told(kind, argumentOf(given, 0, ...names));
const second =
  (kind: SourceHit['kind'], ...names: string[]): Meaning =>
  (given) =>
    told(kind, argumentOf(given, 1, ...names));
const told = (kind: SourceHit['kind'], argument: string | undefined): Finding => ({
  kind,
  literal: literalOf(argument),
  expression: argument,
});
const name =
  (kind: SourceHit['kind']): Meaning =>
  (_given, match) => ({ kind, literal: match[1] });

/** `open(path, mode)`: a mode that is computed counts as writing. */
const opened =
  (modeIndex: number): Meaning =>
  (given) => {
    const mode = argumentOf(given, modeIndex, 'mode');
    const text = literalOf(mode);
    const writes = mode !== undefined && (text === undefined || /[wax+]/.test(text));
    return {
      ...told(writes ? 'write' : 'read', modeIndex === 0 ? undefined : argumentOf(given, 0, 'file', 'fp', 'filename')),
    };
  };
const pathOpened =
  (index: number): Meaning =>
  (given, match) => ({
    kind: opened(index)(given, match)?.kind ?? 'read',
    literal: match[2] ?? match[3],
    expression: receiver(match, 'open'),
  });

/** `client.open(title)`, `default_storage.open(name, "wb")`: another object than a path is given a name first, and a mode second. */
const opensByName = (given: string[], match: RegExpExecArray): boolean => {
  const first = argumentOf(given, 0, 'mode');
  return first !== undefined && literalOf(first) === undefined && !/mode/i.test(first) && !match[1]?.startsWith('Path(');
};
const storageOpened: (given: string[]) => ReturnType<Meaning> = (given) =>
  /^(?=[rbtU+]*[wax+])[rwaxbtU+]{1,4}$/.test(literalOf(argumentOf(given, 1)) ?? '') ? told('write', argumentOf(given, 0)) : undefined;

/** What stands before `.method(`: a name, a call, or something in parentheses. */
function receiver(match: RegExpExecArray, method: string): string | undefined {
  const end = match.input.lastIndexOf(`.${method}`, match.index + match[0].length);
  let at = end;
  for (let depth = 0; at > 0 && end - at < 300; at -= 1) {
    const char = match.input[at - 1] as string;
    if (')]'.includes(char)) depth += 1;
    else if ('(['.includes(char)) depth -= 1;
    if (depth < 0 || (depth === 0 && !/[\w.)\]([]/.test(char))) break;
  }
  return end > at ? match.input.slice(at, end) : undefined;
}

/** The program: a string, the first of a list, or this interpreter. */
const started: (given: string[], match?: RegExpExecArray) => ReturnType<Meaning> = (given, match) => {
  const written = argumentOf(given, 0, 'args', 'cmd', 'program', 'command');
  const argument = match && written !== undefined && /^[A-Za-z_]\w*$/.test(written) ? (listAbove(match, written) ?? written) : written;
  const item = argument !== undefined && /^[[(]/.test(argument) ? callArguments(argument, 0)[0] : argument;
  const literal = item !== undefined && /^sys\.executable\b/.test(item) ? 'python' : (literalOf(item) ?? shellLine(item));
  return { kind: 'spawn', literal, expression: item };
};
/** Characters above a call in which its list is looked for. */
const ABOVE = 3000;
/** The list that a name holds: assigned in the same function, above the call; where it is assigned twice, both start the same program. */
function listAbove({ input, index }: RegExpExecArray, name: string): string | undefined {
  const near = input.slice(Math.max(0, index - ABOVE), index);
  const text = near.slice(Math.max(0, near.lastIndexOf('def ')));
  if (new RegExp(`\\bdef [^\\n]*\\b${name}\\b|\\b(?:for|as) +${name}\\b|\\b${name}\\.insert\\(|\\b${name}\\[0\\]`).test(text))
    return undefined;
  const assigned = [...text.matchAll(new RegExp(`(?<![\\w.])${name}\\s*(?::[^=\\n]{1,40})?=(?!=)\\s*`, 'g'))];
  const lists = assigned.map((one) => {
    const at = one.index + one[0].length;
    return text[at] === '[' ? `[${callArguments(text, at).join(', ')}]` : undefined;
  });
  const [first] = lists;
  const programOf = (list: string | undefined): string | undefined => (list === undefined ? undefined : callArguments(list, 0)[0]);
  return lists.every((list) => list !== undefined && programOf(list) === programOf(first)) ? first : undefined;
}
const listened: Meaning = (given, match) => {
  const port = argumentOf(given, -1, 'port', 'server_port');
  // `start_server(handle, "0.0.0.0", 53)`, `listen(80)`: what `run` is given by place may be anything
  const byPlace = /(?:run\w*|Server)\($/.test(match[0]) ? [] : given.filter((argument) => /^\d{2,5}$/.test(argument));
  const address = given.map((argument) => /^\(\s*["'][^"']*["']\s*,\s*(\d{1,5})\s*\)$/.exec(argument)?.[1]).find(Boolean) ?? byPlace[0];
  const told = /^(?:int\(\s*)?["']?(\d{1,5})["']?\s*\)?$/.exec(port ?? '')?.[1];
  const literal = told !== undefined ? told : (address ?? /["']PORT["']\s*,\s*["']?(\d{1,5})/.exec(port ?? '')?.[1]);
  return port === undefined && address === undefined ? undefined : { kind: 'listen', literal };
};
/** The file that an address of SQLite names; in an f-string, as far as its fields can be told. Source: docs.sqlalchemy.org, "Engine Configuration" */
const sqliteAddress: Meaning = (_given, { 1: path = '', input, index }) => {
  if (path === '' || path === ':memory:') return undefined;
  if (!/[{}]/.test(path)) return { kind: 'write', literal: path };
  const whole = /[fF]/.test(input[index - 1] ?? '') && path.split('{').length === path.split('}').length;
  return told('write', whole ? `f"${path}"` : undefined);
};
/** `exec(code)`: a text that stands there, or a file of the repository, is no other code. Source: docs.python.org/3/library/functions.html#exec */
const ranCode: Meaning = (given) => {
  const code = argumentOf(given, 0, 'source') ?? '""';
  return /^(?:[rRbBuU]{0,2}["']|(?:compile\(\s*)?(?:open|Path|\w*_?path\b))/.test(code)
    ? undefined
    : { kind: 'spawn', literal: undefined, code: true };
};
const loaded: Meaning = (given) => {
  const argument = argumentOf(given, 0, 'name');
  return argument === 'None' ? undefined : { kind: 'dlopen', literal: literalOf(argument) };
};
const envFile: Meaning = (given) => {
  const argument = argumentOf(given, 0, 'dotenv_path', 'env_file');
  return { kind: 'env-file', literal: argument === undefined ? '.env' : literalOf(argument) };
};

export const patterns: readonly Pattern[] = [
  { find: /(?<![\w.])(?:(?:io|codecs|gzip|bz2|lzma|aiofiles)\.)?open\(/g, call: true, means: opened(1) },
  {
    find: /((?:\bPath\(\s*(?:"([^"\\\n]{0,300})"|'([^'\\\n]{0,300})')\s*\)|[\w)\]]))\.open\(/g,
    call: true,
    means: (given, match) =>
      // what is given a path is the function of a module, not the method of a path
      /\b(?:io|codecs|gzip|bz2|lzma|aiofiles|webbrowser|Image|os|wave|fs|tarfile|zipfile)$/.test(
        match.input.slice(Math.max(0, match.index - 12), match.index + 1),
      ) || !/^[rwaxbtU+]{1,4}$/.test(literalOf(argumentOf(given, 0, 'mode')) ?? 'r')
        ? undefined
        : opensByName(given, match)
          ? storageOpened(given)
          : pathOpened(0)(given, match),
  },
  { find: /\b(?:shelve|dbm(?:\.\w+)?)\.open\(/g, call: true, means: first('write', 'filename', 'file') },
  { find: /\b(?:Image|tarfile|zipfile|wave)\.open\(/g, call: true, means: opened(1) },
  {
    find: /(\bPath\(\s*(?:"([^"\\\n]{0,300})"|'([^'\\\n]{0,300})')\s*\))?\.(?:write_text|write_bytes|mkdir|touch)\(/g,
    means: (_given, match) =>
      /\bos$/.test(match.input.slice(Math.max(0, match.index - 3), match.index))
        ? undefined
        : { kind: 'write', literal: match[2] ?? match[3], expression: receiver(match, /\.(\w+)\($/.exec(match[0])?.[1] ?? '') },
  },
  {
    find: /(\bPath\(\s*(?:"([^"\\\n]{0,300})"|'([^'\\\n]{0,300})')\s*\))?\.(?:read_text|read_bytes)\(/g,
    means: (_given, match) => ({ kind: 'read', literal: match[2] ?? match[3] }),
  },
  { find: /\bos\.(?:makedirs|mkdir)\(/g, call: true, means: first('write', 'name', 'path') },
  { find: /\bshutil\.(?:copy|copy2|copyfile|copytree|move)\(/g, call: true, means: second('write', 'dst') },
  {
    find: /\bos\.(?:remove|unlink)\(/g,
    call: true,
    means: (given) => ({ ...told('write', argumentOf(given, 0, 'path')), removes: true }),
  },
  {
    find: /(?<!\bos)\.unlink\(/g,
    means: (_given, match) => ({ kind: 'write', literal: undefined, expression: receiver(match, 'unlink'), removes: true }),
  },
  { find: /\bshutil\.rmtree\(/g, call: true, means: first('write', 'path') },
  // without a name it is a temporary file
  {
    find: /\burlretrieve\(/g,
    call: true,
    means: (given, match) => (given.length > 1 ? second('write', 'filename')(given, match) : { kind: 'temp', literal: undefined }),
  },
  { find: /\bshutil\.unpack_archive\(/g, call: true, means: second('write', 'extract_dir') },
  {
    find: /\.extractall\(/g,
    call: true,
    means: (given) => (given.length === 0 ? { kind: 'write', literal: '.' } : told('write', argumentOf(given, 0, 'path'))),
  },
  // an owner alone changes the mode or the times of a file
  { find: /\bos\.(?:chmod|utime)\(|\bjoblib\.Memory\(/g, call: true, means: first('write', 'path', 'location') },
  // loguru's; a stream is no file
  {
    find: /\blogger\.add\(/g,
    call: true,
    means: (given) => {
      const sink = argumentOf(given, 0, 'sink');
      return sink === undefined || /^(?:sys\.|lambda\b)/.test(sink) ? undefined : told('write', sink);
    },
  },
  { find: /\b(?:Rotating|TimedRotating|Watched|ConcurrentRotating)?FileHandler\(/g, call: true, means: first('write', 'filename') },
  {
    find: /\.to_(?:csv|excel|parquet|feather|pickle)\(/g,
    call: true,
    means: (given, match) => (given.length === 0 ? undefined : first('write', 'path_or_buf', 'path', 'excel_writer')(given, match)),
  },
  {
    find: /["']filename["']\s*:\s*(?:"([^"\\\n]{1,300})"|'([^'\\\n]{1,300})')/g,
    means: (_given, match) => ({ kind: 'write', literal: match[1] ?? match[2] }),
  },
  { find: /["']sqlite(?:\+\w+)?:\/\/\/([^"'?\n]{0,300})/g, means: sqliteAddress },
  {
    find: /["']sqlite(?:\+\w+)?:\/\/\/["']\s*\+\s*([^\n]{0,300})/g,
    means: (_given, match) => told('write', firstExpression(match[1] ?? '')),
  },
  {
    find: /\b(?:sqlite3|aiosqlite|duckdb)\.connect\(/g,
    call: true,
    means: (given) => (literalOf(given[0]) === ':memory:' ? undefined : told('write', argumentOf(given, 0, 'database'))),
  },
  {
    find: /["']NAME["']\s*:\s*((?:BASE_DIR|os\.path\.join\()[^\n]{0,200}?["'][^"'\n]*\.(?:sqlite3?|db)["']\s*\)?)/g,
    means: (_given, match) => told('write', match[1]),
  },
  {
    find: /^[ \t]*(?:MEDIA_ROOT|UPLOAD_FOLDER|UPLOAD_DIR)[ \t]{0,20}=[ \t]{0,20}([^\n]{1,300})$/gm,
    means: (_given, match) => told('write', match[1]?.trim()),
  },
  { find: /\btempfile\.(\w+)|\bgettempdir\(/g, means: name('temp') },
  {
    find: /\bos\.(?:listdir|walk|scandir)\(|\bglob\.i?glob\(|\b(?:send_file|send_from_directory|FileResponse|fileConfig|StaticFiles)\(|\bpd\.read_(?:csv|excel|json|parquet)\(/g,
    call: true,
    means: first('read', 'directory', 'path', 'fname'),
  },
  {
    find: /\b(?:static_folder|root_path)\s*=\s*(?:"([^"\\\n]{0,300})"|'([^'\\\n]{0,300})')/g,
    means: (_given, match) => ({ kind: 'read', literal: match[1] ?? match[2] }),
  },
  { find: /\b__file__\b|\bpkg_resources\.resource_\w+|\bimportlib\.resources\b/g, means: () => ({ kind: 'read', literal: undefined }) },
  {
    find: /\b(?:Jinja2Templates|FileSystemLoader|render_template|render_to_string|get_template|TemplateResponse)\(/g,
    call: true,
    means: (given) => ({ kind: 'template', literal: literalOf(argumentOf(given, 0, 'directory', 'searchpath', 'name', 'template_name')) }),
  },
  {
    find: /\btemplate_folder\s*=\s*(?:"([^"\\\n]{0,300})"|'([^'\\\n]{0,300})')/g,
    means: (_given, match) => ({ kind: 'template', literal: match[1] ?? match[2] }),
  },
  { find: /\b(?:subprocess|sp)\.(?:run|call|check_call|check_output|Popen|getoutput|getstatusoutput)\(/g, call: true, means: started },
  { find: /\bos\.(?:system|popen|exec[lv]p?e?|posix_spawnp?)\(/g, call: true, means: started },
  { find: /(?<![\w.])exec\(/g, call: true, means: ranCode },
  { find: /\bos\.spawn[lv]p?e?\(/g, call: true, means: (given) => started(given.slice(1)) },
  {
    find: /\bcreate_subprocess_(?:exec|shell)\(|\bpexpect\.(?:spawn|run)\(|\bpty\.spawn\(|\bPtyProcess\w*\.spawn\(|\bPopenSpawn\(|\bshutil\.which\(/g,
    call: true,
    means: started,
  },
  // sources: anyio.readthedocs.io (subprocesses); trio.readthedocs.io (trio.run_process)
  { find: /\b(?:anyio|trio)\.(?:lowlevel\.)?(?:run_process|open_process)\(/g, call: true, means: started },
  { find: /\b(?:CDLL|PyDLL|LoadLibrary|find_library|dlopen)\(/g, call: true, means: loaded },
  { find: new RegExp(COMPILE_CALL.source, 'g'), means: () => ({ kind: 'dlopen', literal: undefined }) },
  // source: zulko.github.io/moviepy (TextClip is drawn by ImageMagick before version 2)
  { find: /\bTextClip\(/g, means: () => ({ kind: 'spawn', literal: 'convert' }) },
  { find: /\bdjango\.contrib\.gis\b/g, means: () => ({ kind: 'dlopen', literal: 'gdal' }) },
  { find: /^[ \t]*(?:import|from)[ \t]+(?:tkinter|turtle)\b/gm, means: () => ({ kind: 'dlopen', literal: 'tk' }) },
  ...mediaTypePatterns,
  // Pillow looks fonts up in the system, too; fpdf2 and reportlab are given a path
  { find: /\bImageFont\.truetype\(/g, call: true, means: first('read', 'font') },
  { find: /\bTTFont\(/g, call: true, means: second('read', 'filename') },
  { find: /\.add_font\(/g, call: true, means: (given) => told('read', argumentOf(given, 2, 'fname')) },
  // programs as attributes, or started by a run() of their own. Sources: sh.readthedocs.io; plumbum.readthedocs.io; docs.pyinvoke.org; docs.fabfile.org
  {
    find: /^[ \t]*(?:import[ \t]+(?:sh|plumbum|invoke|fabric|delegator|envoy)\b|from[ \t]+(?:sh|plumbum|invoke|fabric|delegator|envoy)(?:\.[\w.]+)?[ \t]+import\b)/gm,
    means: () => ({ kind: 'spawn', literal: undefined }),
  },
  { find: /\b(?:load_dotenv|dotenv_values|read_env)\(/g, call: true, means: envFile },
  {
    find: /\b(?:env_file|_env_file)\s*=\s*(?:"([^"\\\n]{1,300})"|'([^'\\\n]{1,300})')/g,
    means: (_given, match) => ({ kind: 'env-file', literal: match[1] ?? match[2] }),
  },
  { find: /^[ \t]*from[ \t]+decouple[ \t]+import\b/gm, means: () => ({ kind: 'env-file', literal: '.env' }) },
  {
    find: /^[ \t]*(?:import|from)[ \t]+(requests|httpx|urllib3|urllib\.request|aiohttp|ssl|http\.client|boto3|aioboto3|botocore|smtplib|aiosmtplib|imaplib|websockets|websocket|grpc|openai|anthropic|stripe|sentry_sdk|slack_sdk|google\.cloud|azure|twilio|sendgrid)\b/gm,
    means: name('tls'),
  },
  {
    find: /^[ \t]*from[ \t]+(urllib)[ \t]+import[ \t][^\n]{0,200}\brequest\b/gm,
    means: () => ({ kind: 'tls', literal: 'urllib.request' }),
  },
  { find: /\bZoneInfo\(|\bpytz\.timezone\(|\bgettz\(|\bpendulum\.timezone\(/g, call: true, means: first('timezone', 'key') },
  { find: /\btime\.tzset\(/g, means: () => ({ kind: 'timezone', literal: undefined }) },
  {
    find: /^[ \t]*TIME_ZONE\s*=\s*(?:"([^"\\\n]{1,60})"|'([^'\\\n]{1,60})')/gm,
    means: (_given, match) => ({ kind: 'timezone', literal: match[1] ?? match[2] }),
  },
  {
    find: /(?:\.run|run_app|run_server|run_simple|serve|serve_forever|Server|\.launch|create_server|start_server|start_http_server|\.bind|\.listen|make_server|TCPSite|Controller)\(/g,
    call: true,
    means: listened,
  },
  { find: /\badd_(?:in)?secure_port\(\s*["'][^"'\n]{0,100}:(\d{1,5})["']/g, means: name('listen') },
  { find: /\b(?:environ\.get|getenv)\(\s*["']PORT["']\s*,\s*["']?(\d{1,5})/g, means: name('listen') },
  { find: /^bind\s*=\s*["'][^"'\n]{0,100}:(\d{1,5})["']/gm, means: name('listen') },
  {
    find: /\b(?:getuser|expanduser|getlogin|getpwuid|getpwnam|getpwall)\(|\bPath\.home\(/g,
    means: () => ({ kind: 'user', literal: undefined }),
  },
  { find: /\bos\.(?:setuid|setgid|chown|initgroups)\(/g, means: () => ({ kind: 'user', literal: undefined }) },
];
