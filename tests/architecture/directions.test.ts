import { expect, test } from 'vitest'
import { idleExceptions, wrongDirections } from './directions.ts'
import { sourceOf, sources } from './source.ts'

test('every import points in its direction', () => {
  expect(sources().flatMap(({ imports }) => imports).length).toBeGreaterThan(60)
  expect(wrongDirections(sources())).toEqual([])
})

test('every exception still excuses something', () => {
  expect(idleExceptions(sources())).toEqual([])
})

test.for([
  { path: 'contract/src/x.ts', text: "import { a } from '@anju/device-profiles/profile'" },
  { path: 'gateway/src/uplink/x.ts', text: "import { a } from '@anju/server/app'" },
  { path: 'server/src/alarms/x.ts', text: "import { a } from '../../../gateway/src/app.ts'" },
  { path: 'server/src/alarms/x.ts', text: "import { a } from '../../../contract/src/ids.ts'" },
  { path: 'dashboards/src/x.tsx', text: "import { a } from '@anju/server/ports'" },
  { path: 'simulators/src/home/x.ts', text: "import { a } from '@anju/gateway/app'" },
  { path: 'server/src/domain/x.ts', text: "import { a } from '../alarms/store.ts'" },
  { path: 'server/src/domain/x.ts', text: "import { readFileSync } from 'node:fs'" },
  { path: 'server/src/domain/x.ts', text: "import { a } from '../ports.ts'" },
  { path: 'server/src/alarms/x.ts', text: "import { a } from '../http/routes.ts'" },
  { path: 'server/src/live/x.ts', text: "import { a } from '../app.ts'" },
  { path: 'gateway/src/outbox/x.ts', text: "import { a } from '../uplink/client.ts'" },
])('refused: $path with $text', ({ path, text }) => {
  expect(wrongDirections([sourceOf(path, text)])).toHaveLength(1)
})

test.for([
  { path: 'gateway/src/pipeline/x.ts', text: "import { a } from '../domain/level.ts'" },
  { path: 'server/src/app.ts', text: "import { a } from './alarms/store.ts'" },
  { path: 'server/src/alarms/x.ts', text: "import type { Database } from '../ports.ts'" },
  { path: 'server/src/alarms/x.integration.test.ts', text: "import { a } from '../../../tests/harness/postgres.ts'" },
  { path: 'tests/flows/x.ts', text: "import { a } from '@anju/gateway/app'" },
])('allowed: $path with $text', ({ path, text }) => {
  expect(wrongDirections([sourceOf(path, text)])).toEqual([])
})
