// Room: facts/. Who asks git about the repository of the context, while the image is built or when it runs.
import type { FileTree } from '../context/types.ts';
import { allOf, effectsOf } from '../effects/effects.ts';
import { placeOf } from '../effects/places.ts';
import type { Effects } from '../effects/types.ts';
import { GIT_CALL, GIT_CHANGES, gitReaders, type GitReader } from '../knowledge/git-readers.ts';
import { oncePer } from '../once.ts';
import { hitsOf, projectIn, projectsOf } from './applications.ts';
import { hitEvidence, type Project } from './project.ts';
import type { StageReading } from './reading.ts';
import type { Subject } from './subject.ts';
import type { Evidence } from './types.ts';

/** Somebody who reads the history. */
export interface GitUser {
  /** In words, as they stand behind "needed by". */
  who: string;
  /** Asks which files are tracked or changed: a tracked file that is hidden changes the answer. */
  changes: boolean;
}

/** Who reads the history: one who asks for changes before any other; undefined: nobody is seen to. */
export const gitUser = oncePer((subject: Subject): GitUser | undefined => {
  const users = [...commandUsers(subject), ...projectUsers(subject)];
  return users.find(({ changes }) => changes) ?? users[0];
});

/** The file that says that building what lies in a directory asks git; undefined: none does. */
export function gitReaderIn({ tree, ecosystems }: Project, ecosystem: string, dir: string): string | undefined {
  const rows = ecosystems.find(({ id }) => id === ecosystem)?.history ?? [];
  return (tree.list(dir) ?? []).find(({ kind, path }) => kind === 'file' && rows.some((row) => asks(tree, path, row)))?.path;
}

function asks(tree: FileTree, path: string, { files, pattern }: GitReader): boolean {
  if (!files.test(path)) return false;
  const read = tree.read(path);
  return read.kind === 'text' && pattern.test(read.text);
}

const DIRECTORIES = 400;
const PASSED: ReadonlySet<string> = new Set(
  'node_modules .git vendor target dist .venv venv __pycache__ .next test tests fixtures testdata'.split(' '),
);

/** The files of a context that may be asked, directories of others and of tests left out. */
const filesOf = oncePer((tree: FileTree): string[] => {
  const found: string[] = [];
  const dirs = [''];
  for (let n = 0; n < dirs.length && n < DIRECTORIES; n += 1)
    for (const { kind, name, path } of tree.list(dirs[n] ?? '') ?? [])
      if (kind === 'file') found.push(path);
      else if (kind === 'dir' && !PASSED.has(name)) dirs.push(path);
  return found;
});

/** The readers of these ecosystems and of none, and whether a file may be of one: one pattern for all, as most files are of none. */
const readersOf = oncePer((ecosystems: Project['ecosystems']): { rows: GitReader[]; isOfOne(path: string): boolean } => {
  const rows = [...ecosystems.flatMap(({ history }) => history ?? []), ...gitReaders];
  const plain = new RegExp(rows.flatMap(({ files }) => (files.flags === '' ? files.source : [])).join('|'));
  const others = rows.filter(({ files }) => files.flags !== '');
  return { rows, isOfOne: (path) => plain.test(path) || others.some(({ files }) => files.test(path)) };
});

function projectUsers(subject: Subject): GitUser[] {
  const { tree, ignore, ecosystems } = subject.project;
  const { rows, isOfOne } = readersOf(ecosystems);
  const found: GitUser[] = [];
  for (const path of filesOf(tree)) {
    if (!isOfOne(path)) continue;
    const row = rows.find((one) => asks(tree, path, one));
    if (!row || ignore.ignores(path)) continue;
    const read = tree.read(path);
    const changes = row.changes === undefined || (read.kind === 'text' && row.changes.test(read.text));
    found.push({ who: `${path}, which asks git`, changes });
  }
  for (const { project: one } of projectsOf(subject)) {
    const user = one.historyReader?.();
    if (user) found.push(user);
  }
  const hit = hitsOf(subject).find(({ kind, literal }) => kind === 'spawn' && literal !== undefined && /(^|\/)git$|^git /.test(literal));
  return hit ? [...found, { who: `${hit.file}:${hit.line}, which starts git`, changes: GIT_CHANGES.test(hit.text) }] : found;
}

