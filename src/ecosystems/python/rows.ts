// Room: ecosystems/python. What programs of Python do, as rows, and how poetry and its kin start others.
import { ownProgram, reaches } from '../../effects/interpreters.ts';
import { anywhere, placesOf, tree } from '../../effects/places.ts';
import { tasks } from '../../effects/rows/system.ts';
import type { Call, Row, Told } from '../../effects/types.ts';
import { downloadModule, downloadText } from './downloads.ts';
import type { WrapperRow } from '../../effects/wrappers.ts';
import { names, options } from '../../effects/words.ts';
import { migrates, pythonServers } from './server-rows.ts';
import { pythonTestRows } from './test-rows.ts';
import { apartModule } from './words.ts';

const nothing: Told = { does: { kind: 'nothing' } };
const here = ({ state }: Call) => (state.cwd === undefined ? anywhere('in an unknown directory') : { known: [tree(state.cwd)] });

/** Modules of the standard library that are run with -m. Source: docs.python.org/3, compileall, venv, ensurepip. */
function module(name: string, call: Call, args: Call['args']): Told | undefined {
  const words = options(args).rest;
  if (name === 'venv' || name === 'virtualenv') return { does: { kind: 'files' }, writes: placesOf(words, call.state, true) };
  if (name === 'compileall')
    return {
      does: { kind: 'build', tool: 'compileall' },
      writes: words.length > 0 ? placesOf(words, call.state, true) : here(call),
      reads: here(call),
    };
  if (name === 'ensurepip')
    return { does: { kind: 'package', manager: 'pip', what: 'install-named', into: 'python' }, writes: { known: [tree('/usr/local')] } };
  return name === 'this' || name === 'site' || name === 'sysconfig' ? nothing : downloadModule(name, call, args);
}

/** `python FILE`, `python -m MODULE`; `-c TEXT` is a program that is not read. Source: docs.python.org/3/using/cmdline.html. */
function python(given: Call): Told {
  const call = { ...given, args: apartModule(given.args) };
  const { args } = call;
  const at = args.findIndex((word, n) => !(word.value ?? word.raw).startsWith('-') && !['-X', '-W'].includes(args[n - 1]?.value ?? ''));
  const flags = args.slice(0, at === -1 ? args.length : at).map((word) => word.value ?? '');
  if (at === -1 && flags.length > 0 && flags.every((flag) => ['-V', '--version', '-VV', '-h'].includes(flag))) return nothing;
  if (flags.includes('-m')) {
    const name = args[at]?.value ?? '';
    const told = module(name, call, args.slice(at + 1)) ?? asProgram(name, call, args.slice(at + 1)) ?? ownModule(name, call);
    if (told) return told;
  } else if (at !== -1 && !flags.includes('-c')) return manage(call, at) ?? ownProgram(call, at, 'python');
  else if (flags.includes('-c')) {
    const told = givenText(call, args[at]?.value);
    if (told) return told;
  }
  const why = `runs \`${[call.name, ...args.slice(0, 3).map((arg) => arg.raw)].join(' ').slice(0, 80)}\`, whose effects are not known`;
  return { does: { kind: 'unknown', why }, writes: anywhere(why), reads: anywhere(why), startsUnknown: why };
}

