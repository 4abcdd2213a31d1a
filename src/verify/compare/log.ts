// Room: verify/compare/. What a log complains of: its errors by class, with what each is about.
import { normalise } from './normalise.ts';

export type ErrorClass =
  | 'module-not-found'
  | 'library-not-found'
  | 'file-not-found'
  | 'permission-denied'
  | 'command-not-found'
  | 'exec-format'
  | 'certificate'
  | 'address-in-use'
  | 'unknown-user'
  | 'out-of-memory'
  | 'name-not-resolved'
  | 'connection-refused'
  | 'exception'
  | 'panic';
export interface LoggedError {
  class: ErrorClass;
  /** A module, library, path, program, address, or an exception's name. */
  subject?: string;
  line: string;
}

interface Row {
  class: ErrorClass;
  /** The first that fits; its first group that matches is the subject. */
  patterns: readonly RegExp[];
}

/** The first row that fits a line names its class: the particular before the general. Texts as the runtimes and libc write them. */
const rows: readonly Row[] = [
  {
    class: 'library-not-found',
    patterns: [
      /error while loading shared libraries: ([^\s:]+)/,
      /Error loading shared library ([^\s:]+)/,
      /([\w.+/-]+\.so[\d.]*): cannot open shared object/,
      /(?:ImportError|Error|UnsatisfiedLinkError).{0,200}?(lib[\w+-]+\.so[\d.]*)/,
      /version [`'](GLIBC(?:XX)?_[\d.]+)' not found/,
      /Error relocating [^:]+: (\w+): symbol not found/,
    ],
  },
  {
    class: 'module-not-found',
    patterns: [
      /Cannot find (?:module|package) '([^']+)'/,
      /No module named '?([\w.]+)/,
      /ERR_MODULE_NOT_FOUND/,
      /ClassNotFoundException: ([\w.$]+)/,
      /NoClassDefFoundError: ([\w./$]+)/,
      /Could not find or load main class ([\w.$]+)/,
      /cannot import name '([^']+)'/,
      /Unable to access jarfile (\S+)/,
    ],
  },
  { class: 'exec-format', patterns: [/exec format error/i, /cannot execute binary file/i, /wrong ELF class/] },
  {
    class: 'command-not-found',
    patterns: [
      /exec: "([^"]+)": (?:executable file not found|stat [^:]+: no such file)/,
      /^(?:[\w./-]+: )?(?:line )?(?:\d+: )?([\w./+-]+): (?:command )?not found$/,
      /spawn(?:Sync)? (\S+) ENOENT/,
      /env: '?([\w./+-]+)'?: No such file/,
      /exec:? ([\w./+-]+): no such file/,
      /executable ['`"]([^'`"]+)['`"] not found/,
    ],
  },
  {
    class: 'unknown-user',
    patterns: [
      /unable to find (?:user|group) (\S+?):? no matching/,
      /uid not found: (\d+)/,
      /unknown userid (\d+)/,
      /no users found|getpwuid/,
    ],
  },
  {
    class: 'certificate',
    patterns: [
      /x509: /,
      /CERTIFICATE_VERIFY_FAILED|certificate verify failed/i,
      /UNABLE_TO_(?:GET_ISSUER_CERT|VERIFY_LEAF_SIGNATURE)|SELF_SIGNED_CERT/,
      /unable to get (?:local )?issuer certificate|self[- ]signed certificate/i,
      /PKIX path building failed|invalid peer certificate|no native root CA/,
      /could not find a suitable TLS CA certificate bundle|error setting certificate (?:file|verify locations)/i,
    ],
  },
  { class: 'address-in-use', patterns: [/address already in use:? (\S*:\d+)/i, /EADDRINUSE|address already in use/i] },
  {
    class: 'out-of-memory',
    patterns: [/OutOfMemoryError|heap out of memory|\bOOMKilled\b|\bENOMEM\b|Cannot allocate memory|killed: it needed more memory/],
  },
  {
    class: 'permission-denied',
    patterns: [
      /(?:EACCES|EPERM|EROFS)[^'"\n]{0,60}['"]([^'"]+)['"]/,
      /(?:PermissionError|AccessDeniedException)[^'"\n/]{0,60}['"]?(\/[^'"\s]+)/,
      /(?:open|mkdir|create|unlink|stat|rename|exec:?) "?(\/[^\s:"]+)"?: (?:permission denied|read-only file system|operation not permitted)/,
      /(\/[^\s:'"]+)['"]?: (?:permission denied|read-only file system)/i,
      /(?:permission denied|EACCES|operation not permitted|read-only file system|PermissionError)(?:[^\n/]{0,40}(\/[^\s:'",)]+))?/i,
    ],
  },
  {
    class: 'file-not-found',
    patterns: [
      /ENOENT[^'"\n]{0,80}['"]([^'"]+)['"]/,
      /can't open file '([^']+)'/,
      /(?:FileNotFoundError|NoSuchFileException|FileNotFoundException)[^'"\n/]{0,80}['"]?(\/?[^'"\s]+)/,
      /(?:open|stat|exec|lstat|read|chdir to cwd|chdir) (?:\("([^"]+)"\)|"?([^\s:"]+)"?):? [^\n]{0,40}?no such file or directory/,
      /TemplateNotFound: (\S+)/,
      /TemplateDoesNotExist[^\n]{0,20}: (\S+)/,
      /template(?: file)? ["'`]?([\w./-]+)["'`]? (?:was )?not found/i,
      /Failed to lookup view "([^"]+)"/,
      /([^\s:'"]+)['"]?: no such file or directory/i,
      /no such file or directory(?:[^\n/]{0,40}(\/[^\s:'",)]+))?/i,
    ],
  },
  {
    class: 'name-not-resolved',
    patterns: [
      /(?:ENOTFOUND|EAI_AGAIN) (\S+)/,
      /lookup (\S+?)(?: on \S+)?: no such host/,
      /UnknownHostException: (\S+)/,
      /Temporary failure in name resolution|Name or service not known|getaddrinfo/,
    ],
  },
  { class: 'connection-refused', patterns: [/ECONNREFUSED (\S+)/, /ECONNREFUSED|connection refused/i] },
  {
    class: 'panic',
    patterns: [
      /^(?:panic|fatal error): ([^\n]{0,80})/,
      /thread '[^']*' (?:\(\d+\) )?panicked at/,
      /goroutine panic|SIGSEGV|segmentation fault|core dumped/i,
    ],
  },
  {
    class: 'exception',
    patterns: [
      // Python's last line, Node's and Java's first: a name alone at the start of a line.
      /^(?:Uncaught |Caused by: |Exception in thread "[^"]*" )?((?:[\w$]+\.)*[A-Z][\w$]*(?:Error|Exception|Exit))(?::|$| \[|\s*\{)/,
      /\b(UnhandledPromiseRejection|unhandledRejection|uncaughtException|Unhandled exception|ImproperlyConfigured)\b/,
    ],
  },
];
/** A line that only repeats what another one has said, or says that all is well. */
const noise = /^\s*at |^\s+File "|\b0 errors?\b|\bno errors?\b|^\s*(?:npm (?:warn|notice)|DeprecationWarning)/i;

/** Longest line that is looked at, and most lines. */
const longestLine = 1000;
const mostLines = 20_000;

/** The errors that a log tells of, each class and subject once, in the order in which they come. In: text of either stream. */
export function errorsOf(text: string): LoggedError[] {
  const found = new Map<string, LoggedError>();
  for (const raw of text.split('\n').slice(-mostLines)) {
    const line = raw
      .slice(0, longestLine)
      .replace(/\u001b\[[\d;]*[A-Za-z]/g, '')
      .replace(/[‘’]/g, "'")
      .trimEnd();
    if (line === '' || noise.test(line)) continue;
    const error = errorOf(line);
    const key = error ? keyOf(error) : '';
    if (error && !found.has(key)) found.set(key, error);
  }
  return [...found.values()];
}

function errorOf(line: string): LoggedError | undefined {
  for (const row of rows) {
    const match = firstMatch(row.patterns, line);
    if (!match) continue;
    const subject = match
      .slice(1)
      .find((group) => group !== undefined)
      ?.replace(/[.,;:)]+$/, '');
    return { class: row.class, ...(subject ? { subject } : {}), line: line.trim() };
  }
  return undefined;
}

function firstMatch(patterns: readonly RegExp[], line: string): RegExpExecArray | undefined {
  for (const pattern of patterns) {
    const match = pattern.exec(line);
    if (match) return match;
  }
  return undefined;
}

/** What makes two errors the same. */
export function keyOf({ class: kind, subject }: LoggedError): string {
  return `${kind} ${normalise(subject ?? '', new Date(0), 'log')}`;
}

const titles: Record<ErrorClass, string> = {
  'module-not-found': 'a module is not found',
  'library-not-found': 'a shared library is not found',
  'file-not-found': 'a file is not found',
  'permission-denied': 'permission denied',
  'command-not-found': 'a program is not found',
  'exec-format': 'a program is of another architecture',
  certificate: 'a certificate cannot be checked',
  'address-in-use': 'an address is in use',
  'unknown-user': 'a user is not known',
  'out-of-memory': 'out of memory',
  'name-not-resolved': 'a host name is not found',
  'connection-refused': 'a connection is refused',
  exception: 'an exception',
  panic: 'a crash',
};

/** `a module is not found (express)` */
export function errorTitle(error: LoggedError): string {
  return error.subject === undefined ? titles[error.class] : `${titles[error.class]} (${error.subject})`;
}
