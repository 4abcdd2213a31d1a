// Room: verify/compare/. What changes from run to run (instants, ids, addresses, durations) is written as a name for it, so that two runs of one image read the same.

/** Where the text comes from: in logs the time of day, process ids and a package manager's own lines do not count either. */
export type TextKind = 'body' | 'log';

/** Instants within so much of the clock are the clock's; others are data, and stay. */
const clockRange = 36 * 3_600_000;
const months = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec';
const days = 'Mon|Tue|Wed|Thu|Fri|Sat|Sun';

interface Row {
  what: string;
  pattern: RegExp;
  /** Undefined: what was found is data and stays. */
  replace: string | ((match: readonly string[], now: number) => string | undefined);
  only?: TextKind;
}

/**
 * The text with what varies by itself replaced by `<now>`, `<uuid>`, …. A zone stays beside `<now>`: an image that has
 * lost its time zone is seen. In: when the text was written. Same text, same instant: same result.
 */
export function normalise(text: string, at: Date, kind: TextKind): string {
  const now = at.getTime();
  let result = text.replace(/\r\n/g, '\n');
  for (const { pattern, replace, only } of rows) {
    if (only !== undefined && only !== kind) continue;
    result = result.replace(pattern, (...found: unknown[]) => {
      const match = found.filter((one): one is string | undefined => typeof one === 'string' || one === undefined).map((one) => one ?? '');
      return typeof replace === 'string' ? fill(replace, match) : (replace(match, now) ?? match[0] ?? '');
    });
  }
  return result;
}

const fill = (template: string, match: readonly string[]): string =>
  template.replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? '');

/** `<now>` with its zone when it is near the clock. */
const instant =
  (read: (match: readonly string[]) => { text: string; zone: string }): Exclude<Row['replace'], string> =>
  (match, now) => {
    const { text, zone } = read(match);
    const time = Date.parse(zone === '' ? `${text}Z` : `${text}${zone}`);
    return Math.abs(time - now) <= clockRange ? `<now>${zone}` : undefined;
  };
const pad = (number: string): string => number.padStart(2, '0');
const monthOf = (name: string): string => pad(String(months.split('|').indexOf(name) + 1));
const zoneOf = (written: string): string => {
  const zone = written.trim();
  if (zone === '' || /^(?:GMT|UTC|Z)$/.test(zone)) return zone === '' ? '' : 'Z';
  return /^[+-]\d{4}$/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
};

