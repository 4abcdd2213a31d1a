// Room: base/. Whether a stage works on the slim twin of its base, and which packages it then lacks (rule book §4.4).
import type { Word } from '../dockerfile/types.ts';
import type { Subject } from '../facts/subject.ts';
import type { Evidence } from '../facts/types.ts';
import { installsOf } from '../installs/sites.ts';
import { pipInstall } from '../ecosystems/python/index.ts';
import { pythonPackages } from '../ecosystems/python/runtime.ts';
import { suiteOf } from './suite.ts';
import { commandStart, runCommand, type Need } from '../runtime/run-command.ts';
import { refusal, type Refusal } from '../transform.ts';
import { aptPlan } from './packages.ts';
import { neededPrograms, spawnedPrograms } from './programs.ts';

export interface SlimNeeds {
  packages: string[];
  evidence: Evidence[];
}

/** The packages that the final stage needs on the slim base, or why it cannot stand there. */
export function slimNeeds(subject: Subject): SlimNeeds | Refusal {
  const reading = subject.final;
  const { from } = reading.stage;
  const run = runCommand(subject);
  if ('unknown' in run) return refusal('rc-unresolved', `Cannot determine what the container runs: ${run.unknown}`, commandStart(subject));
  const opaque = reading.runs.find((r) => r.opaque !== undefined);
  if (opaque)
    return refusal(
      'opaque-run',
      `RUN at line ${opaque.instruction.line} is too dynamic to classify (${opaque.opaque})`,
      opaque.instruction.start,
    );
  const compiled = compileProblem(subject);
  if ('refused' in compiled) return compiled;
  const repository = reading.base.family?.repository ?? '';
  const apt = aptPlan(reading, suiteOfFinal(subject));
  const installed = new Set([...apt.both, ...apt.build]);
  const spawn = hitsOf(subject).find((h) => h.kind === 'spawn' && h.literal === undefined);
  if (spawn && subject.options.level !== 'max')
    return refusal('dynamic-subprocess', `${spawn.file}:${spawn.line} starts a program whose name is computed`, from.start, {
      evidence: [{ file: spawn.file, line: spawn.line, says: spawn.text }],
    });
  const needs: Need[] = [...run.value.needs, ...runPrograms(subject), ...spawned(subject)];
  const provided = (name: string): boolean => installed.has(name) || projectProvides(subject, name);
  const programs = neededPrograms(needs, { repository, ...reading.base.tag, suite: suiteOfFinal(subject), variant: 'slim' }, provided);
  const missing = programs.missing[0];
  if (missing)
    return refusal('runtime-command-unknown', `Program \`${missing.program}\` is used; its package is unknown`, from.start, {
      evidence: [missing.evidence],
    });
  return { packages: [...new Set([...programs.packages, ...compiled.packages])].sort(), evidence: [...run.evidence, ...compiled.evidence] };
}

const suiteOfFinal = ({ final }: Subject): string | undefined => suiteOf(final.base);
const hitsOf = (subject: Subject) => [...(subject.project.node('')?.hits() ?? []), ...(subject.project.python('')?.hits() ?? [])];
const spawned = (subject: Subject): Need[] => spawnedPrograms(hitsOf(subject));

/** Programs of the stage's own RUNs that belong to no package manager of a language. */
function runPrograms(subject: Subject): Need[] {
  return subject.final.runs.flatMap((r) =>
    r.parts
      .filter((p) => p.name !== '' && p.manager === undefined)
      .map((p) => ({
        program: p.command.words[0]?.value ?? p.name,
        evidence: { file: 'Dockerfile', line: r.instruction.line, says: `runs ${p.name}` },
      })),
  );
}
function projectProvides(subject: Subject, name: string): boolean {
  const bin = subject.project.node('')?.bin(name);
  return (bin !== undefined && 'value' in bin && bin.value !== undefined) || subject.project.python('')?.consoleScript(name) !== undefined;
}
/** Programs that are installed by name and are JavaScript all through. Source: their package.json, no install script below them. */
const PREBUILT = ['npm', 'pnpm', 'yarn', 'corepack', 'pm2', 'serve', 'typescript', 'ts-node', 'nodemon', 'http-server', '@nestjs/cli'];
/** The manager's own name, its verb and options, and the packages of the list. */
const prebuilt = (word: Word, n: number): boolean =>
  n < 2 ||
  (word.value !== undefined &&
    (word.value.startsWith('-') || ['add', 'global'].includes(word.value) || PREBUILT.includes(word.value.replace(/(?<=.)@.*$/, ''))));
