// Tests mirror src and transforms; the applications under fixtures bring tests of their own, which are not ours.
import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'fixtures/**', 'dist/**'],
    // Many tests wait for other programs: two at once also where there are but two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Files share a process, which reads the sources once: no test mocks a module, and each takes back what it changes.
    isolate: false,
    // After each file of real builds, where the engine is the tests' own.
    setupFiles: ['test/own-engine.ts'],
    // For what hangs. How long something takes is measured in bench/, and what hostile input costs by test/cost.ts.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
