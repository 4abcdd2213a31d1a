// Room: ecosystems/java. The image that a jar runs on: the same Java without a compiler, with it where it is needed, or the original's own.
import { computedStart } from '../../runtime/spawned.ts';
import { neededPrograms, spawnedPrograms } from '../../base/programs.ts';
import { hitEvidence } from '../../facts/project.ts';
import type { Evidence, Need } from '../../facts/types.ts';
import type { Note } from '../../types.ts';
import type { Situation } from '../../../transforms/multi-stage/situation.ts';
import { runFiles } from '../../runtime/run-files.ts';
import { originOf } from '../../facts/copies.ts';
import { kitOf, type Kit } from './kits.ts';
import type { JavaProject } from './project.ts';

export interface JavaRuntime {
  image: string;
  packages: string[];
  manager: 'apt' | 'apk';
  /** Lines that give the environment of the original back. */
  setup: string[];
  notes: Omit<Note, 'transform'>[];
  evidence: Evidence[];
  why: string;
}

/** Programs of a JDK that a JRE has not. Source: docs.oracle.com, "Java Development Kit Tool Specifications". */
const TOOLS = new Set('javac jar jcmd jstack jmap jps jstat jinfo jshell jlink jdeps javap jdb jhsdb jconsole native-image'.split(' '));
/** Directories in which images other than eclipse-temurin keep Java. */
const OTHER_HOME = /\/usr\/local\/openjdk|\/usr\/java\/|\/usr\/lib\/jvm|\/docker-java-home/;

/** Chooses the image. */
export function javaRuntime(s: Situation, project: JavaProject): JavaRuntime {
  const { image, family, tag } = s.reading.base;
  const own = [...new Set([...s.apt.both, ...s.apt.libraries])];
  const manager = s.apt.manager ?? (tag.variant === 'alpine' ? 'apk' : 'apt');
  const stay = (id: string, message: string, evidence: Evidence[] = []): JavaRuntime => ({
    image: s.stays ?? image.raw,
    packages: s.shared ? [] : own,
    manager,
    setup: [],
    notes: [{ id, message: `The last stage stands on ${image.raw} as before: ${message}` }],
    evidence,
    why: 'sources, downloads and what else the build leaves stay in the build stage',
  });
  if (s.subject.options.base === 'keep') return stay('same-base', '--base keep');
  if (s.stays !== undefined) return { ...stay('same-base', ''), notes: [] };
  const kit = family && kitOf(family.repository, image);
  if (!kit) return stay('same-base', 'its tag names no Java that has an image without a compiler');
  const foreign = homeReason(s) ?? (kit.foreign ? foreignReason(s, own) : undefined);
  if (foreign) return stay(foreign.id, foreign.message, foreign.evidence);
  const reason = kitReason(s, project);
  const doubt = ownUser(s) ?? systemDoubt(s, project);
  if (doubt) return stay(doubt.id, doubt.message, doubt.evidence);
  const repository =
    family.repository === 'eclipse-temurin'
      ? image.raw.slice(0, image.raw.lastIndexOf(':') > image.raw.lastIndexOf('/') ? image.raw.lastIndexOf(':') : undefined)
      : 'eclipse-temurin';
  const chosen = `${repository}:${reason ? kit.jdk : kit.jre}`;
  const needs = neededPrograms(
    [...s.run.needs, ...s.runs.programs, ...spawnedPrograms(s.subject, project.hits())],
    { row: s.subject.project.images.row('eclipse-temurin'), variant: kit.system.startsWith('-alpine') ? 'alpine' : 'full' },
    s.reading,
    (name) => TOOLS.has(name) || s.apt.both.includes(name),
  );
  const [missing] = needs.missing;
  if (missing)
    return stay('runtime-command-unknown', `\`${missing.program}\` is used at run time, and its package is unknown`, [missing.evidence]);
  return {
    image: chosen,
    packages: [...new Set([...own, ...needs.packages])],
    manager: kit.system.startsWith('-alpine') ? 'apk' : 'apt',
    setup: kit.foreign ? ['ENV LANG=C.UTF-8 LANGUAGE= LC_ALL='] : [],
    notes: [...notesOf(kit, reason, chosen), ...notAsked(s, kit, chosen)],
    evidence: [...(reason ? [reason] : []), ...needs.evidence],
    why: reason
      ? `it runs on the same Java, with its compiler, which ${placeOf(reason)} may need`
      : 'it runs on the same Java without a compiler',
  };
}

