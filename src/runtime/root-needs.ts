// Room: runtime/. Why the container must run as root: ports, programs, sources, sockets, mounts of the host.
import { cleanPath, inside, landingOf, originThrough } from '../facts/copies.ts';
import { runtimeGitUser } from '../facts/git.ts';
import type { Subject } from '../facts/subject.ts';
import { asksFor, userOption } from '../effects/rows/rights.ts';
import { refusal, type Refusal } from '../refusal.ts';
import { chainOf } from './chain.ts';
import { homeNeed } from './home-of-root.ts';
import { portNeed } from './low-ports.ts';
import { sourceNeed } from './root-sources.ts';
import type { RunCommand } from './run-command.ts';

/** The first fact that needs root, or undefined. */
export function rootNeeds(subject: Subject, run: RunCommand): Refusal | undefined {
  return (
    portNeed(subject, run) ??
    programNeed(subject, run) ??
    sourceNeed(subject, run) ??
    homeNeed(subject, run) ??
    actionNeed(subject, run) ??
    usesNeed(subject, run) ??
    volumeNeed(subject) ??
    repositoryNeed(subject, run)
  );
}

/** git refuses a repository that another user owns. Source: git-config(1), safe.directory. */
function repositoryNeed(subject: Subject, run: RunCommand): Refusal | undefined {
  const { stages, final, project } = subject;
  const { workdir } = final.end;
  const place = 'value' in workdir ? cleanPath(`${workdir.value}/.git`) : '/.git';
  const brought = originThrough(stages, final, project.tree, place) === '.git' ? place : undefined;
  const landing = project.ignore.ignores('.git') ? undefined : (landingOf(final.copies, '.git') ?? brought);
  const user = landing === undefined ? undefined : runtimeGitUser(subject);
  const trusted = stages.some(({ runs }) => runs.some(({ instruction }) => instruction.logical.text.includes('safe.directory')));
  return user === undefined || trusted
    ? undefined
    : refusal('write-path-unknown', `${user.who}, in a repository that root owns: git refuses one of another user`, run.at, {
        evidence: [user.evidence],
        allow: `List .git in .dockerignore where it is not needed, or trust it: RUN git config --system --add safe.directory ${landing?.replace(/\/\.git$/, '') ?? ''}.`,
      });
}

