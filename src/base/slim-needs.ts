// Room: base/. Whether a stage works on the slim twin of its base, and which packages it then lacks.
import { computedStart } from '../runtime/spawned.ts';
import { hitsOfKind, projectsOf } from '../facts/applications.ts';
import { hitEvidence } from '../facts/project.ts';
import { fullImageFile, fullImageReason } from './full-image-files.ts';
import type { Run } from '../dockerfile/types.ts';
import { allOf } from '../effects/effects.ts';
import type { Effects } from '../effects/types.ts';
import type { PackageManager, SourceHit } from '../ecosystems/types.ts';
import type { RunPart, RunReading } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';
import type { Evidence, Need } from '../facts/types.ts';
import { COMPILE_CALL } from '../knowledge/compile-calls.ts';
import { packageName } from '../knowledge/debian-packages.ts';
import { filesDoubt } from '../installs/manifest-origin.ts';
import { installsOf } from '../installs/sites.ts';
import { suiteOf } from './suite.ts';
import { everyCommand } from '../runtime/other-commands.ts';
import { commandStart } from '../runtime/run-command.ts';
import { isRefusal, refusal, type Refusal } from '../refusal.ts';
import { shortened } from '../facts/eligible.ts';
import { computedAtStart, installAtStart } from './installs-at-start.ts';
import { lackingDirectory, madeByCopies } from './directories.ts';
import { packagePlan } from './packages.ts';
import { toldOf } from './part-places.ts';
import { companions, neededPrograms, spawnedPrograms } from './programs.ts';

export interface SlimNeeds {
  packages: string[];
  evidence: Evidence[];
  /** What the level max takes for granted, as sentences. */
  assumed?: string[];
}

/** Who knows what installs of its packages need there. */
export interface Slimming {
  managers: readonly PackageManager[];
  onSlim?(subject: Subject): SlimNeeds | Refusal;
}

/** The packages that the final stage needs on the slim base, or why it cannot stand there. */
export function slimNeeds(subject: Subject, ecosystems: readonly Slimming[]): SlimNeeds | Refusal {
  const reading = subject.final;
  const { from } = reading.stage;
  const run = everyCommand(subject);
  if ('unknown' in run)
    return refusal(run.id ?? 'rc-unresolved', `Cannot determine what the container runs: ${run.unknown}`, commandStart(subject));
  const atStart = installAtStart(subject, run.value);
  if (atStart) return atStart;
  const computed = computedAtStart(run.value);
  if (computed && subject.options.level !== 'max') return computed;
  const opaque = reading.runs.find((r) => r.opaque !== undefined);
  if (opaque)
    return refusal(
      'opaque-run',
      `RUN at line ${opaque.instruction.line} is more than a list of commands (${opaque.opaque})`,
      opaque.instruction.start,
    );
  const compiled = compileProblem(subject, ecosystems);
  if ('refused' in compiled) return compiled;
  const lost = missingDirectory(subject);
  if (lost) return lost;
  const apt = packagePlan(reading, suiteOfFinal(subject), subject.project.image?.facts);
  const globals = reading.runs.flatMap((run) => run.parts.flatMap((part) => part.manager?.globals?.(part.command) ?? []));
  const installed = new Set([...apt.both, ...apt.build, ...globals]);
  const named = new Set([...installed].map(packageName));
  const spawn = computedStart(subject, hitsOf(subject));
  if (spawn && subject.options.level !== 'max')
    return refusal('dynamic-subprocess', spawn.says, from.start, { evidence: [hitEvidence(spawn.hit)] });
  const loaded = hitsOf(subject).find(loadsForeign);
  if (loaded)
    return refusal('ctypes-dlopen', loadedReason(loaded), from.start, {
      evidence: [hitEvidence(loaded)],
    });
  const file = apt.both.length === 0 ? fullImageFile(hitsOf(subject), reading.copies, subject.project.tree) : undefined;
  if (file)
    return refusal('file-of-full-image', fullImageReason(file), from.start, {
      evidence: [hitEvidence(file)],
    });
  const needs: Need[] = [...run.value.needs, ...runPrograms(subject), ...spawned(subject)];
  const provided = (name: string): boolean => installed.has(name) || projectProvides(subject, name);
  const programs = neededPrograms(
    needs,
    { row: reading.base.family?.row, ...reading.base.tag, suite: suiteOfFinal(subject), variant: 'slim' },
    reading,
    provided,
  );
  const missing = programs.missing[0];
  if (missing)
    return refusal('runtime-command-unknown', `Program \`${missing.program}\` is used; its package is unknown`, from.start, {
      evidence: [missing.evidence],
    });
  const wanted = [...programs.packages, ...compiled.packages];
  const beside = companions(
    [...apt.both, ...wanted],
    { row: reading.base.family?.row, ...reading.base.tag, suite: suiteOfFinal(subject) },
    apt.recommended,
  );
  const lacking = [...wanted, ...beside].filter((name) => !named.has(name));
  return {
    packages: [...new Set(lacking)].sort(),
    evidence: [...run.evidence, ...compiled.evidence, ...programs.evidence],
    assumed: compiled.assumed ?? [],
  };
}

