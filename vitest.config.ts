import { defineConfig } from 'vitest/config'

// Three kinds of tests, by name: what needs only the code (`*.test.ts` beside its file, and tests/architecture),
// what throws random input at decoders (`*.fuzz.test.ts`), and what starts real parts (`tests/{integration,flows,browser,chaos}`, and `*.integration.test.ts` anywhere).
const realParts = ['**/*.integration.test.ts', 'tests/{integration,flows,browser,chaos,compat}/**/*.test.ts']
// Of the latter, what has a database of its own and its time in its own hands: no other file disturbs it.
const undisturbed = [
  'server/src/**/*.integration.test.ts',
  'tests/{flows/alarm,flows/reaching,histories,model,peers}/**/*.test.ts',
]
const never = ['**/node_modules/**', '**/dist/**']

/** As `tests/harness/wait.ts` has it: machines of the continuous integration are shared and slow. */
const slowness = process.env['CI'] ? 3 : 1
const real = {
  // One PostgreSQL server for the run.
  globalSetup: ['tests/harness/postgres-setup.ts'],
  testTimeout: 60_000 * slowness,
  hookTimeout: 120_000 * slowness,
}

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          // Some turn every bit of every frame: a machine that does other things besides may take its time.
          testTimeout: 20_000,
          // Nothing here keeps state in a module, and loading the same modules for each file takes as long as the tests.
          pool: 'threads',
          isolate: false,
          include: [
            '*/src/**/*.test.ts',
            'device-profiles/**/*.test.ts',
            'tests/{architecture,compat,harness,observe,bench,peers}/**/*.test.ts',
          ],
          exclude: [...never, '**/*.integration.test.ts', '**/*.fuzz.test.ts'],
        },
      },
      {
        // A hundred thousand random inputs for each decoder: part of `npm test`, too long for a check while one works.
        test: { name: 'fuzz', include: ['**/*.fuzz.test.ts'], exclude: never, testTimeout: 60_000 },
      },
      {
        test: {
          name: 'stories',
          ...real,
          include: undisturbed,
          exclude: [...never, '**/*.fuzz.test.ts'],
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'real',
          ...real,
          include: realParts,
          exclude: [...never, 'tests/compat/**', ...undisturbed],
          sequence: { groupOrder: 1 },
          // Real databases, brokers and browsers on a small machine: one file at a time keeps their timings honest.
          fileParallelism: false,
        },
      },
    ],
  },
})
