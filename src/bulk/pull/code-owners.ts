// Room: bulk/. Who owns the files of a change, as a CODEOWNERS file says. The file is untrusted: its size, patterns and names are bounded.
import type { Core } from '../../checkout/types.ts';

export interface Owners {
  users: readonly string[];
  /** Slugs of teams of the repository's organisation. */
  teams: readonly string[];
  /** Owners that are neither: mail addresses, other organisations' teams, roles. */
  others: readonly string[];
}

export interface OwnersQuestion {
  text: string;
  /** Clean paths of the repository. */
  paths: readonly string[];
  /** Owner of the repository: teams are of it. */
  organisation: string;
  /** On GitLab, each section has a last match of its own. */
  sections: 'yes' | 'no';
  pathPattern: Core['pathPattern'];
}

const maxLines = 5_000;
const maxOwners = 20;

interface Rule {
  test(path: string): boolean;
  owners: readonly string[];
}

/**
 * The owners of the last line that matches, for each path; in the order of the paths, each once, at most 20. Lines that cannot be read are left
 * out, as GitHub does. Sources: https://docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners,
 * https://docs.gitlab.com/user/project/codeowners/reference/
 */
export function codeOwners(question: OwnersQuestion): Owners {
  const { paths, organisation } = question;
  const sections = sectionsOf(question);
  const found = paths.flatMap((path) => sections.flatMap((rules) => rules.findLast((rule) => rule.test(path))?.owners ?? []));
  const owners = [...new Map(found.map((owner) => [owner.toLowerCase(), owner])).values()].slice(0, maxOwners);
  const users: string[] = [];
  const teams: string[] = [];
  const others: string[] = [];
  for (const owner of owners) {
    const [, name = '', team] = /^@([A-Za-z0-9][\w.-]{0,99})(?:\/([A-Za-z0-9][\w.-]{0,99}))?$/.exec(owner) ?? [];
    if (name === '') others.push(owner.slice(0, 100));
    else if (team === undefined) users.push(name);
    else if (name.toLowerCase() === organisation.toLowerCase()) teams.push(team);
    else others.push(owner);
  }
  return { users, teams, others };
}

/** The rules of each section; where there are no sections, of the file. */
function sectionsOf({ text, sections, pathPattern }: OwnersQuestion): Rule[][] {
  const all: Rule[][] = [[]];
  let byDefault: readonly string[] = [];
  for (const line of text.split('\n', maxLines)) {
    const words = wordsOf(line);
    const header = sections === 'yes' ? /^\^?\[[^\]]*\](?:\[\d+\])?/.exec(line.trim())?.[0] : undefined;
    if (header !== undefined) {
      byDefault = wordsOf(line.trim().slice(header.length));
      all.push([]);
      continue;
    }
    const [pattern, ...own] = words;
    const test = pattern === undefined ? undefined : testOf(pattern, pathPattern);
    if (test) all.at(-1)?.push({ test, owners: own.length > 0 ? own : byDefault });
  }
  return all;
}

/** Up to the comment; a blank behind a backslash belongs to the path. */
const wordsOf = (line: string): string[] =>
  (line.replace(/(^|\s)#.*$/, '').match(/(?:\\\s|\S)+/g) ?? []).map((word) => word.replace(/\\(\s)/g, '$1'));

/** As in .gitignore, but without `!` and `[ ]`, and `dir/*` is what lies in the directory itself. */
function testOf(pattern: string, pathPattern: Core['pathPattern']): Rule['test'] | undefined {
  if (/^!|[[\]]/.test(pattern)) return undefined;
  const isAnchored = /\/[^/]/.test(pattern);
  const from = isAnchored ? pattern.replace(/^\//, '') : `**/${pattern.replace(/^\//, '')}`;
  const everything = from.endsWith('/') ? [`${from}**`] : isAnchored && from.endsWith('/*') ? [from] : [from, `${from}/**`];
  const tests = everything.map((one) => pathPattern(one));
  return (path) => tests.some((one) => 'test' in one && one.test(path));
}
