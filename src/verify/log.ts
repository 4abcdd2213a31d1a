// Room: verify/. What a log complains of: its errors by class, with what each is about.

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
  /** Its first group that matches is the subject. */
  pattern: RegExp;
}

/** The first row that fits a line names its class: the particular before the general. Texts as the runtimes and libc write them. */
const rows: readonly Row[] = [
  {
    class: 'library-not-found',
    pattern:
      /error while loading shared libraries: ([^\s:]+)|Error loading shared library ([^\s:]+)|(?:ImportError|OSError|Error): ([\w.+-]+\.so[\d.]*): cannot open shared object|([\w./+-]+\.so[\d.]*): cannot open shared object/,
  },
  { class: 'library-not-found', pattern: /(?:ImportError|Error|java\.lang\.UnsatisfiedLinkError).*?(lib[\w+-]+\.so[\d.]*)/ },
  {
    class: 'library-not-found',
    pattern: /version [`'"](GLIBC(?:XX)?_[\d.]+)['"`] not found|Error relocating [^:]+: (\w+): symbol not found/,
  },
  {
    class: 'module-not-found',
    pattern:
      /Cannot find (?:module|package) '([^']+)'|ModuleNotFoundError: No module named '?([\w.]+)|No module named '?([\w.]+)|(?:ERR_MODULE_NOT_FOUND)|ClassNotFoundException: ([\w.$]+)|NoClassDefFoundError: ([\w./$]+)|Could not find or load main class ([\w.$]+)|cannot import name '([^']+)'|Unable to access jarfile (\S+)/,
  },
  { class: 'exec-format', pattern: /exec format error|cannot execute binary file|wrong ELF class/i },
  {
    class: 'command-not-found',
    pattern:
      /exec: "([^"]+)": (?:executable file not found|stat [^:]+: no such file)|(?:^|[\s:])([\w./+-]+): (?:command )?not found\b|spawn(?:Sync)? (\S+) ENOENT|env: [‘'"]?([\w./+-]+)[’'"]?: No such file|exec:? ([\w./+-]+): no such file|executable [`"]([^`"]+)[`"] not found/,
  },
  {
    class: 'unknown-user',
    pattern:
      /unable to find user (\S+?):? no matching|unable to find group (\S+?):? no matching|getpwuid|no users found|user: unknown userid (\d+)|KeyError: 'getpwuid\(\): uid not found: (\d+)/,
  },
  {
    class: 'certificate',
    pattern:
      /x509: [^\n]{0,120}|CERTIFICATE_VERIFY_FAILED|unable to get (?:local )?issuer certificate|UNABLE_TO_GET_ISSUER_CERT(?:_LOCALLY)?|UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT|self[- ]signed certificate|certificate verify failed|PKIX path building failed|invalid peer certificate|no native root CA|could not find a suitable TLS CA certificate bundle|error setting certificate (?:file|verify locations)/i,
  },
  { class: 'address-in-use', pattern: /(?:EADDRINUSE|[Aa]ddress already in use)[^\d\n]{0,40}(\S*:\d+)?/ },
  {
    class: 'out-of-memory',
    pattern: /OutOfMemoryError|heap out of memory|\bOOMKilled\b|\bENOMEM\b|Cannot allocate memory|killed: it needed more memory/,
  },
  {
    class: 'permission-denied',
    pattern:
      /(?:EACCES|EPERM|EROFS)[^'"\n]{0,60}['"]([^'"]+)['"]|(?:PermissionError|AccessDeniedException)[^'"\n/]{0,60}['"]?(\/[^'"\s]+)|(?:open|mkdir|create|unlink|stat|rename|exec:?) "?(\/[^\s:"]+)"?: (?:permission denied|read-only file system|operation not permitted)|(\/[^\s:'"]+)['"]?: (?:Permission denied|Read-only file system)|(?:permission denied|EACCES|operation not permitted|read-only file system|PermissionError)[^\n/]{0,40}(\/[^\s:'",)]+)?/i,
  },
  {
    class: 'file-not-found',
    pattern:
      /ENOENT[^'"\n]{0,80}['"]([^'"]+)['"]|(?:FileNotFoundError|NoSuchFileException|FileNotFoundException)[^'"\n/]{0,80}['"]?(\/?[^'"\s]+)|(?:open|stat|exec|lstat|read|chdir to cwd|chdir) (?:\("([^"]+)"\)|"?([^\s:"]+)"?):? [^\n]{0,40}?no such file or directory|TemplateNotFound: (\S+)|TemplateDoesNotExist[^\n]{0,20}: (\S+)|[Tt]emplate[s]? (?:file )?["'`]?([\w./-]+)["'`]? (?:was )?not found|([^\s:'"]+)['"]?: [Nn]o such file or directory|[Nn]o such file or directory[^\n/]{0,40}(\/[^\s:'",)]+)?|Failed to lookup view "([^"]+)"|can't open file '([^']+)'/,
  },
  {
    class: 'name-not-resolved',
    pattern:
      /(?:ENOTFOUND|EAI_AGAIN) (\S+)|getaddrinfo|Temporary failure in name resolution|no such host|Name or service not known|UnknownHostException/,
  },
  { class: 'connection-refused', pattern: /ECONNREFUSED ?(\S+)?|[Cc]onnection refused/ },
  {
    class: 'panic',
    pattern:
      /^(?:panic|fatal error): ([^\n]{0,80})|thread '[^']*' (?:\(\d+\) )?panicked at|goroutine panic|SIGSEGV|[Ss]egmentation fault|core dumped/,
  },
  // Python's last line, Node's and Java's first; a name alone at the start of a line, or after "Uncaught" or "Exception in thread".
  {
    class: 'exception',
    pattern:
      /^(?:Uncaught |Caused by: |Exception in thread "[^"]*" |Traceback .*: )?((?:[\w$]+\.)*[A-Z][\w$]*(?:Error|Exception|Warning\b(?=: Unhandled)|Exit))\b(?::|$| \[|\s*\{)/,
  },
  {
    class: 'exception',
    pattern: /\b(UnhandledPromiseRejection|unhandledRejection|uncaughtException|Unhandled exception|ImproperlyConfigured)\b/,
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
    const match = row.pattern.exec(line);
    if (!match) continue;
    const subject = match
      .slice(1)
      .find((group) => group !== undefined)
      ?.replace(/[.,;:)]+$/, '');
    return { class: row.class, ...(subject ? { subject } : {}), line: line.trim() };
  }
  return undefined;
}

/** What makes two errors the same. */
export function keyOf({ class: kind, subject }: LoggedError): string {
  return `${kind} ${subject ?? ''}`;
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
