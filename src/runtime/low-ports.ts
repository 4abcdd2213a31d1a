// Room: runtime/. Ports below 1024 that the container listens on: named by EXPOSE, ENV, sources, settings files, command lines.
import type { Effects } from '../effects/types.ts';
import { asksFor } from '../effects/rows/rights.ts';
import { isSeen } from '../image/types.ts';
import { originThrough, resolvePath } from '../facts/copies.ts';
import { hitsOf } from '../facts/applications.ts';
import { hitEvidence } from '../facts/project.ts';
import type { Subject } from '../facts/subject.ts';
import type { Evidence } from '../facts/types.ts';
import { refusal, type Refusal } from '../refusal.ts';
import { projectsOf } from '../facts/applications.ts';
import type { RunCommand } from './run-command.ts';
import { settingsOf } from './settings-files.ts';

/** Docker lets every user bind any port since 20.10 (net.ipv4.ip_unprivileged_port_start=0 in its release notes); other runtimes do not. */
export function portNeed(subject: Subject, run: RunCommand): Refusal | undefined {
  for (const i of subject.final.stage.instructions) {
    if (i.keyword !== 'EXPOSE') continue;
    const low = i.words.map((w) => Number.parseInt(w.value, 10)).find((p) => p > 0 && p < 1024);
    if (low !== undefined)
      return refusal('privileged-port', `EXPOSE ${low}: it may listen on a port < 1024`, i.start, {
        allow: 'Listen on a port from 1024 on.',
      });
  }
  for (const [name, { value }] of [...subject.final.end.env].flatMap(([n, v]) => ('value' in v ? [[n, v] as const] : [])))
    if (listensLow(name, value))
      return refusal('privileged-port', `${name}=${value}: listens on a port < 1024`, run.at, { allow: 'Listen on a port from 1024 on.' });
  for (const { file, ports = [], environment = [], evidence } of subject.project.uses().services) {
    const set = environment.find(([name, value]) => listensLow(name, value));
    if (set) return refused(`${file} sets ${set[0]}=${set[1]}: listens on a port < 1024`, evidence, run);
    const port = ports.find((p) => low(String(p)));
    if (port !== undefined)
      return refusal('privileged-port', `${file} publishes port ${port} < 1024 of the container`, run.at, { evidence: [evidence] });
  }
  const seen = seenPort(subject, run);
  if (seen) return seen;
  const named = sourcePort(subject, run);
  if (named) return named;
  const hit = hitsOf(subject).find((h) => h.kind === 'listen' && portOf(h.literal) > 0 && portOf(h.literal) < 1024);
  if (hit)
    return refusal('privileged-port', `${hit.file}:${hit.line} listens on port ${portOf(hit.literal)} < 1024`, run.at, {
      evidence: [hitEvidence(hit)],
    });
  const exposed = subject.final.stage.instructions.some(({ keyword }) => keyword === 'EXPOSE');
  const server = exposed ? undefined : run.started.find(({ effects: { program } }) => asksFor(program, 'low-port'));
  if (server) return refused(`${server.effects.program} listens on port 80 where its settings say nothing else`, server.evidence, run);
  return (
    envFilePort(subject, run) ??
    settingsPort(subject, run) ??
    run.started.map(({ effects, evidence }) => assignedPort(effects, evidence, run)).find((one) => one !== undefined) ??
    run.started
      .map(({ effects, evidence, starter }) => (starter ? undefined : argumentPort(effects, evidence, run)))
      .find((one) => one !== undefined)
  );
}

/** A port that it listened on when the image was run. */
function seenPort({ project }: Subject, run: RunCommand): Refusal | undefined {
  const running = project.image?.facts.running;
  const ports = running && isSeen(running) && isSeen(running.ports) ? running.ports : [];
  const found = ports.find((address) => low(address.slice(address.lastIndexOf(':') + 1)));
  if (found === undefined) return undefined;
  return refused(
    `It listened on ${found} when it was run, a port < 1024`,
    { file: 'Dockerfile', says: `image: the process listens on ${found}` },
    run,
  );
}

