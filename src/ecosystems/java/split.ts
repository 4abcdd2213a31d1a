// Room: ecosystems/java. multi-stage for Java: the jar, and what it reads beside it, on the same Java without a compiler.
import { parentOf } from '../../context/paths.ts';
import type { Piece } from '../../dockerfile/edits.ts';
import { globMatch } from '../../dockerfile/glob.ts';
import { namesSet } from '../../dockerfile/state.ts';
import { copyText } from '../../dockerfile/write.ts';
import type { Effects } from '../../effects/types.ts';
import { inside, landingOf, originAbove, originOf, resolvePath } from '../../facts/copies.ts';
import type { RunPart, RunReading } from '../../facts/reading.ts';
import { refuse } from '../../refusal.ts';
import { programFiles } from '../../runtime/program-files.ts';
import { runFiles } from '../../runtime/run-files.ts';
import { fromBuilder, fromContext, movedCopies } from '../../../transforms/multi-stage/distribute.ts';
import { fileNotes } from '../../runtime/file-notes.ts';
import { refuseRepository, type Situation } from '../../../transforms/multi-stage/situation.ts';
import { addedPath, emptySplit, type Split } from '../../../transforms/multi-stage/split.ts';
import { besideJar, type Beside } from './alone.ts';
import { javaCommand, piecesOf, type JavaCommand } from './command.ts';
import { javaLayout } from './layout.ts';
import { outputAt, type Output } from './outputs.ts';
import { buildEnv, external, settingsMade, volumes, withoutDirectories } from './places.ts';
import { javaReader, type JavaProject } from './project.ts';
import { javaRuntime } from './runtime-image.ts';

/** Users of the original's image by their numbers: another image does not know the names. */
function inNumbers({ reading }: Situation, flag: string): string {
  const users = reading.base.family?.users ?? [];
  return flag.replace(/[^=:]+/g, (word) => String(users.find(({ name }) => name === word)?.uid ?? word));
}

interface Build {
  run: RunReading;
  part: RunPart;
}

/** The split of a Java image; refuses where a fact forbids it. */
export function splitJava(given: Situation): Split {
  const s = { ...given, owner: given.owner.map((flag) => inNumbers(given, flag)) };
  refuseRepository(s);
  const builds = s.reading.runs.flatMap((run) =>
    run.opened.filter(({ manager, kind }) => manager?.ecosystem === 'java' && kind === 'build').map((part): Build => ({ run, part })),
  );
  const native = builds.find(({ part }) =>
    part.command.words.some(({ raw }) =>
      /(?:^|:)(?:native|nativeCompile|nativeBuild|buildNative)$|^-P(?:native)\b|native-image|-Dquarkus\.(?:package\.type=native|native\.enabled=true)/.test(
        raw,
      ),
    ),
  );
  if (native)
    refuse('native-image', `Line ${native.run.instruction.line} builds a native program, which is not read`, native.run.instruction.start);
  if (['mvn', 'mvnw', 'gradle', 'gradlew'].includes(s.run.program.slice(s.run.program.lastIndexOf('/') + 1)))
    refuse(
      'java-run-plugin',
      `CMD runs \`${[s.run.program, ...s.run.args].join(' ')}\`, which needs the build tool and the sources`,
      s.run.at,
    );
  const started = startedBy(s);
  const { project, artefacts, beside } = started;
  const asked = new Set([...external(s), ...started.context]);
  const found = programFiles({
    ...s,
    layout: javaLayout,
    dirs: [...new Set([project.dir, ...artefacts.map(({ module }) => module)])],
    hits: [...project.hits(), ...settingsMade(s)],
    sources: project.sources(),
    asked: [...asked],
    own: ['java'],
    embedded: (path) =>
      /(?:^|\/)src\/main\/resources\//.test(path) && !project.hits().some(({ literal }) => literal?.includes('src/main/') === true),
    builds: (part) => part.manager?.ecosystem === 'java',
  });
  if (found.unclear)
    refuse('opaque-run', found.unclear.says, found.unclear.run.instruction.start, {
      allow: found.unclear.allow ?? 'Write what it makes to a directory of its own.',
    });
  const read = outputsRead(s, project);
  const paths = [...new Set([...[...artefacts, ...read].map(({ path }) => path), ...beside.flatMap((one) => one.paths)])];
  const own = paths.filter((path) => !paths.some((other) => other !== path && inside(path, other)));
  const needed = found.needed.filter((path) => asked.has(path) || !ofSources(path, project));
  const runtime = javaRuntime(s, project);
  const lost = runtime.image === s.reading.base.image.raw || s.stays !== undefined ? [] : volumes(s);
  const moved = movedCopies(s.reading, needed);
  const covered = [...own, ...needed.flatMap((path) => landingOf(s.reading.copies, path) ?? []), ...found.made];
  const made = [...found.made, ...runFiles(s.subject, s.run, covered).filter((path) => !own.some((one) => globs(one, path)))];
  return {
    ...emptySplit(runtime.image),
    repeats: s.shared ? s.runs.again : withoutDirectories(s, own),
    moved,
    setup: runtime.setup.map((line) => [line]),
    artefacts: [
      ...needed.flatMap((path) => fromContext(s.subject, path, { ...s, moved })),
      ...made.map((path) => fromBuilder(s.builder, path, s.workdir, s.owner)),
      ...own.map((path) => copyOf(s, path)),
    ],
    workdir: s.workdir === '/' || s.shared ? undefined : s.workdir,
    packages: runtime.packages,
    manager: runtime.manager,
    buildEnv: buildEnv(s),
    announces: {
      keywords: lost,
      env: [...buildEnv(s), ...addedPath(s.reading), ...(runtime.setup.length > 0 ? ['LANG', 'LANGUAGE', 'LC_ALL'] : [])],
    },
    notes: [...fileNotes(s.subject, found.files), ...runtime.notes],
    evidence: [...s.runEvidence, ...beside.flatMap((one) => one.evidence), ...runtime.evidence, ...found.files.evidence],
    why: [...new Set(beside.map(({ why }) => why)), runtime.why].join('; '),
  };
}

