// Room: runtime/. Files that a COPY or an ADD closes to everybody but their owner: by --chmod, and what comes from the network.
import { within } from '../effects/places.ts';
import type { Effects } from '../effects/types.ts';
import { allOf } from '../effects/effects.ts';
import { takenBy, cleanPath, landingIn, stageNamed, type CopyReading } from '../facts/copies.ts';
import type { StageReading } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';
import { refusal, type Refusal } from '../refusal.ts';
import { chainOf } from './chain.ts';
import { OF_ROOT, closedRefusal, closes, opens } from './closed-modes.ts';

/** What becomes the user's own: directories with all that lies in them, files. */
interface Given {
  deep: ReadonlySet<string>;
  files: ReadonlySet<string>;
}

/** The first file that the user could not read. */
export function copiedModes(subject: Subject, given: Given): Refusal | undefined {
  const open = (path: string): boolean =>
    OF_ROOT.some((dir) => within(path, dir)) || given.files.has(path) || [...given.deep].some((dir) => within(path, dir));
  const at = subject.final.stage.from.start;
  for (const stage of chainOf(subject)) {
    for (const copy of stage.copies) {
      const { line, chmod } = copy.instruction;
      const told = chmod !== undefined && closes(chmod) ? landings(copy).find((path) => !open(path)) : undefined;
      if (told !== undefined) return closedRefusal(subject, line, told, chmod ?? '');
    }
    const fetched = [...remoteFiles(stage), ...stage.copies.flatMap((copy) => broughtAlong(subject, copy))].find(({ path }) => !open(path));
    if (fetched)
      return refusal(
        'unreadable-mode',
        `Line ${fetched.line} adds ${fetched.path} from the network, with the mode 600: the user could not read it`,
        at,
        {
          evidence: [{ file: 'Dockerfile', line: fetched.line, says: `adds ${fetched.path}` }],
          allow: 'Write ADD --chmod=644, or --chmod=755 for a program.',
        },
      );
  }
  return undefined;
}

/** Files of the context where a COPY puts them; a directory, and what comes from elsewhere, stands for what lies in it. A `.env` is given to the user. */
const landings = (copy: CopyReading): string[] =>
  copy.fromContext
    ? copy.sources.flatMap(({ kind, path, files }) =>
        kind === 'dir'
          ? (copy.dest ?? [])
          : files.filter((file) => !/(?:^|\/)\.env$/.test(file)).flatMap((file) => landingIn(copy, file) ?? path),
      )
    : copy.dest === undefined
      ? []
      : [copy.dest];

interface Remote {
  path: string;
  line: number;
}
/** Files from the network have the mode 600. Source: https://docs.docker.com/reference/dockerfile/#add */
function remoteFiles({ copies, runs }: StageReading): Remote[] {
  return copies.flatMap((copy) => {
    const { instruction, dest, intoDirectory, sources } = copy;
    if (instruction.chmod !== undefined || dest === undefined) return [];
    const urls = sources.flatMap(({ kind, path }) =>
      kind === 'remote' && /^https?:/.test(path) && !/\.git(?:[#?]|$)/.test(path) ? [path] : [],
    );
    // Asked where something comes from the network: for each COPY, time would grow with their square.
    if (urls.length === 0) return [];
    const commands = runs.flatMap((run) => (run.instruction.index > instruction.index ? allOf(run.parts.map((part) => part.effects)) : []));
    return urls
      .map((url) => (intoDirectory ? cleanPath(`${dest}/${url.replace(/[?#].*$/, '').replace(/^.*\//, '')}`) : dest))
      .filter((path) => !commands.some((one) => opens(one, path) || removes(one, path)))
      .map((path) => ({ path, line: instruction.line }));
  });
}

const removes = ({ program, removes: gone }: Effects, path: string): boolean =>
  ['rm', 'unlink'].includes(program) && gone.known.some((place) => within(path, place.path));

/** What a COPY takes from another stage keeps the mode that it has there. */
function broughtAlong({ stages }: Subject, copy: CopyReading): Remote[] {
  const { from, chmod } = copy.instruction;
  const source = chmod === undefined ? stageNamed(stages, from) : undefined;
  if (!source) return [];
  return remoteFiles(source).flatMap(({ path, line }) =>
    takenBy(copy, { path, below: false }).map((place) => ({ path: place.path, line })),
  );
}
