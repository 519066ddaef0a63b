import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { timed } from './tests/harness/timed.ts'

// Three kinds of tests, by name: what needs only the code (`*.test.ts` beside its file, and tests/architecture),
// what throws random input at decoders (`*.fuzz.test.ts`), and what starts real parts (`tests/{integration,flows,browser,chaos}`, and `*.integration.test.ts` anywhere).
const realParts = [
  '**/*.integration.test.ts',
  'tests/{integration,flows,browser,chaos,histories,model,peers}/**/*.test.ts',
]
// What takes longest however short its file is: begun last, it would run on beside an idle core.
const longest = /tests\/(?:histories|model|chaos)\/|server\/src\/cli\/|(?:power-cut|server-dies)\./
const never = ['**/node_modules/**', '**/dist/**']

/** As `tests/harness/wait.ts` has it: machines of the continuous integration are shared and slow. */
const slowness = process.env['CI'] ? 3 : 1
const real = {
  // The server as it runs elsewhere, and one PostgreSQL server for the run.
  globalSetup: ['tests/harness/server-setup.ts', 'tests/harness/postgres-setup.ts'],
  testTimeout: 60_000 * slowness,
  hookTimeout: 120_000 * slowness,
  // For what comes about by itself; what has to be there in time is judged by a clock.
  expect: { poll: { timeout: 5_000 * slowness } },
}

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}
const isLong = ({ moduleId }: TestSpecification): boolean => longest.test(moduleId)

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
        // Each has its own database, ports and browser: three at a time do not meet. Two cores are enough for three: all but the
        // pages' tests wait half of their time, for a second to pass or a disk.
        test: {
          name: 'stories',
          ...real,
          include: realParts,
          exclude: [...never, '**/*.fuzz.test.ts', ...timed],
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'real',
          ...real,
          include: [...timed],
          exclude: never,
          sequence: { groupOrder: 2 },
          // On a small machine, one file at a time keeps their timings honest.
          fileParallelism: false,
        },
      },
    ],
    sequence: { sequencer: LongestFirst },
  },
})
