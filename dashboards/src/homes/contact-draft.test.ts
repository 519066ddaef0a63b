import { expect, test } from 'vitest'
import { checked, draftOf, emptyContact, moved, newHours, waysOf } from './contact-draft.ts'

/** What is sent of it, or where it is not yet right. */
function sent(draft: Partial<typeof emptyContact>) {
  const found = checked({ ...emptyContact, ...draft })
  return 'faults' in found ? found.faults.map(({ at }) => at) : found.body
}

test('a contact is sent when there is a name and what they are to the resident; what is missing is told from the top', () => {
  expect(sent({})).toEqual(['name', 'relation'])
  expect(sent({ name: ' 王丽 ', relation: ' 女儿 ', distanceM: '1.5' })).toEqual(['distance'])
  expect(sent({ name: '王丽', relation: '女儿', hours: [{ ...newHours, days: [] }] })).toEqual(['hours'])
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

test('a contact that was read and is sent as it is says nothing about their numbers: those are changed one by one', () => {
  const draft = draftOf({
    id: 'contact-1',
    name: '王丽',
    relation: '女儿',
    phone: '13900000001',
    keyHolder: true,
    order: 1,
    lastProvenOn: null,
    lastOutcome: null,
  })
  const found = checked(draft)
  expect('body' in found && found.body).toEqual({
    name: '王丽',
    relation: '女儿',
    role: 'family',
    keyHolder: true,
    language: 'zh-CN',
    hours: null,
    distanceM: null,
    note: '',
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
