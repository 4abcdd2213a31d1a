// Room: ecosystems/python. The official image of Python, and that image with uv.
import type { BaseReading } from '../../base/base.ts';
import type { ImageRow } from '../../knowledge/types.ts';

export const pythonImages: readonly ImageRow[] = [
  {
    repository: 'python',
    cmd: ['python3'],
    interactive: true,
    path: '/usr/local/bin',
    versionEnv: 'PYTHON_VERSION',
    unknownEnv: ['PYTHON_VERSION', 'GPG_KEY', 'PYTHON_SHA256'],
    source: 'docker-library/python, Dockerfile templates',
    under: [
      { tag: /^(2|3\.\d|3\.1[0-2])(\.|-|$)/, env: { LANG: 'C.UTF-8' } },
      { tag: /^2(\.|-|$)/, cmd: ['python2'] },
    ],
    tags: {
      slim: 'before-suite',
      ordinary: /^rc$/,
      suites: [
        // jessie, stretch or buster, all archived
        ['0', 'stretch'],
        ['3.6.9', 'buster'],
        ['3.6.14', 'bullseye'],
        ['3.7', 'stretch'],
        ['3.7.4', 'buster'],
        ['3.7.11', 'bullseye'],
        ['3.7.17', 'bookworm'],
        ['3.8', 'buster'],
        ['3.8.11', 'bullseye'],
        ['3.8.17', 'bookworm'],
        ['3.9', 'buster'],
        ['3.9.6', 'bullseye'],
        ['3.9.17', 'bookworm'],
        ['3.9.23', 'trixie'],
        ['3.10', 'bullseye'],
        ['3.10.12', 'bookworm'],
        ['3.10.18', 'trixie'],
        ['3.11', 'bullseye'],
        ['3.11.4', 'bookworm'],
        ['3.11.13', 'trixie'],
        ['3.12', 'bookworm'],
        ['3.12.11', 'trixie'],
        ['3.13', 'bookworm'],
        ['3.13.6', 'trixie'],
      ],
      suiteTags: {
        bullseye: [
          ['3.6.14', '3.6'],
          ['3.7.11', '3.7'],
          ['3.8.11', '3.8'],
          ['3.9.6', '3.9.23'],
          ['3.10', '3.10.18'],
          ['3.11', '3.11.13'],
          ['3.12', '3.12.11'],
          ['3.13', '3.13.6'],
        ],
        bookworm: [['3.7.17', '3.7'], ['3.8.17', '3.8'], ['3.9.17', '3.9'], ['3.10.12', '3.10'], ['3.11.4']],
        trixie: [['3.9.23', '3.9'], ['3.10.18', '3.10'], ['3.11.13', '3.11'], ['3.12.11', '3.12'], ['3.13.6']],
      },
    },
    programs: [
      { names: 'python python3 pip pip3 pydoc pydoc3 idle idle3 python-config python3-config' },
      { names: 'update-ca-certificates openssl', variants: ['slim'] },
      { names: 'update-ca-certificates', variants: ['alpine'] },
    ],
    twins: [
      { names: 'python python3', from: 3 },
      { names: 'pip pip3', from: 3 },
    ],
    versioned: /^(?:python|pip)(3\.\d{1,3})$/,
    level: 'full',
    certificates: 'all',
    megabytes: { full: 1000, slim: 150, alpine: 60 },
  },
  {
    registry: 'ghcr.io',
    repository: 'astral-sh/uv',
    // the others hold uv alone, or a system without Python
    tagged: /^(?:\d[\d.]*-)?python3\.\d+-(?:alpine|bullseye|bookworm|trixie)/,
    cmd: ['/usr/local/bin/uv'],
    interactive: true,
    path: '/usr/local/bin',
    unknownEnv: ['PYTHON_VERSION', 'GPG_KEY', 'PYTHON_SHA256', 'UV_TOOL_BIN_DIR'],
    source:
      'docs.astral.sh/uv, "Using uv in Docker" (Available images); astral-sh/github-actions, docker-variant: python of the same name, with uv and uvx in /usr/local/bin',
    under: [{ tag: /python3\.(?:\d|1[0-2])-/, env: { LANG: 'C.UTF-8' } }],
    tags: { slim: 'last', led: /^(?:\d[\d.]*-)?python(?=3)/ },
    programs: [
      { names: 'python python3 pip pip3 pydoc pydoc3 idle idle3 python-config python3-config uv uvx' },
      { names: 'update-ca-certificates openssl', variants: ['slim'] },
      { names: 'update-ca-certificates', variants: ['alpine'] },
    ],
    twins: [
      { names: 'python python3', from: 3 },
      { names: 'pip pip3', from: 3 },
    ],
    versioned: /^(?:python|pip)(3\.\d{1,3})$/,
    level: 'full',
    certificates: 'all',
    megabytes: { full: 1050, slim: 200, alpine: 110 },
  },
];

/** The image has Python, of the version that its tag names. */
export const bringsPython = (repository: string | undefined): boolean => pythonImages.some((row) => row.repository === repository);

/** The version of Python that an image is of; undefined: it is of another family, whose tag says nothing of Python. */
export const pythonVersion = ({ family, tag }: BaseReading): string | undefined =>
  bringsPython(family?.repository) ? tag.version : undefined;
