// Room: ecosystems/go. The official image of Go.
import type { ImageRow } from '../../knowledge/types.ts';

export const goImages: readonly ImageRow[] = [
  {
    repository: 'golang',
    cmd: ['bash'],
    interactive: true,
    workdir: '/go',
    path: '/go/bin:/usr/local/go/bin',
    env: { GOPATH: '/go', GOTOOLCHAIN: 'local' },
    versionEnv: 'GOLANG_VERSION',
    unknownEnv: ['GOLANG_VERSION'],
    source: 'docker-library/golang, Dockerfile templates',
    under: [
      { tag: /(^|-)alpine/, cmd: ['/bin/sh'] },
      { tag: /^1\.(\d|1\d|20)(\.|-|$)/, env: { GOPATH: '/go' } },
    ],
    tags: {
      ordinary: /^rc$/,
      suites: [
        ['1.13', 'buster'],
        ['1.16.7', 'bullseye'],
        ['1.19.10', 'bookworm'],
        ['1.20', 'bullseye'],
        ['1.20.5', 'bookworm'],
        ['1.24.6', 'trixie'],
      ],
      suiteTags: {
        bullseye: [
          ['1.16.7', '1.23'],
          ['1.24', '1.24.6'],
        ],
        bookworm: [['1.19.10', '1.19'], ['1.20.5']],
        trixie: [['1.24.6']],
      },
    },
    programs: [
      { names: 'go gofmt' },
      { names: 'gcc cc g++ c++ cpp make pkg-config ar ld strip nm objdump objcopy ranlib readelf strings', variants: ['full'] },
      { names: 'update-ca-certificates', variants: ['alpine'] },
    ],
    level: 'scm',
    certificates: 'all',
    megabytes: { full: 900, alpine: 300 },
  },
];