/** What asks no repository of one's own. */
const OTHERS = /\bgit["']?,?\s*["']?(?:clone|ls-remote|init|config|version|--version)\b/;

/** Sources that start git, or use a library that reads repositories, when the container runs. */
export function runtimeGitUser(subject: Subject): { who: string; evidence: Evidence } | undefined {
  const hit = hitsOf(subject).find(
    ({ kind, literal, text }) => kind === 'spawn' && literal !== undefined && /(^|\/)git$|^git /.test(literal) && !OTHERS.test(text),
  );
  if (hit) return { who: `${hit.file}:${hit.line} starts git`, evidence: hitEvidence(hit) };
  const { project } = subject;
  const rows = project.ecosystems.flatMap(({ history }) => history ?? []).filter(({ opens }) => opens !== undefined);
  for (const path of filesOf(project.tree)) {
    const row = rows.find(({ files }) => files.test(path));
    const read = row && !project.ignore.ignores(path) ? project.tree.read(path) : undefined;
    if (row?.opens && read?.kind === 'text' && row.opens.test(read.text))
      return { who: `${path} opens a repository`, evidence: { file: path, says: 'opens a repository' } };
  }
  return undefined;
}

/** The program works with repositories when it runs, its own or others. */
export const startsGit = (subject: Subject): boolean =>
  runtimeGitUser(subject) !== undefined || projectsOf(subject).some(({ project }) => project.uses?.('git') === true);

function commandUsers(subject: Subject): GitUser[] {
  const { project, stages } = subject;
  const found: GitUser[] = [];
  for (const reading of stages)
    for (const { instruction, script } of scripted(reading)) {
      if (GIT_CALL.test(script.text))
        found.push({ who: `line ${instruction.line}, which asks git`, changes: GIT_CHANGES.test(script.text) });
      for (const command of script.seen) {
        if (!/git|\$|\.|run|build|make|npm|yarn/.test(command.words.map(({ raw }) => raw).join(' '))) continue;
        const effects = effectsOf(command, reading.shell(instruction), project.knowledge);
        for (const one of allOf([effects])) found.push(...userOf(one, instruction.line));
      }
    }
  return found;
}
function scripted({ stage }: StageReading) {
  return stage.instructions.flatMap((instruction) =>
    (instruction.keyword === 'RUN' || instruction.keyword === 'CMD' || instruction.keyword === 'ENTRYPOINT') && instruction.script
      ? [{ instruction, script: instruction.script }]
      : [],
  );
}

/** Verbs that ask nothing of the repository of the context. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'clone',
  'config',
  'init',
  'lfs',
  'version',
  '--version',
  'ls-remote',
  'credential',
  'help',
]);

function userOf({ program, command, after, within }: Effects, line: number): GitUser[] {
  const words = command.words.slice(1);
  const text = words.map(({ raw }) => raw).join(' ');
  if (program === 'git') {
    const verb = words.find(({ raw }, n) => !raw.startsWith('-') && !['-C', '-c'].includes(words[n - 1]?.raw ?? ''))?.raw ?? '';
    return ELSEWHERE.has(verb) || verb === ''
      ? []
      : [{ who: `line ${line}, which runs \`git ${verb}\``, changes: GIT_CHANGES.test(text) || verb === 'submodule' }];
  }
  if (within?.text !== undefined && GIT_CALL.test(within.text))
    return [
      {
        who: `line ${line}, which runs ${words[0]?.raw.endsWith('.sh') ? words[0].raw : program}, which asks git`,
        changes: GIT_CHANGES.test(within.text),
      },
    ];
  return words.flatMap((word) => {
    if (!/\.(js|cjs|mjs|ts|py|rb|pl|php|sh)$/.test(word.raw)) return [];
    const place = placeOf(word, after, false);
    const source = place && after.read?.(place.path);
    return source !== undefined && GIT_CALL.test(source)
      ? [{ who: `line ${line}, which runs ${word.raw}, which asks git`, changes: GIT_CHANGES.test(source) }]
      : [];
  });
}

/** A command behind the COPY of the context of which it is not known whether it asks git, as it stands behind "needed by". */
export function mayAskGit(subject: Subject): string | undefined {
  for (const { copies, runs } of subject.stages) {
    const from = copies.find(({ fromContext, broad }) => fromContext && broad)?.instruction.index ?? Number.POSITIVE_INFINITY;
    for (const { instruction, parts } of runs) {
      const found = instruction.index < from ? undefined : allOf(parts.map(({ effects }) => effects)).find((one) => unread(one, subject));
      if (found) return `\`${found.program}\` at line ${instruction.line}, as far as can be told`;
    }
  }
  return undefined;
}
/** Neither its sources nor the files that it reads are looked into. */
const unread = ({ does, program, sources }: Effects, subject: Subject): boolean =>
  does.kind === 'unknown' && !SCANNED.has(program) && (sources === undefined || projectIn(subject, sources) === undefined);
const SCANNED: ReadonlySet<string> = new Set(gitReaders.flatMap(({ programs = '' }) => programs.split(' ')));
