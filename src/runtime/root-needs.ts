// Room: runtime/. Why the container must run as root: ports, programs, sockets, mounts of the host.
import { allOf } from '../effects/effects.ts';
import type { Effects } from '../effects/types.ts';
import { landingOf, originThrough, resolvePath } from '../facts/copies.ts';
import { runtimeGitUser } from '../facts/git.ts';
import { hitsOf } from '../facts/project.ts';
import type { Evidence } from '../facts/types.ts';
import type { StageReading } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';
import { rootPrograms, supervisors } from '../knowledge/dev-commands.ts';
import { refusal, type Refusal } from '../refusal.ts';
import { homeNeed } from './home-of-root.ts';
import type { RunCommand } from './run-command.ts';
import { containerShell, effectsOfText } from './started.ts';

/** The first fact that needs root, or undefined. */
export function rootNeeds(subject: Subject, run: RunCommand): Refusal | undefined {
  return (
    portNeed(subject, run) ??
    programNeed(subject, run) ??
    spawnNeed(subject, run) ??
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
  const landing = project.ignore.ignores('.git') ? undefined : landingOf(final.copies, '.git');
  const user = landing === undefined ? undefined : runtimeGitUser(project);
  const trusted = stages.some(({ runs }) => runs.some(({ instruction }) => instruction.logical.text.includes('safe.directory')));
  return user === undefined || trusted
    ? undefined
    : refusal('write-path-unknown', `${user.who}, in a repository that root owns: git refuses one of another user`, run.at, {
        evidence: [user.evidence],
        allow: `List .git in .dockerignore where it is not needed, or trust it: RUN git config --system --add safe.directory ${landing?.replace(/\/\.git$/, '') ?? ''}.`,
      });
}

/** Docker lets every user bind any port since 20.10 (net.ipv4.ip_unprivileged_port_start=0 in its release notes); other runtimes do not. */
function portNeed(subject: Subject, run: RunCommand): Refusal | undefined {
  for (const i of subject.final.stage.instructions) {
    if (i.keyword !== 'EXPOSE') continue;
    const low = i.words.map((w) => Number.parseInt(w.value, 10)).find((p) => p > 0 && p < 1024);
    if (low !== undefined)
      return refusal('privileged-port', `Listens on port ${low} < 1024`, i.start, { allow: 'Listen on a port from 1024 on.' });
  }
  for (const [name, { value }] of [...subject.final.end.env].flatMap(([n, v]) => ('value' in v ? [[n, v] as const] : [])))
    if (LISTENS.test(name) && low(value))
      return refusal('privileged-port', `${name}=${value}: listens on a port < 1024`, run.at, { allow: 'Listen on a port from 1024 on.' });
  for (const { file, ports = [], evidence } of subject.project.uses().services) {
    const port = ports.find((p) => low(String(p)));
    if (port !== undefined)
      return refusal('privileged-port', `${file} publishes port ${port} < 1024 of the container`, run.at, { evidence: [evidence] });
  }
  const hit = hitsOf(subject.project).find((h) => h.kind === 'listen' && portOf(h.literal) > 0 && portOf(h.literal) < 1024);
  if (hit)
    return refusal('privileged-port', `${hit.file}:${hit.line} listens on port ${portOf(hit.literal)} < 1024`, run.at, {
      evidence: [{ file: hit.file, line: hit.line, says: hit.text }],
    });
  return (
    envFilePort(subject, run) ??
    run.started
      .map(({ effects, evidence, starter }) => (starter ? undefined : argumentPort(effects, evidence, run)))
      .find((one) => one !== undefined)
  );
}

/** `.env` of the image, where something reads it: its variables are as good as ENV. Source: the README of dotenv, python-dotenv and node --env-file. */
function envFilePort(subject: Subject, run: RunCommand): Refusal | undefined {
  const { final, project, stages } = subject;
  const workdir = 'value' in final.end.workdir ? final.end.workdir.value : undefined;
  const read = hitsOf(project).flatMap((hit) => (hit.kind === 'env-file' ? [hit.literal ?? '.env'] : []));
  const named = run.started.flatMap(({ effects }) => effects.given.words.map((word) => (word.value ?? '').replace(/^--?[\w-]+=/, '')));
  for (const name of new Set([...read, ...named.filter((word) => /(^|\/)\.env(\.\w+)?$/.test(word))])) {
    const path = resolvePath(workdir, name);
    const origin = path === undefined ? undefined : originThrough(stages, final, project.tree, path);
    const text = origin === undefined || origin === '' || project.ignore.ignores(origin) ? undefined : project.tree.read(origin);
    if (origin === undefined || text?.kind !== 'text') continue;
    for (const [n, line] of text.text.split('\n').entries()) {
      const [, variable = '', value = ''] = /^\s*(?:export\s+)?(\w+)\s*=\s*["']?(\d{1,5})["']?\s*(?:#.*)?$/.exec(line) ?? [];
      if (LISTENS.test(variable) && low(value))
        return refusal('privileged-port', `${origin}:${n + 1} sets ${variable}=${value}: listens on a port < 1024`, run.at, {
          allow: 'Listen on a port from 1024 on.',
          evidence: [{ file: origin, line: n + 1, says: `sets ${variable}` }],
        });
    }
  }
  return undefined;
}

/** `--port 80`, `-b 0.0.0.0:80`, `--listen=:443`, `${PORT:-80}`. */
function argumentPort({ given, command, does }: Effects, evidence: Evidence, run: RunCommand): Refusal | undefined {
  // what asks another server, or fetches, names that server's port
  if (does.kind === 'nothing' || does.kind === 'fetch' || does.kind === 'database') return undefined;
  const words = command.words.slice(1).map((word) => word.value ?? word.raw);
  // `PORT=443 node index.js`, and the same behind `env` or `cross-env`
  const set = [
    ...given.assignments.map(({ name, value }) => `${name}=${value ?? ''}`),
    ...given.words.map((word) => word.value ?? word.raw),
  ].map((text) => /^(\w+)=(\d{1,5})$/.exec(text));
  const assigned = set.find((one) => one !== null && LISTENS.test(one[1] ?? '') && low(one[2] ?? ''))?.[2];
  const port =
    assigned ??
    words
      .map((word, n) => {
        const said =
          /\$\{\w*PORT:?-(\d{1,5})\}/.exec(word)?.[1] ??
          /^(?:--?[\w-]*=)?(?:(?:https?|tcp):\/\/)?(?:[\w.*[\]-]*:)(\d{1,5})$/.exec(word)?.[1];
        const named = /^--?[\w-]*port[\w-]*=(\d{1,5})$/i.exec(word)?.[1];
        const option =
          /^(?:-[pblS]|--?[\w-]*(?:port|bind|listen|addr)[\w-]*)$/i.test(words[n - 1] ?? '') && /^\d{2,5}$/.test(word) && Number(word) >= 20
            ? word
            : undefined;
        return said ?? named ?? option ?? (word === '80' || word === '443' ? word : undefined);
      })
      .find((one) => one !== undefined && low(one));
  return port === undefined
    ? undefined
    : refusal('privileged-port', `Listens on port ${port} < 1024`, run.at, {
        allow: 'Listen on a port from 1024 on.',
        evidence: [evidence],
      });
}
/** Variables that programs take their own port from; SMTP_PORT and the like are another server's. */
const LISTENS = /^((APP|SERVER|HTTP|HTTPS|LISTEN|WEB|API|BIND|FLASK_RUN|UVICORN|ROCKET)_)?PORT$/;
const low = (port: string): boolean => /^\d{1,5}$/.test(port) && Number(port) > 0 && Number(port) < 1024;
const portOf = (literal: string | undefined): number => Number.parseInt(/(?:^|:)(\d{2,5})\s*$/.exec(literal ?? '')?.[1] ?? '0', 10);

function programNeed({ final, stages }: Subject, run: RunCommand): Refusal | undefined {
  for (const need of run.needs) {
    const name = need.program.slice(need.program.lastIndexOf('/') + 1);
    if (supervisors.has(name))
      return refusal('init-supervisor', `${name} starts several programs, and what they need of root is not told`, run.at, {
        evidence: [need.evidence],
      });
    if (rootPrograms.has(name)) return refusal('root-entrypoint', `Entrypoint needs root: ${name}`, run.at, { evidence: [need.evidence] });
  }
  // corepack puts shims into place, which bring the package manager when it is first called, into the home of who calls
  const below = (stage: StageReading): StageReading[] => [
    ...(stage.base.ofStage === undefined ? [] : below(stages[stage.base.ofStage] as StageReading)),
    stage,
  ];
  const runs = below(final).flatMap((stage) => stage.runs);
  const shims = runs.flatMap(({ instruction, parts }) =>
    parts.flatMap(({ effects: { does } }) =>
      does.kind === 'configure' && does.brings ? [{ tool: does.tool, brings: does.brings, line: instruction.line }] : [],
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

/** A program that the sources start, alone or in a text for a shell: it needs root there as much as in the command. */
function spawnNeed(subject: Subject, run: RunCommand): Refusal | undefined {
  const { project, final } = subject;
  const shell = containerShell(subject, final);
  for (const { kind, literal, file, line, text } of hitsOf(project)) {
    if (kind !== 'spawn' || literal === undefined) continue;
    const found = allOf(effectsOfText(literal, shell, project.knowledge)).find(({ program }) => rootPrograms.has(program));
    if (found)
      return refusal('root-entrypoint', `${file}:${line} starts ${found.program}, which needs root`, run.at, {
        evidence: [{ file, line, says: text }],
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
      return refusal('capabilities', `${service.file}: needs ${service.capAdd.join(', ')}`, run.at, { evidence });
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
