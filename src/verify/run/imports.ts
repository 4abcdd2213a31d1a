// Room: verify/run/. Whether the rewritten image still imports the packages that the application locks.
import { mark, nodeScript, pythonScript, type ImportLine } from './import-scripts.ts';
import { nodeOf, pythonOf, type Interpreter } from '../image/interpreters.ts';
import type { LockedDependencies } from '../../checkout/types.ts';
import { EngineError, type BuiltImage, type Check, type Difference, type ImageContents, type Session } from '../types.ts';

export type { LockedDependencies };

interface Language {
  id: 'python' | 'node';
  title: string;
  script: string;
  /** The flag behind which the script is given. */
  flag: string;
  interpreterOf(contents: ImageContents, config: BuiltImage['config'], names: readonly string[]): Interpreter | undefined;
}
const languages: readonly Language[] = [
  { id: 'python', title: 'Python', script: pythonScript, flag: '-c', interpreterOf: pythonOf },
  { id: 'node', title: 'Node.js', script: nodeScript, flag: '-e', interpreterOf: nodeOf },
];

/** Milliseconds for one start of the interpreter; large packages take some seconds each. */
const runTime = 180_000;
/** A module that ends the interpreter is passed over, and the rest tried again. */
const maxStarts = 4;
const maxNames = 500;
const maxTold = 20;

/** What came of importing. */
interface Imported {
  modules: Map<string, { of: string; error: string | undefined }>;
  /** Packages that are not there at all. */
  absent: Map<string, string>;
  /** Why nothing could be imported. */
  broken: string | undefined;
}

/**
 * Imports the top-level modules of the locked packages in both images, by the interpreter in them, without a network. Fails with what the original imports and the
 * rewritten image does not. Throws an EngineError when interrupted.
 */
export async function checkImports(
  session: Session,
  before: BuiltImage,
  after: BuiltImage,
  contents: { before: ImageContents; after: ImageContents },
  locked: LockedDependencies,
): Promise<Check> {
  const results: Compared[] = [];
  for (const language of languages) {
    const names = locked[language.id].slice(0, maxNames);
    if (names.length === 0) continue;
    const first = language.interpreterOf(contents.before, before.config, names);
    if (!first) continue;
    const original = await remembered(session, before.image, language, () => importAll(session, before.image, first, language, names));
    const second = language.interpreterOf(contents.after, after.config, names);
    const rewritten = second ? await importAll(session, after.image, second, language, names) : absentInterpreter(language);
    results.push(compare(original, rewritten, language));
  }
  return checkOf(results);
}

const absentInterpreter = ({ title }: Language): Imported => ({ modules: new Map(), absent: new Map(), broken: `${title} is not in it` });

/** The original is the same for every rewrite that is tried. */
const originals = new WeakMap<Session, Map<string, Imported>>();
async function remembered(session: Session, image: string, { id }: Language, make: () => Promise<Imported>): Promise<Imported> {
  const known = originals.get(session) ?? new Map<string, Imported>();
  originals.set(session, known);
  const key = `${id} ${image}`;
  const result = known.get(key) ?? (await make());
  known.set(key, result);
  return result;
}

async function importAll(
  session: Session,
  image: string,
  interpreter: Interpreter,
  language: Language,
  names: readonly string[],
): Promise<Imported> {
  const imported: Imported = { modules: new Map(), absent: new Map(), broken: undefined };
  for (let start = 0; start < maxStarts; start += 1) {
    const ran = await runIn(session, image, interpreter, [
      language.flag,
      language.script,
      JSON.stringify(names),
      JSON.stringify([...imported.modules.keys()]),
    ]);
    const open = readLines(ran.stdout, imported);
    if (ran.code === 0) return imported;
    // It ended in the middle of this module: a crash of compiled code, or no end within the time.
    if (open?.start === undefined) {
      const said = ran.stderr.trim().split('\n').at(-1) ?? '';
      imported.broken = `${interpreter.program} does not run: ${said || (ran.stopped ?? `exit code ${String(ran.code)}`)}`;
      return imported;
    }
    const how = ran.stopped === 'timeout' ? `it does not load within ${runTime / 1000} s` : `the interpreter ends with ${String(ran.code)}`;
    imported.modules.set(open.start, { of: open.of ?? open.start, error: how });
  }
  return imported;
}

