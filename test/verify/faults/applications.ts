// test/verify/faults: the applications that faults are put into: those of fixtures/apps, two of them with more that can be lost.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { upstream } from '../../e2e/probe.ts';
import { lookedInto } from './looked-into.ts';
import type { RunPlan } from '../../../src/verify/types.ts';

export type ApplicationName =
  | 'go-http'
  | 'node-express'
  | 'node-format'
  | 'python-poetry'
  | 'python-pages'
  | 'rust-axum'
  | 'c-words'
  | 'c-words-base'
  | 'python-models';
export interface Application {
  name: ApplicationName;
  /** The folder that it is, or starts from: as seen from fixtures/apps. */
  folder: string;
  /** What makes it more than that folder, in a sentence. */
  has?: string;
  /** Files written over it: path → text. */
  files: Readonly<Record<string, string>>;
  /** Texts put behind the first place of another text in a file of it: path, where, what. */
  inserts: readonly (readonly [path: string, behind: string, text: string])[];
  probes: readonly string[];
  /** Its image is looked into before it is rewritten. */
  looked?: true;
  /** An image that it stands on, which is made before. */
  base?: { tag: string; dockerfile: string };
}

const instant = 'at=2026-07-01T12:00:00Z';

/** `python-pip` with pages, a database driver, a log of its own, an environment, a label and a health check. */
const pages: Application = {
  name: 'python-pages',
  folder: 'python-pip',
  has: 'python-pip with a template directory, psycopg2 (imported when it is needed), a file that it writes, ENV, LABEL and a HEALTHCHECK with curl',
  files: {
    Dockerfile: `FROM python:3.13
LABEL org.opencontainers.image.title="weather"
ENV WEATHER_TITLE="Stations of the Alps" \\
    PYTHONUNBUFFERED=1
WORKDIR /app
COPY . .
RUN pip install -r requirements.txt
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s CMD curl --fail --silent http://localhost:8000/health || exit 1
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--workers", "2", "wsgi:app"]
`,
    '.dockerignore': '.env\n',
    '.env': 'SESSION_KEY=2f6e0b7c\n',
    'weather/templates/index.html': '<title>{{ title }}</title>\n<ul>{% for one in stations %}<li>{{ one.name }}</li>{% endfor %}</ul>\n',
    'weather/pages.py': `import os

from flask import Blueprint, jsonify, render_template

from weather.stations import STATIONS

pages = Blueprint("pages", __name__)


@pages.get("/")
def index():
    return render_template("index.html", title=os.environ["WEATHER_TITLE"], stations=STATIONS.values())


@pages.get("/visit")
def visit():
    os.makedirs("/app/data", exist_ok=True)
    with open("/app/data/visits.log", "a") as file:
        file.write("seen\\n")
    return jsonify(written=True)


@pages.get("/archive")
def archive():
    import psycopg2

    with psycopg2.connect(os.environ["DATABASE_URL"]) as database, database.cursor() as cursor:
        cursor.execute("select count(*) from readings")
        return jsonify(readings=cursor.fetchone()[0])
`,
  },
  inserts: [
    ['requirements.txt', 'MarkupSafe==3.0.4\n', 'psycopg2==2.9.13\n'],
    ['weather/__init__.py', 'from weather.health import health\n', 'from weather.pages import pages\n'],
    ['weather/__init__.py', 'app.register_blueprint(health)\n', '    app.register_blueprint(pages)\n'],
  ],
  probes: ['/', '/visit', '/health', '/api/stations/zug'],
};

/** `node-express` with a page for which prettier is loaded, which is a development dependency. */
const format: Application = {
  name: 'node-format',
  folder: 'node-express',
  has: 'node-express that loads a development dependency (prettier) when it is asked for a page',
  files: {},
  inserts: [
    [
      'src/routes/health.ts',
      'const router = Router();\n',
      `  router.get('/format', async (_req, res) => {
    const prettier = await import('prettier');
    res.json({ text: await prettier.format('a  =  1', { parser: 'babel' }) });
  });
`,
    ],
  ],
  probes: ['/health', '/health/format'],
};

const plain = (name: ApplicationName, probes: readonly string[]): Application => ({ name, folder: name, files: {}, inserts: [], probes });

export const applications: readonly Application[] = [
  plain('go-http', [
    '/health',
    '/openapi.json',
    `/time?zone=Europe/Berlin&${instant}`,
    '/api/offices?day=2026-01-15',
    '/api/quotes/unknown',
    '/https',
  ]),
  plain('node-express', ['/health', '/api/items', '/api/summary', '/nowhere', '/https']),
  plain('python-poetry', ['/health', '/api/books/2', '/openapi.json', '/https']),
  pages,
  format,
  plain('rust-axum', ['/health', '/api/trails/4', '/https']),
  ...lookedInto,
];

const fixtures = fileURLToPath(new URL('../../../fixtures/apps/', import.meta.url));

/** Puts an application into a new directory below the given one: what git has of its folder, with its own files over it. Out: where. */
export async function place({ name, folder, files, inserts }: Application, below: string): Promise<string> {
  const directory = await mkdtemp(join(below, `${name}-`));
  const from = join(fixtures, folder);
  const { stdout } = await promisify(execFile)('git', ['ls-files', '-z'], { cwd: from });
  for (const path of stdout.split('\0').filter(Boolean)) await cp(join(from, path), join(directory, path));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  for (const [path, behind, text] of inserts) {
    const before = await readFile(join(directory, path), 'utf8');
    if (!before.includes(behind)) throw new Error(`${name}: ${path} has no ‘${behind}’`);
    await writeFile(
      join(directory, path),
      before.replace(behind, () => `${behind}${text}`),
    );
  }
  return directory;
}

/** How an application is run: its probes, and what it asks over HTTPS. */
export async function runPlan({ probes }: Application): Promise<Partial<RunPlan>> {
  return { probes, env: await upstream() };
}
