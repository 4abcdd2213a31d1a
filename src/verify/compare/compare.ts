// Room: verify/compare/. What two images did, compared: one check for each kind of behaviour, one sentence for each check.
import { compareAnswers } from './compare-answers.ts';
import { compareCommands, compareSmoke } from './compare-commands.ts';
import { sameText, tailOf } from './compare-text.ts';
import { errorsOf, errorTitle, keyOf, type LoggedError } from './log.ts';
import { firstEphemeral, isOpen, portNumber } from '../run/ports.ts';
import { visible } from '../../report/visible.ts';
import type { Check, Observation } from '../types.ts';

/**
 * Compares what the rewritten image did with what the original did. Out: the checks `end`, `output`, `ports`, `http`,
 * `health`, `log`, `command`, `smoke`, in this order. What varies among the original's own answers is no difference; an
 * original that fails by itself is `warned`.
 */
export function compareObservations(before: Observation, after: Observation): Check[] {
  return [
    compareEnd(before, after),
    compareOutput(before, after),
    comparePorts(before, after),
    compareAnswers(before, after),
    compareHealth(before, after),
    compareLogs(before, after),
    compareCommands(before, after),
    compareSmoke(before.smoke, after.smoke),
  ];
}

const check = (id: Check['id'], outcome: Check['outcome'], detail: string, more: Partial<Check> = {}): Check => ({
  id,
  outcome,
  detail,
  differences: [],
  ...more,
});
const logOf = ({ stdout, stderr }: Observation): string => `${stdout}${stdout === '' || stdout.endsWith('\n') ? '' : '\n'}${stderr}`;

/** Paths that errors are about; a library or a program without a path is none. */
function pathsOf(errors: readonly LoggedError[]): { about?: readonly string[] } {
  const paths = errors.flatMap(({ subject }) => (subject?.includes('/') === true && !subject.includes('://') ? subject : []));
  return paths.length === 0 ? {} : { about: [...new Set(paths)] };
}

/** Errors of the rewritten image that the original does not have. */
export function newErrors(before: Observation, after: Observation): LoggedError[] {
  const known = new Set(errorsOf(`${logOf(before)}\n${before.again?.stdout ?? ''}\n${before.again?.stderr ?? ''}`).map(keyOf));
  return errorsOf(logOf(after)).filter((error) => !known.has(keyOf(error)));
}

function endOf({ kind, exitCode }: Observation): string {
  if (kind !== 'ends') return 'keeps running';
  return exitCode === undefined ? 'ends' : `ends with code ${exitCode}${signalOf(exitCode)}`;
}
/** 128 and the signal's number: https://www.gnu.org/software/bash/manual/html_node/Exit-Status.html */
function signalOf(code: number): string {
  const names: Record<number, string> = {
    125: 'not started',
    126: 'not executable',
    127: 'not found',
    132: 'illegal instruction',
    134: 'aborted',
    137: 'killed',
    139: 'segmentation fault',
    143: 'terminated',
  };
  return names[code] === undefined ? '' : `, ${names[code]}`;
}

function compareEnd(before: Observation, after: Observation): Check {
  const [was, is] = [endOf(before), endOf(after)];
  if (before.kind === 'runs' && after.exitCode === 0 && (after.seconds ?? 0) > (before.seconds ?? Infinity) / 2)
    return check(
      'end',
      'warned',
      `The original still ran after ${seconds(before)}, when the wait for it was over; the rewritten one ends with code 0 after ${seconds(after)}`,
    );
  if (was !== is) {
    const errors = errorsOf(logOf(after));
    const [reason] = [...newErrors(before, after), ...errors];
    const because = after.kind === 'ends' && reason ? `: ${errorTitle(reason)}` : '';
    const differences = [{ what: 'how it ends', before: was, after: is }];
    return check('end', 'failed', visible(`${capital(was)} before, ${is} after${because}`), {
      differences,
      log: tailOf(logOf(after)),
      ...pathsOf(errors),
    });
  }
  if (before.kind !== 'ends') return check('end', 'passed', 'Both keep running');
  if (before.exitCode === 0) return check('end', 'passed', 'Both end with code 0');
  const detail = `The original ${was}, and the rewritten one in the same way; give --env NAME=value to let it run`;
  return check('end', 'warned', detail, { log: tailOf(logOf(before)) });
}

const seconds = (one: Observation): string => `${Math.round(one.seconds ?? 0)} s`;

