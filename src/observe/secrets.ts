// Room: observe/. Values that no document may hold: of build arguments, and what looks like a secret.

export const hidden = '***';

/** Names of settings whose values are secrets. */
const secretName = /(?:pass(?:w(?:or)?d|phrase)?|secret|token|credential|api[-_]?key|access[-_]?key|private[-_]?key|auth)(?:$|[-_=\d])/i;
/** `--password=…`, `--token …`, `API_KEY=…` in a command line. */
const option =
  /((?:^|\s)(?:--?)?[\w-]*(?:passw(?:or)?d|passphrase|secret|token|credential|api[-_]?key|access[-_]?key)[\w-]*(?:=|\s+))(?!-)(\S+)/gi;
/** RFC 3986, 3.2.1 */
const userInfo = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s/@]+@/gi;
/** Shapes of well-known tokens (GitHub, GitLab, npm, Slack, AWS, JWT). */
const shapes =
  /\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{15,}|npm_\w{30,}|xox[abprs]-[\w-]{10,}|AKIA[A-Z0-9]{16}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*)/g;
/** Shorter values are words that stand everywhere. */
const shortest = 4;

export interface Hide {
  /** A text without secrets. */
  text(text: string): string;
  /** An environment without the values of secrets. */
  env(env: Readonly<Record<string, string>>): Record<string, string>;
}

/** What hides secrets. In: `--build-arg` as given; `NAME` alone takes the value of the environment. */
export function hiding(buildArgs: readonly string[], environment: Readonly<Record<string, string | undefined>>): Hide {
  const values = buildArgs
    .map((arg) => (arg.includes('=') ? arg.slice(arg.indexOf('=') + 1) : (environment[arg] ?? '')))
    .filter((value) => value.length >= shortest)
    .sort((a, b) => b.length - a.length);
  const text = (given: string): string => {
    let found = given;
    for (const value of values) found = found.replaceAll(value, hidden);
    return found.replace(option, `$1${hidden}`).replace(userInfo, `$1${hidden}@`).replace(shapes, hidden);
  };
  return {
    text,
    env: (env) =>
      Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value !== '' && secretName.test(name) ? hidden : text(value)])),
  };
}
