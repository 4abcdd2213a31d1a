// Room: layers/. What the container starts, as texts, so that what it reads of the build is not left behind.
import { originThrough } from '../facts/copies.ts';
import type { Subject } from '../facts/subject.ts';
import { isSeen, type ImageFacts } from '../image/types.ts';

export interface Started {
  /** A word that names a program, or is one, stands in what is started. */
  names(program: string): boolean;
  /** A setting of the environment names it. */
  sets(path: string): boolean;
  /** A text that is started or a running process names this path or what lies below it; or a process had it in memory. */
  uses(path: string): boolean;
}

/** Longer scripts are no entry points; the beginning says enough. */
const longest = 100_000;

/** The commands of the image and of what is started by hand or by others, the scripts that they name, settings of the environment, and the processes that were seen. */
export function startedIn(subject: Subject, { image, running }: ImageFacts): Started {
  const { final } = subject;
  const healthchecks = final.stage.instructions.flatMap((i) => (i.keyword === 'HEALTHCHECK' ? [i.logical.text] : []));
  const commands = [[...(image.entrypoint ?? []), ...(image.cmd ?? [])].join(' '), ...healthchecks];
  const processes = isSeen(running) && isSeen(running.processes) ? running.processes.map(({ argv }) => argv) : [];
  const scripts = scriptsOf(subject, commands);
  const texts = [...commands, ...scripts, ...processes];
  const words = new Set(texts.flatMap((text) => text.split(/[\s"'`;&|()<>=/]+/)));
  const settings = Object.values(image.env);
  const mapped = isSeen(running) && isSeen(running.mapped) ? running.mapped : [];
  return {
    names: (program) => words.has(program),
    sets: (path) => settings.some((text) => namesPath(text, path)),
    uses: (path) => mapped.some((one) => one === path || one.startsWith(`${path}/`)) || texts.some((text) => namesPath(text, path)),
  };
}

/** The path, or one below it, as a word of a text or an entry of a list. */
function namesPath(text: string, path: string): boolean {
  for (let at = text.indexOf(path); at >= 0; at = text.indexOf(path, at + 1)) {
    const behind = text[at + path.length] ?? '';
    if (!/[\w./-]/.test(text[at - 1] ?? '') && (behind === '/' || !/[\w.-]/.test(behind))) return true;
  }
  return false;
}

/** Texts of the files of the context that the commands name, and of those that these name. */
function scriptsOf(subject: Subject, commands: readonly string[]): string[] {
  const { final, stages, project } = subject;
  const workdir = 'value' in final.end.workdir ? final.end.workdir.value : undefined;
  const read = new Map<string, string>();
  const follow = (text: string, depth: number): void => {
    for (const word of text.slice(0, longest).split(/[\s"'`;&|()<>=]+/)) {
      if (!/^[\w./-]+$/.test(word) || !/[a-z]/i.test(word)) continue;
      const places = word.startsWith('/') ? [word] : [...(workdir === undefined ? [] : [`${workdir}/${word}`]), `/usr/local/bin/${word}`];
      for (const place of places) {
        const origin = originThrough(stages, final, project.tree, place.replace(/\/\.\//g, '/'));
        if (origin === undefined || origin === '' || read.has(origin)) continue;
        const file = project.tree.read(origin);
        if (file.kind !== 'text') continue;
        read.set(origin, file.text);
        if (depth > 0) follow(file.text, depth - 1);
      }
    }
  };
  for (const command of commands) follow(command, 2);
  return [...read.values()];
}
