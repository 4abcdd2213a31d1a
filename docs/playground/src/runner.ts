// Asks the worker, one question at a time; of what is asked meanwhile only the last counts.
import CoreWorker from './worker.ts?worker&inline';
import type { Answer, Project } from './types.ts';

/** Longer than any Dockerfile takes: then something is wrong, and the page says so and begins anew. */
const patience = 20_000;

/** Out: a function to ask with. Answers of older questions are not told when a newer one waits. */
export function startRunner(tell: (answer: Answer) => void): (project: Project) => void {
  let worker: Worker | undefined;
  let asked = 0;
  let waiting: Project | undefined;
  let busy = false;
  let clock: ReturnType<typeof setTimeout> | undefined;

  function begin(): Worker {
    const fresh = new CoreWorker();
    fresh.addEventListener('message', ({ data }: MessageEvent<Answer>) => done(data));
    fresh.addEventListener('error', ({ message }) => fail(message || 'the worker does not start'));
    return fresh;
  }
  function ask(project: Project): void {
    worker ??= begin();
    asked += 1;
    busy = true;
    clock = setTimeout(() => fail(`no answer within ${patience / 1000} seconds`), patience);
    worker.postMessage({ id: asked, project });
  }
  function done(answer: Answer): void {
    clearTimeout(clock);
    busy = false;
    const next = waiting;
    waiting = undefined;
    if (next) ask(next);
    else if (answer.id === asked) tell(answer);
  }
  function fail(message: string): void {
    worker?.terminate();
    worker = undefined;
    done({ id: asked, kind: 'crashed', milliseconds: 0, message });
  }

  // Made at once: what it needs is compiled while people read.
  worker = begin();
  return (project) => {
    if (busy) waiting = project;
    else ask(project);
  };
}