const instants: Row[] = [
  {
    what: 'ISO 8601, and as logs write it (2026-11-25 18:17:25,123)',
    pattern: /\b(\d{4}-\d\d-\d\d)[T _](\d\d:\d\d)(:\d\d)?(?:[.,]\d{1,9})?(?:\s?(Z|UTC|[+-]\d\d:?\d\d)(?![\d:]))?/g,
    replace: instant(([, day = '', minute = '', second = '', zone = '']) => ({
      text: `${day}T${minute}${second || ':00'}`,
      zone: zoneOf(zone),
    })),
  },
  {
    what: 'HTTP and mail dates',
    pattern: new RegExp(
      `(?:\\b(?:${days}),? )?\\b(\\d{1,2})[ -](${months})[ -](\\d{4}) (\\d\\d:\\d\\d:\\d\\d)( ?(?:GMT|UTC|[+-]\\d{4}))?`,
      'g',
    ),
    replace: instant(([, day = '', month = '', year = '', time = '', zone = '']) => ({
      text: `${year}-${monthOf(month)}-${pad(day)}T${time}`,
      zone: zoneOf(zone),
    })),
  },
  {
    what: 'asctime, date(1) and JavaScript (Wed Nov 25 18:17:25 UTC 2026, Wed Nov 25 2026 18:17:25 GMT+0000)',
    pattern: new RegExp(
      `\\b(?:${days}) (${months}) +(\\d{1,2}) (?:(\\d{4}) )?(\\d\\d:\\d\\d:\\d\\d)(?: ([A-Z]{3,4})(?:[+-]\\d{4})?)?(?: (\\d{4}))?`,
      'g',
    ),
    replace: instant(([, month = '', day = '', first = '', time = '', zone = '', last = '']) => ({
      text: `${first || last}-${monthOf(month)}-${pad(day)}T${time}`,
      zone: zoneOf(/^(?:GMT|UTC)$/.test(zone) ? zone : ''),
    })),
  },
  {
    what: 'common log format (25/Nov/2026:18:17:25 +0000)',
    pattern: new RegExp(`\\b(\\d\\d)/(${months})/(\\d{4})[: ](\\d\\d:\\d\\d:\\d\\d)( [+-]\\d{4})?`, 'g'),
    replace: instant(([, day = '', month = '', year = '', time = '', zone = '']) => ({
      text: `${year}-${monthOf(month)}-${day}T${time}`,
      zone: zoneOf(zone),
    })),
  },
  {
    what: 'Go and nginx (2026/11/25 18:17:25)',
    pattern: /\b(\d{4})\/(\d\d)\/(\d\d) (\d\d:\d\d:\d\d)(?:\.\d{1,9})?/g,
    replace: instant(([, year = '', month = '', day = '', time = '']) => ({ text: `${year}-${month}-${day}T${time}`, zone: '' })),
  },
  {
    what: 'American (11/25/2026, 6:17:25 PM)',
    pattern: /\b(\d{1,2})\/(\d{1,2})\/(\d{4}),? (\d{1,2}:\d\d:\d\d)( ?[AP]M)?/g,
    // To the day: which half of it is no matter within the clock's range.
    replace: instant(([, month = '', day = '', year = '']) => ({ text: `${year}-${pad(month)}-${pad(day)}T12:00:00`, zone: '' })),
  },
  {
    what: 'a day alone',
    pattern: /\b(\d{4}-\d\d-\d\d)\b(?![T_:])/g,
    replace: ([, day = ''], now) => (Math.abs(Date.parse(`${day}T12:00:00Z`) - now) <= clockRange ? '<today>' : undefined),
  },
  {
    what: 'seconds, milli-, micro- and nanoseconds since 1970',
    pattern: /(?<![\w.])(\d{10}|\d{13}|\d{16}|\d{19})(?:\.\d{1,9})?(?![\w.])/g,
    replace: ([, number = ''], now) => (Math.abs(Number(number.slice(0, 10)) * 1000 - now) <= clockRange ? '<epoch>' : undefined),
  },
  { what: 'time of day', pattern: /(?<![\d:])\d{1,2}:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?[AP]M)?(?![\d:])/g, replace: '<time>', only: 'log' },
];

const ids: Row[] = [
  { what: 'UUID, ULID', pattern: /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b|\b01[0-9A-HJKMNP-TV-Z]{24}\b/gi, replace: '<uuid>' },
  { what: 'memory addresses', pattern: /\b0x[0-9a-f]{6,16}\b/gi, replace: '<pointer>' },
  {
    what: 'hexadecimal ids and digests, host names of containers; not plain numbers',
    pattern: /(?<![0-9A-Za-z])[0-9a-f]{12,128}(?![0-9A-Za-z])/gi,
    replace: ([word = '']) => (/\d/.test(word) && /[a-f]/i.test(word) ? '<hex>' : undefined),
  },
  {
    what: 'Next.js names each build: https://nextjs.org/docs/app/api-reference/config/next-config-js/generateBuildId',
    pattern: /(\/_next\/(?:static|data)\/|\\?"(?:buildId|b)\\?":\s*\\?")([\w-]{21})(?=[/"\\])/g,
    replace: '$1<build>',
  },
  {
    what: 'SvelteKit names each build by its time, and files that hold the name by their contents: https://svelte.dev/docs/kit/configuration#version',
    pattern: /\b(__sveltekit_)[a-z0-9]{4,10}\b|(\/_app\/immutable\/(?:[\w-]+\/){0,4}(?:[\w-]{1,64}\.)?)[\w-]{8}(?=\.(?:m?js|css)\b)/g,
    replace: ([, global = '', path = '']) => `${global}${path}<build>`,
  },
  {
    what: 'tokens by name: nonce, csrf, request id, …',
    pattern:
      /\b((?:[\w-]{0,32}(?:csrf|xsrf|nonce|etag|request[_-]?id|trace[_-]?id|span[_-]?id|session[_-]?id|correlation[_-]?id)[\w-]{0,32})\\?["']?\s?[:=]\s?(?:\\?["'])?)(?:(value|content)=["'])?(?:W\/)?([\w+/=.~-]{6,512})/gi,
    replace: '$1<token>',
  },
  {
    what: 'form fields with a token',
    pattern: /(name=["'][\w-]*(?:csrf|xsrf|token|nonce)[\w-]*["']\s+(?:value|content)=["'])[^"']{1,512}/gi,
    replace: '$1<token>',
  },
  {
    what: 'random-looking words: capitals, small letters and digits mixed, 16 or more',
    pattern: /(?<![\w+/=-])[A-Za-z0-9_+/=-]{16,512}(?![\w+/=-])/g,
    replace: ([word = '']) => (isRandom(word) ? '<token>' : undefined),
  },
];

