// Room: ecosystems/java. What of the Dockerfile and of the working directory goes where: settings beside the jar, volumes and variables of build tools, directories.
import { walk } from '../../context/walk.ts';
import { namesSet } from '../../dockerfile/state.ts';
import { inside, landingOf, originAbove } from '../../facts/copies.ts';
import type { RunPart } from '../../facts/reading.ts';
import { refuse } from '../../refusal.ts';
import { setsRights } from '../../runtime/changed-files.ts';
import type { SourceHit } from '../types.ts';
import type { Situation } from '../../../transforms/multi-stage/situation.ts';

/** Settings that frameworks read beside the jar. */
const SETTINGS = /^(?:application(?:-[\w.-]+)?|bootstrap(?:-[\w.-]+)?|microprofile-config)\.(?:properties|ya?ml|toml|json)$/;

/** Settings that frameworks look for in the working directory. Sources: docs.spring.io, "External Application Properties"; quarkus.io/guides/config-reference. */
export function external({ subject, reading, workdir }: Situation): string[] {
  const { tree, ignore } = subject.project;
  const origin = originAbove({ copies: reading.copies, tree }, workdir);
  const names = (tree.list(origin ?? '') ?? []).filter(({ name, kind, path }) =>
    kind === 'dir' ? name === 'config' && walk(tree, path).some((entry) => SETTINGS.test(entry.name)) : SETTINGS.test(name),
  );
  return names.flatMap(({ path }) => (ignore.ignores(path) || landingOf(reading.copies, path) === undefined ? [] : [path]));
}

/** Such settings that a RUN makes, as something that the program reads. */
export function settingsMade({ reading, workdir }: Situation): SourceHit[] {
  const dir = workdir === '/' ? '' : workdir;
  return reading.runs.flatMap(({ opened, instruction: { line, logical } }) =>
    opened.flatMap(({ effects }) =>
      (setsRights(effects) ? [] : effects.writes.known).flatMap(({ path }): SourceHit[] => {
        const below = path.startsWith(`${dir}/`) ? path.slice(dir.length + 1) : '';
        const [name = '', ...more] = below.split('/').toReversed();
        const place = more.toReversed().join('/');
        if (below !== 'config' && !(SETTINGS.test(name) && /^(?:config(?:\/[^/]+)?)?$/.test(place))) return [];
        return [{ file: 'Dockerfile', line, kind: 'read', literal: below, text: logical.text.slice(0, 200) }];
      }),
    ),
  );
}

/** What the image of a build tool keeps its downloads in is of no use without it; refuses where the application lies there. */
export function volumes({ reading, workdir, run }: Situation): ['VOLUME'] | [] {
  const own = reading.base.family?.volumes ?? [];
  const lost = own.find((dir) => inside(workdir, dir));
  if (lost !== undefined)
    refuse(
      'gradle-volume',
      `${reading.base.image.raw} declares a volume at ${lost}, and the application lies in it: what a build leaves there is lost`,
      run.at,
    );
  const named = reading.stage.instructions.some((i) => i.keyword === 'VOLUME');
  return own.length > 0 && !named ? ['VOLUME'] : [];
}

/** RUNs of which nothing is repeated but the directory of what is copied: COPY makes it as well. */
export function withoutDirectories({ reading, runs }: Situation, own: readonly string[]): Situation['runs']['repeats'] {
  const only = ({ manager, kind, effects }: RunPart): boolean => {
    if (kind === 'quiet' || manager?.ecosystem === 'java' || ['cp', 'mv'].includes(effects.program)) return true;
    const { known, unknown } = effects.program === 'rm' ? effects.removes : effects.writes;
    if (unknown !== undefined) return false;
    const { cwd } = effects.before;
    if (effects.program === 'rm')
      return known.every(({ path }) => (cwd !== undefined && inside(path, cwd)) || /^\/root\/\.(?:m2|gradle)/.test(path));
    return effects.program === 'mkdir' && known.every(({ path }) => own.some((one) => one !== path && inside(one, path)));
  };
  return new Map(
    [...runs.repeats].filter(([index]) => {
      const run = reading.run(index);
      return (
        run === undefined ||
        run.opaque !== undefined ||
        !run.parts.every(only) ||
        !run.parts.some(({ manager }) => manager?.ecosystem === 'java')
      );
    }),
  );
}

/** Settings of the build tools, where nothing that runs names them. */
export function buildEnv({ reading, run }: Situation): ReadonlySet<string> {
  const texts = [
    run.program,
    ...run.args,
    ...run.scripts.map(({ text }) => text),
    run.cmd?.logical.text ?? '',
    run.entrypoint?.logical.text ?? '',
  ].join(' ');
  const names = [...namesSet(reading.stage.instructions)];
  return new Set(
    names.filter((name) => /^(?:MAVEN_(?:OPTS|ARGS|CONFIG|CLI_OPTS)|GRADLE_(?:OPTS|USER_HOME))$/.test(name) && !texts.includes(name)),
  );
}
