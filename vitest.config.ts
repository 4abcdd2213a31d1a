// Tests mirror src and transforms; the applications under fixtures bring tests of their own, which are not ours.
import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'fixtures/**', 'dist/**'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
