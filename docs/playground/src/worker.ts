// The core in a worker: a large lockfile takes longer than a key press.
import { answer } from './answer.ts';
import type { Request } from './types.ts';

addEventListener('message', ({ data }: MessageEvent<Request>) => postMessage(answer(data.id, data.project, () => performance.now())));
