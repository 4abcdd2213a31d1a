// Room: ecosystems/python. Servers, workers and tools that run the project's sources, as rows: what they write themselves beside what the sources do.
import { anywhere, file, placesOf, tree } from '../../effects/places.ts';
import type { Call, Place, Places, Row, ShellState, Told } from '../../effects/types.ts';
import { names, options } from '../../effects/words.ts';

const here = ({ cwd }: ShellState): Place[] => (cwd === undefined ? [] : [tree(cwd)]);
const beside = ({ cwd }: ShellState, ...entries: string[]): Place[] =>
  cwd === undefined ? [] : entries.map((name) => file(`${cwd}/${name}`));
const inHome = ({ home }: ShellState, ...entries: string[]): Places =>
  home === undefined ? { known: [] } : { known: entries.map((name) => tree(`${home}/${name}`)) };

const serve = (call: Call, writes: Places = { known: [] }): Told => ({
  does: { kind: 'serve' },
  sources: 'python',
  writes,
  reads: { known: here(call.state) },
});
const unread = (why: string): Told => ({ does: { kind: 'unknown', why }, writes: anywhere(why), reads: anywhere(why), startsUnknown: why });

/** The files that options name; `-` is standard output. */
function named(call: Call, valued: string, ...flags: string[]): Places {
  const read = options(call.args, names(`${valued} ${flags.join(' ')}`));
  const words = flags.flatMap((flag) => read.value(flag) ?? []).filter((word) => word.value !== '-');
  return placesOf(words, call.state, false);
}
const both = (a: Places, b: Places): Places => ({
  known: [...a.known, ...b.known],
  ...((a.unknown ?? b.unknown) === undefined ? {} : { unknown: a.unknown ?? b.unknown ?? '' }),
});

const GUNICORN =
  '-b --bind -w --workers -k --worker-class -c --config --chdir -t --timeout --threads -u --user -g --group --env -e --log-level --worker-tmp-dir --log-config -n --name';