/** `python -c TEXT`: known where the text is that of a download, or works in its directory alone. */
function givenText(call: Call, text: string | undefined): Told | undefined {
  if (text === undefined) return undefined;
  const { cwd } = call.state;
  const told = downloadText(text, call);
  if (told || cwd === undefined || reaches(text.replaceAll(';', '\n'))) return told;
  const plain = !/\bopen\(|write|\bos\.|shutil|pathlib|dump/.test(text);
  return plain ? { ...nothing, reads: here(call) } : { does: { kind: 'build', tool: 'python' }, writes: here(call), reads: here(call) };
}

/** `python -m gunicorn` is gunicorn. */
function asProgram(name: string, call: Call, args: Call['args']): Told | undefined {
  const row = [...pythonServers, ...pythonTestRows].find(({ programs }) => names(programs).has(name));
  return row?.tell({ ...call, name, args });
}

/** A module of the project: `python -m app`, `python -m app.main`. */
function ownModule(name: string, call: Call): Told | undefined {
  const { cwd, read } = call.state;
  if (cwd === undefined || !read || !/^[\w.]+$/.test(name)) return undefined;
  const base = `${cwd}/${name.replaceAll('.', '/')}`;
  const found = [`${base}.py`, `${base}/__main__.py`, `${cwd}/src/${name.replaceAll('.', '/')}/__main__.py`].find(
    (path) => read(path) !== undefined,
  );
  const why = `runs \`python -m ${name}\`, whose effects are not known`;
  return found === undefined
    ? undefined
    : { does: { kind: 'unknown', why }, writes: anywhere(why), reads: anywhere(why), startsUnknown: why, sources: 'python' };
}

/** Commands of Django's manage.py that write where the settings say, in the project by its default. Source: docs.djangoproject.com, django-admin. */
const MANAGE: ReadonlySet<string> = new Set([
  'collectstatic',
  'compilemessages',
  'makemessages',
  'makemigrations',
  'compress',
  'check',
  'tailwind',
]);
/** Of these: those that start no other program (msgfmt, node). */
const AS_IT_RUNS: ReadonlySet<string> = new Set(['collectstatic', 'makemigrations']);
const MIGRATE: ReadonlySet<string> = new Set(['migrate', 'loaddata', 'syncdb', 'flush', 'createcachetable']);
function manage(call: Call, at: number): Told | undefined {
  const file = call.args[at]?.value ?? '';
  const verb = call.args[at + 1]?.value ?? '';
  if (!/(^|\/)(manage\.py|django-admin)$/.test(file)) return undefined;
  if (MIGRATE.has(verb)) return migrates(call);
  if (verb === 'check') return { ...nothing, reads: here(call) };
  const more = AS_IT_RUNS.has(verb) ? { asItRuns: true as const } : {};
  return MANAGE.has(verb)
    ? { does: { kind: 'build', tool: `manage.py ${verb}`, ...more }, writes: here(call), reads: here(call) }
    : undefined;
}

export const pythonRows: readonly Row[] = [
  ...pythonServers,
  ...pythonTestRows,
  {
    programs: 'manage.py django-admin',
    source: 'https://docs.djangoproject.com/en/stable/ref/django-admin/',
    tell: (call) => manage({ ...call, args: call.command.words }, 0) ?? { ...ownProgram(call, 0, 'python'), sources: 'python' },
  },
  {
    programs: 'python python2 python3 python3.8 python3.9 python3.10 python3.11 python3.12 python3.13 python3.14 pypy pypy3',
    source: 'https://docs.python.org/3/using/cmdline.html',
    tell: python,
  },
  {
    programs: 'virtualenv',
    source: 'https://virtualenv.pypa.io',
    tell: (call) => ({ does: { kind: 'files' }, writes: placesOf(options(call.args).rest, call.state, true) }),
  },
  {
    programs: 'tox nox invoke inv fab doit poe honcho',
    source: 'tox.wiki; nox.thea.codes; pyinvoke.org; fabfile.org; pydoit.org; poethepoet.natn.io; nickstenning/honcho',
    tell: tasks,
  },
  // the name behind `run` is that of a script in pyproject.toml, or of a program
  {
    programs: 'hatch pdm rye pixi',
    source: 'hatch.pypa.io/latest/config/environment; pdm-project.org/latest/usage/scripts; rye.astral.sh; pixi.sh',
    tell: (call) => (call.args[0]?.value === 'run' ? tasks(call) : undefined),
  },
];

/** `poetry run X` is X in the environment of the project. */
export const pythonWrappers: readonly WrapperRow[] = [
  {
    programs: 'poetry pipenv',
    verbs: 'run',
    ofProject: true,
    source: 'python-poetry.org/docs/cli; pipenv.pypa.io',
  },
  {
    programs: 'uv',
    verbs: 'run',
    ofProject: true,
    files: ['.py', 'python'],
    valued: '--with --python -p --extra --group --env-file --directory --project --package',
    source: 'https://docs.astral.sh/uv/reference/cli/#uv-run',
  },
];
