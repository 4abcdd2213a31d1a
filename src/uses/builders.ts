// Room: uses/. CI that builds with something that knows no cache mounts: kaniko, or Docker's classic builder.
import type { FileTree } from '../context/types.ts';
import { oncePer } from '../once.ts';
import { ciFiles, configuration } from './find.ts';
import type { Uses } from './types.ts';

type Builder = Uses['builder'][number];

/** Source: https://github.com/GoogleContainerTools/kaniko, its forks, and the CI plug-ins that wrap it; `kaniko:` is skaffold's. */
const kaniko =
  /kaniko-project\/executor|\/kaniko\/executor|chainguard-(?:dev|forks)\/kaniko|osscontainertools\/kaniko|kaniko-action|action-kaniko|plugins\/kaniko|builds\/use_kaniko\s{1,8}true|^\s{0,200}kaniko:/i;
const off = /DOCKER_BUILDKIT["']?\s{0,8}[:=]\s{0,8}["']?(?:0|false)\b/;
const on = /DOCKER_BUILDKIT["']?\s{0,8}[:=]\s{0,8}["']?(?:1|true)\b|\bbuildx\b|\bsetup-buildx-action\b/;
/** Docker before 23 builds without BuildKit (https://docs.docker.com/engine/release-notes/23.0); Cloud Build's docker step is 20.10 (GoogleCloudPlatform/cloud-builders; google-github-actions/setup-gcloud#658). */
const old =
  /gcr\.io\/cloud-builders\/docker\b(?!-)|gcloud builds submit\b.{0,200}--tag\b|(?:^|[\s"'/])docker:(?:1[789]|20)(?:\.\d{1,3}){0,2}(?:-dind|-git)?(?=["'\s]|$)/;
/** A line that builds an image. */
const BUILDS = /\bdocker(?:-compose| compose)?\s+build\b|\bcompose\s+(?:up|run)\b/;
/** CircleCI's images of the name `circleci/` are those of 2021. Source: circleci.com/docs/circleci-images */
const circle = (lines: readonly string[]): number =>
  lines.some((line) => /^\s*-?\s*image:\s*["']?circleci\//.test(line)) ? lines.findIndex((line) => BUILDS.test(line)) : -1;
/** Travis's machines up to focal have Docker 20.10 or older. Source: docs.travis-ci.com, reference of each `dist` */
const travis = (file: string, lines: readonly string[]): number =>
  !file.endsWith('.travis.yml') || lines.some((line) => /^\s*(?:dist|os):\s*["']?(?:jammy|noble)\b/.test(line))
    ? -1
    : lines.findIndex((line) => BUILDS.test(line));

/** One entry for each file and kind, at its first line. */
export const builders = oncePer((tree: FileTree): Builder[] => {
  return ciFiles(tree).flatMap((file) => {
    const source = configuration(tree, file);
    if (source === undefined) return [];
    const lines = source.split('\n').map((line) => line.replace(/(?:^|\s)#.*$/, '').slice(0, 1000));
    const switched = lines.some((line) => on.test(line));
    const found: Builder[] = [];
    const add = (kind: Builder['kind'], index: number, says: string): void => {
      if (index >= 0 && !found.some((b) => b.kind === kind)) found.push({ kind, evidence: { file, line: index + 1, says } });
    };
    add(
      'kaniko',
      lines.findIndex((line) => kaniko.test(line)),
      'builds with kaniko',
    );
    add(
      'classic',
      lines.findIndex((line) => off.test(line)),
      'DOCKER_BUILDKIT=0: the classic builder',
    );
    const first = [lines.findIndex((line) => old.test(line)), circle(lines), travis(file, lines)].find((index) => index >= 0) ?? -1;
    if (!switched) add('classic', first, 'builds with a Docker older than 23, whose default is the classic builder');
    return found;
  });
});
