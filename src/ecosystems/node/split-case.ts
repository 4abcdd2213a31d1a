// Room: ecosystems/node. What the split of a Node image is made of.
import { cleanPath, inside, landingOf } from '../../facts/copies.ts';
import type { RunPart, RunReading } from '../../facts/reading.ts';
import type { Install } from '../../installs/shapes.ts';
import type { Situation } from '../../../transforms/multi-stage/situation.ts';
import type { FrontEnd } from '../types.ts';
import type { Production } from './production.ts';
import type { NodeProject } from './types.ts';

/** What a server of files hands out. */
export interface Served {
  /** Image paths that are handed out: outputs of the build. */
  dirs: string[];
  /** The server is a package of the project. */
  modules: boolean;
  /** A script of package.json starts it. */
  manifest: boolean;
}
export interface NodeCase extends Situation {
  /** Directory of the application in the image: the working directory, or the root of the workspace that it belongs to. */
  app: string;
  /** Where its project is installed in the image: the working directory, the root of the workspace, or a directory below. */
  root: string;
  /** What is installed beside it, and of which the container needs less. */
  frontEnds: readonly FrontEnd[];
  install: Install;
  installRun: RunReading;
  project: NodeProject;
  dir: string;
  /** RUN parts that build or test something: they need development dependencies and sources. */
  builds: { run: RunReading; part: RunPart }[];
  deps: Production;
  /** The container hands out what the build makes, and runs nothing of the project. */
  served: Served | undefined;
}

/** Why all dependencies are kept, as the end of a sentence; '' where they are not. */
export const whyKept = ({ deps }: NodeCase): string =>
  deps.notes.map(({ message }) => `: ${message.slice(0, 1).toLowerCase()}${message.slice(1)}`).join('');

/** A COPY of the original brings the path, or something below it. */
export const inImage = ({ reading }: Pick<NodeCase, 'reading'>, path: string): boolean =>
  landingOf(reading.copies, path) !== undefined ||
  reading.copies.some((copy) => copy.sources.some((source) => [source.path, ...source.files].some((one) => inside(one, path))));

/** What stays behind of front ends, as words of a sentence. */
export const ofFrontEnds = ({ frontEnds }: NodeCase): string[] =>
  frontEnds.length > 0 ? [`the packages of ${frontEnds.map(({ dir }) => dir).join(', ')}`] : [];

/** What is removed of a front end that the copy of the application would bring, or of one that is copied whole; relative where the prune runs in the working directory. */
export function behindOf({ app, install, workdir }: NodeCase, { place, packages, alone }: FrontEnd): string[] {
  if (alone && !inside(place, app)) return [];
  const isBelow = install.part.effects.before.cwd === workdir && packages.startsWith(`${workdir}/`);
  return [isBelow ? packages.slice(workdir.length + 1) : packages];
}

/** Where the packages lie: `/node_modules` where the working directory is the root. */
export const modulesOf = (workdir: string): string => cleanPath(`${workdir}/node_modules`);
