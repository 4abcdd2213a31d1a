// Room: verify/compare/. What runs in both containers: the programs that are started, and the libraries that they have in memory.
import { healthTest } from '../run/container.ts';
import { nameOf } from '../image/lookup.ts';
import { visible } from '../../report/visible.ts';
import type { Applied } from '../../types.ts';
import type { Check, ImageConfig, Observation } from '../types.ts';

const maxTold = 20;
const listed = (names: readonly string[]): string =>
  visible(`${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`);

/** What is at hand for both checks. */
export interface Ran {
  before: Observation;
  after: Observation;
  /** Of the original. */
  config: ImageConfig;
  applied: readonly Applied[];
}

/** Seen at one start alone, of an original that was started once (it neither ends nor listens), it may be gone by itself. */
const sure = ({ steady }: Observation): 'failed' | 'warned' => (steady ? 'failed' : 'warned');

/**
 * The check `programs`. Fails with a program that ran at both starts of the original and does not run now, unless a transform announced another command.
 * How many processes a program has, and what the health check starts, does not count.
 */
export function checkPrograms({ before, after, config, applied }: Ran): Check {
  const say = (outcome: Check['outcome'], detail: string): Check => ({ id: 'programs', outcome, detail, differences: [] });
  if (before.kind === 'ends' || after.kind === 'ends')
    return say('not-checked', `The ${before.kind === 'ends' ? 'original' : 'rewritten one'} ends by itself`);
  if (!before.processes || !after.processes) return say('not-checked', 'The engine does not tell the processes of a container');
  const asked = (healthTest(config) ?? []).slice(1).join(' ');
  const had = namesOf(before.steady?.processes ?? before.processes, asked);
  const has = namesOf(after.processes, asked);
  const lost = had.filter((name) => !has.includes(name));
  const fresh = has.filter((name) => !namesOf(before.processes ?? [], asked).includes(name));
  const by = applied.find(({ announces }) =>
    announces?.keywords?.some((keyword) => keyword === 'CMD' || keyword === 'ENTRYPOINT'),
  )?.transform;
  const expected = by === undefined ? {} : { expected: `announced by ${by}` };
  const differences = lost.map((name) => ({ what: visible(name), before: 'runs', after: 'does not run', ...expected }));
  if (lost.length > 0 && by === undefined)
    return {
      ...say(sure(before), `${listed(lost)} ${lost.length === 1 ? 'runs' : 'run'} in the original and not in the rewritten image`),
      differences,
    };
  if (had.length + has.length === 0) return say('not-checked', 'No process was seen besides the health check');
  if (fresh.length > 0)
    return {
      ...say('warned', `${listed(fresh)} ${fresh.length === 1 ? 'runs' : 'run'} in the rewritten image and not in the original`),
      differences,
    };
  return {
    ...say('passed', lost.length > 0 ? `Both run ${listed(has)}, apart from what is intended` : `Both run ${listed(has)}`),
    differences,
  };
}

/** Of processes: the program, and the script where an interpreter runs one. Versions and titles (`nginx: worker process`) aside. */
function namesOf(processes: readonly { argv: string }[], asked: string): string[] {
  const names = processes.flatMap(({ argv }) => {
    const [program = '', ...words] = argv.trim().split(/\s+/);
    const script = words.find((word) => /\.(?:[cm]?js|ts|py|rb|php|pl|sh|jar)$/.test(word));
    const name = nameOf(program)
      .replace(/:$/, '')
      .replace(/^-/, '')
      .replace(/(?<=[a-z])[\d.]+$/, '');
    const isAsked = asked !== '' && (argv.includes(asked) || asked.includes(argv) || asked.split(/[\s"']+/).includes(script ?? program));
    return name === '' || isAsked ? [] : [script === undefined ? name : `${name} ${nameOf(script)}`];
  });
  return [...new Set(names)].sort();
}

/** The C library, the compiler's, and what looks names up: another base, or a static program, loads other ones. ld.so(8), nsswitch.conf(5) */
const ofEverySystem =
  /^(?:ld-linux[\w-]*|ld-musl[\w-]*|libc|libm|libdl|librt|libpthread|libutil|libresolv|libnss_\w+|libgcc_s|libstdc\+\+|libanl|libcrypt)(?:\.musl[\w-]*)?\.so$/;
const ofSystem = /^\/(?:usr\/)?lib(?:32|64)?\/(?!.*\/(?:site-packages|dist-packages|node_modules)\/)/;

/**
 * The check `loaded`. Fails with a library outside of the system's directories (an extension module, an addon) that was in memory at both starts of the
 * original and is not now: programs go on without, and slower or with less. A library of the system is worth knowing.
 */
export function checkLoaded({ before, after }: Ran): Check {
  const say = (outcome: Check['outcome'], detail: string): Check => ({ id: 'loaded', outcome, detail, differences: [] });
  if (before.kind === 'ends' || after.kind === 'ends')
    return say('not-checked', `The ${before.kind === 'ends' ? 'original' : 'rewritten one'} ends by itself`);
  if (!before.mapped || !after.mapped) return say('not-checked', 'The memory of the containers’ processes cannot be looked at from here');
  const has = new Set(after.mapped.map(libraryOf));
  const lost = (before.steady?.mapped ?? before.mapped).filter((path) => {
    const name = libraryOf(path);
    return name !== undefined && !has.has(name) && !ofEverySystem.test(name);
  });
  const own = lost.filter((path) => !ofSystem.test(path));
  const told = own.length > 0 ? own : lost;
  const differences = told.slice(0, maxTold).map((path) => ({ what: visible(path), before: 'loaded', after: 'not loaded' }));
  if (own.length > 0)
    return {
      ...say(sure(before), `${listed(own)} ${own.length === 1 ? 'is' : 'are'} loaded in the original and not in the rewritten image`),
      differences,
      about: own.slice(0, maxTold),
    };
  if (lost.length > 0)
    return {
      ...say('warned', `Libraries of the system that the original loads and the rewritten one does not: ${listed(lost.map(nameOf))}`),
      differences,
    };
  const count = new Set(after.mapped.map(libraryOf).filter((name) => name !== undefined)).size;
  return say(
    'passed',
    count === 0
      ? 'No library is loaded that the original does not have'
      : `What the original loads is loaded (${count} ${count === 1 ? 'library' : 'libraries'})`,
  );
}

/** `libssl.so` of `/usr/lib/libssl.so.3`: the name without a version; undefined for what is no library. */
const libraryOf = (path: string): string | undefined =>
  /^(.+?\.(?:so|node))(?:\.[\d.]+)?$/.exec(nameOf(path))?.[1]?.replace(/(?<=lib[\w+-]+)-\d[\d.]*(?=\.so$)/, '');