/** What the container starts, and what of the builds that needs. */
interface Started {
  project: JavaProject;
  artefacts: Output[];
  beside: Beside[];
  /** Paths of the context that the command names. */
  context: string[];
}

function startedBy(s: Situation): Started {
  const effects = s.run.started.findLast((one) => one.effects.program === 'java')?.effects;
  if (!effects) return distribution(s);
  const command = javaCommand(effects);
  if (command.computed !== undefined) return refuse('jar-name-unknown', `Which jar is started is computed: ${command.computed}`, s.run.at);
  if (command.jar && /[*?]/.test(command.jar.text) && !command.jar.glob)
    return refuse('jar-name-unknown', `${command.jar.text} stands where no shell finds the jar that it means`, s.run.at);
  const cwd = effects.before.cwd ?? s.workdir;
  const jars = command.jar ? [mainJar(s, effects, command.jar.text)] : classPath(s, command, cwd);
  const [first] = jars;
  if (!first)
    return refuse('entry-not-in-output', 'CMD starts a class, and no build is known to make its class path', s.run.at, {
      allow: 'Start the jar: java -jar target/app.jar.',
    });
  const project = projectOf(s, first);
  const text = s.reading.runs.map((run) => run.instruction.logical.text).join('\n');
  const beside = jars.filter(({ path }) => /\.(?:jar|war)$/.test(path)).map((jar) => besideJar(project, jar, text, s.run.at));
  const named = namedBy(s, command, cwd);
  return { project, artefacts: [...jars, ...named.outputs], beside, context: named.context };
}

/** The jar behind -jar. */
function mainJar(s: Situation, { before }: Effects, text: string): Output {
  const path = resolvePath(before.cwd ?? s.workdir, text);
  const output = path === undefined ? undefined : outputAt(s.subject, path);
  if (!output && path?.endsWith('.war') === true)
    refuse('war-appserver', `${path} is run by a server, and no build is known to make it`, s.run.at);
  return (
    output ??
    refuse('entry-not-in-output', `CMD runs ${text}, which no build step is known to produce`, s.run.at, {
      allow: 'Start the jar where the build or a RUN puts it, as in java -jar target/app.jar.',
    })
  );
}

/** What stands on the class path: outputs of a build, or files of the context, which the run command names. */
function classPath(s: Situation, { classPath: entries }: JavaCommand, cwd: string): Output[] {
  return entries.flatMap((entry) => {
    const path = resolvePath(cwd, entry.replace(/\/\*(?:\.jar)?$/, ''));
    const output = path === undefined || path === s.workdir ? undefined : outputAt(s.subject, path);
    if (output) return [output];
    const origin = path === undefined ? undefined : originOf(s.reading.copies, s.subject.project.tree, path);
    if (path === undefined || path === s.workdir || origin === undefined || origin === '')
      return refuse('class-path-unknown', `What stands at ${entry} of the class path cannot be told`, s.run.at);
    return [];
  });
}

/** Paths that options, arguments and variables of the file name: agents, settings, keys. */
function namedBy(s: Situation, command: JavaCommand, cwd: string): { outputs: Output[]; context: string[] } {
  const { tree, ignore } = s.subject.project;
  const set = namesSet(s.reading.stage.instructions);
  const values = [...s.reading.end.env].flatMap(([name, value]) => ('value' in value && set.has(name) ? [value.value] : []));
  const entries = command.classPath.map((entry) => entry.replace(/\/\*(?:\.jar)?$/, '/'));
  const words = [...command.words, ...entries, ...values];
  const outputs: Output[] = [];
  const context: string[] = [];
  for (const word of new Set(words))
    for (const piece of piecesOf(word)) {
      const path = resolvePath(cwd, piece.replace(/^\/\/(?=\/)/, ''));
      if (path === undefined || path === '/' || path === s.workdir) continue;
      const output = !entries.includes(word) && /[/]|\.jar$/.test(piece) ? outputAt(s.subject, path) : undefined;
      const origin = originOf(s.reading.copies, tree, path);
      if (output && isMade(s, output)) outputs.push(output);
      else if (output && output.path !== output.root && origin === undefined && !WRITTEN.test(word))
        refuse('entry-not-in-output', `CMD names ${piece}, which no build step is known to produce`, s.run.at, {
          allow: 'Keep what the program reads outside of the output of the build.',
        });
      else if (origin !== undefined && origin !== '' && !ignore.ignores(origin)) context.push(origin);
    }
  return { outputs, context };
}