const OF_ITSELF = '(?:(?:APP|SERVER|HTTP|HTTPS|LISTEN|WEB|API|BIND|DEFAULT)_?)?';
/** `port := "80"`, `const HTTP_PORT: u16 = 443;`: a line of its own, as an argument by name may be another server's. */
const CONSTANT = new RegExp(
  `^[ \\t]*(?:(?:export|pub|const|let|var|static|mut|final)\\s+)*${OF_ITSELF}PORT(?:_?(?:NUM|NUMBER|DEFAULT))?\\s*(?::?\\s*[\\w<>]+\\s*)?:?=\\s*(?:\\w+\\()?["'\`]?:?(\\d{1,5})["'\`]?\\)*[ \\t]*(?:;|$|#|//)`,
  'gim',
);
/** `port: 80`, in what another module may hand to a server; 25, 465 and 587 are those of mail that is sent. */
const PROPERTY = new RegExp(`(?:^|[{,])[ \\t]*["']?${OF_ITSELF}PORT["']?[ \\t]*:[ \\t]*["']?(80|443)["']?[ \\t]*(?=[,}\\r\\n])`, 'gim');
/** Beside it: the address of another server. */
const OTHER_SERVER =
  /["']?\b(?:host(?:name)?|path|protocol|proxy|url|uri|agent|method)["']?\s*:\s*(?!["'](?:0\.0\.0\.0|::|localhost)["'])/i;
const NEAR = 160;

/** What is taken where a variable of the environment is not set: the first number behind its name that is no base and no width. */
const VARIABLE = new RegExp(`["'\`.]${OF_ITSELF}PORT\\b["'\`]?(?=([^]{0,120}))`, 'g');
const DEFAULT =
  /(?:\|\||\?\?|,|_or\w*\(|\b(?:int|Number)\(|port\w{0,12}\s*:?=|=(?=\s*["'`])|\bor\b|\belse\b)\s*["'`]?:?(?!(?:\d|10|16|32|64)\b)(\d{2,5})["'`]?(?=\s*(?:[)};,]|\.[a-z]|\n|$))/i;

/** A constant or a default of the sources. */
function sourcePort(subject: Subject, run: RunCommand): Refusal | undefined {
  for (const file of projectsOf(subject).flatMap(({ project }) => project.sources?.() ?? [])) {
    const read = subject.project.tree.read(file);
    if (read.kind !== 'text' || !/port/i.test(read.text)) continue;
    const found = [
      ...[...read.text.matchAll(CONSTANT)].map((match) => ({ at: match.index, port: match[1] })),
      ...[...read.text.matchAll(PROPERTY)].flatMap(({ index, 0: { length }, 1: port }) =>
        OTHER_SERVER.test(read.text.slice(Math.max(0, index - NEAR), index + length + NEAR)) ? [] : [{ at: index + length, port }],
      ),
      ...[...read.text.matchAll(VARIABLE)].map((match) => ({
        at: match.index,
        port: DEFAULT.exec(match[1]?.split('=>', 1)[0] ?? '')?.[1],
      })),
    ].find(({ port }) => port !== undefined && low(port));
    if (!found) continue;
    const line = read.text.slice(0, found.at).split('\n').length;
    return refused(`${file}:${line} listens on port ${found.port ?? ''} < 1024`, { file, line, says: 'names its port' }, run);
  }
  return undefined;
}

/** `.env` of the image, where something reads it: its variables are as good as ENV. Source: the README of dotenv, python-dotenv and node --env-file. */
function envFilePort(subject: Subject, run: RunCommand): Refusal | undefined {
  const { final, project, stages } = subject;
  const workdir = 'value' in final.end.workdir ? final.end.workdir.value : undefined;
  const read = hitsOf(subject).flatMap((hit) => (hit.kind === 'env-file' ? [hit.literal ?? '.env'] : []));
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
function argumentPort({ program, command, does }: Effects, evidence: Evidence, run: RunCommand): Refusal | undefined {
  // what asks another server, or fetches, names that server's port
  if (does.kind === 'nothing' || does.kind === 'fetch' || does.kind === 'database') return undefined;
  const given = command.words.slice(1).map((word) => word.value ?? word.raw);
  const isDisplay = (word: string, n: number): boolean =>
    /^:\d{1,3}(?:\.\d)?$/.test(word) && (asksFor(program, 'display') || /^--?display$/.test(given[n - 1] ?? ''));
  const words = given.map((word, n) => (isDisplay(word, n) ? '' : word));
  const port = words
    .map((word, n) => {
      const said =
        /\$\{\w*PORT:?-(\d{1,5})\}/.exec(word)?.[1] ?? /^(?:--?[\w-]*=)?(?:(?:https?|tcp):\/\/)?(?:[\w.*[\]-]*:)(\d{1,5})$/.exec(word)?.[1];
      const named = /^--?[\w.-]*port[\w-]*=(\d{1,5})$/i.exec(word)?.[1];
      const option =
        /^(?:-[pblS]|--?[\w.-]*(?:port|bind|listen|addr)[\w-]*)$/i.test(words[n - 1] ?? '') && /^\d{2,5}$/.test(word) && Number(word) >= 20
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
/** Variables and settings that hold the address, or several, that the program listens on. Sources: learn.microsoft.com, ASP.NET Core endpoints; the READMEs. */
const ADDRESSES = /^(?:\w+_)?(?:URLS?|HTTPS?_PORTS|LISTEN(?:_ON)?|BIND|(?:LISTEN_|BIND_|HTTP_|SERVER_)?ADDR(?:ESS)?)$/i;
const lowAddress = (value: string): boolean =>
  value.split(/[;,]/).some((one) => {
    const port = /^(?:(?:(?:https?|tcp):\/\/)?(?:0\.0\.0\.0|\*|\+|\[::\])?:)?(\d{1,5})\/?$/.exec(one.trim())?.[1];
    return port !== undefined && low(port);
  });
const listensLow = (name: string, value: string): boolean =>
  (LISTENS.test(name) && low(value)) || (ADDRESSES.test(name) && lowAddress(value));
const low = (port: string): boolean => /^\d{1,5}$/.test(port) && Number(port) > 0 && Number(port) < 1024;
const portOf = (literal: string | undefined): number =>
  SERVICES.get(/^[\d.[\]:]*:([a-z]+)$/.exec(literal ?? '')?.[1] ?? '') ??
  Number.parseInt(/(?:^|:)(\d{2,5})\s*$/.exec(literal ?? '')?.[1] ?? '0', 10);
/** Ports by name. Source: services(5); pkg.go.dev/net, Listen: a service name stands for its port. */
const SERVICES: ReadonlyMap<string, number> = new Map([
  ['http', 80],
  ['https', 443],
  ['domain', 53],
  ['smtp', 25],
  ['ssh', 22],
  ['ftp', 21],
]);

/** `PORT=443 node index.js`, `cross-env PORT=80 npm start`. */
function assignedPort({ given, wrappers }: Effects, evidence: Evidence, run: RunCommand): Refusal | undefined {
  const set = [
    ...given.assignments.map(({ name, value }) => [name, value ?? ''] as const),
    ...wrappers.flatMap(({ words }) =>
      words.map(({ value = '' }) => [value.slice(0, Math.max(0, value.indexOf('='))), value.slice(value.indexOf('=') + 1)] as const),
    ),
  ];
  const found = set.find(([name, value]) => LISTENS.test(name) && low(value));
  return found && refused(`${evidence.file}:${evidence.line ?? 1} sets ${found[0]}=${found[1]}: listens on a port < 1024`, evidence, run);
}

const refused = (message: string, evidence: Evidence, run: RunCommand): Refusal =>
  refusal('privileged-port', message, run.at, { allow: 'Listen on a port from 1024 on.', evidence: [evidence] });

/** A `port` of settings that the image has, of the program itself and not of a server that it asks: at the top, or below one of these names. */
const OWN =
  /^(?:server|app|application|http|https|listen|listener|web|api|service|default|production|prod|kestrel|endpoints|micronaut|quarkus)$/i;
const KEY = /^(\s*)(?:-\s+)?(?:\[([\w.-]+)\]|["']?([\w.-]+)["']?\s*[:=]\s*["']?([^"',#]*?)["']?\s*,?\s*[{[]?\s*(?:#.*)?)$/;

function settingsPort(subject: Subject, run: RunCommand): Refusal | undefined {
  for (const { file, text } of settingsOf(subject)) {
    const found = ownPort(file, text);
    if (!found) continue;
    const n = text.split('\n').findIndex((line) => line.includes(found.name) && line.includes(found.value)) + 1;
    const message = `${file}:${n} sets ${found.name} to ${found.value}: listens on a port < 1024`;
    return refused(message, { file, line: n, says: `sets ${found.name}` }, run);
  }
  return undefined;
}

interface Port {
  name: string;
  value: string;
}
function isPort(key: string, value: string): boolean {
  // `server.port=80`, `quarkus.http.port: 443`
  const parts = key.split('.');
  const name = parts.pop() ?? '';
  if (!parts.every((part) => OWN.test(part))) return false;
  return (
    ((/^(?:https?_?)?port$/i.test(name) || LISTENS.test(name)) && low(value)) ||
    (ADDRESSES.test(name) && value.includes(':') && lowAddress(value))
  );
}

function ownPort(file: string, text: string): Port | undefined {
  if (file.endsWith('.json')) {
    try {
      return inObject(JSON.parse(text), 0);
    } catch {
      // with comments: read line by line
    }
  }
  return inLines(text);
}

function inObject(value: unknown, depth: number): Port | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth > 3) return undefined;
  for (const [name, one] of Object.entries(value)) {
    if ((typeof one === 'number' || typeof one === 'string') && isPort(name, String(one))) return { name, value: String(one) };
    const found = OWN.test(name) ? inObject(one, depth + 1) : undefined;
    if (found) return found;
  }
  return undefined;
}

function inLines(text: string): Port | undefined {
  const above: { depth: number; name: string }[] = [];
  for (const line of text.split('\n')) {
    const [, blank = '', section, name = '', value = ''] = KEY.exec(line) ?? [];
    if (section !== undefined) above.splice(0, above.length, { depth: -1, name: section });
    if (name === '') continue;
    while ((above.at(-1)?.depth ?? -2) >= blank.length) above.pop();
    if (above.every((one) => OWN.test(one.name)) && isPort(name, value.trim())) return { name, value: value.trim() };
    above.push({ depth: blank.length, name });
  }
  return undefined;
}
