// Room: runtime/. A home directory that ENV names: what installs leave in its .cache belongs to root, and libraries of the program write there too.
import { cleanPath, inside } from '../facts/copies.ts';
import type { StageReading } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';
import { isFree, isSystem, type Found } from './write-found.ts';

/** Gives the home and its .cache to the user where a RUN of root may have made it. Source: specifications.freedesktop.org/basedir, $XDG_CACHE_HOME. */
export function ofHome(subject: Subject, found: Found): undefined {
  const home = subject.final.end.env.get('HOME');
  if (home === undefined || !('value' in home) || !home.value.startsWith('/')) return;
  const dir = cleanPath(home.value);
  if (dir === '/' || inside(dir, '/root') || isFree(dir) || isSystem(subject, dir)) return;
  // a stage that builds may bring it along with the application
  const [made] = subject.stages.flatMap((stage) => installsAt(stage, home.value));
  if (made === undefined) return;
  found.evidence.push({ file: 'Dockerfile', line: made, says: `installs packages, whose manager keeps a cache in ${dir}/.cache` });
  found.paths.add(dir);
  found.paths.add(`${dir}/.cache`);
  // a manager that keeps no cache has made none
  found.unsure.add(`${dir}/.cache`);
  found.deep.add(`${dir}/.cache`);
}

/** The lines of RUNs that install packages of a language while HOME is that directory. */
const installsAt = (stage: StageReading, value: string): number[] =>
  stage.runs.flatMap(({ instruction, parts }) => {
    const home = stage.before(instruction).env.get('HOME');
    const same = home !== undefined && 'value' in home && home.value === value;
    const installs = parts.some(
      ({ manager, kind }) =>
        manager !== undefined && manager.ecosystem !== 'system' && ['install', 'install-named', 'download', 'build'].includes(kind),
    );
    return same && installs ? [instruction.line] : [];
  });
