// test/verify/faults: the table of faults: how a rewrite is broken on purpose, in what one transform made, and which checks have to see it.
import type { CheckId } from '../../../src/verify/types.ts';
import type { ApplicationName } from './applications.ts';
import { lookedIntoFaults } from './looked-into.ts';
import { behindFrom, inLastStage, replaced, without } from './edits.ts';

/** What a rewrite makes: the Dockerfile, and the ignore file. */
export interface Made {
  dockerfile: string;
  ignore: string;
}
export interface Fault {
  name: string;
  application: ApplicationName;
  /** The fault is there as soon as this one is among the applied transforms. */
  transform: string;
  /** Breaks what the transforms have made. It must change something. */
  breaks(made: Made): Partial<Made>;
  /** All of these fail for the full rewrite. */
  caughtBy: readonly CheckId[];
  /** Among those that run with the tests. */
  quick?: true;
}

type Breaks = Fault['breaks'];
const dockerfile =
  (edit: (text: string) => string): Breaks =>
  (made) => ({ dockerfile: edit(made.dockerfile) });
const hides =
  (pattern: string): Breaks =>
  ({ ignore }) => ({ ignore: `${ignore}${pattern}\n` });

const go: readonly Fault[] = [
  {
    name: 'CA certificates are dropped on scratch',
    application: 'go-http',
    transform: 'scratch-essentials',
    breaks: dockerfile(without(/^COPY --from=\S+ \/etc\/ssl\/certs.*\n/m)),
    caughtBy: ['http'],
    quick: true,
  },
  {
    name: 'time zone data is dropped',
    application: 'go-http',
    transform: 'scratch-essentials',
    breaks: dockerfile((text) => without(/^COPY --from=\S+ \S*zoneinfo\.zip .*\n/m)(without(/^ENV ZONEINFO=.*\n/m)(text))),
    caughtBy: ['http'],
  },
  {
    name: 'CMD needs a shell on scratch',
    application: 'go-http',
    transform: 'multi-stage',
    breaks: dockerfile(replaced('CMD ["./server"]', 'CMD ./server')),
    caughtBy: ['config', 'end'],
    quick: true,
  },
  {
    name: 'another WORKDIR than the program’s',
    application: 'go-http',
    transform: 'multi-stage',
    breaks: dockerfile(inLastStage(replaced('WORKDIR /src', 'WORKDIR /srv'))),
    caughtBy: ['config', 'end'],
  },
  {
    name: 'a program for another architecture',
    application: 'go-http',
    transform: 'multi-stage',
    breaks: dockerfile(replaced('CGO_ENABLED=0', 'CGO_ENABLED=0 GOARCH=arm64')),
    caughtBy: ['end'],
  },
  {
    name: 'a stale file is built in: another body at one path',
    application: 'go-http',
    transform: 'copy-order',
    breaks: dockerfile(replaced('COPY . .\n', `COPY . .\nRUN sed -i 's/"title": "/&Old /' internal/httpapi/openapi.json\n`)),
    caughtBy: ['http'],
    quick: true,
  },
  {
    name: 'EXPOSE is lost',
    application: 'go-http',
    transform: 'multi-stage',
    breaks: dockerfile(inLastStage(without(/^EXPOSE .*\n/m))),
    caughtBy: ['config'],
    quick: true,
  },
  {
    name: 'the sources are left in the split image',
    application: 'go-http',
    transform: 'multi-stage',
    breaks: dockerfile(replaced('COPY --from=builder /src/server /src/server', 'COPY --from=builder /src /src')),
    caughtBy: ['contents'],
    quick: true,
  },
  {
    name: 'the artefact is copied from a path where it is not',
    application: 'go-http',
    transform: 'multi-stage',
    breaks: dockerfile(replaced('COPY --from=builder /src/server', 'COPY --from=builder /src/bin/server')),
    caughtBy: ['build'],
    quick: true,
  },
  {
    name: 'a frontend that does not exist',
    application: 'go-http',
    transform: 'syntax-directive',
    breaks: dockerfile(replaced('# syntax=docker/dockerfile:1\n', '# syntax=docker/dockerfile:0.0.1-missing\n')),
    caughtBy: ['build'],
  },
];

const node: readonly Fault[] = [
  {
    name: 'the lockfile is not copied for the install',
    application: 'node-express',
    transform: 'copy-order',
    breaks: dockerfile(replaced('COPY package.json package-lock.json ./', 'COPY package.json ./')),
    caughtBy: ['build'],
    quick: true,
  },
  {
    name: 'the ignore file hides what the build needs',
    application: 'node-express',
    transform: 'dockerignore',
    breaks: hides('tsconfig.json'),
    caughtBy: ['build'],
  },
  {
    name: 'installed packages are behind a cache mount',
    application: 'node-express',
    transform: 'cache-mounts',
    breaks: dockerfile(
      inLastStage(replaced('RUN --mount=type=cache,target=/root/.npm ', 'RUN --mount=type=cache,target=/app/node_modules ')),
    ),
    caughtBy: ['end', 'imports'],
  },
  {
    name: 'development dependencies, the compiler among them, are left in the split image',
    application: 'node-express',
    transform: 'multi-stage',
    breaks: dockerfile(replaced(' --omit=dev', '')),
    caughtBy: ['contents'],
  },
  {
    name: 'it runs as root though a user is promised',
    application: 'node-express',
    transform: 'non-root-user',
    breaks: dockerfile(replaced('USER 1000:1000', 'USER 0:0')),
    caughtBy: ['user'],
    quick: true,
  },
  {
    name: 'the user may not read the application',
    application: 'node-express',
    transform: 'non-root-user',
    breaks: dockerfile(replaced('USER 1000:1000', 'RUN chmod -R go= /app/dist\nUSER 1000:1000')),
    caughtBy: ['end'],
  },
  {
    name: 'another port is set',
    application: 'node-express',
    transform: 'multi-stage',
    breaks: dockerfile(inLastStage(replaced('EXPOSE 3000', 'ENV PORT=4000\nEXPOSE 3000'))),
    caughtBy: ['config', 'ports', 'http'],
  },
  {
    name: 'a token gets into the image',
    application: 'node-express',
    transform: 'multi-stage',
    breaks: dockerfile(
      inLastStage(replaced('EXPOSE 3000', `RUN echo '//registry.example.com/:_authToken=npm_2Zf8Qh0LkPz' > .npmrc\nEXPOSE 3000`)),
    ),
    caughtBy: ['secrets'],
  },
  {
    name: 'a development dependency that is needed at run time is left out',
    application: 'node-format',
    transform: 'multi-stage',
    breaks: dockerfile(
      inLastStage(replaced('COPY --from=builder /app/node_modules ./node_modules', 'COPY package-lock.json ./\nRUN npm ci --omit=dev')),
    ),
    caughtBy: ['http'],
  },
];

