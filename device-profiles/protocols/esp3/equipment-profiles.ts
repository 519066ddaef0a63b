import { absent, reading } from '@anju/contract'
import { contact, of, type Profiles, type Read, says } from './equipment.ts'
import { FOUR_BYTE_PROFILES } from './equipment-4bs.ts'
import { VARIABLE_PROFILES } from './equipment-vld.ts'

/** D5-00-01: bit 0 is 1 when the contact is closed. */
const oneContact: Read = (payload) => says(contact(((payload[0] ?? 0) & 1) === 1))

/** F6-01-01: one button; bit 4 while it is pressed. */
const push: Read = (payload) => ({ ...says(), words: { pressed: ((payload[0] ?? 0) & 0x10) !== 0 } })

const ROCKERS = ['AI', 'AO', 'BI', 'BO'] as const
/** F6-02: the rocker in bits 5 to 7 while bit 4 (energy bow) says pressed. Letting go names no rocker. */
const rocker: Read = (payload, { status }) => {
  const byte = payload[0] ?? 0
  const pressed = (byte & 0x10) !== 0
  // Status bit 4 (NU) set: one or two known buttons; clear: how many are held, without their names.
  const named = (status & 0x10) !== 0 || (byte & 0xe0) <= 0x60
  const second = (byte & 1) !== 0
  const secondButton = pressed && named && second ? (ROCKERS[(byte >> 1) & 7] ?? null) : null
  return {
    readings: [],
    events: [],
    words: { pressed, button: pressed && named ? (ROCKERS[byte >> 5] ?? null) : null, second, secondButton },
  }
}

/** F6-04-01: a card in its holder is 70, taken out 00. */
const keyCard: Read = (payload) => ({ ...says(), words: { cardInserted: payload[0] === 0x70 } })

/** F6-05-01: 11 is water found, 00 is dry. */
const leak: Read = (payload) => {
  const byte = payload[0] ?? 0
  const wet = byte === 0x11 ? reading(1) : byte === 0x00 ? reading(0) : absent('invalid')
  return { readings: [of('water-leak', wet)], events: byte === 0x11 ? ['water-leak'] : [], words: {} }
}

/** F6-05-02: 10 is smoke, 00 none, 30 the cell runs low. */
const smoke: Read = (payload) => {
  const byte = payload[0] ?? 0
  const found = byte === 0x10 ? reading(1) : byte === 0x00 ? reading(0) : absent('invalid')
  return {
    readings: byte === 0x30 ? [] : [of('smoke', found)],
    events: byte === 0x10 ? ['smoke'] : byte === 0x30 ? ['battery-low'] : [],
    words: {},
  }
}

/** F6-10-00, a window's handle: the high half is F down (shut), C or E level (open), D up (tilted). Tilted is not shut. */
const HANDLES: Readonly<Record<number, string>> = { 0xf: 'closed', 0xe: 'open', 0xc: 'open', 0xd: 'tilted' }
const handle: Read = (payload) => {
  const window = HANDLES[(payload[0] ?? 0) >> 4]
  if (window === undefined) return says(of('contact', absent('invalid')))
  return { ...says(contact(window === 'closed')), words: { window } }
}

const PROFILES: ReadonlyMap<string, Read> = new Map<string, Read>([
  ...FOUR_BYTE_PROFILES,
  ...VARIABLE_PROFILES,
  ...([
    ['D5-00-01', oneContact],
    ['F6-01-01', push],
    ['F6-02-01', rocker],
    ['F6-02-02', rocker],
    ['F6-04-01', keyCard],
    ['F6-05-01', leak],
    ['F6-05-02', smoke],
    ['F6-10-00', handle],
  ] satisfies Profiles),
])

export const equipmentProfiles: readonly string[] = [...PROFILES.keys()]

/** Undefined when we do not know the profile. */
export const equipmentReader = (eep: string): Read | undefined => PROFILES.get(eep)

/** What RORGs with a single common reading say without a teach-in; A5 says nothing that could be guessed. */
export const ASSUMED: Readonly<Record<number, string>> = { 0xd5: 'D5-00-01', 0xf6: 'F6-02-02', 0xd2: 'D2-01-01' }
