// Tests mirror src and transforms; the applications under fixtures bring tests of their own, which are not ours.
import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longest, the longest first: begun last, one of them would run alone at the end. */
const long = [
  'golden/golden.test.ts',
  'bulk/forges.test.ts',
  'bulk/queue/rounds.test.ts',
  'lsp/lsp.test.ts',
  'bulk/killed.test.ts',
  'docs/commands.test.ts',
  'package.test.ts',
  'docs/playground.test.ts',
  'verify/report/html.test.ts',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = long.findIndex((name) => moduleId.endsWith(`/test/${name}`));
      return at === -1 ? long.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'fixtures/**', 'dist/**'],
    // Many tests wait, for other programs or for time to pass: three at once also where there are but two cores.
    maxWorkers: Math.max(3, availableParallelism()),
    sequence: { sequencer: LongestFirst },
    // Files share a process, which reads the sources once: no test mocks a module, and each takes back what it changes.
    isolate: false,
    // After each file of real builds, where the engine is the tests' own.
    setupFiles: ['test/own-engine.ts'],
    // For what hangs. How long something takes is measured in bench/, and what hostile input costs by test/cost.ts.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
