// test/verify/faults: applications whose rewrite is made of facts of their image, and faults that only such facts prevent: without them each of these is what a rewrite would lose.
import type { Application } from './applications.ts';
import { behindFrom, inLastStage, replaced, without } from './edits.ts';
import type { Fault } from './faults.ts';

const folder = '../../test/verify/faults/looked-into';
const words: Omit<Application, 'name'> = {
  folder: `${folder}/c-words`,
  has: 'a server in C that its Makefile installs: a library of Debian, data, settings, a link, a directory of its own',
  files: {},
  inserts: [],
  probes: ['/health', '/words', '/greeting', '/match', '/visit'],
  looked: true,
};

/** An image that no table knows: its entry script sets what the server answers. */
const base = {
  tag: 'example.test/words-base:1',
  dockerfile: `FROM debian:bookworm
RUN printf '#!/bin/sh\\necho "greeting=$GREETING" > /run/words.conf\\nexec "$@"\\n' > /usr/local/bin/enter \\
 && chmod 755 /usr/local/bin/enter && ln -s /run/words.conf /etc/words.conf && touch /run/words.conf && chown www-data /run/words.conf
ENV GREETING=servus
ENTRYPOINT ["/usr/local/bin/enter"]
`,
};

export const lookedInto: readonly Application[] = [
  { ...words, name: 'c-words' },
  {
    ...words,
    name: 'c-words-base',
    has: 'c-words on an image that no table knows, with an entry script; its library is installed by a line above the sources',
    base,
    files: {
      Dockerfile: `FROM ${base.tag}
RUN apt-get update && apt-get install -y --no-install-recommends libonig5 && rm -rf /var/lib/apt/lists/*
RUN apt-get update && apt-get install -y --no-install-recommends gcc make libc6-dev libonig-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN make program data state
USER www-data
EXPOSE 8080
CMD ["words-server"]
`,
    },
  },
  {
    name: 'python-models',
    folder: `${folder}/python-models`,
    has: 'a server in Python: a package that is compiled against a library of Debian, files that a Makefile leaves in /opt, a queue that the standard library writes',
    files: {},
    inserts: [],
    probes: ['/health', '/names', '/count', '/graph', '/visit'],
    looked: true,
  },
];

type Breaks = Fault['breaks'];
const dockerfile =
  (edit: (text: string) => string): Breaks =>
  (made) => ({ dockerfile: edit(made.dockerfile) });
const installs = (name: string): RegExp =>
  new RegExp(
    `^RUN apt-get update \\\\\\n && apt-get install -y --no-install-recommends ${name} \\\\\\n && rm -rf /var/lib/apt/lists/\\*\\n`,
    'm',
  );

const ofWords = (name: string, edit: (text: string) => string, caughtBy: Fault['caughtBy']): Fault => ({
  name,
  application: 'c-words',
  transform: 'multi-stage',
  breaks: dockerfile(inLastStage(edit)),
  caughtBy,
});

export const lookedIntoFaults: readonly Fault[] = [
  ofWords('the package with the library that a compiled program needs is left out', without(installs('libonig5')), ['libraries', 'end']),
  ofWords('data that a Makefile installs is left behind', without(/^COPY --from=\S+ \/usr\/local\/share\/words .*\n/m), ['http']),
  ofWords('a settings file that a Makefile prints is left behind', without(/^COPY --from=\S+ \/etc\/words\.conf .*\n/m), ['http']),
  ofWords('a link to the program is not made again', without(/ \\\n && ln -sfn words-server\S* \S+/), ['end']),
  ofWords('the owner of a directory is lost', replaced(/^RUN chown 33:33 \/var\/lib\/words/m, 'RUN true'), ['http']),
  {
    name: 'the entry script of an unknown base is lost with the base',
    application: 'c-words-base',
    transform: 'multi-stage',
    breaks: dockerfile(behindFrom('debian:bookworm')),
    caughtBy: ['config'],
  },
  {
    name: 'the environment of an unknown base is overwritten',
    application: 'c-words-base',
    transform: 'multi-stage',
    breaks: dockerfile(inLastStage(replaced('USER www-data', 'ENV GREETING=hello\nUSER www-data'))),
    caughtBy: ['config', 'http'],
  },
  {
    name: 'a package for run time goes to the build stage with those for the build',
    application: 'c-words-base',
    transform: 'multi-stage',
    breaks: dockerfile(replaced('--no-install-recommends libonig5', '--no-install-recommends netbase')),
    caughtBy: ['libraries', 'end'],
  },
  {
    name: 'the package with the library that a compiled wheel needs is left out',
    application: 'python-models',
    transform: 'multi-stage',
    breaks: dockerfile(inLastStage(without(installs('librrd8')))),
    caughtBy: ['libraries', 'http'],
  },
  {
    name: 'files that a command without a row leaves in /opt are left behind',
    application: 'python-models',
    transform: 'multi-stage',
    breaks: dockerfile(inLastStage(without(/^COPY --from=\S+ \/opt\/models .*\n/m))),
    caughtBy: ['http'],
  },
  {
    name: 'what a command without a row leaves in the application is left behind',
    application: 'python-models',
    transform: 'multi-stage',
    breaks: dockerfile(inLastStage(replaced(/^COPY --from=\S+ \/app \.\/\n/m, 'COPY . .\n'))),
    caughtBy: ['http'],
  },
  {
    name: 'a directory that is written when it runs alone is not given to the user',
    application: 'python-models',
    transform: 'non-root-user',
    breaks: dockerfile(inLastStage(replaced('RUN chown 1000:1000 /app /var/lib/seen', 'RUN chown 1000:1000 /app'))),
    caughtBy: ['http'],
  },
];
