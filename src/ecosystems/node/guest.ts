// Room: ecosystems/node. How images of other languages get Node.js: from Debian, from NodeSource's repository, or out of a node image.
// Sources: github.com/nodesource/distributions, README; nodejs/docker-node, Dockerfile-slim.template (what lies where).
import type { Guest } from '../types.ts';

export const nodeAsGuest: Guest = {
  packages: ['nodejs', 'npm', 'yarn', 'yarnpkg', 'node-gyp', 'libnode-dev'],
  programs: ['node', 'nodejs', 'npm', 'npx', 'yarn', 'yarnpkg', 'pnpm', 'pnpx', 'corepack'],
  repository: /nodesource/,
  places:
    /^\/usr\/local\/(?:bin\/(?:node|nodejs|npm|npx|yarn|yarnpkg|pnpm|pnpx|corepack)|lib\/node_modules|include\/node)(?:\/|$)|^\/opt\/yarn/,
};
