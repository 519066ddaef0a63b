import { type AlarmId, type HomeId, type Instant, instant, type PlacementId } from '@anju/contract'
import { expect, test } from 'vitest'
import { columnar } from '../database/columns.ts'
import type { Transaction } from '../ports.ts'
import { EMPTY_LADDER } from './apply.ts'
import type { AlarmRecord } from './record.ts'
import { insertAlarms } from './repository.ts'

const now: Instant = instant(0)
const alarmAt = (home: string, placement: string, type: string): AlarmRecord => ({
  id: `${home}-${placement}-${type}` as AlarmId,
  centre: 'east' as AlarmRecord['centre'],
  alsoCentres: [],
  home: home as HomeId,
  placement: placement as PlacementId,
  type,
  version: 1,
  condition: 'active',
  case: { class: 'life', handling: { at: 'new', since: now, abandonedBy: null }, fence: 0 },
  episode: {
    occurrences: 1,
    firstAt: now,
    lastAt: now,
    recentAt: [now],
    realertedAt: null,
    stuck: false,
    lateByMs: 0,
    test: false,
    heardBy: null,
    lateAgain: null,
  },
  receivedAt: now,
  urgent: false,
  heldUntil: null,
  parent: null,
  children: 0,
  gateway: null,
  event: null,
  ladder: EMPTY_LADDER,
})

test('alarms are opened in one order, whatever order their events came in: else two batches lock each other out', () => {
  const opened = [alarmAt('b', 'x', 'smoke'), alarmAt('a', 'y', 'smoke'), alarmAt('b', 'x', 'gas-leak')]
  const ids: unknown[] = []
  const tx: Transaction = {
    query: async (_text, values = []) => {
      ids.push(values[0])
      return []
    },
    beforeCommit: () => undefined,
    afterCommit: () => undefined,
    unlocksEarly: () => undefined,
  }
  insertAlarms(tx, opened)
  insertAlarms(tx, opened.toReversed())
  const id = { name: 'id', type: 'text', value: (text: string) => text } as const
  expect(ids).toEqual(Array(2).fill(columnar([id], ['a-y-smoke', 'b-x-gas-leak', 'b-x-smoke'])[0]))
})