const python: readonly Fault[] = [
  {
    name: 'PATH is lost: the virtual environment is not found',
    application: 'python-poetry',
    transform: 'multi-stage',
    breaks: dockerfile(inLastStage(without(/^ENV PATH=.*\n/m))),
    caughtBy: ['end'],
  },
  {
    name: 'the server listens on another port',
    application: 'python-poetry',
    transform: 'multi-stage',
    breaks: dockerfile(replaced('"--port", "8000"', '"--port", "9000"')),
    caughtBy: ['ports', 'http'],
  },
  {
    name: 'the server listens inside of the container only',
    application: 'python-poetry',
    transform: 'multi-stage',
    breaks: dockerfile(replaced('"0.0.0.0"', '"127.0.0.1"')),
    caughtBy: ['ports', 'http'],
  },
  {
    name: 'the template directory is dropped',
    application: 'python-pages',
    transform: 'multi-stage',
    breaks: dockerfile(inLastStage(replaced('COPY . .', 'COPY wsgi.py ./\nCOPY weather/*.py ./weather/'))),
    caughtBy: ['http', 'log'],
  },
  {
    name: 'the ignore file hides what the program reads',
    application: 'python-pages',
    transform: 'dockerignore',
    breaks: hides('**/templates'),
    caughtBy: ['http', 'log'],
  },
  {
    name: 'the ignore file lets a .env into the image',
    application: 'python-pages',
    transform: 'dockerignore',
    breaks: ({ ignore }) => ({ ignore: without(/^\.env\n/m)(ignore) }),
    caughtBy: ['secrets'],
  },
  {
    name: 'libpq5 is dropped',
    application: 'python-pages',
    transform: 'multi-stage',
    breaks: dockerfile(without(' libpq5')),
    caughtBy: ['libraries', 'imports'],
  },
  {
    name: 'curl of the HEALTHCHECK is dropped',
    application: 'python-pages',
    transform: 'multi-stage',
    breaks: dockerfile(without(' curl')),
    caughtBy: ['health'],
  },
  {
    name: 'HEALTHCHECK is lost',
    application: 'python-pages',
    transform: 'multi-stage',
    breaks: dockerfile(inLastStage(without(/^HEALTHCHECK .*\n/m))),
    caughtBy: ['config', 'health'],
  },
  {
    name: 'LABEL is lost',
    application: 'python-pages',
    transform: 'multi-stage',
    breaks: dockerfile(inLastStage(without(/^LABEL .*\n/m))),
    caughtBy: ['config'],
  },
  {
    name: 'an ENV is lost',
    application: 'python-pages',
    transform: 'multi-stage',
    breaks: dockerfile(inLastStage(replaced(/WEATHER_TITLE="[^"]*" \\\n\s*/, ''))),
    caughtBy: ['config', 'http'],
  },
  {
    name: 'a module that is imported when it is needed is gone',
    application: 'python-pages',
    transform: 'multi-stage',
    breaks: dockerfile(inLastStage(replaced('EXPOSE 8000', 'RUN rm -r /opt/venv/lib/python3*/site-packages/psycopg2\nEXPOSE 8000'))),
    caughtBy: ['imports'],
  },
  {
    name: 'the user may not write where the program writes',
    application: 'python-pages',
    transform: 'non-root-user',
    breaks: dockerfile(without(/^RUN mkdir -p \/app\/data \\\n.*\n/m)),
    caughtBy: ['http', 'writes'],
  },
];

/** The stand-in for Alpine: see bases.ts. */
export const muslImage = 'dockerfile-mod-test/musl:latest';

const installOfPackages = /^RUN apt-get update(?:.*\\\n)*.*\n/m;

const rust: readonly Fault[] = [
  {
    name: 'CA certificates are not installed',
    application: 'rust-axum',
    transform: 'multi-stage',
    // A base may bring a bundle of its own, as stand-ins for the published one do.
    breaks: dockerfile(inLastStage(replaced(installOfPackages, 'RUN rm -rf /etc/ssl/certs\n'))),
    caughtBy: ['http'],
  },
  {
    name: 'a base with musl for a program of glibc',
    application: 'rust-axum',
    transform: 'multi-stage',
    breaks: dockerfile((text) =>
      behindFrom(muslImage)(inLastStage((stage) => without(/^RUN groupadd .*\n/m)(without(installOfPackages)(stage)))(text)),
    ),
    caughtBy: ['end', 'libraries'],
  },
];

export const faults: readonly Fault[] = [...go, ...node, ...python, ...rust, ...lookedIntoFaults];