/** Settings of a gunicorn configuration file that name files. Source: docs.gunicorn.org/en/stable/settings.html. */
const GUNICORN_FILES = /^(accesslog|errorlog|pidfile|logfile)\s*=\s*(.+?)\s*(?:#.*)?$/gm;
function gunicorn(call: Call): Told {
  const { cwd, read } = call.state;
  const given = options(call.args, names(GUNICORN));
  const chdir = given.value('--chdir');
  const to = chdir === undefined ? cwd : placesOf([chdir], call.state, true).known[0]?.path;
  if (chdir !== undefined && to === undefined) return serve(call, anywhere(`where \`${chdir.raw}\` leads gunicorn`));
  const inside = { ...call, state: { ...call.state, cwd: to } };
  const own = named(inside, GUNICORN, '--access-logfile', '--error-logfile', '--log-file', '-p', '--pid');
  const config = given.value('-c', '--config');
  const path = config ? (placesOf([config], call.state, false).known[0]?.path ?? '') : `${cwd ?? ''}/gunicorn.conf.py`;
  const text = path === '' || (config?.value ?? '').startsWith('python:') ? undefined : read?.(path);
  const told = config && text === undefined ? anywhere(`what \`${config.raw}\` tells gunicorn`) : settingsOf(text ?? '', inside.state);
  return { ...serve(inside, both(own, told)), ...(to === undefined || to === cwd ? {} : { worksIn: to }) };
}
function settingsOf(text: string, state: ShellState): Places {
  const known: Place[] = [];
  for (const [, name = '', value = ''] of text.matchAll(GUNICORN_FILES)) {
    if (value === 'None') continue;
    const literal = /^(["'])([^"'\\]*)\1$/.exec(value)?.[2];
    if (literal === '-') continue;
    if (literal === undefined || state.cwd === undefined)
      return { known, unknown: `to the ${name} that gunicorn's configuration computes` };
    known.push(file(literal.startsWith('/') ? literal : `${state.cwd}/${literal}`));
  }
  return { known };
}

/** Files that a logging configuration names (YAML, JSON, INI). Source: docs.python.org/3/library/logging.config.html. */
function logConfig(call: Call, valued: string): Places {
  const config = options(call.args, names(`${valued} --log-config`)).value('--log-config');
  if (!config) return { known: [] };
  const path = placesOf([config], call.state, false).known[0]?.path;
  const text = path === undefined ? undefined : call.state.read?.(path);
  if (text === undefined || call.state.cwd === undefined) return anywhere(`what \`${config.raw}\` tells its logging`);
  const files = [
    ...text.matchAll(/["']?\bfilename["']?\s*[:=]\s*["']?([^"'\s,}]+)|FileHandler[\s\S]{0,200}?args\s*=\s*\(\s*["']([^"']+)["']/g),
  ];
  const literals = files.map((match) => match[1] ?? match[2] ?? '');
  return { known: literals.map((one) => file(one.startsWith('/') ? one : `${call.state.cwd}/${one}`)) };
}

const CELERY =
  '-A --app -b --broker --result-backend -l --loglevel --workdir -c --concurrency -P --pool -Q --queues -n --hostname -S --scheduler --max-interval --port --address';
/** beat keeps its schedule and its pid in the working directory. Source: docs.celeryq.dev, "celery beat": --schedule, --pidfile. */
function celery(call: Call): Told {
  const files = named(call, CELERY, '-s', '--schedule', '--pidfile', '-f', '--logfile', '--statedb', '--db');
  const read = options(call.args, names(CELERY));
  const verbs = read.rest.map((word) => word.value ?? '');
  const beat = verbs.includes('beat') || read.flags.has('-B') || read.flags.has('--beat');
  const own = beat ? beside(call.state, 'celerybeat-schedule', 'celerybeat.pid') : [];
  if (verbs.includes('multi')) return unread('runs `celery multi`, whose files are not known');
  return serve(call, { ...files, known: [...files.known, ...own] });
}

/** Stores of MLflow: `./mlruns` and `./mlartifacts` unless told. Source: mlflow.org/docs, "mlflow server". */
function mlflow(call: Call): Told {
  const valued = '--host -h --port -p --workers -w --gunicorn-opts --static-prefix --app-name --registry-store-uri';
  const read = options(call.args, names(`${valued} --backend-store-uri --default-artifact-root --artifacts-destination`));
  const uris = ['--backend-store-uri', '--default-artifact-root', '--artifacts-destination'].flatMap((flag) => read.value(flag) ?? []);
  const known: Place[] = beside(call.state, 'mlruns', 'mlartifacts');
  for (const { value, raw } of uris) {
    if (value === undefined) return serve(call, { known, unknown: `to the store that ${raw} names` });
    const sqlite = /^sqlite:\/\/\/(.+)$/.exec(value)?.[1];
    const path = sqlite ?? (value.includes('://') ? /^file:\/\/(\/.+)$/.exec(value)?.[1] : value);
    if (path !== undefined && call.state.cwd !== undefined)
      known.push((sqlite === undefined ? tree : file)(path.startsWith('/') ? path : `${call.state.cwd}/${path.replace(/^\.\//, '')}`));
  }
  return serve(call, { known });
}

/** Source: airflow.apache.org, "Set Airflow Home": AIRFLOW_HOME, else ~/airflow. */
function airflow(call: Call): Told {
  const home = call.state.lookup('AIRFLOW_HOME');
  if (home === undefined) return serve(call, inHome(call.state, 'airflow'));
  return serve(call, 'value' in home ? { known: [tree(home.value)] } : anywhere('to AIRFLOW_HOME, which is computed'));
}

/** `--path DIR`, else ./chroma. Source: docs.trychroma.com, "chroma run". */
function chroma(call: Call): Told {
  const path = options(call.args, names('--path --host --port --log-path')).value('--path');
  return serve(
    call,
    path ? placesOf([path], call.state, true) : { known: call.state.cwd === undefined ? [] : [tree(`${call.state.cwd}/chroma`)] },
  );
}

/** Databases that it opens may be written by its own and its plugins' tables. Source: docs.datasette.io, "datasette serve". */
function datasette(call: Call): Told {
  const files = call.args.filter((word) => /\.(db|sqlite3?)$/.test(word.value ?? ''));
  const immutable = call.args.some((word) => word.value === '-i' || word.value === '--immutable');
  return serve(call, immutable ? { known: [] } : placesOf(files, call.state, false));
}

/** The project's database, changed by the project's own files: what it writes is the file of one that is embedded. */
export const migrates = (call: Call): Told => ({
  does: { kind: 'database' },
  sources: 'python',
  writes: { known: embedded(call.state) },
  reads: { known: here(call.state) },
});
/** The file of a database that the environment or alembic.ini names. Source: docs.sqlalchemy.org, "Engine Configuration", SQLite. */
function embedded(state: Call['state']): Place[] {
  const set = ['DATABASE_URL', 'SQLALCHEMY_DATABASE_URI', 'SQLALCHEMY_DATABASE_URL', 'DB_URL'].flatMap((name) => {
    const value = state.lookup(name);
    return value && 'value' in value ? [value.value] : [];
  });
  const settings = state.cwd === undefined ? undefined : state.read?.(`${state.cwd}/alembic.ini`);
  const own = /^\s*sqlalchemy\.url\s*=\s*(\S+)/m.exec(settings ?? '')?.[1];
  return [...set, ...(own === undefined ? [] : [own])].flatMap((url) => {
    const path = /^sqlite(?:\+\w+)?:\/\/\/([^?]+)/.exec(url)?.[1];
    if (path === undefined) return [];
    return path.startsWith('/') ? [file(path)] : beside(state, path.replace(/^\.\//, ''));
  });
}
/** Revisions are files beside the sources. Source: alembic.sqlalchemy.org, tutorial; flask-migrate.readthedocs.io. */
function alembic(call: Call): Told {
  const verbs = options(call.args, names('-c --config -x -n --name -d --directory')).rest.map((word) => word.value ?? '');
  if (verbs.some((verb) => ['revision', 'init', 'migrate', 'init-db', 'merge', 'edit'].includes(verb)))
    return unread('writes revisions beside the sources');
  return verbs.some((verb) => ['upgrade', 'downgrade', 'stamp'].includes(verb)) ? migrates(call) : serve(call);
}
/** Verbs of its own, and commands of the project. Source: flask.palletsprojects.com/en/stable/cli, "Custom Commands". */
function flask(call: Call): Told {
  const [verb] = options(call.args, names('-A --app -e --env-file')).rest.map((word) => word.value ?? '');
  if (verb === 'db') return alembic(call);
  if (verb === undefined || ['run', 'shell', 'routes'].includes(verb)) return serve(call);
  return unread(`runs \`flask ${verb}\`, a command of the project`);
}

/** Browsers in the directory that a variable names, else in the home directory; with --with-deps libraries of the system as well. */
function browsers(call: Call, variable: string, dir: string): Told {
  if (call.args.some((word) => word.value === '--help' || word.value === '--version')) return { does: { kind: 'nothing' } };
  const set = call.state.lookup(variable);
  const why = `runs \`${call.name}\`, which brings browsers`;
  const named = set && 'value' in set && set.value !== '0' ? [tree(set.value)] : [];
  const known = set ? named : inHome(call.state, dir).known;
  return { does: { kind: 'unknown', why }, writes: { known, unknown: 'by a browser' }, reads: anywhere(why), startsUnknown: why };
}

const plain = (programs: string, source: string): Row => ({ programs, source, tell: (call) => serve(call) });
/** It keeps files under these names in the directory where it starts. */
const keeps = (programs: string, source: string, ...entries: string[]): Row => ({
  programs,
  source,
  tell: (call) => serve(call, { known: beside(call.state, ...entries) }),
});

export const pythonServers: readonly Row[] = [
  { programs: 'gunicorn', source: 'https://docs.gunicorn.org/en/stable/settings.html', tell: gunicorn },
  {
    programs: 'uvicorn',
    source: 'https://www.uvicorn.org/settings/',
    tell: (call) =>
      serve(call, logConfig(call, '--host --port --workers --log-level --loop --http --uds --env-file --app-dir --root-path')),
  },
  {
    programs: 'hypercorn',
    source: 'https://hypercorn.readthedocs.io, how to log',
    tell: (call) =>
      serve(
        call,
        both(
          named(
            call,
            '-b --bind -w --workers -k --worker-class -c --config',
            '--access-logfile',
            '--error-logfile',
            '--access-log',
            '--error-log',
            '-p',
            '--pid',
          ),
          logConfig(call, '-b --bind'),
        ),
      ),
  },
  {
    programs: 'daphne',
    source: 'https://github.com/django/daphne, command line',
    tell: (call) => serve(call, named(call, '-b --bind -p --port -u -e --endpoint -v -t', '--access-log')),
  },
  plain(
    'granian waitress-serve sanic litestar quart robyn',
    'https://github.com/emmett-framework/granian; docs.pylonsproject.org/projects/waitress; sanic.dev; docs.litestar.dev: logs go to standard output',
  ),
  { programs: 'flask', source: 'https://flask.palletsprojects.com/en/stable/cli/; flask-migrate.readthedocs.io', tell: flask },
  plain('fastapi', 'https://fastapi.tiangolo.com/fastapi-cli'),
  { programs: 'celery', source: 'https://docs.celeryq.dev/en/stable/reference/cli.html', tell: celery },
  plain(
    'rq rqworker rqscheduler dramatiq arq taskiq huey_consumer huey_consumer.py',
    'https://python-rq.org/docs/workers/; dramatiq.io; arq-docs.helpmanual.io; huey.readthedocs.io, consumer: logs go to standard output',
  ),
  {
    programs: 'streamlit',
    source: 'https://docs.streamlit.io, "Working with configuration": ~/.streamlit',
    tell: (call) => serve(call, inHome(call.state, '.streamlit')),
  },
  keeps('chainlit', 'https://docs.chainlit.io, backend/config', '.files', '.chainlit', 'chainlit.md'),
  plain('gradio panel bokeh voila nicegui', 'https://www.gradio.app/guides; panel.holoviz.org; docs.bokeh.org'),
  {
    programs: 'jupyter jupyter-lab jupyter-notebook',
    source: 'https://docs.jupyter.org/en/latest/use/jupyter-directories.html: notebooks are saved where they are',
    tell: (call) =>
      serve(call, { known: [...here(call.state), ...inHome(call.state, '.jupyter', '.local/share/jupyter', '.ipython').known] }),
  },
  {
    programs: 'ipython',
    source: 'https://ipython.readthedocs.io: IPYTHONDIR is ~/.ipython',
    tell: (call) => serve(call, inHome(call.state, '.ipython')),
  },
  { programs: 'mlflow', source: 'https://mlflow.org/docs/latest/cli.html', tell: mlflow },
  {
    programs: 'playwright patchright camoufox',
    source: 'https://playwright.dev/python/docs/browsers: PLAYWRIGHT_BROWSERS_PATH, else ~/.cache/ms-playwright',
    tell: (call) => browsers(call, 'PLAYWRIGHT_BROWSERS_PATH', '.cache/ms-playwright'),
  },
  { programs: 'airflow', source: 'https://airflow.apache.org/docs, Set Airflow Home', tell: airflow },
  { programs: 'chroma', source: 'https://docs.trychroma.com', tell: chroma },
  { programs: 'datasette', source: 'https://docs.datasette.io/en/stable/cli-reference.html', tell: datasette },
  keeps(
    'scrapyd',
    'https://scrapyd.readthedocs.io/en/latest/config.html: eggs_dir, logs_dir, dbs_dir, items_dir',
    'eggs',
    'logs',
    'dbs',
    'items',
    'twistd.pid',
  ),
  keeps('scrapy', 'https://docs.scrapy.org, HTTPCACHE_DIR, FEEDS, JOBDIR', '.scrapy'),
  {
    programs: 'luigid',
    source: 'https://luigi.readthedocs.io/en/stable/central_scheduler.html: state-path is /var/lib/luigi-server/state.pickle',
    tell: (call) => {
      const files = named(call, '--port --address', '--state-path', '--pidfile');
      const logs = options(call.args, names('--port --address --state-path --pidfile --logdir')).value('--logdir');
      const state = options(call.args, names('--state-path')).value('--state-path') ? [] : [file('/var/lib/luigi-server/state.pickle')];
      return serve(call, both({ ...files, known: [...files.known, ...state] }, logs ? placesOf([logs], call.state, true) : { known: [] }));
    },
  },
  {
    programs: 'locust',
    source: 'https://docs.locust.io/en/stable/configuration.html',
    tell: (call) =>
      serve(call, named(call, '-f --locustfile -H --host -u -r -t --web-port', '--csv', '--html', '--logfile', '--json-file')),
  },
  keeps('rasa', 'https://rasa.com/docs/rasa/command-line-interface', '.rasa', 'models', 'results', 'rasa.db', 'events.db'),
  {
    programs: 'alembic aerich',
    source: 'https://alembic.sqlalchemy.org; github.com/tortoise/aerich',
    tell: alembic,
  },
  {
    programs: 'dvc snakemake dbt kedro prefect dagster',
    source: 'https://dvc.org/doc; snakemake.readthedocs.io; docs.getdbt.com',
    tell: ({ name }) => unread(`runs \`${name}\`, which writes what the project's own rules say`),
  },
];
