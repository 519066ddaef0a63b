import type { Instant } from '@anju/contract'
import { AGENCIES, type Agency } from '@anju/contract/api'
import type { Loss } from './correlation.ts'

/** What an outside agency is told: a text to read out, to copy or to hand over, in both languages. */
export interface Packet {
  readonly 'zh-CN': string
  readonly en: string
}

export interface PacketFacts {
  readonly agency: Agency
  readonly alarm: {
    readonly code: string
    readonly type: string
    readonly firstAt: Instant
    readonly occurrences: number
    readonly test: boolean
  }
  readonly place: PacketHome | PacketArea
  readonly centre: { readonly name: string; readonly callback: string }
  readonly by: string
  readonly note: string | null
}

/** One home, and who lives in it. */
export interface PacketHome {
  readonly kind: 'home'
  readonly address: string
  readonly placement: string
  readonly timeZone: string
  readonly arrival: string
  readonly position: { readonly latitude: number; readonly longitude: number } | null
  readonly resident: {
    readonly name: string
    readonly age: number | null
    readonly medical: readonly string[]
    readonly language: string
    readonly hearing: string
    readonly livesAlone: boolean
    readonly access: string
  } | null
}

/** Where an outage is: in many homes, so that nothing of any one of them is anybody's errand. */
export interface PacketArea {
  readonly kind: 'area'
  /** From the province down, as far as they are known. */
  readonly names: readonly string[]
  readonly homes: number
  readonly folds: Loss
  readonly timeZone: string
}

/**
 * Who needs what: whoever enters must know how to get in and whom they will find, whoever touches a person what is medically
 * so. Who does neither comes for a house, not for anybody: nobody is told more than their errand needs.
 */
const ERRAND: Readonly<Record<Agency, { readonly enters: boolean; readonly treats: boolean }>> = {
  ambulance: { enters: true, treats: true },
  fire: { enters: true, treats: true },
  police: { enters: true, treats: false },
  'gas-company': { enters: true, treats: false },
  'power-company': { enters: false, treats: false },
  'market-supervision': { enters: false, treats: false },
  community: { enters: true, treats: false },
}
export const entersHome = (agency: Agency): boolean => ERRAND[agency].enters
export const treatsPerson = (agency: Agency): boolean => ERRAND[agency].treats

const NAMES: Readonly<Record<Agency, readonly [zh: string, en: string]>> = {
  ambulance: ['急救中心', 'Ambulance'],
  fire: ['消防救援', 'Fire brigade'],
  police: ['公安', 'Police'],
  'gas-company': ['燃气公司', 'Gas company'],
  'power-company': ['供电公司', 'Power company'],
  'market-supervision': ['市场监管', 'Market supervision'],
  community: ['社区', 'Community office'],
}

/** What happened, in words a stranger understands; a type we have no words for is said as it came. */
const EVENTS: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  'sos-pressed': ['老人按下求助按钮', 'the resident pressed the emergency button'],
  'fall-detected': ['老人倒地，系统探测到跌倒', 'a fall of the resident was detected'],
  'long-lie': ['老人倒地后未能起身', 'the resident fell and has not got up'],
  'no-activity': ['老人长时间没有活动，呼叫无应答', 'no activity of the resident for a long time, and no answer'],
  smoke: ['烟雾报警', 'smoke alarm'],
  'gas-leak': ['燃气泄漏报警', 'gas leak alarm'],
  'carbon-monoxide': ['一氧化碳报警', 'carbon monoxide alarm'],
  'water-leak': ['漏水报警', 'water leak alarm'],
  'temperature-low': ['室温过低', 'the home is too cold'],
  'mains-lost': ['停电', 'mains power lost'],
  'gateway-silent': ['家中网关失联', 'the gateway in the home is not heard any more'],
  'device-silent': ['家中报警设备失联', 'an alarm device in the home is not heard any more'],
}
/** The same loss of many homes at once. */
const OUTAGES: Readonly<Record<Loss, readonly [zh: string, en: string]>> = {
  'mains-lost': ['片区停电', 'mains power lost in a whole area'],
  'gateway-silent': ['片区多户家中网关失联', 'the gateways of many homes of an area are not heard any more'],
}

/** `access` is null where the way in is not to be said. */
export function packetOf(facts: PacketFacts, access: string | null): Packet {
  return { 'zh-CN': lines(chinese(facts, access)), en: lines(english(facts, access)) }
}

type Line = readonly [label: string, said: string]
const lines = (all: readonly (Line | null)[]): string =>
  all.flatMap((line) => (line && line[1] !== '' ? [line.join('')] : [])).join('\n')

