import type { Way } from '@anju/contract/api'
import { describe, expect, test } from 'vitest'
import { Refusal } from '../api/request.ts'
import { draftsOf, faultFrom, faultsIn, movedUp, onTopOf, type WayDraft, waysOf, withOneMore } from './way-draft.ts'

const way = (id: string, channel: Way['channel'], address: string): Way => ({
  id,
  channel,
  address,
  lastProvenOn: null,
  dead: null,
})
const both = [way('w1', 'voice', '13800000001'), way('w2', 'sms', '13800000001')]
const stored = draftsOf(both)
const typed = (key: string, channel: Way['channel'], address: string): WayDraft => ({
  is: 'new',
  key,
  channel,
  address,
})

describe('the numbers of somebody', () => {
  test('keep what is stored by its id, so that its proof stays, and send what was typed without its spaces', () => {
    expect(waysOf([...stored, typed('new-1', 'email', ' a@b.cn ')])).toEqual([
      { id: 'w1' },
      { id: 'w2' },
      { channel: 'email', address: 'a@b.cn' },
    ])
  })

  test('each new line has a key of its own, also after one was taken out', () => {
    const one = withOneMore(stored)
    const two = withOneMore(one.drafts)
    expect([one.key, two.key]).toEqual(['new-1', 'new-2'])
    expect(withOneMore(two.drafts.filter(({ key }) => key !== 'new-1')).key).toBe('new-1')
  })

  test('are asked from the top: one goes up by a place, and the first stays', () => {
    expect(movedUp(stored, 'w2').map(({ key }) => key)).toEqual(['w2', 'w1'])
    expect(movedUp(stored, 'w1')).toEqual(stored)
    expect(movedUp(stored, 'nobody')).toEqual(stored)
  })

  test('what another has added since stays, and what another has taken out is not put back', () => {
    const push = way('w3', 'push', 'https://push')
    const drafts = [typed('new-1', 'email', 'a@b.cn'), ...stored]
    expect(waysOf(onTopOf([way('w2', 'sms', '13800000001'), push], { initial: stored, drafts }))).toEqual([
      { channel: 'email', address: 'a@b.cn' },
      { id: 'w2' },
      { id: 'w3' },
    ])
  })

  test('what was taken out here is out, and what both have added stands once', () => {
    const now = [...both, way('w4', 'email', 'a@b.cn')]
    const drafts = [...stored.slice(1), typed('new-1', 'email', ' a@b.cn')]
    expect(waysOf(onTopOf(now, { initial: stored, drafts }))).toEqual([{ id: 'w2' }, { id: 'w4' }])
  })

  test('a line with nothing in it and a line that is there already are seen at once; the same number on another channel is another way', () => {
    expect(faultsIn([...stored, typed('a', 'voice', ' '), typed('b', 'sms', '13800000001')])).toEqual([
      { key: 'a', says: 'way.missing' },
      { key: 'b', says: 'way.twice' },
    ])
    expect(faultsIn(stored)).toEqual([])
  })

  test.for([
    { detail: 'body/ways/2/address: must be a Chinese number with its area code', says: 'way.wrong-sms' },
    { detail: 'body/ways/2: is in the list already', says: 'way.twice' },
  ])('the server names the line it does not take: $detail', ({ detail, says }) => {
    const drafts = [...stored, typed('c', 'sms', '12')]
    expect(faultFrom(new Refusal('request-malformed', 400, detail), drafts)).toEqual({ key: 'c', says })
  })

  test.for([
    new Refusal('request-malformed', 400, 'body/zone: must match'),
    new Refusal('request-malformed', 400, 'body/ways/9/address: no such line'),
    new Refusal('store-unavailable', 503, 'body/ways/2/address: x'),
    new Error('body/ways/2/address: x'),
  ])('anything else is about no line: %s', (error) => {
    expect(faultFrom(error, stored)).toBeUndefined()
  })
})