/** `[ "$(id -u)" -ne 0 ] && exit 1`, `[ $EUID = 0 ] || exit 1`. Source: id(1), bash(1). */
const ROOT_ONLY =
  /(?:\$\(\s*id -u\s*\)|`id -u`|\$\{?E?UID\}?)["']?\s*(?:(?:-ne|-gt|!=)\s*["']?0\b|(?:-eq|==?)\s*["']?0["']?\s*\]{1,2}\s*\|\|)/;

function programNeed(subject: Subject, run: RunCommand): Refusal | undefined {
  for (const need of run.needs) {
    const name = need.program.slice(need.program.lastIndexOf('/') + 1);
    if (asksFor(name, 'several'))
      return refusal('init-supervisor', `${name} starts several programs, and what they need of root is not told`, run.at, {
        evidence: [need.evidence],
      });
    if (asksFor(name, 'daemon'))
      return refusal('docker-socket', `${name} talks to the daemon of containers`, run.at, { evidence: [need.evidence] });
    if (asksFor(name, 'root')) return refusal('root-entrypoint', `Entrypoint needs root: ${name}`, run.at, { evidence: [need.evidence] });
  }
  for (const { effects, evidence } of run.started) {
    const option = userOption(
      effects.program,
      effects.command.words.slice(1).map((word) => word.value ?? ''),
    );
    if (option !== undefined)
      return refusal('root-entrypoint', `${effects.program} changes to another user by ${option}, which root alone may`, run.at, {
        evidence: [evidence],
        allow: `Take ${option} out: USER says who it runs as.`,
      });
  }
  const asks = run.scripts.find(({ text }) => ROOT_ONLY.test(text));
  if (asks)
    return refusal('root-entrypoint', `${asks.path} stops where it does not run as root`, run.at, {
      evidence: [{ file: asks.path, says: 'asks for the id of the user' }],
      allow: 'Take that test out, where nothing needs root.',
    });
  // corepack puts shims into place, which bring the package manager when it is first called, into the home of who calls
  const runs = chainOf(subject).flatMap((stage) => stage.runs);
  const shims = runs.flatMap(({ instruction, parts }) =>
    parts.flatMap(({ effects: { does } }) =>
      does.kind === 'configure' && does.brings && !does.whole ? [{ tool: does.tool, brings: does.brings, line: instruction.line }] : [],
    ),
  );
  for (const [program = ''] of run.wrappers) {
    const shim = shims.find(({ brings }) => brings.includes(program));
    if (shim)
      return refusal('corepack-at-runtime', `${program} may be fetched by ${shim.tool} when the container starts`, run.at, {
        evidence: [{ file: 'Dockerfile', line: shim.line, says: `readies ${shim.tool}` }],
      });
  }
  return undefined;
}

/** Source: docs.github.com, "Dockerfile support for GitHub Actions", USER: Docker actions must be run by the default Docker user (root). */
function actionNeed(subject: Subject, run: RunCommand): Refusal | undefined {
  const action = subject.project.uses().actions?.[0];
  return action
    ? refusal(
        'github-action',
        `${action.file} runs this image as a GitHub Action, which must be root: the workspace and the output files belong to the runner`,
        run.at,
        { evidence: [action] },
      )
    : undefined;
}

function usesNeed(subject: Subject, run: RunCommand): Refusal | undefined {
  for (const service of subject.project.uses().services) {
    const evidence = [service.evidence];
    if (service.mounts.some((m) => m.target === '/var/run/docker.sock'))
      return refusal('docker-socket', `${service.file}: uses /var/run/docker.sock`, run.at, { evidence });
    if (service.capAdd.length > 0)
      return refusal('capabilities', `${service.file} gives the container ${service.capAdd.join(', ')}`, run.at, { evidence });
    const [right] = service.rights ?? [];
    if (right !== undefined)
      return refusal(right.includes(' as root') ? 'user-root-explicit' : 'capabilities', `${service.file} ${right}`, run.at, {
        evidence,
        allow: 'Take that out, where nothing needs it.',
      });
    const home = service.environment?.find(([name, value]) => name === 'HOME' && inside(value, '/root'));
    if (home)
      return refusal('home-of-root', `${service.file} sets HOME to ${home[1]}, which only root may enter`, run.at, {
        evidence,
        allow: 'Take HOME out: each user has its own.',
      });
    const [synced] = service.synced ?? [];
    // Source: docs.docker.com/compose/how-tos/file-watch: the container's USER must be able to write to the target
    if (synced !== undefined && service.user === undefined)
      return refusal('host-volume-owner', `${service.file} brings changed files to ${synced}, where the user could not write`, run.at, {
        evidence,
        allow: 'Give the files to the user where they are copied: COPY --chown.',
      });
    const mount = service.mounts[0];
    if (mount && service.user === undefined && subject.options.level !== 'max')
      return refusal(
        'host-volume-owner',
        `${service.file} mounts ${mount.kind === 'bind' ? 'a host directory' : 'a volume'} on ${mount.target}, which may belong to root`,
        run.at,
        { evidence, allow: 'Give the directory to the user, then use --level max.' },
      );
  }
  return undefined;
}

function volumeNeed(subject: Subject): Refusal | undefined {
  if (subject.options.level === 'max') return undefined;
  const volume = subject.final.stage.instructions.find((i) => i.keyword === 'VOLUME');
  return volume
    ? refusal(
        'existing-volume-data',
        `VOLUME ${volume.logical.text.trim().split(/\s+/).slice(1).join(' ')} may hold root-owned data`,
        volume.start,
        { allow: 'Change the owner of existing volumes, then use --level max.' },
      )
    : undefined;
}
