// Room: ecosystems/node. The image that a Node application runs on.
import type { Piece } from '../../dockerfile/edits.ts';
import type { Subject } from '../../facts/subject.ts';
import type { NodeProject } from './types.ts';
import { alpineTag, slimTag } from '../../knowledge/tags.ts';
import { distrolessNode, nodeImage } from './images.ts';
import type { ImageBase } from '../../knowledge/programs.ts';
import type { TagFacts } from '../../knowledge/types.ts';
import type { RunCommand } from '../../runtime/run-command.ts';
import type { Note } from '../../types.ts';
import { withTag } from '../../base/base.ts';
import { fallbackOf } from '../../base/slim-runtime.ts';

export interface NodeRuntime {
  image: string;
  /** It has a shell, npm and a package manager. */
  shell: boolean;
  tools: ImageBase;
  notes: Omit<Note, 'transform'>[];
  /** The run command's new text where the image's ENTRYPOINT is node itself. */
  command(run: RunCommand): { index: number; text: Piece[] } | undefined;
}

const same = (): undefined => undefined;

/** `stays`: the image where it is the original's own. `debian`: what the last stage takes over that only Debian has. */
export interface Bound {
  stays: string | undefined;
  debian: readonly string[];
}

/** Chooses by `--base`; what the facts forbid falls back to slim, with a note. */
export function nodeRuntime(subject: Subject, run: RunCommand, project: NodeProject, { stays, debian }: Bound): NodeRuntime {
  const { base } = subject.options;
  const own = subject.final.base;
  const notes: Omit<Note, 'transform'>[] = [];
  if (stays !== undefined && (stays !== own.image.raw || own.tag.variant === 'full' || own.family?.row !== nodeImage))
    return { image: stays, shell: true, tools: { row: own.family?.row, ...own.tag }, notes, command: same };
  const instead = fallbackOf(subject.final.base);
  if (base === 'distroless' || base === 'smallest') {
    const small = distroless(subject, run);
    if ('why' in small) {
      if (base === 'distroless')
        notes.push({ id: 'base-not-possible', message: `distroless is not possible here: ${small.why}; ${instead}` });
    } else return small;
  }
  if (base === 'scratch')
    notes.push({ id: 'base-not-possible', message: `scratch is not possible here: node is dynamically linked; ${instead}` });
  if (base === 'alpine' && subject.final.base.tag.variant !== 'alpine') {
    const native = project.nativePackages();
    const [own] = debian;
    if ('value' in native && native.value.length === 0 && own === undefined)
      return onTag(subject, alpineTag(nodeImage, subject.final.base.image.tag), 'alpine', [
        { id: 'musl', message: 'Alpine uses musl: name resolution, locales and thread stacks differ from Debian' },
      ]);
    notes.push({
      id: 'base-not-possible',
      message: `alpine is not possible here: ${!('value' in native) ? native.unknown : native.value[0] ? `${native.value[0]} is built for glibc` : own}; ${instead}`,
    });
  }
  const { tag } = subject.final.base;
  if (base === 'keep' || tag.variant !== 'full')
    return { image: subject.final.base.image.raw, shell: true, tools: { row: nodeImage, ...tag }, notes, command: same };
  const slim = slimTag(nodeImage, subject.final.base.image.tag);
  return onTag(subject, typeof slim === 'string' ? slim : 'slim', 'slim', notes);
}

function onTag(subject: Subject, tag: string, variant: TagFacts['variant'], notes: Omit<Note, 'transform'>[]): NodeRuntime {
  return {
    image: withTag(subject.final.base.image, tag),
    shell: true,
    tools: { row: nodeImage, ...subject.final.base.tag, variant },
    notes,
    command: same,
  };
}

/** distroless needs `node FILE` in exec form, nothing else run, and a version that has an image. Source: GoogleContainerTools/distroless, nodejs. */
function distroless(subject: Subject, run: RunCommand): NodeRuntime | { why: string } {
  const { cmd, entrypoint } = run;
  const image = distrolessNode(subject.final.base.tag.version ?? '');
  if (!image) return { why: `there is no image for node ${subject.final.base.tag.version ?? 'without a version'}` };
  if (run.outside.length > 0) return { why: 'something else than its command is started in it' };
  if (run.shell || run.wrappers.length > 0 || run.program !== 'node') return { why: 'a shell or npm is needed when the container starts' };
  if (run.healthcheck && !run.healthcheck.none && run.healthcheck.json?.[0]?.value !== 'node') return { why: 'HEALTHCHECK needs a shell' };
  const main = entrypoint ?? cmd;
  if (!main || (entrypoint && cmd) || run.healthcheck) return { why: 'ENTRYPOINT and CMD, or HEALTHCHECK, would have to change together' };
  if (subject.final.end.user && 'value' in subject.final.end.user && !/^(root|\d+(:\d+)?)?$/.test(subject.final.end.user.value))
    return { why: `the user ${subject.final.end.user.value} does not exist there` };
  const text = (): { index: number; text: Piece[] } => ({
    index: main.index,
    text: [
      { start: main.leadStart, end: main.keywordSpan.end },
      ` [${(entrypoint ? ['/nodejs/bin/node', ...run.args] : run.args).map((a) => JSON.stringify(a)).join(', ')}]`,
    ],
  });
  return { image, shell: false, tools: { row: undefined, variant: 'distroless' }, notes: [], command: text };
}
