import { instant } from '@anju/contract'
import { AGENCY_NAMES } from '@anju/contract/api'
import { expect, test } from 'vitest'
import { entersHome, type PacketFacts, type PacketHome, packetOf, treatsPerson } from './handover-packet.ts'

const home: PacketHome = {
  kind: 'home',
  address: '示范市望江街道望江路 18 号 3 幢 2 单元 501 室',
  placement: '卫生间',
  timeZone: 'Asia/Shanghai',
  arrival: '北门进，电梯到五楼',
  position: { latitude: 30.25, longitude: 120.155551 },
  resident: {
    name: '王秀梅',
    age: 82,
    medical: ['慢阻肺，家用制氧机', '服用抗凝药'],
    language: '四川话',
    hearing: '听力较弱',
    livesAlone: true,
    access: '钥匙盒密码 4711',
  },
}
const facts: PacketFacts = {
  agency: 'ambulance',
  alarm: {
    code: '7WX2QK (01J…7WX2QK)',
    type: 'fall-detected',
    firstAt: instant(Date.parse('2026-03-01T18:05:09.000Z')),
    occurrences: 2,
    test: false,
  },
  place: home,
  centre: { name: '安居示范中心', callback: '0571-00000000' },
  by: '李娜',
  note: '老人意识清楚，右腿疼',
}

test('what an ambulance is told, in Chinese, in the order it is asked for', () => {
  expect(packetOf(facts, home.resident?.access ?? null)['zh-CN'].split('\n')).toEqual([
    '致：急救中心（120）',
    '事件：老人倒地，系统探测到跌倒，共 2 次',
    '时间：2026/3/2 02:05:09（当地时间）',
    '地点：示范市望江街道望江路 18 号 3 幢 2 单元 501 室，卫生间',
    '坐标（WGS-84）：30.25000, 120.15555',
    '到达：北门进，电梯到五楼',
    '进门：钥匙盒密码 4711',
    '人员：王秀梅，82 岁，独居',
    '沟通：四川话，听力较弱',
    '病史与风险：慢阻肺，家用制氧机；服用抗凝药',
    '说明：老人意识清楚，右腿疼',
    '回拨：0571-00000000（安居示范中心，李娜）',
    '报警编号：7WX2QK (01J…7WX2QK)',
  ])
})

test('the same in English, with the address as the place writes it', () => {
  expect(packetOf(facts, null).en.split('\n')).toEqual([
    'To: Ambulance (120)',
    'What: a fall of the resident was detected, 2 times',
    'When: 2 Mar 2026, 02:05:09 (local time)',
    'Where: 示范市望江街道望江路 18 号 3 幢 2 单元 501 室, 卫生间',
    'Position (WGS-84): 30.25000, 120.15555',
    'Arrival: 北门进，电梯到五楼',
    'Who: 王秀梅, 82 years old, lives alone',
    'Speaks: 四川话, 听力较弱',
    'Medical: 慢阻肺，家用制氧机; 服用抗凝药',
    'Note: 老人意识清楚，右腿疼',
    'Call back: 0571-00000000 (安居示范中心, 李娜)',
    'Alarm: 7WX2QK (01J…7WX2QK)',
  ])
})

test.for(AGENCY_NAMES)('%s learns no more than its errand needs', (agency) => {
  const said = JSON.stringify(packetOf({ ...facts, agency }, null))
  expect(said.includes('抗凝药')).toBe(treatsPerson(agency))
  expect(said.includes('电梯')).toBe(entersHome(agency))
  // Whom they will find: for who goes in. A cable is mended without anybody's name, age, or that they live alone.
  const ofThePerson = ['王秀梅', '82 ', '独居', 'lives alone', '四川话']
  expect(ofThePerson.filter((word) => said.includes(word))).toEqual(entersHome(agency) ? ofThePerson : [])
  expect(said).not.toContain('4711')
  expect(said).toContain('望江路 18 号')
  expect(said).toContain('0571-00000000')
})

test('who may enter and who may treat is decided for each, not for none', () => {
  expect(AGENCY_NAMES.filter(treatsPerson)).toEqual(['ambulance', 'fire'])
  expect(AGENCY_NAMES.filter((agency) => !entersHome(agency))).toEqual(['power-company', 'market-supervision'])
})

test.for(AGENCY_NAMES)('of an outage %s is told the area and how many homes, and nothing of any home', (agency) => {
  const outage: PacketFacts = {
    ...facts,
    agency,
    alarm: { ...facts.alarm, type: 'outage', occurrences: 1 },
    place: {
      kind: 'area',
      names: ['示范省', '示范市', '望江街道'],
      homes: 412,
      folds: 'mains-lost',
      timeZone: 'Asia/Shanghai',
    },
  }
  const { 'zh-CN': zh, en } = packetOf(outage, null)
  expect(zh.split('\n').slice(1, -3)).toEqual([
    '事件：片区停电',
    '时间：2026/3/2 02:05:09（当地时间）',
    '地点：示范省示范市望江街道',
    '户数：目前 412 户受影响',
  ])
  expect(en.split('\n').slice(1, -3)).toEqual([
    'What: mains power lost in a whole area',
    'When: 2 Mar 2026, 02:05:09 (local time)',
    'Where: 示范省示范市望江街道',
    'Homes: 412 affected now',
  ])
})

test('a test says so first; an empty home leaves no empty lines; a type we have no words for is said as it came', () => {
  const bare: PacketFacts = {
    ...facts,
    alarm: { ...facts.alarm, test: true, type: 'novel-thing', occurrences: 1 },
    place: { ...home, placement: '', arrival: '', position: null, resident: null },
    centre: { name: '安居示范中心', callback: '' },
    note: null,
  }
  const { 'zh-CN': zh, en } = packetOf(bare, null)
  expect(zh.split('\n').slice(1, 3)).toEqual(['注意：这是测试，请勿出动', '事件：novel-thing'])
  expect(zh).toContain('回拨：请回拨本次来电号码')
  expect(en.split('\n').every((line) => /: \S/.test(line))).toBe(true)
  expect(en.split('\n')).toHaveLength(7)
})