/** A library that is loaded by its name, or by a path that is computed: not one that lies beside the sources. */
export const loadsForeign = ({ kind, literal }: SourceHit): boolean =>
  kind === 'dlopen' && !(literal !== undefined && /^\.{1,2}\//.test(literal));

/** Why a smaller image will not do: libraries by their name, or a compiler (cffi, pyximport, torch.compile). */
export const loadedReason = ({ file, line, text }: SourceHit): string =>
  COMPILE_CALL.test(text)
    ? `${file}:${line} compiles when it runs, and the smaller image has no compiler`
    : `${file}:${line} loads a shared library by name, which the smaller image may lack`;

/** A RUN that writes to a directory which the slim image may not have: neither a RUN nor a COPY of the stage makes it. */
function missingDirectory({ final }: Subject): Refusal | undefined {
  const dirs = madeByCopies(final);
  for (const { instruction, parts } of final.runs)
    for (const { effects, manager } of parts) {
      const { known } = effects.own;
      if (effects.does.kind === 'files' && effects.does.makes) dirs.push(...known.map(({ path }) => path));
      else if (!manager && (effects.does.kind === 'files' || effects.does.kind === 'nothing')) {
        const lost = lackingDirectory(known, dirs, parts);
        if (lost !== undefined)
          return refusal(
            'opaque-run',
            `RUN at line ${instruction.line} writes to ${lost}, whose directory the slim image may not have`,
            instruction.start,
          );
      }
    }
  return undefined;
}

const suiteOfFinal = ({ final }: Subject): string | undefined => suiteOf(final.base);
/** Of the projects that are interpreted: a binary is no reason to stand on this image. */
const hitsOf = (subject: Subject): SourceHit[] => hitsOfKind(subject, 'interpreted');
const spawned = (subject: Subject): Need[] => spawnedPrograms(subject, hitsOf(subject));

/** Programs of the stage's own RUNs that belong to no package manager of a language, those that scripts and wrappers start among them. */
function runPrograms(subject: Subject): Need[] {
  return subject.final.runs.flatMap(({ instruction, parts }) => {
    const evidence = (name: string): Need['evidence'] => ({ file: 'Dockerfile', line: instruction.line, says: `runs ${name}` });
    const own = allOf(parts.filter((p) => p.manager === undefined).map((p) => p.effects)).filter((e) => e.does.kind !== 'package');
    return own.flatMap((e) => [
      ...e.wrappers.map(({ program }) => ({ program, evidence: evidence(program) })),
      ...(e.program === ''
        ? []
        : [{ program: e.command.words[0]?.value ?? e.program, evidence: evidence(e.program), isRead: e.starts.length > 0 }]),
      ...(e.also ?? []).map((program) => ({ program, evidence: evidence(program) })),
    ]);
  });
}
const projectProvides = (subject: Subject, name: string): boolean =>
  projectsOf(subject).some(({ project }) => project.provides?.(name) ?? false);

/** Whether a RUN of the stage may compile something: then slim lacks the compiler. What a RUN starts and is not read may do so too. */
function compileProblem(subject: Subject, ecosystems: readonly Slimming[]): SlimNeeds | Refusal {
  const assumed: string[] = [];
  const found: SlimNeeds = { packages: [], evidence: [], assumed };
  const read = new Set(ecosystems.flatMap((e) => (e.onSlim ? e.managers : [])).map((manager) => manager.id));
  for (const run of subject.final.runs)
    for (const part of run.parts) {
      const { instruction } = run;
      const foreign = allOf([part.effects]).find(
        ({ does, program }) => does.kind === 'package' && does.manager === 'dpkg' && program === 'dpkg',
      );
      if (foreign)
        return refusal(
          'needs-compiler',
          `\`${shortened(foreign.command.words.map(({ raw }) => raw).join(' '))}\` (line ${instruction.line}) brings none of what its package depends on, and the slim image may lack it`,
          instruction.start,
          { allow: 'Install the file with apt-get install ./FILE, which brings what it depends on.' },
        );
      const compiles = (part.opened ?? [part]).find((one) => one.kind === 'compile' && !interprets(one));
      if (compiles) return compiledBy(subject, compiles, instruction);
      const unread = unreadPart(part, read) ?? unreadInstall(subject, run, part, read);
      if (unread) return refused(unread, instruction);
    }
  for (const ecosystem of ecosystems) {
    const needs = ecosystem.onSlim?.(subject);
    if (needs && isRefusal(needs)) return needs;
    found.packages.push(...(needs?.packages ?? []));
    found.evidence.push(...(needs?.evidence ?? []));
    assumed.push(...(needs?.assumed ?? []));
  }
  return found;
}
/** Where a RUN above installs a compiler, the libraries are what the slim image may lack. */
function compiledBy({ final }: Subject, { effects: { program } }: RunPart, { line, start, index }: Run): Refusal {
  const has = final.runs.some(
    ({ instruction, parts }) =>
      instruction.index <= index &&
      parts.some(
        ({ manager, command }) =>
          manager?.ecosystem === 'system' &&
          command.words.some(({ value = '' }) => /^(?:build-essential|build-base|gcc|g\+\+|clang)$/.test(value)),
      ),
  );
  return has
    ? refusal(
        'needs-compiler',
        `\`${program}\` (line ${line}) may compile, and which libraries of the full image it links is not known`,
        start,
        {
          allow: 'Write the slim image into FROM, and install the libraries beside the compiler.',
        },
      )
    : refusal('needs-compiler', `\`${program}\` (line ${line}) may compile, and the slim image has no compiler`, start, {
        allow: 'Write the slim image into FROM, and install what the compiler needs in a RUN above.',
      });
}
const refused = ({ id, why, allow }: Unread, { line, start }: Run): Refusal => refusal(id, `RUN at line ${line} ${why}`, start, { allow });
/** The program makes text, or runs a file or a module that it is given, and compiles nothing: the tool is not the program, or the sources are the project's. */
const interprets = ({ effects: { does, program, sources } }: RunPart): boolean =>
  sources !== undefined || (does.kind === 'build' && (does.text === true || does.tool !== program));

interface Unread {
  id: string;
  why: string;
  allow: string;
}
/** What of a part is not read: an installer whose packages nobody knows, or a program that may start any other. `read`: the managers whose installs are. */
function unreadPart(part: RunPart, read: ReadonlySet<string>): Unread | undefined {
  const { manager, kind, effects } = part;
  if (manager?.ecosystem === 'system') return undefined;
  const open = kind === 'other' && effects.does.kind === 'package' && effects.writes.unknown !== undefined;
  if (open)
    return {
      id: 'needs-compiler',
      why: `runs \`${written(effects)}\`, and what that installs cannot be told: it may compile`,
      allow: 'Take the slim image for FROM by hand, where nothing compiles.',
    };
  if (manager && read.has(manager.id) && effects.starts.length === 0 && kind !== 'run') return undefined;
  const installs = allOf([effects]).find(
    (e) =>
      e.does.kind === 'package' &&
      !SYSTEM.has(e.does.manager) &&
      (!read.has(e.does.manager) || (e !== effects && !['build', 'run', 'test', 'clean-cache'].includes(e.does.what))),
  );
  if (installs)
    return {
      id: 'needs-compiler',
      why: `runs \`${written(installs)}\`, and what that installs is not read: it may compile`,
      allow: 'Take the slim image for FROM by hand, where nothing compiles.',
    };
  return startedUnread(part);
}

/** It starts what cannot be told, which may need a program of the full image. */
function startedUnread({ effects }: RunPart): Unread | undefined {
  const unknown = allOf([effects]).find((e) => e.does.kind === 'unknown' && e.startsUnknown !== undefined);
  const why = unknown?.startsUnknown ?? effects.startsUnknown;
  return why === undefined
    ? undefined
    : {
        id: 'opaque-run',
        why: toldOf(unknown?.program ?? effects.program, why),
        allow: 'Take the slim image for FROM by hand, where the command starts nothing that only the full image has.',
      };
}
/** An install whose packages are not those of the repository's manifest, or cannot be told. */
function unreadInstall(subject: Subject, run: RunReading, part: RunPart, read: ReadonlySet<string>): Unread | undefined {
  if (!part.manager || !read.has(part.manager.id) || (part.kind !== 'install' && part.kind !== 'install-named')) return undefined;
  const allow = 'Let the image install from the manifest of the repository as it is.';
  const told = `runs \`${written(part.effects)}\``;
  if (part.effects.reads.unknown !== undefined && part.effects.wrappers.length > 0)
    return { id: 'needs-compiler', why: `${told} on what another command lists: it may compile`, allow };
  const install = installsOf(subject.final, run, subject).find((one) => one.part === part);
  if (!install) return undefined;
  const doubt = install.changed ?? filesDoubt(subject.final, run, install, subject.project.tree);
  if (doubt !== undefined) return { id: 'needs-compiler', why: `${told}, whose packages cannot be told (${doubt}): it may compile`, allow };
  return install.dir === undefined
    ? { id: 'needs-compiler', why: `${told}, and which manifest that reads cannot be told: it may compile`, allow }
    : undefined;
}
const SYSTEM: ReadonlySet<string> = new Set(['apt', 'apk', 'dpkg']);
const written = ({ command }: Effects): string => command.words.map((word) => word.raw).join(' ');
