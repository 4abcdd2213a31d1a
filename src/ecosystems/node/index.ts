// Room: ecosystems/node. Node.js: npm, yarn, pnpm and bun.
import { GIT_CALL, GIT_CHANGES } from '../../knowledge/git-readers.ts';
import type { Ecosystem } from '../door.ts';
import { handedOut } from './handed-out.ts';
import { filledAbove } from './climbs.ts';
import { bareNode, nodeFacts } from './facts.ts';
import { frontEndsOf } from './front-ends.ts';
import { nodeAsGuest } from './guest.ts';
import { nodeImages } from './images.ts';
import { nodeIgnored } from './ignored.ts';
import { nodeManagers } from './managers.ts';
import { nodeOnSlim } from './on-slim.ts';
import { nodeRows, nodeWrappers } from './rows.ts';
import { workspaceOf } from './workspace-case.ts';
import { splitNode } from './split.ts';

/** Calls of git, its libraries, and settings that ask it when a page was changed (docusaurus, vitepress, starlight). */
const GIT_IN_SOURCES = new RegExp(
  `${GIT_CALL.source}|simple-git|isomorphic-git|git-rev|git-describe|git-repo-info|git-last-commit|git-commit-info|nodegit|showLastUpdate(?:Time|Author)|lastUpdated\\s*:\\s*(?:true|\\{)`,
);

/** A source that opens a repository by a library. Sources: the READMEs of simple-git, isomorphic-git and nodegit. */
const GIT_LIBRARY =
  /^(?=[\s\S]*["'](?:simple-git(?:\/promise)?|isomorphic-git|nodegit)["'])[\s\S]*(?<!console)\.\s*(?:log|status|statusMatrix|revparse|raw|diff\w*|show|branch\w*|tags?|describe|listFiles|listBranches|readCommit|resolveRef|currentBranch|pull|fetch|add|commit|push|checkout\w*|checkIsRepo|open\w*)\s*\(/;

export const node: Ecosystem = {
  id: 'node',
  interpreted: true,
  onOtherImages: true,
  images: nodeImages,
  managers: nodeManagers,
  rows: nodeRows,
  wrappers: nodeWrappers,
  guest: nodeAsGuest,
  history: [
    // what a bundler or a site generator loads while it builds
    {
      files:
        /(^|\/)([^/]*\.config|webpack[\w.-]*|rollup[\w.-]*|gulpfile[\w.-]*|gruntfile[\w.-]*|esbuild[\w.-]*|vite[\w.-]*|build|config-overrides|\.eleventy|\.vitepress\/config|\.vuepress\/config)\.[cm]?[jt]s$/i,
      pattern: GIT_IN_SOURCES,
      changes: GIT_CHANGES,
    },
    // libraries that work on repositories: what is cloned is another one
    {
      files: /^(?!.*[._](?:test|spec)\.).*\.[cm]?[jt]sx?$/,
      pattern: GIT_LIBRARY,
      changes: /\b(?:status|statusMatrix|diff|diffSummary|listFiles)\s*\(/,
      opens: GIT_LIBRARY,
    },
    {
      files: /(^|\/)package\.json$/,
      pattern:
        /"(?:unplugin-info|(?!simple-git"|isomorphic-git"|git-clone"|download-git-repo"|simple-git-hooks|git-hooks|git-cz|git-url-parse|git-up"|git-format-staged|git-raw-commits|git-semver-tags|hosted-git-info|@semantic-release\/)(?:@[\w-]+\/)?(?:[\w.]+-)*git(?:info)?(?:-[\w.-]+)?)"\s*:/,
    },
  ],
  project: nodeFacts,
  bareProject: bareNode,
  ignored: nodeIgnored,
  onSlim: nodeOnSlim,
  application: (subject, workdir) => workspaceOf(subject, workdir) ?? filledAbove(subject, workdir),
  frontEnds: frontEndsOf,
  opens: true,
  handsOut: handedOut,
  split: splitNode,
};
