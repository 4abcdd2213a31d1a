// Room: base/. What a scratch image needs of a system, and where the build stage has it.
import { hitsOfKind, projectsOf } from '../facts/applications.ts';
import { askedFor } from '../facts/pragmas.ts';
import { hitEvidence, ecosystemOf } from '../facts/project.ts';
import type { BaseReading } from './base.ts';
import type { StageReading } from '../facts/reading.ts';
import type { Subject } from '../facts/subject.ts';
import type { Evidence } from '../facts/types.ts';
import type { SourceHit } from '../ecosystems/types.ts';
import { refusal, type Refusal } from '../refusal.ts';

/** What an empty image lacks when `scratch-essentials` is switched off, by the user or by a comment in the file; undefined: that transform brings it. */
export function withoutEssentials({ options, dockerfile }: Subject): Evidence | undefined {
  const id = 'scratch-essentials';
  const says = 'scratch-essentials is left out: an empty image would have no certificates';
  if (options.skip.includes(id) || (options.only && !options.only.includes(id))) return { file: 'Dockerfile', says };
  return askedFor(dockerfile, id, true) ? { file: 'Dockerfile', says } : undefined;
}

export interface Essentials {
  lines: string[];
  env: string[];
  why: string;
  evidence: Evidence[];
  skip: Refusal | undefined;
}

const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/** The lines that a scratch final stage lacks; undefined when its base is something else or it copies nothing from a stage. */
export function essentials(subject: Subject): Essentials | undefined {
  const { final } = subject;
  if (final.base.family?.repository !== 'scratch' || !runsSomething(subject)) return undefined;
  const builder = builderOf(subject);
  if (!builder) return undefined;
  const found: Essentials = { lines: [], env: [], why: '', evidence: [], skip: undefined };
  const reasons: string[] = [];
  const hits = hitsOf(subject);
  const from = builder.stage.from.alias?.value ?? String(builder.stage.index);
  if (!has(final, '/etc/ssl')) {
    if (hasCertificates(builder)) {
      found.lines.push(`COPY --from=${from} ${CERTIFICATES} ${CERTIFICATES}`);
      reasons.push('the certificates for HTTPS');
      found.evidence.push(...evidenceOf(hits, 'tls'));
    } else
      found.skip = refusal(
        'ca-bundle-path-unknown',
        `Whether ${builder.base.image.raw} has the certificates is unknown`,
        final.stage.from.start,
      );
  }
  zones(subject, builder, from, hits, found, reasons);
  if (!has(final, '/etc/mime.types') && asksForTypes(subject, builder.base).length > 0) {
    found.lines.push(`COPY --from=${from} /etc/mime.types /etc/mime.types`);
    reasons.push('the file types of static files');
    found.evidence.push(...evidenceOf(hits, 'mime'));
  }
  found.why = `scratch is empty: ${reasons.join(' and ')} come along from the build stage`;
  return found;
}

/** A stage without a command holds files that are taken out of it (`docker build --output`), unless a compose service says what runs. */
function runsSomething({ final, project }: Subject): boolean {
  const own = final.stage.instructions.some(({ keyword }) => keyword === 'CMD' || keyword === 'ENTRYPOINT');
  return own || project.uses().services.some(({ command, entrypoint }) => command !== undefined || entrypoint !== undefined);
}

/** What names the zone that the container's clock shows: the Dockerfile, or who runs it. Every program that shows local times then needs the zones. */
export function zoneNamed({ final, project }: Subject): Evidence | undefined {
  if (final.end.env.has('TZ')) return { file: 'Dockerfile', says: 'sets TZ' };
  const isZone = ([name, value]: readonly [string, string]): boolean => name === 'TZ' && !/^(?:|UTC|Etc\/UTC|GMT)$/.test(value);
  const service = project.uses().services.find(({ environment = [] }) => environment.some(isZone));
  return service && { ...service.evidence, says: 'sets TZ' };
}

/** The archive of time zones that the image of an ecosystem has, where the program knows it by a variable. */
function zones(
  subject: Subject,
  builder: StageReading,
  from: string,
  hits: readonly SourceHit[],
  found: Essentials,
  reasons: string[],
): void {
  const { final, project } = subject;
  const evidence = evidenceOf(hits, 'timezone');
  const zone = zoneNamed(subject);
  const archive = ecosystemOf(project.ecosystems, builder.base)?.zones;
  if ((evidence.length === 0 && zone === undefined) || !archive || has(final, '/usr/share/zoneinfo') || final.end.env.has(archive.variable))
    return;
  found.lines.push(`COPY --from=${from} ${archive.from} ${archive.to}`, `ENV ${archive.variable}=${archive.to}`);
  found.env.push(archive.variable);
  found.evidence.push(...(zone ? [zone] : evidence));
  reasons.push('the time zones');
}

/**
 * Where sources of a program ask for the types of files, and an image has the table that the standard library adds to its own: Debian's full images
 * have it (buildpack-deps, scm: mercurial brings python3, which brings media-types), slim ones and Alpine have not. Distroless has it in all images
 * (GoogleContainerTools/distroless, static/static.bzl).
 */
export function asksForTypes(subject: Subject, { tag }: BaseReading): Evidence[] {
  if (tag.variant !== 'full' || knowsTypes(subject)) return [];
  return evidenceOf(hitsOf(subject), 'mime');
}

/** The package of /etc/mime.types by Debian's release. Source: packages.debian.org/search?keywords=mime-support */
export const typesPackage = (suite: string | undefined): string =>
  ['jessie', 'stretch', 'buster'].includes(suite ?? '') ? 'mime-support' : 'media-types';

const knowsTypes = (subject: Subject): boolean => projectsOf(subject).some(({ project }) => project.knowsMimeTypes?.() ?? false);

function builderOf(subject: Subject): StageReading | undefined {
  const sources = subject.final.copies.flatMap((c) => (c.instruction.from === undefined ? [] : [c.instruction.from.toLowerCase()]));
  return subject.stages.find(
    (s) => s !== subject.final && (sources.includes(s.stage.name ?? '') || sources.includes(String(s.stage.index))),
  );
}
const has = (final: StageReading, path: string): boolean =>
  final.copies.some(
    (c) =>
      c.dest !== undefined &&
      (c.dest.startsWith(path) || path.startsWith(`${c.dest}/`) || (c.dest === '/' && c.instruction.sources.some((s) => s.value === '/'))),
  );
/** Of the projects whose programs are binaries: no other stands on an empty image. */
const hitsOf = (subject: Subject): SourceHit[] => hitsOfKind(subject, 'compiled');
const evidenceOf = (hits: readonly SourceHit[], kind: SourceHit['kind']): Evidence[] =>
  hits
    .filter((h) => h.kind === kind)
    .slice(0, 2)
    .map(hitEvidence);

function hasCertificates(builder: StageReading): boolean {
  const { family, tag } = builder.base;
  return (
    family?.row.certificates === 'all' ||
    (family?.row.certificates === 'full' && tag.variant === 'full') ||
    builder.runs.some((r) => r.parts.some((p) => p.command.words.some((w) => w.value === 'ca-certificates')))
  );
}
