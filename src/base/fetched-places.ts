// Room: base/. A file that a RUN brings from the network: copied, where any image can use it.
import type { Place as ImagePlace } from '../effects/types.ts';
import { libraryNeeds } from '../image/libraries.ts';
import type { Place, Where } from './place-types.ts';

/** Programs that are published as one static file: any image runs them. Source: the release notes of each. */
const STATIC: ReadonlySet<string> = new Set(
  'dumb-init tini gosu su-exec yq jq kubectl helm dockerize supercronic migrate grpc_health_probe grpc-health-probe wait-for-it.sh wait-for-it wait-for s6-overlay terraform shfmt hadolint caddy traefik cloudflared aws-lambda-rie'.split(
    ' ',
  ),
);

/** A file from the network, at a path that is known: the last stage copies it, where any image can use it. */
export function fetchPlace(places: readonly ImagePlace[], where: Where): Place {
  for (const { path } of places) {
    const name = path.slice(path.lastIndexOf('/') + 1).replace(/-(linux|amd64|x86_64|static).*$/, '');
    const program = /\/s?bin\//.test(path) || !name.includes('.');
    const needs = program && !STATIC.has(name) ? seenNeeds(path, where) : [];
    if (!needs) return { place: 'fixed', why: `brings ${path} from the network, whose libraries are not known` };
    where.fetched.push(path);
    where.libraries.push(...needs);
    if (needs.length > 0) {
      const { line } = where.run.instruction;
      where.evidence.push({ file: 'Dockerfile', line, says: `image: ${path} needs libraries of ${needs.join(', ')}` });
    }
  }
  return { place: 'build' };
}

/** Packages with the libraries of a program, where it was looked at and nothing else is missing; undefined: not known. */
function seenNeeds(path: string, { run, image, made }: Where): string[] | undefined {
  const program = image?.programs.find((one) => one.path === path);
  if (!image || !program || !run.seen?.added.some((one) => one.path === path)) return undefined;
  if (made && !program.static) return undefined;
  const { packages, loose } = libraryNeeds(image, (one) => one === path);
  return loose.length > 0 ? undefined : packages.map(({ name }) => name);
}
