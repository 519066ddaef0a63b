import type { AlarmCommandAnswer, Owner } from '@anju/contract/api'
import { describe, expect, test } from 'vitest'
import { anAlarm } from '../testing/alarms.ts'
import { LeaseKeeper } from './lease-keeper.ts'

const owner: Owner = { personId: 'li-na', name: '李娜', session: 'here' }
const mine = anAlarm({ version: 3, handling: 'claimed', owner })

function aKeeper({ remembered = null as string | null } = {}) {
  const seen = { now: 0, renewed: [] as string[], lost: [] as string[], remembered, refuse: null as string | null }
  const keeper = new LeaseKeeper(
    {
      now: () => seen.now,
      renew: async (_id, token): Promise<AlarmCommandAnswer> => {
        seen.renewed.push(token)
        if (seen.refuse) throw new Error(seen.refuse)
        return { alarm: { ...mine, version: mine.version + seen.renewed.length }, lease: { token, expiresAt: '' } }
      },
      isOver: (error) => (error as Error).message === 'lease-stale',
      remember: (text) => {
        seen.remembered = text
      },
      onAnswer: () => {},
      onLost: (id) => seen.lost.push(id),
    },
    remembered,
  )
  const at = async (second: number) => {
    seen.now = second * 1_000
    await keeper.beat()
  }
  return { keeper, seen, at }
}

describe('a lease', () => {
  test('is renewed every 15 s while the page lives', async () => {
    const { keeper, seen, at } = aKeeper()
    keeper.settle(mine, { token: '9', expiresAt: '' })
    for (let second = 1; second <= 60; second++) await at(second)
    expect(seen.renewed).toEqual(['9', '9', '9', '9'])
  })

  test('survives an answer that never came, and asks again after 5 s', async () => {
    const { keeper, seen, at } = aKeeper()
    keeper.settle(mine, { token: '9', expiresAt: '' })
    seen.refuse = 'unreachable'
    for (let second = 1; second <= 20; second++) await at(second)
    expect(seen.renewed).toHaveLength(2)
    expect(keeper.token(mine.id)).toBe('9')
    expect(seen.lost).toEqual([])
  })

  test('that is stale is dropped, and its holder told', async () => {
    const { keeper, seen, at } = aKeeper()
    keeper.settle(mine, { token: '9', expiresAt: '' })
    seen.refuse = 'lease-stale'
    await at(15)
    expect(keeper.token(mine.id)).toBeUndefined()
    expect(seen).toMatchObject({ lost: [mine.id], remembered: null })
  })

  test('ends when the stream says that another holds the alarm, but not by an older word', () => {
    const { keeper } = aKeeper()
    keeper.settle(mine, { token: '9', expiresAt: '' })
    expect(keeper.heard(anAlarm({ version: 2 }), 'here')).toBe(false)
    expect(keeper.heard({ ...mine, version: 5 }, 'here')).toBe(false)
    expect(keeper.heard({ ...mine, version: 6, owner: { ...owner, session: 'boss' } }, 'here')).toBe(true)
    expect(keeper.token(mine.id)).toBeUndefined()
  })

  test('outlives a reload of the page, and is renewed at once', async () => {
    const first = aKeeper()
    first.keeper.settle(mine, { token: '9', expiresAt: '' })
    const { keeper, seen, at } = aKeeper({ remembered: first.seen.remembered })
    expect(keeper.token(mine.id)).toBe('9')
    await at(20)
    expect(seen.renewed).toEqual(['9'])
    expect(aKeeper({ remembered: '{broken' }).keeper.token(mine.id)).toBeUndefined()
  })
})
