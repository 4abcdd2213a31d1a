// Room: knowledge/. Images of distributions, as rows.
import { debianReleases } from './suites.ts';
import type { ImageRow } from './types.ts';

export const distributionRows: readonly ImageRow[] = [
  {
    repository: 'debian',
    cmd: ['bash'],
    interactive: true,
    source: 'debuerreotype/docker-debian-artifacts',
    tags: {
      slim: 'last',
      ordinary: /^(\d{8}(\.\d+)?)$/,
      releases: debianReleases,
      named: {
        '': 'trixie',
        latest: 'trixie',
        stable: 'trixie',
        oldstable: 'bookworm',
        oldoldstable: 'bullseye',
        testing: 'forky',
        unstable: 'sid',
      },
    },
    level: 'debian',
    megabytes: { full: 120, slim: 75 },
  },
  {
    repository: 'ubuntu',
    cmd: ['/bin/bash'],
    interactive: true,
    source: 'git.launchpad.net cloud-images/+oci/ubuntu-base',
    users: [{ name: 'ubuntu', uid: 1000, gid: 1000, home: '/home/ubuntu' }],
    under: [{ tag: /^(trusty|xenial|bionic|focal|jammy|1[468]\.|2[02]\.)/, users: [] }],
    tags: {
      ordinary: /^(\d{8}(\.\d+)?)$/,
      releases: {
        '14.04': 'trusty',
        '16.04': 'xenial',
        '18.04': 'bionic',
        '20.04': 'focal',
        '22.04': 'jammy',
        '24.04': 'noble',
        '25.04': 'plucky',
        '25.10': 'questing',
        '26.04': 'resolute',
        '26.10': 'stonking',
      },
      named: { '': 'resolute', latest: 'resolute', rolling: 'resolute' },
    },
    level: 'debian',
    megabytes: { full: 80 },
  },
  { repository: 'alpine', cmd: ['/bin/sh'], interactive: true, source: 'alpinelinux/docker-alpine', megabytes: { alpine: 8, full: 8 } },
  {
    repository: 'buildpack-deps',
    cmd: ['bash'],
    interactive: true,
    source: 'docker-library/buildpack-deps, Dockerfile templates',
    tags: {
      ordinary: /^(curl|scm)$/,
      named: { '': 'trixie', latest: 'trixie', curl: 'trixie', scm: 'trixie', stable: 'trixie', oldstable: 'bookworm' },
    },
    level: 'full',
    certificates: 'all',
  },
  {
    repository: 'scratch',
    source: 'moby/buildkit dockerfile2llb/image.go, emptyImage',
    megabytes: { full: 0, other: 0 },
    runAs: { uid: 65534, name: 'nobody' },
  },
];
