import { type HomeDetail, PLACE_LIMITS } from '@anju/contract/api'
import { expect, test } from 'vitest'
import { changesOf, draftOf, RESIDENT_LIMITS } from './resident-draft.ts'

const home: HomeDetail = {
  id: 'home-1',
  name: '王秀梅家',
  timeZone: 'Asia/Shanghai',
  address: '3 号楼 501',
  mode: 'home',
  modeUntil: null,
  version: 1,
  contacts: [],
  orderVersion: 1,
  placements: [],
  gateway: null,
  resident: {
    version: 1,
    name: '王秀梅',
    age: 82,
    address: '3 号楼 501',
    access: '••••',
    medical: ['慢阻肺', '青霉素过敏'],
    language: '四川话',
    risk: 'high',
    livesAlone: true,
  },
}
const before = draftOf(home)

test('what is covered or only known as an age is no part of the form, and stays when nothing is written over it', () => {
  expect(before).toMatchObject({ access: '', bornOn: '', medical: '慢阻肺\n青霉素过敏' })
  expect(changesOf(before, before)).toEqual({ resident: {}, home: {} })
})

test('only what was changed is sent, a list without its empty lines', () => {
  const now = {
    ...before,
    access: ' 密码盒 4711 ',
    bornOn: '1944-03-02',
    medical: '慢阻肺\n\n 糖尿病 ',
    arrival: '西门进',
  }
  expect(changesOf(before, now)).toEqual({
    resident: { access: '密码盒 4711', bornOn: '1944-03-02', medical: ['慢阻肺', '糖尿病'] },
    home: { arrival: '西门进' },
  })
})

test('a resident has a name, and no line is longer than the centre keeps', () => {
  const long = 'x'.repeat(RESIDENT_LIMITS.medicalChars + 1)
  expect(changesOf(before, { ...before, name: ' ', medical: long })).toEqual({
    faults: [
      { at: 'name', says: 'homes.name-missing' },
      { at: 'medical', says: 'homes.lines-too-long' },
    ],
  })
})

test('the limits are the contract’s', () => {
  expect(PLACE_LIMITS).toMatchObject(RESIDENT_LIMITS)
})
