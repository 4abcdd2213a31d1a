// Time grows as the input does: each shape at n and at 8n. All shapes and larger sizes: npm run bench:linear.
import { describe, expect, it } from 'vitest';
import { kinds, manyDockerfiles, stages } from '../../bench/shapes.ts';
import { memoryTree, refactor } from '../../src/index.ts';
import { growthOf } from '../cost.ts';

/** Linear is 8; what was quadratic here took 17 and more at these sizes. */
const most = 13;
const guarded = ['RUN npm ci', 'RUN go build', 'mixed', 'COPY --from before'];

describe('eight times the input takes about eight times as long', () => {
  it.each([...kinds, ...stages].filter(({ name }) => guarded.includes(name)))(
    '$name',
    ({ make }) => {
      const work = (n: number): (() => unknown) => {
        const { dockerfile, files } = make(n);
        return () => refactor(dockerfile, { tree: memoryTree(files), dockerfilePath: 'Dockerfile', contextCertain: true });
      };
      expect(growthOf(work, 100)).toBeLessThan(most);
    },
    60_000,
  );

  it('Dockerfiles of one directory', () => {
    const work = (n: number): (() => unknown) => {
      const { dockerfiles, files } = manyDockerfiles(n);
      return () => {
        const tree = memoryTree(files);
        for (const path of dockerfiles) refactor(files[path] ?? '', { tree, dockerfilePath: path, contextCertain: true });
      };
    };
    expect(growthOf(work, 10)).toBeLessThan(most);
  }, 60_000);
});
