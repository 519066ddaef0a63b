import { describe, expect, test } from 'vitest'
import { changed, checked, draftOf, emptyContact, moved, newHours, waysOf } from './contact-draft.ts'

/** What is sent of it, or where it is not yet right. */
function sent(draft: Partial<typeof emptyContact>) {
  const found = checked({ ...emptyContact, ...draft })
  return 'faults' in found ? found.faults.map(({ at }) => at) : found.body
}

test('a contact is sent when there is a name and what they are to the resident; what is missing is told from the top', () => {
  expect(sent({})).toEqual(['contact-name', 'contact-relation'])
  expect(sent({ name: ' 王丽 ', relation: ' 女儿 ', distanceM: '1.5' })).toEqual(['contact-distance'])
  expect(sent({ name: '王丽', relation: '女儿', hours: [{ ...newHours, key: '0', days: [] }] })).toEqual([
    'hours/0/days',
  ])
  expect(sent({ name: '王丽', relation: '女儿', hours: [] })).toEqual(['hours'])
  expect(sent({ name: ' 王丽 ', relation: ' 女儿 ', distanceM: ' 400 ', telephone: '13900000001' })).toEqual({
    name: '王丽',
    relation: '女儿',
    role: 'family',
    keyHolder: false,
    language: 'zh-CN',
    hours: null,
    distanceM: 400,
    note: '',
    ways: [
      { channel: 'voice', address: '13900000001' },
      { channel: 'sms', address: '13900000001' },
    ],
  })
})

describe('of a contact who was there before', () => {
  const before = draftOf({
    id: 'contact-1',
    version: 1,
    name: '王丽',
    relation: '女儿',
    phone: '13900000001',
    keyHolder: true,
    order: 1,
    lastProvenOn: null,
    lastOutcome: null,
  })
  const changes = (to: Partial<typeof before>) => changed(before, { ...before, ...to })

  test('nothing is sent when nothing was changed: neither a role nor a language that nobody recorded, nor a number', () => {
    expect(changes({})).toEqual({})
  })

  test('only what was changed is sent: what another has changed meanwhile stays', () => {
    expect(changes({ note: ' 耳背 ', distanceM: '300' })).toEqual({ note: '耳背', distanceM: 300 })
    expect(changes({ role: 'family' })).toEqual({ role: 'family' })
  })

  test('what was recorded can be taken back', () => {
    expect(changed({ ...before, hours: [{ key: '0', ...newHours }], note: '耳背' }, before)).toEqual({
      hours: null,
      note: '',
    })
  })
})

test('a mobile is called and takes messages, a landline is only called', () => {
  expect(waysOf('+86 139-0000-0001').map((way) => 'channel' in way && way.channel)).toEqual(['voice', 'sms'])
  expect(waysOf('+861062345678')).toEqual([{ channel: 'voice', address: '+861062345678' }])
  expect(waysOf('  ')).toEqual([])
})

test('one contact moves up or down by a place, and not past the ends', () => {
  expect(moved(['a', 'b', 'c'], 'b', -1)).toEqual(['b', 'a', 'c'])
  expect(moved(['a', 'b', 'c'], 'b', 1)).toEqual(['a', 'c', 'b'])
  expect(moved(['a', 'b', 'c'], 'a', -1)).toEqual(['a', 'b', 'c'])
  expect(moved(['a', 'b', 'c'], 'c', 1)).toEqual(['a', 'b', 'c'])
})
