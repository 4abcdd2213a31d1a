// Room: ecosystems/node. The ports that a source listens on: numbers, and what constants, defaults of parameters and conditions may make of an expression.

interface Port {
  port: string;
  offset: number;
}

/** Servers that listen where nothing is said on a port of their own, below 1024. Sources: the README of each package. */
interface ServerRow {
  /** What starts them: global, up to the bracket of the arguments. */
  form: RegExp;
  /** The port, or several, without a `port` among the arguments; undefined: there is none. */
  port?: string;
}
const SERVERS: Readonly<Record<string, ServerRow>> = {
  'greenlock-express': { form: /\.serve\s{0,5}\(/g, port: '443' },
  'auto-sni': { form: /\b(?:autosni|autoSNI|createServer)\s{0,5}\(/g, port: '443' },
  '@small-tech/https': { form: /\.createServer\s{0,5}\(/g, port: '443' },
  redbird: { form: /\b(?:redbird|Redbird|require\(['"]redbird['"]\))\s{0,5}\(/g },
  'native-dns': { form: /\.serve\s{0,5}\(/g },
  dnsd: { form: /\.createServer\s{0,5}\(/g },
  mailin: { form: /\bmailin\.start\s{0,5}\(/g, port: '25' },
  'syslog-server': { form: /\.start\s{0,5}\(/g, port: '514' },
  'modbus-serial': { form: /\bServerTCP\s{0,5}\(/g, port: '502' },
  tftp: { form: /\btftp\.createServer\s{0,5}\(/g, port: '69' },
  'ftp-srv': { form: /\b(?:FtpSrv|FtpSvr|FTPServer)\s{0,5}\(/g, port: '21' },
  dhcp: { form: /\bdhcp\.createServer\s{0,5}\(/g, port: '67' },
  'net-snmp': { form: /\bcreateReceiver\s{0,5}\(/g, port: '162' },
};

/** Calls that are given a port, or an object with one, and settings of frameworks and command lines. */
const CALLS = /(?:\.listen|\bserve|Server)\s{0,20}\(/g;
const BINDS = /\.bind\s{0,20}\(/g;
const SETTINGS =
  /\.(?:set|default)\(\s{0,20}['"](?:port|p)['"]\s{0,20},|\.option\(\s{0,20}['"][^'"\n]{0,60}--port\b[^'"\n]{0,60}['"]\s{0,20},(?:\s{0,20}['"][^'"\n]{0,120}['"]\s{0,20},)?(?:\s{0,20}(?:parseInt|Number)\s{0,20},)?/g;
/** `port:` of an object, also of one in it (`udp: { port: 53 }`), and its short form. */
const KEY = /(?<![\w$.])['"]?(?:port|PORT)['"]?\s{0,20}(?::|(?=[,}]))/g;
const LONGEST = 400;

/** All of them, in order. `specifiers`: what the text imports. */
export function listens(text: string, specifiers: ReadonlySet<string>): Port[] {
  const found: Port[] = [];
  const looked = looksUp(text);
  const add = (offset: number, expression: string): void => {
    for (const port of portsOf(looked, expression, 0)) found.push({ port, offset });
  };
  const called = (offset: number, start: number): boolean => {
    const argument = expressionAt(text, start);
    if (!argument.trimStart().startsWith('{')) {
      add(offset, argument);
      return argument.trim() !== '';
    }
    const keys = [...argument.matchAll(KEY)];
    for (const key of keys) add(offset, key[0].endsWith(':') ? expressionAt(argument, key.index + key[0].length) : 'port');
    return keys.length > 0;
  };
  for (const match of text.matchAll(CALLS)) called(match.index, match.index + match[0].length);
  for (const match of text.matchAll(BINDS))
    if (specifiers.has('dgram') || /^\s{0,20}\d/.test(text.slice(match.index + match[0].length, match.index + match[0].length + 30)))
      called(match.index, match.index + match[0].length);
  for (const match of text.matchAll(SETTINGS)) add(match.index, expressionAt(text, match.index + match[0].length));
  for (const name of specifiers) {
    const row = Object.hasOwn(SERVERS, name) ? SERVERS[name] : undefined;
    if (!row) continue;
    for (const match of text.matchAll(row.form)) {
      const start = match.index + match[0].length;
      const before = found.length;
      called(match.index, start);
      const told =
        found.length > before || /(?<![\w$])['"]?(?:port|ports|http|https|url)['"]?\s{0,20}:/.test(text.slice(start, start + LONGEST));
      if (row.port !== undefined && !told) found.push({ port: row.port, offset: match.index });
    }
  }
  return found;
}

/** A number where an expression ends with it: behind a condition or an alternative, or alone. */
const VALUE = /(?:^|[?:(]|\|\||\?\?|\breturn\b)\s{0,20}\+?\s{0,5}["'`]?(\d{1,5})["'`]?(?=\s{0,20}(?:$|[?:|)&;,}\n]))/g;
/** A name at such a place, with the object that it belongs to. */
const NAME = /(?:^|[?:(]|\|\||\?\?)\s{0,20}\+?((?:[A-Za-z_$][\w$]{0,60}\.){0,3}[A-Za-z_$][\w$]{0,60})(?![\w$]|\s{0,5}(?:\(|[=!]=))/g;
const WORDS: ReadonlySet<string> = new Set([
  'process',
  'this',
  'true',
  'false',
  'null',
  'undefined',
  'new',
  'async',
  'function',
  'Number',
  'parseInt',
]);
const MOST_NAMES = 6;

/** Names of one text are looked for once each, and not more of them than people write. */
type LooksUp = (form: string) => readonly string[];
const MOST_FORMS = 100;

/** The expressions that stand behind a form in the text. */
function looksUp(text: string): LooksUp {
  const known = new Map<string, readonly string[]>();
  return (form) => {
    const had = known.get(form);
    if (had) return had;
    if (known.size >= MOST_FORMS) return [];
    const found = [...text.matchAll(new RegExp(form, 'g'))]
      .slice(0, MOST_NAMES)
      .map((match) => expressionAt(text, match.index + match[0].length, form.endsWith(OBJECT) ? 2000 : LONGEST));
    known.set(form, found);
    return found;
  };
}
const OBJECT = '(?=\\{)';

function portsOf(looked: LooksUp, expression: string, depth: number): string[] {
  const short = expression.slice(0, LONGEST);
  const numbers = [...short.matchAll(VALUE)].map((match) => match[1] ?? '');
  if (depth > 2) return numbers;
  const names = [...short.matchAll(NAME)].slice(0, MOST_NAMES).map((match) => (match[1] ?? '').replace(/^this\./, ''));
  return [
    ...numbers,
    ...names.flatMap((name) => {
      const [first = '', ...rest] = name.split('.');
      const last = rest.at(-1);
      if (WORDS.has(first)) return [];
      return (last === undefined ? valuesOf(looked, first) : membersOf(looked, first, last)).flatMap((one) =>
        portsOf(looked, one, depth + 1),
      );
    }),
  ];
}

const escaped = (name: string): string => name.replaceAll('$', '\\$');

/** What a name is set to: a constant, a variable, a property of a class, the default of a parameter. */
const valuesOf = (looked: LooksUp, name: string): readonly string[] =>
  looked(`(?<![\\w$.])(?:this\\.)?${escaped(name)}(?:\\s{0,5}\\??:\\s{0,5}[\\w.]{1,30})?\\s{0,20}=(?![=>])`);

/** `const config = { port: 80 }`, asked for as `config.port`. */
function membersOf(looked: LooksUp, first: string, last: string): string[] {
  const key = new RegExp(`(?<![\\w$.])['"]?${escaped(last)}['"]?\\s{0,20}:`, 'g');
  return looked(`(?<![\\w$.])${escaped(first)}(?:\\s{0,5}:\\s{0,5}[\\w.]{1,30})?\\s{0,20}=\\s{0,20}${OBJECT}`).flatMap((object) =>
    [...object.matchAll(key)].map((one) => expressionAt(object, one.index + one[0].length)),
  );
}

/** Up to the comma, bracket or end of the line that ends it; brackets inside of it are closed. Bounded. */
function expressionAt(text: string, start: number, longest = LONGEST): string {
  let depth = 0;
  const end = Math.min(text.length, start + longest);
  for (let at = start; at < end; at += 1) {
    const sign = text[at] ?? '';
    if ('([{'.includes(sign)) depth += 1;
    else if (')]}'.includes(sign) && (depth -= 1) < 0) return text.slice(start, at);
    else if (depth === 0 && (sign === ',' || sign === ';')) return text.slice(start, at);
    else if (depth === 0 && sign === '\n' && at > start && ends(text, at)) return text.slice(start, at);
  }
  return text.slice(start, end);
}

/** Nothing of the next line goes on with this one: `? 80`, `|| 80`. */
const ends = (text: string, at: number): boolean => {
  const before = /(\S)\s{0,80}$/.exec(text.slice(Math.max(0, at - 80), at))?.[1] ?? '';
  const next = /^\s{0,80}(\S)/.exec(text.slice(at, at + 80))?.[1] ?? '';
  return !'?:|&=(+'.includes(before) && !'?:|&+.'.includes(next);
};
