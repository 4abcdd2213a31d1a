// Room: runtime/. Services that start the program of the Dockerfile with other arguments: of a program that is compiled, all is read whatever it is given.
import { inside, originThrough, resolvePath } from '../facts/copies.ts';
import type { Subject } from '../facts/subject.ts';
import type { ServiceUse } from '../uses/types.ts';
import { argumentsOf } from './other-commands.ts';
import { argvOf, runCommand } from './run-command.ts';

/**
 * True where a service starts the compiled program of the Dockerfile, the way that the Dockerfile starts it (or by its path), and what it gives it
 * names nothing of the image: a flag, a number, a port, an address, a verb, or what the service mounts.
 */
export function startsOwnProgram(subject: Subject, service: ServiceUse): boolean {
  const { final, project } = subject;
  const run = runCommand(subject);
  if (!('value' in run)) return false;
  const { program, entrypoint, cmd, shell, scripts } = run.value;
  // what a shell or an entry script makes of its arguments is another question
  if (shell || scripts.length > 0) return false;
  const own = argvOf(entrypoint, cmd, final, project.images);
  const words = argumentsOf(subject, service);
  if ('unknown' in own || words === undefined) return false;
  const head = own.words.indexOf(program) + 1;
  if (head === 0 || own.words.slice(0, head).some((word, n) => words[n] !== word)) return false;
  // where the program is looked up by its name, the split may write its path into the Dockerfile, and cannot into a service
  const kept = service.entrypoint === undefined && head <= (entrypoint?.json?.length ?? 0);
  if (!kept && !(head === 1 && program.includes('/'))) return false;
  return words.every((word, n) => n < head || own.words[n] === word || namesNothing(word, subject, service));
}

const ADDRESS = /^(?:https?|wss?|tcp|udp|postgres(?:ql)?|mysql|mariadb|redis|amqps?|nats|mongodb(?:\+srv)?|grpc):\/\/\S+$/;
/** Ports, addresses, durations, lists of names. */
const PLAIN = /^(?:[\w,:*-]*|\[?[\d.:]+\]?(?::\d+)?[a-z%]*|[\w.-]+:\d+)$/;

/** No word of a path, and not the name of something that the image has where the container starts. */
function namesNothing(word: string, { final, stages, project }: Subject, { mounts }: ServiceUse): boolean {
  const value = word.startsWith('-') ? word.slice(word.indexOf('=') + 1) : word;
  if (ADDRESS.test(value) || /^-{0,2}$/.test(value)) return true;
  if ('unknown' in final.end.workdir) return false;
  const path = resolvePath(final.end.workdir.value, value);
  if (path === undefined) return false;
  if (mounts.some(({ target }) => inside(path, target.replace(/(?<=.)\/$/, '')))) return true;
  if (!PLAIN.test(value) || originThrough(stages, final, project.tree, path) !== undefined) return false;
  return !/^[\w-]+$/.test(value) || !final.runs.some(({ instruction }) => namedIn(instruction.script?.text ?? '', value));
}

/** A RUN may have made it. */
const namedIn = (text: string, name: string): boolean => text.split(/[\s"'/=:;&|()]+/).includes(name);