/** Mixed so much that it is nobody's identifier: digits, capitals and small letters that take turns. */
function isRandom(word: string): boolean {
  const kinds = [...word.replace(/[^A-Za-z0-9]/g, '')].map((letter) => (/\d/.test(letter) ? 'd' : /[A-Z]/.test(letter) ? 'A' : 'a'));
  if (new Set(kinds).size < 3) return false;
  const turns = kinds.filter((kind, i) => i > 0 && kind !== kinds[i - 1]).length;
  return turns >= kinds.length / 3;
}

const places: Row[] = [
  {
    what: 'addresses in networks of containers, with their port',
    pattern: /\b(?:::ffff:)?(?:10\.\d{1,3}|172\.(?:1[6-9]|2\d|3[01])|192\.168)\.\d{1,3}\.\d{1,3}(?::\d{1,5})?\b/g,
    replace: '<address>',
  },
  {
    what: 'ports given by the system',
    pattern: /\b((?:\d{1,3}\.){3}\d{1,3}|localhost|\[::1?\]):(\d{5})\b/g,
    replace: ([, host = '', port = '']) => (Number(port) >= 32_768 ? `${host}:<port>` : undefined),
  },
  {
    what: 'temporary names',
    pattern: /\/tmp\/(?:tmp[\w-]{4,32}|[\w.-]{0,64}?[.-](?=[\w]*[\dA-Z])[A-Za-z0-9_]{6,16})\b/g,
    replace: '/tmp/<temp>',
  },
  { what: 'durations with a small unit', pattern: /(?<![\w.])\d+(?:\.\d+)?\s?(?:ms|µs|μs|us|ns)\b/g, replace: '<duration>' },
  {
    what: 'durations in words',
    pattern: /\b((?:in|took|after|within|for|elapsed:?|time:?)\s)\d+(?:\.\d+)?\s?(?:s|secs?|seconds?|minutes?|m)\b/gi,
    replace: '$1<duration>',
  },
  { what: 'fractions of seconds', pattern: /(?<![\w.])\d+\.\d+\s?(?:s|secs?|seconds?)\b/g, replace: '<duration>' },
  {
    what: 'durations by name',
    pattern:
      /(\\?["'][\w-]*(?:uptime|duration|elapsed|latency|took|response[_-]?time|run[_-]?time)[\w-]*\\?["']\s?:\s?)\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi,
    replace: '$1<duration>',
  },
  { what: 'process ids', pattern: /\b(pid["']?\s?[=: ]\s?\[?)\d+/gi, replace: '$1<pid>' },
];

const logLines: Row[] = [
  { what: 'colours', pattern: /\u001b\[[\d;]*[A-Za-z]/g, replace: '' },
  { what: 'process ids in brackets', pattern: /(?<=^|[\s\w])\[\d{1,7}\]/gm, replace: '[<pid>]' },
  // A command of package.json's that is run by its own words is the same command: https://docs.npmjs.com/cli/commands/npm-run
  {
    what: 'what npm, pnpm and yarn write around a script',
    pattern:
      /^[^\S\n]*(?:> .*|npm (?:notice|warn|WARN|error|ERR!).*|yarn run v.*|\$ \S.*|Done in .*|ELIFECYCLE.*|error Command failed.*|info Visit https:\/\/(?:yarnpkg|classic\.yarnpkg)\.com.*)$\n?/gm,
    replace: '',
  },
];

const rows: readonly Row[] = [...logLines.map((row): Row => ({ ...row, only: 'log' })), ...instants, ...ids, ...places];
