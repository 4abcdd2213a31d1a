// Room: verify/compare/. Answers over HTTP, compared: status, type and body of each probe.
import { visible } from '../../report/visible.ts';
import { sameText, type Instants } from './compare-text.ts';
import { errorsOf } from './log.ts';
import type { Answer, Check, Difference, Observation, Reply } from '../types.ts';

/** The check `http`. An answer is the same when it is as one of those that the original gave to the same question. */
export function compareAnswers(before: Observation, after: Observation): Check {
  const not = (detail: string): Check => ({ id: 'http', outcome: 'not-checked', detail, differences: [] });
  if (before.kind === 'ends' && before.answers.length === 0) return not('The original ends by itself');
  if (before.kind === 'runs') return not('The original listens on no port');
  if (before.answers.length === 0) return not('No port of the original can be reached from outside of the container');
  // That it has ended is told by the check `end`; that nobody answers follows.
  if (after.kind === 'ends' && after.answers.length === 0) return not('The rewritten one ends by itself');
  const at: Instants = { before: new Date(before.at ?? Date.now()), after: new Date(after.at ?? Date.now()) };
  const differences: Difference[] = [];
  let compared = 0;
  for (const was of before.answers) {
    const is = after.answers.find(({ probe, port }) => probe === was.probe && port === was.port);
    const name = nameIn(before, was);
    if (was.status !== undefined) compared += 1;
    differences.push(...differencesOf(name, was, is, at));
  }
  return sum(before, differences, compared, after);
}

function sum(before: Observation, differences: Difference[], compared: number, after: Observation): Check {
  const [first] = differences;
  if (first) {
    const more = differences.length > 1 ? ` (and ${differences.length - 1} more)` : '';
    const detail = `${first.what}: ${first.before} before, ${first.after} after${more}`;
    const log = `${after.stdout}${after.stderr}`.trimEnd().split('\n').slice(-25).join('\n');
    const about = errorsOf(log).flatMap(({ subject }) => (subject?.includes('/') ? subject : []));
    return { id: 'http', outcome: 'failed', detail, differences, log, ...(about.length > 0 ? { about } : {}) };
  }
  if (compared === 0) {
    const [answer] = before.answers;
    const detail = `Port ${answer?.port} of the original gives no answer over HTTP (${visible(answer?.error ?? '')}); the rewritten one does the same`;
    return { id: 'http', outcome: 'not-checked', detail, differences: [] };
  }
  const answered = before.answers.filter(({ status }) => status !== undefined);
  const names = answered.map((answer) => `${nameIn(before, answer)} (${bestStatus(answer)})`);
  const failing = answered.filter((answer) => bestStatus(answer) >= 500);
  const same = `Both give the same answers: ${visible(names.join(', '))}`;
  if (failing.length > 0 && failing.length === compared)
    return { id: 'http', outcome: 'warned', detail: `${same}; the original fails by itself`, differences: [] };
  return { id: 'http', outcome: 'passed', detail: same, differences: [] };
}

/** The port is named only where there are several. */
function nameIn({ answers }: Observation, { probe, port }: Answer): string {
  return new Set(answers.map((answer) => answer.port)).size > 1 ? `${probe} on port ${port}` : probe;
}

function differencesOf(name: string, was: Answer, is: Answer | undefined, at: Instants): Difference[] {
  const what = visible(name);
  if (!is) return was.status === undefined ? [] : [{ what, before: String(was.status), after: 'not asked' }];
  const [possible, given] = [repliesOf(was), repliesOf(is)];
  if (was.status === undefined) {
    // Whatever is spoken there: that a connection is taken is all that can be compared.
    const gone = is.status === undefined && isRefused(is.error) && !isRefused(was.error);
    return gone ? [{ what, before: was.error ?? 'a connection is taken', after: is.error ?? '' }] : [];
  }
  if (given.some((reply) => possible.some((other) => sameReply([...possible], other, reply, at)))) return [];
  if (!possible.some(({ status }) => status === is.status)) {
    return [
      {
        what,
        before: String(was.status),
        after: is.status === undefined ? `no answer (${visible(is.error ?? '')})` : `${is.status}${excerpt(is)}`,
      },
    ];
  }
  if (!possible.some(({ type }) => sameType(type, is.type)))
    return [{ what: `${what}, type`, before: visible(was.type) || 'none', after: visible(is.type) || 'none' }];
  if (is.error !== undefined && was.error === undefined) return [{ what, before: 'a whole answer', after: visible(is.error) }];
  const found = sameText(bodiesLike(possible, is), is.body, at, 'body') ?? { before: '', after: '' };
  return [{ what: `${what}, body`, before: found.before || 'empty', after: found.after || 'empty' }];
}

function sameReply(possible: readonly Reply[], was: Reply, is: Reply, at: Instants): boolean {
  if (was.status !== is.status || !sameType(was.type, is.type) || (was.error === undefined && is.error !== undefined)) return false;
  return sameText(bodiesLike(possible, was), is.body, at, 'body') === undefined;
}

/** The bodies that were given with the same status and type. */
const bodiesLike = (replies: readonly Reply[], { status, type }: Reply): string[] =>
  replies.filter((reply) => reply.status === status && sameType(reply.type, type)).map(({ body }) => body);
/** An original may not have been ready when it was asked first. */
const bestStatus = (answer: Answer): number => Math.min(...repliesOf(answer).flatMap(({ status }) => status ?? []));
const repliesOf = (answer: Answer): readonly Reply[] => [answer, ...(answer.again ?? [])];
const isRefused = (error: string | undefined): boolean => error === undefined || /refused|nothing listens/.test(error);
const sameType = (one: string, other: string): boolean =>
  one.toLowerCase().replace(/[\s"]/g, '') === other.toLowerCase().replace(/[\s"]/g, '');

function excerpt({ body }: Reply): string {
  const text = visible(body.replace(/\s+/g, ' ').trim());
  return text === '' ? '' : ` (${text.length > 160 ? `${text.slice(0, 160)}…` : text})`;
}