/** What `pip install NAME` needs, wherever the project's own packages are listed. */
function pipNamed(subject: Subject, named: readonly string[]): ReturnType<typeof pythonPackages> {
  const project = subject.project.python('');
  const { tag } = subject.final.base;
  return project
    ? pythonPackages(project, { requirements: [] }, tag.version, { named, suite: suiteOfFinal(subject) })
    : { skip: 'needs-compiler', message: `${named[0] ?? 'pip'} may compile from source`, evidence: [], unknown: true };
}
/** Whether an install of the stage may compile something: then slim lacks the compiler. */
function compileProblem(subject: Subject): { packages: string[]; evidence: Evidence[] } | Refusal {
  const found = { packages: [] as string[], evidence: [] as Evidence[] };
  for (const need of subject.project.node('')?.systemNeeds() ?? []) {
    if (need.skip)
      return refusal(need.skip, `${need.package} needs a browser and its libraries`, subject.final.stage.from.start, {
        evidence: [need.evidence],
      });
    found.packages.push(...need.debian);
  }
  for (const run of subject.final.runs) {
    const at = run.instruction.start;
    if (run.parts.some((p) => p.kind === 'compile' && !['node', 'python', 'python3', 'sh', 'bash'].includes(p.name)))
      return refusal('needs-compiler', `RUN at line ${run.instruction.line} compiles`, at);
    const installs = installsOf(subject.final, run, subject);
    const unread = run.parts.find(
      (p) => p.manager?.ecosystem === 'python' && ['install', 'build'].includes(p.kind) && !installs.some((i) => i.part === p),
    );
    if (unread) return refusal('needs-compiler', `What \`${unread.command.words.map((w) => w.raw).join(' ')}\` installs is not known`, at);
    for (const install of installs) {
      if (install.manager.ecosystem === 'node') {
        const packages = subject.project.node(install.dir ?? '')?.installScriptPackages();
        if (!packages || 'unknown' in packages)
          return refusal(
            'needs-compiler',
            `A package may compile from source: ${packages?.unknown ?? 'package.json is not in the context'}`,
            at,
            { allow: 'Commit a package-lock.json of lockfileVersion 2 or 3 (npm 7 and newer write it).' },
          );
        if (packages.value[0] !== undefined)
          return refusal('needs-compiler', `${packages.value[0]} may compile from source`, at, { evidence: packages.evidence });
      }
      if (install.manager.ecosystem === 'python') {
        const project = subject.project.python(install.dir ?? '');
        if (!project) return refusal('needs-compiler', 'The list of packages is not in the context', at);
        const read = pipInstall(install.part.command);
        const source = install.manager.id === 'poetry' ? { lock: 'poetry' as const } : { requirements: install.files };
        const needs = pythonPackages(project, source, subject.final.base.tag.version, { named: read?.named, suite: suiteOfFinal(subject) });
        if ('skip' in needs) return refusal('needs-compiler', needs.message, at, { evidence: needs.evidence });
        found.packages.push(...needs.debian);
      }
    }
    const pip = run.parts.flatMap((p) => (p.kind === 'install-named' ? (pipInstall(p.command)?.named ?? []) : []));
    const needs = pip.length === 0 ? { debian: [] } : pipNamed(subject, pip);
    if ('skip' in needs) return refusal('needs-compiler', needs.message, at, { evidence: needs.evidence });
    found.packages.push(...needs.debian);
    const named = run.parts.find((p) => p.kind === 'install-named' && p.manager?.ecosystem === 'node' && !p.command.words.every(prebuilt));
    if (named) return refusal('needs-compiler', `\`${named.command.words.map((w) => w.raw).join(' ')}\` may compile from source`, at);
  }
  return found;
}