function chinese(facts: PacketFacts, access: string | null): (Line | null)[] {
  const { agency, alarm, place, centre } = facts
  const number = AGENCIES[agency]
  return [
    ['致：', `${NAMES[agency][0]}${number ? `（${number}）` : ''}`],
    alarm.test ? ['注意：', '这是测试，请勿出动'] : null,
    ['事件：', `${eventOf(facts, 0)}${alarm.occurrences > 1 ? `，共 ${alarm.occurrences} 次` : ''}`],
    ['时间：', clock('zh-CN', alarm.firstAt, place.timeZone)],
    ...(place.kind === 'area'
      ? [line('地点：', place.names.join('')), line('户数：', `目前 ${place.homes} 户受影响`)]
      : homeInChinese(agency, place, access)),
    ['说明：', facts.note ?? ''],
    ['回拨：', `${centre.callback || '请回拨本次来电号码'}（${centre.name}，${facts.by}）`],
    ['报警编号：', alarm.code],
  ]
}

function homeInChinese(agency: Agency, home: PacketHome, access: string | null): (Line | null)[] {
  const { position } = home
  const enters = entersHome(agency)
  const resident = enters ? home.resident : null
  return [
    ['地点：', [home.address, home.placement].filter(Boolean).join('，')],
    position && ['坐标（WGS-84）：', positionText(position)],
    enters ? ['到达：', home.arrival] : null,
    access === null ? null : ['进门：', access],
    resident && [
      '人员：',
      [resident.name, years(resident.age, ' 岁'), resident.livesAlone ? '独居' : ''].filter(Boolean).join('，'),
    ],
    resident && ['沟通：', [resident.language, resident.hearing].filter(Boolean).join('，')],
    resident && treatsPerson(agency) ? ['病史与风险：', resident.medical.join('；')] : null,
  ]
}

function english(facts: PacketFacts, access: string | null): (Line | null)[] {
  const { agency, alarm, place, centre } = facts
  const number = AGENCIES[agency]
  return [
    ['To: ', `${NAMES[agency][1]}${number ? ` (${number})` : ''}`],
    alarm.test ? ['Note: ', 'this is a test, do not turn out'] : null,
    ['What: ', `${eventOf(facts, 1)}${alarm.occurrences > 1 ? `, ${alarm.occurrences} times` : ''}`],
    ['When: ', clock('en', alarm.firstAt, place.timeZone)],
    ...(place.kind === 'area'
      ? [line('Where: ', place.names.join('')), line('Homes: ', `${place.homes} affected now`)]
      : homeInEnglish(agency, place, access)),
    ['Note: ', facts.note ?? ''],
    ['Call back: ', `${centre.callback || 'the number this call came from'} (${centre.name}, ${facts.by})`],
    ['Alarm: ', alarm.code],
  ]
}

function homeInEnglish(agency: Agency, home: PacketHome, access: string | null): (Line | null)[] {
  const { position } = home
  const enters = entersHome(agency)
  const resident = enters ? home.resident : null
  return [
    // The address stays as the place writes it: that is what a driver looks for.
    ['Where: ', [home.address, home.placement].filter(Boolean).join(', ')],
    position && ['Position (WGS-84): ', positionText(position)],
    enters ? ['Arrival: ', home.arrival] : null,
    access === null ? null : ['Way in: ', access],
    resident && [
      'Who: ',
      [resident.name, years(resident.age, ' years old'), resident.livesAlone ? 'lives alone' : '']
        .filter(Boolean)
        .join(', '),
    ],
    resident && ['Speaks: ', [resident.language, resident.hearing].filter(Boolean).join(', ')],
    resident && treatsPerson(agency) ? ['Medical: ', resident.medical.join('; ')] : null,
  ]
}

const line = (label: string, said: string): Line => [label, said]
const eventOf = ({ alarm, place }: PacketFacts, language: 0 | 1): string =>
  place.kind === 'area' ? OUTAGES[place.folds][language] : (EVENTS[alarm.type]?.[language] ?? alarm.type)
const years = (age: number | null, unit: string): string => (age === null ? '' : `${age}${unit}`)
const positionText = ({ latitude, longitude }: { readonly latitude: number; readonly longitude: number }): string =>
  `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`

/** In the home's own wall-clock time, and said so: whoever is called may sit elsewhere. */
function clock(language: 'zh-CN' | 'en', at: Instant, timeZone: string): string {
  const parts = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'zh-CN', {
    timeZone,
    year: 'numeric',
    month: language === 'en' ? 'short' : 'numeric',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })
  return `${parts.format(at)}${language === 'en' ? ' (local time)' : '（当地时间）'}`
}
