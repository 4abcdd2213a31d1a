// Room: effects/make. A makefile as it is read: its rules and variables, and how make was called.
import type { Known } from '../../dockerfile/types.ts';
import { UNKNOWN, type Scope, type Variable } from './expand.ts';

/** How make was called. */
export interface Asked {
  /** Image path of the makefile. */
  path: string;
  text: string;
  cwd: string;
  /** Variables of the command line, in order. */
  given: readonly (readonly [name: string, value: string])[];
  goals: readonly string[];
  env(name: string): Known | undefined;
  read(path: string): string | undefined;
}

export interface Rule {
  /** Words, expanded; `order-only` ones too. */
  needs: string[];
  /** The lines of its recipes, as written, one list for each rule. */
  recipes: (readonly string[])[];
  /** With a double colon all of them run, else the last one. */
  double: boolean;
  /** Variables of this target and of what it needs. */
  own: { name: string; operator: string; value: string; exported: boolean }[];
  phony: boolean;
  /** Set where conditions that are not known, or patterns, decide what it does. */
  doubt?: string;
}

/** A makefile that was read. */
export interface Makefile {
  scope: Scope;
  asked: Asked;
  rules: Map<string, Rule>;
  /** Targets of which a part is not known or is a pattern, and what may be made by them. */
  vague: { before: string; after: string; why: string; explicit: boolean }[];
  variables: Map<string, Variable>;
  exported: Map<string, boolean>;
  exportsAll: boolean;
  /** It exports variables whose names are computed. */
  exportsMore: boolean;
  firstTarget: string | undefined;
  oneShell: boolean;
  mayFail: boolean;
  /** Image paths of the files that were read. */
  files: string[];
}

/** Source: GNU make manual, "Variables Used by Implicit Rules". */
const DEFAULTS: Readonly<Record<string, string>> = {
  CC: 'cc',
  CXX: 'c++',
  AR: 'ar',
  AS: 'as',
  LD: 'ld',
  RM: 'rm -f',
  SHELL: '/bin/sh',
  MAKE: 'make',
};

/** What a shell or a container sets by itself. */
const OF_SHELLS: ReadonlySet<string> = new Set([
  'PATH',
  'HOME',
  'PWD',
  'OLDPWD',
  'USER',
  'LOGNAME',
  'HOSTNAME',
  'SHLVL',
  'TERM',
  'MAKELEVEL',
  'MAKE_VERSION',
]);

/** A variable of the file, of make itself, or of its environment; undefined: not set. */
export function variableOf({ variables, asked, files }: Makefile, name: string): Variable | undefined {
  const own = variables.get(name);
  if (own) return own;
  if (name === 'CURDIR') return { text: asked.cwd, simple: true };
  if (name === 'MAKEFILE_LIST')
    return {
      text: ` ${files.map((path) => (path.startsWith(`${asked.cwd}/`) ? path.slice(asked.cwd.length + 1) : path)).join(' ')}`,
      simple: true,
    };
  if (name === 'MAKECMDGOALS') return { text: asked.goals.join(' '), simple: true };
  const outer = name === 'SHELL' ? undefined : asked.env(name);
  if (outer) return { text: 'value' in outer && !outer.value.includes('$') ? outer.value : UNKNOWN, simple: true, outside: true };
  if (OF_SHELLS.has(name)) return { text: UNKNOWN, simple: true };
  return Object.hasOwn(DEFAULTS, name) ? { text: DEFAULTS[name] ?? '', simple: true } : undefined;
}