function compareOutput(before: Observation, after: Observation): Check {
  if (before.kind !== 'ends') return check('output', 'not-checked', 'The original does not end by itself');
  if (after.kind !== 'ends') return check('output', 'not-checked', 'The rewritten one does not end by itself');
  if (before.exitCode !== 0) return check('output', 'not-checked', 'The original fails: only its kind of error is compared');
  const at = { before: new Date(before.at ?? Date.now()), after: new Date(after.at ?? Date.now()) };
  const differences = (['stdout', 'stderr'] as const).flatMap((stream) => {
    const samples = [before[stream], ...(before.again ? [before.again[stream]] : [])];
    const found = sameText(samples, after[stream], at, 'log');
    return found ? [{ what: stream === 'stdout' ? 'standard output' : 'standard error', ...found }] : [];
  });
  const [first] = differences;
  if (!first) return check('output', 'passed', 'Both write the same output');
  const detail = `The ${first.what} differs: ${quoted(first.before)} before, ${quoted(first.after)} after`;
  return check('output', 'failed', detail, { differences, log: tailOf(logOf(after)), ...pathsOf(newErrors(before, after)) });
}

const quoted = (text: string): string => (text === '' ? 'nothing' : `“${text}”`);
const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

function comparePorts(before: Observation, after: Observation): Check {
  if (before.kind === 'ends') return check('ports', 'not-checked', 'The original ends by itself');
  if (after.kind === 'ends') return check('ports', 'not-checked', 'The rewritten one ends by itself');
  if (before.ports === undefined || after.ports === undefined) {
    // Whether somebody answers is known all the same.
    const seen = before.kind === after.kind;
    if (!seen)
      return check('ports', 'failed', `${capital(servesOf(before))} before, ${servesOf(after)} after`, { log: tailOf(logOf(after)) });
    return check('ports', 'not-checked', 'The engine does not let the listening ports be seen');
  }
  const had = before.ports;
  // What asks the system for any port gets another one each time.
  const has = after.ports.filter((port) => had.includes(port) || portNumber(port) < firstEphemeral);
  const [was, is] = [listOf(had), listOf(has)];
  if (was === is) return check('ports', 'passed', had.length === 0 ? 'Neither listens on a TCP port' : `Both listen on ${was}`);
  if (before.kind === 'runs' && after.kind === 'serves')
    return check('ports', 'warned', `The original listened on no port within ${seconds(before)}; the rewritten one listens on ${is}`);
  const onlyInside = had.filter((port) => isOpen(port) && has.includes(`127.0.0.1:${portNumber(port)}`));
  const because = onlyInside.length > 0 ? ': it cannot be reached from outside of the container any more' : '';
  const differences = [{ what: 'listening ports', before: was, after: is }];
  return check('ports', 'failed', `Listens on ${was} before, on ${is} after${because}`, { differences, log: tailOf(logOf(after)) });
}
const listOf = (ports: readonly string[]): string => (ports.length === 0 ? 'no port' : ports.join(', '));
const servesOf = ({ kind }: Observation): string => (kind === 'serves' ? 'takes connections' : 'takes no connections');

function compareHealth(before: Observation, after: Observation): Check {
  if (before.health === undefined && after.health === undefined)
    return check('health', 'not-checked', 'There is no HEALTHCHECK, or the image ends before it runs');
  if (before.kind === 'ends' || after.kind === 'ends')
    return check('health', 'not-checked', 'It ends by itself, before a HEALTHCHECK counts');
  const [was, is] = [before.health ?? 'without HEALTHCHECK', after.health ?? 'without HEALTHCHECK'];
  const log = after.healthLog === '' ? {} : { log: tailOf(after.healthLog) };
  if (before.health === 'healthy' && after.health === 'healthy') return check('health', 'passed', 'Both are healthy');
  if (after.health === 'healthy') return check('health', 'passed', `The rewritten one is healthy (${was} before)`);
  if (was === is) return check('health', 'warned', `The original is ${was}, and the rewritten one in the same way`, log);
  // The start of an unhealthy one and its end are the same failure, seen earlier or later.
  if (before.health !== undefined && before.health !== 'healthy' && after.health !== undefined)
    return check('health', 'warned', `The original is ${was}, the rewritten one ${is}`, log);
  const reason = errorsOf(after.healthLog)[0];
  const detail = visible(`${capital(was)} before, ${is} after${reason ? `: ${errorTitle(reason)}` : ''}`);
  return check('health', 'failed', detail, {
    differences: [{ what: 'health', before: was, after: is }],
    ...log,
    ...pathsOf(reason ? [reason] : []),
  });
}

function compareLogs(before: Observation, after: Observation): Check {
  const errors = newErrors(before, after);
  const [first] = errors;
  if (first) {
    const differences = errors.map((error) => ({
      what: visible(errorTitle(error)),
      before: 'not in the log',
      after: visible(error.line.slice(0, 300)),
    }));
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
    return check('log', 'failed', visible(`The log has an error that the original’s does not have: ${errorTitle(first)}${more}`), {
      differences,
      log: tailOf(logOf(after)),
      ...pathsOf(errors),
    });
  }
  const same = errorsOf(logOf(before)).length;
  if (logOf(before) === '' && logOf(after) === '') return check('log', 'passed', 'Neither writes a log');
  return check(
    'log',
    'passed',
    same === 0 ? 'No errors in either log' : `The log has no error that the original’s does not have (${same} in the original’s)`,
  );
}
