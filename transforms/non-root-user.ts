// non-root-user: the container runs as a user without rights over the image.
import type { Edit, Piece } from '../src/dockerfile/edits.ts';
import type { Instruction } from '../src/dockerfile/types.ts';
import { linesAfter, linesBefore } from '../src/dockerfile/write.ts';
import { rootNeeds } from '../src/runtime/root-needs.ts';
import { MAY_BE_DATA } from '../src/runtime/write-found.ts';
import { writePaths, type WritePaths } from '../src/runtime/write-paths.ts';
import { assumption } from '../src/base/doubts.ts';
import { isForeign } from '../src/base/base.ts';
import { imageRefusal } from '../src/facts/eligible.ts';
import { landingIn, type CopyReading } from '../src/facts/copies.ts';
import { isRoot } from '../src/facts/reading.ts';
import type { Subject } from '../src/facts/subject.ts';
import { nonRootUser } from '../src/knowledge/users.ts';
import { everyCommand, isFollowed } from '../src/runtime/other-commands.ts';
import { commandStart, type RunCommand } from '../src/runtime/run-command.ts';
import { isRefusal, refusal, type Change, type Refusal, type Transform } from '../src/transform.ts';
import { holdsVariables, sampleOf } from '../src/runtime/settings-left-out.ts';

/**
 * before: CMD ["node", "dist/main.js"]                 after: USER 1000:1000 / CMD ["node", "dist/main.js"]
 * Safe because: no port below 1024, no program that needs root, and every path that is written belongs to the user.
 * Skipped when: one of these cannot be shown.
 * Untouched when: the file sets a user.
 */
export const nonRootUserTransform: Transform = {
  id: 'non-root-user',
  title: 'Run as a user without root rights',
  rationale:
    'A process that runs as root in its container is root on everything it can reach when it is broken into. Few servers need it: they listen on high ports and write to a few directories.',
  structural: true,
  plan(subject): Change | Refusal | undefined {
    const { final } = subject;
    const users = final.stage.instructions.filter((i) => i.keyword === 'USER');
    const last = users[users.length - 1];
    // a USER that the caller's build argument fills is a user that is set
    if (!isRoot(final.end) && (last || !('unknown' in final.end.user))) return undefined;
    if (last && isRoot(final.end)) return refusal('user-root-explicit', 'USER root is set on purpose', last.start);
    const starts = final.stage.instructions.some((i) => i.keyword === 'CMD' || i.keyword === 'ENTRYPOINT');
    const barred = imageRefusal(subject, { base: 'known', follows: (service) => isFollowed(subject, service) });
    if (barred) return barred;
    if (final.base.family?.service)
      return refusal(
        'service-image',
        `${final.base.image.resolved ?? final.base.image.raw} drops privileges itself`,
        final.stage.from.start,
      );
    const run = everyCommand(subject);
    if (!starts && 'unknown' in run) return withoutCommand(subject);
    if (isForeign(final.base) && !final.base.family?.lookedUp && subject.options.level !== 'max')
      return refusal('unknown-base', `What system and users ${final.base.image.raw} has is unknown`, final.stage.from.start, {
        allow: 'Use the official image, or --level max.',
      });
    if ('unknown' in run)
      return refusal(run.id ?? 'rc-unresolved', `Cannot determine what the container runs: ${run.unknown}`, commandStart(subject));
    const root = rootNeeds(subject, run.value);
    if (root) return root;
    return changeOf(subject, run.value);
  },
};

function withoutCommand({ final: { base, stage } }: Subject): Refusal {
  const { cmd, interactive } = base.family ?? {};
  if (!cmd || interactive)
    return refusal('no-cmd', 'The Dockerfile has neither CMD nor ENTRYPOINT: what the container writes is not told', stage.from.start);
  const told = `the container runs \`${cmd.join(' ')}\` of ${base.image.raw}, and what that does as root is not told`;
  return refusal('no-cmd', `The Dockerfile has no CMD: ${told}`, stage.from.start, {
    allow: 'Set USER as the manual of the image says, where it can run without root.',
  });
}

function changeOf(subject: Subject, run: RunCommand): Change | Refusal {
  const { final } = subject;
  const repository = final.base.family?.repository ?? '';
  const user = final.base.family && nonRootUser(final.base.family.row, final.base.tag);
  if (!user)
    return refusal('service-image', `${final.base.image.resolved ?? final.base.image.raw} drops privileges itself`, final.stage.from.start);
  const told = writePaths(subject, run);
  if (isRefusal(told)) return told;
  const id = `${user.uid}:${user.gid}`;
  const edits: Edit[] = [];
  if (user.create !== undefined) {
    const line = user.create.startsWith('RUN ') ? user.create : `RUN ${user.create}`;
    edits.push(linesAfter(subject.dockerfile, afterPackages(final.stage.instructions, final.stage.from), [[line]]));
  }
  const bare = repository === 'scratch' || final.base.tag.variant === 'distroless';
  // where nobody is known to write, a directory that cannot be given is no reason
  const all: WritePaths = { ...told, paths: [...told.paths, ...told.may].sort() };
  const writes = bare && told.paths.length === 0 && madeByWorkdir(final.stage.instructions, all) === undefined ? told : all;
  const made = bare ? madeByWorkdir(final.stage.instructions, writes) : undefined;
  const [first] = writes.evidence;
  const dir = told.paths[0] ?? writes.paths[0];
  const who =
    first?.says === MAY_BE_DATA ? `${first.file} lies in ${dir} and ${first.says}` : `${first?.file ?? 'The program'} writes to ${dir}`;
  if (bare && writes.paths.length > 0 && made === undefined)
    return refusal('write-path-unknown', `${who}, and this image has no shell that could give it to the user`, final.stage.from.start, {
      evidence: writes.evidence,
      allow: `COPY the directory from the build stage with --chown=${id}.`,
    });
  if (made) edits.push(linesBefore(made, [[`USER ${id}`]]));
  else edits.push(...ownership(subject, writes, id));
  const paths = writes.paths.length > 0 ? `; the user may write to ${writes.paths.join(', ')}` : '';
  return {
    edits,
    safety: 'review',
    why: `nothing in the repository needs root: no port below 1024, no program that changes users or the system${paths}`,
    evidence: writes.evidence,
    notes: [...writes.notes, ...assumedBase(subject)],
    announces: { keywords: ['USER'] },
  };
}