/** Another system below Java is not chosen: libraries in the jars may be made for this one. */
function notAsked({ subject: { options } }: Situation, kit: Kit, chosen: string): JavaRuntime['notes'] {
  const asked =
    ['alpine', 'distroless', 'scratch'].includes(options.base) && !(options.base === 'alpine' && kit.system.startsWith('-alpine'));
  return asked
    ? [
        {
          id: 'base-not-possible',
          message: `${options.base} is not possible here: jars may bring libraries for this system; ${chosen} is used`,
        },
      ]
    : [];
}

const placeOf = ({ file, line }: Evidence): string => (line === undefined ? file : `${file}:${line}`);

function notesOf(kit: Kit, reason: Evidence | undefined, chosen: string): JavaRuntime['notes'] {
  return [
    ...(reason ? [{ id: 'needs-jdk', message: `${chosen} has a compiler, which ${placeOf(reason)} may need: ${reason.says}` }] : []),
    ...(kit.foreign
      ? [
          {
            id: 'java-vendor',
            message: `The last stage has the Java ${kit.version} of eclipse-temurin, as the images of openjdk are no longer maintained; its locale is set as openjdk sets it, and JAVA_HOME is /opt/java/openjdk`,
          },
        ]
      : []),
  ];
}

/** What needs a JDK when it runs: sources, packages, or a program of it. */
function kitReason({ run }: Situation, project: JavaProject): Evidence | undefined {
  const tool = run.needs.find((need: Need) => TOOLS.has(need.program));
  const started = project.hits().find((hit) => hit.kind === 'spawn' && hit.literal !== undefined && TOOLS.has(hit.literal));
  return tool ? { ...tool.evidence, says: `starts ${tool.program}` } : started ? hitEvidence(started) : project.kit();
}

interface Doubt {
  id: string;
  message: string;
  evidence: Evidence[];
}

/** A user of the original's image that the container runs as, or that its files are given to. */
function ownUser({ reading, runs }: Situation): Doubt | undefined {
  const user = 'value' in reading.end.user ? reading.end.user.value : '';
  const names = [...user.split(':'), ...(runs.owner?.owner.split(':') ?? [])];
  const own = reading.base.family?.users.find(({ name }) => names.includes(name) && name !== 'ubuntu');
  return own && { id: 'same-base', message: `the user ${own.name} is one of that image`, evidence: [] };
}

/** Programs and libraries of the system that cannot be told. */
function systemDoubt({ subject }: Situation, project: JavaProject): Doubt | undefined {
  const hits = project.hits();
  const spawn = computedStart(subject, hits);
  if (spawn && subject.options.level !== 'max')
    return { id: 'dynamic-subprocess', message: spawn.says, evidence: [hitEvidence(spawn.hit)] };
  const loaded = hits.find((hit) => hit.kind === 'dlopen');
  if (loaded)
    return { id: 'ctypes-dlopen', message: `${loaded.file}:${loaded.line} loads a library of the system`, evidence: [hitEvidence(loaded)] };
  return undefined;
}

/** A path of Java in the Dockerfile, a script or a file that the command names. */
function homeReason({ subject, reading, run }: Situation): Doubt | undefined {
  const { stage } = reading;
  const named = [
    ...stage.instructions.map((i) => ({ file: 'Dockerfile', line: i.line, text: i.logical.text })),
    ...run.scripts.map(({ path, text }) => ({ file: path, line: 1, text })),
    ...runFiles(subject, run, []).flatMap((path) => {
      const origin = originOf(reading.copies, subject.project.tree, path);
      const read = origin === undefined ? undefined : subject.project.tree.read(origin);
      return read?.kind === 'text' && origin !== undefined ? [{ file: origin, line: 1, text: read.text }] : [];
    }),
  ].find(({ text }) => OTHER_HOME.test(text));
  if (named)
    return {
      id: 'java-home-hardcoded',
      message: `${named.file}:${named.line} names ${OTHER_HOME.exec(named.text)?.[0]}, where another image keeps no Java`,
      evidence: [{ file: named.file, line: named.line, says: named.text.trim().slice(0, 100) }],
    };
  return undefined;
}

/** Why an image of openjdk is not replaced: its users and its packages are those of another system. */
function foreignReason({ reading: { stage }, runs }: Situation, packages: readonly string[]): Doubt | undefined {
  if (packages.length > 0) return { id: 'foreign-package-manager', message: `${packages[0]} is a package of its system`, evidence: [] };
  const users = [...runs.repeats.keys(), ...runs.users.keys()].flatMap((index) => stage.instructions.filter((i) => i.index === index));
  const taken = users.find((i) => /\b1000\b/.test(i.logical.text));
  if (taken)
    return {
      id: 'uid-1000-taken',
      message: `line ${taken.line} makes a user of the number 1000, which eclipse-temurin has already`,
      evidence: [],
    };
  return undefined;
}