/** Notes what the lines say; the module that was begun and not ended, if any. */
function readLines(stdout: string, imported: Imported): ImportLine | undefined {
  let open: ImportLine | undefined;
  for (const text of stdout.split('\n')) {
    if (!text.startsWith(mark)) continue;
    const line = lineOf(text.slice(mark.length));
    if (!line) continue;
    open = line.start === undefined ? undefined : line;
    if (line.module !== undefined) imported.modules.set(line.module, { of: line.of ?? line.module, error: line.error ?? undefined });
    else if (line.start === undefined && line.of !== undefined) imported.absent.set(line.of, line.error ?? '');
    else if (line.start === undefined) imported.broken = line.error ?? undefined;
  }
  return open;
}

/** The modules of the image write to the same stream. */
function lineOf(text: string): ImportLine | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    const isText = (one: unknown): boolean => one === undefined || one === null || typeof one === 'string';
    return Object.values(value).every(isText) ? value : undefined;
  } catch {
    return undefined;
  }
}

async function runIn(
  session: Session,
  image: string,
  { program, workdir }: Interpreter,
  args: readonly string[],
): ReturnType<Session['engine']['run']> {
  const { limits, labels, engine, signal } = session;
  const caps = ['--memory', limits.memory, '--cpus', limits.cpus, '--pids-limit', String(limits.pids), '--network', 'none'];
  const at = workdir === undefined ? [] : ['--workdir', workdir];
  const id = await engine.ask(['create', ...labels, ...caps, ...at, '--entrypoint', program, image, ...args], { signal });
  try {
    const ran = await engine.run(['start', '--attach', id], { signal, timeout: runTime });
    if (signal.aborted) throw new EngineError({ kind: 'interrupted', message: 'interrupted', hint: undefined, log: '' });
    return ran;
  } finally {
    // Without the signal: it is removed when interrupted, too.
    await engine.run(['rm', '--force', '--volumes', id], { timeout: 60_000 });
  }
}

interface Compared {
  title: string;
  /** Modules that the original imports. */
  count: number;
  packages: number;
  notBefore: number;
  lost: { module: string; of: string; error: string }[];
  broken: string | undefined;
}

function compare(original: Imported, rewritten: Imported, { title }: Language): Compared {
  const working = [...original.modules].filter(([, { error }]) => error === undefined);
  const lost = working.flatMap(([module, { of }]) => {
    const now = rewritten.modules.get(module);
    if (now && now.error === undefined) return [];
    return [{ module, of, error: now?.error ?? rewritten.absent.get(of) ?? rewritten.broken ?? 'was not reached' }];
  });
  return {
    title,
    count: working.length,
    packages: new Set(working.map(([, { of }]) => of)).size,
    notBefore: original.modules.size - working.length,
    lost,
    broken: original.broken,
  };
}

function checkOf(results: readonly Compared[]): Check {
  const say = (outcome: Check['outcome'], detail: string): Check => ({ id: 'imports', outcome, detail, differences: [] });
  const compared = results.filter(({ count }) => count > 0);
  const broken = results.find((one) => one.broken !== undefined)?.broken;
  if (compared.length === 0)
    return say(
      'not-checked',
      broken === undefined
        ? 'There is nothing to import: no locked packages of Python or Node.js'
        : `Nothing was imported in the original: ${broken}`,
    );
  const lost = compared.flatMap((one) => one.lost);
  const before = compared.reduce((sum, { notBefore }) => sum + notBefore, 0);
  const rest = before > 0 ? `; ${before} that the original cannot import are not counted` : '';
  const counted = compared.map(({ title, count, packages }) => `${count} modules of ${packages} locked ${title} packages`).join(' and ');
  // What is missing itself says more than what needs it.
  const first = lost.find(({ module, error }) => error.includes(`'${module}'`)) ?? lost[0];
  if (!first) return say('passed', `${counted} are imported as in the original${rest}`);
  const differences = lost
    .slice(0, maxTold)
    .map(({ module, error }): Difference => ({ what: `import ${module}`, before: 'works', after: error }));
  return {
    ...say(
      'failed',
      `${first.module} cannot be imported in the rewritten image: ${first.error.split('\n')[0] ?? ''}${lost.length > 1 ? `; ${lost.length - 1} more modules` : ''}${rest}`,
    ),
    differences,
    log: lost
      .slice(0, maxTold)
      .map(({ module, error }) => `${module}: ${error}`)
      .join('\n'),
    about: [...new Set(lost.map(({ of }) => of))].slice(0, maxTold),
  };
}