/** At the level max: the base is taken for one of the official image that it is called as. */
const assumedBase = ({ final: { base } }: Subject): WritePaths['notes'] =>
  isForeign(base) && !base.family?.lookedUp ? [assumption(`${base.image.raw} has the system and the users of the official image`)] : [];

/** One RUN behind the last COPY that gives directories and files to the user, and USER. Files that are copied alone get their owner there. */
function ownership(subject: Subject, writes: WritePaths, id: string): Edit[] {
  const { dockerfile, final } = subject;
  const given = final.copies.filter((copy) => secretFile(subject, copy) || copiesOne(final.copies, copy, writes.files));
  const later = writes.files.filter((file) => !given.some((copy) => copiesOne(final.copies, copy, [file])));
  const flat = [...writes.paths.filter((path) => !writes.deep.includes(path)), ...later];
  const commands = [
    ...(writes.missing.length > 0 ? [`mkdir -p ${writes.missing.join(' ')}`] : []),
    ...(flat.length > 0 ? [`chown ${id} ${flat.join(' ')}`] : []),
    ...(writes.deep.length > 0 ? [`chown -R ${id} ${writes.deep.join(' ')}`] : []),
  ];
  const lines: Piece[][] = [...(commands.length > 0 ? [[`RUN ${commands.join(' \\\n && ')}`]] : []), [`USER ${id}`]];
  const place = placeOf(final.stage.instructions);
  return [
    ...given.map(({ instruction }): Edit => ({ start: instruction.bodyStart, end: instruction.bodyStart, text: [`--chown=${id} `] })),
    place.before ? linesBefore(place.before, lines) : linesAfter(dockerfile, place.after ?? final.stage.from, lines),
  ];
}

/**
 * In an image without a shell: the WORKDIR that makes the one directory that is written to, where nothing before it does and no RUN follows.
 * WORKDIR gives the directory that it makes to the user in force. Source: BuildKit, dockerfile2llb/convert.go, dispatchWorkdir.
 */
function madeByWorkdir(instructions: readonly Instruction[], { paths, files, deep }: WritePaths): Instruction | undefined {
  const [path, ...others] = paths;
  const at = instructions.findIndex((i) => i.keyword === 'WORKDIR');
  const workdir = instructions[at];
  if (
    path === undefined ||
    others.length + files.length + deep.length > 0 ||
    workdir?.keyword !== 'WORKDIR' ||
    workdir.words[0]?.value !== path
  )
    return undefined;
  return instructions.some((i, n) => n < at && ['COPY', 'ADD', 'RUN'].includes(i.keyword)) || instructions.some((i) => i.keyword === 'RUN')
    ? undefined
    : workdir;
}

/** A `.env`, a key and what else git leaves out is often readable by its owner alone, and COPY keeps modes: it is given to the user who reads it now. */
function secretFile({ project }: Subject, { fromContext, instruction }: CopyReading): boolean {
  if (!fromContext || instruction.chown !== undefined) return false;
  return instruction.sources.some(({ value }) => {
    const sample = sampleOf(value);
    return holdsVariables(value) || (sample !== undefined && project.gitIgnores(sample));
  });
}

/** A COPY of one file, which the program writes: it gets its owner there, as a `chown` behind it would store the file again. */
function copiesOne(copies: readonly CopyReading[], copy: CopyReading, written: readonly string[]): boolean {
  const [source, ...others] = copy.sources;
  if (!copy.fromContext || copy.instruction.chown !== undefined || source?.kind !== 'file' || others.length > 0) return false;
  const landing = landingIn(copy, source.path);
  if (landing === undefined || !written.includes(landing)) return false;
  return !copies.some((later) => later.instruction.index > copy.instruction.index && landingIn(later, source.path) === landing);
}

/** The user is made once, behind the packages and before what changes often. */
function afterPackages(instructions: readonly Instruction[], from: Instruction): Instruction {
  const other = instructions.findIndex((i) => !(i.keyword === 'RUN' && i.script?.seen.some((c) => c.words[0]?.value === 'apt-get')));
  return instructions[(other === -1 ? instructions.length : other) - 1] ?? from;
}

/** USER stands above ENTRYPOINT and CMD, below every RUN and COPY. */
function placeOf(instructions: readonly Instruction[]): { before?: Instruction; after?: Instruction } {
  const lastWork = instructions.findLastIndex((i) => ['RUN', 'COPY', 'ADD', 'WORKDIR'].includes(i.keyword));
  const before = instructions.find((i, n) => n > lastWork && (i.keyword === 'ENTRYPOINT' || i.keyword === 'CMD'));
  return before ? { before } : { after: instructions[instructions.length - 1] };
}