/** Options that name what a Java writes. Source: docs.oracle.com, "The java Command"; docs.spring.io, "Logging". */
const WRITTEN = /log|dump|error|pid|tmp|jfr|cds|archive/i;

/** What sources read of the output of a build, by its path: `new FileReader("target/classes/words.txt")`. */
function outputsRead(s: Situation, project: JavaProject): Output[] {
  const { copies } = s.reading;
  const hits = project.hits();
  return hits.flatMap(({ kind, literal, file, line }) => {
    const path = kind === 'read' && literal !== undefined ? resolvePath(s.workdir, literal) : undefined;
    const output = path === undefined ? undefined : outputAt(s.subject, path);
    if (!output || output.path === output.root || originOf(copies, s.subject.project.tree, output.path) !== undefined) return [];
    if (isResource(s, output)) return [output];
    // the program makes it by itself
    if (hits.some((other) => other.kind === 'write' && other.literal === literal)) return [];
    return refuse('entry-not-in-output', `${file}:${line} names ${literal}, which no build step is known to produce`, s.run.at, {
      allow: 'Keep what the program reads outside of the output of the build.',
    });
  });
}

/** A jar, or a resource that the build copies. */
const isMade = (s: Situation, output: Output): boolean => output.made.endsWith('.jar') || isResource(s, output);
/** A resource that the build copies, or all of them. */
function isResource({ subject }: Situation, { made, module, root }: Output): boolean {
  const below = /^\/(?:classes|resources\/main)((?:\/.*)?)$/.exec(made.slice(root.length))?.[1];
  return below !== undefined && subject.project.tree.stat(`${module === '' ? '' : `${module}/`}src/main/resources${below}`) !== undefined;
}

/** A start script that Gradle's application plugin, or an assembler of Maven, makes: its directory holds the jars. */
function distribution(s: Situation): Started {
  const path = s.run.imagePath;
  const output = path === undefined ? undefined : outputAt(s.subject, path);
  const root = /^(.*\/(?:build\/install\/[^/]+|target\/(?:[^/]+\/)?appassembler|target\/[^/]+))\/bin\/[^/]+$/.exec(path ?? '')?.[1];
  if (!output || root === undefined || output.path !== output.made)
    return refuse('entry-not-in-output', `CMD runs ${s.run.program}, which no build step is known to produce`, s.run.at, {
      allow: 'Start the jar where the build or a RUN puts it, as in java -jar target/app.jar.',
    });
  const artefact = { ...output, path: root };
  return {
    project: projectOf(s, output),
    artefacts: [artefact],
    beside: [{ paths: [root], evidence: [], why: 'the start script and its libraries come from the build' }],
    context: [],
  };
}

/** The project of a module: that of the directory which is built, so that its sources hold those of all its modules. */
function projectOf({ subject, reading, run }: Situation, { module }: Output): JavaProject {
  const above = { copies: reading.copies, tree: subject.project.tree };
  for (let at = module, best: JavaProject | undefined; ; at = parentOf(at)) {
    const found = subject.project.read(javaReader, at);
    best = found ?? best;
    if (at === '' || originAbove(above, '/') === at)
      return best ?? refuse('entry-not-in-output', 'The build file of the program is not in the build context', run.at);
  }
}

const copyOf = (s: Situation, path: string): Piece[] => {
  if (!/[*?]/.test(path)) return fromBuilder(s.builder, path, s.workdir, s.owner);
  const dir = path.slice(0, path.lastIndexOf('/') + 1);
  const relative = s.workdir !== '/' && dir.startsWith(`${s.workdir}/`) ? `./${dir.slice(s.workdir.length + 1)}` : dir;
  return isPlain(path)
    ? [`COPY ${[`--from=${s.builder}`, ...s.owner, path, relative].join(' ')}`]
    : [copyText([`--from=${s.builder}`, ...s.owner], [path], relative)];
};
const isPlain = (glob: string): boolean => /^[\w./@+*?-]+$/.test(glob);

const globs = (glob: string, path: string): boolean => /[*?]/.test(glob) && globMatch(glob, path);

/** Sources and what is packed into the jar, where no text names it. */
function ofSources(path: string, project: JavaProject): boolean {
  const [, root] = /^(.*?(?:^|\/)src)(?:\/|$)/.exec(path) ?? [];
  if (root === undefined) return false;
  return !project
    .hits()
    .some(({ literal }) => literal !== undefined && (path.endsWith(literal.replace(/^\.?\/+|\/+$/g, '')) || literal.includes('src/')));
}
